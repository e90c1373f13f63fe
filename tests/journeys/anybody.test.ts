import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be, toResult } from '../support/demo.ts';

const language = (page: Page, name: string) =>
  page.getByRole('contentinfo').getByRole('button', { name, exact: true });

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('anybody can see whom one can be in the demo, and its mail that was never sent', async ({
      page,
    }) => {
      await page.goto('/');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Prøv Medvirk i Fjordvik');
      await expect(page.locator('main').getByRole('button')).toHaveCount(14);
      await keepsAccessible(page);
      await page.locator('main').getByRole('link', { name: 'E-posten som ikke ble sendt' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Postkassen i demoen');
    });

    test('anybody can check a round: its signs, its groups, its files', async ({ page }) => {
      await be(page, 'employee');
      const [, , round] = new URL(page.url()).pathname.split('/');
      const signs = new URL(page.url()).hash.split('.')[1]!;
      await page.goto(`/sjekk/${round}`);
      await expect(page.locator('.signs')).toHaveText(signs.toUpperCase().replace(/.{4}(?=.)/g, '$& '), {
        ignoreCase: true,
      });
      await page.getByText(/^Gruppene \(\d+\)$/).click();
      await expect(page.getByRole('row').filter({ hasText: 'Nes skole, barnetrinnet' })).toBeVisible();
      await keepsAccessible(page);
      const keylist = await page.request.get(`/svar/${round}/keylist.json`);
      expect(await keylist.json()).toMatchObject({ format: 'medvirk-keylist/1', round, smallestGroup: 7 });
    });

    test('anybody can read what is promised, in three languages', async ({ page }) => {
      await page.goto('/promise');
      for (const [name, lang, promise] of [
        ['Nynorsk', 'nn', 'Dette lovar vi deg som svarer'],
        ['English', 'en', 'What we promise you who answer'],
        ['Bokmål', 'nb', 'Dette lover vi deg som svarer'],
      ] as const) {
        await language(page, name).click();
        await expect(page).toHaveURL('/promise');
        await expect(page.locator('html')).toHaveAttribute('lang', lang);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(promise);
        await expect(language(page, name)).toHaveAttribute('aria-current', 'true');
      }
      await keepsAccessible(page);
    });
  });

test('a work page keeps its place and what was asked when the language changes', async ({ page }) => {
  await be(page, 'leader');
  await toResult(page, 'Solbakken første etasje');
  await page.getByRole('link', { name: 'Høyest først' }).click();
  const { pathname } = new URL(page.url());
  await language(page, 'English').click();
  await expect(page).toHaveURL((at) => at.pathname === pathname && at.searchParams.get('sort') === 'highest');
  await expect(page.getByRole('link', { name: 'Highest first' })).toHaveAttribute('aria-current', 'true');
  await keepsAccessible(page);
  await language(page, 'Nynorsk').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'nn');
  await expect(page.getByRole('link', { name: 'Høgast først' })).toBeVisible();
});
