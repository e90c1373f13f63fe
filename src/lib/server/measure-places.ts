import { and, asc, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import * as Plan from '#domain/plan.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as plans from '#server/plans.ts';
import * as points from '#server/points.ts';
import {
  goal,
  mandate,
  mandateItem,
  measureGoal,
  measureItem,
  measurePoint,
  meeting,
  plan,
  point,
  unit,
} from '#server/schema.ts';
import * as settling from '#server/settling.ts';

/** Everywhere a measure stands: points newest round first, goals newest year first, items of lists as they are numbered. */
export async function of(main: Main, measureId: string) {
  const above = alias(goal, 'above');
  const goals = await main
    .select({
      id: goal.id,
      text: goal.text,
      above: above.text,
      plan: { id: plan.id, kind: plan.kind, year: plan.year },
      unit: unit.name,
    })
    .from(measureGoal)
    .innerJoin(goal, eq(goal.id, measureGoal.goalId))
    .leftJoin(above, eq(above.id, goal.parentId))
    .innerJoin(plan, eq(plan.id, goal.planId))
    .innerJoin(unit, eq(unit.id, plan.unitId))
    .where(eq(measureGoal.measureId, measureId))
    .orderBy(sql`${plan.year} desc`, asc(plan.kind), asc(unit.code), asc(goal.position));
  const items = await listed(main)
    .innerJoin(measureItem, eq(measureItem.itemId, mandateItem.id))
    .where(eq(measureItem.measureId, measureId))
    .orderBy(...numbered);
  return { points: await points.list(main, { measureId }), goals, items };
}

const listed = (main: Main) =>
  main
    .select({
      id: mandateItem.id,
      number: mandateItem.number,
      text: mandateItem.text,
      mandate: { id: mandate.id, title: mandate.title },
    })
    .from(mandateItem)
    .innerJoin(mandate, eq(mandate.id, mandateItem.mandateId));

const numbered = [
  asc(mandate.decidedOn),
  asc(mandate.id),
  asc(mandateItem.position),
  asc(mandateItem.number),
];

/** Every item of every list, as they are numbered. */
export const items = (main: Main) => listed(main).orderBy(...numbered);

/** Where a new measure is asked to stand, as it came in an address: ids of whatever kind. */
export type Asked = { point?: string; goal?: string; item?: string };

/**
 * The places that were asked for, with the unit (code) that each belongs to; null when one of them is not there: no
 * measure stands under a top goal, nor in a plan that does not reach the point's unit.
 */
export async function asked(main: Main, { point: p, goal: g, item: i }: Asked) {
  const [atPoint] = p
    ? await main
        .select({ id: point.id, title: point.title, kind: point.kind, unit: unit.code, unitId: unit.id })
        .from(point)
        .innerJoin(meeting, eq(meeting.id, point.meetingId))
        .innerJoin(unit, eq(unit.id, meeting.unitId))
        .where(sql`${point.id}::text = ${p}`)
    : [];
  const [atGoal] = g
    ? await main
        .select({ goal, plan, unit })
        .from(goal)
        .innerJoin(plan, eq(plan.id, goal.planId))
        .innerJoin(unit, eq(unit.id, plan.unitId))
        .where(sql`${goal.id}::text = ${g}`)
    : [];
  const [atItem] = i ? await listed(main).where(sql`${mandateItem.id}::text = ${i}`) : [];
  if ((p && !atPoint) || (g && !atGoal) || (i && !atItem)) return null;
  if (atGoal) {
    const { goal: of, plan: at, unit: whose } = atGoal;
    if (Plan.placeFault(of, at.id)) return null;
    const reached = await plans.reach(main, { kind: at.kind as Plan.Kind, unit: whose });
    if (atPoint && !reached.includes(atPoint.unitId)) return null;
  }
  return {
    point: atPoint ?? null,
    goal: atGoal ? { id: atGoal.goal.id, text: atGoal.goal.text, unit: atGoal.unit.code } : null,
    item: atItem ?? null,
  };
}

/** A point or an item of a list where a measure stands. Goals are the plan's. */
export type Place = { pointId: string } | { itemId: string };

/** Lets a measure stand in one more place; where it stood already, it stands. The caller asks for the place too. */
export async function add(
  main: Main,
  measureId: string,
  place: Place,
  now: Date,
  permit: Permit<'measure.change'>,
): Promise<{ ok: true } | { ok: false; refusal: 'unknown-place' }> {
  const found =
    'pointId' in place
      ? await asked(main, { point: place.pointId })
      : await asked(main, { item: place.itemId });
  const atPoint = found?.point;
  if (atPoint)
    await main.transaction(async (tx) => {
      const held = await settling.lockOf(tx, [atPoint.id]);
      await tx.insert(measurePoint).values({ measureId, pointId: atPoint.id }).onConflictDoNothing();
      for (const id of held) await settling.settle(tx, id, now, permit.by);
    });
  else if (found?.item)
    await main.insert(measureItem).values({ measureId, itemId: found.item.id }).onConflictDoNothing();
  else return { ok: false, refusal: 'unknown-place' };
  return { ok: true };
}

/** Takes a measure from a place. The measure is kept, wherever else it stands or nowhere. */
export async function remove(
  main: Main,
  measureId: string,
  place: Place,
  now: Date,
  permit: Permit<'measure.change'>,
): Promise<void> {
  if ('pointId' in place)
    await main.transaction(async (tx) => {
      const [at] = await tx
        .select({ id: point.id })
        .from(point)
        .where(sql`${point.id}::text = ${place.pointId}`);
      if (!at) return;
      const held = await settling.lockOf(tx, [at.id]);
      await tx
        .delete(measurePoint)
        .where(and(eq(measurePoint.measureId, measureId), eq(measurePoint.pointId, at.id)));
      for (const id of held) await settling.settle(tx, id, now, permit.by);
    });
  else
    await main
      .delete(measureItem)
      .where(and(eq(measureItem.measureId, measureId), sql`${measureItem.itemId}::text = ${place.itemId}`));
}
