import { expect, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';

for (const address of ['/', '/sign-in', '/promise'])
  test(`a stranger can read ${address}`, async ({ page }) => {
    const scripts: string[] = [];
    page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()));
    const answer = await page.goto(address);
    expect(answer?.status()).toBe(200);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await keepsAccessible(page);
    expect(scripts).toEqual([]);
  });

test('a page that is not there says so', async ({ page }) => {
  const answer = await page.goto('/no-such-page');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
});
