import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ballotsOf, submit } from '#server/box.ts';
import { forget, scrub, scrubAgain } from '#server/forgetting.ts';
import { issue } from '#server/issuing.ts';
import { shakeBallots } from '#server/shaker.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { now, openRound, type Papers, shuffled } from '#tests/support/papers.ts';
import { town } from '#tests/support/town.ts';

/*
 * The attacker has seen who answered when, and reads the raw pages of the box: rows that are gone are still there, each
 * with the number of the transaction that wrote it, until something is written over them.
 */
let t: TestDatabases;
let superuser: postgres.Sql;
let inMain: postgres.Sql;
let papers: Papers;
let table: string;
beforeAll(async () => {
  t = await testDatabases();
  superuser = postgres(t.superUrls.box, { max: 1, onnotice: () => {} });
  inMain = postgres(t.superUrls.main, { max: 1, onnotice: () => {} });
  for (const sql of [superuser, inMain]) await sql`create extension pageinspect`;
  await town(t.main);
});
const groups = 4;
const each = 25;
beforeEach(async () => {
  papers = await openRound(t, { groups, each });
  papers.held = shuffled(papers.held);
  table = ballotsOf(papers.roundId);
  for (const { ballot, tokenHash } of papers.held)
    expect(await submit(t.intake, papers.roundId, ballot, tokenHash, papers.publicKey)).toEqual({ ok: true });
});
afterAll(async () => {
  await Promise.all([superuser.end(), inMain.end()]);
  await t.stop();
});

/** Before the hash of the token in a row on a page: its head, its group, and a length. */
const toHead = 24 + 5 + 1;

/** The share of the ballots that the oldest trace of each gives to the right person of its group. */
async function linked(): Promise<number> {
  const pages = await superuser<{ bytes: Buffer }[]>`
    select get_raw_page(${table}, p::int) as bytes
    from generate_series(0, pg_relation_size(${table}::regclass) / 8192 - 1) p`;
  const raw = Buffer.concat(pages.map(({ bytes }) => bytes));
  const oldest = (hash: Buffer) => {
    const written: number[] = [];
    for (let at = raw.indexOf(hash); at >= 0; at = raw.indexOf(hash, at + 1))
      written.push(raw.readUInt32LE(at - toHead) * 1e6 + at);
    expect(written.length).toBeGreaterThan(0);
    return Math.min(...written);
  };
  let right = 0;
  for (const seen of Object.values(Object.groupBy(papers.held, ({ group }) => group))) {
    const guessed = seen!.toSorted((a, b) => oldest(a.tokenHash) - oldest(b.tokenHash));
    right += guessed.filter((one, i) => one === seen![i]).length;
  }
  return right / (groups * each);
}
/** The shaker comes again: the server's own housekeeping may look for a moment too. */
const shaken = async () => (await shakeBallots(t.box), await linked());
/** One of 25 by chance; six standard deviations. */
const chance = (groups + 6 * Math.sqrt(groups)) / (groups * each);

it('rows that were shuffled and vacuumed, and no more, are linked to people by what is left of the old ones', async () => {
  expect(await linked()).toBeGreaterThan(0.9);
  await t.box.begin(async (tx) => {
    await tx`with taken as (delete from ${tx(table)} returning *)
      insert into ${tx(table)} select * from taken order by gen_random_uuid()`;
  });
  await t.box`vacuum (truncate false) ${t.box(table)}`;
  expect(await linked()).toBeGreaterThan(0.9);
  await shakeBallots(t.box);
});

it('rows that were shaken are not', async () => {
  await expect.poll(shaken).toBeLessThan(chance);
});

it('nor once a connection that could have seen the old ones lets go, however long it stayed', async () => {
  const other = postgres(t.boxUrl, { max: 1 });
  await other.begin('isolation level repeatable read', async (tx) => {
    await tx`select count(*) from pg_class`;
    for (let times = 0; times < 4; times++) await shakeBallots(t.box);
    // No server takes away what somebody can still see.
    expect(await linked()).toBeGreaterThan(0.9);
  });
  await other.end();
  await expect.poll(shaken).toBeLessThan(chance);
});

/** Ten fetch their papers; gives how many of their marks are in main's raw pages. */
async function fetched(): Promise<() => Promise<number>> {
  const some = papers.held.slice(0, 10);
  for (const { secret, blinded } of some)
    expect(await issue(t.main, papers.roundId, secret, blinded, now)).toMatchObject({ ok: true });
  return async () => {
    const pages = await inMain<{ bytes: Buffer }[]>`
      select get_raw_page('issued', p::int) as bytes
      from generate_series(0, pg_relation_size('issued') / 8192 - 1) p`;
    const raw = Buffer.concat(pages.map(({ bytes }) => bytes));
    const idOf = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
    return some.filter(({ invitationId }) => raw.includes(idOf(invitationId))).length;
  };
}

it('nor is anybody’s mark left in main once the round is over, when the last who saw it lets go', async () => {
  const left = await fetched();
  const other = postgres(t.mainUrl, { max: 1 });
  await other.begin('isolation level repeatable read', async (tx) => {
    await tx`select count(*) from pg_class`;
    await t.main.transaction((tx) => forget(tx, papers.roundId));
    expect(await left()).toBe(10);
    await scrub(t.main);
    expect(await left()).toBe(10);
  });
  await other.end();
  await expect.poll(async () => (await scrubAgain(t.main), await left())).toBe(0);
});

it('nor where whoever ended the round was cut off before rewriting', async () => {
  const left = await fetched();
  const file = async () => (await inMain`select pg_relation_filenode('issued') as at`)[0]!.at as number;
  const isOwed = async () => {
    const before = await file();
    await scrubAgain(t.main);
    return (await file()) !== before;
  };
  await expect.poll(isOwed).toBe(false);
  await t.main.transaction((tx) => forget(tx, papers.roundId));
  expect(await left()).toBe(10);
  await expect.poll(async () => (await scrubAgain(t.main), await left())).toBe(0);
});
