import { randomBytes, randomInt } from 'node:crypto';
import { eq } from 'drizzle-orm';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ballotsOf } from '#server/box.ts';
import { invitation } from '#server/schema.ts';
import { shake } from '#server/shaker.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { openRound, shuffled } from '#tests/support/papers.ts';
import { town } from '#tests/support/town.ts';

/*
 * A group of 25 answers over 14 days, each at a day and moment of their own: fetches a paper, hands the ballot in. The
 * attacker gets both databases after the shake that follows the last ballot, with system columns and raw pages, and on
 * top of that knows who came when. He sorts both sides by all that may tell of an order and pairs rank by rank. 200 such
 * groups at once are 200 runs. Rows are written as the program writes them, one transaction each, without RSA.
 */
const days = 14;
const each = 25;

let t: TestDatabases;
let supers: { main: Sql; box: Sql };
beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
  const superuser = (url: string) => postgres(url, { max: 4, onnotice: () => {} });
  supers = { main: superuser(t.superUrls.main), box: superuser(t.superUrls.box) };
  for (const sql of [supers.main, supers.box]) await sql`create extension pageinspect`;
});
afterAll(async () => {
  await Promise.all([supers.main.end(), supers.box.end()]);
  await t.stop();
});

type Person = { group: string; id: string; token: Buffer };
type Round = { roundId: string; groups: Person[][] };

async function roundOf(runs: number): Promise<Round> {
  const { roundId } = await openRound(t, { groups: 1, each: 1, sealedSize: 194 });
  // Its own one group stays empty.
  const names = Array.from({ length: runs }, (_, g) => String(g + 2).padStart(4, '0'));
  const rows = names.flatMap((groupId) =>
    Array.from({ length: each }, () => ({ roundId, groupId, draftKey: randomBytes(32) })),
  );
  for (let i = 0; i < rows.length; i += 1000) await t.main.insert(invitation).values(rows.slice(i, i + 1000));
  const made = await t.main.select().from(invitation).where(eq(invitation.roundId, roundId));
  const groups = names.map((group) =>
    made.filter(({ groupId }) => groupId === group).map(({ id }) => ({ group, id, token: randomBytes(32) })),
  );
  return { roundId, groups };
}

/** Each row in a transaction of its own; the disk need not be waited for. */
const oneByOne = (sql: Sql, table: string, rows: string[]) =>
  sql.unsafe(`do $$ begin perform set_config('synchronous_commit', 'off', false);
    ${rows.map((row) => `insert into ${table} values (${row}); commit;`).join('\n')} end $$`);

/** Everybody's day, and within it the order in which they come. Gives the groups in that order, of all days and of the last. */
async function answer({ roundId, groups }: Round, evening: () => Promise<unknown>) {
  const came = groups.map(() => [] as Person[]);
  const dayOf = new Map(groups.flat().map((one) => [one, randomInt(days)]));
  for (let day = 0; day < days; day++) {
    const today = shuffled([...groups.keys()]).flatMap((g) => {
      const coming = shuffled(groups[g]!.filter((person) => dayOf.get(person) === day));
      came[g]!.push(...coming);
      return coming;
    });
    const bytes = (of: Buffer) => `'\\x${of.toString('hex')}'`;
    const marks = today.map(
      ({ id, group }) => `'${id}', '${roundId}', '${group}', ${bytes(randomBytes(32))}`,
    );
    const papers = today.map(({ group, token }) => `'${group}', ${bytes(token)}, ${bytes(randomBytes(194))}`);
    await Promise.all([
      oneByOne(supers.main, 'issued', marks),
      oneByOne(supers.box, ballotsOf(roundId), papers),
    ]);
    await evening();
  }
  // Whose writes nothing has written over since; one alone is no order.
  const lately = came.map((group) => group.filter((one) => dayOf.get(one) === days - 1));
  return { came, lately: lately.filter((group) => group.length > 1) };
}

/** One side's sort keys of a row: what PostgreSQL tells of it. */
type Told = Record<string, bigint>;

const pages = async (sql: Sql, table: string) =>
  (
    await sql`select get_raw_page(${table}, p::int) as bytes
    from generate_series(0, pg_relation_size(${table}::regclass) / 8192 - 1) p`
  ).map((r) => r.bytes as Buffer);

/**
 * The oldest transaction that a row's bytes carry anywhere in the raw pages, live, dead or only left behind: 24 bytes
 * of header, which begin with the transaction, stand before the columns (and a few more before the one that is known).
 */
function carved(raw: Buffer[], rows: Map<string, Buffer>, before: number): Map<string, bigint> {
  const byStart = new Map([...rows].map(([id, bytes]) => [bytes.readUInt32LE(0), { id, bytes }]));
  const oldest = new Map<string, bigint>();
  for (const page of raw)
    for (let at = 24 + before; at + 16 <= page.length; at++) {
      const known = byStart.get(page.readUInt32LE(at));
      if (!known || known.bytes.compare(page, at, at + known.bytes.length) !== 0) continue;
      const xmin = BigInt(page.readUInt32LE(at - before - 24));
      if (xmin > 2n && xmin < (oldest.get(known.id) ?? 1n << 40n)) oldest.set(known.id, xmin);
    }
  return oldest;
}

const place = (ctid: string) => {
  const [page, line] = ctid.slice(1, -1).split(',').map(Number) as [number, number];
  return BigInt(page * 1000 + line);
};

