import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '#domain/access.ts';
import * as clock from '#server/clock.ts';
import { close, showKey } from '#server/closing.ts';
import { freeze } from '#server/freezing.ts';
import { newLink } from '#server/invitations.ts';
import { answer, partsOf, prepare } from '#server/respondent.ts';
import * as rounds from '#server/rounds.ts';
import { person, position, questionnaire, role, unit } from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';
import { type OwnServer, ownServer } from '#tests/support/server.ts';
import { approvedRound, invitationsOf, permit, someAnswers, town } from '#tests/support/town.ts';

/*
 * Every address of the house, found in the file system, asked for by everybody. A new page, form action or address
 * fails here until it says below whom it is for.
 */

const everybody = [
  ...['stranger', 'employee', 'leader', 'director', 'union', 'safety'],
  ...['quality', 'dpo', 'committee', 'hr', 'operator'],
] as const;
type Who = (typeof everybody)[number];
/** Leads, works or has the role in or for department A; director, quality adviser and committee: the area above, H. */
const within: Partial<Record<Who, string>> = { union: 'A', safety: 'A', quality: 'H', committee: 'H' };

type Case = { at: string; with?: Record<string, string>; json?: object; gives(who: Who): string };
type Row = Case | Case[];

const nobodyElse = (who: Who) => (who === 'stranger' ? 'sign-in' : '404');
/** For these alone; a stranger is led to sign in, and for others there is no such thing. */
const only =
  (...allowed: Who[]) =>
  (gives: string, at: string, more: Partial<Case> = {}): Case => ({
    at,
    ...more,
    gives: (who) => (allowed.includes(who) ? gives : nobodyElse(who)),
  });
const anybody = (gives: string, at: string, more: Partial<Case> = {}): Case => ({
  at,
  ...more,
  gives: () => gives,
});

const signedIn = only(...everybody.filter((who) => who !== 'stranger'));
const hr = only('hr');
const operator = only('operator');
const keepers = only('hr', 'operator');
const roundReaders = only('hr', 'operator', 'union', 'safety', 'dpo', 'quality');
const treeReaders = only('hr', 'operator', 'dpo', 'quality', 'leader', 'director');
const questionnaireReaders = only(
  ...(['hr', 'operator', 'union', 'safety', 'quality', 'dpo', 'committee', 'leader', 'director'] as const),
);
const above = ['hr', 'director', 'quality', 'committee'] as const;
const results = (file: string) => [
  only(...above, 'leader', 'union', 'safety', 'employee')('200', `/results/CLOSED/A${file}`),
  only(...above)('200', `/results/CLOSED/B${file}`),
  only(...above)('200', `/results/CLOSED/H${file}`),
  only('hr')('200', `/results/CLOSED/K${file}`),
  signedIn('404', `/results/NOWHERE/A${file}`),
];
const meetingLeaders = only('leader', 'director');
const meetingReaders = (page: string) => [
  only(...above, 'leader', 'union', 'safety', 'employee')('200', `/meetings/CLOSED/A${page}`),
  only(...above)('200', `/meetings/CLOSED/B${page}`),
  signedIn('404', `/meetings/NOWHERE/A${page}`),
];

