import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import type { Stage } from '#domain/meeting.ts';
import * as sessions from '#server/sessions.ts';
import { keepsAccessible, keepsShape } from '../support/axe.ts';
import { emptyTown } from '../support/how-many.ts';
import { type OwnServer, ownServer } from '../support/server.ts';

/*
 * None, one and two hundred of everything, on every page that lists something. of: the word each of them has before
 * its number. none: what is said when there are none. capped: what is said, with a way to the rest, when not all are
 * shown. stage: of the live meeting. Words in capitals are ids.
 */
type Row = { at: string; of?: string; none?: RegExp; capped?: RegExp; stage?: Stage };

/** Pages that are there in a house where nothing is. */
const lists: Row[] = [
  { at: '/due', of: 'Runde', none: /Når noe venter på deg, står det her/, capped: /Se \d+ til/ },
  { at: '/due?all', of: 'Runde', none: /Når noe venter på deg/ },
  { at: '/measures', of: 'Tiltak', none: /Tiltakene kommer hit når/ },
  { at: '/measures?of=mine', of: 'Tiltak', none: /Når du blir ansvarlig for et tiltak/ },
  { at: '/measures?of=all&q=vanskelige', of: 'Tiltak', none: /Prøv andre eller færre ord/ },
  {
    at: '/measures/lookup?q=vanskelige',
    ...{ of: 'Tiltak', none: /Prøv andre eller færre ord/, capped: /Fant 200. Her er de 50 som ligner mest/ },
  },
  { at: '/meetings', none: /Når et resultat kommer/ },
  { at: '/plans', of: 'Avdeling', none: /kommer her når noen lager dem/ },
  { at: '/mandates', of: 'Vedtak', none: /Her kommer vedtak/ },
  { at: '/reports', of: 'Avdeling', none: /Her kommer rapportene/ },
  { at: '/follow-up', none: /Når et resultat er klart/ },
  { at: '/said', none: /Her kommer det som kom ut av svarene/ },
  { at: '/results', none: /Her kommer resultatene/ },
  { at: '/calendar', of: 'Runde', none: /Her kommer dagene når en undersøkelse er planlagt/ },
  { at: '/calendar/programmes', of: 'Program', none: /De fem vanlige programmene/ },
  { at: '/calendar/programmes/new', none: /Enhetene kommer her/ },
  { at: '/rounds', of: 'Runde', none: /Her kommer undersøkelsene/ },
  { at: '/rounds/new', of: 'Avdeling', none: /Enhetene kommer her/ },
  { at: '/people', of: 'Ansatt' },
  {
    at: '/people?q=ansatt',
    of: 'Ansatt',
    none: /Prøv en del av navnet/,
    capped: /Fant 200. Her er de første 50/,
  },
  { at: '/units', of: 'Avdeling', none: /Importer en fil fra HR-systemet/ },
  { at: '/questionnaires', of: 'Skjema', none: /Hent inn et fra fil/ },
  { at: '/imports', of: 'Import', none: /Ingen importer ennå/, capped: /Her er de 20 nyeste. Se alle/ },
  { at: '/imports?all', of: 'Import' },
];

