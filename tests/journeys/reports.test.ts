import { expect, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

test('everybody who follows the work finds the reports', async ({ page }) => {
  for (const who of ['hr', 'director', 'union', 'politician', 'leader'] as const) {
    await be(page, who);
    await page.goto('/reports');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Rapporter');
    await keepsAccessible(page);
  }
});
