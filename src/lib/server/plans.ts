import { randomUUID } from 'node:crypto';
import { and, asc, count, countDistinct, desc, eq, inArray, lt, max, notInArray, sql } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import { over } from '#domain/measure.ts';
import * as Plan from '#domain/plan.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as measures from '#server/measures.ts';
import * as points from '#server/points.ts';
import { agreement, goal, measure, measureGoal, measurePoint, plan, unit } from '#server/schema.ts';

export type PlanRow = {
  id: string;
  kind: Plan.Kind;
  year: number;
  unit: { id: string; code: string; name: string };
};

const row = {
  id: plan.id,
  kind: sql<Plan.Kind>`${plan.kind}`,
  year: plan.year,
  unit: { id: unit.id, code: unit.code, name: unit.name },
};

export async function find(main: Main, id: string): Promise<PlanRow | null> {
  const [found] = await main
    .select(row)
    .from(plan)
    .innerJoin(unit, eq(unit.id, plan.unitId))
    .where(eq(plan.id, id));
  return found ?? null;
}

/** A plan in a list. agreedOn: the newest day it was agreed, ISO; null: not yet. */
export type Listed = PlanRow & { measures: number; agreedOn: string | null };

/** The plans of some units (ids), newest year first, then by unit and kind. */
export async function list(main: Main, unitIds: string[]): Promise<Listed[]> {
  const placed = main
    .select({ planId: goal.planId, count: countDistinct(measureGoal.measureId).as('placed_count') })
    .from(goal)
    .innerJoin(measureGoal, eq(measureGoal.goalId, goal.id))
    .groupBy(goal.planId)
    .as('placed');
  const agreed = main
    .select({ planId: agreement.planId, on: max(agreement.agreedOn).as('agreed_on') })
    .from(agreement)
    .groupBy(agreement.planId)
    .as('agreed');
  const rows = await main
    .select({ ...row, measures: placed.count, agreedOn: agreed.on })
    .from(plan)
    .innerJoin(unit, eq(unit.id, plan.unitId))
    .leftJoin(placed, eq(placed.planId, plan.id))
    .leftJoin(agreed, eq(agreed.planId, plan.id))
    .where(inArray(plan.unitId, unitIds))
    .orderBy(desc(plan.year), asc(unit.code), asc(plan.kind));
  return rows.map((one) => ({ ...one, measures: one.measures ?? 0 }));
}

/** Ids of the units right and further below a unit (an id), without itself. */
async function below(main: Main, unitId: string): Promise<string[]> {
  const rows = await main.execute<{ id: string }>(sql`
    with recursive under as (
      select id from unit where parent_id = ${unitId}
      union
      select u.id from unit u join under on u.parent_id = under.id
    ) select id from under`);
  return rows.map(({ id }) => id);
}

/** Units whose measures a plan can hold, as ids. */
export const reach = async (
  main: Main,
  { kind, unit }: { kind: Plan.Kind; unit: { id: string } },
): Promise<string[]> => [unit.id, ...(Plan.reachesBelow(kind) ? await below(main, unit.id) : [])];

export type BeginFault = Plan.BeginRefusal | 'exists';

/** wished: by somebody who answers for plans everywhere, for whom any unit may have a business plan. */
export type Begin = { kind: string; unitCode: string; year: number; fromEarlier: boolean; wished: boolean };

/**
 * Begins a plan: empty, or with the goals of the newest earlier plan of the same kind and unit, and under them the
 * measures that are not over. Where there is none earlier it begins empty. The unique index decides that there is one.
 */
export async function begin(
  main: Main,
  wanted: Begin,
  now: Date,
  permit: Permit<'plan.change'>,
): Promise<
  | { ok: true; id: string }
  | { ok: false; refusals: Plan.BeginRefusal[] }
  | { ok: false; refusals: ['exists']; existing: string }
> {
  const [at] = await main.select().from(unit).where(eq(unit.code, wanted.unitCode));
  const [under] = at ? await main.select({ count: count() }).from(unit).where(eq(unit.parentId, at.id)) : [];
  const stands = at !== undefined && Day.stands(at, Day.at(now));
  const { kind, year } = wanted;
  const refusals = Plan.beginFaults({
    ...wanted,
    unit: stands ? { hasUnitsBelow: (under?.count ?? 0) > 0 } : null,
  });
  if (!stands || refusals.length > 0) return { ok: false, refusals };
  return await main.transaction(async (tx) => {
    const [made] = await tx
      .insert(plan)
      .values({ kind, unitId: at.id, year, createdAt: now, createdBy: permit.by })
      .onConflictDoNothing()
      .returning({ id: plan.id });
    const same = and(eq(plan.kind, kind), eq(plan.unitId, at.id));
    if (!made) {
      const [found] = await tx
        .select({ id: plan.id })
        .from(plan)
        .where(and(same, eq(plan.year, year)));
      return { ok: false, refusals: ['exists'], existing: found!.id };
    }
    const [earlier] = wanted.fromEarlier
      ? await tx
          .select()
          .from(plan)
          .where(and(same, lt(plan.year, year)))
          .orderBy(desc(plan.year))
          .limit(1)
      : [];
    if (earlier) await copy(tx, earlier.id, made.id, now, permit.by);
    return { ok: true, id: made.id };
  });
}

