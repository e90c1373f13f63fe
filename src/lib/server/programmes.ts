import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { type Conflict, type Fields, merge } from '#domain/merge.ts';
import * as Programme from '#domain/programme.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';
import { m } from '#messages';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { programme, unit } from '#server/schema.ts';

export type ProgrammeRow = Programme.Written & {
  id: string;
  kind: QuestionnaireKind;
  /** Minutes that answering honestly takes, by the newest version. */
  minutes: number;
  /** In the order of their codes, the units asked. */
  units: { id: string; code: string; name: string }[];
  version: number;
  ended: boolean;
};

/** Every programme, those that have not ended first, then by name. */
export async function list(main: Main): Promise<ProgrammeRow[]> {
  const [rows, asked, units] = await Promise.all([
    main
      .select()
      .from(programme)
      .orderBy(sql`${programme.endedAt} is not null`, asc(programme.name), asc(programme.id)),
    questionnaires.listLatest(main),
    main.select({ id: unit.id, code: unit.code, name: unit.name }).from(unit).orderBy(asc(unit.code)),
  ]);
  const byKey = new Map(asked.map((one) => [one.key, one.content]));
  return rows.flatMap(({ unitIds, ...row }) => {
    const content = byKey.get(row.questionnaireKey);
    if (!content) return [];
    const of = units.filter(({ id }) => unitIds.includes(id));
    return [
      {
        id: row.id,
        name: row.name,
        questionnaireKey: row.questionnaireKey,
        kind: content.kind,
        minutes: content.minutes,
        units: of,
        unitCodes: of.map(({ code }) => code),
        firstYear: row.firstYear,
        everyYears: row.everyYears,
        month: row.month,
        windowDays: row.windowDays,
        version: row.version,
        ended: row.endedAt !== null,
      },
    ];
  });
}

export async function find(main: Main, id: string): Promise<ProgrammeRow | null> {
  return (await list(main)).find((one) => one.id === id) ?? null;
}

export type Refusal = Programme.Refusal | 'unknown-unit' | 'unknown-questionnaire';

async function checked(main: Main, written: Programme.Written) {
  const refusals: Refusal[] = Programme.faults(written);
  if (refusals.length > 0) return { ok: false as const, refusals };
  const units = await main.select({ id: unit.id }).from(unit).where(inArray(unit.code, written.unitCodes));
  if (units.length !== new Set(written.unitCodes).size) refusals.push('unknown-unit');
  if (!(await questionnaires.latest(main, written.questionnaireKey))) refusals.push('unknown-questionnaire');
  if (refusals.length > 0) return { ok: false as const, refusals };
  const { unitCodes: _, ...rest } = written;
  return {
    ok: true as const,
    values: { ...rest, name: written.name.trim(), unitIds: units.map(({ id }) => id) },
  };
}

export async function add(
  main: Main,
  written: Programme.Written,
  now: Date,
  permit: Permit<'programme.change'>,
): Promise<{ ok: true; id: string } | { ok: false; refusals: Refusal[] }> {
  const found = await checked(main, written);
  if (!found.ok) return found;
  const [made] = await main
    .insert(programme)
    .values({ ...found.values, createdAt: now, createdBy: permit.by })
    .returning({ id: programme.id });
  return { ok: true, id: made!.id };
}

/** The questionnaires of the five standard programmes for which there is none yet. */
export async function missing(main: Main): Promise<QuestionnaireKind[]> {
  const there = (await list(main)).filter(({ ended }) => !ended).map(({ kind }) => kind);
  return Programme.standard.map(({ kind }) => kind).filter((kind) => !there.includes(kind));
}

const standardNames: Record<QuestionnaireKind, () => string> = {
  employee: m.programme_standard_employee,
  extraordinary: m.programme_standard_extraordinary,
  leader: m.programme_standard_leader,
  resident: m.programme_standard_resident,
  relative: m.programme_standard_relative,
};

/** Adds those of the five standard programmes that are missing, for these units (codes). Of two at once, one adds. */
export async function addStandard(
  main: Main,
  where: Record<Programme.Standard['where'], string>,
  now: Date,
  permit: Permit<'programme.change'>,
): Promise<{ ok: true; added: number } | { ok: false; refusals: Refusal[] }> {
  return await main.transaction(async (tx) => {
    await tx.execute(sql`lock table ${programme} in share row exclusive mode`);
    const kinds = await missing(tx);
    const wanted = Programme.standard.filter(({ kind }) => kinds.includes(kind));
    for (const { kind, where: place, ...rhythm } of wanted) {
      const unitCodes = where[place] ? [where[place]] : [];
      const written = { ...rhythm, name: standardNames[kind](), questionnaireKey: kind, unitCodes };
      const added = await add(tx, written, now, permit);
      if (!added.ok) return added;
    }
    return { ok: true, added: wanted.length };
  });
}

/**
 * Changes a programme. Somebody else changed it in between: what only one of the two changed is kept from that one, and
 * what both changed otherwise is asked about, with what stands now. Rounds that are planned already stay as they are.
 */
export async function change(
  main: Main,
  id: string,
  from: { version: number; base: Fields },
  mine: Programme.Written,
  _permit: Permit<'programme.change'>,
): Promise<
  | { ok: true }
  | { ok: false; refusals: (Refusal | 'gone')[] }
  | { ok: false; conflicts: Conflict<Fields>[]; merged: Fields; theirs: Fields; version: number }
> {
  const refusals = Programme.faults(mine);
  if (refusals.length > 0) return { ok: false, refusals };
  return await main.transaction(async (tx) => {
    await tx.select({ id: programme.id }).from(programme).where(eq(programme.id, id)).for('update');
    const found = await find(tx, id);
    if (!found || found.ended) return { ok: false, refusals: ['gone'] };
    let written = mine;
    if (found.version !== from.version) {
      const theirs = Programme.fieldsOf(found);
      const { merged, conflicts } = merge(from.base, Programme.fieldsOf(mine), theirs);
      if (conflicts.length > 0) return { ok: false, conflicts, merged, theirs, version: found.version };
      written = Programme.read(merged);
    }
    const values = await checked(tx, written);
    if (!values.ok) return values;
    await tx
      .update(programme)
      .set({ ...values.values, version: found.version + 1 })
      .where(eq(programme.id, id));
    return { ok: true };
  });
}

/** Ends a programme: no more rounds are planned for it, and those that are stay. */
export async function end(
  main: Main,
  id: string,
  now: Date,
  _permit: Permit<'programme.change'>,
): Promise<{ ok: true } | { ok: false; refusal: 'gone' }> {
  const ended = await main
    .update(programme)
    .set({ endedAt: now })
    .where(and(eq(programme.id, id), isNull(programme.endedAt)))
    .returning({ id: programme.id });
  return ended.length > 0 ? { ok: true } : { ok: false, refusal: 'gone' };
}
