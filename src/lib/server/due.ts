import { and, asc, eq, gt, gte, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import type { Actor } from '#domain/access.ts';
import * as Day from '#domain/day.ts';
import { type Due, ordered, soon } from '#domain/due.ts';
import * as Measure from '#domain/measure.ts';
import type { Kind } from '#domain/point.ts';
import * as Report from '#domain/report.ts';
import { next } from '#domain/step.ts';
import { offices } from '#domain/witness.ts';
import type { Main } from '#server/db.ts';
import * as measures from '#server/measures.ts';
import type { MeasureRow } from '#server/measures.ts';
import { cause, meeting, point, report, round, unit, witness } from '#server/schema.ts';
import { courses } from '#server/steps.ts';
import * as tasks from '#server/tasks.ts';
import { unitsOf } from '#server/units.ts';

/** What waits for whoever leads a unit. */
export type ForLeader = { leaderId: string | null; due: Extract<Due, { kind: 'step' | 'report' }> };

type Led = { id: string; code: string; name: string };

/** All that waits for somebody, the first thing first, and the measures they own: those that go on, and those to answer for. */
export async function waiting(
  main: Main,
  actor: Actor,
  now: Date,
): Promise<{ due: Due[]; mine: MeasureRow[]; led: Led[] }> {
  const is = (...wanted: string[]) => actor.roles.some(({ role }) => wanted.includes(role));
  const led = actor.leads.length > 0 ? await unitsOf(main, actor.leads) : [];
  const ids = led.map(({ id }) => id);
  const [mine, steps, reports, ofUnits, toConfirm, toDo, keys, ofWitness] = await Promise.all([
    ofOwner(main, actor.personId, now),
    ids.length > 0 ? nextSteps(main, now, ids) : [],
    ids.length > 0 ? openReports(main, now, ids) : [],
    ids.length > 0 ? ofOthers(main, actor.personId, ids, now) : [],
    is('union', 'safety') ? unconfirmed(main, actor, now) : [],
    is('hr') ? openTasks(main, now) : [],
    waitingForKey(main, is('operator'), actor.personId),
    is(...offices) ? waitingForWitness(main, actor.personId) : [],
  ]);
  const today = Day.at(now);
  const due = [
    ...[...steps, ...reports].map((one) => one.due),
    ...mine.flatMap((one) => asked(one, today)),
    ...[...ofUnits, ...toConfirm, ...toDo, ...keys, ...ofWitness],
  ];
  return { due: ordered(due, today), mine, led };
}

const about = ({ id, title, unit: of }: MeasureRow) => ({ id, title, unit: of });

/** What somebody owns and is not done with: whether it helped, and then what goes on. */
async function ofOwner(main: Main, ownerId: string, now: Date): Promise<MeasureRow[]> {
  const [finished, open] = await Promise.all([
    measures.list(main, { ownerId, ...measures.waiting('unasked', Day.at(now)) }, now),
    measures.list(main, { ownerId, statuses: Measure.open }, now),
  ]);
  return [...finished, ...open];
}

/** Whoever owns a measure is asked for it when its day comes near, and then once whether it helped. */
function asked(one: MeasureRow, today: string): Due[] {
  if (Measure.isOver(one.status)) return [{ kind: 'effect', ...about(one), dueOn: null }];
  const comes = one.dueOn <= Day.plus(today, soon);
  return comes ? [{ kind: 'measure', ...about(one), dueOn: one.dueOn }] : [];
}

/** Whoever leads a unit sees which of its measures are late, and answers for those whose owner has left or moved away. */
async function ofOthers(main: Main, notOwnerId: string, unitIds: string[], now: Date): Promise<Due[]> {
  const today = Day.at(now);
  const which = (way: measures.Way) => ({ unitIds, notOwnerId, ...measures.waiting(way, today) });
  const [late, ownerless, unasked] = await Promise.all([
    measures.list(main, which('late'), now),
    measures.list(main, which('ownerless'), now),
    measures.list(main, { ...which('unasked'), personless: today }, now),
  ]);
  const orphans = new Set(ownerless.map(({ id }) => id));
  return [
    ...late
      .filter(({ id }) => !orphans.has(id))
      .map((one) => ({ kind: 'measure' as const, ...about(one), dueOn: one.dueOn })),
    ...ownerless.map((one) => ({ kind: 'orphan' as const, ...about(one), dueOn: null })),
    ...unasked.map((one) => ({ kind: 'effect' as const, ...about(one), dueOn: null })),
  ];
}

/** The next step of every course that is not overtaken, of some units (ids) or of all. */
export async function nextSteps(main: Main, now: Date, unitIds?: string[]): Promise<ForLeader[]> {
  const [found, unexplained] = await Promise.all([
    courses(main, now, unitIds ? { unitIds } : {}),
    lackingCauses(main, unitIds),
  ]);
  return found.flatMap(({ round: of, unit: at, steps, overtaken }) => {
    const step = overtaken ? null : next(steps);
    if (!step) return [];
    const lacksCauses = step.step === 'agreed' && unexplained.has(`${of.id} ${at.id}`);
    const due = { kind: 'step' as const, step: step.step, lacksCauses, unit: at, round: of };
    return [{ leaderId: at.leaderId, due: { ...due, dueOn: step.dueOn } }];
  });
}

/** Meetings that have not agreed and have a point to improve without causes (see Point.unexplained), as round and unit. */
async function lackingCauses(main: Main, unitIds?: string[]): Promise<Set<string>> {
  const rows = await main
    .selectDistinct({ roundId: meeting.roundId, unitId: meeting.unitId })
    .from(meeting)
    .innerJoin(point, eq(point.meetingId, meeting.id))
    .leftJoin(cause, eq(cause.pointId, point.id))
    .where(
      and(
        isNull(meeting.agreedAt),
        eq(point.kind, 'improve' satisfies Kind),
        isNull(cause.id),
        unitIds && inArray(meeting.unitId, unitIds),
      ),
    );
  return new Set(rows.map(({ roundId, unitId }) => `${roundId} ${unitId}`));
}

/** Reports that are begun and not handed in, of some units (ids) or of all that stand. */
export async function openReports(main: Main, now: Date, unitIds?: string[]): Promise<ForLeader[]> {
  const today = Day.at(now);
  const rows = await main
    .select({ report, unit })
    .from(report)
    .innerJoin(unit, eq(unit.id, report.unitId))
    .where(
      and(
        isNull(report.handedAt),
        lte(report.startedAt, now),
        lte(unit.validFrom, today),
        or(isNull(unit.validTo), gte(unit.validTo, today)),
        unitIds && inArray(unit.id, unitIds),
      ),
    );
  return rows.map(({ report: { id, period, year }, unit: of }) => {
    const which = { period: period as Report.Kind, year };
    const due = { kind: 'report' as const, id, ...which, unit: of, dueOn: Report.dueOn(which) };
    return { leaderId: of.leaderId, due };
  });
}

/** Meetings that agreed under a representative's eyes, newest first, and that they have not confirmed. */
async function unconfirmed(main: Main, actor: Actor, now: Date): Promise<Due[]> {
  const held = actor.roles.filter(({ role }) => role === 'union' || role === 'safety');
  const everywhere = held.some((one) => one.unit === null);
  const codes = sql.join([sql`null`, ...held.map((one) => sql`${one.unit}`)], sql`, `);
  const rows = await main.execute<{ roundId: string; unitId: string }>(sql`
    with recursive under as (
      select id from ${unit} where ${everywhere ? sql`true` : sql`code in (${codes})`}
      union select u.id from ${unit} u join under on u.parent_id = under.id
    )
    select held.round_id as "roundId", held.unit_id as "unitId" from meeting held join under on under.id = held.unit_id
    where held.agreed_at is not null and not exists (
      select from confirmation c where c.meeting_id = held.id and c.person_id = ${actor.personId}::uuid)`);
  const found = await courses(main, now, { unitIds: rows.map(({ unitId }) => unitId) });
  const waits = new Set(rows.map(({ roundId, unitId }) => `${roundId} ${unitId}`));
  return found
    .filter(({ round: of, unit: at, overtaken }) => !overtaken && waits.has(`${of.id} ${at.id}`))
    .map(({ round: of, unit: at }) => ({ kind: 'confirm' as const, unit: at, round: of, dueOn: null }));
}

const openTasks = async (main: Main, now: Date): Promise<Due[]> =>
  (await tasks.open(main, now)).map(({ kind, dueOn, roundId, round: name }) => ({
    ...{ kind: 'task' as const, task: kind, round: { id: roundId, name }, dueOn },
  }));

/**
 * Rounds that only whoever holds the key takes on: approved ones, to lock before they open, and stopped ones, to count.
 * Where a body outside is to hold it, an operator first hands the round over, and then it is theirs.
 */
async function waitingForKey(main: Main, isOperator: boolean, personId: string): Promise<Due[]> {
  const mine = eq(round.holderId, personId);
  const rows = await main
    .select()
    .from(round)
    .where(
      and(
        inArray(round.state, ['planned', 'approved', 'stopped']),
        eq(round.dryRun, false),
        isOperator ? undefined : mine,
      ),
    );
  return rows.flatMap((of): Due[] => {
    const { id, name, state, opensAt, stopsAt } = of;
    const about = { kind: 'round' as const, round: { id, name } };
    if (of.holderId !== null && of.handedAt === null)
      return isOperator ? [{ ...about, verb: 'hand', dueOn: Day.at(opensAt) }] : [];
    if (of.holderId !== null && of.holderId !== personId) return [];
    if (state === 'approved') return [{ ...about, verb: 'freeze', dueOn: Day.at(opensAt) }];
    const isTheirs = state === 'stopped' && of.promise === 'operator';
    return isTheirs ? [{ ...about, verb: 'close', dueOn: Day.at(stopsAt) }] : [];
  });
}

/** Rounds that wait for one of their witnesses, rehearsals too: to make a key, and when they have stopped to open the box. */
async function waitingForWitness(main: Main, personId: string): Promise<Due[]> {
  const rows = await main
    .select({ round, point: witness.point })
    .from(witness)
    .innerJoin(round, eq(round.id, witness.roundId))
    .where(and(eq(witness.personId, personId), inArray(round.state, ['planned', 'approved', 'stopped'])));
  return rows.flatMap(({ round: { id, name, state, opensAt, stopsAt }, point }): Due[] => {
    const about = { kind: 'witness' as const, round: { id, name } };
    if (state === 'stopped') return [{ ...about, verb: 'open', dueOn: Day.at(stopsAt) }];
    return point === null ? [{ ...about, verb: 'make', dueOn: Day.at(opensAt) }] : [];
  });
}

/** The next round for one of these paths (unit codes from the top; null: for anybody); null when none is planned. */
export async function nextRound(
  main: Main,
  paths: string[][] | null,
  now: Date,
): Promise<{ name: string; opensOn: string } | null> {
  const rows = await main
    .select({ name: round.name, opensAt: round.opensAt, unitIds: round.unitIds })
    .from(round)
    .where(
      and(
        inArray(round.state, ['planned', 'approved', 'frozen']),
        eq(round.dryRun, false),
        gt(round.opensAt, now),
      ),
    )
    .orderBy(asc(round.opensAt))
    .limit(50);
  const codes = [...new Set(paths?.flat())];
  const reached = new Set((await unitsOf(main, codes)).map(({ id }) => id));
  const found = rows.find(({ unitIds }) => paths === null || unitIds.some((id) => reached.has(id)));
  return found ? { name: found.name, opensOn: Day.at(found.opensAt) } : null;
}
