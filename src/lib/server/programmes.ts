import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import * as Calendar from '#domain/calendar.ts';
import * as Day from '#domain/day.ts';
import { type Conflict, type Fields, merge } from '#domain/merge.ts';
import * as Programme from '#domain/programme.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';
import type { State } from '#domain/round.ts';
import { m } from '#messages';
import type { Main } from '#server/db.ts';
import { type Permit, permitForMachine } from '#server/gate.ts';
import * as house from '#server/house.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { occurrence, programme, round, unit } from '#server/schema.ts';
import * as settings from '#server/settings.ts';
import * as tasks from '#server/tasks.ts';

/** Years ahead that the calendar shows. */
export const yearsAhead = 10;

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

/** One run of a programme, and the round it has become. With a round, its days are the round's own. */
export type Run = Programme.Run & {
  programme: ProgrammeRow;
  /** Where the rule puts it. */
  rule: string;
  round: { id: string; state: State } | null;
};

/** The runs of every programme that has not ended, in some years, both among them; and of any that became a round. */
export async function runs(main: Main, from: number, to: number): Promise<Run[]> {
  const [all, kept] = await Promise.all([
    list(main),
    main
      .select({ occurrence, round })
      .from(occurrence)
      .leftJoin(round, eq(round.id, occurrence.roundId))
      .orderBy(asc(occurrence.year)),
  ]);
  return all
    .filter(({ ended }) => !ended)
    .flatMap((of) => {
      const own = kept.filter((row) => row.occurrence.programmeId === of.id);
      const moves = movesOf(own.map((row) => row.occurrence));
      const ruled = Programme.runs(of, from, to, moves);
      const others = own.filter(
        ({ round: became, occurrence: { year } }) =>
          became && year >= from && year <= to && !ruled.some((run) => run.year === year),
      );
      const outside = others.map(({ occurrence: { year } }) => ({
        ...Calendar.windowOf(of, year),
        year,
        moved: false,
      }));
      return [...ruled, ...outside].map((run): Run => {
        const became = own.find((row) => row.occurrence.year === run.year)?.round ?? null;
        return {
          ...run,
          ...(became && Calendar.windowAt(became)),
          programme: of,
          rule: Calendar.windowOf(of, run.year).opensOn,
          round: became && { id: became.id, state: became.state as State },
        };
      });
    });
}

const movesOf = (kept: { year: number; movedTo: string | null }[]) =>
  new Map(kept.flatMap(({ year, movedTo }) => (movedTo === null ? [] : [[year, movedTo] as const])));

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

export type MoveRefusal = Calendar.MoveRefusal | 'gone' | 'approved';

/** Moves the opening of one run (null: back to the rule), and the round with it while that is only planned. */
export async function move(
  main: Main,
  id: string,
  year: number,
  to: string | null,
  now: Date,
  permit: Permit<'programme.change'>,
): Promise<{ ok: true } | { ok: false; refusal: MoveRefusal }> {
  return await main.transaction(async (tx) => {
    await tx.select({ id: programme.id }).from(programme).where(eq(programme.id, id)).for('update');
    const run = (await runs(tx, year, year)).find((one) => one.programme.id === id);
    if (!run) return { ok: false, refusal: 'gone' };
    const { windowDays } = run.programme;
    const opensOn = to ?? run.rule;
    const fault = Calendar.moveFault(opensOn, run.rule, windowDays, Day.at(now));
    if (fault) return { ok: false, refusal: fault };
    if (run.round) {
      const days = daysOf(Calendar.windowFrom(opensOn, windowDays));
      const moved = await rounds.reschedule(tx, run.round.id, days, now, permit);
      if (!moved.ok) return { ok: false, refusal: 'approved' };
    }
    const movedTo = opensOn === run.rule ? null : opensOn;
    await tx
      .insert(occurrence)
      .values({ programmeId: id, year, movedTo })
      .onConflictDoUpdate({ target: [occurrence.programmeId, occurrence.year], set: { movedTo } });
    return { ok: true };
  });
}

/** A window as a round is kept: moments, reminders, and in post on the day it is frozen. */
const daysOf = (window: Calendar.Window) => ({
  ...Calendar.momentsOf(window),
  reminders: window.reminders,
  inPostOn: Calendar.deadlines(window).find(({ kind }) => kind === 'freezing')!.day,
});

/**
 * Plans the rounds whose time has come (domain: Programme.isDue), each exactly once: the programme's row is locked
 * while it is looked at, and the occurrence's key is the second referee. A run that was missed while everything was
 * down is planned as long as its opening is ahead. Also keeps the days of every round's tasks. What fails for one
 * programme keeps no other waiting.
 */
export async function plan(main: Main, now: Date): Promise<{ roundId: string }[]> {
  const planned: { roundId: string }[] = [];
  const faults: Error[] = [];
  const { demo } = await house.read(main);
  const living = demo || !settings.isMoved() ? await main.select().from(programme) : [];
  for (const { id } of living.filter(({ endedAt }) => endedAt === null))
    await main
      .transaction((tx) => planOne(tx, id, now))
      .then((made) => planned.push(...made))
      .catch((fault: Error) => faults.push(fault));
  await tasks.keep(main, now);
  if (faults.length > 0) throw new AggregateError(faults, faults.map((f) => f.message).join('; '));
  return planned;
}

async function planOne(tx: Main, id: string, now: Date): Promise<{ roundId: string }[]> {
  await tx.select({ id: programme.id }).from(programme).where(eq(programme.id, id)).for('update');
  const today = Day.at(now);
  const year = Number(today.slice(0, 4));
  const planned: { roundId: string }[] = [];
  for (const run of await runs(tx, year - 1, year + 1)) {
    if (run.programme.id !== id || run.round || !Programme.isDue(run, today)) continue;
    const asked = await questionnaires.latest(tx, run.programme.questionnaireKey);
    const { inPostOn, ...days } = daysOf(run);
    const made = await rounds.plan(
      tx,
      {
        name: `${run.programme.name} ${run.year}`,
        questionnaireId: asked!.id,
        unitCodes: run.programme.unitCodes,
        ...days,
        rule: { inPostOn, minimumShare: 0, kinds: [], includeOnLeave: false },
      },
      now,
      permitForMachine<'round.plan'>(),
    );
    if (!made.ok) throw new Error(`${run.programme.name} ${run.year} was not planned: ${made.refusal}`);
    const kept = await tx
      .insert(occurrence)
      .values({ programmeId: id, year: run.year, roundId: made.id })
      .onConflictDoUpdate({
        target: [occurrence.programmeId, occurrence.year],
        set: { roundId: made.id },
        setWhere: isNull(occurrence.roundId),
      })
      .returning({ year: occurrence.year });
    if (kept.length === 0) throw new Error(`${run.programme.name} ${run.year} has a round already`);
    planned.push({ roundId: made.id });
  }
  return planned;
}
