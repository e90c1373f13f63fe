import { expect, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { type OwnServer, ownServer } from '../support/server.ts';

let server: OwnServer;
test.beforeAll(async () => {
  server = await ownServer();
});
test.afterAll(() => server.stop());

test('the first operator comes in by a link that works once, and chooses a password', async ({
  page,
  browser,
}) => {
  const title = page.getByRole('heading', { level: 1 });
  const email = 'kari@testvik.example';
  const { link } = await server.medvirk<{ link: string }>(
    ...['admin', 'create', '--name', 'Kari Prøve', '--email', email],
  );
  await page.goto(server.origin);
  await expect(page).toHaveURL(`${server.origin}/sign-in`);
  await expect(page.getByText('Demo:')).toHaveCount(0);
  await keepsAccessible(page);

  await page.goto(link);
  await page.reload();
  await expect(title).toHaveText('Hei, Kari Prøve');
  await keepsAccessible(page);
  await page.getByRole('button', { name: 'Logg inn' }).click();
  await expect(title).toHaveText('Oversikt');
  await keepsAccessible(page);

  const second = await (await browser.newContext()).newPage();
  await second.goto(link);
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('Lenken virker ikke lenger');
  await keepsAccessible(second);
  await second.context().close();

  await page.goto(`${server.origin}/account`);
  await page.getByLabel('Passord').fill('for kort');
  await page.getByRole('button', { name: 'Lagre passordet' }).click();
  await expect(page.locator('.ds-error-summary')).toContainText('Bruk minst 12 tegn.');
  await keepsAccessible(page);
  await page.getByLabel('Passord').fill('sju blå hester i stallen');
  await page.getByRole('button', { name: 'Lagre passordet' }).click();
  await expect(page.getByRole('status')).toContainText('Passordet er lagret.');
  await page.getByRole('banner').getByRole('button', { name: 'Logg ut' }).click();
  await expect(title).toHaveText('Logg inn');

  await page.goto(`${server.origin}/people`);
  await expect(page).toHaveURL(`${server.origin}/sign-in?to=%2Fpeople`);
  const form = page.locator('form').filter({ has: page.getByLabel('Passord') });
  await form.getByLabel('E-postadresse').fill(email);
  await form.getByLabel('Passord').fill('åtte blå hester i stallen');
  await form.getByRole('button').click();
  await expect(page.locator('.ds-error-summary')).toContainText('hører ikke sammen');
  await expect(form.getByLabel('E-postadresse')).toHaveValue(email);
  await keepsAccessible(page);
  await form.getByLabel('Passord').fill('sju blå hester i stallen');
  await form.getByRole('button').click();
  await expect(page).toHaveURL(`${server.origin}/people`);
  await expect(title).toHaveText('Folk');
});

test('a house in earnest has no demo, and nobody to be', async ({ request }) => {
  const be = await request.post(`${server.origin}/demo/be`, {
    form: { part: 'operator' },
    headers: { origin: server.origin },
    maxRedirects: 0,
  });
  expect(be.status()).toBe(404);
  expect(be.headers()['set-cookie']).toBeUndefined();
  expect((await request.get(`${server.origin}/demo/mail`)).status()).toBe(404);
});
