import fs from 'node:fs/promises';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import * as Day from '#domain/day.ts';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

// Everything here is of Tunet (HM-TU) and Tunet korttid (HM-TU-2), and a remark beside an IA plan of Solbakken (HM-SO).
const enterprise = 'Tunet bo- og behandlingssenter';
const department = 'Tunet korttid og rehabilitering';
const year = Number(Day.at(new Date()).slice(0, 4));
const summary = (page: Page) => page.locator('.ds-error-summary');
const title = (page: Page) => page.getByRole('heading', { level: 1 });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const follow = (page: Page, name: string) =>
  page.getByRole('main').getByRole('link', { name, exact: true }).first().click();

async function somebody(browser: Browser, part: 'hr' | 'director' | 'union' | 'leader') {
  const page = await (await browser.newContext({ acceptDownloads: true })).newPage();
  await be(page, part);
  return page;
}

/** Begins a plan through the pages; gives its address. */
async function begin(page: Page, kind: string, unit: string, of = year): Promise<string> {
  await page.goto(`/plans/new?unit=${unit}&year=${of}`);
  await page.getByRole('radio', { name: kind }).check();
  await page.getByLabel('Begynn med målene fra forrige plan').uncheck();
  await press(page, 'Lag planen');
  await expect(title(page)).toHaveText(`${kind} ${of}`);
  return new URL(page.url()).pathname;
}

async function addGoal(page: Page, plan: string, goal: string, ...subGoals: string[]) {
  await page.goto(`${plan}/goals`);
  await page.getByLabel('Mål', { exact: true }).last().fill(goal);
  await press(page, 'Legg til målet');
  for (const sub of subGoals) {
    await page.getByLabel(`Nytt delmål under ${goal}`).fill(sub);
    await page.getByLabel(`Nytt delmål under ${goal}`).press('Enter');
    await expect(page.getByRole('heading', { name: sub })).toBeVisible();
  }
}

/** A measure of a unit, written as the director does; of no plan. */
async function measure(page: Page, unit: string, what: string) {
  await page.goto(`/measures/new?unit=${unit}`);
  await writeMeasure(page, what);
}

async function writeMeasure(page: Page, what: string) {
  await page.getByLabel('Hva skal gjøres?').fill(what);
  await page.getByLabel('Hva skal det føre til?').fill('Flere er på jobb.');
  await page.getByLabel('Rolle, med ord').fill('Fagleder');
  await page.getByLabel('Start').fill(`${year}-01-10`);
  await page.getByLabel('Frist').fill(`${year + 1}-06-01`);
  await press(page, 'Lagre tiltaket');
}

const openGoal = (page: Page, name: string) => page.locator('summary', { hasText: name }).click();

test('a director makes the business plan, and writes its goals', async ({ page }) => {
  await be(page, 'director');
  await page.getByRole('navigation', { name: 'Sider' }).getByRole('link', { name: 'Planer' }).click();
  await expect(title(page)).toHaveText('Planer');
  await keepsAccessible(page);
  await follow(page, 'Lag en plan');
  await keepsAccessible(page);

  await page.getByLabel('År').fill('1999');
  await press(page, 'Lag planen');
  await expect(summary(page)).toBeFocused();
  await expect(summary(page).getByRole('link')).toHaveText([
    'Velg type plan.',
    'Velg en enhet.',
    'Skriv et år fra 2000 til 2100.',
  ]);
  await expect(page.getByLabel('År')).toHaveValue('1999');
  await keepsAccessible(page);
  await page.getByRole('radio', { name: 'Virksomhetsplan' }).check();
  await page.getByLabel('Enhet').selectOption('HM-TU-2');
  await page.getByLabel('År').fill(String(year));
  await press(page, 'Lag planen');
  await expect(summary(page)).toContainText('En virksomhetsplan er for en enhet med avdelinger under seg.');
  await page.getByLabel('Enhet').selectOption('HM-TU');
  await page.getByLabel('Begynn med målene fra forrige plan').uncheck();
  await press(page, 'Lag planen');
  await expect(title(page)).toHaveText(`Virksomhetsplan ${year}`);
  await expect(page.getByText('Planen venter på å bli avtalt.')).toBeVisible();
  await keepsAccessible(page);
  const plan = new URL(page.url()).pathname;

  await page.goto(`/plans/new?kind=business&unit=HM-TU&year=${year}`);
  await press(page, 'Lag planen');
  await expect(page.getByText(`Virksomhetsplan ${year} for ${enterprise} finnes allerede.`)).toBeVisible();
  await follow(page, 'Åpne den');
  await expect(page).toHaveURL(plan);

  await follow(page, 'Skriv mål og delmål');
  await press(page, 'Legg til målet');
  await expect(summary(page)).toHaveText(/Skriv hva dere vil oppnå\./);
  await addGoal(page, plan, 'Trygge tjenester', 'Avvik fører til læring', 'Overganger er trygge');
  await addGoal(page, plan, 'Nok folk', 'Flere vil jobbe her');
  await press(page, 'Flytt opp Nok folk');
  await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText('1. Nok folk');
  await openGoal(page, 'Trygge tjenester');
  await press(page, 'Ta bort Trygge tjenester');
  await expect(summary(page)).toContainText('Det står delmål under Trygge tjenester.');
  await keepsAccessible(page);
});

