import { createHash, randomBytes } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as Meeting from '#domain/meeting.ts';
import { keyOf } from '#domain/point.ts';
import * as candidates from '#server/candidates.ts';
import * as meetings from '#server/meetings.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as votes from '#server/votes.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { candidateIds, meetingOf, phone } from '#tests/support/meetings.ts';
import { storeRelease, storeUnits } from '#tests/support/stored.ts';
import { permit } from '#tests/support/town.ts';

/*
 * Somebody who has a copy of the whole main database after a meeting, tables and raw files, and everything the program
 * wrote on its console, looks for a phone, a time or an order that a vote could be tied to. Each search is first seen
 * to find what it looks for in a table or a file that keeps too much.
 */

const now = new Date('2027-04-01T12:00:00Z');
let t: TestDatabases;
let superuser: Sql;
const said: string[] = [];

beforeAll(async () => {
  for (const way of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, way).mockImplementation((...words) => void said.push(words.map(String).join(' ')));
  t = await testDatabases();
  superuser = postgres(t.superUrls.main, { max: 1, onnotice: () => {} });
  await questionnaires.shipOwn(t.main, new Date('2027-01-01'));
  await storeUnits(t.main);
  await storeRelease(t.main, 'round001', 'employee', new Date('2027-03-25T12:00:00Z'));
});
afterAll(async () => {
  await superuser.end();
  await t.stop();
  vi.restoreAllMocks();
});

type Phone = { cookie: string; ticket: votes.Ticket };
/** What is a phone's alone, in every form that it has been in. */
const tracesOf = ({ cookie, ticket }: Phone) => {
  const hash = (purpose: string) => createHash('sha256').update(ticket.bytes).update(purpose).digest();
  const mac = Buffer.from(cookie.split('.')[2]!, 'base64url');
  return [Buffer.from(ticket.bytes), mac, hash('vote'), hash('proposal')];
};

/** Every row of every table, and every sequence, of every schema that is not PostgreSQL's own, as text. */
async function dump(): Promise<Map<string, string>> {
  const relations = await superuser<{ name: string; kind: string }[]>`
    select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, c.relkind as kind
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm', 'S') and n.nspname not in ('pg_catalog', 'information_schema')`;
  const found = new Map<string, string>();
  for (const { name, kind } of relations) {
    const what = kind === 'S' ? 'last_value, log_cnt' : 'xmin::text, ctid::text, t::text as row';
    const rows = await superuser.unsafe(`select ${what} from ${name} t`);
    found.set(name, rows.map((row) => Object.values(row).join(' ')).join('\n'));
  }
  return found;
}

/** The bytes of the files of some tables as they lie on the disk. */
async function files(...tables: string[]): Promise<Buffer> {
  await superuser`checkpoint`;
  const read = await superuser<{ bytes: Buffer }[]>`
    select pg_read_binary_file(pg_relation_filepath(c.oid)) as bytes from pg_class c
    where c.relname in ${superuser(tables)} or c.oid in (
      select indexrelid from pg_index i join pg_class o on o.oid = i.indrelid where o.relname in ${superuser(tables)})`;
  return Buffer.concat(read.map(({ bytes }) => bytes));
}

const inText = (text: string, trace: Buffer) =>
  (['hex', 'base64', 'base64url'] as const).some((way) => text.includes(trace.toString(way)));

/** Twelve phones propose, talk and vote, in an order and at times that the attacker knows. */
async function meet(unit: string) {
  const place = await meetingOf(t.main, 'round001', unit, 'alone', now);
  const { meetingId, code } = place;
  const phones: Phone[] = [];
  for (let n = 0; n < 12; n++) phones.push(await phone(t.main, code));
  const { offers } = await candidates.table(t.main, place);
  for (const [n, { ticket }] of phones.entries()) {
    const marks = { keep: [keyOf(offers[n]!)], improve: [keyOf(offers[n + 1]!)] };
    expect(await votes.propose(t.main, ticket, marks)).toEqual({ ok: true });
  }
  for (const to of ['together', 'voting'] as const)
    expect(await meetings.go(t.main, meetingId, to, now, permit())).toEqual({ ok: true });
  const { keep, improve } = await candidateIds(t.main, meetingId);
  const first = new Date();
  for (const [n, { ticket }] of phones.entries())
    expect(await votes.vote(t.main, ticket, { keep: [keep[n]!], improve: [improve[n % 3]!] })).toEqual({
      ok: true,
    });
  return { meetingId, phones, keep, first, last: new Date() };
}

/** Moments of the wall clock, as PostgreSQL writes them, that fall between two. */
const momentsBetween = (text: string, first: Date, last: Date) =>
  (text.match(/20\d\d-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d/g) ?? []).filter((one) => {
    const at = new Date(one.replace(' ', 'T') + ':00').getTime();
    return at >= first.getTime() - 1000 && at <= last.getTime() + 1000;
  });

