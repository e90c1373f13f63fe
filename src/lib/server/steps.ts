import { and, eq, sql } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';
import * as Step from '#domain/step.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { person, questionnaire, release, round, step, unit } from '#server/schema.ts';

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
  const wanted = [
    of.roundId !== undefined && sql`"roundId" = ${of.roundId}`,
    of.unitIds &&
      sql`"unitId" in (${sql.join([sql`null`, ...of.unitIds.map((id) => sql`${id}::uuid`)], sql`, `)})`,
  ].filter((one) => typeof one === 'object');
  const rows = await main.execute<{
    roundId: string;
    name: string;
    kind: QuestionnaireKind;
    releasedAt: string;
    unitId: string;
    code: string;
    unit: string;
    leaderId: string | null;
    overtaken: boolean;
    done: Partial<Record<Step.Step, string>>;
  }>(sql`
    with every as (
      select ${round.id} as "roundId", ${round.name}, q.kind, rel.released_at as "releasedAt",
             ${unit.id} as "unitId", ${unit.code}, ${unit.name} as unit, ${unit.leaderId} as "leaderId",
             row_number() over (partition by ${unit.id}, q.key
                                order by rel.released_at desc, ${round.id}) > 1 as overtaken
      from ${release} rel
      join ${round} on ${round.id} = rel.round_id
      join ${questionnaire} q on q.id = ${round.questionnaireId}
      cross join lateral (
        select distinct jsonb_array_elements_text(n->'units') as code
        from jsonb_array_elements(${round.tree}->'nodes') n) asked
      join ${unit} on ${unit.code} = asked.code
      where rel.withdrawn_at is null and not ${round.dryRun} and q.kind <> 'leader' and rel.released_at <= ${now.toISOString()}
        and ${unit.validFrom} <= ${today} and (${unit.validTo} is null or ${unit.validTo} >= ${today})
    )
    select every.*,
           coalesce((select jsonb_object_agg(s.step, s.at) from ${step} s
                     where s.round_id = "roundId" and s.unit_id = "unitId"), '{}'::jsonb) as done
    from every where ${sql.join([sql`true`, ...wanted], sql` and `)}
    order by "releasedAt" desc, "roundId", code`);
  return rows.map((row) => {
    const done = Object.fromEntries(Object.entries(row.done).map(([step, at]) => [step, new Date(at)]));
    const releasedAt = new Date(row.releasedAt);
    return {
      round: { id: row.roundId, name: row.name, kind: row.kind, releasedAt },
      unit: { id: row.unitId, code: row.code, name: row.unit, leaderId: row.leaderId },
      steps: Step.course(releasedAt, done, now),
      overtaken: row.overtaken,
    };
  });
}
