import { randomUUID } from 'node:crypto';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import type { Role } from '#domain/access.ts';
import { checkWord, draw, print, read, write } from '#domain/sheet.ts';
import { base64url, hex } from '#domain/bytes.ts';
import { person, role, witness } from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';
import { keepsAccessible } from '../support/axe.ts';
import { day } from '../support/demo.ts';
import { type OwnServer, ownServer } from '../support/server.ts';
import { town } from '../support/town.ts';

let server: OwnServer;
test.beforeAll(async () => {
  server = await ownServer();
  await town(server.main);
});
test.afterAll(() => server.stop());

const names = {
  hr: 'Hilde HR',
  operator: 'Dag Drift',
  dpo: 'Pia Personvern',
  union: 'Tom Tillitsvalgt',
  safety: 'Vera Verneombud',
};

/** Somebody signed in on a device of their own, and everything that the device sends. */
async function device(browser: Browser, who: keyof typeof names) {
  const id = randomUUID();
  const now = new Date();
  await server.main.insert(person).values({ id, name: names[who], email: `${who}@testvik.example` });
  await server.main.insert(role).values({ personId: id, role: who satisfies Role, givenAt: now });
  const value = await sessions.create(server.main, id, now);
  const context = await browser.newContext({ baseURL: server.origin });
  await context.addCookies([{ name: 'session', value, url: server.origin }]);
  const page = await context.newPage();
  const sent: { method: string; url: string; body: string }[] = [];
  page.on('request', (asked) =>
    sent.push({ method: asked.method(), url: asked.url(), body: asked.postData() ?? '' }),
  );
  return { page, sent };
}
type Device = Awaited<ReturnType<typeof device>>;

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const step = (page: Page) => page.locator('[aria-current=step]');

/** Makes a sheet, reads it as it is printed, and types one line of it back. */
async function makeSheet({ page }: Device, round: string, look = false): Promise<string> {
  await page.goto(`/rounds/${round}`);
  await page.getByRole('link', { name: 'Nøkkelarket ditt' }).click();
  if (look) await keepsAccessible(page);
  await press(page, 'Lag nøkkelen nå');
  const lines = page.locator('[data-line]');
  await expect(lines.first()).toHaveText(/^\w{4} \w{4} \w{4} \w{4}$/);
  const sheet = (await lines.allInnerTexts()).join('\n');
  const word = await page.locator('[data-slot=word]').innerText();
  if (look) await keepsAccessible(page);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { name: 'Nøkkelark for vitne' })).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  await page.emulateMedia({ media: 'screen' });

  await press(page, 'Jeg har arket på papir');
  await expect(lines.first()).toBeHidden();
  const typed = page.getByLabel(/^Linje \d$/);
  const number = Number((await page.locator('[data-slot=number]').innerText()).trim());
  await typed.fill(sheet.split('\n')[number % 4]!);
  await press(page, 'Ferdig');
  await expect(page.getByRole('alert')).toContainText(`Linje ${number} er skrevet feil.`);
  if (look) await keepsAccessible(page);
  await typed.fill(sheet.split('\n')[number - 1]!.toUpperCase());
  await press(page, 'Ferdig');
  await expect(page.getByRole('heading', { name: 'Nøkkelen din er laget' })).toBeVisible();
  await expect(page.locator('#mine')).toContainText(word);
  if (look) await keepsAccessible(page);
  return sheet;
}

/** Hands in the public half of a sheet that was made offline; first what must not be sent, or is somebody else's. */
async function pasteSheet({ page, sent }: Device, round: string, others: string): Promise<string> {
  const half = await draw(crypto);
  const sheet = (await write(half.secret)).map(print).join('\n');
  await page.goto(`/rounds/${round}/sheet`);
  await page.getByText('Lag arket uten nett').click();
  const field = page.getByLabel('Den offentlige halvparten');
  const before = sent.length;
  await field.fill(sheet.split('\n')[0]!);
  await press(page, 'Lagre den offentlige halvparten');
  await expect(page.locator('input:invalid')).toHaveCount(1);
  expect(sent).toHaveLength(before);
  await field.fill(others);
  await press(page, 'Lagre den offentlige halvparten');
  await expect(page.locator('.ds-error-summary')).toContainText('Denne nøkkelen står på et annet ark');
  await expect(field).toHaveValue(others);
  await keepsAccessible(page);
  await field.fill(half.point);
  await press(page, 'Lagre den offentlige halvparten');
  await expect(page.locator('#mine')).toContainText(await checkWord(half.point));
  return sheet;
}

