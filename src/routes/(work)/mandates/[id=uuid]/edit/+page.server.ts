import { error, fail, redirect } from '@sveltejs/kit';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as mandates from '#server/mandates.ts';
import * as figures from '#ui/figures.ts';
import type { Actions, PageServerLoad } from './$types';
import { headFaults, meant, typed } from '../../head.ts';

export const load: PageServerLoad = async ({ locals: { gate }, params }) => {
  gate.ask('mandate.change');
  const { id, version: _, ...head } = (await mandates.find(db().main, params.id)) ?? error(404);
  return { id, head };
};

export const actions: Actions = {
  default: async ({ locals: { gate }, params, request }) => {
    const permit = gate.ask('mandate.change');
    const form = await request.formData();
    const said = typed(form);
    const begun = typed(form, 'begun-');
    const changed = await mandates.change(db().main, params.id, { fields: meant(said), begun }, permit);
    if (changed.ok) redirect(303, `/mandates/${params.id}`);
    if (changed.refusal === 'unknown') error(404);
    if (changed.refusal === 'faults') return fail(400, { said, begun, faults: headFaults(changed.refusals) });
    const { merged, theirs, conflicts } = changed;
    const shown = (field: string, value: string) => (field === 'decidedOn' ? figures.day(value) : value);
    const faults = conflicts.map((of) => [
      of.field,
      m.mandate_theirs({ theirs: shown(of.field, of.theirs) }),
    ]);
    return fail(409, {
      ...{ said: merged, begun: theirs },
      faults: Object.fromEntries(faults) as Record<string, string>,
    });
  },
};
