import { expect, type Locator, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be, type DryRun, medvirk, openDryRun } from '../support/demo.ts';
import { invitation } from '../support/voter.ts';

const shown = (page: Page) => page.locator('main > section:visible');
const title = (page: Page) => shown(page).getByRole('heading', { level: 1 });
const begin = (page: Page) => page.getByRole('button', { name: 'Begynn' }).click();
const next = (page: Page) => shown(page).locator('[data-go=next]').click();
const send = (page: Page) => page.getByRole('button', { name: 'Send svarene' }).click();
const choose = (statement: Locator, row: number) => statement.locator('label').nth(row).click();

async function answerTheme(page: Page, row = 3) {
  const statements = shown(page).locator('fieldset');
  for (let i = 0; i < (await statements.count()); i++) await choose(statements.nth(i), (row + i) % 5);
}

/** From Begin to the overview, all themes answered. */
async function answerAll(page: Page) {
  await begin(page);
  await expect(shown(page)).toContainText('Del 1 av');
  while (!(await shown(page).getByText('Se over svarene').first().isVisible())) {
    await answerTheme(page);
    await next(page);
  }
  await answerTheme(page);
  await next(page);
  await expect(title(page)).toHaveText('Se over svarene');
}

async function receiptOf(page: Page): Promise<string> {
  await expect(title(page)).toHaveText('Takk. Svaret ditt er med.');
  const receipt = (await page.locator('.receipt').innerText()).replaceAll(/\s/g, '');
  expect(receipt).toMatch(/^[0-9a-f]{16}$/);
  return receipt;
}

const left = (page: Page) => page.evaluate(() => Object.keys(localStorage));

