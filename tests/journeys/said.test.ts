import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be, openDryRun, toResult } from '../support/demo.ts';

const unit = 'Tunet demens';
/** The first of the demo's two (demo/fill.ts). */
const earlier = `Medarbeiderundersøkelsen ${new Date().getUTCFullYear() - 3}`;
const columns = ['Dere sa', 'Vi gjorde', 'Dette ble endret'];
const titleOf = (page: Page) => page.getByRole('heading', { level: 1 });

test('what came of the answers is told, side by side, and the time before below', async ({ page }) => {
  await be(page, 'director');
  await page.goto('/said/HM-TU-D');
  await expect(titleOf(page)).toHaveText(unit);
  const newest = page.getByRole('table').first();
  await expect(newest.getByRole('columnheader')).toHaveText(columns);
  await expect(newest.getByRole('rowheader').first()).toContainText(/Bevare|Forbedre/);
  await expect(newest).toContainText('Ansvar: ');
  await expect(page.getByRole('heading', { name: 'Før dette' })).toBeVisible();
  const before = page.locator('details[open]').getByRole('table');
  await expect(before).toContainText(/Snittet er|av 10|Vises ikke, for å verne dem som svarte/);
  await keepsAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await keepsAccessible(page);
});

test('on paper it is one sheet for the wall: the newest meeting, or the one that was asked for', async ({
  page,
}) => {
  await be(page, 'director');
  await page.goto('/said/HM-TU-D');
  const pages = async () => {
    await page.emulateMedia({ media: 'print' });
    await expect(titleOf(page)).toHaveText(unit);
    await expect(
      page.getByText('Dere sa, vi gjorde, dette ble endret', { exact: true }).last(),
    ).toBeVisible();
    await expect(page.getByRole('table').filter({ visible: true })).toHaveCount(1);
    for (const not of ['banner', 'navigation', 'contentinfo'] as const)
      for (const part of await page.getByRole(not).all()) await expect(part).toBeHidden();
    const paper = (await page.pdf({ format: 'A4' })).toString('latin1');
    await page.emulateMedia({ media: 'screen' });
    return paper.match(/\/Type\s*\/Page\b/g)?.length;
  };
  expect(await pages()).toBe(1);
  await page.getByRole('link', { name: `Oppslag: ${earlier}` }).click();
  await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText(earlier);
  expect(await pages()).toBe(1);
});

test('the way there: from the result, and from the list of one’s units', async ({ page }) => {
  await be(page, 'leader');
  const own = 'Solbakken første etasje';
  await toResult(page, own);
  await page.getByRole('link', { name: 'Dette kom det ut av sist' }).click();
  await expect(titleOf(page)).toHaveText(own);
  await page.getByRole('link', { name: 'Dere sa, vi gjorde, dette ble endret' }).click();
  await expect(page).toHaveURL(/\/said$/);
  await expect(page.locator('main').getByRole('link')).toHaveText([own]);
  await keepsAccessible(page);
  expect((await page.request.get('/said/HM-TU-D')).status()).toBe(404);
});

test('a politician reads of no department', async ({ page }) => {
  await be(page, 'politician');
  await page.goto('/said');
  await expect(page.locator('main')).toContainText('Her kommer det som kom ut av svarene');
  await expect(page.locator('main').getByRole('link')).toHaveCount(0);
  await keepsAccessible(page);
  expect((await page.request.get('/said/HM-TU-D')).status()).toBe(404);
});

test('the next survey begins with what came of last time', async ({ page }) => {
  const round = await openDryRun('Prøve for det som kom ut av sist', 'HM-TU-D');
  await page.goto(round.links[0]!);
  const start = page.locator('[data-view=start]');
  await expect(start.getByRole('heading', { level: 2 }).first()).toHaveText(
    'Dette kom ut av forrige undersøkelse',
  );
  await expect(start.locator('.last').first()).toContainText(`${unit}, Helse og mestring`);
  await start.getByText('Vis resten').click();
  await expect(start.locator('.last').nth(1)).toContainText(/(Bevare|Forbedre): /);
  await expect(start.getByRole('button', { name: 'Begynn' })).toBeVisible();
  await keepsAccessible(page);
});