async function copy(tx: Main, from: string, to: string, now: Date, by: string | null) {
  const goals = await tx.select().from(goal).where(eq(goal.planId, from));
  const copies = new Map(goals.map(({ id }) => [id, randomUUID()]));
  // Goals before their sub-goals.
  for (const level of [goals.filter((one) => !one.parentId), goals.filter((one) => one.parentId)])
    if (level.length > 0)
      await tx.insert(goal).values(
        level.map(({ id, parentId, position, text }) => ({
          id: copies.get(id)!,
          planId: to,
          parentId: parentId && copies.get(parentId)!,
          position,
          text,
        })),
      );
  const placed = await tx
    .select({ measureId: measureGoal.measureId, goalId: measureGoal.goalId })
    .from(measureGoal)
    .innerJoin(goal, eq(goal.id, measureGoal.goalId))
    .innerJoin(measure, eq(measure.id, measureGoal.measureId))
    .where(and(eq(goal.planId, from), notInArray(measure.status, over)));
  if (placed.length > 0)
    await tx.insert(measureGoal).values(
      placed.map(({ measureId, goalId }) => ({
        measureId,
        goalId: copies.get(goalId)!,
        at: now,
        byId: by,
      })),
    );
}

/** All that a plan says now. */
export async function said(main: Main, of: PlanRow, now: Date): Promise<Plan.Said> {
  const goals = await main.select().from(goal).where(eq(goal.planId, of.id));
  const placed = await main
    .select({ measureId: measureGoal.measureId, goalId: measureGoal.goalId })
    .from(measureGoal)
    .innerJoin(goal, eq(goal.id, measureGoal.goalId))
    .where(eq(goal.planId, of.id));
  const rows = await measures.list(main, { planId: of.id }, now);
  const served = await pointsOf(
    main,
    rows.map(({ id }) => id),
  );
  const says = new Map(rows.map((one) => [one.id, sayMeasure(one, served.get(one.id) ?? [])]));
  // In the order of the rows: by deadline.
  const under = (goalId: string) => {
    const here = new Set(placed.filter((one) => one.goalId === goalId).map(({ measureId }) => measureId));
    return [...says.values()].filter(({ id }) => here.has(id));
  };
  const say = ({ id, text }: { id: string; text: string }) => ({ id, text, measures: under(id) });
  const meetings = new Map([...served.values()].flat().map((point) => [point.meeting.id, point]));
  return {
    kind: of.kind,
    year: of.year,
    unit: of.unit.name,
    goals: Plan.inOrder(goals).map(({ goal, subGoals }) => ({ ...say(goal), subGoals: subGoals.map(say) })),
    fewer: [...meetings.values()]
      .filter(({ meeting }) => meeting.fewerReason)
      .map(({ meeting, unit, round }) => ({
        unit: unit.name,
        round: round.name,
        reason: meeting.fewerReason ?? '',
      })),
  };
}

const sayMeasure = (
  { id, title, expected, unit, owner, ownerRole, dueOn, status }: measures.MeasureRow,
  served: points.PointRow[],
): Plan.SaidMeasure => ({
  ...{ id, title, expected, ownerRole, dueOn, status },
  unit: unit.name,
  owner: owner && { name: owner.name, here: owner.here },
  points: served.map(({ kind, title, unit, round }) => ({ kind, title, unit: unit.name, round: round.name })),
});

/** The points that each of these measures serves. */
export async function pointsOf(main: Main, measureIds: string[]): Promise<Map<string, points.PointRow[]>> {
  const pairs = await main.select().from(measurePoint).where(inArray(measurePoint.measureId, measureIds));
  const rows = await points.list(main, { ids: [...new Set(pairs.map(({ pointId }) => pointId))] });
  return new Map(
    measureIds.map((id) => {
      const serves = new Set(pairs.filter(({ measureId }) => measureId === id).map(({ pointId }) => pointId));
      return [id, rows.filter((point) => serves.has(point.id))];
    }),
  );
}

/** Everything that is changed in a plan waits here for its turn. Whether there is such a plan. */
export async function lock(tx: Main, id: string): Promise<boolean> {
  const found = await tx.select({ id: plan.id }).from(plan).where(eq(plan.id, id)).for('update');
  return found.length > 0;
}
