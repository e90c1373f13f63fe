import { and, asc, eq, gte, inArray, isNotNull, isNull, lte, or, sql } from 'drizzle-orm';
import * as Calendar from '#domain/calendar.ts';
import * as Day from '#domain/day.ts';
import type { State } from '#domain/round.ts';
import * as Task from '#domain/task.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { person, release, round, task } from '#server/schema.ts';

type TaskRow = {
  roundId: string;
  /** The round's name. */
  round: string;
  kind: Task.Kind;
  /** ISO day. */
  dueOn: string;
  overdue: boolean;
};

/**
 * What HR is asked to do now, earliest day first: tasks of rounds in earnest that nobody has ticked, that the round's
 * own state does not show as done, and whose day is within four weeks, or past by no more than ninety days. For the
 * front page of follow-up and the calendar. Each is ticked on /calendar.
 */
export async function open(main: Main, now: Date): Promise<TaskRow[]> {
  const today = Day.at(now);
  const rows = await main
    .select({ roundId: round.id, round: round.name, state: round.state, kind: task.kind, dueOn: task.dueOn })
    .from(task)
    .innerJoin(round, eq(round.id, task.roundId))
    .where(
      and(
        isNull(task.doneAt),
        gte(task.dueOn, Day.plus(today, -Task.askedFor)),
        lte(task.dueOn, Day.plus(today, Task.askedBefore)),
      ),
    )
    .orderBy(asc(task.dueOn), asc(round.name), asc(round.id), asc(task.kind));
  return rows.flatMap(({ state, kind, ...row }) =>
    Task.isKind(kind) && Task.waits(kind, state as State)
      ? [{ ...row, kind, overdue: row.dueOn < today }]
      : [],
  );
}

/** How each task of some rounds stands. waits: nobody ticked it, and the round's state does not show it as done. */
type TaskState = {
  roundId: string;
  kind: Task.Kind;
  done: { at: Date; by: string | null } | null;
  waits: boolean;
};

export async function of(main: Main, roundIds: string[]): Promise<TaskState[]> {
  const rows = await main
    .select({ roundId: task.roundId, kind: task.kind, at: task.doneAt, by: person.name, state: round.state })
    .from(task)
    .innerJoin(round, eq(round.id, task.roundId))
    .leftJoin(person, eq(person.id, task.doneBy))
    .where(inArray(task.roundId, roundIds))
    .orderBy(asc(task.roundId), asc(task.kind));
  return rows.flatMap(({ roundId, kind, at, by, state }) =>
    Task.isKind(kind)
      ? [{ roundId, kind, done: at && { at, by }, waits: at === null && Task.waits(kind, state as State) }]
      : [],
  );
}

/** Ticks a task off, or takes the tick back. Of two who tick at once the first stands. */
export async function tick(
  main: Main,
  roundId: string,
  kind: string,
  done: boolean,
  now: Date,
  permit: Permit<'task.do'>,
): Promise<{ ok: true } | { ok: false; refusal: 'as-it-was' }> {
  const changed = await main
    .update(task)
    .set(done ? { doneAt: now, doneBy: permit.by } : { doneAt: null, doneBy: null })
    .where(
      and(
        eq(task.roundId, roundId),
        eq(task.kind, kind),
        done ? isNull(task.doneAt) : isNotNull(task.doneAt),
      ),
    )
    .returning({ kind: task.kind });
  return changed.length > 0 ? { ok: true } : { ok: false, refusal: 'as-it-was' };
}

/**
 * Gives every round in earnest its tasks and keeps their days where the round's own days are: planned anew, opened
 * early, released. What is ticked keeps its day. Runs in the transaction that plans a round, and from the clock; it
 * may run twice, and in two processes at once. roundId: that round alone.
 */
export async function keep(main: Main, now: Date, roundId?: string) {
  const recent = new Date(now.getTime() - (Task.askedFor + 100) * 24 * 3600_000);
  const rows = await main
    .select({
      id: round.id,
      opensAt: round.opensAt,
      stopsAt: round.stopsAt,
      reminders: round.reminders,
      releasedAt: release.releasedAt,
    })
    .from(round)
    .leftJoin(release, eq(release.roundId, round.id))
    .where(
      and(
        eq(round.dryRun, false),
        sql`${round.state} <> 'withdrawn'`,
        or(isNull(release.releasedAt), gte(release.releasedAt, recent)),
        roundId === undefined ? undefined : eq(round.id, roundId),
      ),
    )
    .orderBy(asc(round.id));
  const values = rows.flatMap((row) =>
    Task.among(
      Calendar.deadlines(Calendar.windowAt(row), row.releasedAt ? Day.at(row.releasedAt) : undefined),
    )
      .map((one) => ({ roundId: row.id, ...one }))
      .sort((a, b) => (a.kind < b.kind ? -1 : 1)),
  );
  if (values.length === 0) return;
  await main
    .insert(task)
    .values(values)
    .onConflictDoUpdate({
      target: [task.roundId, task.kind],
      set: { dueOn: sql`excluded.due_on` },
      setWhere: sql`${task.doneAt} is null and ${task.dueOn} <> excluded.due_on`,
    });
}
