import { fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import * as Task from '#domain/task.ts';
import { m } from '#messages';
import * as calendar from '#server/calendar.ts';
import { db } from '#server/db.ts';
import * as fatigue from '#server/fatigue.ts';
import * as occurrences from '#server/occurrences.ts';
import * as programmes from '#server/programmes.ts';
import * as tasks from '#server/tasks.ts';
import type { Actions, PageServerLoad } from './$types';

const months = 12;
/** Months that stand open; the later ones are folded. */
const monthsOpen = 3;

export const load: PageServerLoad = async ({ locals }) => {
  locals.gate.ask('calendar.see');
  const { main } = db();
  const { now } = locals;
  const today = Day.at(now);
  const year = Number(today.slice(0, 4));
  const monthFrom = (ahead: number) => new Date(Date.UTC(year, Number(today.slice(5, 7)) - 1 + ahead, 1));
  const first = monthFrom(0).toISOString().slice(0, 10);
  const last = Day.plus(monthFrom(months).toISOString().slice(0, 10), -1);

  const concern = await calendar.concerns(main, locals.gate.actor!);
  const mayDo = locals.gate.may('task.do');
  const [entries, warnings, all, open] = await Promise.all([
    calendar.entries(main, now, concern, { from: first, to: last }),
    fatigue.warnings(main, now),
    programmes.list(main),
    mayDo ? tasks.open(main, now) : [],
  ]);
  const runs = await occurrences.runs(main, year, year + occurrences.yearsAhead);
  const roundIds = [...new Set(entries.flatMap(({ roundId }) => roundId ?? []))];
  const stands = mayDo ? await tasks.of(main, roundIds) : [];
  return {
    may: {
      do: mayDo,
      change: locals.gate.may('programme.change'),
      subscribe: locals.gate.may('calendar.subscribe'),
      rounds: locals.gate.may('round.see'),
    },
    open,
    months: Array.from({ length: months }, (_, i) => {
      const month = monthFrom(i).toISOString().slice(0, 10);
      return {
        month,
        soon: i < monthsOpen,
        entries: entries
          .filter(({ day }) => day.slice(0, 7) === month.slice(0, 7))
          .map((entry) => ({
            ...entry,
            past: entry.day < today,
            soon: entry.day <= Day.plus(today, Task.askedBefore),
            task:
              stands.find(({ roundId, kind }) => roundId === entry.roundId && kind === entry.kind) ?? null,
          })),
      };
    }),
    years: Array.from({ length: occurrences.yearsAhead + 1 }, (_, i) => year + i),
    programmes: all
      .filter((one) => !one.ended && concern(one.units.map(({ id }) => id)))
      .map(({ id, name, everyYears }) => ({
        id,
        name,
        onDecision: everyYears === null,
        runs: runs
          .filter((run) => run.programme.id === id && run.round?.state !== 'withdrawn')
          .filter((run) => run.round !== null || run.opensOn > today)
          .map((run) => ({
            year: run.year,
            opensOn: run.opensOn,
            moved: run.moved,
            tight: warnings.has(
              run.round ? fatigue.keyOf.round(run.round.id) : fatigue.keyOf.run(id, run.year),
            ),
          })),
      })),
  };
};

const tick =
  (done: boolean): Actions[string] =>
  async ({ locals, request }) => {
    const permit = locals.gate.ask('task.do');
    const form = await request.formData();
    const [roundId, kind] = [String(form.get('round') ?? ''), String(form.get('kind') ?? '')];
    const ticked = Task.isKind(kind)
      ? await tasks.tick(db().main, roundId, kind, done, locals.now, permit)
      : { ok: false as const };
    const faults: Record<string, string> = { tasks: m.task_as_it_was() };
    if (!ticked.ok) return fail(409, { faults });
    redirect(303, `/calendar#${form.get('back') === 'tasks' ? 'tasks' : `${roundId}-${kind}`}`);
  };

export const actions: Actions = { tick: tick(true), untick: tick(false) };
