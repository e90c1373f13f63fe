import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { openDryRun } from '../support/demo.ts';

const shown = (page: Page) => page.locator('main > section:visible');
const title = (page: Page) => shown(page).getByRole('heading', { level: 1 });

test('an employee begins in bokmål, goes on in Northern Sami where she was, and sends', async ({ page }) => {
  const { links } = await openDryRun('Prøve på flere språk', 'KN-BI');
  await page.goto(links[0]!);
  await page.getByRole('button', { name: 'Begynn' }).click();
  await shown(page).locator('fieldset').first().locator('label').nth(3).click();
  await shown(page).locator('[data-go=next]').click();
  await expect(shown(page)).toContainText('Del 2 av');
  await shown(page).locator('fieldset').nth(1).locator('label').nth(1).click();

  await page.getByRole('link', { name: 'Davvisámegiella' }).click();
  await expect(page).toHaveURL(/\/se#/);
  await expect(shown(page)).toContainText('Oassi 2 /');
  await expect(page.locator('html')).toHaveAttribute('lang', 'se');
  const second = shown(page).locator('fieldset').nth(1);
  await expect(second.getByRole('radio').nth(1)).toBeChecked();
  await expect(second).toContainText('Dušše girjedárogillii');
  await expect(second.locator('legend')).toHaveAttribute('lang', 'nb');
  await keepsAccessible(page);

  await page.goto(page.url().replace('/se#', '/nn#'));
  await expect(shown(page)).toContainText('Del 2 av');
  await expect(shown(page)).not.toContainText('Berre på bokmål');
  await page.getByRole('link', { name: 'Davvisámegiella' }).click();
  await expect(shown(page)).toContainText('Oassi 2 /');

  while (!(await shown(page).locator('[data-send]').isVisible()))
    await shown(page).locator('[data-go=next]').click();
  await expect(title(page)).toHaveText('Geahča vástádusaid');
  await expect(shown(page).locator('dt').first()).toHaveAttribute('lang', 'nb');
  await expect(shown(page).locator('dd:not(.none):not(:has(button))')).toHaveCount(2);
  await keepsAccessible(page);
  await shown(page).locator('[data-send]').click();
  await expect(title(page)).toHaveText('Giitu. Du vástádus lea mielde.');
  // Another language would lose the receipt.
  await expect(page.getByRole('navigation')).toBeHidden();
  await keepsAccessible(page);
});
