import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be, day, medvirk } from '../support/demo.ts';

// A survey of the culture school (KN-KS) that is withdrawn at the end, and a comment beside the demo's planned employee survey.
const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
const become = async (page: Page, part: Parameters<typeof be>[1]) => {
  await page.context().clearCookies();
  await be(page, part);
};

test('an extraordinary survey is locked only with its case number, and all that is missing is in one place', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const window = ['--from', day(40), '--to', day(60), '--name', 'Kulturskolen ser på seg selv'];
  const { round } = await medvirk<{ round: string }>(
    ...['round', 'create', '--questionnaire', 'extraordinary', '--units', 'KN-KS', ...window],
  );
  await become(page, 'operator');
  await page.goto(`/rounds/${round}`);
  await press(page, 'Lås undersøkelsen');
  await expect(page.locator('.ds-error-summary')).toContainText('når saken i politisk utvalg er skrevet inn');
  await expect(page.getByRole('main')).toContainText('må være på plass før undersøkelsen kan låses');
  await keepsAccessible(page);

  await become(page, 'hr');
  await page.goto(`/rounds/${round}`);
  await page.getByRole('link', { name: 'Se og skriv hva som er avklart' }).click();
  const missing = page
    .getByRole('main')
    .locator('section', { hasText: 'Dette gjenstår' })
    .getByRole('listitem');
  await expect(missing).toHaveCount(4);
  const item = page.locator('#basis');
  await item.locator('summary').click();
  await item.getByLabel('Saksnummer').fill('kommer');
  await item.getByLabel('Dato').fill(day(3));
  await item.getByLabel('Spørsmål utvalget la til').fill('Har du tid til å øve?');
  await item.getByRole('button', { name: 'Lagre' }).click();
  await expect(page.locator('.ds-error-summary').getByRole('link')).toHaveText([
    'Dagen må ha vært. Skriv inn når det er gjort.',
    'Skriv hvilket forum det var, med høyst 120 tegn.',
    'Skriv saksnummeret slik det står i sakssystemet, for eksempel 24/25.',
  ]);
  await expect(item.getByLabel('Spørsmål utvalget la til')).toHaveValue('Har du tid til å øve?');
  await keepsAccessible(page);
  await item.getByLabel('Saksnummer').fill('41/26');
  await item.getByLabel('Dato').fill(day(-3));
  await item.getByLabel('Forum').fill('Hovedutvalg for kultur');
  await item.getByRole('button', { name: 'Lagre' }).click();
  await expect(item).toContainText('Hovedutvalg for kultur, sak 41/26');
  await expect(missing).toHaveCount(3);
  await keepsAccessible(page);

  await become(page, 'operator');
  await page.goto(`/rounds/${round}`);
  const saved = page.waitForEvent('download', { timeout: 120_000 });
  await press(page, 'Lås undersøkelsen');
  await saved;
  await page.reload();
  await expect(page.locator('.steps [aria-current]')).toHaveText('Låst');
  await page.locator('summary', { hasText: 'Trekk tilbake' }).click();
  await page.getByLabel('Begrunnelse').fill('Bare en prøve.');
  await press(page, 'Trekk tilbake');
  await expect(page.getByText('Bare en prøve.').first()).toBeVisible();
});

test('a politician comments on the draft of a survey that concerns the committee, and HR reads it', async ({
  page,
}) => {
  await become(page, 'politician');
  await page.goto('/questionnaires');
  await keepsAccessible(page);
  await page.getByRole('link', { name: /^Medarbeiderundersøkelsen \d+$/ }).click();
  await press(page, 'Send kommentaren');
  await expect(page.locator('.ds-error-summary')).toContainText('Skriv kommentaren.');
  await page.getByLabel('Din kommentar').fill('Spør også om tid til samarbeid.');
  await press(page, 'Send kommentaren');
  await expect(page.locator('#comments')).toContainText('Spør også om tid til samarbeid.');
  await expect(page.getByRole('button', { name: /^Lagre/ })).toHaveCount(0);
  await keepsAccessible(page);
  const at = new URL(page.url()).pathname;
  await become(page, 'hr');
  await page.goto(at);
  await expect(page.locator('#comments')).toContainText('Spør også om tid til samarbeid.');
  await expect(page.getByLabel('Din kommentar')).toHaveCount(0);
  await become(page, 'leader');
  expect((await page.goto(at))?.status()).toBe(404);
});
