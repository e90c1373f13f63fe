import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import * as candidates from '#server/candidates.ts';
import * as meetings from '#server/meetings.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { meeting, release, step, unit, usedTicket } from '#server/schema.ts';
import * as sittings from '#server/sittings.ts';
import * as votes from '#server/votes.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { candidateIds, meetingOf, phone } from '#tests/support/meetings.ts';
import { storeRelease, storeUnits } from '#tests/support/stored.ts';
import { permit } from '#tests/support/town.ts';

const now = new Date('2027-04-01T12:00:00Z');
const later = new Date('2027-04-01T13:00:00Z');
let t: TestDatabases;
const main = () => t.main;

beforeAll(async () => {
  t = await testDatabases();
  await questionnaires.shipOwn(main(), new Date('2027-01-01'));
  await storeUnits(main());
  const at = new Date('2027-03-25T12:00:00Z');
  await storeRelease(main(), 'round001', 'employee', at);
  await storeRelease(main(), 'drytrial', 'employee', at, { dryRun: true });
  await storeRelease(main(), 'ofleader', 'leader', at);
  await storeRelease(main(), 'withdraw', 'employee', at);
  await main().update(release).set({ withdrawnAt: at }).where(eq(release.roundId, 'withdraw'));
  await storeRelease(main(), 'tomorrow', 'employee', new Date('2027-04-02T12:00:00Z'));
});
afterAll(() => t.stop());

describe('a unit’s meeting about a round', () => {
  it('is one, however many make it at the same time', async () => {
    const made = await Promise.all(
      Array.from({ length: 8 }, () => meetings.ensure(main(), 'round001', 'S2', now, permit())),
    );
    expect(new Set(made.map((one) => one.ok && one.id)).size).toBe(1);
    const [of] = await main().select().from(unit).where(eq(unit.code, 'S2'));
    expect(await meetings.ofUnit(main(), 'round001', of!.id)).toMatchObject({ stage: 'waiting', code: null });
  });
  it.each([
    ['drytrial', 'S1'],
    ['ofleader', 'S1'],
    ['withdraw', 'S1'],
    ['tomorrow', 'S1'],
    ['nowhere1', 'S1'],
    ['round001', 'X'],
  ])('is not there for round %s and unit %s', async (round, code) => {
    expect(await meetings.ensure(main(), round, code, now, permit())).toEqual({
      ok: false,
      refusal: 'unknown',
    });
  });
});

describe('its stages', () => {
  it('begin with a code, and leaving the first presents the result', async () => {
    const ensured = await meetings.ensure(main(), 'round001', 'S1', now, permit());
    const id = ensured.ok ? ensured.id : '';
    expect(await meetings.go(main(), id, 'alone', now, permit())).toEqual({ ok: false, refusal: 'not-open' });
    await meetings.open(main(), id, permit());
    const opened = (await meetings.find(main(), id))!;
    expect(opened).toMatchObject({ code: expect.stringMatching(/^[0-9a-hjkmnp-tv-z]{6}$/), turn: 1 });
    await meetings.open(main(), id, permit());
    expect(await meetings.find(main(), id)).toEqual(opened);

    const presented = () => main().select().from(step).where(eq(step.unitId, opened.unitId));
    expect(await presented()).toEqual([]);
    const twice = await Promise.all([0, 1].map(() => meetings.go(main(), id, 'alone', later, permit())));
    expect(twice.map((went) => went.ok || went.refusal).sort()).toEqual(['no-way', true]);
    expect(await presented()).toMatchObject([{ step: 'presented', at: later, roundId: 'round001' }]);
    expect(await meetings.find(main(), id)).toMatchObject({ stage: 'alone', turn: 2 });
  });

  it('go back to the next sitting, and from the voting until somebody has voted', async () => {
    const { meetingId, code } = await meetingOf(main(), 'round001', 'J1', 'together', now);
    const go = (to: Parameters<typeof meetings.go>[2]) => meetings.go(main(), meetingId, to, now, permit());
    expect(await go('voting')).toEqual({ ok: false, refusal: 'no-candidates' });
    expect(await go('alone')).toEqual({ ok: true });
    const { ticket } = await phone(main(), code);
    const place = ticket.room;
    const { offers } = await candidates.table(main(), place);
    const key = `${offers[0]!.source}:${offers[0]!.ref}`;
    expect(await votes.propose(main(), ticket, { keep: [key], improve: [key] })).toEqual({ ok: true });
    await go('together');
    expect(await go('voting')).toEqual({ ok: true });
    // Proposals are no votes, and the way back is open.
    expect(await votes.marked(main(), meetingId)).toBe(0);
    expect(await go('together')).toEqual({ ok: true });
    await go('voting');
    const marks = await candidateIds(main(), meetingId);
    expect(await votes.vote(main(), ticket, marks)).toEqual({ ok: true });
    expect(await go('together')).toEqual({ ok: false, refusal: 'votes' });
    expect(await go('ended')).toEqual({ ok: true });
    expect(await meetings.find(main(), meetingId)).toMatchObject({ stage: 'ended', code: null, voters: 1 });
    const [kept] = await main().select().from(meeting).where(eq(meeting.id, meetingId));
    expect(kept!.ticketKey).toBeNull();
    expect(await main().$count(usedTicket, eq(usedTicket.meetingId, meetingId))).toBe(0);
  });
});