/** The rows of a meeting's candidates in the order of the file, with the transaction that wrote each. */
const rowsOf = (meetingId: string) =>
  superuser<{ id: string; xmin: string }[]>`
    select id, xmin::text from candidate where meeting_id = ${meetingId} order by ctid`;

describe('a copy of the database after the meeting', () => {
  it('ties no vote to a phone, in no table, sequence, file or log', async () => {
    // The weak way keeps who chose what, and when.
    await superuser`create table weak_vote (ticket bytea, candidate uuid, at timestamptz default now())`;
    const { meetingId, phones, keep, first, last } = await meet('S1');
    for (const [n, one] of phones.entries())
      await superuser`insert into weak_vote (ticket, candidate) values (${tracesOf(one)[2]!}, ${keep[n]!})`;
    const traces = phones.flatMap(tracesOf);
    const hit = async () =>
      traces.some((trace) => [...everything.values()].some((text) => inText(text, trace)));
    let everything = await dump();
    expect([...everything.keys()]).toEqual(
      expect.arrayContaining(['public.used_ticket', 'public.candidate']),
    );
    expect(await hit()).toBe(true);
    expect(momentsBetween(everything.get('public.weak_vote')!, first, new Date())).toHaveLength(12);
    await superuser`drop table weak_vote`;
    // While the voting runs the hashes are there, which is what the phone's page says.
    everything = await dump();
    expect(await hit()).toBe(true);

    expect(await meetings.go(t.main, meetingId, 'ended', now, permit())).toEqual({ ok: true });
    everything = await dump();
    expect(await hit()).toBe(false);
    expect(momentsBetween([...everything.values()].join('\n'), first, last)).toEqual([]);
    // The job comes every minute, and again while somebody can still look behind it.
    const left = async () => {
      await meetings.forget(t.main, now);
      const raw = await files('used_ticket', 'candidate', 'meeting');
      return traces.filter((trace) => raw.includes(trace)).length;
    };
    await expect.poll(left).toBe(0);
    expect(traces.filter((trace) => inText(said.join('\n'), trace))).toEqual([]);
    expect(await votes.result(t.main, meetingId)).toMatchObject({ shown: true, voters: 12 });
  });

  it('holds no order: the rows were written together, in one that is chance', async () => {
    const { meetingId, keep } = await meet('S2');
    const inOrder = (rows: { id: string }[]) => {
      const at = keep.map((id) => rows.findIndex((row) => row.id === id));
      return at.every((place, n) => n === 0 || place > at[n - 1]!);
    };
    // The weak way counts up the one row alone: its place and its transaction tell when it last got a vote.
    await superuser`create table weak_candidate as select * from candidate where meeting_id = ${meetingId}`;
    for (const id of keep) await superuser`update weak_candidate set votes = votes + 1 where id = ${id}`;
    const weak = await superuser<{ id: string; xmin: string }[]>`
      select id, xmin::text from weak_candidate where id in ${superuser(keep)} order by ctid`;
    expect(inOrder(weak)).toBe(true);
    expect(new Set(weak.map(({ xmin }) => xmin)).size).toBe(keep.length);
    await superuser`drop table weak_candidate`;

    // One vote at a time writes every row of the meeting, and the end writes them anew in another order.
    expect(new Set((await rowsOf(meetingId)).map(({ xmin }) => xmin)).size).toBe(1);
    const before = await rowsOf(meetingId);
    await meetings.go(t.main, meetingId, 'ended', now, permit());
    const after = await rowsOf(meetingId);
    expect(new Set(after.map(({ xmin }) => xmin)).size).toBe(1);
    expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
    expect(after.map(({ id }) => id)).not.toEqual(before.map(({ id }) => id));
    expect(inOrder(after)).toBe(false);
  });

  it('is rewritten: what is only deleted stays in the files', async () => {
    const { meetingId, phones, keep } = await meet('S');
    // How often a candidate's id lies there: once in the table and once in its index, and once for each older tally.
    const id = Buffer.from(keep[0]!.replaceAll('-', ''), 'hex');
    const tallies = async () =>
      (await files('candidate')).toString('latin1').split(id.toString('latin1')).length - 1;
    expect(await tallies()).toBeGreaterThan(3);
    const hashes = phones.map((one) => tracesOf(one)[2]!);
    const [{ key }] =
      (await superuser`select ticket_key as key from meeting where id = ${meetingId}`) as unknown as [
        { key: Buffer },
      ];
    await superuser`create table weak_ticket as select * from used_ticket where meeting_id = ${meetingId}`;
    await superuser`delete from weak_ticket`;
    const weak = await files('weak_ticket');
    expect(hashes.every((hash) => weak.includes(hash))).toBe(true);
    await superuser`drop table weak_ticket`;

    await meetings.go(t.main, meetingId, 'ended', now, permit());
    // Until the job has come.
    const before = await files('used_ticket');
    expect(hashes.every((hash) => before.includes(hash))).toBe(true);
    const left = async () => {
      await meetings.forget(t.main, now);
      const raw = await files('used_ticket', 'meeting', 'candidate');
      return [...hashes, key].filter((one) => raw.includes(one)).length;
    };
    await expect.poll(left).toBe(0);
    expect(await tallies()).toBe(2);
  });
});

