import fs from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { approvedDryRun, be, medvirk } from '../support/demo.ts';
import { readPdf } from '../support/pdf.ts';

// Units of this file alone: cleaners, some of whom have no e-mail, and homes where residents are asked.
const phone = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };
const shown = (page: Page) => page.locator('main > section:visible');
const title = (page: Page) => shown(page).getByRole('heading', { level: 1 });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const asked = async (page: Page, code: string, button = 'Fortsett') => {
  await page.getByLabel('Kode', { exact: true }).fill(code);
  await press(page, button);
};
const signs = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/g;

/** Prints what is needed, as a file for a print shop, and reads it. */
async function printFile(
  page: Page,
  round: string,
): Promise<{ group: string; code: string; link: string }[]> {
  await page.goto(`/rounds/${round}/codes`);
  await page.getByLabel('Fil til trykkeri: gruppe og kode, uten navn').check();
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Lag koder og last ned')]);
  expect(download.suggestedFilename()).toBe(`koder-${round}.csv`);
  const [, ...rows] = (await fs.readFile(await download.path(), 'utf8')).trim().split('\r\n');
  return rows.map((row) => {
    const [group, code, link] = row.split(';') as [string, string, string];
    return { group, code, link };
  });
}

async function freezeAndOpen(page: Page, round: string, between: () => Promise<void>) {
  await page.goto(`/rounds/${round}`);
  await Promise.all([page.waitForEvent('download'), press(page, 'Lås undersøkelsen og last ned nøkkelen')]);
  await between();
  await medvirk('round', 'open', round);
}

/** Every statement skipped, to the overview and away. */
async function send(page: Page) {
  await press(page, 'Begynn');
  await expect(shown(page)).toContainText('Del 1 av');
  await shown(page).locator('fieldset').first().locator('label').nth(3).click();
  while (!(await title(page).innerText()).includes('Se over svarene'))
    await shown(page).locator('[data-go=next]').click();
  await press(page, 'Send svarene');
  await expect(title(page)).toHaveText('Takk. Svaret ditt er med.');
}

