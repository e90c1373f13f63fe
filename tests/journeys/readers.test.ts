import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be, toResult } from '../support/demo.ts';

const menu = (page: Page) => page.getByRole('navigation', { name: 'Sider' }).getByRole('link');

/** Which of the units' results there are for whoever looks. */
async function sees(page: Page, units: string[]): Promise<string[]> {
  const round = new URL(page.url()).pathname.split('/')[2];
  const answers = await Promise.all(units.map((unit) => page.request.get(`/results/${round}/${unit}`)));
  for (const answer of answers) expect([200, 404]).toContain(answer.status());
  return units.filter((_, i) => answers[i]!.ok());
}

const some = ['FJ', 'HM', 'HM-SO', 'HM-SO-1', 'HM-SO-2', 'HM-TU', 'HM-TU-1', 'OP', 'OP-FS', 'OP-FS-1'];

test('a union representative sees what the leader of the home sees, and no other home', async ({ page }) => {
  await be(page, 'union');
  await toResult(page, 'Solbakken sykehjem');
  const units = page.getByRole('table', { name: 'Resultater for enhetene under Solbakken sykehjem' });
  await expect(units.getByRole('rowheader').filter({ hasText: 'Solbakken første etasje' })).toBeVisible();
  await keepsAccessible(page);
  expect(await sees(page, some)).toEqual(['HM-SO', 'HM-SO-1', 'HM-SO-2']);
  await expect(menu(page)).toHaveText([
    ...['Oversikt', 'Resultater', 'Møter', 'Tiltak', 'Planer', 'Rapporter', 'Vedtak og anbefalinger'],
    ...['Kalender', 'Undersøkelser', 'Spørreskjemaer'],
  ]);

  await page.getByRole('navigation', { name: 'Sider' }).getByRole('link', { name: 'Undersøkelser' }).click();
  await page.getByRole('link', { name: /^Oppvekst/ }).click();
  await expect(page.getByText('Ingen ser svar eller hvem som har svart.')).toBeVisible();
  await expect(page.locator('main').getByRole('button')).toHaveCount(0);
  await keepsAccessible(page);
});

test('a director sees the health area and all under it, and nothing beside it', async ({ page }) => {
  await be(page, 'director');
  await toResult(page, 'Helse og mestring');
  const units = page.getByRole('table', { name: 'Resultater for enhetene under Helse og mestring' });
  await page.getByRole('link', { name: 'Alle nivåer' }).click();
  await expect(units.getByRole('rowheader').filter({ hasText: 'Solbakken første etasje' })).toBeVisible();
  await expect(units.getByText('Vises ikke, for å verne dem som svarte.').first()).toBeAttached();
  await keepsAccessible(page);
  expect(await sees(page, some)).toEqual(some.filter((unit) => unit.startsWith('HM')));
  expect((await page.request.get('/rounds')).status()).toBe(404);

  await page.getByRole('link', { name: 'Solbakken sykehjem' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Solbakken sykehjem');
});

test('a politician sees the area of the committee and one level below', async ({ page }) => {
  await be(page, 'politician');
  await menu(page).filter({ hasText: 'Resultater' }).click();
  const round = { has: page.getByRole('heading', { name: /^Medarbeiderundersøkelsen/ }) };
  const newest = page.locator('section').filter(round).first();
  await newest.getByRole('link', { name: 'Helse og mestring', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Helse og mestring');
  await keepsAccessible(page);
  expect(await sees(page, some)).toEqual(['HM', 'HM-SO', 'HM-TU']);
  await expect(menu(page)).toHaveText([
    ...['Oversikt', 'Resultater', 'Tiltak', 'Planer', 'Rapporter', 'Vedtak og anbefalinger'],
    'Spørreskjemaer',
  ]);
  const units = page.getByRole('table', { name: /^Resultater for enhetene under/ });
  const home = units.getByRole('rowheader', { name: 'Solbakken sykehjem', exact: true });
  await expect(home).toBeVisible();
  await page.goto(`${page.url()}?levels=all`);
  await expect(home).toBeVisible();
  await expect(units.getByText('Solbakken første etasje')).toHaveCount(0);
});
