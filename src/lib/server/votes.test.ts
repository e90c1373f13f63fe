import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { keyOf } from '#domain/point.ts';
import * as candidates from '#server/candidates.ts';
import * as meetings from '#server/meetings.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as votes from '#server/votes.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { candidateIds, meetingOf, phone } from '#tests/support/meetings.ts';
import { storeRelease, storeUnits } from '#tests/support/stored.ts';
import { permit } from '#tests/support/town.ts';

const now = new Date('2027-04-01T12:00:00Z');
let t: TestDatabases;
const main = () => t.main;

beforeAll(async () => {
  t = await testDatabases();
  await questionnaires.shipOwn(main(), new Date('2027-01-01'));
  await storeUnits(main());
  const at = new Date('2027-03-25T12:00:00Z');
  await storeRelease(main(), 'round001', 'employee', at, { ballots: { '0011': 3 } });
});
afterAll(() => t.stop());

const phones = async (code: string, count: number) =>
  await Promise.all(Array.from({ length: count }, () => phone(main(), code)));

describe('joining', () => {
  it('gives a phone a ticket and counts it, and keeps nothing of it', async () => {
    const { code, meetingId } = await meetingOf(main(), 'round001', 'S1', 'waiting', now);
    expect(await votes.enter(main(), 'zzzzzz')).toBeNull();
    const before = JSON.stringify(await main().execute('select * from used_ticket'));
    const { cookie, ticket } = await phone(main(), code);
    expect(ticket.bytes).toHaveLength(16);
    expect(await meetings.find(main(), meetingId)).toMatchObject({ joined: 1 });
    expect(JSON.stringify(await main().execute('select * from used_ticket'))).toBe(before);
    // The same phone after it dropped out.
    expect((await votes.admit(main(), code, cookie))!.bytes).toEqual(ticket.bytes);
  });

  it('wrong codes are tried one at a time, and a phone with a ticket does not wait for them', async () => {
    const { code } = await meetingOf(main(), 'round001', 'S2', 'waiting', now);
    const { cookie } = await phone(main(), code);
    const start = performance.now();
    let told = 0;
    const guess = () => votes.enter(main(), 'zzzzzz').finally(() => told++);
    const guesses = Promise.all(Array.from({ length: 5 }, guess));
    expect(await votes.admit(main(), code, cookie)).not.toBeNull();
    expect(told).toBeLessThan(5);
    expect(await guesses).toEqual(Array(5).fill(null));
    expect(performance.now() - start).toBeGreaterThan(900);
    expect(await votes.enter(main(), code)).not.toBeNull();
  });
});

test('what is proposed is there for all, once, and only in its stage', async () => {
  const place = await meetingOf(main(), 'round001', 'J1', 'alone', now);
  const { meetingId } = place;
  const [one, two] = (await phones(place.code, 2)).map(({ ticket }) => ticket);
  const { offers } = await candidates.table(main(), place);
  const keys = offers.map(keyOf);
  const propose = (ticket: votes.Ticket, keep: string[], improve: string[] = []) =>
    votes.propose(main(), ticket, { keep, improve });
  expect(await propose(one!, [])).toEqual({ ok: false, refusal: 'nothing' });
  expect(await propose(one!, keys.slice(0, 3))).toEqual({ ok: false, refusal: 'keeps' });
  expect(await propose(one!, ['factor:none'])).toEqual({ ok: false, refusal: 'unknown' });
  expect(await propose(one!, [keys[0]!], [keys[1]!])).toEqual({ ok: true });
  expect(await propose(one!, [keys[2]!])).toEqual({ ok: false, refusal: 'already' });
  expect(await propose(two!, [keys[0]!], [keys[0]!])).toEqual({ ok: true });
  expect(await votes.has(main(), one!, 'proposal')).toBe(true);
  expect(await votes.has(main(), one!, 'vote')).toBe(false);
  const proposed = await candidates.list(main(), meetingId);
  expect(proposed.map(({ kind, ref }) => `${kind} ${ref}`).sort()).toEqual(
    [`improve ${offers[0]!.ref}`, `improve ${offers[1]!.ref}`, `keep ${offers[0]!.ref}`].sort(),
  );
  await meetings.go(main(), meetingId, 'together', now, permit());
  const [late] = await phones(place.code, 1);
  expect(await propose(late!.ticket, [keys[3]!])).toEqual({ ok: false, refusal: 'stage' });
});

test('a unit without a result of its own proposes from the level above', async () => {
  const place = await meetingOf(main(), 'round001', 'J3', 'alone', now);
  const { reading, offers } = await candidates.table(main(), place);
  expect(reading).toMatchObject({ lent: true });
  expect(new Set(offers.map(({ source }) => source))).toEqual(new Set(['factor']));
});

describe('the tallies', () => {
  it('are seen by nobody until the voting has ended, and then by all', async () => {
    const { meetingId, code } = await meetingOf(main(), 'round001', 'S3', 'voting', now);
    const { keep, improve } = await candidateIds(main(), meetingId);
    for (const [n, { ticket }] of (await phones(code, 6)).entries())
      expect(
        await votes.vote(main(), ticket, {
          keep: [keep[0]!, keep[1 + (n % 2)]!],
          improve: n < 2 ? [improve[2]!] : [],
        }),
      ).toEqual({ ok: true });
    const during = await votes.result(main(), meetingId);
    expect(during).toMatchObject({ shown: false, voters: null });
    expect(JSON.stringify(during)).not.toContain('votes');
    expect(await votes.marked(main(), meetingId)).toBe(6);
    await meetings.go(main(), meetingId, 'ended', now, permit());
    const after = await votes.result(main(), meetingId);
    expect(after).toMatchObject({ shown: true, voters: 6 });
    const tally = after.candidates.map((one) => [one.kind, 'votes' in one && one.votes]);
    expect(tally.slice(0, 3)).toEqual([
      ['keep', 6],
      ['keep', 3],
      ['keep', 3],
    ]);
    expect(tally.slice(3)).toEqual([
      ['improve', 2],
      ['improve', 0],
      ['improve', 0],
    ]);
  });

  it.each([
    [4, false],
    [5, true],
  ])('of %i voters: shown %s', async (voters, shown) => {
    const { meetingId, code } = await meetingOf(main(), 'round001', shown ? 'J2' : 'J', 'voting', now);
    const { keep } = await candidateIds(main(), meetingId);
    const joined = await phones(code, voters);
    for (const { ticket } of joined) await votes.vote(main(), ticket, { keep: [keep[0]!], improve: [] });
    await meetings.go(main(), meetingId, 'ended', now, permit());
    expect(await votes.result(main(), meetingId)).toMatchObject({ shown, voters });
    const kept = await main().execute<{ votes: number }>(
      `select sum(votes)::int as votes from candidate where meeting_id = '${meetingId}'`,
    );
    expect(kept[0]!.votes).toBe(shown ? voters : 0);
    // A phone that was there finds its way to the result, though the code is gone.
    expect(await votes.admit(main(), code, joined[0]!.cookie)).toBeNull();
    expect(await votes.endedMeeting(main(), joined[0]!.cookie)).toMatchObject({ id: meetingId });
    expect(await votes.endedMeeting(main(), 'nonsense')).toBeNull();
  });
});
