import fs from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { keepsAccessible } from '../support/axe.ts';
import { be, toResult } from '../support/demo.ts';

const unit = 'Solbakken første etasje';

test.beforeEach(async ({ page }) => {
  await be(page, 'leader');
  await toResult(page, unit);
});

const table = (page: Page, name: string) => page.getByRole('table', { name });

async function saved(page: Page, link: string) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: link }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await fs.readFile(await download.path()) };
}

test('a leader comes to the result of the department, beside the level above and last time', async ({
  page,
}) => {
  await page.getByRole('navigation', { name: 'Sider' }).getByRole('link', { name: 'Resultater' }).click();
  const round = { has: page.getByRole('heading', { name: /^Medarbeiderundersøkelsen/ }) };
  await page.locator('section').filter(round).first().getByRole('link', { name: unit }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(unit);
  await expect(page.getByText(/\d+ av \d+ svarte \(\d+\s%\)\./)).toBeVisible();
  await expect(page.getByText(/Sist: Medarbeiderundersøkelsen \d{4}\./)).toBeVisible();
  await expect(page.getByRole('heading', { name: /legge merke til/ })).toBeVisible();
  await keepsAccessible(page);

  await page.locator('#factors').getByText('Se tallene i en tabell').click();
  const factors = table(page, 'Faktorene');
  await expect(factors.getByRole('columnheader')).toHaveText([
    'Faktor',
    unit,
    'Svar',
    'Solbakken sykehjem',
    'Fjordvik kommune',
    'Sist',
  ]);
  await expect.poll(() => factors.getByRole('row').count()).toBeGreaterThan(10);
  for (const cell of await factors.getByRole('row').nth(1).getByRole('cell').allInnerTexts())
    expect(cell).toMatch(/^\d(,\d{1,2})?$|^\d+$/);
  await page.getByRole('link', { name: 'Mest endret først' }).click();
  await expect(page).toHaveURL(/sort=changed/);
  await expect(page.getByRole('link', { name: 'Mest endret først' })).toHaveAttribute('aria-current', 'true');

  await expect(
    page.getByText(/(\d av 10|Nesten alle|Alle|Ingen|Færre enn 1 av 10) .*, (opp|ned) fra \d/).first(),
  ).toBeVisible();
  await page.locator('.statements').getByText('Se tallene i en tabell').click();
  await expect(table(page, 'Påstandene')).toBeVisible();
  await page.emulateMedia({ colorScheme: 'dark' });
  await keepsAccessible(page);
});

test('the figures can be taken away, the same in every file', async ({ page }) => {
  await page.locator('#factors').getByText('Se tallene i en tabell').click();
  const first = table(page, 'Faktorene').getByRole('row').nth(1);
  const factor = await first.getByRole('rowheader').innerText();
  const [mean, n] = await first.getByRole('cell').allInnerTexts();

  const excel = await saved(page, 'Excel-fil (.xlsx)');
  expect(excel.name).toMatch(/Solbakken første etasje\.xlsx$/);
  const parts = unzipSync(excel.bytes);
  expect(strFromU8(parts['xl/workbook.xml']!)).toMatch(/name="Faktorer".*name="Påstander"/s);
  const sheet = strFromU8(parts['xl/worksheets/sheet1.xml']!);
  const kept = Number(/<row r="2".*?<c r="B2"[^>]*><v>([\d.]+)<\/v>/s.exec(sheet)?.[1]);
  expect(kept.toFixed(1).replace('.', ',')).toBe(mean);

  const csv = (await saved(page, 'CSV for Excel')).bytes.toString();
  expect(csv.startsWith('\uFEFFEnhet;Inviterte;Svarte;')).toBe(true);
  const line = csv
    .split('\r\n')
    .find((row) => row.includes(`;${factor};`))!
    .split(';');
  expect(line[5]).toMatch(/^\d,\d+$/);
  expect([Number(line[5]!.replace(',', '.')).toFixed(1).replace('.', ','), line[6]]).toEqual([mean, n]);

  const machine = (await saved(page, 'CSV for andre programmer')).bytes.toString();
  const [head, row] = machine.split('\r\n').map((one) => one.split(','));
  expect(head!.slice(0, 5)).toEqual(['node', 'unit_codes', 'unit', 'invited', 'answered']);
  expect(Number(row![head!.indexOf('mean')])).toBeCloseTo(kept, 6);
});

test('on paper it is the result alone, on a few pages', async ({ page }) => {
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(table(page, 'Faktorene')).toBeVisible();
  for (const not of ['banner', 'navigation', 'contentinfo'] as const)
    for (const part of await page.getByRole(not).all()) await expect(part).toBeHidden();
  const paper = (await page.pdf({ format: 'A4' })).toString('latin1');
  const pages = paper.match(/\/Type\s*\/Page\b/g)?.length;
  expect(pages).toBe(2);
});

test('what is not theirs is not there', async ({ page }) => {
  const menu = page.getByRole('navigation', { name: 'Sider' });
  await expect(menu.getByRole('link')).toHaveText([
    ...['Oversikt', 'Resultater', 'Møter', 'Tiltak', 'Planer', 'Rapporter', 'Vedtak og anbefalinger'],
    ...['Oppfølging', 'Kalender', 'Spørreskjemaer', 'Enheter'],
  ]);
  const round = new URL(page.url()).pathname.split('/')[2];
  const own = await page.goto(`/results/${round}/HM-SO-1`);
  expect(own?.status()).toBe(200);
  for (const other of ['HM-SO-2', 'HM-SO', 'HM', 'FJ', 'OP-FS-1', 'NO-SUCH'])
    for (const file of ['', '/figures.csv', '/figures.xlsx']) {
      const answer = await page.request.get(`/results/${round}/${other}${file}`);
      expect([other, file, answer.status()]).toEqual([other, file, 404]);
      expect(await answer.text()).not.toContain('svarte (');
    }
  await page.goto(`/results/${round}/HM-SO-2`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vi finner ikke siden');
  await keepsAccessible(page);

  await page.goto('/results');
  await expect(page.locator('main').getByRole('link')).not.toHaveCount(0);
  for (const name of await page.locator('main').getByRole('link').allInnerTexts())
    expect([unit, `Evaluering av deg som leder av ${unit}`]).toContain(name);
  await keepsAccessible(page);
});