/** The business plan that the test above made. */
async function findPlan(page: Page): Promise<string> {
  await be(page, 'director');
  await page.goto('/plans?unit=HM-TU');
  await follow(page, `Virksomhetsplan ${year}`);
  await expect(title(page)).toHaveText(`Virksomhetsplan ${year}`);
  return new URL(page.url()).pathname;
}

test('measures are written in the plan, placed in it, moved, and agreed on', async ({ page }) => {
  const plan = await findPlan(page);
  await page.getByRole('link', { name: 'Skriv et tiltak under Avvik fører til læring' }).click();
  await writeMeasure(page, 'Gå gjennom avvik på tavlemøtet');
  await page.goto(plan);
  const row = page.getByRole('row', { name: /Gå gjennom avvik på tavlemøtet/ });
  await expect(row).toContainText('Fagleder');
  await expect(row).toContainText('Ikke begynt');
  await page.goto(`${plan}/goals`);
  await openGoal(page, 'Avvik fører til læring');
  await press(page, 'Ta bort Avvik fører til læring');
  await expect(summary(page)).toContainText('Det står tiltak under Avvik fører til læring.');

  await measure(page, 'HM-TU-2', 'Overlapp mellom vaktene');
  await page.goto(plan);
  await expect(page.getByText(/\d+ tiltak er klare til å settes inn\./)).toBeVisible();
  await follow(page, 'Sett inn tiltak');
  await keepsAccessible(page);
  const others = page.locator('details', { hasText: 'Overlapp mellom vaktene' }).last();
  if (!(await others.evaluate((one: HTMLDetailsElement) => one.open)))
    await others.locator('summary').click();
  await others.getByLabel('Overlapp mellom vaktene').check();
  await others.getByRole('button', { name: /Sett inn( de valgte)?$/ }).click();
  await expect(summary(page)).toContainText('Velg et delmål.');
  await expect(others.getByLabel('Overlapp mellom vaktene')).toBeChecked();
  await keepsAccessible(page);
  await others.getByLabel('Sett inn under').selectOption({ label: '2.2 Overganger er trygge' });
  await others.getByRole('button', { name: /Sett inn( de valgte)?$/ }).click();
  await expect(page.getByRole('status')).toHaveText('1 tiltak satt inn.');
  await page.locator('#here summary', { hasText: 'Overlapp mellom vaktene' }).click();
  await page
    .getByLabel('Flytt Overlapp mellom vaktene til')
    .selectOption({ label: '1.1 Flere vil jobbe her' });
  await page
    .locator('#here details', { hasText: 'Overlapp mellom vaktene' })
    .getByRole('button', { name: 'Flytt', exact: true })
    .click();
  await expect(page.getByRole('status')).toHaveText('Tiltaket er flyttet.');
  await keepsAccessible(page);

  await page.goto(`${plan}/agreements/new`);
  await keepsAccessible(page);
  await page.getByLabel('Dato').fill(`${year + 1}-12-31`);
  await press(page, 'Avtal planen');
  await expect(summary(page).getByRole('link')).toHaveText([
    'Datoen er ikke kommet ennå. Skriv dagen planen ble avtalt.',
    'Velg hvor planen ble avtalt.',
  ]);
  await keepsAccessible(page);
  await page.getByLabel('Dato').fill(`${year - 1}-12-15`);
  await page.getByRole('radio', { name: 'Medbestemmelsesmøte' }).check();
  await press(page, 'Avtal planen');
  await expect(page.getByText(`Avtalt 15. desember ${year - 1} i medbestemmelsesmøte.`)).toContainText(
    'Planen er som da den ble avtalt.',
  );

  await page.goto(`${plan}/measures`);
  await page.locator('#here summary', { hasText: 'Overlapp mellom vaktene' }).click();
  await press(page, 'Ta ut av planen: Overlapp mellom vaktene');
  await expect(page.getByRole('status')).toContainText('Tiltaket er tatt ut av planen.');
  await page.goto(plan);
  await expect(page.getByText(/Siden da: 1 tiltak tatt ut\./)).toBeVisible();
  await expect(page.getByRole('row', { name: /Overlapp mellom vaktene/ })).toHaveCount(0);
  await follow(page, 'Les planen slik den ble avtalt');
  await expect(title(page)).toHaveText(`Virksomhetsplan ${year}, slik den ble avtalt`);
  await expect(page.getByRole('row', { name: /Overlapp mellom vaktene/ })).toBeVisible();
  await keepsAccessible(page);
});

