import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be, medvirk } from '../support/demo.ts';
import { readPdf } from '../support/pdf.ts';

// Homes of "Bo og aktivitet", in rounds of this file's own: dry runs, so nobody else's tests meet them.
const tablet = { viewport: { width: 768, height: 1024 }, hasTouch: true };
const shown = (page: Page) => page.locator('main > section:visible');
const title = (page: Page) => shown(page).getByRole('heading', { level: 1 });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const minutes = (n: number) => n * 60_000;

/** A device with a Norwegian voice of its own, which writes down what it reads. */
async function withVoice(context: BrowserContext) {
  await context.addInitScript(() => {
    const said: string[] = [];
    const speech = {
      getVoices: () => [
        { lang: 'nb-NO', localService: false },
        { lang: 'nb-NO', localService: true },
      ],
      cancel: () => undefined,
      speak: ({ text, voice }: { text: string; voice: { localService: boolean } }) =>
        said.push(`${voice.localService} ${text}`),
      addEventListener: () => undefined,
    };
    class Utterance {
      text: string;
      constructor(text: string) {
        this.text = text;
      }
    }
    Object.defineProperty(window, 'speechSynthesis', { value: speech });
    Object.assign(window, { SpeechSynthesisUtterance: Utterance, said });
  });
}

async function typeCode(page: Page, code: string) {
  await page.getByLabel('Kode', { exact: true }).fill(code);
  await press(page, 'Fortsett');
  await press(page, 'De er like');
  await press(page, 'Begynn');
  await expect(title(page)).toHaveText('Før dere begynner');
}