test.describe('those without e-mail', () => {
  test.describe.configure({ mode: 'serial' });
  type Printed = Awaited<ReturnType<typeof printFile>>;
  let round: { id: string };
  let printed: Printed = [];
  let spare: string;

  test('are counted, and HR prints their codes once, and one more from the reserve', async ({
    page,
    browser,
  }) => {
    round = await approvedDryRun('Prøve med koder', 'TE-BY-N');
    const hr = await (await browser.newContext()).newPage();
    await be(hr, 'hr');
    await hr.goto(`/rounds/${round.id}`);
    await expect(hr.getByText('De får en kode på papir.')).toBeVisible();
    await hr.goto(`/rounds/${round.id}/codes`);
    await expect(hr.getByText('Kodene kan skrives ut når undersøkelsen er låst.')).toBeVisible();
    await keepsAccessible(hr);

    await be(page, 'operator');
    await freezeAndOpen(page, round.id, async () => {
      await hr.goto(`/rounds/${round.id}/codes`);
      await keepsAccessible(hr);
      printed = await printFile(hr, round.id);
      await hr.reload();
      await expect(hr.getByText('Alle kodene som trengs, er skrevet ut.', { exact: true })).toBeVisible();
      await hr.getByText('Hvem skal ha papir?').isVisible();
      await keepsAccessible(hr);
    });
    expect(printed.length).toBeGreaterThan(0);
    expect(await hr.content()).not.toMatch(signs);

    // One more from the reserve, as a letter.
    await hr.goto(`/rounds/${round.id}/codes`);
    await hr.getByText('Bruk av reserven').click();
    await keepsAccessible(hr);
    const [letter] = await Promise.all([
      hr.waitForEvent('download'),
      press(hr, 'Lag koder fra reserven og last ned'),
    ]);
    const pdf = readPdf(await fs.readFile(await letter.path()));
    expect(pdf).toMatchObject({ isTagged: true, language: 'nb-NO', pages: 1 });
    spare = pdf.text.match(signs)![0]!;
    await hr.goto(`/rounds/${round.id}`);
    await expect(hr.getByText(`koder skrevet ut: ${printed.length}`)).toBeVisible();
    await expect(hr.getByText('koder skrevet ut: 1,')).toBeVisible();
    await hr.context().close();

    await page.goto(`/sjekk/${round.id}`);
    await expect(page.getByText(`Koder på papir: ${printed.length}, og inntil`)).toBeVisible();
  });

  test('answer on a phone, from the square on the paper', async ({ browser }) => {
    const mine = await (await browser.newContext(phone)).newPage();
    const [first] = printed;
    await mine.goto(first!.link);
    await expect(shown(mine)).toContainText(`svarene fra ${first!.group}`);
    await send(mine);
    await keepsAccessible(mine);
    await mine.reload();
    await expect(title(mine)).toHaveText('Takk. Svaret ditt er med.');
    await mine.context().close();
  });

  test('type the code, with o for 0, after a slip of the finger', async ({ browser }) => {
    const [, second] = printed;
    const typing = await (await browser.newContext(phone)).newPage();
    await typing.goto(`/svar/${round.id}/nb`);
    await expect(title(typing)).toHaveText('Skriv koden du har fått');
    await keepsAccessible(typing);
    await asked(typing, '0000-0000-0000');
    await expect(typing.getByRole('alert')).toContainText('Koden er skrevet feil eller brukt.');
    await expect(typing.getByLabel('Kode', { exact: true })).toBeFocused();
    await keepsAccessible(typing);
    await asked(typing, second!.code.toLowerCase().replaceAll('0', 'o').replaceAll('-', ' '));
    await expect(title(typing)).toHaveText('Sammenlign med papiret');
    const print = second!.link.split('.').at(-1)!;
    await expect(shown(typing).locator('.receipt')).toHaveText(print.replace(/.{4}(?=.)/g, '$& '));
    await keepsAccessible(typing);
    await press(typing, 'De er like');
    await send(typing);
    await typing.context().close();
  });

  test('a used code looks like any other until somebody tries to use it', async ({ browser }) => {
    const [first] = printed;
    const late = await (await browser.newContext(phone)).newPage();
    await late.goto(first!.link);
    await press(late, 'Begynn');
    await expect(title(late)).toHaveText('Koden er skrevet feil eller brukt.');
    await keepsAccessible(late);
    await late.goto(`/svar/${round.id}/nb`);
    await late.reload();
    await asked(late, spare);
    await press(late, 'De er like');
    await expect(late.getByRole('button', { name: 'Begynn' })).toBeVisible();
    await late.context().close();
  });
});