/** Pages of one thing, with others in it. */
const inside: Row[] = [
  { at: '/meetings/ROUND/TK', of: 'Samling' },
  { at: '/meetings/ROUND/TK/minutes', of: 'Forslag', none: /Her står de fire punktene når/ },
  { at: '/meetings/ROUND/TK/points/POINT', of: 'Årsak' },
  { at: '/meetings/ROUND/TK/screen', of: 'Forslag' },
  { at: '/meetings/LIVE/TK/live', of: 'Samling', none: /Her kommer tid og sted/, stage: 'together' },
  { at: '/meetings/LIVE/TK/screen', of: 'Forslag', stage: 'together' },
  { at: '/m/CODE', stage: 'voting' },
  { at: '/meetings/LIVE/TK/live', of: 'Forslag', none: /Ingen forslag ennå/, stage: 'ended' },
  { at: '/measures/MEASURE', of: 'Status' },
  { at: '/measures/new?unit=TK' },
  { at: '/plans?unit=TK', of: 'Avdeling' },
  { at: '/plans/PLAN', of: 'Mål', none: /Målene kommer her/ },
  { at: '/plans/PLAN/goals', of: 'Mål', none: /Nytt mål/ },
  { at: '/plans/PLAN/measures', of: 'Tiltak', none: /Tiltakene du setter inn, kommer her/ },
  { at: '/plans/PLAN/agreements/new', none: /0 mål, 0 delmål og 0 tiltak/ },
  { at: '/plans/PLAN/agreements/AGREEMENT', of: 'Mål' },
  { at: '/mandates/MANDATE', of: 'Krav', none: /Listen har ingen punkter ennå/ },
  { at: '/mandates/MANDATE/items/ITEM', of: 'Tiltak' },
  { at: '/reports/REPORT', of: 'Tiltak', none: /Ingen egne tiltak å melde om/ },
  { at: '/follow-up?unit=TK', of: 'Avdeling' },
  { at: '/said/TK', of: 'Tiltak', none: /Det første kommer når enheten har hatt møtet/ },
  { at: '/results/ROUND/TK' },
  { at: '/rounds/ROUND' },
  { at: '/people/SOMEBODY' },
];

let server: OwnServer;
let town: Awaited<ReturnType<typeof emptyTown>>;
test.beforeAll(async () => {
  server = await ownServer();
  Object.assign(process.env, { DATABASE_URL: server.mainUrl, BOX_DATABASE_URL: server.boxUrl });
  town = await emptyTown(server.main);
});
test.afterAll(() => server.stop());

async function looksRight(page: Page, row: Row, n: number) {
  const address = row.at.replaceAll(/[A-Z]{4,}/g, (word) => town.ids[word] ?? word);
  // What is not there yet has no page.
  if (/[A-Z]{4,}/.test(address)) return;
  const where = `${row.at} with ${n}`;
  if (row.stage) await town.stage(row.stage);
  expect((await page.goto(server.origin + address))?.status(), where).toBe(200);
  await expect(page.locator('h1'), where).toHaveCount(1);
  const told = await page.locator('body').innerText();
  if (n === 0 && row.none) expect(told, where).toMatch(row.none);
  // "1 enheter": a number of one with a plural after it.
  expect(told, where).not.toMatch(/(?<![\d.,–-])\b1 (?!eller)\p{Ll}{3,}(er|ene)\b/u);
  if (row.of) {
    const seen = new Set(told.match(new RegExp(`${row.of} \\d+`, 'g'))).size;
    if (seen < n && row.capped) expect(told, where).toMatch(row.capped);
    else expect(seen, where).toBe(n);
  }
  // None and two hundred are made of what one is made of: what axe has to say of them it has said of the one.
  await (n === 1 ? keepsAccessible(page) : keepsShape(page));
}

/** Two pages at a time; those of the live meeting one after the other. */
async function allLookRight(context: BrowserContext, rows: Row[], n: number) {
  const lanes = [rows.filter(({ stage }) => stage), rows.filter(({ stage }) => !stage)];
  await Promise.all(
    lanes.map(async (lane) => {
      const page = await context.newPage();
      for (const row of lane) await looksRight(page, row, n);
      await page.close();
    }),
  );
}

test('everything looks right when there is none of it, one, and two hundred', async ({ context }) => {
  test.setTimeout(600_000);
  const value = await sessions.create(server.main, town.keeper, new Date());
  await context.addCookies([{ name: 'session', value, url: server.origin }]);
  await allLookRight(context, lists, 0);
  await town.begin();
  await allLookRight(context, inside, 0);
  for (const n of [1, 200]) {
    await town.fill(n);
    await allLookRight(context, [...lists, ...inside], n);
  }
});