test('the plan can be taken away: Excel, CSV, text, paper', async ({ page }) => {
  const plan = await findPlan(page);
  const saved = async (name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await fs.readFile(await download.path()) };
  };
  const excel = await saved('Excel-fil (.xlsx)');
  expect(excel.name).toBe(`Virksomhetsplan ${year} ${enterprise}.xlsx`);
  const strings = strFromU8(unzipSync(excel.bytes)['xl/sharedStrings.xml']!);
  for (const words of [
    'Mål',
    'Delmål',
    'Tiltak',
    'Ansvarlig',
    'Frist',
    'Status',
    'Beskrivelse',
    'Ikke begynt',
  ])
    expect(strings).toContain(`>${words}<`);
  const csv = (await saved('CSV for Excel')).bytes.toString();
  expect(csv.split('\r\n')[0]).toBe('\uFEFFMål;Delmål;Tiltak;Ansvarlig;Frist;Status;Beskrivelse');
  expect(csv).toContain(
    `Trygge tjenester;Avvik fører til læring;Gå gjennom avvik på tavlemøtet;Fagleder;01.06.${year + 1};Ikke begynt;`,
  );
  const text = await (await page.request.get(`${plan}/plan.txt`)).text();
  expect(text).toContain('\n2. Trygge tjenester\n\n2.1 Avvik fører til læring\n   – Gå gjennom avvik');

  await page.emulateMedia({ media: 'print' });
  await expect(title(page)).toBeVisible();
  for (const not of ['banner', 'navigation', 'contentinfo', 'button'] as const)
    for (const part of await page.getByRole(not).all()) await expect(part).toBeHidden();
  const paper = (await page.pdf({ format: 'A4' })).toString('latin1');
  expect(paper.match(/\/Type\s*\/Page\b/g)!.length).toBeLessThanOrEqual(2);
});

