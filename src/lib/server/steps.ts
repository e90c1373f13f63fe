import { and, eq, inArray, sql } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';
import * as Step from '#domain/step.ts';
import type { Main } from '#server/db.ts';
import type { Gate, Permit } from '#server/gate.ts';
import * as meetings from '#server/meetings.ts';
import * as releases from '#server/releases.ts';
import { person, questionnaire, release, round, sitting, step, unit } from '#server/schema.ts';

/** A unit's way from a result to a plan. */
export type Course = {
  round: { id: string; name: string; kind: QuestionnaireKind; releasedAt: Date };
  unit: { id: string; code: string; name: string; leaderId: string | null };
  steps: Step.StepState[];
  /** A later round of the same questionnaire has come to the unit: this one is history, and nobody is asked for it. */
  overtaken: boolean;
};

/** Writes down that a step was taken, once: the first time stands. */
export async function take(
  tx: Main,
  roundId: string,
  unitId: string,
  taken: Step.Step,
  now: Date,
  by: string | null,
) {
  await tx.insert(step).values({ roundId, unitId, step: taken, at: now, byId: by }).onConflictDoNothing();
}

/** The steps that a leader takes by saying so. */
export async function mark(
  main: Main,
  roundId: string,
  unitId: string,
  taken: 'received' | 'prepared',
  now: Date,
  permit: Permit<'meeting.lead'>,
) {
  await take(main, roundId, unitId, taken, now, permit.by);
}

/** The results were presented at a gathering without phones: a sitting that has been held, and step 3. */
export async function present(
  main: Main,
  of: { roundId: string; unitId: string; unitCode: string; releasedAt: Date },
  written: { day: string; tookPart: string },
  now: Date,
  permit: Permit<'meeting.lead'>,
): Promise<{ ok: true } | { ok: false; refusals: Step.PresentRefusal[] }> {
  const read = Step.presented(written, of.releasedAt, now);
  if (!read.ok) return read;
  const { heldAt, tookPart } = read;
  await main.transaction(async (tx) => {
    const meeting = await meetings.ensure(tx, of.roundId, of.unitCode, now, permit);
    if (!meeting.ok) throw new Error(`no meeting of ${of.unitCode} about ${of.roundId}`);
    await tx.insert(sitting).values({ meetingId: meeting.id, startsAt: heldAt, place: '', heldAt, tookPart });
    await take(tx, of.roundId, of.unitId, 'presented', heldAt, permit.by);
  });
  return { ok: true };
}

/** Who took each step, and when. by null: nobody in person, or somebody unknown. */
export async function taken(
  main: Main,
  roundId: string,
  unitId: string,
): Promise<Partial<Record<Step.Step, { at: Date; by: string | null }>>> {
  const rows = await main
    .select({ step: step.step, at: step.at, by: person.name })
    .from(step)
    .leftJoin(person, eq(person.id, step.byId))
    .where(and(eq(step.roundId, roundId), eq(step.unitId, unitId)));
  return Object.fromEntries(rows.map(({ step, at, by }) => [step, { at, by }]));
}

/** Takes a step back: what it stood for no longer holds. */
export async function untake(tx: Main, roundId: string, unitId: string, taken: Step.Step) {
  await tx.delete(step).where(and(eq(step.roundId, roundId), eq(step.unitId, unitId), eq(step.step, taken)));
}

/**
 * The courses of every unit that stands today and was in a released round that others than leaders are to talk about:
 * no leader evaluation, no dry run, nothing withdrawn. Newest release first, units by code. of: only some units (ids)
 * or one round.
 */
