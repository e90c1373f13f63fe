import fs from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

const title = (page: Page) => page.getByRole('heading', { level: 1 });
const nav = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Sider' }).getByRole('link', { name, exact: true }).click();
const rows = (page: Page) => page.getByRole('table', { name: 'Enhetene og stegene' }).locator('tbody tr');

async function inBoth(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await keepsAccessible(page);
  }
}

async function saved(page: Page, link: string) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: link }).click(),
  ]);
  return await fs.readFile(await download.path());
}

test('a leader comes to what is due: one thing, what to notice, and the result', async ({ page }) => {
  await be(page, 'leader');
  await expect(page).toHaveURL(/\/due$/);
  await expect(title(page)).toHaveText('Oversikt');
  const first = page.locator('main section').first();
  await expect(first.getByRole('heading', { level: 2 })).toBeVisible();
  await expect(page.getByRole('heading', { name: /legge merke til/ })).toBeVisible();
  await expect(
    page.getByRole('link', { name: 'Hele resultatet for Solbakken første etasje' }),
  ).toHaveAttribute('href', /^\/results\/\w+\/HM-SO-1$/);
  await expect(
    page.getByRole('link', { name: 'Dette kom ut av svarene i Solbakken første etasje' }),
  ).toHaveAttribute('href', '/said/HM-SO-1');
  await inBoth(page);

  await nav(page, 'Oppfølging');
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText('Solbakken første etasje');
  await expect(page.getByLabel('Område')).toHaveCount(0);
  await keepsAccessible(page);
});

test('a director comes to the own unit first, and to the units below', async ({ page }) => {
  await be(page, 'director');
  await expect(title(page)).toHaveText('Oversikt');
  const below = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Enhetene du følger' }) });
  await expect(below).toContainText(/\d+ av 24 enheter har avtalt punkter/);
  await inBoth(page);
  await below.getByRole('link', { name: 'Se oppfølgingen' }).click();
  await expect(title(page)).toHaveText('Oppfølging');
  await expect(rows(page)).toHaveCount(25);
  expect(await page.getByLabel('Område').getByRole('option').allInnerTexts()).not.toContain(
    'Fjordvik kommune',
  );
});

test('HR sees every unit by step, finds those that are behind, and takes the list along', async ({
  page,
}) => {
  await be(page, 'hr');
  await expect(title(page)).toHaveText('Oversikt');
  await inBoth(page);
  await nav(page, 'Oppfølging');
  await expect(page.getByText(/^\d+ av 25 enheter har avtalt punkter/)).toBeVisible();
  await expect(page.getByText('Fant 25 enheter.')).toBeVisible();
  await expect(page.locator('main')).not.toContainText(/svarte|svarprosent|verne dem/i);
  await inBoth(page);

  const behind = (await rows(page).allInnerTexts()).map((row) =>
    Number(/(\d+) dag(er)? over/.exec(row)?.[1] ?? 0),
  );
  expect(behind).toEqual(behind.toSorted((a, b) => b - a));

  await page.getByLabel('Område').selectOption('HM-SO');
  await page.getByLabel('Rekkefølge').selectOption('tree');
  await page.getByRole('button', { name: 'Vis enhetene' }).click();
  await expect(page.getByLabel('Område')).toHaveValue('HM-SO');
  await expect(rows(page).getByRole('rowheader').first()).toContainText('Solbakken sykehjem');
  const names = await rows(page).getByRole('rowheader').allInnerTexts();
  expect(names.length).toBeGreaterThan(2);
  await expect(page.getByText(`Fant ${names.length} enheter.`)).toBeVisible();
  await keepsAccessible(page);

  const csv = (await saved(page, 'CSV for Excel')).toString();
  const lines = csv.trim().split('\r\n');
  expect(lines.length).toBe(names.length + 1);
  expect(lines[0]).toContain('Enhetskode;Enhet;Leder;Rapport mottatt;Møtet forberedt;');
  expect(lines[1]).toMatch(/^HM-SO;Solbakken sykehjem;/);
  const book = unzipSync(await saved(page, 'Excel-fil (.xlsx)'));
  expect(strFromU8(book['xl/worksheets/sheet1.xml']!).match(/<row /g)?.length).toBe(names.length + 1);

  await page.getByLabel('Bare enheter over fristen').check();
  await page.getByRole('button', { name: 'Vis enhetene' }).click();
  await expect(page).toHaveURL(/stuck=only/);
  for (const row of await rows(page).allInnerTexts()) expect(row).toMatch(/\d+ dag(er)? over/);

  const rounds = page.getByLabel('Undersøkelse', { exact: true }).getByRole('option');
  await page
    .getByLabel('Undersøkelse', { exact: true })
    .selectOption({ label: (await rounds.allInnerTexts()).find((name) => name.startsWith('Medarbeider'))! });
  await page.getByLabel('Område').selectOption('OP');
  await page.getByLabel('Bare enheter over fristen').uncheck();
  await page.getByRole('button', { name: 'Vis enhetene' }).click();
  await expect(page.getByRole('heading', { level: 2, name: /^Medarbeiderundersøkelsen/ })).toBeVisible();
  await expect(rows(page).getByRole('rowheader').filter({ hasText: 'Solbakken' })).toHaveCount(0);

  const last = await rounds.last().getAttribute('value');
  await page.goto(`/follow-up?round=${last}&stuck=only`);
  await expect(page.getByText('Ingen enheter er over fristen her.')).toBeVisible();
  await keepsAccessible(page);
});

test('an older round is history, and nobody is late in it', async ({ page }) => {
  await be(page, 'hr');
  const options = page.getByLabel('Undersøkelse', { exact: true }).getByRole('option');
  await page.goto('/follow-up');
  await page.goto(`/follow-up?round=${await options.last().getAttribute('value')}`);
  await expect(rows(page).first()).toContainText('Avløst av en nyere undersøkelse');
  await expect(page.getByText(/\d dager? over/)).toHaveCount(0);
  await keepsAccessible(page);
});

test('a union representative and a politician come to what they read, and not to the follow-up', async ({
  page,
}) => {
  for (const [part, link] of [
    ['union', 'Resultatet for Solbakken sykehjem'],
    // Of the newest survey that the committee sees already: which it is, is a matter of the time of year.
    ['politician', /^Resultatet for (Hjemmetjenesten|Helse og mestring), /],
  ] as const) {
    await be(page, part);
    await expect(title(page)).toHaveText('Oversikt');
    await expect(page.getByRole('link', { name: link })).toBeVisible();
    await inBoth(page);
    for (const address of ['/follow-up', '/follow-up/units.csv', '/follow-up/units.xlsx'])
      expect([address, (await page.request.get(address)).status()]).toEqual([address, 404]);
  }
  await expect(page.locator('main').getByRole('link', { name: 'Vedtak og anbefalinger' })).toBeVisible();
});

test('whoever has nothing to do is told what comes next', async ({ page }) => {
  await be(page, 'politician');
  await expect(page.getByRole('heading', { name: 'Du er à jour' })).toBeVisible();
  await expect(page.getByText(/^Neste undersøkelse er .+\. Den åpner \d+\. \w+ \d{4}\.$/)).toBeVisible();
});

test('the operator finds what waits from the same page', async ({ page }) => {
  await be(page, 'operator');
  await page.goto('/due');
  await expect(page.locator('main').getByRole('link', { name: 'Undersøkelser' })).toHaveAttribute(
    'href',
    '/rounds',
  );
  await inBoth(page);
});
