import { and, eq, inArray, sql } from 'drizzle-orm';
import * as Measure from '#domain/measure.ts';
import * as Plan from '#domain/plan.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as measures from '#server/measures.ts';
import * as plans from '#server/plans.ts';
import * as points from '#server/points.ts';
import { goal, measure, measureGoal, plan, unit } from '#server/schema.ts';
import * as settling from '#server/settling.ts';

/** A measure that can be placed, and in which other plans it stands. */
export type Ready = measures.MeasureRow & { elsewhere: { kind: Plan.Kind; year: number; unit: string }[] };

/**
 * Measures within the plan's reach that are not over and do not stand in it: those of each point they serve (one that
 * serves two comes twice), and those that serve none.
 */
export async function ready(
  main: Main,
  of: plans.PlanRow,
  now: Date,
): Promise<{ points: { point: points.PointRow; measures: Ready[] }[]; others: Ready[]; count: number }> {
  const unitIds = await plans.reach(main, of);
  const inPlan = new Set((await measures.list(main, { planId: of.id }, now)).map(({ id }) => id));
  const open = (await measures.list(main, { unitIds, statuses: Measure.open }, now)).filter(
    ({ id }) => !inPlan.has(id),
  );
  const ids = open.map(({ id }) => id);
  const elsewhere = await main
    .selectDistinct({
      measureId: measureGoal.measureId,
      kind: sql<Plan.Kind>`${plan.kind}`,
      year: plan.year,
      unit: unit.name,
    })
    .from(measureGoal)
    .innerJoin(goal, eq(goal.id, measureGoal.goalId))
    .innerJoin(plan, eq(plan.id, goal.planId))
    .innerJoin(unit, eq(unit.id, plan.unitId))
    .where(inArray(measureGoal.measureId, ids));
  const plansOf = Map.groupBy(elsewhere, ({ measureId }) => measureId);
  const waiting = open.map((one) => ({ ...one, elsewhere: plansOf.get(one.id) ?? [] }));
  const served = await plans.pointsOf(main, ids);
  const serves = (id: string, pointId: string) => served.get(id)?.some((of) => of.id === pointId) ?? false;
  const pointIds = new Set([...served.values()].flat().map((of) => of.id));
  const rows = await points.list(main, { ids: [...pointIds] });
  return {
    points: rows.map((point) => ({
      point,
      measures: waiting.filter(({ id }) => serves(id, point.id)),
    })),
    others: waiting.filter(({ id }) => served.get(id)?.length === 0),
    count: waiting.length,
  };
}

export type PlaceRefusal = 'none' | 'gone' | 'other-plan' | 'not-a-sub-goal' | 'out-of-reach';

const goalById = async (tx: Main, id: string) => {
  const [found] = await tx.select().from(goal).where(eq(goal.id, id));
  return found;
};

/** Places measures under a sub-goal, and takes the step of every meeting that is thereby planned. */
export async function place(
  main: Main,
  planId: string,
  { goalId, measureIds }: { goalId: string; measureIds: string[] },
  now: Date,
  permit: Permit<'plan.change'>,
): Promise<{ ok: true; placed: number } | { ok: false; refusal: PlaceRefusal }> {
  if (measureIds.length === 0) return { ok: false, refusal: 'none' };
  return await main.transaction(async (tx) => {
    await plans.lock(tx, planId);
    const of = await plans.find(tx, planId);
    if (!of) return { ok: false, refusal: 'gone' };
    const fault = Plan.placeFault(await goalById(tx, goalId), planId);
    if (fault) return { ok: false, refusal: fault };
    const unitIds = await plans.reach(tx, of);
    const known = await tx
      .select({ id: measure.id })
      .from(measure)
      .where(and(inArray(measure.id, measureIds), inArray(measure.unitId, unitIds)));
    if (known.length !== new Set(measureIds).size) return { ok: false, refusal: 'out-of-reach' };
    const placed = await tx
      .insert(measureGoal)
      .values(known.map(({ id }) => ({ measureId: id, goalId, at: now, byId: permit.by })))
      .onConflictDoNothing()
      .returning({ id: measureGoal.measureId });
    await settling.settleServed(tx, measureIds, now, permit.by);
    return { ok: true, placed: placed.length };
  });
}

/** Moves a measure from one sub-goal of the plan to another. lifted: somebody else has moved it or taken it out. */
export async function move(
  main: Main,
  planId: string,
  { measureId, from, to }: { measureId: string; from: string; to: string },
  now: Date,
  permit: Permit<'plan.change'>,
): Promise<{ ok: true } | { ok: false; refusal: 'lifted' | 'gone' | 'other-plan' | 'not-a-sub-goal' }> {
  return await main.transaction(async (tx) => {
    await plans.lock(tx, planId);
    const fault = Plan.placeFault(await goalById(tx, to), planId);
    if (fault) return { ok: false, refusal: fault };
    if (from === to) return { ok: true };
    if (!(await lift(tx, planId, measureId, from))) return { ok: false, refusal: 'lifted' };
    await tx
      .insert(measureGoal)
      .values({ measureId, goalId: to, at: now, byId: permit.by })
      .onConflictDoNothing();
    return { ok: true };
  });
}

/** Takes a measure out from under a goal. A meeting that is no longer planned has its step taken back. */
export async function takeOut(
  main: Main,
  planId: string,
  { measureId, from }: { measureId: string; from: string },
  now: Date,
  permit: Permit<'plan.change'>,
): Promise<{ ok: true } | { ok: false; refusal: 'lifted' }> {
  return await main.transaction(async (tx) => {
    await plans.lock(tx, planId);
    if (!(await lift(tx, planId, measureId, from))) return { ok: false, refusal: 'lifted' };
    await settling.settleServed(tx, [measureId], now, permit.by);
    return { ok: true };
  });
}

const lift = async (tx: Main, planId: string, measureId: string, from: string): Promise<boolean> => {
  const inPlan = tx.select({ id: goal.id }).from(goal).where(eq(goal.planId, planId));
  const lifted = await tx
    .delete(measureGoal)
    .where(
      and(
        eq(measureGoal.measureId, measureId),
        eq(measureGoal.goalId, from),
        inArray(measureGoal.goalId, inPlan),
      ),
    )
    .returning({ id: measureGoal.measureId });
  return lifted.length > 0;
};
