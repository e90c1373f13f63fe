import { error, fail, redirect } from '@sveltejs/kit';
import { fingerprintPrint, fingerprintSigns } from '#domain/keylist.ts';
import * as Witness from '#domain/witness.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as proposals from '#server/proposals.ts';
import * as rounds from '#server/rounds.ts';
import * as witnessScript from '#server/witness-script.ts';
import * as witnesses from '#server/witnesses.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const { main, box } = db();
  locals.gate.ask('witness.act', { witnesses: await witnesses.idsOf(main, params.round) });
  const found = (await rounds.find(main, params.round)) ?? error(404);
  const isStopped = found.state === 'stopped';
  const proposed = isStopped ? await proposals.proposed(main, found.id) : null;
  return {
    ...{ id: found.id, name: found.name, state: found.state, dryRun: found.dryRun },
    signs: found.fingerprint ? fingerprintSigns(found.fingerprint) : '',
    print: found.fingerprint ? fingerprintPrint(found.fingerprint) : '',
    script: await witnessScript.sinceFreezing(main, found.id),
    canOpen: Witness.canOpen(await witnesses.rows(main, found.id)),
    ballots: isStopped ? await proposals.number(box, found.id) : 0,
    proposed: proposed && { ...proposed, isMine: proposed.byId === locals.gate.actor?.personId },
  };
};

type Refusal = Exclude<Awaited<ReturnType<typeof proposals.confirm>>, { ok: true }>['refusal'];
const sentences: Record<Refusal, () => string> = {
  'wrong-state': m.witness_refused_wrong_state,
  own: m.witness_refused_own,
  changed: m.witness_refused_changed,
  form: m.witness_refused_form,
  other: m.witness_refused_other,
  receipts: m.witness_refused_receipts,
  audit: m.round_refused_audit,
};

export const actions: Actions = {
  confirm: async ({ locals, params, request }) => {
    const { main, box } = db();
    const permit = locals.gate.ask('witness.act', { witnesses: await witnesses.idsOf(main, params.round) });
    const sha256 = String((await request.formData()).get('sha256') ?? '');
    const confirmed = await proposals.confirm(main, box, params.round, sha256, locals.now, permit);
    if (confirmed.ok) redirect(303, `/rounds/${params.round}`);
    return fail(400, {
      faults: { confirm: sentences[confirmed.refusal]() } as Record<string, string>,
    });
  },
};
