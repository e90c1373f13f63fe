import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { type DryRun, frozenDryRun, medvirk } from '../support/demo.ts';

const shown = (page: Page) => page.locator('main > section:visible');

/** Where the link leads, in a window that has seen none before. */
async function leadsTo(page: Page, link: string, title: string) {
  await page.goto(link);
  await expect(shown(page).getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(page.getByRole('button', { name: 'Begynn' })).toBeHidden();
  await keepsAccessible(page);
}

test.describe('a link', () => {
  test.describe.configure({ mode: 'serial' });
  let round: DryRun;
  let link: string;
  test.beforeAll(async () => {
    round = await frozenDryRun('Prøve av lenker', 'KN-KS');
    [link] = round.links as [string];
  });

  test('that comes early says when to come back', async ({ page }) => {
    await leadsTo(page, link, 'Undersøkelsen har ikke åpnet ennå');
    await expect(shown(page)).toContainText(/Den åpner \S+dag \d/);
    await medvirk('round', 'open', round.id);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Begynn' })).toBeVisible();
  });

  test('without its secret asks for the whole one', async ({ page }) => {
    await leadsTo(page, link.split('#')[0]!, 'Du trenger lenken fra invitasjonen');
    // Pasted over it, the whole one changes only what stands after #.
    await page.goto(link);
    await expect(page.getByRole('button', { name: 'Begynn' })).toBeVisible();
  });

  test('that is cut off says so', async ({ page }) => {
    await leadsTo(page, link.slice(0, -3), 'Lenken er ikke hel');
  });

  test('with a letter wrong in its secret is not known', async ({ page }) => {
    const wrong = link.replace(/#./, (first) => (first === '#A' ? '#B' : '#A'));
    await leadsTo(page, wrong, 'Vi kjenner ikke denne lenken');
  });

  test('with another fingerprint stops before anything is asked', async ({ page }) => {
    const told: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && told.push(request.url()));
    const wrong = link.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    await leadsTo(page, wrong, 'Ikke svar på denne siden');
    expect(told).toEqual([]);
  });

  test('works in another language too, and says nothing of it to the server', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.url()} ${request.headers().referer ?? ''}`));
    await page.goto(link);
    const languages = page.getByRole('navigation', { name: 'Språk' });
    await languages.getByRole('link', { name: 'English' }).click();
    await expect(page.getByRole('button', { name: 'Begin' })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await keepsAccessible(page);
    const [secret] = new URL(link).hash.slice(1).split('.');
    expect(asked.join('\n')).not.toContain(secret);
    expect(await page.context().cookies()).toEqual([]);
  });

  test('without JavaScript is told why, and what to do instead', async ({ browser }) => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 320, height: 800 },
    });
    const page = await context.newPage();
    await page.goto(link);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Denne siden trenger JavaScript');
    await expect(page.locator('noscript p')).toContainText([
      'Uten det ville serveren ha sett svarene',
      'spør HR om å få låne en annen enhet',
    ]);
    await expect(page.locator('main > section:visible')).toHaveCount(0);
    await expect(page.getByRole('button')).toHaveCount(0);
    await context.close();
  });

  test('that comes late says that the round is over', async ({ page }) => {
    await medvirk('round', 'stop', round.id);
    await leadsTo(page, link, 'Undersøkelsen er stengt');
  });
});
