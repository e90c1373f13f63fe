import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { approvedDryRun, be, freeze, invited, medvirk } from '../support/demo.ts';

test.describe.configure({ mode: 'serial' });
let round: { id: string; name: string };
const faultsOn = (page: Page) => page.locator('.ds-error-summary');

test('HR sees before freezing whom a leader evaluation is of, and corrects since when somebody leads', async ({
  page,
}) => {
  round = await approvedDryRun('Prøve av lederevaluering', 'HM-SO,HM-BO', 'leader');
  const faults = faultsOn(page);
  await be(page, 'hr');
  await page.goto(`/rounds/${round.id}`);
  await page.getByRole('link', { name: 'Se hvilke ledere det gjelder' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ledere som evalueres');
  await expect(page.getByText('HR får den ikke.')).toBeVisible();
  const kitchen = page.getByRole('row', { name: /^Solbakken kjøkken og vaskeri/ });
  await expect(
    page
      .getByRole('table')
      .first()
      .and(page.getByRole('table').filter({ has: kitchen })),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Lagre datoen' }).click();
  await expect(faults).toContainText('Skriv datoen');
  await keepsAccessible(page);
  await page.getByLabel('Leder', { exact: true }).selectOption('HM-BO-R');
  const day = (fromNow: number) => new Date(Date.now() + fromNow * 24 * 3600_000).toISOString().slice(0, 10);
  await page.getByLabel('Leder her siden').fill(day(-60));
  await page.getByRole('button', { name: 'Lagre datoen' }).click();
  await expect(
    page.getByRole('listitem').filter({ hasText: /^Rus og psykisk helse, .*: Leder her siden/ }),
  ).toBeVisible();
  await keepsAccessible(page);
  await page.getByLabel('Leder', { exact: true }).selectOption('HM-BO-R');
  await page.getByLabel('Leder her siden').fill('2020-01-01');
  await page.getByRole('button', { name: 'Lagre datoen' }).click();
  await expect(page.getByRole('row', { name: /^Rus og psykisk helse/ })).toBeVisible();
});

test('those who answer are told whom it is about and who will see it', async ({ page: reader }) => {
  await freeze(round);
  await medvirk('round', 'open', round.id);
  const links = await invited(round.id);
  const begins = async (unit: string) => {
    await reader.goto('about:blank');
    await reader.goto(links.find((one) => one.unit === unit)!.link);
    await expect(reader.locator('#begin')).toBeVisible();
  };
  await begins('HM-SO-1');
  await expect(reader.getByText('Du svarer om lederen av Solbakken første etasje.')).toBeVisible();
  await expect(reader.getByText('Rapporten er for lederen selv og for lederens leder.')).toBeVisible();
  await keepsAccessible(reader);
  await begins('HM-BO');
  await expect(reader.getByText('er for få til en egen rapport')).toBeVisible();
  await expect(reader.getByText('får en samtaleguide i stedet for tall')).toBeVisible();
});

test('a leader writes a self-assessment, and the leader above finds the conversation guide', async ({
  page,
}) => {
  const faults = faultsOn(page);
  await be(page, 'leader');
  await page.goto('/results');
  await page
    .getByRole('link', { name: 'Evaluering av deg som leder av Solbakken første etasje' })
    .first()
    .click();
  await page.getByRole('button', { name: 'Lagre egenvurderingen' }).click();
  await expect(faults).toContainText('Svar på minst én påstand');
  await keepsAccessible(page);
  await page
    .getByRole('group', { name: 'Lederen min tåler kritikk.' })
    .getByLabel('Enig', { exact: true })
    .check();
  await page.getByLabel('Det jeg vil huske').fill('Spørre oftere.');
  await page.getByRole('button', { name: 'Lagre egenvurderingen' }).click();
  await expect(page.getByText('Bare du ser den.')).toBeVisible();
  await page.getByRole('button', { name: 'Del med lederen min' }).click();
  await expect(page.getByText('Delt med lederen din')).toBeVisible();
  await keepsAccessible(page);
  await page.getByRole('button', { name: 'Slett egenvurderingen' }).click();
  await expect(page.getByRole('button', { name: 'Slett egenvurderingen' })).toHaveCount(0);

  await be(page, 'director');
  await page.goto('/results');
  await keepsAccessible(page);
  await page
    .getByRole('link', { name: /leder av Bo og aktivitet$/ })
    .first()
    .click();
  await expect(page.getByText(/deler egenvurderingen sin med deg, kommer den her/)).toBeVisible();
  await keepsAccessible(page);
  await page.getByRole('link', { name: 'Åpne samtaleguiden' }).click();
  await expect(page.getByRole('heading', { name: 'Fem spørsmål' })).toBeVisible();
  await keepsAccessible(page);
});
