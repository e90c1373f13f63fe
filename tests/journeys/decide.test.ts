import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

const unit = 'Solbakken andre etasje';
const title = `Fra resultat til tiltak: ${unit}`;
let way = '';

const summary = (page: Page) => page.locator('.ds-error-summary');
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const step = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name }).first();
const slot = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
const choice = (page: Page, name: string) => slot(page, name).getByLabel('Handler om');
const words = (page: Page, name: string) => slot(page, name).getByLabel('Med deres egne ord');

test.describe.configure({ mode: 'serial' });

test('a director, who leads the department too, takes it from result to presented', async ({ page }) => {
  await be(page, 'director');
  await page.goto('/meetings');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Møter etter undersøkelser');
  await keepsAccessible(page);
  const first = await page.getByRole('table').getByRole('link').first().getAttribute('href');
  way = first!.replace(/[^/]+$/, 'HM-SO-2');

  await page.goto(way);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(step(page, 'Rapport mottatt')).toHaveAttribute('aria-current', 'step');
  await keepsAccessible(page);
  await press(page, 'Jeg har lest rapporten');
  await expect(step(page, 'Rapport mottatt')).toContainText(/Gjort .* av /);
  await expect(step(page, 'Møtet forberedt')).toHaveAttribute('aria-current', 'step');

  await page.getByRole('link', { name: 'Slik forbereder du møtet' }).click();
  await expect(page.getByRole('heading', { name: 'Dagsorden for 60 minutter' })).toBeVisible();
  await keepsAccessible(page);
  await page.goBack();
  await press(page, 'Jeg er klar');

  await page.getByText('Holdt dere møtet uten telefoner?').click();
  await page.getByLabel('Dagen resultatene ble lagt fram').fill('2020-01-01');
  await page.getByLabel('Hvor mange deltok?').fill('nitten');
  await press(page, 'Lagre møtet');
  await expect(summary(page)).toContainText('Velg en dag etter at resultatet kom.');
  await expect(page.getByLabel('Hvor mange deltok?')).toHaveValue('nitten');
  await keepsAccessible(page);
  await page.getByLabel('Dagen resultatene ble lagt fram').fill(new Date().toISOString().slice(0, 10));
  await page.getByLabel('Hvor mange deltok?').fill('19');
  await press(page, 'Lagre møtet');
  await expect(step(page, 'Resultatene lagt fram')).toContainText('19 deltok');
  await expect(step(page, 'Punkter og tiltak avtalt')).toHaveAttribute('aria-current', 'step');
});

test('the department settles on two to keep and two to improve, and nothing typed is lost', async ({
  page,
}) => {
  await be(page, 'director');
  await page.goto(way);
  await page.getByRole('link', { name: 'Velg punktene' }).click();
  await keepsAccessible(page);

  await press(page, 'Lagre punktene');
  await expect(summary(page)).toContainText('Velg minst ett punkt.');

  const factors = page.locator('#keep-1 optgroup[label="Faktorer i resultatet"] option');
  const [keep, improve, other] = await factors.allInnerTexts();
  await choice(page, 'Bevaringspunkt 1').selectOption({ label: keep! });
  await choice(page, 'Bevaringspunkt 2').selectOption({ label: other! });
  await choice(page, 'Forbedringspunkt 1').selectOption({ label: improve! });
  await choice(page, 'Forbedringspunkt 2').selectOption({ label: keep! });
  await words(page, 'Forbedringspunkt 1').fill('Vi øver på det som er vanskelig');
  await press(page, 'Lagre punktene');
  await expect(summary(page)).toContainText('Dette er valgt over.');
  await expect(words(page, 'Forbedringspunkt 1')).toHaveValue('Vi øver på det som er vanskelig');
  await keepsAccessible(page);

  await choice(page, 'Forbedringspunkt 2').selectOption('');
  await press(page, 'Lagre punktene');
  await expect(summary(page)).toContainText('skriv her hvorfor det er færre');
  await choice(page, 'Forbedringspunkt 2').selectOption('own');
  await words(page, 'Forbedringspunkt 2').fill('Roligere morgener');
  await press(page, 'Lagre punktene');
  await expect(page.locator('#points').getByRole('heading', { level: 4 })).toHaveText([
    keep!,
    other!,
    'Vi øver på det som er vanskelig',
    'Roligere morgener',
  ]);
  await press(page, 'Avtal punkter og tiltak');
  await expect(summary(page)).toContainText('trenger minst ett tiltak hver før dere avtaler');
  await keepsAccessible(page);
});

