import { type Browser, expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

/* The meetings of HM-SO-1, by its leader, and of HM-SO-S, by the director: nobody else's tests touch these two. */

const title = (page: Page) => page.getByRole('heading', { level: 1 });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
test.use({ actionTimeout: 20_000 });
const onPhone = { width: 360, height: 740 };

/** The newest round that the person can see, from the list of results. */
async function newestRound(page: Page): Promise<string> {
  await page.goto('/results');
  const link = page.locator('main a[href^="/results/"]').first();
  return (await link.getAttribute('href'))!.split('/')[2]!;
}

async function phone(browser: Browser, code: string, javaScriptEnabled = true): Promise<Page> {
  const context = await browser.newContext({ viewport: onPhone, javaScriptEnabled });
  const page = await context.newPage();
  await page.goto('/m');
  await page.getByLabel('Kode').fill(code.toLowerCase());
  await press(page, 'Bli med');
  await expect(title(page)).not.toHaveText('Bli med i møtet');
  return page;
}

const openFolded = async (page: Page) => {
  const folded = page.locator('form details:not([open]) > summary');
  while ((await folded.count()) > 0) await folded.first().click();
};
const mark = (page: Page, what: RegExp | string, kind: 'Bevare' | 'Forbedre') =>
  page.getByRole('group', { name: what }).getByRole('checkbox', { name: kind }).first().check();
/** A page accessible at both widths, and then as wide as it was. */
const accessible = async (page: Page) => {
  const size = page.viewportSize()!;
  await keepsAccessible(page);
  await page.setViewportSize(size);
};

test('a department meets: each alone, then together, then the vote', async ({ page, browser }) => {
  test.setTimeout(300_000);
  await be(page, 'leader');
  const at = `/meetings/${await newestRound(page)}/HM-SO-1`;

  await page.goto(`${at}/live`);
  await expect(title(page)).toHaveText('Led møtet');
  await press(page, 'Planlegg');
  await expect(page.getByRole('link', { name: 'Skriv dag og klokkeslett.' })).toBeVisible();
  await accessible(page);
  await page.getByLabel('Tid').fill('2027-02-01T14:00');
  await page.getByLabel('Sted').fill('Vaktrommet');
  await press(page, 'Planlegg');
  await expect(page.getByText('Vaktrommet')).toBeVisible();

  await press(page, 'Åpne møtet');
  const code = await page.locator('.code strong').innerText();
  const wall = await page.context().newPage();
  await wall.setViewportSize({ width: 1280, height: 720 });
  await wall.goto(`${at}/screen`);
  await expect(wall.getByRole('img', { name: /QR-kode/ })).toBeVisible();
  await expect(wall.getByText(code)).toBeVisible();

  const phones: Page[] = [];
  for (let n = 0; n < 5; n++) phones.push(await phone(browser, code, n !== 4));
  const [first, second, third, , plain] = phones as [Page, Page, Page, Page, Page];
  for (const one of phones) await expect(title(one)).toHaveText('Du er med');
  await accessible(first);
  await expect(wall.locator('[data-live=joined]')).toHaveText('5');
  await expect(page.locator('[data-live=joined]')).toHaveText('5');

  // The result is in front of everybody, a page at a time, by the keys of a remote too.
  await accessible(wall);
  for (const heading of ['Så mange svarte', 'Verdt å legge merke til', 'Faktorene']) {
    await wall.keyboard.press('ArrowRight');
    await expect(title(wall)).toHaveText(heading);
    expect(await wall.evaluate(() => document.documentElement.scrollHeight - innerHeight), heading).toBe(0);
    await accessible(wall);
  }
  await wall.keyboard.press('ArrowLeft');
  await expect(title(wall)).toHaveText('Verdt å legge merke til');

  await press(page, 'Start: hver for seg');
  for (const screen of [first, wall]) await expect(title(screen)).toHaveText('Hver for seg');
  await expect(wall.getByText('Hva skal vi bevare?')).toBeVisible();
  await expect(first.getByText(/Snitt \d,\d av 5/).first()).toBeVisible();
  await openFolded(first);
  await expect(first.getByText(/av 10 er enige|Nesten alle er enige/).first()).toBeVisible();
  await accessible(first);
  const names = await first.locator('form > section > fieldset .title').allInnerTexts();
  const [one, two, three] = names as [string, string, string];
  const group = (name: string) => new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);

  // A phone that drops out finds what it had marked, and where the meeting is.
  await mark(first, group(one), 'Bevare');
  await first.reload();
  await expect(first.getByRole('group', { name: group(one) }).getByLabel('Bevare')).toBeChecked();
  await mark(first, group(two), 'Forbedre');
  await press(first, 'Send forslagene');
  await expect(title(first)).toHaveText('Takk. Forslagene er sendt.');
  await accessible(first);

  await plain.reload();
  await expect(title(plain)).toHaveText('Hver for seg');
  await press(plain, 'Send forslagene');
  await expect(plain.getByRole('alert')).toHaveText('Merk minst én ting før du sender.');
  await openFolded(plain);
  for (const name of names.slice(0, 3)) await mark(plain, group(name), 'Bevare');
  await press(plain, 'Send forslagene');
  await expect(plain.getByRole('alert')).toHaveText('Merk høyst to å bevare.');
  await plain
    .getByRole('group', { name: group(one) })
    .getByLabel('Bevare')
    .first()
    .uncheck();
  await press(plain, 'Send forslagene');
  await expect(title(plain)).toHaveText('Takk. Forslagene er sendt.');
  await expect(page.locator('[data-live=sent]')).toHaveText('2');

  // With JavaScript two are two; and what is marked and not sent is not lost when the meeting moves on.
  await expect(title(second)).toHaveText('Hver for seg');
  await mark(second, group(one), 'Bevare');
  await openFolded(second);
  await mark(second, group(two), 'Bevare');
  await expect(second.getByRole('group', { name: group(three) }).getByLabel('Bevare')).toBeDisabled();

  await press(page, 'Vis forslagene');
  await expect(title(wall)).toHaveText('Sammen');
  await expect(second.getByText('Møtet har gått videre.', { exact: false })).toBeVisible();
  await expect(second.getByRole('checkbox', { checked: true })).toHaveCount(2);
  await second.getByRole('link', { name: 'Gå videre' }).click();
  await expect(title(second)).toHaveText('Snakk sammen');
  await accessible(second);
  await press(page, 'Legg til');
  await expect(page.getByRole('link', { name: 'Velg om det skal bevares eller forbedres.' })).toBeVisible();
  await page.getByLabel('Forbedre', { exact: true }).check();
  await page.getByLabel('Med rommets egne ord').fill('Ro rundt legemidlene');
  await press(page, 'Legg til');
  for (const screen of [page, wall, third])
    await expect(screen.getByText('Ro rundt legemidlene')).toBeVisible();
  for (const name of [one, two, three]) await expect(wall.getByText(name).first()).toBeVisible();
  await accessible(page);
  await accessible(wall);

  await press(page, 'Start avstemningen');
  await expect(title(wall)).toHaveText('Avstemning');
  await accessible(wall);
  for (const phone of [first, second, third]) await expect(title(phone)).toHaveText('Stem');
  await accessible(first);
  await first.close();
  const back = await (phones[3] as Page).context().newPage();
  await back.goto(`/m/${code.replace(' ', '')}`);
  await expect(title(back)).toHaveText('Stem');
  await plain.reload();
  for (const [n, phone] of [second, third, phones[3]!, plain].entries()) {
    await phone.getByLabel('Ro rundt legemidlene').check();
    if (n < 2) await phone.getByLabel(one).first().check();
    await press(phone, 'Send stemmen');
    await expect(title(phone)).toHaveText('Du har stemt');
  }
  await accessible(second);
  await expect(wall.locator('[data-live=sent]')).toHaveText('4');
  for (const screen of [page, wall]) expect(await screen.locator('body').innerText()).not.toMatch(/\d av \d/);

  // The phone that dropped out is back in its own browser, and votes once.
  const again = await first.context().newPage();
  await again.goto(`/m/${code.replace(' ', '')}`);
  await again.getByLabel('Ro rundt legemidlene').check();
  await press(again, 'Send stemmen');
  await expect(title(again)).toHaveText('Du har stemt');
  await again.reload();
  await expect(title(again)).toHaveText('Du har stemt');

  await page.getByRole('link', { name: 'Avslutt avstemningen' }).click();
  await accessible(page);
  await press(page, 'Avslutt avstemningen');
  for (const screen of [wall, again, second]) {
    await expect(title(screen)).toHaveText(/^Slik stemte/);
    await expect(screen.getByText('5 telefoner stemte.')).toBeVisible();
    await expect(screen.getByRole('listitem').filter({ hasText: 'Ro rundt legemidlene' })).toContainText(
      '5 av 5',
    );
    await accessible(screen);
  }
  await expect(page.getByRole('link', { name: 'Velg punktene' })).toHaveAttribute('href', at);

  const stranger = await (await browser.newContext({ viewport: onPhone })).newPage();
  await stranger.goto(`/m/${code.replace(' ', '')}`);
  await expect(title(stranger)).toHaveText('Koden gjelder ikke nå');
  await accessible(stranger);

  await page.getByText('Merk som holdt, eller endre').click();
  await expect(page.getByLabel('Hvor mange deltok?')).toHaveValue('5');
  await page.getByLabel('Hvor mange deltok?').fill('14');
  await press(page, 'Samlingen er holdt');
  await expect(page.getByText('Holdt, 14 deltok.')).toBeVisible();
  await accessible(page);
});