export async function courses(
  main: Main,
  now: Date,
  of: { unitIds?: string[]; roundId?: string } = {},
): Promise<Course[]> {
  const today = Day.at(now);
  const units =
    of.unitIds &&
    sql`and ${unit.id} in (${sql.join([sql`null`, ...of.unitIds.map((id) => sql`${id}::uuid`)], sql`, `)})`;
  const rows = await main.execute<{
    roundId: string;
    name: string;
    key: string;
    kind: QuestionnaireKind;
    releasedAt: string;
    unitId: string;
    code: string;
    unit: string;
    leaderId: string | null;
    done: Partial<Record<Step.Step, string>>;
  }>(sql`
    select ${round.id} as "roundId", ${round.name}, q.key, q.kind, rel.released_at as "releasedAt",
           ${unit.id} as "unitId", ${unit.code}, ${unit.name} as unit, ${unit.leaderId} as "leaderId",
           coalesce((select jsonb_object_agg(s.step, s.at) from ${step} s
                     where s.round_id = ${round.id} and s.unit_id = ${unit.id}), '{}'::jsonb) as done
    from ${release} rel
    join ${round} on ${round.id} = rel.round_id
    join ${questionnaire} q on q.id = ${round.questionnaireId}
    join ${unit} on exists (
      select from jsonb_array_elements(${round.tree}->'nodes') n where n->'units' ? ${unit.code})
    where rel.withdrawn_at is null and not ${round.dryRun} and q.kind <> 'leader' and rel.released_at <= ${now.toISOString()}
      and ${unit.validFrom} <= ${today} and (${unit.validTo} is null or ${unit.validTo} >= ${today})
      ${of.roundId === undefined ? sql`` : sql`and ${round.id} = ${of.roundId}`} ${units ?? sql``}
    order by rel.released_at desc, ${round.id}, ${unit.code}`);
  const newest = new Map<string, string>();
  for (const row of rows) {
    const of = `${row.unitId} ${row.key}`;
    if (!newest.has(of)) newest.set(of, row.roundId);
  }
  return rows.map((row) => {
    const done = Object.fromEntries(Object.entries(row.done).map(([step, at]) => [step, new Date(at)]));
    const releasedAt = new Date(row.releasedAt);
    return {
      round: { id: row.roundId, name: row.name, kind: row.kind, releasedAt },
      unit: { id: row.unitId, code: row.code, name: row.unit, leaderId: row.leaderId },
      steps: Step.course(releasedAt, done, now),
      overtaken: newest.get(`${row.unitId} ${row.key}`) !== row.roundId,
    };
  });
}

/** The course of one unit after one round; null: it has none (see courses). */
export async function courseOf(
  main: Main,
  roundId: string,
  unitCode: string,
  now: Date,
): Promise<Course | null> {
  const [at] = await main.select({ id: unit.id }).from(unit).where(eq(unit.code, unitCode));
  const [found] = at ? await courses(main, now, { roundId, unitIds: [at.id] }) : [];
  return found ?? null;
}

/** The courses of the units somebody leads, works in or represents, which they may see. As courses. */
export async function mine(main: Main, gate: Gate, now: Date): Promise<Course[]> {
  const visible = await releases.list(main, gate);
  const { leads, worksIn, roles } = gate.actor!;
  const spokenFor = roles.filter(({ role }) => role === 'union' || role === 'safety');
  const tops = sql.join(
    [sql`null`, ...spokenFor.flatMap((r) => (r.unit === null ? [] : sql`${r.unit}`))],
    sql`, `,
  );
  const all = spokenFor.some((r) => r.unit === null);
  const represented = await main.execute<{ id: string; code: string }>(sql`
    with recursive line as (
      select id, code from ${unit} where ${all} or code in (${tops})
      union select u.id, u.code from ${unit} u join line on u.parent_id = line.id
    ) select id, code from line`);
  const own = await main
    .select({ id: unit.id })
    .from(unit)
    .where(inArray(unit.code, [...leads, ...worksIn]));
  const seen = new Set(visible.map(({ head, unit: at }) => `${head.roundId} ${at.code}`));
  const speaks = new Set(represented.map(({ code }) => code));
  const found = await courses(main, now, { unitIds: [...own, ...represented].map(({ id }) => id) });
  return found.filter(({ round, unit: at }) => speaks.has(at.code) || seen.has(`${round.id} ${at.code}`));
}
