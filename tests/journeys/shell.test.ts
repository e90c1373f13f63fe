import { expect, test } from '@playwright/test';
import { keepsGoodPractice } from '../support/axe.ts';
import { be } from '../support/demo.ts';

test('from any page of the demo one can become somebody else', async ({ page }) => {
  await be(page, 'leader');
  const strip = page.getByRole('region', { name: 'Demo: kommunen og navnene er oppdiktet.' });
  await keepsGoodPractice(page);
  await strip.getByRole('link', { name: 'Bytt person' }).click();
  await expect(page.getByRole('button', { name: 'Vær politiker' })).toBeVisible();
  await expect(strip.getByRole('link', { name: 'Bytt person' })).toHaveCount(0);
});

test('long words in headings are divided on a phone, and only there', async ({ page }) => {
  await page.goto('/promise');
  const heading = page.getByRole('heading', { level: 1 });
  await expect(page.locator('html')).toHaveAttribute('lang', 'nb');
  await page.setViewportSize({ width: 320, height: 800 });
  await expect(heading).toHaveCSS('hyphens', 'auto');
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(heading).toHaveCSS('hyphens', 'manual');
});