// CLOSED, OPEN and PLANNED are rounds, ASKED a questionnaire, SOMEBODY a person; NOWHERE and NOBODY are not there.
const table: Record<string, Row> = {
  'GET /': {
    at: '/',
    gives: (who) =>
      who === 'stranger' ? 'sign-in' : who === 'hr' ? 'leads to /rounds' : 'leads to /results',
  },
  'GET /promise': anybody('200', '/promise'),
  'GET /healthz': anybody('200', '/healthz'),
  'GET /readyz': anybody('200', '/readyz'),
  'POST /language': anybody('leads to /', '/language', { with: { locale: 'nn' } }),
  'GET /demo/mail': anybody('404', '/demo/mail'),
  'POST /demo/be': anybody('404', '/demo/be', { with: { part: 'operator' } }),

  'GET /sign-in': { at: '/sign-in', gives: (who) => (who === 'stranger' ? '200' : 'leads to /') },
  'POST /sign-in?/link': anybody('refused 400', '/sign-in?/link'),
  'POST /sign-in?/password': anybody('refused 400', '/sign-in?/password'),
  'GET /sign-in/[secret]': anybody('200', '/sign-in/none'),
  'POST /sign-in/[secret]?/default': anybody('refused 400', '/sign-in/none'),
  'POST /sign-out': anybody('sign-in', '/sign-out'),
  'GET /account': signedIn('200', '/account'),
  'POST /account?/password': signedIn('refused 400', '/account?/password'),
  'POST /account?/sign-out-everywhere': signedIn('sign-in', '/account?/sign-out-everywhere'),

  'GET /(answer)/svar/[round]/[...path]': anybody('200', '/svar/OPEN/nb'),
  'POST /(answer)/svar/[round]/invitation': anybody('404', '/svar/OPEN/invitation', { json: {} }),
  'POST /(answer)/svar/[round]/issue': anybody('404', '/svar/OPEN/issue', { json: {} }),
  'GET /(answer)/svar/[round]/receipts.txt': [
    anybody('200', '/svar/CLOSED/receipts.txt'),
    anybody('404', '/svar/OPEN/receipts.txt'),
  ],
  'GET /(answer)/sjekk/[round]': anybody('200', '/sjekk/OPEN'),
  'OPTIONS /(answer)/box/[round]': anybody('204', '/box/OPEN'),
  'POST /(answer)/box/[round]': anybody('400', '/box/OPEN', { json: {} }),

  'GET /(work)/results': signedIn('200', '/results'),
  'GET /(work)/results/[round]/[unit]': results(''),
  'GET /(work)/results/[round]/[unit]/figures.csv': results('/figures.csv'),
  'GET /(work)/results/[round]/[unit]/figures.xlsx': results('/figures.xlsx'),

  // Meeting: the leader's page, the wall, and the phones, which nobody signs in on.
  'GET /(work)/meetings/[round]/[unit]/live': [
    meetingLeaders('200', '/meetings/CLOSED/A/live'),
    only('director')('200', '/meetings/CLOSED/B/live'),
    signedIn('404', '/meetings/NOWHERE/A/live'),
  ],
  'POST /(work)/meetings/[round]/[unit]/live?/open': [
    meetingLeaders('leads to /meetings/CLOSED/A/live', '/meetings/CLOSED/A/live?/open'),
    signedIn('404', '/meetings/OPEN/A/live?/open'),
  ],
  'POST /(work)/meetings/[round]/[unit]/live?/go': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A/live?/go',
  ),
  'POST /(work)/meetings/[round]/[unit]/live?/add': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A/live?/add',
  ),
  'POST /(work)/meetings/[round]/[unit]/live?/drop': [
    meetingLeaders('refused 400', '/meetings/CLOSED/A/live?/drop'),
    only('director')('refused 400', '/meetings/CLOSED/B/live?/drop'),
  ],
  'POST /(work)/meetings/[round]/[unit]/live?/plan': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A/live?/plan',
  ),
  'POST /(work)/meetings/[round]/[unit]/live?/held': meetingLeaders(
    'refused 400',
    '/meetings/CLOSED/A/live?/held',
  ),
  'POST /(work)/meetings/[round]/[unit]/live?/cancel': meetingLeaders(
    'leads to /meetings/CLOSED/A/live#sittings',
    '/meetings/CLOSED/A/live?/cancel',
    { with: { id: 'none' } },
  ),
  'GET /(work)/meetings/[round]/[unit]/screen': meetingReaders('/screen'),
  'GET /(work)/meetings/[round]/[unit]/turn': meetingReaders('/turn'),
  'GET /(meeting)/m': anybody('200', '/m'),
  'POST /(meeting)/m?/default': anybody('refused 400', '/m', { with: { code: 'zzz zzz' } }),
  'GET /(meeting)/m/[code]': anybody('200', '/m/zzzzzz'),
  'GET /(meeting)/m/[code]/turn': anybody('200', '/m/zzzzzz/turn'),
  'POST /(meeting)/m/[code]?/join': anybody('refused 400', '/m/zzzzzz?/join'),
  'POST /(meeting)/m/[code]?/propose': anybody('refused 400', '/m/zzzzzz?/propose'),
  'POST /(meeting)/m/[code]?/vote': anybody('refused 400', '/m/zzzzzz?/vote'),

  'GET /(admin)/units': treeReaders('200', '/units'),
  'GET /(admin)/people': keepers('200', '/people?q=Person'),
  'POST /(admin)/people?/add': keepers('refused 400', '/people?/add'),
  'GET /(admin)/people/[id]': keepers('200', '/people/SOMEBODY'),
  'POST /(admin)/people/[id]?/give': [
    keepers('refused 400', '/people/SOMEBODY?/give', { with: { role: 'emperor' } }),
    operator('refused 400', '/people/NOBODY?/give', { with: { role: 'operator' } }),
  ],
  'POST /(admin)/people/[id]?/take': [
    keepers('refused 409', '/people/SOMEBODY?/take', { with: { id: randomUUID() } }),
    keepers('refused 409', '/people/SOMEBODY?/take'),
    operator('refused 409', '/people/SOMEBODY?/take', { with: { id: 'OPERATORSROLE' } }),
  ],
  'POST /(admin)/people/[id]?/invite': keepers('refused 409', '/people/NOBODY?/invite'),
  'POST /(admin)/people/[id]?/end': keepers('refused 409', '/people/NOBODY?/end'),
  'GET /(admin)/imports': keepers('200', '/imports'),
  'POST /(admin)/imports?/units': keepers('refused 400', '/imports?/units'),
  'POST /(admin)/imports?/people': keepers('refused 400', '/imports?/people'),
  'GET /(admin)/imports/[id]': keepers('404', '/imports/NOBODY'),
  'POST /(admin)/imports/[id]?/confirm': keepers('refused 409', '/imports/NOBODY?/confirm'),
  'POST /(admin)/imports/[id]?/undo': keepers('refused 409', '/imports/NOBODY?/undo'),

  'GET /(admin)/questionnaires': questionnaireReaders('200', '/questionnaires'),
  'GET /(admin)/questionnaires/[id]': questionnaireReaders('200', '/questionnaires/ASKED'),
  'GET /(admin)/questionnaires/[id]/file': questionnaireReaders('200', '/questionnaires/ASKED/file'),
  'GET /(admin)/questionnaires/import': hr('200', '/questionnaires/import'),
  'POST /(admin)/questionnaires/import?/default': hr('refused 400', '/questionnaires/import'),

  'GET /(admin)/rounds': roundReaders('200', '/rounds'),
  'GET /(admin)/rounds/new': hr('200', '/rounds/new'),
  'POST /(admin)/rounds/new?/default': hr('refused 400', '/rounds/new'),
  'GET /(admin)/rounds/[round]': [
    roundReaders('200', '/rounds/OPEN'),
    roundReaders('200', '/rounds/CLOSED'),
    roundReaders('404', '/rounds/NOWHERE'),
  ],
  'GET /(admin)/rounds/[round]/plan': [hr('200', '/rounds/PLANNED/plan'), hr('404', '/rounds/NOWHERE/plan')],
  'POST /(admin)/rounds/[round]/plan?/default': hr('refused 400', '/rounds/PLANNED/plan'),
  'POST /(admin)/rounds/[round]?/approve': hr('refused 400', '/rounds/CLOSED?/approve'),
  'POST /(admin)/rounds/[round]?/reconsider': hr('refused 400', '/rounds/CLOSED?/reconsider'),
  'POST /(admin)/rounds/[round]?/name': hr('refused 400', '/rounds/CLOSED?/name'),
  'POST /(admin)/rounds/[round]?/thaw': operator('refused 400', '/rounds/CLOSED?/thaw'),
  'POST /(admin)/rounds/[round]?/showKey': operator('refused 400', '/rounds/CLOSED?/showKey'),
  'POST /(admin)/rounds/[round]?/open': operator('refused 400', '/rounds/CLOSED?/open'),
  'POST /(admin)/rounds/[round]?/stop': operator('refused 400', '/rounds/CLOSED?/stop'),
  'POST /(admin)/rounds/[round]?/close': operator('refused 400', '/rounds/OPEN?/close'),
  'POST /(admin)/rounds/[round]?/withdraw': keepers('refused 400', '/rounds/OPEN?/withdraw'),
  'POST /(admin)/rounds/[round]/freezing': operator(
    'leads to /rounds/CLOSED?refused=wrong-state',
    '/rounds/CLOSED/freezing',
  ),
};