describe('somebody who would vote more than once, or where they may not', () => {
  it('is counted once, however many times at the same moment', async () => {
    const { meetingId, code } = await meetingOf(t.main, 'round001', 'J1', 'voting', now);
    const marks = { keep: [(await candidateIds(t.main, meetingId)).keep[0]!], improve: [] };
    const { ticket } = await phone(t.main, code);
    const sent = await Promise.all(Array.from({ length: 100 }, () => votes.vote(t.main, ticket, marks)));
    expect(sent.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(sent.map((one) => one.ok || one.refusal))).toEqual(new Set([true, 'already']));
    const counted = async () =>
      (await superuser`select sum(votes)::int as votes from candidate where meeting_id = ${meetingId}`)[0]!
        .votes;
    expect(await counted()).toBe(1);
    for (let n = 0; n < 4; n++) await votes.vote(t.main, (await phone(t.main, code)).ticket, marks);
    await meetings.go(t.main, meetingId, 'ended', now, permit());
    expect(await votes.result(t.main, meetingId)).toMatchObject({ shown: true, voters: 5 });
    expect(await counted()).toBe(5);
  });

  it('is not let in with a ticket of their own making, or of another meeting', async () => {
    const here = await meetingOf(t.main, 'round001', 'J2', 'voting', now);
    const there = await meetingOf(t.main, 'round001', 'J3', 'voting', now);
    const { cookie } = await phone(t.main, here.code);
    const [, ticket, mac] = cookie.split('.') as [string, string, string];
    const own = randomBytes(16).toString('base64url');
    const admit = (code: string, ...parts: string[]) => votes.admit(t.main, code, parts.join('.'));
    expect(await votes.admit(t.main, here.code, cookie)).not.toBeNull();
    expect(await admit(here.code, here.meetingId, own, mac)).toBeNull();
    expect(await admit(here.code, here.meetingId, ticket, randomBytes(32).toString('base64url'))).toBeNull();
    expect(await admit(here.code, here.meetingId, ticket, '')).toBeNull();
    expect(await admit(here.code, here.meetingId, ticket + 'AA', mac)).toBeNull();
    expect(await admit(here.code, here.meetingId, ticket, mac, 'more')).toBeNull();
    expect(await votes.admit(t.main, there.code, cookie)).toBeNull();
    expect(await admit(there.code, there.meetingId, ticket, mac)).toBeNull();
    expect(await votes.admit(t.main, here.code, undefined)).toBeNull();
  });

  it('is refused with a reason of its own', async () => {
    const here = await meetingOf(t.main, 'round001', 'H', 'voting', now);
    const there = await meetingOf(t.main, 'round001', 'S4', 'voting', now);
    const { ticket } = await phone(t.main, here.code);
    const mine = await candidateIds(t.main, here.meetingId);
    const theirs = await candidateIds(t.main, there.meetingId);
    const vote = (marks: Partial<Meeting.Marks>) =>
      votes.vote(t.main, ticket, { keep: [], improve: [], ...marks });
    const refused = (refusal: string) => ({ ok: false, refusal });
    expect(await vote({ keep: mine.keep })).toEqual(refused('keeps'));
    expect(await vote({ improve: mine.improve })).toEqual(refused('improves'));
    expect(await vote({ keep: [theirs.keep[0]!] })).toEqual(refused('unknown'));
    expect(await vote({ keep: [mine.improve[0]!] })).toEqual(refused('unknown'));
    expect(await vote({ keep: ["'; drop table candidate; --"] })).toEqual(refused('unknown'));
    expect(await vote({})).toEqual(refused('nothing'));
    const { offers } = await candidates.table(t.main, here);
    const proposal = { keep: [keyOf(offers[0]!)], improve: [] };
    expect(await votes.propose(t.main, ticket, proposal)).toEqual(refused('stage'));
    // None of it used the ticket up.
    expect(await vote({ keep: [mine.keep[0]!] })).toEqual({ ok: true });
    await meetings.go(t.main, here.meetingId, 'ended', now, permit());
    expect(await vote({ keep: [mine.keep[0]!] })).toEqual(refused('stage'));
    expect(await votes.join(t.main, ticket.room)).toBeNull();
  });
});
