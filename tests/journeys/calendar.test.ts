import { expect, type Page, test } from '@playwright/test';
import * as Calendar from '#domain/calendar.ts';
import * as Day from '#domain/day.ts';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

const today = Day.at(new Date());
/** The month four months ahead: near enough for its round to be planned at once. */
const opens = new Date(`${today.slice(0, 7)}-15T12:00:00Z`);
opens.setUTCMonth(opens.getUTCMonth() + 4);
const [year, month] = [opens.getUTCFullYear(), opens.getUTCMonth() + 1];
const name = 'Kulturens puls';
const round = `${name} ${year}`;

const main = (page: Page) => page.locator('main');
const run = (page: Page, of: number) => page.getByRole('link', { name: new RegExp(`^${name} ${of}: åpner`) });

test.describe.serial('HR looks ahead', () => {
  test.beforeEach(({ page }) => be(page, 'hr'));

  test('the usual programmes are there, or come with one press', async ({ page }) => {
    await page.goto('/calendar');
    await main(page).getByRole('link', { name: 'Programmer' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Programmer');
    const press = page.getByRole('button', { name: /^Legg til programmene som mangler/ });
    if (await press.isVisible()) {
      await keepsAccessible(page);
      await press.click();
      await expect(page.locator('.ds-error-summary')).toBeFocused();
      await page.getByLabel('Helse og omsorg').selectOption('HM');
      await press.click();
    }
    await expect(press).toHaveCount(0);
    await expect(page.getByText('Annethvert år i september, fra 2027')).toBeVisible();
    await keepsAccessible(page);
    await page.goto('/calendar');
    await expect(page.getByRole('table').getByRole('row')).not.toHaveCount(1);
    await keepsAccessible(page);
  });

  test('a new programme has ten years in the calendar, and its first round plans itself', async ({
    page,
  }) => {
    await page.goto('/calendar/programmes/new');
    await page.getByLabel('Første år').fill('snart');
    await page.getByRole('button', { name: 'Lagre' }).click();
    await expect(page.locator('.ds-error-summary').getByRole('link')).toHaveText([
      'Skriv et navn på høyst 120 tegn.',
      'Velg et spørreskjema.',
      'Velg minst én enhet.',
      'Skriv et årstall, som 2027.',
    ]);
    await keepsAccessible(page);
    await page.getByLabel('Program', { exact: true }).fill(name);
    await page.getByLabel('Spørreskjema').selectOption('extraordinary');
    await page.getByLabel('Bibliotek og kulturhus').check();
    await page.getByLabel('Hvor ofte').selectOption('Annethvert år');
    await page.getByLabel('Første år').fill(String(year));
    await page.getByLabel('Måned').selectOption(String(month));
    await page.getByRole('button', { name: 'Lagre' }).click();
    await expect(page.getByRole('link', { name, exact: true })).toBeVisible();

    await page.goto('/calendar');
    for (const of of [year, year + 2, year + 8]) await expect(run(page, of)).toBeVisible();
    await expect(run(page, year + 1)).toHaveCount(0);
    await main(page).getByRole('link', { name: round, exact: true }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(round);
    await expect(page.getByText('Se over, og godkjenn')).toBeVisible();
    await keepsAccessible(page);
  });

  test('a task is ticked off, and taken back', async ({ page }) => {
    await page.goto('/calendar');
    const what = `Få grunnlaget behandlet politisk, og godkjenn planen, ${round}`;
    await page
      .getByRole('button', { name: `Gjort: ${what}` })
      .last()
      .click();
    const undo = page.getByRole('button', { name: `Angre: ${what}` });
    await expect(undo).toBeVisible();
    await expect(main(page).getByText(/^Gjort \d+\. .* av /)).toBeVisible();
    await keepsAccessible(page);
    await undo.click();
    await expect(page.getByRole('button', { name: `Gjort: ${what}` }).last()).toBeVisible();
  });

  test('a run is moved, its days follow, and it is moved back', async ({ page }) => {
    await page.goto('/calendar');
    await run(page, year + 2).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${name} ${year + 2}`);
    await keepsAccessible(page);
    const rule = Calendar.windowOf({ month, windowDays: 21 }, year + 2).opensOn;
    const to = Array.from({ length: 100 }, (_, i) => Day.plus(rule, i + 1)).find((day) =>
      Calendar.fits(day, 21),
    )!;
    await page.getByLabel('Ny åpningsdag').fill(Day.plus(rule, 365));
    await page.getByRole('button', { name: 'Flytt', exact: true }).click();
    await expect(page.locator('.ds-error-summary')).toContainText('innen et halvt år');
    await page.getByLabel('Ny åpningsdag').fill(to);
    await page.getByRole('button', { name: 'Flytt', exact: true }).click();
    await expect(page.getByText('Lagt til en annen dag.')).toBeVisible();
    await expect(page.locator('.lead')).toContainText(
      new Intl.DateTimeFormat('nb-NO', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(to)),
    );
    await keepsAccessible(page);
    await page.goto('/calendar');
    await expect(page.getByRole('cell').filter({ has: run(page, year + 2) })).toContainText('flyttet');
    await run(page, year + 2).click();
    await page.getByRole('button', { name: /^Flytt tilbake til/ }).click();
    await expect(page.getByText('Lagt til en annen dag.')).toHaveCount(0);
  });

  test('a run that comes too soon after another is warned of, and shows the nearest day', async ({
    page,
  }) => {
    await page.goto('/calendar/programmes');
    await page.getByRole('link', { name, exact: true }).click();
    await keepsAccessible(page);
    await page.getByLabel('Hvor ofte').selectOption('Hvert år');
    await page.getByLabel('Måned').selectOption('september');
    await page.getByLabel('Første år').fill(String(year + 1));
    await page.getByRole('button', { name: 'Lagre' }).click();
    await page.goto('/calendar');
    const tight = page
      .getByRole('row')
      .filter({ hasText: name })
      .getByRole('cell')
      .filter({ hasText: 'for tett' });
    await tight.first().getByRole('link').click();
    await expect(
      page.getByText(/\d+ av \d+ inviterte ville få to fulle undersøkelser på 180 dager/),
    ).toBeVisible();
    await expect(page.getByText(/Nærmeste dag som går klar: \d+\. \S+ \d{4}\./)).toBeVisible();
    await keepsAccessible(page);
  });

  test('a subscription reads the calendar without signing in, until it is taken back', async ({
    page,
    request,
  }) => {
    await page.goto('/calendar');
    await page.getByRole('link', { name: 'Abonner på kalenderen' }).click();
    await keepsAccessible(page);
    await page.getByRole('button', { name: 'Lag en adresse' }).click();
    const address = await page.getByLabel('Adressen din').inputValue();
    await keepsAccessible(page);
    const file = await request.get(address);
    expect(file.headers()['content-type']).toBe('text/calendar; charset=utf-8');
    const text = (await file.text()).replaceAll('\r\n ', '');
    expect(text).toContain(`SUMMARY:${round}: Åpner for svar`);
    expect(text).not.toMatch(/\d+ (personer|inviterte|svar)/);
    await page.goto('/calendar/subscription');
    await expect(page.getByText(address)).toHaveCount(0);
    await page.getByRole('button', { name: 'Ta adressen tilbake' }).click();
    await expect(page.getByRole('button', { name: 'Lag en adresse' })).toBeVisible();
    expect((await request.get(address)).status()).toBe(404);
  });

  test('a programme is ended, and its planned round withdrawn', async ({ page }) => {
    await page.goto('/calendar/programmes');
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('button', { name: 'Avslutt programmet' }).click();
    await expect(page.getByRole('row').filter({ hasText: name })).toContainText('avsluttet');
    await page.goto('/rounds');
    await page.getByRole('link', { name: round, exact: true }).click();
    await page.getByText('Trekk tilbake').first().click();
    await page.getByLabel('Begrunnelse').fill('Bare en prøve');
    await page.getByRole('button', { name: 'Trekk tilbake' }).click();
    await page.goto('/calendar');
    await expect(main(page)).not.toContainText(name);
  });
});

test('a leader sees the calendar, and has nothing to press', async ({ page }) => {
  await be(page, 'leader');
  await page.getByRole('navigation', { name: 'Sider' }).getByRole('link', { name: 'Kalender' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kalender');
  await expect(main(page).getByRole('button')).toHaveCount(0);
  await expect(main(page).getByRole('link', { name: 'Programmer' })).toHaveCount(0);
  await keepsAccessible(page);
  for (const hidden of ['/calendar/programmes', '/calendar/programmes/new'])
    expect((await page.goto(hidden))?.status()).toBe(404);
});
