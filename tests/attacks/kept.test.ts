import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eq, sql, type SQL } from 'drizzle-orm';
import type { PendingQuery, Row } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Round from '#domain/round.ts';
import * as box from '#server/box.ts';
import { type Box, connectMain } from '#server/db.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { release, round } from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';
import { type OwnServer, ownServer } from '#tests/support/server.ts';
import { approvedRound, frozen, permit, roleHolders, town } from '#tests/support/town.ts';

/*
 * Somebody with a role, somebody at the machine, and somebody who writes SQL into the main database try to lower the
 * limits, change what is frozen, see results before the close, open a round again and mend a release. Each piece of
 * SQL is first tried where the rules of the database are away, in the box as its owner, and succeeds there.
 */
let t: OwnServer;
let id: string;
let keyFile: string;
let people: Map<string, string>;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk-kept-'));

beforeAll(async () => {
  t = await ownServer();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await town(t.main, { A: 9, B: 12 });
  people = await roleHolders(t.main, { hr: null, operator: null }, new Date());
  ({ id } = await approvedRound(t.main, new Date()));
  keyFile = path.join(folder, 'key');
});
afterAll(async () => {
  await t.stop();
  fs.rmSync(folder, { recursive: true });
});

async function post(who: 'hr' | 'operator', at: string, form: Record<string, string> = {}) {
  const token = await sessions.create(t.main, people.get(who)!, new Date());
  const response = await fetch(t.origin + at, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: t.origin, accept: 'application/json', cookie: `session=${token}` },
    body: new URLSearchParams(form),
  });
  const { type, status } = (await response.json()) as { type: string; status: number };
  return `${type} ${status}`;
}
async function get(who: 'hr' | 'operator', at: string) {
  const token = await sessions.create(t.main, people.get(who)!, new Date());
  return (await fetch(t.origin + at, { headers: { cookie: `session=${token}` } })).status;
}
/** How a command ends: 0 done, 1 refused, 2 not understood. */
const command = (...words: string[]) =>
  t.medvirk(...words).then(
    () => 0,
    (fault: { code: number }) => fault.code,
  );
const stateOf = async () => (await rounds.find(t.main, id))!.state;

class Undone extends Error {}
const code = (fault: unknown) => (fault as { cause?: { code?: string } }).cause?.code;

/** Succeeds on a database without our rules, and is refused by them as it stands. Nothing of it remains. */
async function refusedByTheDatabase(attack: SQL) {
  const { main, sql: connection } = connectMain(t.mainUrl);
  try {
    const weak = main.transaction(async (tx) => {
      await tx.execute(sql`alter table round disable trigger user`);
      await tx.execute(sql`alter table release disable trigger user`);
      await tx.execute(sql`alter table round drop constraint limits_hold`);
      const { count } = (await tx.execute(attack)) as unknown as { count: number };
      expect(count).toBe(1);
      throw new Undone();
    });
    await expect(weak).rejects.toThrow(Undone);
    await expect(main.execute(attack).catch((fault) => Promise.reject(code(fault)))).rejects.toBe('23514');
  } finally {
    await connection.end();
  }
}

/** Succeeds for the owner of the box, in a transaction that is undone, and is refused to whoever takes in answers. */
async function refusedByTheBox(attack: (sql: Box) => PendingQuery<Row[]>) {
  const weak = t.box.begin(async (tx) => {
    expect((await attack(tx as unknown as Box)).count).toBe(1);
    throw new Undone();
  });
  await expect(weak).rejects.toThrow(Undone);
  await expect(attack(t.intake)).rejects.toMatchObject({ code: '42501' });
}
/** How many rounds of the box would take answers again, if this were not undone. */
async function openedAgain(): Promise<number> {
  let count = -1;
  const tried = t.box.begin(async (tx) => {
    ({ count } = await box.setIntake(tx as unknown as Box, id, true));
    throw new Undone();
  });
  await expect(tried).rejects.toThrow(Undone);
  return count;
}

