import { error, fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import { toOslo } from '#domain/oslo.ts';
import { db } from '#server/db.ts';
import * as rounds from '#server/rounds.ts';
import { codesOf } from '#server/units.ts';
import type { Actions, PageServerLoad } from './$types';
import { faultOf, offered, planOf, type Typed, typed } from '../../plan.ts';

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('round.plan');
  const { main } = db();
  const found = (await rounds.find(main, params.round)) ?? error(404);
  if (found.state !== 'planned') redirect(303, `/rounds/${found.id}`);
  const first: Typed = {
    name: found.name,
    questionnaire: found.questionnaireId,
    units: await codesOf(main, found.unitIds),
    opens: toOslo(found.opensAt),
    stops: toOslo(found.stopsAt),
    inPostOn: found.rule.inPostOn,
    minimumShare: String(found.rule.minimumShare),
    kinds: found.rule.kinds.join(', '),
    includeOnLeave: found.rule.includeOnLeave,
    reminders: found.reminders.join(', '),
    reserve: String(found.reserve),
    sms: found.sms,
    dryRun: found.dryRun,
  };
  return { id: found.id, first, ...(await offered(locals.locale, Day.at(locals.now))) };
};

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.plan');
    const said = typed(await request.formData());
    const read = planOf(said);
    if (!read.ok) return fail(400, { said, faults: read.faults });
    const done = await rounds.replan(db().main, params.round, read.plan, locals.now, permit);
    if (!done.ok) return fail(400, { said, faults: faultOf[done.refusal]() });
    redirect(303, `/rounds/${params.round}`);
  },
};
