import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as Code from '#domain/code.ts';
import { fingerprintSigns } from '#domain/keylist.ts';
import { open } from '#server/clock.ts';
import type { Drawn } from '#server/codes.ts';
import * as rounds from '#server/rounds.ts';
import { person } from '#server/schema.ts';
import { findBrowser } from '#tests/support/browser.ts';
import { hrGate, printed } from '#tests/support/codes.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { freePort, type Program, startProgram } from '#tests/support/program.ts';
import { approvedRound, frozen, town } from '#tests/support/town.ts';

/*
 * Somebody takes the shared tablet after the others have answered, with all the time in the world: looks in every storage that
 * the browser has, presses back, and reads its files.
 */
let t: TestDatabases;
let program: Program;
let round: rounds.RoundRow;
let codes: Drawn[];

beforeAll(async () => {
  t = await testDatabases();
  const port = await freePort();
  const ORIGIN = `http://localhost:${port}`;
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl, ORIGIN });
  const now = new Date();
  await town(t.main, { A: 9 });
  const people = await t.main.update(person).set({ email: null }).returning();
  const { id } = await approvedRound(t.main, now, { unitCodes: ['A'] });
  await frozen(t, id, now);
  round = (await rounds.find(t.main, id))!;
  codes = await printed(t.main, hrGate(people[0]!.id, now), round, { group: 'all', reserve: null }, now);
  expect(await open(t.main, t.box, id, new Date(), null)).toMatchObject({ ok: true });
  program = await startProgram({ ...t, port, env: { ORIGIN } });
});
afterAll(async () => {
  await program?.stop();
  await t.stop();
});

const shown = (page: Page) => page.locator('main > section:visible');
const view = (page: Page) => shown(page).getAttribute('data-view');
const press = (page: Page, selector: string) => page.locator(`section:visible ${selector}`).click();

/** A device whose browser keeps its files in a folder; gives what is in them once it is switched off. */
async function device(use: (page: Page, context: BrowserContext) => Promise<void>): Promise<string> {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk-tablet-'));
  const context = await chromium.launchPersistentContext(profile, {
    ...(await findBrowser()),
    locale: 'nb-NO',
  });
  try {
    await use(await context.newPage(), context);
  } finally {
    await context.close();
  }
  const files = fs
    .globSync('**/*', { cwd: profile, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => fs.readFileSync(path.join(one.parentPath, one.name)));
  fs.rmSync(profile, { recursive: true });
  // Words of two bytes a sign too, as some of its stores have them.
  return files
    .map((one) => `${one.toString('latin1')}\n${one.toString('latin1').replaceAll('\0', '')}`)
    .join('\n');
}

/** Types a code and begins. */
async function begin(page: Page, { code }: Drawn) {
  await page.fill('#code', Code.print(code));
  await press(page, 'form button');
  await press(page, '#same');
  await press(page, '#begin');
  await page.waitForSelector('[data-view=theme]:not([hidden])');
  await shown(page).locator('fieldset').first().locator('input').nth(2).check({ force: true });
}

async function send(page: Page) {
  while ((await view(page)) === 'theme') await press(page, '[data-go=next]');
  await press(page, '[data-send]');
  await page.waitForSelector('[data-view=done]:not([hidden])');
}

/** Everything of the page and its origin in which something could lie, as text. */
async function storages(page: Page, context: BrowserContext): Promise<string> {
  const within = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    name: window.name,
    state: history.state as unknown,
    address: location.href,
    cookie: document.cookie,
    fields: [...document.querySelectorAll('input')].map((one) =>
      one.type === 'radio' ? one.checked : one.value,
    ),
    slots: [...document.querySelectorAll('[data-slot]')].map(({ textContent }) => textContent),
    status: document.getElementById('status')!.textContent,
  }));
  return JSON.stringify({ ...within, cookies: await context.cookies() });
}

const half = 'PLANTET-ORD';
const signs = ({ code }: Drawn) => [code, Code.print(code)];

it('a device of one’s own keeps its draft and the file of one’s group', async () => {
  const files = await device(async (page) => {
    const fragment = `${codes[0]!.code}.${fingerprintSigns(round.fingerprint!)}`;
    await page.goto(`${program.origin}/svar/${round.id}/nb#${fragment}`);
    await press(page, '#begin');
    await page.waitForSelector('[data-view=theme]:not([hidden])');
    await page.waitForFunction(() => localStorage.length > 0);
  });
  expect(files).toContain(`medvirk.${round.id}.`);
  expect(files).toContain(`/group/${codes[0]!.group}`);
});

it('a shared tablet keeps nothing, after a ballot and after silence', async () => {
  const [first, second] = codes.slice(1, 3) as [Drawn, Drawn];
  const planted = [...signs(first), ...signs(second), half, `medvirk.${round.id}`, `/group/${first.group}`];
  const nothing = async (page: Page, context: BrowserContext, before: string) => {
    await page.waitForSelector('[data-view=nolink]:not([hidden])');
    expect(await storages(page, context)).toBe(before);
    for (const one of planted) expect(await page.content()).not.toContain(one);
  };
  const files = await device(async (page, context) => {
    await page.clock.install();
    await page.goto(`${program.origin}/svar/${round.id}/nb?kiosk`);
    await page.waitForSelector('[data-view=nolink]:not([hidden])');
    const before = await storages(page, context);
    const length = await page.evaluate(() => history.length);
    const silence = async () => {
      await page.clock.fastForward(65_000);
      await page.waitForSelector('#silence[open]');
      await page.clock.fastForward(40_000);
    };

    await begin(page, first);
    await send(page);
    await page.locator('p[data-only=kiosk] [data-next]').click();
    await nothing(page, context, before);

    await begin(page, second);
    expect(await storages(page, context)).not.toBe(before);
    await silence();
    await nothing(page, context, before);

    await page.fill('#code', half);
    await silence();
    await nothing(page, context, before);

    // Who reads another language leaves no trace of it either.
    await page.getByRole('link', { name: 'English' }).click();
    await page.waitForURL(/\/en\?kiosk=nb$/);
    await page.waitForSelector('[data-view=nolink]:not([hidden])');
    await silence();
    await page.waitForURL(/\/nb\?kiosk$/);
    await nothing(page, context, before);

    expect(await page.evaluate(() => history.length)).toBe(length);
    await page.goBack().catch(() => null);
    for (const one of planted) expect(await page.content()).not.toContain(one);
  });
  for (const one of planted) expect(files.includes(one), one).toBe(false);
});