describe('limits under the floor', () => {
  const low = { factor: 4, statement: 6, invited: 4 };

  it('are refused by the use case, and neither the page nor the command line takes any', async () => {
    const asked = (await questionnaires.latest(t.main, 'employee'))!;
    const [from, to] = [new Date(Date.now() + 86400_000), new Date(Date.now() + 9 * 86400_000)];
    const rule = { inPostOn: '2027-01-01', minimumShare: 0, kinds: [], includeOnLeave: false };
    const plan = {
      name: 'Low',
      questionnaireId: asked.id,
      unitCodes: ['K'],
      opensAt: from,
      stopsAt: to,
      rule,
    };
    for (const [which, floor] of Object.entries(Round.defaults.floors)) {
      const thresholds = { ...Round.defaults.thresholds, [which]: floor - 1 };
      expect(await rounds.plan(t.main, { ...plan, thresholds }, new Date(), permit())).toEqual({
        ok: false,
        refusal: 'thresholds',
      });
    }
    const day = (at: Date) => at.toISOString().slice(0, 10);
    const words = [
      'round',
      'create',
      '--questionnaire',
      'employee',
      '--units',
      'K',
      '--from',
      day(from),
      '--to',
      day(to),
    ];
    expect(await command(...words, '--factor', '3')).toBe(2);
    const typed = {
      name: 'Typed',
      questionnaire: asked.id,
      units: 'K',
      opens: `${day(from)}T08:00`,
      stops: `${day(to)}T16:00`,
    };
    const more = { inPostOn: day(new Date()), minimumShare: '0', reminders: '', kinds: '', reserve: '10' };
    const over = { thresholds: JSON.stringify(low), factor: '1', statement: '1', invited: '1' };
    expect(await post('hr', '/rounds/new', { ...typed, ...more, ...over })).toBe('redirect 303');
    const [made] = await t.main.select().from(round).where(eq(round.name, 'Typed'));
    expect(made!.thresholds).toEqual(Round.defaults.thresholds);
  });

  it.each([
    low,
    { ...low, factor: 5, invited: 5 },
    { factor: 5, statement: 7 },
    {},
    { factor: 12, statement: 10, invited: 7 },
  ])('are refused by the database: %j', async (limits) => {
    await refusedByTheDatabase(
      sql`update round set thresholds = ${JSON.stringify(limits)}::jsonb where id = ${id}`,
    );
  });
});

describe('what is frozen', () => {
  beforeAll(async () => {
    const done = await frozen(t, id, new Date());
    fs.writeFileSync(keyFile, done.keyFile);
  });

  it('is not changed on a page or at the machine', async () => {
    expect(await post('hr', `/rounds/${id}/plan`, { name: 'Other' })).toBe('failure 400');
    const found = (await rounds.find(t.main, id))!;
    const plan = { ...found, unitCodes: ['A'], thresholds: { factor: 6, statement: 12, invited: 7 } };
    expect(await rounds.replan(t.main, id, plan, new Date(), permit())).toEqual({
      ok: false,
      refusal: 'wrong-state',
    });
    expect(await command('round', 'freeze', id, '--key-file', path.join(folder, 'second'))).toBe(1);
    expect((await rounds.find(t.main, id))!).toEqual(found);
  });

  it.each([
    ['the limits, even to stricter ones', sql`thresholds = '{"factor": 6, "statement": 12, "invited": 8}'`],
    ['the groups', sql`tree = jsonb_set(tree, '{nodes,0,invited}', '1')`],
    ['the fingerprint', sql`fingerprint = '\\x00'`],
    ['whom it asks', sql`unit_ids = '[]'`],
    ['whether it is in earnest', sql`dry_run = not dry_run`],
    ['how people are reached', sql`sms = not sms`],
  ])('is not changed in the database: %s', async (_, change) => {
    await refusedByTheDatabase(sql`update round set ${change} where id = ${id}`);
  });
});

/** A release that nobody counted. */
const invented = () =>
  sql`insert into release (round_id, content, bytes, sha256, receipts, released_at) values (${id}, '{}', '{}', '', '', now())`;
const nothingToSee = async () => {
  expect(await get('hr', `/results/${id}/K`)).toBe(404);
  expect(await get('hr', `/results/${id}/K/figures.csv`)).toBe(404);
  expect(await get('operator', `/svar/${id}/receipts.txt`)).toBe(404);
  expect(await command('release', 'show', id)).toBe(1);
};

