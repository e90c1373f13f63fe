import { and, asc, eq } from 'drizzle-orm';
import * as Measure from '#domain/measure.ts';
import { type Conflict, merge } from '#domain/merge.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { mayOwn } from '#server/measure-owners.ts';
import { keepVersion } from '#server/measures.ts';
import { namesOf } from '#server/people.ts';
import { measure, measureVersion, person, unit } from '#server/schema.ts';

type Fields = Record<Measure.Field, string>;

/** What must be settled before a change is kept. merged and version are what the form goes on from. */
export type Unsettled = {
  ok: false;
  refusals: (Measure.Refusal | 'unknown-owner')[];
  /** Fields that both changed to different things; in merged they stand as mine. */
  conflicts: Conflict<Fields>[];
  merged: Measure.Written;
  version: number;
};

/**
 * Changes what a measure says. from: the version that the writer began from; what others have changed since is kept
 * where the writer left the field alone, and is asked about where both changed it.
 */
export async function change(
  main: Main,
  measureId: string,
  from: number,
  written: Measure.Written,
  now: Date,
  permit: Permit<'measure.change'>,
): Promise<{ ok: true } | { ok: false; refusals: ['unknown'] } | Unsettled> {
  const mine = Measure.tidied(written);
  return main.transaction(async (tx) => {
    const [held] = await tx
      .select({ measure, code: unit.code })
      .from(measure)
      .innerJoin(unit, eq(unit.id, measure.unitId))
      .where(eq(measure.id, measureId))
      .for('update', { of: measure });
    const base = await contentOf(tx, measureId, from);
    if (!held || !base) return { ok: false, refusals: ['unknown'] };
    const { version, ownerId } = held.measure;
    const theirs = Measure.asFields(held.measure);
    const faults = Measure.faults(mine);
    if (faults.length > 0) return { ok: false, refusals: faults, conflicts: [], merged: mine, version: from };

    const { merged, conflicts } = merge(base, Measure.asFields(mine), theirs);
    const next = Measure.fromFields(merged);
    const refusals: Unsettled['refusals'] = Measure.faults(next);
    if (next.ownerId && next.ownerId !== ownerId && !(await mayOwn(tx, held.code, next.ownerId, now)))
      refusals.push('unknown-owner');
    if (refusals.length > 0 || conflicts.length > 0)
      return { ok: false, refusals, conflicts, merged: next, version };
    if (Measure.changed(theirs, merged).length === 0) return { ok: true };
    await tx
      .update(measure)
      .set({ ...next, version: version + 1 })
      .where(eq(measure.id, measureId));
    await keepVersion(tx, measureId, version + 1, next, now, permit.by);
    return { ok: true };
  });
}

async function contentOf(tx: Main, measureId: string, version: number): Promise<Fields | null> {
  if (!Number.isInteger(version) || version < 1 || version > 2 ** 31 - 1) return null;
  const [found] = await tx
    .select({ content: measureVersion.content })
    .from(measureVersion)
    .where(and(eq(measureVersion.measureId, measureId), eq(measureVersion.version, version)));
  return (found?.content ?? null) as Fields | null;
}

/** One time that a measure was changed: who, when, and each field before and after. Owners are names. */
export type Change = {
  version: number;
  at: Date;
  by: string | null;
  fields: { field: Measure.Field; before: string; after: string }[];
};

/** How a measure has been changed since it was written, newest first. */
export async function changes(main: Main, measureId: string): Promise<Change[]> {
  const rows = await main
    .select({ kept: measureVersion, by: person.name })
    .from(measureVersion)
    .leftJoin(person, eq(person.id, measureVersion.byId))
    .where(eq(measureVersion.measureId, measureId))
    .orderBy(asc(measureVersion.version));
  const content = rows.map(({ kept }) => kept.content as Fields);
  const names = await namesOf(main, [...new Set(content.map(({ ownerId }) => ownerId).filter(Boolean))]);
  const shown = (field: Measure.Field, value: string) =>
    field === 'ownerId' ? (names.get(value) ?? '') : value;
  return rows
    .map(({ kept: { version, at }, by }, i) => {
      const [before, after] = [content[i - 1], content[i]!];
      const fields = (before ? Measure.changed(before, after) : []).map((field) => ({
        field,
        before: shown(field, before![field]),
        after: shown(field, after[field]),
      }));
      return { version, at, by, fields };
    })
    .slice(1)
    .reverse();
}