const routes = path.resolve(import.meta.dirname, '../../src/routes');
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];

/** Every page, every form action and every method of an address that the folders hold. */
async function everyAddress(): Promise<string[]> {
  const found: string[] = [];
  for (const file of fs.readdirSync(routes, { recursive: true, encoding: 'utf8' })) {
    const id = path.posix.join('/', path.dirname(file)).replaceAll(/=\w+\]/g, ']');
    const name = path.basename(file);
    if (name === '+page.svelte') found.push(`GET ${id}`);
    if (!/^\+(page\.)?server\.ts$/.test(name)) continue;
    const { actions = {}, ...rest } = (await import(path.join(routes, file))) as { actions?: object };
    found.push(...Object.keys(actions).map((action) => `POST ${id}?/${action}`));
    found.push(...methods.filter((method) => method in rest).map((method) => `${method} ${id}`));
  }
  return found.sort();
}

let server: OwnServer;
const personOf = new Map<Who, string>();
const real: Record<string, string> = { NOWHERE: 'zzzzzzzz', NOBODY: randomUUID() };
const spelled = (text: string) =>
  text.replaceAll(
    /CLOSED|OPEN\b|PLANNED|ASKED|SOMEBODY|NOWHERE|NOBODY|OPERATORSROLE/g,
    (word) => real[word] ?? word,
  );