it('there is no result while the round is open', async () => {
  expect(await post('operator', `/rounds/${id}?/open`)).toBe('redirect 303');
  await nothingToSee();
  expect(await command('round', 'close', id, '--key-file', keyFile)).toBe(1);
  await refusedByTheDatabase(invented());
  await refusedByTheDatabase(sql`update round set stops_at = stops_at + interval '1 day' where id = ${id}`);
  await refusedByTheBox((sql) => sql`insert into release values (${id}, '{}', '')`);
});

it('a round that has stopped is not opened again', async () => {
  expect(await post('operator', `/rounds/${id}?/stop`)).toBe('redirect 303');
  await nothingToSee();
  expect(await post('operator', `/rounds/${id}?/open`)).toBe('failure 400');
  expect(await post('operator', `/rounds/${id}?/thaw`)).toBe('failure 400');
  expect(await command('round', 'open', id)).toBe(1);
  expect(await stateOf()).toBe('stopped');
  await refusedByTheDatabase(sql`update round set state = 'open' where id = ${id}`);
  await refusedByTheDatabase(sql`update round set state = 'approved' where id = ${id}`);
  await refusedByTheDatabase(invented());
  await refusedByTheBox((sql) => sql`update round set intake = true`);
  expect(await openedAgain()).toBe(1);
});

describe('a round that is closed', () => {
  beforeAll(async () => expect(await command('round', 'close', id, '--key-file', keyFile)).toBe(0));

  it('is not opened, closed or frozen again, by anybody', async () => {
    for (const action of ['open', 'stop', 'thaw'])
      expect(await post('operator', `/rounds/${id}?/${action}`)).toBe('failure 400');
    const refused = [
      ['open', id],
      ['stop', id],
      ['close', id, '--key-file', keyFile],
      ['freeze', id, '--key-file', `${keyFile}2`],
    ];
    const ends = await Promise.all(refused.map((words) => command('round', ...words)));
    expect(ends).toEqual(refused.map(() => 1));
    for (const state of ['stopped', 'open', 'frozen', 'approved', 'planned'])
      await refusedByTheDatabase(sql`update round set state = ${state} where id = ${id}`);
    expect(await stateOf()).toBe('closed');
  });

  it('has nothing in the box that could be opened', async () => {
    const table = box.ballotsOf(id);
    expect(await t.box`select from pg_class where relname = ${table}`).toEqual([]);
    expect(await openedAgain()).toBe(0);
    await refusedByTheBox((sql) => sql`select make_ballots(${id}, 100)`);
    await refusedByTheBox((sql) => sql`create table ${sql(table)} as select 1 as a`);
    await refusedByTheBox((sql) => sql`update release set bytes = '{}'`);
    await refusedByTheBox((sql) => sql`delete from release`);
  });

  it.each([
    ['its figures', sql`update release set content = '{"a": 1}'`],
    ['its bytes', sql`update release set bytes = '{"a": 1}', sha256 = 'b'`],
    [
      'its bytes, with a withdrawal',
      sql`update release set bytes = '{"a": 1}', withdrawn_at = now(), withdrawn_reason = 'x'`,
    ],
    ['its receipts', sql`update release set receipts = 'aa'`],
    ['its day', sql`update release set released_at = released_at - interval '1 day'`],
    ['that it was', sql`delete from release`],
  ])('keeps %s', async (_, attack) => {
    await refusedByTheDatabase(sql`${attack} where round_id = ${id}`);
  });

  it('is withdrawn once, with what was published gone, and stays so', async () => {
    expect(await post('hr', `/rounds/${id}?/withdraw`, { reason: ' ' })).toBe('failure 400');
    expect(await post('hr', `/rounds/${id}?/withdraw`, { reason: 'Feil liste' })).toBe('redirect 303');
    const [left] = await t.main.select().from(release).where(eq(release.roundId, id));
    expect(left).toMatchObject({ bytes: '', receipts: '', withdrawnReason: 'Feil liste' });
    expect(await post('hr', `/rounds/${id}?/withdraw`, { reason: 'Igjen' })).toBe('failure 400');
    for (const attack of [
      sql`update release set withdrawn_at = null where round_id = ${id}`,
      sql`update release set withdrawn_reason = 'Noe annet' where round_id = ${id}`,
      sql`delete from release where round_id = ${id}`,
      sql`update round set state = 'closed' where id = ${id}`,
    ])
      await refusedByTheDatabase(attack);
  });
});
