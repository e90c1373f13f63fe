import fs from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be, medvirk } from '../support/demo.ts';
import { readPdf } from '../support/pdf.ts';

// A dry run of its own among the residents of Tunet; the forms are entered by a leader at Solbakken.
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const code = (page: Page) => page.getByLabel('Koden på skjemaet').and(page.locator(':visible'));
const statements = 12;
test.describe.configure({ mode: 'serial' });
let round: string;

async function approvedRound(hr: Page) {
  await hr.goto('/rounds/new');
  await hr.getByLabel('Navn', { exact: true }).fill('Beboere på Tunet, på papir');
  const questionnaires = hr.locator('#questionnaire');
  const resident = await questionnaires
    .locator('option')
    .evaluateAll((all) => all.map((one) => one.textContent!).find((text) => /beboer/i.test(text)));
  await questionnaires.selectOption({ label: resident! });
  await hr.getByLabel('Tunet bo- og behandlingssenter', { exact: true }).check();
  await hr.locator('#dryRun').check();
  await press(hr, 'Lagre planen');
  const round = hr.url().split('/').at(-1)!;
  await hr.goto(`/rounds/${round}/numbers`);
  await hr.getByLabel('Tunet demens').fill('12');
  await press(hr, 'Lagre tallene');
  await hr.goto(`/rounds/${round}`);
  await press(hr, 'Godkjenn planen');
  return round;
}

/** Types a form: its code, then a number for each question. */
async function type(page: Page, typed: string, ticks = '3'.repeat(statements)) {
  await code(page).fill(typed);
  await page.keyboard.press('Enter');
  for (const tick of ticks) await page.keyboard.press(tick);
}

test('HR prints forms, and somebody from elsewhere enters them, five together', async ({ page, browser }) => {
  test.slow();
  const hr = await (await browser.newContext()).newPage();
  const leader = await (await browser.newContext()).newPage();
  await be(leader, 'leader');
  await leader.goto('/account');
  const [email] = (await leader.locator('.lead').innerText()).match(/\S+@\S+/)!;
  await be(hr, 'hr');
  round = await approvedRound(hr);
  await be(page, 'operator');
  await page.goto(`/rounds/${round}`);
  await Promise.all([page.waitForEvent('download'), press(page, 'Lås undersøkelsen og last ned nøkkelen')]);

  // The forms.
  await hr.goto(`/rounds/${round}/codes`);
  await press(hr, 'Lag koder og last ned skjemaene');
  await expect(hr.locator('.ds-error-summary')).toContainText('Skriv hvem som skal ha konvolutten.');
  await keepsAccessible(hr);
  await hr.getByLabel('Hvem skal ha konvolutten?').fill('Kari Nes på servicetorget');
  const [download] = await Promise.all([
    hr.waitForEvent('download'),
    press(hr, 'Lag koder og last ned skjemaene'),
  ]);
  expect(download.suggestedFilename()).toBe(`skjema-${round}.pdf`);
  const pdf = readPdf(await fs.readFile(await download.path()));
  expect(pdf).toMatchObject({ isTagged: true, language: 'nb-NO' });
  expect(pdf.text.replaceAll('\n', ' ')).toContain('Kari Nes på servicetorget');
  const codes = [...new Set(pdf.text.match(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/g))];
  expect(codes).toHaveLength(12);
  await hr.reload();
  await expect(hr.getByText('Alle kodene som trengs, er skrevet ut.').first()).toBeVisible();

  // The task.
  await hr.getByRole('link', { name: 'Hvem fører inn skjemaene?' }).click();
  await hr.getByLabel('Ansattnummer eller e-post').fill('ingen');
  await press(hr, 'Gi oppgaven');
  await expect(hr.getByLabel('Ansattnummer eller e-post')).toHaveValue('ingen');
  await hr.getByLabel('Ansattnummer eller e-post').fill(email);
  await press(hr, 'Gi oppgaven');
  await expect(hr.getByText('Kan føre inn for alle gruppene')).toBeVisible();
  await keepsAccessible(hr);
  await hr.context().close();
  await leader.goto(`/rounds/${round}/entry`);
  await expect(leader.getByText('Undersøkelsen er ikke åpen ennå.')).toBeVisible();
  await medvirk('round', 'open', round);

  // A batch, by keyboard.
  await leader.goto('/due');
  const task = leader.locator(`a[href="/rounds/${round}/entry"]`);
  await expect(task).toHaveText('Før inn skjemaer på papir: Beboere på Tunet, på papir');
  await task.click();
  for (const one of codes.slice(0, 4)) {
    await type(leader, one, `${'3'.repeat(statements)}11`);
    await expect(
      leader.getByRole('button', { name: 'Neste skjema' }).and(leader.locator(':visible')),
    ).toBeFocused();
    await leader.keyboard.press('Enter');
  }
  await press(leader, 'Send bunken');
  await expect(leader.locator('.ds-error-summary')).toContainText('En bunke er minst 5 skjemaer.');
  await expect(code(leader)).toHaveValue(codes[0]!);
  await leader.getByRole('button', { name: 'Skjema 5' }).click();
  await type(leader, '0000-0000-0000');
  await press(leader, 'Send bunken');
  await expect(leader.locator('.ds-error-summary')).toContainText('Skjema 5: koden finnes ikke.');
  await keepsAccessible(leader);
  await code(leader).fill(codes[4]!.toLowerCase());

  // The network is lost, and comes back.
  await leader.context().setOffline(true);
  await press(leader, 'Send bunken');
  await expect(leader.getByText('Bunken kom ikke fram.')).toBeVisible();
  await leader.context().setOffline(false);
  await press(leader, 'Send bunken');
  await expect(leader.getByText('Bunken er ført inn og med.')).toBeVisible();
  await keepsAccessible(leader);
  await leader.context().close();
});

test('the page keeps what is typed with JavaScript off too', async ({ browser }) => {
  test.slow();
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await be(plain, 'leader');
  await plain.goto(`/rounds/${round}/entry`);
  await plain.locator('[id="0-code"]').fill('7k2m');
  await plain.locator('[data-form="0"] label').nth(2).click();
  await press(plain, 'Legg til et skjema');
  await expect(plain.locator('[id="5-code"]')).toBeVisible();
  await expect(plain.locator('[id="0-code"]')).toHaveValue('7k2m');
  await press(plain, 'Send bunken');
  await expect(plain.locator('.ds-error-summary')).toContainText('Skjema 1: skriv koden, tolv tegn.');
  await expect(plain.locator('[data-form="0"] input:checked')).toHaveCount(1);
  await plain.context().close();
});