test('causes are found by asking why again, mended and taken away', async ({ page }) => {
  await be(page, 'director');
  await page.goto(way);
  await page.getByRole('link', { name: 'Roligere morgener' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Roligere morgener');
  await keepsAccessible(page);

  const add = page.locator('form').filter({ has: page.getByLabel('Noe som hindrer') });
  await add.getByRole('button').click();
  await expect(summary(page)).toContainText('Skriv årsaken først.');
  await page.getByLabel('Noe som hindrer').fill('Alt skjer mellom sju og ti');
  await add.getByRole('button').click();
  const first = page.locator('.causes > li').filter({ hasText: 'Alt skjer mellom sju og ti' });

  await first.getByText('Hvorfor?', { exact: true }).click();
  await first.getByLabel('Hvorfor? Alt skjer mellom sju og ti').last().fill('Leveringen kommer samtidig');
  await first.getByRole('button', { name: 'Legg til' }).click();
  await expect(first.getByRole('listitem')).toContainText('Leveringen kommer samtidig');

  await first.getByText('Endre', { exact: true }).first().click();
  await page.getByLabel('Årsak', { exact: true }).first().fill('For mye skjer mellom sju og ti');
  await page.getByRole('button', { name: 'Lagre', exact: true }).first().click();
  await expect(page.getByText('For mye skjer mellom sju og ti', { exact: true }).first()).toBeVisible();
  await keepsAccessible(page);

  await page.getByLabel('Noe som fremmer').fill('Skrevet ved en feil');
  await page
    .locator('form')
    .filter({ has: page.getByLabel('Noe som fremmer') })
    .getByRole('button')
    .click();
  const wrong = page.locator('.causes > li').filter({ hasText: 'Skrevet ved en feil' });
  await wrong.getByText('Endre', { exact: true }).click();
  await wrong.getByRole('link', { name: 'Ta bort' }).click();
  await expect(page.getByRole('heading', { name: 'Ta bort dette?' })).toBeVisible();
  await keepsAccessible(page);
  await press(page, 'Ja, ta bort');
  await expect(page.getByText('Skrevet ved en feil')).toHaveCount(0);
});

test('each point gets a measure, and the meeting agrees: from then on the points stand', async ({ page }) => {
  await be(page, 'director');
  await page.goto(way);
  const points = page.locator('#points').getByRole('heading', { level: 4 });
  for (const title of await points.allInnerTexts()) {
    await page.getByRole('link', { name: `Skriv et tiltak til «${title}»` }).click();
    await page.getByLabel('Hva skal gjøres?').fill(`Ta opp på personalmøtet: ${title}`);
    await page.getByLabel('Hva skal det føre til?').fill('Alle har snakket om det');
    await page.getByLabel('Rolle, med ord').fill('Fagleder');
    await page.getByLabel('Frist').fill('2030-06-01');
    await press(page, 'Lagre tiltaket');
    await expect(page).toHaveURL(new RegExp(`${way}$`));
  }
  await press(page, 'Avtal punkter og tiltak');
  await expect(step(page, 'Punkter og tiltak avtalt')).toContainText(/Gjort .* av /);
  await expect(step(page, 'Tiltakene i plan')).toHaveAttribute('aria-current', 'step');
  await expect(page.getByRole('link', { name: 'Endre punktene' })).toHaveCount(0);
  await keepsAccessible(page);
  await page.goto(`${way}/decide`);
  await expect(page).toHaveURL(new RegExp(`${way}$`));

  await page.getByRole('link', { name: 'Les referatet' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Referat: ${unit}`);
  for (const said of [
    '19 deltok',
    'For mye skjer mellom sju og ti',
    'Leveringen kommer samtidig',
    'Fagleder',
  ])
    await expect(page.locator('article')).toContainText(said);
  await keepsAccessible(page);
  await page.getByRole('link', { name: /ren tekst/ }).click();
  await expect(page.locator('body')).toContainText('- Ta opp på personalmøtet: Roligere morgener (Fagleder');
});

test('the union representative confirms and says something beside the minutes', async ({ page }) => {
  await be(page, 'union');
  await page.goto('/meetings');
  await page.getByRole('table').getByRole('link', { name: unit }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(page.getByRole('button', { name: 'Jeg har lest rapporten' })).toHaveCount(0);
  await press(page, 'Legg ved merknaden');
  await expect(summary(page)).toContainText('Skriv merknaden først.');
  await page.getByLabel('Merknad').fill('Bemanningen om morgenen må være med videre.');
  await press(page, 'Legg ved merknaden');
  await expect(page.getByRole('blockquote')).toContainText('Bemanningen om morgenen');
  await press(page, 'Jeg har vært med');
  await expect(page.locator('#parties')).toContainText(/bekreftet .* å ha vært med/);
  await expect(page.getByRole('button', { name: 'Jeg har vært med' })).toHaveCount(0);
  await keepsAccessible(page);
  await page.goto(`${way}/minutes`);
  await expect(page.locator('article')).toContainText('Bemanningen om morgenen');
});
