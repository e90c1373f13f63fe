import { and, asc, eq, exists, gte, inArray, isNotNull, lte, notExists, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import * as Day from '#domain/day.ts';
import * as Measure from '#domain/measure.ts';
import { isHere } from '#domain/person.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { isCandidate, mayOwn } from '#server/measure-owners.ts';
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
import * as settling from '#server/settling.ts';

/** A measure as every page meets it. Days are ISO. status, and who wrote it last, when and in which sentence. */
export type MeasureRow = {
  id: string;
  title: string;
  expected: string;
  /** moved: is here, but neither works in the unit nor leads in its line. */
  owner: { id: string; name: string; here: boolean; moved: boolean } | null;
  ownerRole: string | null;
  startsOn: string;
  dueOn: string;
  unit: { id: string; code: string; name: string };
  status: Measure.Status;
  /** The newest row of its history; by: a name, null for the program itself. */
  said: { id: number; sentence: string; at: Date; by: string | null };
  effect: { answer: Measure.Effect; words: string; at: Date } | null;
  version: number;
};

/** Which measures: those that fit all that is given. Units, points and the rest are ids; days are ISO. */
export type Which = {
  ids?: string[];
  unitIds?: string[];
  pointIds?: string[];
  goalIds?: string[];
  planId?: string;
  itemIds?: string[];
  ownerId?: string;
  notOwnerId?: string;
  statuses?: Measure.Status[];
  dueFrom?: string;
  dueTo?: string;
  /** Its owner has left or moved away on this day. */
  ownerless?: string;
  /** The same, or only a role answers for it. */
  personless?: string;
  /** Whether it helped has no answer. */
  unanswered?: true;
  /** Any of these words, or what begins with them, in title or expected effect. */
  words?: string;
};

/** A text as a query for any of its words, or what begins with them: "avvik" finds "avvikshåndtering". Null where it has none. */
export const anyWord = (text: string) => sql`(
  select string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || ''':*', ' | ')::tsquery
  from unnest(to_tsvector('norwegian', ${text}::text)))`;

/** What is searched, as the index has it. */
export const searched = sql`to_tsvector('norwegian', ${measure.title} || ' ' || ${measure.expected})`;

function fitting(main: Main, which: Which) {
  const stands = (table: typeof measurePoint | typeof measureGoal | typeof measureItem, where: SQL) =>
    exists(
      main
        .select({ one: sql`1` })
        .from(table)
        .where(and(eq(table.measureId, measure.id), where)),
    );
  const ofPlan = (planId: string) => main.select({ id: goal.id }).from(goal).where(eq(goal.planId, planId));
  const personless = (on: string) => sql`(${measure.ownerId} is null
    or exists (select from ${person} p where p.id = ${measure.ownerId} and p.left_on <= ${on})
    or not ${isCandidate(on)})`;
  const wanted = [
    which.ids && inArray(measure.id, which.ids),
    which.unitIds && inArray(measure.unitId, which.unitIds),
    which.ownerId !== undefined && eq(measure.ownerId, which.ownerId),
    which.pointIds && stands(measurePoint, inArray(measurePoint.pointId, which.pointIds)),
    which.goalIds && stands(measureGoal, inArray(measureGoal.goalId, which.goalIds)),
    which.planId !== undefined && stands(measureGoal, inArray(measureGoal.goalId, ofPlan(which.planId))),
    which.itemIds && stands(measureItem, inArray(measureItem.itemId, which.itemIds)),
    which.statuses && inArray(measure.status, which.statuses),
    which.dueFrom !== undefined && gte(measure.dueOn, which.dueFrom),
    which.dueTo !== undefined && lte(measure.dueOn, which.dueTo),
    which.notOwnerId !== undefined && sql`${measure.ownerId} is distinct from ${which.notOwnerId}`,
    which.personless !== undefined && personless(which.personless),
    which.ownerless !== undefined && and(isNotNull(measure.ownerId), personless(which.ownerless)),
    which.unanswered &&
      notExists(main.select().from(measureEffect).where(eq(measureEffect.measureId, measure.id))),
    which.words !== undefined && sql`${searched} @@ ${anyWord(which.words)}`,
  ].filter((one) => typeof one === 'object');
  return and(...wanted);
}

/** How many measures fit. */
export const count = (main: Main, which: Which): Promise<number> =>
  main.$count(measure, fitting(main, which));

/** Measures with their newest status, by deadline; most: not more than so many, those that are open before those that are over. */
export async function list(main: Main, which: Which, now: Date, most?: number): Promise<MeasureRow[]> {
  const today = Day.at(now);
  const teller = alias(person, 'teller');
  const newest = main
    .select({ id: sql<number>`max(${measureStatus.id})` })
    .from(measureStatus)
    .where(eq(measureStatus.measureId, measure.id));
  const byDay = [asc(measure.dueOn), asc(measure.title), asc(measure.id)];
  const order = most === undefined ? byDay : [asc(inArray(measure.status, Measure.over)), ...byDay];
  const fits = fitting(main, which);
  // The first few are found before anything is joined to them: there may be tens of thousands.
  const first = (limit: number) =>
    main
      .select({ id: measure.id })
      .from(measure)
      .where(fits)
      .orderBy(...order)
      .limit(limit);
  const rows = await main
    .select({
      measure,
      owner: { id: person.id, name: person.name, leftOn: person.leftOn },
      unit: { id: unit.id, code: unit.code, name: unit.name },
      said: { id: measureStatus.id, sentence: measureStatus.sentence, at: measureStatus.at },
      by: teller.name,
      isCandidate: isCandidate(today),
      effect: { answer: measureEffect.answer, words: measureEffect.words, at: measureEffect.at },
    })
    .from(measure)
    .innerJoin(unit, eq(unit.id, measure.unitId))
    .innerJoin(measureStatus, eq(measureStatus.id, sql`(${newest})`))
    .leftJoin(person, eq(person.id, measure.ownerId))
    .leftJoin(teller, eq(teller.id, measureStatus.byId))
    .leftJoin(measureEffect, eq(measureEffect.measureId, measure.id))
    .where(most === undefined ? fits : inArray(measure.id, first(most)))
    .orderBy(...order);
  const asOwner = (of: { id: string; name: string; leftOn: string | null }, isCandidate: boolean) => {
    const here = isHere(of, today);
    return { id: of.id, name: of.name, here, moved: here && !isCandidate };
  };
  return rows.map(({ measure: of, owner, said, by, effect, unit: at, isCandidate }) => ({
    id: of.id,
    title: of.title,
    expected: of.expected,
    owner: owner && asOwner(owner, isCandidate),
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

/** One measure; null for what is no id of one. */
export async function find(main: Main, id: string, now: Date): Promise<MeasureRow | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
  const [found] = await list(main, { ids: [id] }, now);
  return found ?? null;
}

/** In which ways measures wait for somebody: past their day, without an owner, asked whether they helped. */
export const ways = ['late', 'ownerless', 'unasked'] as const;
export type Way = (typeof ways)[number];

/** What waits, as a search: not over and past its day, or nobody answers for it (domain.md section 5); over, and never answered for. */
export const waiting = (way: Way, today: string): Which =>
  ({
    late: { statuses: Measure.open, dueTo: Day.plus(today, -1) },
    ownerless: { statuses: Measure.open, ownerless: today },
    unasked: { statuses: Measure.over, unanswered: true as const },
  })[way];

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
  const kept = Measure.tidied(written);
  const refusals: AddRefusal[] = Measure.faults(kept);
  if (refusals.length > 0) return { ok: false, refusals };
  const [at] = await main.select({ code: unit.code }).from(unit).where(eq(unit.id, unitId));
  if (!at) return { ok: false, refusals: ['unknown-unit'] };
  if (kept.ownerId !== null && !(await mayOwn(main, at.code, kept.ownerId, now)))
    return { ok: false, refusals: ['unknown-owner'] };
  try {
    const id = await main.transaction(async (tx) => {
      await settling.lockOf(tx, places.pointIds ?? []);
      const [made] = await tx
        .insert(measure)
        .values({ unitId, ...kept, status: 'not-started' })
        .returning({ id: measure.id });
      const id = made!.id;
      await keepVersion(tx, id, 1, kept, now, permit.by);
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
      await settling.settleServed(tx, [id], now, permit.by);
      return id;
    });
    return { ok: true, id };
  } catch (fault) {
    if (isMissingPlace(fault)) return { ok: false, refusals: ['unknown-place'] };
    throw fault;
  }
}

/** Keeps what a measure says in one version, with who and when. */
export async function keepVersion(
  tx: Main,
  measureId: string,
  version: number,
  written: Measure.Written,
  now: Date,
  by: string | null,
) {
  const content = Measure.asFields(written);
  await tx.insert(measureVersion).values({ measureId, version, content, at: now, byId: by });
}

/** PostgreSQL's foreign_key_violation: a point, goal or mandate item that is gone. */
const isMissingPlace = (fault: unknown) =>
  [fault, (fault as { cause?: unknown }).cause].some(
    (one) => (one as { code?: string } | null)?.code === '23503',
  );
