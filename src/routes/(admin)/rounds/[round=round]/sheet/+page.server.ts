import { error, fail, redirect } from '@sveltejs/kit';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as rounds from '#server/rounds.ts';
import * as witnesses from '#server/witnesses.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const { main } = db();
  locals.gate.ask('witness.act', { witnesses: await witnesses.idsOf(main, params.round) });
  const { id, name, state, dryRun } = (await rounds.find(main, params.round)) ?? error(404);
  const all = await witnesses.list(main, id);
  const mine = all.find(({ personId }) => personId === locals.gate.actor?.personId) ?? error(404);
  return {
    ...{ id, name, dryRun, mine, now: locals.now },
    open: ['planned', 'approved'].includes(state),
    others: all.filter((one) => one !== mine).map(({ office, name }) => ({ office, name })),
  };
};

export const actions: Actions = {
  keep: async ({ locals, params, request }) => {
    const { main } = db();
    const permit = locals.gate.ask('witness.act', { witnesses: await witnesses.idsOf(main, params.round) });
    const point = (await request.formData()).get('point');
    const kept = await witnesses.keep(main, params.round, point, locals.now, permit);
    if (kept.ok) redirect(303, `/rounds/${params.round}/sheet`);
    const sentence = kept.refusal === 'malformed' ? m.witness_fault_point() : m.witness_refused_too_late();
    return fail(400, { faults: { mine: sentence } as Record<string, string> });
  },
  lost: async ({ locals, params }) => {
    const { main } = db();
    const permit = locals.gate.ask('witness.act', { witnesses: await witnesses.idsOf(main, params.round) });
    await witnesses.lose(main, params.round, locals.now, permit);
    redirect(303, `/rounds/${params.round}/sheet`);
  },
};
