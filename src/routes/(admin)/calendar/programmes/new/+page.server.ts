import { fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import * as Programme from '#domain/programme.ts';
import { defaults } from '#domain/round.ts';
import { db } from '#server/db.ts';
import * as occurrences from '#server/occurrences.ts';
import * as programmes from '#server/programmes.ts';
import type { Actions, PageServerLoad } from './$types';
import { faultsOf, offered, typed } from '../form.ts';

export const load: PageServerLoad = async ({ locals }) => {
  locals.gate.ask('programme.change');
  const today = Day.at(locals.now);
  const first = Programme.fieldsOf({
    name: '',
    questionnaireKey: '',
    unitCodes: [],
    firstYear: Number(today.slice(0, 4)) + 1,
    everyYears: 2,
    month: 9,
    windowDays: defaults.windowDays,
  });
  return { first, ...(await offered(locals.locale, today)) };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const permit = locals.gate.ask('programme.change');
    const said = typed(await request.formData());
    const added = await programmes.add(db().main, Programme.read(said), locals.now, permit);
    if (!added.ok) return fail(400, { said, faults: faultsOf(added.refusals) });
    await occurrences.plan(db().main, locals.now);
    redirect(303, '/calendar/programmes');
  },
};
