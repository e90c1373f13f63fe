import { expect, type Page, test } from '@playwright/test';
import { be } from '../support/demo.ts';

const shown = (page: Page) => page.locator('main > section:visible');
const title = (page: Page) => shown(page).getByRole('heading', { level: 1 });
const isFull = (page: Page) =>
  page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });

test('a browser that keeps nothing gets no paper', async ({ page }) => {
  await be(page, 'employee');
  await expect(page.getByRole('button', { name: 'Begynn' })).toBeVisible();
  await isFull(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.getByRole('button', { name: 'Begynn' }).click();
  await expect(title(page)).toHaveText('Nettleseren vil ikke lagre');
  await expect(shown(page)).toContainText('så vi har ikke hentet den');
  expect(asked.filter((path) => path.endsWith('/issue'))).toEqual([]);
});

test('a browser that stops keeping says so once, and the answers can still be sent', async ({ page }) => {
  await be(page, 'employee');
  await page.getByRole('button', { name: 'Begynn' }).click();
  await expect(shown(page)).toContainText('Del 1 av');
  await isFull(page);
  await shown(page).locator('fieldset').first().locator('label').nth(2).click();
  await expect(title(page)).toHaveText('Nettleseren vil ikke lagre');
  await expect(shown(page)).toContainText('Svarseddelen din er hentet');
  await expect(shown(page)).not.toContainText('vi har ikke hentet den');

  await page.getByRole('button', { name: 'Fortsett' }).click();
  await expect(shown(page)).toContainText('Del 1 av');
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(1);
  await shown(page).locator('fieldset').nth(1).locator('label').nth(2).click();
  await expect(shown(page)).toContainText('Del 1 av');
  while (!(await page.getByRole('button', { name: 'Send svarene' }).isVisible()))
    await shown(page).locator('[data-go=next]').click();
  await page.getByRole('button', { name: 'Send svarene' }).click();
  await expect(title(page)).toHaveText('Takk. Svaret ditt er med.');
});