test.describe('residents', () => {
  test.describe.configure({ mode: 'serial' });
  let round: string;
  let codes: { code: string; link: string }[];
  const keyFile = path.join(os.tmpdir(), `medvirk-residents-${process.pid}.txt`);

  test('are asked after HR has said who may help, and staff only by a decision', async ({
    page,
    browser,
  }) => {
    test.slow();
    const hr = await (await browser.newContext()).newPage();
    await be(hr, 'hr');
    await hr.goto('/rounds/new');
    await hr.getByLabel('Navn', { exact: true }).fill('Beboere på nettbrett');
    const asked = hr.locator('#questionnaire');
    const all = await asked.locator('option').allTextContents();
    await asked.selectOption({ label: all.find((text) => /^\s*beboer/i.test(text))!.trim() });
    await hr.getByLabel('Bo og aktivitet', { exact: true }).check();
    await hr.locator('#dryRun').check();
    await press(hr, 'Lagre planen');
    round = hr.url().split('/').at(-1)!;
    await hr.goto(`/rounds/${round}/numbers`);
    await hr.getByLabel('Bofellesskapet Lia').fill('12');
    await press(hr, 'Lagre tallene');

    await hr.goto(`/rounds/${round}`);
    await expect(hr.getByText('Pårørende og venner, frivillige og andre')).toBeVisible();
    await hr.getByRole('link', { name: 'Velg hvem som kan hjelpe beboerne' }).click();
    await expect(hr.getByLabel('Ansatte')).not.toBeChecked();
    await hr.getByLabel('Ansatte').check();
    await hr.getByLabel('Frivillige').uncheck();
    await press(hr, 'Lagre hvem som kan hjelpe');
    await expect(hr.locator('.ds-error-summary')).toContainText('Skriv saksnummeret, for eksempel 24/27.');
    await expect(hr.getByLabel('Ansatte')).toBeChecked();
    await expect(hr.getByLabel('Frivillige')).not.toBeChecked();
    await keepsAccessible(hr);
    await hr.getByLabel('Ansatte').uncheck();
    await hr.getByLabel('Frivillige').check();
    await press(hr, 'Lagre hvem som kan hjelpe');
    await press(hr, 'Godkjenn planen');

    await be(page, 'operator');
    await page.goto(`/rounds/${round}`);
    const [key] = await Promise.all([
      page.waitForEvent('download'),
      press(page, 'Lås undersøkelsen og last ned nøkkelen'),
    ]);
    await key.saveAs(keyFile);
    await hr.goto(`/rounds/${round}/codes`);
    await expect(hr.getByText(`/svar/${round}/nb?kiosk`)).toBeVisible();
    await hr.getByLabel('Fil til trykkeri: gruppe og kode, uten navn').check();
    const [file] = await Promise.all([hr.waitForEvent('download'), press(hr, 'Lag koder og last ned')]);
    const [, ...rows] = (await fs.readFile(await file.path(), 'utf8')).trim().split('\r\n');
    codes = rows.map((row) => {
      const [, code, link] = row.split(';') as [string, string, string];
      return { code, link };
    });
    expect(codes).toHaveLength(12);
    await medvirk('round', 'open', round);
    await hr.context().close();
  });

  test('point at a printed card with the words of the screen', async ({ page }) => {
    for (const language of ['nb', 'nn', 'en']) {
      await page.goto(`/svar/${round}/${language}/svarkort`);
      await expect(page.getByRole('listitem')).toHaveCount(4);
      await keepsAccessible(page);
      const href = await page.getByRole('link', { name: '(PDF)' }).getAttribute('href');
      const file = await page.request.get(href!);
      expect(file.headers()['content-type']).toBe('application/pdf');
      expect(readPdf(await file.body())).toMatchObject({ isTagged: true, pages: 1 });
    }
    await expect(page.getByText('It varies')).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('heading', { level: 1 })).toBeHidden();
  });

  test('answer one statement at a time, with help, read aloud, by keyboard alone', async ({ browser }) => {
    const context = await browser.newContext(tablet);
    await withVoice(context);
    const page = await context.newPage();
    await page.goto(codes[0]!.link);
    await press(page, 'Begynn');
    await expect(title(page)).toHaveText('Før dere begynner');
    await expect(shown(page)).toContainText('Ansatte hjelper ikke med å svare');
    await expect(page.getByRole('radio', { name: 'Ansatt', exact: true })).toHaveCount(0);
    await keepsAccessible(page);
    await page.setViewportSize(tablet.viewport);
    await page.getByRole('radio', { name: 'Jeg svarer alene' }).focus();
    await page.keyboard.press('Space');
    await expect(page.getByRole('group', { name: 'Hvem hjelper' })).toBeHidden();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('radio', { name: 'Frivillig' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Alle 12 spørsmål' }).focus();
    await page.keyboard.press('Enter');

    await expect(title(page)).toHaveText('De ansatte er vennlige mot meg.');
    await expect(title(page)).toBeFocused();
    await keepsAccessible(page);
    await page.setViewportSize(tablet.viewport);
    await press(page, 'Les høyt');
    await press(page, 'Les en gang til');
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    const words = 'true De ansatte er vennlige mot meg. Nei. Det varierer. Ja. Vet ikke.';
    expect(said).toEqual([words, words]);
    // On a page in Northern Sami the statement falls back to bokmål, and is read in it.
    await page.getByRole('link', { name: 'Davvisámegiella' }).click();
    await expect(title(page)).toHaveAttribute('lang', 'nb');
    await press(page, 'Loga jitnosit');
    expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([words]);
    await page.getByRole('link', { name: 'Bokmål' }).click();

    await title(page).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('radio', { name: 'Det varierer' })).toBeChecked();
    await press(page, 'Neste');
    await expect(shown(page)).toContainText('Spørsmål 2 av 12');
    await press(page, 'Tilbake');
    await expect(page.getByRole('radio', { name: 'Det varierer' })).toBeChecked();
    await press(page, 'Stopp');
    await expect(shown(page)).toContainText('Ingenting er sendt.');
    await keepsAccessible(page);
    await press(page, 'Fortsett å svare');
    await expect(title(page)).toHaveText('De ansatte er vennlige mot meg.');
    // Closed and opened again: it stands where it stood.
    await page.reload();
    await expect(page.getByRole('radio', { name: 'Det varierer' })).toBeChecked();
    await press(page, 'Stopp');
    await press(page, 'Se over og send det jeg har svart');
    await expect(shown(page)).toContainText('Du har hoppet over 11 påstander.');
    await expect(shown(page)).toContainText('Frivillig');
    await keepsAccessible(page);
    await press(page, 'Send svarene');
    await expect(title(page)).toHaveText('Takk. Svaret ditt er med.');
    await context.close();
  });

  test('take the simplified edition, which sends nothing that is out of sight, and may stop for good', async ({
    browser,
  }) => {
    const context = await browser.newContext(tablet);
    const page = await context.newPage();
    await page.goto(codes[1]!.link);
    await press(page, 'Begynn');
    await press(page, 'Alle 12 spørsmål');
    await press(page, 'Neste');
    await expect(title(page)).toHaveText('Jeg forstår det de ansatte sier.');
    await page.getByText('Ja', { exact: true }).locator('visible=true').click();
    await press(page, 'Tilbake');
    await press(page, 'Tilbake');
    await press(page, 'Enkel utgave, 8 spørsmål');
    await expect(shown(page)).toContainText('Spørsmål 1 av 8');
    await expect(page.locator('fieldset input:checked')).toHaveCount(0);
    await press(page, 'Neste');
    await expect(title(page)).toHaveText('De ansatte hører på meg.');
    await page.reload();
    await expect(shown(page)).toContainText('Spørsmål 2 av 8');
    await press(page, 'Stopp');
    await press(page, 'Slett svarene og avslutt');
    await expect(title(page)).toHaveText('Du har stoppet');
    await keepsAccessible(page);
    expect(page.url()).not.toContain('#');
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    await context.close();
  });

  test('share a tablet that forgets everyone', async ({ browser }) => {
    const context = await browser.newContext(tablet);
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`/svar/${round}/nb?kiosk`);
    const before = await page.evaluate(() => history.length);
    await expect(title(page)).toHaveText('Skriv koden du har fått');
    // Where nobody is, silence changes nothing.
    await page.clock.fastForward(minutes(10));
    await expect(page.getByRole('dialog')).toBeHidden();

    await typeCode(page, codes[2]!.code);
    await expect(page.getByRole('navigation')).toBeHidden();
    await press(page, 'Enkel utgave, 8 spørsmål');
    await shown(page).locator('label').first().click();
    await expect(page.getByRole('button', { name: 'Neste person' })).toBeHidden();
    // A warning after four minutes, and more time for who wants it.
    await page.clock.fastForward(minutes(4.1));
    await expect(page.getByRole('dialog')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Jeg trenger mer tid' })).toBeFocused();
    await keepsAccessible(page);
    await page.setViewportSize(tablet.viewport);
    await press(page, 'Jeg trenger mer tid');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.clock.fastForward(minutes(3));
    await expect(shown(page)).toContainText('Spørsmål 1 av 8');
    await press(page, 'Stopp');
    await press(page, 'Se over og send det jeg har svart');
    await press(page, 'Send svarene');
    await expect(title(page)).toHaveText('Takk. Svaret ditt er med.');
    const traces = () =>
      page.evaluate(() => ({
        kept: localStorage.length + sessionStorage.length,
        history: history.length,
        state: history.state as unknown,
        checked: document.querySelectorAll(':checked').length,
        code: document.querySelector<HTMLInputElement>('#code')!.value,
        receipt: document.querySelector('[data-slot=receipt]')!.textContent,
      }));
    const nothing = { kept: 0, history: before, state: null, checked: 0, code: '', receipt: '' };
    await press(page, 'Neste person');
    await expect(title(page)).toHaveText('Skriv koden du har fått');
    expect(await traces()).toEqual(nothing);

    // The next one goes away in the middle.
    await typeCode(page, codes[3]!.code);
    await press(page, 'Alle 12 spørsmål');
    await shown(page).locator('label').first().click();
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
    expect(page.url()).not.toContain('#');
    await page.clock.fastForward(minutes(4.1));
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.clock.fastForward(minutes(1));
    await expect(title(page)).toHaveText('Skriv koden du har fått');
    expect(await traces()).toEqual(nothing);
    await context.close();
  });

  test('are written down in numbers afterwards, those too who could not answer', async ({ page }) => {
    await medvirk('round', 'stop', round);
    await be(page, 'hr');
    await page.goto(`/rounds/${round}`);
    await expect(page.getByText('Når svarene er telt opp')).toBeVisible();
    await medvirk('round', 'close', round, '--key-file', keyFile);
    await fs.rm(keyFile);
    await page.reload();
    await page.getByRole('link', { name: 'Skriv tallene' }).click();
    await page.getByLabel('Begynte, men stoppet').fill('1');
    await page.getByLabel('Ønsket å la være').fill('noen');
    await page.getByLabel('Kunne ikke svare').fill('5');
    await press(page, 'Lagre tallene for godt');
    await expect(page.locator('.ds-error-summary')).toContainText('Skriv et helt tall.');
    await expect(page.getByLabel('Ønsket å la være')).toHaveValue('noen');
    await keepsAccessible(page);
    await page.getByLabel('Ønsket å la være').fill('0');
    await press(page, 'Lagre tallene for godt');
    await expect(page.getByText('Det er 25 % av dem som kunne svare.')).toBeHidden();
    await expect(page.getByText('Inviterte i alt')).toBeVisible();
    await keepsAccessible(page);
  });
});
