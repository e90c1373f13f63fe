import postgres from 'postgres';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ballotsOf, submit } from '#server/box.ts';
import { forget } from '#server/forgetting.ts';
import { issue } from '#server/issuing.ts';
import { issued } from '#server/schema.ts';
import { shake, shakeBallots, shakeIssued } from '#server/shaker.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { type Held, now, openRound, type Papers } from '#tests/support/papers.ts';
import { town } from '#tests/support/town.ts';

const superuser = (url: string) => postgres(url, { max: 1, onnotice: () => {} });
let t: TestDatabases;
let supers: { main: postgres.Sql; box: postgres.Sql };
let papers: Papers;
let ballots: string;
beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
  supers = { main: superuser(t.superUrls.main), box: superuser(t.superUrls.box) };
  await supers.box`create extension pageinspect`;
  for (const name of ['pgstattuple', 'pageinspect']) await supers.main`create extension ${supers.main(name)}`;
});
beforeEach(async () => {
  papers = await openRound(t, { groups: 4, each: 25 });
  ballots = ballotsOf(papers.roundId);
});
afterAll(async () => {
  await Promise.all([supers.main.end(), supers.box.end()]);
  await t.stop();
});

async function answer({ secret, blinded, ballot, tokenHash }: Held) {
  const paper = await issue(t.main, papers.roundId, secret, blinded, now);
  const kept = await submit(t.intake, papers.roundId, ballot, tokenHash, papers.publicKey);
  return { paper, kept };
}
const inHex = (all: Iterable<{ hash: string }>) => [...all].map((r) => r.hash).sort();
const inBox = async () =>
  inHex(await t.box<{ hash: string }[]>`select encode(token_hash, 'hex') as hash from ${t.box(ballots)}`);
const inMain = async () =>
  (await t.main.select().from(issued).where(eq(issued.roundId, papers.roundId)))
    .map((i) => i.invitationId)
    .sort();
const all = (of: Held[] = papers.held) => ({
  box: of.map((h) => h.tokenHash.toString('hex')).sort(),
  main: of.map((h) => h.invitationId).sort(),
});

describe('shaking', () => {
  it('loses and doubles nothing while papers are fetched and ballots posted, again and again', async () => {
    let busy = true;
    const times = [0, 0];
    const shaking = Promise.all(
      times.map(async (_, i) => {
        for (; busy; times[i]!++) await shake(t.main, t.box);
      }),
    );
    // Everybody twice, and over again until both have shaken some times.
    const answers = await Promise.all(
      [0, 1, 2, 3].map(async (lane) => {
        const given = [];
        do
          for (const one of papers.held.filter((_, i) => i % 4 === lane))
            given.push(await answer(one), await answer(one));
        while (Math.min(...times) < 3);
        return given;
      }),
    );
    busy = false;
    await shaking;
    for (const { paper, kept } of answers.flat()) expect([paper.ok, kept.ok]).toEqual([true, true]);
    expect({ box: await inBox(), main: await inMain() }).toEqual(all());
  });

  it('leaves everything as it was when it is cut off in the middle', async () => {
    const some = papers.held.slice(0, 40);
    for (const one of some) await answer(one);
    // The rows are out and half of them back when a last one cannot be put: the server ends the transaction.
    for (const [sql, table] of [
      [supers.box, ballots],
      [supers.main, 'issued'],
    ] as const)
      await sql.unsafe(`
        create function cut_off() returns trigger language plpgsql as
          $$ begin if random() < 0.3 then raise 'cut off'; end if; return new; end $$;
        create trigger cut_off before insert on ${table} for each row execute function cut_off()`);
    await expect(shakeBallots(t.box)).rejects.toThrow('cut off');
    await expect(shakeIssued(t.main)).rejects.toThrow();
    for (const sql of [supers.box, supers.main]) await sql`drop function cut_off cascade`;
    expect({ box: await inBox(), main: await inMain() }).toEqual(all(some));
    await shake(t.main, t.box);
    expect({ box: await inBox(), main: await inMain() }).toEqual(all(some));
  });

  it('is done with a group until somebody writes to it again', async () => {
    for (const one of papers.held) await answer(one);
    await shake(t.main, t.box);
    const groups = (sql: postgres.Sql, table: string) => sql`
      select group_id, min(xmin::text) as xmin, count(distinct xmin::text)::int as n
      from ${sql(table)} ${table === 'issued' ? sql`where round_id = ${papers.roundId}` : sql``}
      group by group_id order by group_id`;
    const both = async () => [...(await groups(t.box, ballots)), ...(await groups(supers.main, 'issued'))];
    const first = await both();
    expect(first.map((g) => g.n)).toEqual(Array(8).fill(1));
    await shake(t.main, t.box);
    expect(await both()).toEqual(first);
  });

  // The one is waited for when rows are taken out, the other when their table is rewritten.
  it.each(['access exclusive', 'access share'])(
    'goes on when a round is closed meanwhile and takes its table with it, held in %s mode',
    async (mode) => {
      for (const one of papers.held.slice(0, 10)) await answer(one);
      const closer = postgres(t.boxUrl, { max: 1 });
      const isWaiting = async () => {
        const [found] = await supers.box`
          select exists (select from pg_locks where relation = ${ballots}::regclass and not granted) as so`;
        return found!.so as boolean;
      };
      const { shaking } = await closer.begin(async (tx) => {
        await tx`lock table ${tx(ballots)} in ${tx.unsafe(mode)} mode`;
        const shaking = shakeBallots(t.box);
        await expect.poll(isWaiting, { timeout: 10_000 }).toBe(true);
        await tx`drop table ${tx(ballots)}`;
        await tx`delete from round where id = ${papers.roundId}`;
        return { shaking };
      });
      await closer.end();
      await expect(shaking).resolves.toBeUndefined();
    },
  );

  it('and the end of a round take turns: marks that are put back just then are forgotten too', async () => {
    for (const one of papers.held.slice(0, 60)) await answer(one);
    let busy = true;
    const shaking = (async () => {
      for (let i = 60; busy; i++) {
        await Promise.all([answer(papers.held[i % 100]!), answer(papers.held[(i + 1) % 100]!)]);
        await shakeIssued(t.main);
      }
    })();
    const forgotten = t.main.transaction((tx) => forget(tx, papers.roundId));
    await expect(forgotten.finally(() => (busy = false))).resolves.toBeUndefined();
    await shaking;
    expect(await inMain()).toEqual([]);
  });
});