test('where fewer than five vote, nobody sees how', async ({ page, browser }) => {
  await be(page, 'director');
  const at = `/meetings/${await newestRound(page)}/HM-SO-S`;
  await page.goto(`${at}/live`);
  await press(page, 'Åpne møtet');
  const code = await page.locator('.code strong').innerText();
  await press(page, 'Start: hver for seg');
  await press(page, 'Vis forslagene');
  await page.getByLabel('Bevare', { exact: true }).check();
  await page.getByLabel('Med rommets egne ord').fill('God tone');
  await press(page, 'Legg til');
  await press(page, 'Start avstemningen');
  const voter = await phone(browser, ` ${code.replace(' ', '-')} `);
  await voter.getByLabel('God tone').check();
  await press(voter, 'Send stemmen');
  await expect(title(voter)).toHaveText('Du har stemt');
  await page.getByRole('link', { name: 'Avslutt avstemningen' }).click();
  await press(page, 'Avslutt avstemningen');
  await page.goto(`${at}/screen`);
  for (const screen of [page, voter]) {
    await expect(screen.getByText('Færre enn 5 stemte.', { exact: false })).toBeVisible();
    await expect(screen.getByText('God tone')).toBeVisible();
    expect(await screen.locator('main').innerText()).not.toMatch(/\d av \d/);
    await accessible(screen);
  }
});