/** Every spelling in which a private half could be sent. */
async function spellings(sheet: string): Promise<string[]> {
  const half = await read(sheet);
  if (!half.ok) throw new Error(half.refusal);
  const lines = sheet
    .split('\n')
    .flatMap((line) => [line, line.replaceAll(' ', ''), encodeURIComponent(line)]);
  return [...lines, base64url(half.secret), Buffer.from(half.secret).toString('base64'), hex(half.secret)];
}

const openWith = async (page: Page, first: string, second: string) => {
  await page.getByLabel('Det ene arket').fill(first);
  await page.getByLabel('Det andre arket').fill(second);
  await press(page, 'Åpne og tell opp');
};
const typo = (sheet: string) => sheet.replace(/.$/, (sign) => (sign === '0' ? '2' : '0'));

test('three witnesses make sheets, two of them open the box, one confirms, and the sheets never leave them', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const [hr, operator, dpo, union, safety] = [
    await device(browser, 'hr'),
    await device(browser, 'operator'),
    await device(browser, 'dpo'),
    await device(browser, 'union'),
    await device(browser, 'safety'),
  ];
  const window = ['--from', day(2), '--to', day(20), '--dry-run'];
  const { round } = await server.medvirk<{ round: string }>(
    ...['round', 'create', '--questionnaire', 'employee', '--units', 'K', '--name', 'Øvelse for vitner'],
    ...window,
  );

  // HR says who holds the keys.
  await hr.page.goto(`/rounds/${round}`);
  await hr.page.getByRole('link', { name: 'Velg hvem som har nøkkelen' }).click();
  await keepsAccessible(hr.page);
  await hr.page.getByLabel('Tre vitner').check();
  await hr.page.getByLabel('personvernombud', { exact: true }).selectOption(names.dpo);
  await hr.page.getByLabel('hovedtillitsvalgt', { exact: true }).selectOption(names.union);
  await press(hr.page, 'Lagre');
  await expect(hr.page.locator('.ds-error-summary')).toContainText('Velg en som har rollen.');
  await keepsAccessible(hr.page);
  await hr.page.getByLabel('hovedverneombud', { exact: true }).selectOption(names.safety);
  await press(hr.page, 'Lagre');
  await expect(hr.page.locator('#keys')).toContainText('ikke laget ennå');
  await expect(hr.page.locator('#next')).toContainText('Er to ark borte, kan ingen noen gang telle dem');
  await keepsAccessible(hr.page);

  // The operator cannot freeze before all three have made their keys, each on a device of their own.
  await operator.page.goto(`/rounds/${round}`);
  await expect(operator.page.getByRole('button', { name: 'Lås undersøkelsen' })).toHaveCount(0);
  const lost = await makeSheet(dpo, round, true);
  await press(dpo.page, 'Jeg har mistet arket');
  await expect(dpo.page.getByRole('heading', { name: 'Du har ikke laget nøkkelen ennå' })).toBeVisible();
  const first = await makeSheet(dpo, round);
  const second = await makeSheet(union, round);
  const [of] = await server.main.select().from(witness).where(eq(witness.office, 'dpo'));
  const third = await pasteSheet(safety, round, of!.point!);

  await operator.page.goto(`/rounds/${round}`);
  await press(operator.page, 'Lås undersøkelsen');
  await expect(step(operator.page)).toHaveText('Låst');
  await keepsAccessible(operator.page);
  await dpo.page.goto(`/rounds/${round}/sheet`);
  await expect(dpo.page.getByRole('button', { name: 'Lag nøkkelen nå' })).toHaveCount(0);
  await press(operator.page, 'Åpne nå');
  await expect(step(operator.page)).toHaveText('Åpen');
  await press(operator.page, 'Øv med oppdiktede svar');
  await expect(operator.page.getByText('oppdiktede svar lagt inn')).toBeVisible();
  await keepsAccessible(operator.page);
  expect((await dpo.page.request.get(`/box/${round}`)).status()).toBe(404);
  await press(operator.page, 'Stopp nå');
  await expect(step(operator.page)).toHaveText('Stoppet');
  await expect(operator.page.getByLabel('Nøkkelfilen')).toHaveCount(0);
  await expect(operator.page.getByRole('link', { name: 'Åpne stemmeboksen' })).toHaveCount(0);
  for (const address of [`/rounds/${round}/opening`, `/box/${round}`])
    expect((await operator.page.request.get(address)).status()).toBe(404);
  const key = { name: 'k.json', mimeType: 'application/json', buffer: Buffer.from('{"format":"medvirk-closing-key/1"}') }; // prettier-ignore
  const tried = await operator.page.request.post(`/rounds/${round}?/close`, {
    headers: { origin: server.origin },
    multipart: { key },
  });
  expect(await tried.text()).toContain('Tre vitner har nøklene til denne undersøkelsen.');

  // Two sheets in one browser: first everything that can go wrong.
  const { page } = union;
  await page.goto(`/rounds/${round}/opening`);
  await keepsAccessible(page);
  const alert = page.locator('[role=alert]:visible');
  for (const [one, other, told] of [
    ['', '', 'Skriv alle fire linjene'],
    [second, typo(first), 'Linje 4 er skrevet feil.'],
    [second, second, 'Dette er det samme arket to ganger.'],
    [second, lost, 'eller eieren har laget et nytt etterpå'],
  ] as const) {
    await openWith(page, one, other);
    await expect(alert.first()).toContainText(told);
  }
  await keepsAccessible(page);
  expect(union.sent.filter(({ url }) => url.endsWith('/release'))).toEqual([]);
  await expect(
    page.getByText('Serveren oppgir det samme skriptet som da undersøkelsen ble låst.'),
  ).toBeVisible();
  await openWith(page, second, first);
  await expect(page.getByRole('heading', { name: /Ett vitne til må bekrefte/ })).toBeVisible();
  const hash = await page.locator('[data-slot=sha256]').innerText();
  await keepsAccessible(page);

  // All that ever left the browsers: public halves, and one release. Not a sheet, in any spelling.
  const releases = union.sent.filter(({ url }) => url.endsWith('/release'));
  expect(releases).toHaveLength(1);
  expect(JSON.parse(releases[0]!.body)).toMatchObject({ format: 'medvirk-release/1' });
  const posts = [dpo, union, safety].flatMap(({ sent }) => sent.filter(({ method }) => method !== 'GET'));
  for (const { url, body } of posts.filter((one) => one !== releases[0]))
    expect([
      ['?/lost', ''],
      ['?/keep', 'point=…'],
      ['?/paste', 'pasted=…'],
    ]).toContainEqual([new URL(url).search, body.replace(/=[\w-]{86,88}$/, '=…')]);
  for (const sheet of [lost, first, second, third])
    for (const spelled of await spellings(sheet))
      for (const { sent } of [dpo, union, safety])
        expect(sent.some(({ url, body }) => url.includes(spelled) || body.includes(spelled))).toBe(false);
  for (const { url } of [dpo, union, safety].flatMap(({ sent }) => sent))
    expect(['', '?/keep', '?/lost', '?/paste']).toContain(new URL(url).search);

  // Who opened cannot confirm; another witness sees the same hash, and does.
  await page.getByRole('link', { name: 'Se hva som venter' }).click();
  await expect(page.getByRole('heading', { name: 'Nå må et annet vitne bekrefte' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Bekreft og vis resultatet' })).toHaveCount(0);
  await safety.page.goto(`/rounds/${round}`);
  await safety.page.locator('#next').getByRole('link', { name: 'Åpne stemmeboksen' }).click();
  await expect(safety.page.locator('#confirm')).toContainText(hash);
  await expect(safety.page.locator('#confirm')).toContainText(`${names.union} åpnet stemmeboksen`);
  await keepsAccessible(safety.page);
  await press(safety.page, 'Bekreft og vis resultatet');
  await expect(step(safety.page)).toHaveText('Talt opp');
  for (const [what, who] of [
    ['nøkkelark laget', names.dpo],
    ['låste svar hentet av et vitne', names.union],
    ['stemmeboksen åpnet', names.union],
    ['det som er talt, bekreftet', names.safety],
    ['talt opp', names.safety],
  ])
    await expect(safety.page.getByText(`: ${what}, ${who}`).first()).toBeVisible();
  await keepsAccessible(safety.page);
  await hr.page.goto(`/results/${round}/K`);
  await expect(hr.page.getByText(/\d+ av \d+ svarte/)).toBeVisible();
});
