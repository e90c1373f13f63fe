import { type Browser, expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

// Everything here is of Tunet langtid (HM-TU-1), which no other journey touches.
const unit = 'Tunet langtid';
const other = 'HM-TU-2';
const summary = (page: Page) => page.locator('.ds-error-summary');
const title = (page: Page) => page.getByRole('heading', { level: 1 });
const save = (page: Page) => page.getByRole('button', { name: 'Lagre tiltaket' }).click();

async function fill(page: Page, what: string) {
  await page.getByLabel('Hva skal gjøres?').fill(what);
  await page.getByLabel('Hva skal det føre til?').fill('Flere avvik fører til forbedring.');
  await page.getByLabel('Rolle, med ord').fill('Fagleder');
  await page.getByLabel('Start').fill('2027-01-10');
  await page.getByLabel('Frist').fill('2027-06-01');
}

/** A measure of the unit, written as HR does; gives its address. */
async function write(page: Page, what: string): Promise<string> {
  await page.goto('/measures/new?unit=HM-TU-1');
  await fill(page, what);
  await save(page);
  await expect(page.getByRole('status')).toHaveText('Tiltaket er lagret.');
  return new URL(page.url()).pathname;
}

async function somebody(browser: Browser, part: 'hr' | 'director') {
  const page = await (await browser.newContext()).newPage();
  await be(page, part);
  return page;
}

test('HR writes a measure, is told what is missing, and finds it in the list', async ({ page }) => {
  await be(page, 'hr');
  await page.getByRole('navigation', { name: 'Sider' }).getByRole('link', { name: 'Tiltak' }).click();
  await expect(title(page)).toHaveText('Tiltak');
  await keepsAccessible(page);
  await page.getByRole('link', { name: 'Skriv et nytt tiltak' }).click();
  await keepsAccessible(page);
  await page
    .getByLabel('Hvilken enhet')
    .selectOption({ label: `\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0${unit}` });
  await page.getByRole('button', { name: 'Gå videre' }).click();
  await expect(page.locator('.lead')).toHaveText(unit);
  await keepsAccessible(page);

  const name = `Gå gjennom avvikene <b>hver uke</b> 🌱 ${Date.now()}`;
  await page.getByLabel('Hva skal gjøres?').fill(name);
  await page.getByLabel('Start').fill('2027-06-01');
  await page.getByLabel('Frist').fill('2027-01-01');
  await save(page);
  await expect(summary(page)).toBeFocused();
  await expect(summary(page).getByRole('link')).toHaveText([
    'Skriv hva det skal føre til, med høyst 1000 tegn.',
    'Velg en person, eller skriv en rolle med høyst 120 tegn.',
    'Sett fristen til samme dag som starten eller senere.',
  ]);
  await expect(page.getByLabel('Hva skal gjøres?')).toHaveValue(name);
  await expect(page.getByLabel('Frist')).toHaveValue('2027-01-01');
  for (const link of await summary(page).getByRole('link').all()) {
    await link.click();
    await expect(page.locator(`${await link.getAttribute('href')}[aria-invalid=true]`)).toBeFocused();
  }
  await keepsAccessible(page);

  await fill(page, name);
  await page.getByLabel('Hvem har ansvaret?').selectOption({ index: 1 });
  // Pressed twice, it is written once.
  await page.getByRole('button', { name: 'Lagre tiltaket' }).dblclick();
  await expect(title(page)).toHaveText(name);
  await expect(page.getByText('Tiltaket er ennå uten plass.')).toBeVisible();
  await keepsAccessible(page);

  await page.goto('/measures?of=all');
  await page.getByLabel('Enhet, med alt under').selectOption('HM-TU');
  await page.getByLabel('Ord i tiltaket').fill(name);
  await page.getByRole('button', { name: 'Søk' }).click();
  await expect(page.getByRole('status')).toContainText(/^Fant \d+\./);
  await expect(page.getByRole('rowheader', { name })).toHaveCount(1);
  await keepsAccessible(page);
});

test('a measure’s status is written once, with a sentence, and it is asked whether it helped', async ({
  page,
  browser,
}) => {
  await be(page, 'hr');
  const name = `Lag en kaffekrok ved vaktrommet ${Date.now()}`;
  const address = await write(page, name);
  await page.getByRole('radio', { name: 'I gang' }).check();
  await page.getByRole('button', { name: 'Lagre statusen' }).click();
  await expect(summary(page)).toContainText('Skriv en setning om hvordan det går');
  await expect(page.getByRole('radio', { name: 'I gang' })).toBeChecked();
  await page.getByLabel('Si det med en setning').fill('Bordet er bestilt.');

  // The director writes first, on a page that was open at the same time.
  const director = await somebody(browser, 'director');
  await director.goto(address);
  await director.getByRole('radio', { name: 'På vent' }).check();
  await director.getByLabel('Si det med en setning').fill('Vi venter på brannvesenet.');
  await director.getByRole('button', { name: 'Lagre statusen' }).click();
  await expect(director.getByRole('status')).toContainText('Statusen er lagret');

  await page.getByRole('button', { name: 'Lagre statusen' }).click();
  await expect(summary(page)).toContainText('Noen andre lagret en status mens du skrev.');
  await expect(page.locator('.ds-alert')).toContainText('Vi venter på brannvesenet.');
  await expect(page.getByLabel('Si det med en setning')).toHaveValue('Bordet er bestilt.');
  await keepsAccessible(page);
  await page.getByRole('button', { name: 'Lagre statusen' }).click();
  await expect(page.getByRole('status')).toContainText('Statusen er lagret');

  await page.getByRole('radio', { name: 'Gjort' }).check();
  await page.getByLabel('Si det med en setning').fill('Kroken er i bruk.');
  await page.getByRole('button', { name: 'Lagre statusen' }).click();
  await keepsAccessible(page);
  await page.getByRole('radio', { name: 'Ja, det hjalp' }).check();
  await page.getByRole('button', { name: 'Lagre svaret' }).click();
  await expect(summary(page)).toContainText('Skriv hva som skjedde');
  await page.getByLabel('Hva skjedde?').fill('Nattevaktene møter dagvaktene.');
  await page.getByRole('button', { name: 'Lagre svaret' }).click();
  await expect(page.getByRole('status')).toHaveText('Takk. Svaret er lagret.');
  await expect(page.getByRole('button', { name: 'Lagre svaret' })).toHaveCount(0);
  await keepsAccessible(page);

  // Somebody in another unit is writing about the same.
  await director.goto(`/measures/new?unit=${other}`);
  await director.getByLabel('Hva skal gjøres?').fill('kaffekrok');
  await director.getByLabel('Rolle, med ord').fill('Ansvarsvakt');
  await director.getByRole('button', { name: 'Se hva andre har gjort' }).click();
  const found = director.getByRole('listitem').filter({ hasText: name });
  await expect(found).toContainText('Ja, det hjalp. Nattevaktene møter dagvaktene.');
  await expect(director.getByLabel('Hva skal gjøres?')).toHaveValue('kaffekrok');
  await keepsAccessible(director);
  await found.getByRole('button', { name: 'Bruk som utgangspunkt' }).click();
  await expect(director.getByLabel('Hva skal gjøres?')).toHaveValue(name);
  await expect(director.getByLabel('Rolle, med ord')).toHaveValue('Ansvarsvakt');

  await director.goto('/measures/lookup');
  await keepsAccessible(director);
  await director.getByLabel('Ord i tiltaket').fill('kaffe');
  await director.getByRole('button', { name: 'Søk' }).click();
  await expect(director.getByRole('listitem').filter({ hasText: name })).toBeVisible();
  await keepsAccessible(director);
  await director.context().close();
});

test('two who change the same measure lose nothing', async ({ page, browser }) => {
  await be(page, 'hr');
  const address = await write(page, `Felles fagdag ${Date.now()}`);
  const director = await somebody(browser, 'director');
  for (const one of [page, director]) await one.goto(`${address}/edit`);
  await keepsAccessible(page);

  await director.getByLabel('Hva skal gjøres?').fill('Felles fagdag i mars');
  await director.getByLabel('Frist').fill('2027-08-01');
  await director.getByRole('button', { name: 'Lagre endringene' }).click();
  await expect(director.getByRole('status')).toHaveText('Endringene er lagret.');

  await page.getByLabel('Hva skal gjøres?').fill('Felles fagdag i april');
  await page.getByLabel('Rolle, med ord').fill('Fagsykepleier');
  await page.getByRole('button', { name: 'Lagre endringene' }).click();
  await expect(summary(page)).toContainText('Noen andre skrev: Felles fagdag i mars.');
  await expect(page.getByLabel('Hva skal gjøres?')).toHaveValue('Felles fagdag i april');
  await expect(page.getByLabel('Frist')).toHaveValue('2027-08-01');
  await expect(page.getByLabel('Rolle, med ord')).toHaveValue('Fagsykepleier');
  await keepsAccessible(page);
  await page.getByRole('button', { name: 'Lagre endringene' }).click();
  await expect(page.getByRole('status')).toHaveText('Endringene er lagret.');
  await expect(title(page)).toHaveText('Felles fagdag i april');
  await page.getByText('Endret (2)').click();
  await expect(page.getByText('Felles fagdag i mars').first()).toBeVisible();
  await keepsAccessible(page);
  await director.context().close();
});