async function told({ roundId, groups }: Round) {
  const people = groups.flat();
  const marks = await supers.main<Record<string, string>[]>`
    select issued.invitation_id::text as id, issued.xmin::text, issued.ctid::text, invitation.xmax::text as lock,
      invitation.ctid::text as invited
    from issued join invitation on invitation.id = invitation_id where issued.round_id = ${roundId}`;
  const table = ballotsOf(roundId);
  const ballots = await supers.box<Record<string, string>[]>`
    select encode(token_hash, 'hex') as id, xmin::text, ctid::text from ${supers.box(table)}`;
  const uuid = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
  const inMain = carved(
    await pages(supers.main, 'issued'),
    new Map(people.map(({ id }) => [id, uuid(id)])),
    0,
  );
  const tokens = new Map(people.map(({ token }) => [token.toString('hex'), token]));
  const inBox = carved(await pages(supers.box, table), tokens, 6);
  const first = (id: string) => BigInt(`0x${id.replaceAll('-', '').slice(0, 15)}`);
  // Of rows with the same transaction the place decides.
  const then = (number: bigint, ctid: string) => (number << 40n) + place(ctid);
  return {
    marks: new Map<string, Told>(
      marks.map(({ id, xmin, ctid, lock, invited }) => [
        id!,
        {
          xmin: then(BigInt(xmin!), ctid!),
          ctid: place(ctid!),
          'primary key': first(id!),
          'raw pages': then(inMain.get(id!) ?? 0n, ctid!),
          'lock on the invitation': then(BigInt(lock!), invited!),
        },
      ]),
    ),
    ballots: new Map<string, Told>(
      ballots.map(({ id, xmin, ctid }) => [
        id!,
        {
          xmin: then(BigInt(xmin!), ctid!),
          ctid: place(ctid!),
          'primary key': first(id!),
          'raw pages': then(inBox.get(id!) ?? 0n, ctid!),
        },
      ]),
    ),
  };
}

/** How many of all pairs are right, for every way to sort the one side and the other. */
async function attack(round: Round, came: Person[][]): Promise<Record<string, number>> {
  const { marks, ballots } = await told(round);
  expect([marks.size, ballots.size]).toEqual([round.groups.length * each, round.groups.length * each]);
  const sorted = (group: Person[], by: (one: Person) => bigint) =>
    [...group].sort((a, b) => (by(a) < by(b) ? -1 : 1));
  const of = (side: Map<string, Told>, key: (one: Person) => string, name: string) => (group: Person[]) =>
    sorted(group, (one) => side.get(key(one))![name]!);
  const ways = (side: Map<string, Told>, key: (one: Person) => string) =>
    Object.keys([...side.values()][0]!).map((name) => [name, of(side, key, name)] as const);
  const people = [['what was seen', (group: Person[]) => group] as const, ...ways(marks, (one) => one.id)];
  const found: Record<string, number> = {};
  for (const [one, byOne] of people)
    for (const [other, byOther] of ways(ballots, ({ token }) => token.toString('hex'))) {
      let hits = 0;
      for (const group of came) {
        const paired = byOther(group);
        byOne(group).forEach((person, rank) => (hits += paired[rank] === person ? 1 : 0));
      }
      found[`${one}, ballots by ${other}`] = hits;
    }
  return found;
}

/** One pair of a group is right by chance, with variance 1; six standard deviations over that. */
const chance = (runs: number) => runs + 6 * Math.sqrt(runs);

describe('who answered what, from the order of 14 days,', () => {
  it('is plain where nobody shakes', async () => {
    const round = await roundOf(40);
    const { came } = await answer(round, async () => {});
    const found = await attack(round, came);
    for (const one of ['what was seen', 'xmin', 'ctid', 'raw pages', 'lock on the invitation'])
      for (const other of ['xmin', 'ctid', 'raw pages'])
        expect(found[`${one}, ballots by ${other}`], `${one}, ${other}`).toBeGreaterThan(0.9 * 40 * each);
  });

  it('is plain in what was left behind where rows are shaken and only vacuumed', async () => {
    const round = await roundOf(40);
    const table = ballotsOf(round.roundId);
    let day = 0;
    const { came, lately } = await answer(round, async () => {
      if (++day < days) return;
      await t.box.begin(async (tx) => {
        await tx`create temporary table taken on commit drop as select * from ${tx(table)}`;
        await tx`delete from ${tx(table)}`;
        await tx`insert into ${tx(table)} select * from taken order by gen_random_uuid()`;
      });
      await t.box`vacuum (truncate false) ${t.box(table)}`;
    });
    const found = await attack(round, came);
    expect(found['what was seen, ballots by xmin']).toBeLessThan(chance(40));
    expect(found['what was seen, ballots by raw pages']).toBeGreaterThan(0.8 * 40 * each);
    const ofLately = (await attack(round, lately))['what was seen, ballots by raw pages'];
    expect(ofLately).toBeGreaterThan(0.8 * lately.flat().length);
  });

  it('is no better than guessed when the shaker has shaken', async () => {
    const runs = 200;
    const round = await roundOf(runs);
    const { came, lately } = await answer(round, () => shake(t.main, t.box));
    for (const group of [came, lately]) {
      const found = await attack(round, group);
      expect(Object.keys(found)).toHaveLength(6 * 4);
      for (const [by, hits] of Object.entries(found)) expect(hits, by).toBeLessThan(chance(group.length));
    }
  });

  it('is in no clock of the servers: they keep no time of a transaction', async () => {
    for (const [sql, table] of [
      [supers.main, 'issued'],
      [supers.box, 'round'],
    ] as const)
      await expect(sql`select pg_xact_commit_timestamp(xmin) from ${sql(table)}`).rejects.toThrow(
        'could not get commit timestamp data',
      );
  });
});
