import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import * as Code from '#domain/code.ts';
import { fingerprintSigns } from '#domain/keylist.ts';
import { ballotsOf } from '#server/box.ts';
import { open } from '#server/clock.ts';
import { permitForMachine } from '#server/gate.ts';
import * as batches from '#server/paper-batch.ts';
import * as enterers from '#server/paper-enterers.ts';
import { answer, prepare } from '#server/respondent.ts';
import * as rounds from '#server/rounds.ts';
import { person } from '#server/schema.ts';
import { shake } from '#server/shaker.ts';
import { hrGate, printed } from '#tests/support/codes.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { approvedRound, frozen, someAnswers, town } from '#tests/support/town.ts';

/*
 * Somebody knows in which order the envelopes were opened and typed, and has both databases with all their system
 * columns before anything is shaken. Do the rows stand in that order?
 */
let t: TestDatabases;
let of: rounds.RoundRow;
let answers: number[];
let codes: string[];
let typist: string;
const now = new Date('2027-03-01T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);
const each = 20;

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await town(t.main, { A: 3 * each });
  const people = await t.main.select().from(person).orderBy(person.employeeNumber);
  const { id, questionnaire } = await approvedRound(t.main, now, { unitCodes: ['A'] });
  answers = someAnswers(questionnaire, 1);
  await t.main.update(person).set({ email: null });
  await frozen(t, id, now);
  of = (await rounds.find(t.main, id))!;
  const wanted = { group: 'all', reserve: null };
  codes = (await printed(t.main, hrGate(people[0]!.id, now), of, wanted, now)).map(({ code }) => code);
  // By number: leaders of K, H and A, then staff in K.
  typist = people[4]!.id;
  const given = await enterers.give(t.main, of, people[4]!.employeeNumber!, now, permitForMachine());
  expect(given).toEqual({ ok: true });
  await open(t.main, t.box, id, later(1), null);
  of = (await rounds.find(t.main, id))!;
});
afterAll(() => t.stop());

/** How far two orders agree: 1 the same, 0 by chance (Kendall's tau). */
function agreement(order: string[], rows: string[]): number {
  const at = order.map((one) => rows.indexOf(one));
  expect(at).not.toContain(-1);
  const pairs = at.flatMap((a, i) => at.slice(i + 1).map((b) => Math.sign(b - a)));
  return pairs.reduce((sum, one) => sum + one, 0) / pairs.length;
}
/** Six standard deviations of it. */
const chance = 6 * Math.sqrt((2 * (2 * each + 5)) / (9 * each * (each - 1)));

const tokenHash = async (seed: Uint8Array) =>
  Buffer.from(await Ballot.tokenHash((await Ballot.paper(seed, of.fingerprint!)).token)).toString('hex');
const inBox = async () =>
  (
    await t.box.unsafe(
      `select encode(token_hash, 'hex') as id from ${ballotsOf(of.id)} order by xmin::text::bigint, ctid`,
    )
  ).map(({ id }) => id as string);
const marks = async () =>
  (
    (await t.main.execute(sql`
      select encode(l.secret_hash, 'hex') as id from issued i join invitation_link l using (invitation_id)
      order by i.xmin::text::bigint, i.ctid`)) as unknown as { id: string }[]
  ).map(({ id }) => id);
const secretHash = async (code: string) =>
  createHash('sha256')
    .update(await Code.secretOf(code, of.id))
    .digest('hex');

it('forms that are entered one by one stand in the order they were typed', async () => {
  const round = await prepare(t.main, of.id, fingerprintSigns(of.fingerprint!));
  const typed: string[] = [];
  for (const code of codes.slice(0, each)) {
    const seed = randomBytes(32);
    const secret = await Code.secretOf(code, of.id);
    await answer(t.main, t.intake, round, secret, answers, later(2), seed, [0]);
    typed.push(await tokenHash(seed));
  }
  expect(agreement(typed, await inBox())).toBe(1);
  await shake(t.main, t.box);
});

it('a batch stands in an order of chance even before it is shaken, its marks in another', async () => {
  const gate = hrGate(typist, now, { roles: [], worksIn: ['K'] });
  for (const from of [each, 2 * each]) {
    const mine = codes.slice(from, from + each);
    const seed = batches.newSeed();
    const forms = mine.map((code) => ({ code, answers, background: [0] }));
    const done = await batches.enter(t.main, t.intake, gate, of, { seed, forms }, later(3));
    expect(done).toEqual({ ok: true, count: each });
    const seeds = mine.map((code) =>
      createHash('sha256').update(`medvirk paper form ${seed} ${code}`).digest(),
    );
    const typed = await Promise.all(seeds.map(tokenHash));
    const hashes = await Promise.all(mine.map(secretHash));
    const [ballots, fetched] = [await inBox(), await marks()];
    expect(Math.abs(agreement(typed, ballots))).toBeLessThan(chance);
    expect(Math.abs(agreement(hashes, fetched))).toBeLessThan(chance);
    const fetchedAsTyped = fetched
      .filter((one) => hashes.includes(one))
      .map((one) => typed[hashes.indexOf(one)]!);
    expect(Math.abs(agreement(fetchedAsTyped, ballots))).toBeLessThan(chance);
    await shake(t.main, t.box);
    const [{ moments }] = (await t.box.unsafe(
      `select count(distinct xmin::text)::int as moments from ${ballotsOf(of.id)}`,
    )) as unknown as [{ moments: number }];
    expect(moments).toBe(1);
  }
});
