import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import { ballotsOf, submit } from '#server/box.ts';
import { issue } from '#server/issuing.ts';
import { shakeBallots, shakeIssued } from '#server/shaker.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { now, openRound, type Held, type Papers, shuffled } from '#tests/support/papers.ts';
import { town } from '#tests/support/town.ts';

/*
 * The attacker has both databases with all their system columns. Whoever fetches a paper first most often posts first:
 * so in every group of 25 he sorts by what PostgreSQL tells of the order, pairs rank by rank, and looks how far the
 * orders agree. He pairs marks with ballots; and, should he have seen with his own eyes who answered when, that with
 * the marks or the ballots alone. By chance one pair of 25 is right, whatever he sorts by.
 */
let t: TestDatabases;
beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
});
afterAll(() => t.stop());

const groups = 20;
const each = 25;
/** Hits: one expected in a group of n, with variance 1. Agreement: Kendall's tau, 0 expected. Six standard deviations. */
const chance = (n: number) => ({
  hits: groups + 6 * Math.sqrt(groups),
  agreement: 6 * Math.sqrt((2 * (2 * n + 5)) / (9 * n * (n - 1)) / groups),
});

async function answer({ roundId, publicKey }: Papers, { secret, blinded, ballot, tokenHash }: Held) {
  expect(await issue(t.main, roundId, secret, blinded, now)).toMatchObject({ ok: true });
  expect(await submit(t.intake, roundId, ballot, tokenHash, publicKey)).toEqual({ ok: true });
}

type Row = {
  id: string;
  key: string;
  group_id: string;
  xmin: bigint;
  page: number;
  line: number;
  chunk: bigint;
};
type Order = (a: Row, b: Row) => number;
const place: Order = (a, b) => a.page - b.page || a.line - b.line;
const byKey: Order = (a, b) => (a.key < b.key ? -1 : 1);
const orders: Record<string, [marks: Order, ballots: Order]> = {
  xmin: [(a, b) => Number(a.xmin - b.xmin) || place(a, b), (a, b) => Number(a.xmin - b.xmin) || place(a, b)],
  ctid: [place, place],
  toast: [place, (a, b) => Number(a.chunk - b.chunk)],
  key: [byKey, byKey],
};

const system = `xmin::text as xmin, (ctid::text::point)[0]::int as page, (ctid::text::point)[1]::int as line`;
const parsed = (rows: Iterable<Record<string, unknown>>) =>
  [...rows].map(
    (r) => ({ ...r, xmin: BigInt(r.xmin as string), chunk: BigInt((r.chunk as string) ?? 0) }) as Row,
  );

const byGroup = (rows: Row[]) => Object.groupBy(rows, (row) => row.group_id);

/** How many of the pairs are right, and how far the two orders agree. seen: those he is after, in true order. */
async function attack({ roundId, held }: Papers, seen: Held[]) {
  const tokenOf = new Map(held.map((h) => [h.invitationId, h.tokenHash.toString('hex')]));
  const inMain = parsed(
    await t.main.execute(
      sql`select invitation_id as id, invitation_id::text as key, group_id, ${sql.raw(system)} from issued where round_id = ${roundId}`,
    ),
  ).map((mark) => ({ ...mark, id: tokenOf.get(mark.id)! }));
  const inBox = parsed(
    await t.box
      .unsafe(`select encode(token_hash, 'hex') as id, encode(token_hash, 'hex') as key, group_id, ${system},
      pg_column_toast_chunk_id(sealed)::text as chunk from ${ballotsOf(roundId)}`),
  );
  const asSeen = seen.map((h) => ({ id: h.tokenHash.toString('hex'), group_id: h.group }) as Row);
  const ids = new Set(asSeen.map(({ id }) => id));
  const wanted = (row: Row) => ids.has(row.id);

  const compare = (one: Row[], other: Row[]) => {
    const others = byGroup(other);
    let [right, agreement, compared] = [0, 0, 0];
    for (const [group, own] of Object.entries(byGroup(one))) {
      const ranks = own!.map((row) => others[group]!.findIndex(({ id }) => id === row.id));
      ranks.forEach((rank, i) => {
        right += rank === i ? 1 : 0;
        for (const later of ranks.slice(i + 1))
          [agreement, compared] = [agreement + (later > rank ? 1 : -1), compared + 1];
      });
    }
    return { hits: right, agreement: agreement / compared };
  };
  return Object.fromEntries(
    Object.entries(orders).flatMap(([name, [ofMarks, ofBallots]]) => {
      const marks = inMain.filter(wanted).sort(ofMarks);
      const ballots = inBox.filter(wanted).sort(ofBallots);
      expect([marks.length, ballots.length]).toEqual([seen.length, seen.length]);
      return [
        [`marks and ballots by ${name}`, compare(marks, ballots)],
        [`what was seen and marks by ${name}`, compare(asSeen, marks)],
        [`what was seen and ballots by ${name}`, compare(asSeen, ballots)],
      ];
    }),
  );
}

describe.each([
  { what: 'ballots of the usual size', sealedSize: Ballot.sealedSize(1, 64), isBeside: false },
  {
    what: 'ballots with comments, so large that PostgreSQL stores them beside their table',
    ...{ sealedSize: Ballot.sealedSize(1, 2048), isBeside: true },
  },
])('$what', ({ sealedSize, isBeside }) => {
  it('are linked to people by their order until they are shaken, and then no more', async () => {
    const papers = await openRound(t, { groups, each, sealedSize });
    const table = ballotsOf(papers.roundId);
    const inOrder = shuffled(papers.held);
    const half = inOrder.length / 2;
    for (const one of inOrder.slice(0, half)) await answer(papers, one);
    const [stored] =
      await t.box`select count(pg_column_toast_chunk_id(sealed))::int as beside from ${t.box(table)}`;
    expect(stored!.beside).toBe(isBeside ? half : 0);
    const unshaken = await attack(papers, inOrder.slice(0, half));
    for (const between of ['marks and ballots', 'what was seen and marks', 'what was seen and ballots'])
      for (const by of ['xmin', 'ctid', ...(isBeside ? ['toast'] : [])])
        expect(unshaken[`${between} by ${by}`]!.hits, `${between} by ${by}`).toBeGreaterThan(0.9 * half);

    await Promise.all([shakeIssued(t.main), shakeBallots(t.box)]);
    for (const one of inOrder.slice(half)) await answer(papers, one);
    await Promise.all([shakeIssued(t.main), shakeBallots(t.box)]);
    for (const seen of [inOrder, inOrder.slice(0, half), inOrder.slice(half)]) {
      const limit = chance((each * seen.length) / inOrder.length);
      for (const [by, { hits, agreement }] of Object.entries(await attack(papers, seen))) {
        expect(hits, by).toBeLessThan(limit.hits);
        expect(Math.abs(agreement), by).toBeLessThan(limit.agreement);
      }
    }
    // Nor does the box say when a row was written.
    const moments = t.box`select pg_xact_commit_timestamp(xmin) from ${t.box(table)}`;
    await expect(moments).rejects.toThrow('commit timestamp');
  });
});