async function cast() {
  const { main } = server;
  const { ids } = await town(main);
  for (const who of ['union', 'safety', 'quality', 'dpo', 'committee', 'hr', 'operator'] as const) {
    const id = randomUUID();
    await main.insert(person).values({ id, name: who, email: `${who}@testvik.example` });
    const unitId = within[who] ? ids.get(within[who])! : null;
    const held = { id: randomUUID(), personId: id, role: who satisfies Role, unitId, givenAt: new Date() };
    await main.insert(role).values(held);
    personOf.set(who, id);
  }
  for (const [who, code] of [
    ['leader', 'A'],
    ['director', 'H'],
  ] as const) {
    const [led] = await main.select().from(unit).where(eq(unit.code, code));
    personOf.set(who, led!.leaderId!);
  }
  const inA = await main
    .select()
    .from(position)
    .where(eq(position.unitId, ids.get('A')!));
  const employee = inA.find((one) => one.personId !== personOf.get('leader'))!;
  personOf.set('employee', employee.personId);
  real.SOMEBODY = employee.personId;
  const [held] = await main.select().from(role).where(eq(role.role, 'operator'));
  real.OPERATORSROLE = held!.id;
}

async function roundsOf() {
  const { main, box, intake } = server;
  const before = (days: number) => new Date(Date.now() - days * 24 * 3600_000);
  const start = async (days: number, name: string) => {
    const { id, questionnaire } = await approvedRound(main, before(days), { name });
    const frozen = await freeze(main, box, id, before(days), permit());
    if (!frozen.ok) throw new Error(frozen.refusal);
    expect(await showKey(main, id, frozen.keyFile, before(days), permit())).toEqual({ ok: true });
    expect(await clock.open(main, box, id, before(days), null)).toMatchObject({ ok: true });
    return { id, questionnaire, ...frozen };
  };
  const closed = await start(100, 'Counted');
  for (const [seed, one] of (await invitationsOf(main, closed.id)).entries()) {
    const { secret, signs } = partsOf(await newLink(main, one.id, server.origin, 'nb'));
    const prepared = await prepare(main, closed.id, signs);
    const said = someAnswers(closed.questionnaire, seed);
    expect(await answer(main, intake, prepared, secret, said, before(90))).toMatchObject({ ok: true });
  }
  expect(await clock.stop(main, box, closed.id, before(70), null)).toMatchObject({ ok: true });
  expect(await close(main, box, closed.id, closed.keyFile, before(60), permit())).toEqual({ ok: true });
  real.CLOSED = closed.id;
  real.OPEN = (await start(1, 'Open')).id;
  real.PLANNED = (await approvedRound(main, new Date(), { name: 'Planned' })).id;
  expect(await rounds.take(main, real.PLANNED, 'reconsider', new Date(), null)).toMatchObject({ ok: true });
  const [asked] = await main.select().from(questionnaire).limit(1);
  real.ASKED = asked!.id;
}