test('residents are asked by numbers, and answer with JavaScript off', async ({ page, browser }) => {
  test.slow();
  const hr = await (await browser.newContext()).newPage();
  await be(hr, 'hr');
  await hr.goto('/rounds/new');
  await hr.getByLabel('Navn', { exact: true }).fill('Beboere i bofellesskapene');
  const questionnaires = hr.locator('#questionnaire');
  const resident = await questionnaires
    .locator('option')
    .evaluateAll((all) => all.map((one) => one.textContent!).find((text) => /beboer/i.test(text)));
  await questionnaires.selectOption({ label: resident! });
  await hr.getByLabel('Bo og aktivitet', { exact: true }).check();
  await hr.getByLabel('Reserve av koder, i prosent').fill('90');
  await hr.locator('#dryRun').check();
  await press(hr, 'Lagre planen');
  await expect(hr.locator('.ds-error-summary')).toContainText('Skriv et helt tall fra 0 til 50.');
  await hr.getByLabel('Reserve av koder, i prosent').fill('10');
  await press(hr, 'Lagre planen');
  const round = hr.url().split('/').at(-1)!;
  await hr.getByRole('link', { name: 'Skriv hvor mange som skal spørres' }).click();
  await hr.getByLabel('Bofellesskapet Lia').fill('tolv');
  await press(hr, 'Lagre tallene');
  await expect(hr.locator('.ds-error-summary')).toContainText('Skriv et helt tall fra 0 til 2000.');
  await expect(hr.getByLabel('Bofellesskapet Lia')).toHaveValue('tolv');
  await keepsAccessible(hr);
  await hr.getByLabel('Bofellesskapet Lia').fill('12');
  await hr.getByLabel('Bofellesskapet Strandgata').fill('9');
  await press(hr, 'Lagre tallene');
  await expect(hr.getByText('Tallene du har skrevet, gir 21 koder i 2 grupper.')).toBeVisible();
  await keepsAccessible(hr);
  await hr.goto(`/rounds/${round}`);
  await keepsAccessible(hr);
  await press(hr, 'Godkjenn planen');

  let printed: Awaited<ReturnType<typeof printFile>> = [];
  await be(page, 'operator');
  await freezeAndOpen(page, round, async () => {
    printed = await printFile(hr, round);
  });
  expect(printed).toHaveLength(21);
  expect(printed.filter(({ group }) => group === 'Bofellesskapet Lia')).toHaveLength(12);
  await hr.context().close();

  const context = await browser.newContext({ javaScriptEnabled: false, ...phone });
  const plain = await context.newPage();
  await plain.goto(`/svar/${round}/nb`);
  await plain.getByRole('link', { name: 'Svar med kode uten JavaScript' }).click();
  await expect(
    plain.getByText('Men den som styrer serveren, kunne ha lest svaret akkurat da.'),
  ).toBeVisible();
  await asked(plain, '0000-0000-0000');
  await expect(plain.getByText('Koden er skrevet feil eller brukt.')).toBeVisible();
  const { code, group } = printed[0]!;
  await asked(plain, code.replaceAll('-', ''));
  await expect(plain.getByText(`svarene fra ${group}`)).toBeVisible();
  const first = plain.locator('fieldset').first();
  await first.locator('label').first().click();
  await press(plain, 'Davvisámegiella');
  await expect(plain.getByRole('button', { name: 'Sádde vástádusaid' })).toBeVisible();
  await expect(first.getByRole('radio').first()).toBeChecked();
  await press(plain, 'Bokmål');
  const other = plain.getByLabel('Kode', { exact: true });
  await other.fill('0000-0000-0000');
  await press(plain, 'Send svarene');
  await expect(plain.getByText('Alt du har valgt, står her fortsatt.')).toBeVisible();
  await expect(first.getByRole('radio').first()).toBeChecked();
  await plain.getByLabel('Kode', { exact: true }).fill(code);
  await press(plain, 'Send svarene');
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText('Takk. Svaret ditt er med.');
  const receipt = await plain.locator('.receipt').innerText();
  // Loaded again, the browser sends it again; it counts once, and the receipt is the same.
  await plain.reload();
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText(
    'Et svar fra denne svarseddelen er alt med',
  );
  await expect(plain.locator('.receipt')).toHaveText(receipt);
  await context.close();

  // The same page is fit for everybody.
  const seen = await (await browser.newContext()).newPage();
  await seen.goto(`/svar/${round}/nb/uten-skript`);
  await keepsAccessible(seen);
  await asked(seen, printed[1]!.code);
  await keepsAccessible(seen);
  await press(seen, 'Davvisámegiella');
  await keepsAccessible(seen);
  await press(seen, 'Sádde vástádusaid');
  await keepsAccessible(seen);
  await seen.goto(`/svar/${round}/nb/uten-skript`);
  await asked(seen, printed[1]!.code);
  await press(seen, 'Send svarene');
  await expect(seen.getByText('Koden er skrevet feil eller brukt.').first()).toBeVisible();
  await keepsAccessible(seen);
  await seen.context().close();
});
