import { and, asc, eq, exists, inArray, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import * as Day from '#domain/day.ts';
import * as Measure from '#domain/measure.ts';
import { isHere } from '#domain/person.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import {
  goal,
  measure,
  measureEffect,
  measureGoal,
  measureItem,
  measurePoint,
  measureStatus,
  measureVersion,
  person,
  unit,
} from '#server/schema.ts';

/** A measure as every page meets it. Days are ISO. status, and who wrote it last, when and in which sentence. */
export type MeasureRow = {
  id: string;
  title: string;
  expected: string;
  owner: { id: string; name: string; here: boolean } | null;
  ownerRole: string | null;
  startsOn: string;
  dueOn: string;
  unit: { id: string; code: string; name: string };
  status: Measure.Status;
  said: { sentence: string; at: Date; by: string | null };
  effect: { answer: Measure.Effect; words: string; at: Date } | null;
  version: number;
};

/** Which measures: those that fit all that is given. */
export type Which = {
  ids?: string[];
  unitIds?: string[];
  pointIds?: string[];
  goalIds?: string[];
  planId?: string;
  itemIds?: string[];
  ownerId?: string;
};

/** Measures with their newest status, by deadline. */
export async function list(main: Main, which: Which, now: Date): Promise<MeasureRow[]> {
  const teller = alias(person, 'teller');
  const newest = main
    .select({ id: sql<number>`max(${measureStatus.id})` })
    .from(measureStatus)
    .where(eq(measureStatus.measureId, measure.id));
  const stands = (table: typeof measurePoint | typeof measureGoal | typeof measureItem, where: SQL) =>
    exists(
      main
        .select({ one: sql`1` })
        .from(table)
        .where(and(eq(table.measureId, measure.id), where)),
    );
  const wanted = [
    which.ids && inArray(measure.id, which.ids),
    which.unitIds && inArray(measure.unitId, which.unitIds),
    which.ownerId !== undefined && eq(measure.ownerId, which.ownerId),
    which.pointIds && stands(measurePoint, inArray(measurePoint.pointId, which.pointIds)),
    which.goalIds && stands(measureGoal, inArray(measureGoal.goalId, which.goalIds)),
    which.planId !== undefined &&
      stands(
        measureGoal,
        inArray(
          measureGoal.goalId,
          main.select({ id: goal.id }).from(goal).where(eq(goal.planId, which.planId)),
        ),
      ),
    which.itemIds && stands(measureItem, inArray(measureItem.itemId, which.itemIds)),
  ].filter((one) => typeof one === 'object');
  const rows = await main
    .select({
      measure,
      owner: { id: person.id, name: person.name, leftOn: person.leftOn },
      unit: { id: unit.id, code: unit.code, name: unit.name },
      said: { sentence: measureStatus.sentence, at: measureStatus.at },
      by: teller.name,
      effect: { answer: measureEffect.answer, words: measureEffect.words, at: measureEffect.at },
    })
    .from(measure)
    .innerJoin(unit, eq(unit.id, measure.unitId))
    .innerJoin(measureStatus, eq(measureStatus.id, sql`(${newest})`))
    .leftJoin(person, eq(person.id, measure.ownerId))
    .leftJoin(teller, eq(teller.id, measureStatus.byId))
    .leftJoin(measureEffect, eq(measureEffect.measureId, measure.id))
    .where(and(...wanted))
    .orderBy(asc(measure.dueOn), asc(measure.title), asc(measure.id));
  const today = Day.at(now);
  return rows.map(({ measure: of, owner, said, by, effect, unit: at }) => ({
    id: of.id,
    title: of.title,
    expected: of.expected,
    owner: owner && { id: owner.id, name: owner.name, here: isHere(owner, today) },
    ownerRole: of.ownerRole,
    startsOn: of.startsOn,
    dueOn: of.dueOn,
    unit: at,
    status: of.status as Measure.Status,
    said: { ...said, by },
    effect: effect && { ...effect, answer: effect.answer as Measure.Effect },
    version: of.version,
  }));
}

export async function find(main: Main, id: string, now: Date): Promise<MeasureRow | null> {
  const [found] = await list(main, { ids: [id] }, now);
  return found ?? null;
}

/** Where a measure stands from the beginning. */
export type Places = { pointIds?: string[]; goalIds?: string[]; itemIds?: string[] };

export type AddRefusal = Measure.Refusal | 'unknown-unit' | 'unknown-owner' | 'unknown-place';

/**
 * Writes a new measure for a unit (id), not started, in the places it belongs to. The caller has asked the gate for
 * the unit; places are checked to be there, and whether they may be written in is the caller's to ask.
 */
export async function add(
  main: Main,
  unitId: string,
  written: Measure.Written,
  places: Places,
  now: Date,
  permit: Permit<'measure.change'>,
): Promise<{ ok: true; id: string } | { ok: false; refusals: AddRefusal[] }> {
  const refusals: AddRefusal[] = Measure.faults(written);
  if (refusals.length > 0) return { ok: false, refusals };
  const [at] = await main.select({ id: unit.id }).from(unit).where(eq(unit.id, unitId));
  if (!at) return { ok: false, refusals: ['unknown-unit'] };
  if (written.ownerId !== null) {
    const [owner] = await main.select().from(person).where(eq(person.id, written.ownerId));
    if (!owner || !isHere(owner, Day.at(now))) return { ok: false, refusals: ['unknown-owner'] };
  }
  try {
    const id = await main.transaction(async (tx) => {
      const [made] = await tx
        .insert(measure)
        .values({ unitId, ...tidy(written), status: 'not-started' })
        .returning({ id: measure.id });
      const id = made!.id;
      await keepVersion(tx, id, 1, tidy(written), now, permit.by);
      await tx
        .insert(measureStatus)
        .values({ measureId: id, status: 'not-started', sentence: '', at: now, byId: permit.by });
      const { pointIds = [], goalIds = [], itemIds = [] } = places;
      if (pointIds.length > 0)
        await tx.insert(measurePoint).values(pointIds.map((pointId) => ({ measureId: id, pointId })));
      if (goalIds.length > 0)
        await tx
          .insert(measureGoal)
          .values(goalIds.map((goalId) => ({ measureId: id, goalId, at: now, byId: permit.by })));
      if (itemIds.length > 0)
        await tx.insert(measureItem).values(itemIds.map((itemId) => ({ measureId: id, itemId })));
      return id;
    });
    return { ok: true, id };
  } catch (fault) {
    if (isMissingPlace(fault)) return { ok: false, refusals: ['unknown-place'] };
    throw fault;
  }
}

const tidy = (written: Measure.Written): Measure.Written => ({
  title: written.title.trim(),
  expected: written.expected.trim(),
  ownerId: written.ownerId,
  ownerRole: written.ownerRole?.trim() || null,
  startsOn: written.startsOn,
  dueOn: written.dueOn,
});

async function keepVersion(
  tx: Main,
  measureId: string,
  version: number,
  written: Measure.Written,
  now: Date,
  by: string | null,
) {
  const content = Object.fromEntries(Object.entries(written).map(([key, value]) => [key, value ?? '']));
  await tx.insert(measureVersion).values({ measureId, version, content, at: now, byId: by });
}

/** PostgreSQL's foreign_key_violation: a point, goal or mandate item that is gone. */
const isMissingPlace = (fault: unknown) =>
  [fault, (fault as { cause?: unknown }).cause].some(
    (one) => (one as { code?: string } | null)?.code === '23503',
  );