test('two write the same IA plan at once, and nothing is lost', async ({ browser }) => {
  const [first, second] = [await somebody(browser, 'director'), await somebody(browser, 'hr')];
  const plan = await begin(first, 'IA-plan', 'HM-TU-2');
  await follow(first, 'Skriv mål og delmål');
  await press(first, 'Bruk de valgte');
  await expect(summary(first)).toContainText('Velg minst ett delmål.');
  await keepsAccessible(first);
  await first.getByLabel('Vi legger til rette for dem som trenger det').check();
  await first.getByLabel('Alle vet hva som ventes av dem').check();
  await press(first, 'Bruk de valgte');
  const goal = 'Vi legger til rette for dem som trenger det';
  await expect(first.getByRole('heading', { name: goal })).toBeVisible();
  await expect(first.getByRole('heading', { name: 'Forslag til en start' })).toHaveCount(0);

  for (const page of [first, second]) {
    await page.goto(`${plan}/goals`);
    await openGoal(page, goal);
  }
  const write = async (page: Page, words: string) => {
    await page.locator('details[open]').getByLabel('Delmål', { exact: true }).fill(words);
    await page.locator('details[open]').getByRole('button', { name: 'Lagre' }).click();
  };
  await write(first, 'Vi legger til rette tidlig');
  await expect(first.getByRole('heading', { name: 'Vi legger til rette tidlig' })).toBeVisible();
  await write(second, 'Vi legger til rette sammen');
  await expect(summary(second)).toContainText('Noen andre har skrevet «Vi legger til rette tidlig»');
  await keepsAccessible(second);
  await expect(second.getByRole('heading', { name: 'Vi legger til rette tidlig' })).toBeVisible();
  await write(second, 'Vi legger til rette tidlig og sammen');
  await expect(second.getByRole('heading', { name: 'Vi legger til rette tidlig og sammen' })).toBeVisible();

  await first.goto(`${plan}/goals`);
  await openGoal(first, 'Alle vet hva');
  await openGoal(second, 'Alle vet hva');
  await press(second, 'Ta bort Alle vet hva som ventes av dem');
  await write(first, 'Alle kjenner oppgavene sine');
  await expect(summary(first)).toContainText('Du skrev: Alle kjenner oppgavene sine');
  await expect(first.getByLabel('Mål', { exact: true }).last()).toHaveValue('Alle kjenner oppgavene sine');

  await first.goto('/plans?unit=HM-TU');
  await expect(first.getByRole('status')).toHaveText(/Fant \d+\./);
  await expect(first.getByRole('row', { name: new RegExp(`IA-plan ${year} ${department}`) })).toBeVisible();
  await keepsAccessible(first);
});

test('next year’s plan begins from this year’s', async ({ page }) => {
  await be(page, 'director');
  const plan = await begin(page, 'HMS-plan', 'HM-TU-2');
  await addGoal(page, plan, 'Trygt arbeid', 'Færre fall');
  await page.goto(plan);
  await page.getByRole('link', { name: 'Skriv et tiltak under Færre fall' }).click();
  await writeMeasure(page, 'Strø inngangene');
  await page.goto(`/plans/new?kind=hms&unit=HM-TU-2&year=${year + 1}`);
  await press(page, 'Lag planen');
  await expect(title(page)).toHaveText(`HMS-plan ${year + 1}`);
  await expect(page.getByRole('heading', { level: 3 })).toHaveText('1.1 Færre fall');
  await expect(page.getByRole('row', { name: /Strø inngangene/ })).toBeVisible();
});

test('a union representative says something beside a plan, and changes nothing in it', async ({
  browser,
}) => {
  const hr = await somebody(browser, 'hr');
  const plan = await begin(hr, 'IA-plan', 'HM-SO', 2099);
  const page = await somebody(browser, 'union');
  await page.goto(plan);
  await expect(page.getByRole('link', { name: 'Skriv mål og delmål' })).toHaveCount(0);
  for (const only of ['goals', 'measures', 'agreements/new'])
    expect((await page.request.get(`${plan}/${only}`)).status()).toBe(404);
  await press(page, 'Legg til merknaden');
  await expect(summary(page)).toContainText('Skriv hva du vil si.');
  await keepsAccessible(page);
  await page.getByLabel('Merknad').fill('Vi har vært med på planen,\nog er enige.');
  await press(page, 'Legg til merknaden');
  await expect(page.getByRole('status')).toHaveText('Merknaden står ved planen.');
  await expect(page.getByRole('figure')).toContainText('Tillitsvalgt');
  await keepsAccessible(page);
  await hr.goto(plan);
  await expect(hr.getByRole('figure')).toContainText('og er enige.');
  await expect(hr.getByLabel('Merknad')).toHaveCount(0);
});