test('candidates are added and taken away together, and never later', async () => {
  const place = await meetingOf(main(), 'round001', 'S', 'together', now);
  const { meetingId } = place;
  const add = (words: string, offer: string | null = null) =>
    candidates.add(main(), place, { kind: 'keep', words, offer }, permit());
  const turn = async () => (await meetings.find(main(), meetingId))!.turn;
  const before = await turn();
  expect(await add('  God   tone ')).toEqual({ ok: true });
  expect(await add('God tone')).toEqual({ ok: true });
  expect(await turn()).toBe(before + 2);
  expect(await add(' ')).toEqual({ ok: false, refusal: 'words' });
  expect(await add('', 'factor:nothing')).toEqual({ ok: false, refusal: 'unknown' });
  const { offers } = await candidates.table(main(), place);
  expect(await add('', `factor:${offers[0]!.ref}`)).toEqual({ ok: true });
  const all = await candidates.list(main(), meetingId);
  expect(all.map(({ source, title }) => [source, title.nb]).sort()).toEqual([
    ['factor', offers[0]!.title.nb],
    ['own', 'God tone'],
  ]);
  expect(await candidates.drop(main(), meetingId, all[0]!.id, permit())).toEqual({ ok: true });
  await meetings.go(main(), meetingId, 'voting', now, permit());
  expect(await add('Too late')).toEqual({ ok: false, refusal: 'stage' });
  expect(await candidates.drop(main(), meetingId, all[1]!.id, permit())).toEqual({
    ok: false,
    refusal: 'stage',
  });
  expect(await candidates.list(main(), meetingId)).toHaveLength(1);
});

test('sittings are planned, moved, held and counted; one that was held stays', async () => {
  const { meetingId } = await meetingOf(main(), 'round001', 'S3', 'waiting', now);
  const plan = (id: string | null, startsAt: Date | null, place: string) =>
    sittings.plan(main(), meetingId, id, { startsAt, place }, permit());
  expect(await plan(null, null, '')).toEqual({ ok: false, refusals: ['time', 'place'] });
  expect(await plan(null, later, ' Vaktrommet ')).toEqual({ ok: true });
  expect(await plan(null, now, 'Kantina')).toEqual({ ok: true });
  const [first, second] = await sittings.list(main(), meetingId);
  expect(first).toMatchObject({ place: 'Kantina', heldAt: null, tookPart: null });
  expect(await plan(first!.id, later, 'Møterommet')).toEqual({ ok: true });
  const elsewhere = await meetingOf(main(), 'round001', 'S4', 'waiting', now);
  expect(
    await sittings.plan(main(), elsewhere.meetingId, first!.id, { startsAt: now, place: 'x' }, permit()),
  ).toEqual({ ok: false, refusals: ['unknown'] });
  const held = (typed: string, at = now) => sittings.held(main(), meetingId, first!.id, typed, at, permit());
  expect(await held('mange')).toEqual({ ok: false, refusals: ['took-part'] });
  expect(await held('12')).toEqual({ ok: true });
  expect(await held('13', later)).toEqual({ ok: true });
  await sittings.cancel(main(), meetingId, first!.id, permit());
  await sittings.cancel(main(), meetingId, second!.id, permit());
  expect(await sittings.list(main(), meetingId)).toMatchObject([
    { place: 'Møterommet', heldAt: now, tookPart: 13 },
  ]);
});

test('ending a meeting waits for nobody; the job rewrites the tables afterwards, once', async () => {
  const { meetingId, code } = await meetingOf(main(), 'round001', 'S2', 'voting', now);
  const { ticket } = await phone(main(), code);
  await votes.vote(main(), ticket, await candidateIds(main(), meetingId));
  const [first, ended] = [new Date('2027-04-01T13:00:00Z'), new Date('2027-04-01T13:01:00Z')];
  await meetings.forget(main(), first);
  // A backup that reads for a while.
  await main().transaction(async (tx) => {
    await tx.execute(sql`lock table candidate, used_ticket, meeting in access share mode`);
    expect(await meetings.go(main(), meetingId, 'ended', now, permit())).toEqual({ ok: true });
  });
  const file = async () => (await main().execute(sql`select pg_relation_filepath('used_ticket') as at`))[0];
  const before = await file();
  await meetings.forget(main(), ended);
  const [of] = await main().select().from(meeting).where(eq(meeting.id, meetingId));
  expect(of!.forgottenAt).toEqual(ended);
  const after = await file();
  expect(after).not.toEqual(before);
  await meetings.forget(main(), later);
  expect(await file()).toEqual(after);
});

test('a code that nobody ended opens nothing three months after the release, and one still in use stays', async () => {
  const { meetingId: id, code } = await meetingOf(main(), 'round001', 'S3', 'alone', now);
  await main()
    .insert(usedTicket)
    .values({ meetingId: id, hash: new Uint8Array(32) });
  await meetings.sweep(main(), new Date('2027-06-20T12:00:00Z'));
  expect(await votes.enter(main(), code)).toMatchObject({ meetingId: id });
  await meetings.sweep(main(), new Date('2027-06-25T12:00:00Z'));
  expect(await votes.enter(main(), code)).toBeNull();
  expect(await main().$count(usedTicket, eq(usedTicket.meetingId, id))).toBe(0);
});
