import { error, fail, redirect } from '@sveltejs/kit';
import { unfrozen } from '#domain/round.ts';
import * as Sheet from '#domain/sheet.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as rounds from '#server/rounds.ts';
import * as witnessScript from '#server/witness-script.ts';
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
    script: await witnessScript.shown(),
    open: unfrozen.includes(state),
    others: all.filter((one) => one !== mine).map(({ office, name }) => ({ office, name })),
  };
};

const keepWords = {
  malformed: m.witness_fault_point,
  taken: m.witness_fault_taken,
  'wrong-state': m.witness_refused_too_late,
};

export const actions: Actions = {
  keep: async ({ locals, params, request }) => {
    const { main } = db();
    const permit = locals.gate.ask('witness.act', { witnesses: await witnesses.idsOf(main, params.round) });
    const point = (await request.formData()).get('point');
    const kept = await witnesses.keep(main, params.round, point, locals.now, permit);
    if (kept.ok) redirect(303, `/rounds/${params.round}/sheet`);
    return fail(400, { said: '', faults: { mine: keepWords[kept.refusal]() } as Record<string, string> });
  },
  // A public half that was made without this page, with tools/sheet.js.
  paste: async ({ locals, params, request }) => {
    const { main } = db();
    const permit = locals.gate.ask('witness.act', { witnesses: await witnesses.idsOf(main, params.round) });
    const said = String((await request.formData()).get('pasted') ?? '');
    const read = await Sheet.pasted(said);
    if (!read.ok) {
      const [again, sentence] =
        read.refusal === 'private' ? ['', m.witness_fault_private()] : [said, m.witness_fault_pasted()];
      return fail(400, { said: again, faults: { pasted: sentence } as Record<string, string> });
    }
    const kept = await witnesses.keep(main, params.round, read.point, locals.now, permit);
    if (kept.ok) redirect(303, `/rounds/${params.round}/sheet#mine`);
    return fail(400, { said, faults: { pasted: keepWords[kept.refusal]() } as Record<string, string> });
  },
  lost: async ({ locals, params }) => {
    const { main } = db();
    const permit = locals.gate.ask('witness.act', { witnesses: await witnesses.idsOf(main, params.round) });
    await witnesses.lose(main, params.round, locals.now, permit);
    redirect(303, `/rounds/${params.round}/sheet`);
  },
};
