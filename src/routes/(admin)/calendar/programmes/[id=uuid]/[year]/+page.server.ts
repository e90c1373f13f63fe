import { error, fail, redirect } from '@sveltejs/kit';
import * as Calendar from '#domain/calendar.ts';
import * as Day from '#domain/day.ts';
import { asksStaff } from '#domain/programme.ts';
import { m } from '#messages';
import * as calendar from '#server/calendar.ts';
import { db } from '#server/db.ts';
import * as fatigue from '#server/fatigue.ts';
import type { Permit } from '#server/gate.ts';
import * as occurrences from '#server/occurrences.ts';
import { moveRefusalWords } from '#ui/calendar-words.ts';
import type { Actions, PageServerLoad } from './$types';

async function asking(params: { id: string; year: string }) {
  const year = /^\d{4}$/.test(params.year) ? Number(params.year) : error(404);
  const found = await occurrences.runs(db().main, year, year);
  return found.find((run) => run.programme.id === params.id) ?? error(404);
}

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('calendar.see');
  const run = await asking(params);
  const { main } = db();
  const concern = await calendar.concerns(main, locals.gate.actor!);
  if (!concern(run.programme.units.map(({ id }) => id))) error(404);
  const key = run.round ? fatigue.keyOf.round(run.round.id) : fatigue.keyOf.run(run.programme.id, run.year);
  const found = await fatigue.warnings(main, locals.now, key);
  const isLoose = !run.programme.ended && (run.round?.state ?? 'planned') === 'planned';
  const isAhead = run.opensOn > Day.at(locals.now);
  return {
    programme: { id: run.programme.id, name: run.programme.name },
    year: run.year,
    opensOn: run.opensOn,
    stopsOn: run.stopsOn,
    why: run.why,
    moved: run.moved,
    rule: run.rule,
    days: Calendar.deadlines(run, run.releasedOn),
    round: run.round,
    warning: found.get(key) ?? null,
    asksStaff: asksStaff(run.programme.kind),
    mayMove: locals.gate.may('programme.change') && isAhead && isLoose,
    maySeeRounds: locals.gate.may('round.see'),
  };
};

const refusalWords: Record<occurrences.MoveRefusal, () => string> = {
  ...moveRefusalWords,
  approved: m.calendar_move_approved,
  gone: m.calendar_move_gone,
};

async function move(
  params: { id: string; year: string },
  to: string | null,
  said: string,
  now: Date,
  permit: Permit<'programme.change'>,
) {
  const run = await asking(params);
  const { main } = db();
  const moved = await occurrences.move(main, run.programme.id, run.year, to, now, permit);
  const faults: Record<string, string> = {};
  if (!moved.ok) {
    faults.to = refusalWords[moved.refusal]();
    return fail(400, { said, faults });
  }
  await occurrences.plan(main, now);
  redirect(303, `/calendar/programmes/${run.programme.id}/${run.year}`);
}

export const actions: Actions = {
  move: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('programme.change');
    const said = String((await request.formData()).get('to') ?? '').trim();
    const to = Day.parse(said);
    const faults: Record<string, string> = { to: m.calendar_move_day() };
    if (to === null) return fail(400, { said, faults });
    return await move(params, to, said, locals.now, permit);
  },
  back: async ({ locals, params }) => {
    const permit = locals.gate.ask('programme.change');
    return await move(params, null, '', locals.now, permit);
  },
};