test('an employee answers, from the start page to the receipt', async ({ page }) => {
  await be(page, 'employee');
  await expect(page).toHaveURL(/\/svar\/\w+\/nb#/);
  await expect(title(page)).not.toBeEmpty();
  for (const question of [
    'Hva skjer med det jeg svarer?',
    'Hva kan lederen min se?',
    'Hvor lang tid tar det?',
  ])
    await expect(page.getByRole('heading', { name: question })).toBeVisible();
  await expect(shown(page)).toContainText('Vises ikke, for å verne dem som svarte.');
  await keepsAccessible(page);

  await begin(page);
  await expect(shown(page)).toContainText('Del 1 av');
  const parts = Number(/Del 1 av (\d+)/.exec(await shown(page).innerText())![1]);
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(0);
  for (let part = 1; part <= parts; part++) {
    await expect(shown(page)).toContainText(`Del ${part} av ${parts}`);
    await expect(title(page)).toBeFocused();
    if (part > 1) await answerTheme(page);
    await keepsAccessible(page);
    await next(page);
  }

  await expect(title(page)).toHaveText('Se over svarene');
  await expect(page.locator('#skipped')).toContainText('Du har hoppet over');
  await keepsAccessible(page);
  await page
    .getByRole('button', { name: /^Svar / })
    .first()
    .click();
  await expect(shown(page)).toContainText(`Del 1 av ${parts}`);
  await answerTheme(page, 0);
  await next(page);
  await expect(title(page)).toHaveText('Se over svarene');
  await expect(page.locator('#skipped')).toBeHidden();

  await send(page);
  await receiptOf(page);
  await keepsAccessible(page);
  expect(await left(page)).toEqual([]);
  await expect(page.getByRole('radio', { checked: true, includeHidden: true })).toHaveCount(0);
  await page.reload();
  await receiptOf(page);
});

test.describe('in a round of its own', () => {
  test.describe.configure({ mode: 'serial' });
  const receipts: string[] = [];
  let round: DryRun;
  let used = 0;
  const link = () => round.links[used++]!;
  test.beforeAll(async () => {
    round = await openDryRun('Prøve for ansatte', 'KN-BI');
  });

  test('looking uses nothing up, and a link that has answered says so', async ({ page, browser }) => {
    const mine = link();
    await page.goto(mine);
    await expect(page.getByRole('button', { name: 'Begynn' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('button', { name: 'Begynn' })).toBeVisible();
    expect(await invitation(mine)).toMatchObject({ state: 'ready', phase: 'open' });

    await answerAll(page);
    expect(await invitation(mine)).toMatchObject({ state: 'fetched' });
    await send(page);
    receipts.push(await receiptOf(page));

    const elsewhere = await (await browser.newContext()).newPage();
    for (const again of [await page.context().newPage(), elsewhere]) {
      await again.goto(mine);
      await expect(title(again)).toHaveText('Svarseddelen er alt hentet');
      await expect(shown(again)).toContainText('Har du svart, er svaret med');
    }
    await keepsAccessible(elsewhere);
    await elsewhere.context().close();
  });

  test('back and a reload in the middle lose nothing', async ({ page }) => {
    await page.goto(link());
    await begin(page);
    const first = shown(page).locator('fieldset').first();
    await choose(first, 4);
    await next(page);
    await expect(shown(page)).toContainText('Del 2 av');
    await answerTheme(page, 1);
    const answered = await shown(page).getByRole('radio', { checked: true }).count();
    expect(answered).toBeGreaterThan(1);

    await page.goBack();
    await expect(shown(page)).toContainText('Del 1 av');
    await expect(first.getByRole('radio').nth(4)).toBeChecked();
    await page.goForward();
    await expect(shown(page)).toContainText('Del 2 av');

    await page.reload();
    await expect(shown(page)).toContainText('Del 2 av');
    await expect(shown(page).getByRole('radio', { checked: true })).toHaveCount(answered);
    await shown(page).getByRole('button', { name: 'Tilbake' }).click();
    await expect(first.getByRole('radio').nth(4)).toBeChecked();
    await first.getByRole('button', { name: 'Fjern svaret' }).click();
    await expect(first.getByRole('radio', { checked: true })).toHaveCount(0);

    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    expect(kept).not.toContain('answers');
  });

  test('a network that is lost at sending, and a reply that is lost, lose nothing', async ({ page }) => {
    await page.goto(link());
    await answerAll(page);
    await page.context().setOffline(true);
    await send(page);
    await expect(title(page)).toHaveText('Vi får ikke kontakt');
    await expect(shown(page)).toContainText('Ingenting er gått tapt');
    await keepsAccessible(page);
    await page.context().setOffline(false);

    const posted: (string | null)[] = [];
    await page.route('**/box/*', async (route) => {
      posted.push(route.request().postData());
      if (posted.length > 1) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Prøv igjen' }).click();
    await expect.poll(() => posted.length).toBe(1);
    await expect(title(page)).toHaveText('Vi får ikke kontakt');

    await page.reload();
    await expect(title(page)).toHaveText('Svarene er låst, men kanskje ikke sendt');
    await keepsAccessible(page);
    await page.getByRole('button', { name: 'Send igjen' }).click();
    receipts.push(await receiptOf(page));
    expect(posted[1]).toBe(posted[0]);
    expect(await left(page)).toEqual([]);
  });

  test('two presses on send are one ballot', async ({ page }) => {
    await page.goto(link());
    await answerAll(page);
    let posts = 0;
    await page.route('**/box/*', async (route) => {
      posts++;
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await page.getByRole('button', { name: 'Send svarene' }).dblclick();
    receipts.push(await receiptOf(page));
    expect(posts).toBe(1);
  });

  test('a keyboard alone is enough', async ({ page }) => {
    await page.goto(link());
    await expect(page.getByRole('button', { name: 'Begynn' })).toBeVisible();
    const focused = () =>
      page.evaluate(() => {
        const at = document.activeElement as HTMLElement;
        const isOpen = at.matches('input[type=radio]') && !at.closest('fieldset')?.querySelector(':checked');
        return isOpen ? 'statement' : at.matches('#begin, [data-go=next], [data-send]') ? 'way on' : 'other';
      });
    const tabUntil = async (there: () => Promise<boolean>) => {
      for (let presses = 0; presses < 300 && !(await there()); presses++) {
        await page.keyboard.press('Tab');
        const found = await focused();
        if (found === 'way on') await page.keyboard.press('Enter');
        if (found === 'statement') await page.keyboard.press('Space');
      }
    };
    await tabUntil(async () => (await title(page).innerText()) === 'Se over svarene');
    await expect(page.locator('#skipped')).toBeHidden();
    await tabUntil(() => page.locator('.receipt').isVisible());
    receipts.push(await receiptOf(page));
  });

  test('every receipt is in the list once the round is counted, and nothing else', async ({ request }) => {
    expect((await request.get(`/svar/${round.id}/receipts.txt`)).status()).toBe(404);
    await medvirk('round', 'stop', round.id);
    await medvirk('round', 'close', round.id, '--key-file', round.keyFile);
    const list = (await (await request.get(`/svar/${round.id}/receipts.txt`)).text()).trim().split('\n');
    expect(list.map((line) => line.slice(0, 16)).sort()).toEqual(receipts.toSorted());
  });
});
