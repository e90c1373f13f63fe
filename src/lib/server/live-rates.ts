import { and, asc, eq, notInArray, sql } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import { withAdded } from '#domain/joiner.ts';
import * as LiveRate from '#domain/live-rate.ts';
import * as Round from '#domain/round.ts';
import * as actors from '#server/actors.ts';
import type { Main } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as joiners from '#server/joiners.ts';
import type { RoundRow } from '#server/rounds.ts';
import { issued, liveRate, round } from '#server/schema.ts';

const open = async (main: Main, now: Date): Promise<RoundRow[]> => {
  const rows = (await main
    .select()
    .from(round)
    .where(eq(round.state, 'open'))
    .orderBy(asc(round.stopsAt), asc(round.id))) as RoundRow[];
  return rows.filter((of) => Round.phase(of, now) === 'open');
};

/**
 * Once a day: how many have fetched a paper, by group, is counted in memory and kept only as today's steps, all written
 * anew so that no row tells which have changed. Those of yesterday, and of rounds that are no longer open, are gone.
 */
export async function measure(main: Main, now: Date): Promise<void> {
  const today = Day.at(now);
  const rounds = await open(main, now);
  const ids = rounds.map(({ id }) => id);
  await main.delete(liveRate).where(ids.length > 0 ? notInArray(liveRate.roundId, ids) : undefined);
  for (const of of rounds)
    await main.transaction(async (tx) => {
      await tx.select({ id: round.id }).from(round).where(eq(round.id, of.id)).for('update');
      const same = and(eq(liveRate.roundId, of.id), eq(liveRate.on, today));
      if ((await tx.select({ on: liveRate.on }).from(liveRate).where(same).limit(1)).length > 0) return;
      await tx.delete(liveRate).where(eq(liveRate.roundId, of.id));
      const rows = await tx
        .select({ groupId: issued.groupId, count: sql<number>`count(*)::int` })
        .from(issued)
        .where(eq(issued.roundId, of.id))
        .groupBy(issued.groupId);
      const fetched = new Map(rows.map(({ groupId, count }) => [groupId, count]));
      const tree = withAdded(of.tree!, await joiners.counts(tx, of.id));
      const told = [...LiveRate.steps(tree, fetched)].map(([nodeId, step]) => ({ nodeId, step }));
      if (told.length > 0)
        await tx.insert(liveRate).values(told.map((one) => ({ roundId: of.id, ...one, on: today })));
    });
}

/** A unit's step today. depth: in the round's tree. */
export type Told = { node: string; unit: string; name: string; depth: number; step: LiveRate.Step };
export type RoundTold = { round: { id: string; name: string }; on: string; units: Told[] };

/** What somebody may be told of the rounds that are open: of the units they follow, or of some of those (codes). */
export async function told(
  main: Main,
  gate: Gate,
  now: Date,
  only: { roundId?: string; codes?: string[] },
): Promise<RoundTold[]> {
  gate.ask('rate.list');
  const found: RoundTold[] = [];
  const pathOf = await actors.paths(main);
  for (const of of await open(main, now)) {
    if (only.roundId !== undefined && only.roundId !== of.id) continue;
    const rows = await main.select().from(liveRate).where(eq(liveRate.roundId, of.id));
    const stepOf = new Map(rows.map(({ nodeId, step }) => [nodeId, step as LiveRate.Step]));
    const units: Told[] = [];
    const depths = new Map<string | null, number>([[null, -1]]);
    for (const node of of.tree!.nodes) {
      const depth = (depths.get(node.parent) ?? -1) + 1;
      depths.set(node.id, depth);
      const [unit] = node.units;
      const step = stepOf.get(node.id);
      if (node.part !== 'whole' || unit === undefined || step === undefined) continue;
      if (only.codes && !only.codes.includes(unit)) continue;
      if (!gate.may('rate.see', { path: pathOf(unit) })) continue;
      units.push({ node: node.id, unit, name: node.name, depth, step });
    }
    if (units.length > 0) found.push({ round: { id: of.id, name: of.name }, on: rows[0]!.on, units });
  }
  return found;
}