describe('after shaking', () => {
  it('no dead mark is left in main', async () => {
    for (const one of papers.held) await answer(one);
    await shakeIssued(t.main);
    const [found] = await supers.main`select * from pgstattuple('issued')`;
    expect(found).toMatchObject({ dead_tuple_count: '0' });
    expect(Number(found!.tuple_count)).toBeGreaterThanOrEqual(100);
    // Every page of an index but the last one begins with an entry that stands for no row.
    const [index] = await supers.main`
      select sum(live_items + dead_items - (btpo_next > 0)::int)::int as entries from (
        select s.* from pg_class c, generate_series(1, pg_relation_size(c.oid) / 8192 - 1) p,
          bt_page_stats('issued_pkey', p) s where c.relname = 'issued_pkey' and s.type = 'l') pages`;
    expect(index!.entries).toBe(Number(found!.tuple_count));
  });

  it('the box holds every ballot once, in its raw pages too, and none in its log of writes', async () => {
    const copies = async () => {
      const pages = await supers.box`
        select get_raw_page(${ballots}, p::int) as bytes
        from generate_series(0, pg_relation_size(${ballots}::regclass) / 8192 - 1) p`;
      const logs = await supers.box`
        select pg_read_binary_file('pg_wal/' || name, 0, 2000000, true) as bytes from pg_ls_waldir()`;
      const count = (rows: Iterable<postgres.Row>) =>
        papers.held.map(({ tokenHash }) =>
          [...rows].reduce((sum, { bytes }) => sum + occurrences(bytes as Buffer | null, tokenHash), 0),
        );
      return { pages: count(pages), logged: count(logs) };
    };
    let logged = false;
    for (const [i, one] of papers.held.entries()) {
      await answer(one);
      if (i >= 90) logged ||= (await copies()).logged.some((n) => n > 0);
      if (i % 30 === 29) await shakeBallots(t.box);
    }
    // Others shake in this server too, and may cut the log just then: it is looked at after every write.
    expect(logged).toBe(true);
    // The shaker comes twice within its minute.
    await shakeBallots(t.box);
    await shakeBallots(t.box);
    const after = await copies();
    expect(new Set(after.pages)).toEqual(new Set([1]));
    expect(new Set(after.logged)).toEqual(new Set([0]));
  });
});

function occurrences(bytes: Buffer | null, what: Buffer): number {
  let found = 0;
  for (let at = bytes?.indexOf(what) ?? -1; at >= 0; at = bytes!.indexOf(what, at + 1)) found++;
  return found;
}