beforeAll(async () => {
  server = await ownServer();
  Object.assign(process.env, { DATABASE_URL: server.mainUrl, BOX_DATABASE_URL: server.boxUrl });
  await cast();
  await roundsOf();
}, 240_000);
afterAll(() => server.stop());

async function ask(method: string, one: Case, who: Who, origin = server.origin): Promise<Response> {
  const personId = personOf.get(who);
  const token = personId && (await sessions.create(server.main, personId, new Date()));
  const asForm = new URLSearchParams(
    Object.entries(one.with ?? {}).map(([name, value]) => [name, spelled(value)]),
  );
  return await fetch(server.origin + spelled(one.at), {
    method,
    redirect: 'manual',
    headers: {
      origin,
      accept: method === 'POST' ? 'application/json' : 'text/html',
      ...(token && { cookie: `session=${token}` }),
      ...(one.json && { 'content-type': 'application/json' }),
    },
    ...(method === 'POST' && { body: one.json ? JSON.stringify(one.json) : asForm }),
  });
}

/** What came of it, in a word or two. */
async function outcome(response: Response): Promise<string> {
  const told = (await response.text()).replace(/^(?!\{"type").*/s, '');
  const { type, status, location } = (told ? JSON.parse(told) : {}) as Record<string, unknown>;
  const to = String(location ?? response.headers.get('location') ?? '');
  if (to) return /^\/sign-in(\?|$)/.test(to) ? 'sign-in' : `leads to ${to}`;
  return type === 'failure' ? `refused ${status}` : String(response.status);
}

it('every address of the house is in the table, and nothing else', async () => {
  expect(Object.keys(table).sort()).toEqual(await everyAddress());
});

describe.each(Object.entries(table))('%s', (address, row) => {
  const method = address.split(' ')[0]!;
  for (const one of [row].flat())
    it(`${one.at} gives everybody what is theirs`, async () => {
      const expected = everybody.map((who) => [who, spelled(one.gives(who))]);
      const found: [Who, string][] = [];
      for (const who of everybody) found.push([who, await outcome(await ask(method, one, who))]);
      expect(found).toEqual(expected);
    });

  if (method === 'POST')
    it('is closed to a form on somebody else’s page', async () => {
      const [one] = [row].flat();
      for (const who of ['stranger', 'hr', 'operator'] as const) {
        const forged = { ...one!, json: undefined, with: one!.with ?? {} };
        expect((await ask('POST', forged, who, 'https://elsewhere.example')).status).toBe(403);
      }
    });
});
