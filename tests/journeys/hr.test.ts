import { expect, type Page, test } from '@playwright/test';
import { municipality } from '#server/demo/municipality.ts';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

/** Somebody who works there and neither leads nor has a role. */
function numberOfSomebodyIn(unit: string): string {
  const { peopleCsv, unitsCsv, roles, cast } = municipality(2);
  const busy = new Set([...roles.map((role) => role.employeeNumber), ...Object.values(cast)]);
  const [head, ...rows] = peopleCsv.split('\r\n').map((row) => row.split(';'));
  const [number, where, leave] = ['ansattnummer', 'arbeidssted', 'permisjon'].map((one) =>
    head!.indexOf(one),
  );
  const found = rows.find(
    (row) =>
      row[where!] === unit &&
      row[leave!] === 'nei' &&
      !busy.has(row[number!]!) &&
      !unitsCsv.includes(`;${row[number!]};`),
  );
  return found![number!]!;
}

test.beforeEach(({ page }) => be(page, 'hr'));

const summary = (page: Page) => page.locator('.ds-error-summary');
const invited = async (page: Page) =>
  Number(/^(\d+) blir/.exec(await page.getByText(/^\d+ blir invitert/).innerText())![1]);

test('HR plans a round, sees who is asked, leaves one out, and approves', async ({ page }) => {
  await page.getByRole('navigation', { name: 'Sider' }).getByRole('link', { name: 'Undersøkelser' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Undersøkelser');
  await keepsAccessible(page);
  await page.getByRole('link', { name: 'Planlegg en undersøkelse' }).click();
  await keepsAccessible(page);

  await page.getByLabel('Påminnelser').fill('7, noen ganger');
  await page.getByLabel('Minste stillingsprosent').fill('hundre');
  await page.getByLabel('Servicetorget').check();
  await page.getByRole('button', { name: 'Lagre planen' }).click();
  await expect(summary(page)).toBeFocused();
  await expect(summary(page).getByRole('link')).toHaveText([
    'Skriv et navn på høyst 120 tegn.',
    'Velg et spørreskjema.',
    'Skriv et helt tall fra 0 til 100.',
    'Skriv høyst fem hele tall fra 1 til 90, med komma mellom.',
  ]);
  await expect(page.getByLabel('Påminnelser')).toHaveValue('7, noen ganger');
  await expect(page.getByLabel('Minste stillingsprosent')).toHaveValue('hundre');
  await expect(page.getByLabel('Servicetorget')).toBeChecked();
  for (const link of await summary(page).getByRole('link').all()) {
    await link.click();
    await expect(page.locator(`${await link.getAttribute('href')}[aria-invalid=true]`)).toBeFocused();
  }
  await keepsAccessible(page);

  const name = `Servicetorget ${Date.now()}`;
  await page.getByLabel('Navn', { exact: true }).fill(name);
  await page.getByLabel('Spørreskjema').selectOption({ index: 1 });
  await page.getByLabel('Minste stillingsprosent').fill('0');
  await page.getByLabel('Påminnelser').fill('7, 14');
  await page.getByRole('button', { name: 'Lagre planen' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(page.getByRole('row').filter({ hasText: 'Servicetorget' }).first()).toBeVisible();
  await keepsAccessible(page);

  const before = await invited(page);
  await page.getByText('Ta med eller la være å spørre enkeltpersoner').click();
  await page.getByLabel('Ansattnummer').fill('9999999');
  await page.getByRole('button', { name: 'Ikke spør' }).click();
  await expect(summary(page)).toContainText('Ingen har dette ansattnummeret');
  await expect(page.getByLabel('Ansattnummer')).toHaveValue('9999999');
  await page.getByLabel('Ansattnummer').fill(numberOfSomebodyIn('OS-ST'));
  await page.getByRole('button', { name: 'Ikke spør' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'spørres ikke' })).toBeVisible();
  expect(await invited(page)).toBe(before - 1);
  await keepsAccessible(page);

  await page.getByRole('button', { name: 'Godkjenn planen' }).click();
  await expect(page.locator('[aria-current=step]')).toHaveText('Godkjent');
  await expect(page.getByRole('heading', { name: 'Nå låser driftsansvarlig undersøkelsen' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Lås undersøkelsen/ })).toHaveCount(0);
  await page.getByText('Trekk tilbake').first().click();
  await page.getByLabel('Begrunnelse').fill('Bare en prøve.');
  await page.getByRole('button', { name: 'Trekk tilbake' }).click();
  await expect(page.locator('#next')).toContainText('Bare en prøve.');
});

test('HR gives somebody a role and takes it again', async ({ page }) => {
  await page.getByRole('navigation', { name: 'Sider' }).getByRole('link', { name: 'Folk' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Folk');
  await keepsAccessible(page);
  await page.getByRole('searchbox').fill(numberOfSomebodyIn('HM-TU-1'));
  await page.getByRole('button', { name: 'Søk' }).click();
  await expect(page.getByText('Fant 1.')).toBeVisible();
  await keepsAccessible(page);
  await page.getByRole('table').getByRole('link').click();
  const name = await page.getByRole('heading', { level: 1 }).innerText();

  await page.getByRole('button', { name: 'Gi rollen' }).click();
  await expect(summary(page)).toContainText('Velg en rolle.');
  await page.getByLabel('Rolle').selectOption({ label: 'Personvernombud' });
  await page.getByLabel('Gjelder').selectOption('HM-TU');
  await page.getByRole('button', { name: 'Gi rollen' }).click();
  await expect(summary(page)).toContainText('Denne rollen kan bare gjelde hele kommunen.');
  await expect(page.getByLabel('Gjelder')).toHaveValue('HM-TU');
  await keepsAccessible(page);
  await expect(page.getByLabel('Rolle').getByRole('option')).not.toContainText(['Operatør']);

  await page.getByLabel('Rolle').selectOption({ label: 'Verneombud' });
  await page.getByRole('button', { name: 'Gi rollen' }).click();
  await expect(page.getByRole('status')).toHaveText(`${name} har fått rollen.`);
  await keepsAccessible(page);
  const take = page.getByRole('button', {
    name: 'Ta bort rollen Verneombud, Tunet bo- og behandlingssenter',
  });
  await take.click();
  await expect(page.getByRole('status')).toHaveText('Rollen er tatt bort.');
  await expect(take).toHaveCount(0);
});

test('HR reads a questionnaire, in the languages it is asked in', async ({ page }) => {
  await page.getByRole('navigation', { name: 'Sider' }).getByRole('link', { name: 'Spørreskjemaer' }).click();
  // Beside what other journeys write.
  const ours = ['Medarbeider', 'Undersøkelse i helse', 'Lederevaluering', 'Beboer', 'Pårørende'];
  for (const name of ours)
    await expect(page.getByRole('table').getByRole('rowheader', { name }).first()).toBeVisible();
  await keepsAccessible(page);
  await page.getByRole('table').getByRole('link', { name: 'Medarbeiderundersøkelse' }).first().click();
  await expect(page.getByRole('heading', { name: /^Del 1 av/ })).toBeVisible();
  const statement = page.locator('.statement').first();
  const inNorwegian = await statement.innerText();
  await keepsAccessible(page);
  await page.getByRole('navigation', { name: /Les/ }).getByRole('link', { name: 'English' }).click();
  await expect(statement).toHaveAttribute('lang', 'en');
  await expect(statement).not.toHaveText(inNorwegian);

  await page.goto('/questionnaires/import');
  await page.getByLabel(/fil/i).setInputFiles({
    name: 'skjema.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"format":"medvirk-questionnaire/1"}'),
  });
  await page.getByRole('button').filter({ hasText: /hent/i }).click();
  await expect(summary(page)).toBeVisible();
  await expect(page.getByRole('table').getByRole('row')).not.toHaveCount(1);
  await keepsAccessible(page);
});
