import { fail, redirect } from '@sveltejs/kit';
import * as Calendar from '#domain/calendar.ts';
import * as Day from '#domain/day.ts';
import { toOslo } from '#domain/oslo.ts';
import { defaults } from '#domain/round.ts';
import { db } from '#server/db.ts';
import * as rounds from '#server/rounds.ts';
import type { Actions, PageServerLoad } from './$types';
import { faultOf, offered, planOf, type Typed, typed } from '../plan.ts';

export const load: PageServerLoad = async ({ locals }) => {
  locals.gate.ask('round.plan');
  const today = Day.at(locals.now);
  const opensOn = Calendar.nextOpening(Day.plus(today, 28), defaults.windowDays);
  const window = Calendar.windowFrom(opensOn, defaults.windowDays);
  const { opensAt, stopsAt } = Calendar.momentsOf(window);
  const first: Typed = {
    name: '',
    questionnaire: '',
    units: [],
    opens: toOslo(opensAt),
    stops: toOslo(stopsAt),
    inPostOn: Day.plus(today, 14),
    minimumShare: '0',
    kinds: '',
    includeOnLeave: false,
    reminders: window.reminders.join(', '),
    reserve: '10',
    sms: false,
    dryRun: false,
  };
  return { first, ...(await offered(locals.locale, today)) };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const permit = locals.gate.ask('round.plan');
    const said = typed(await request.formData());
    const read = planOf(said);
    if (!read.ok) return fail(400, { said, faults: read.faults });
    const planned = await rounds.plan(db().main, read.plan, locals.now, permit);
    if (!planned.ok) return fail(400, { said, faults: faultOf[planned.refusal]() });
    redirect(303, `/rounds/${planned.id}`);
  },
};
