import { error, fail, redirect } from '@sveltejs/kit';
import { unfrozen } from '#domain/round.ts';
import * as Witness from '#domain/witness.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as rounds from '#server/rounds.ts';
import * as witnesses from '#server/witnesses.ts';
import type { Actions, PageServerLoad } from './$types';

type Said = { promise: string } & Record<Witness.Office, string>;

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('witness.name');
  const { main } = db();
  const found = (await rounds.find(main, params.round)) ?? error(404);
  if (!unfrozen.includes(found.state)) redirect(303, `/rounds/${found.id}`);
  const chosen = await witnesses.rows(main, found.id);
  const of = (office: Witness.Office) => chosen.find((one) => one.office === office)?.personId ?? '';
  const first: Said = {
    promise: found.promise,
    dpo: of('dpo'),
    union: of('union'),
    safety: of('safety'),
  };
  const all = await witnesses.candidates(main, found, locals.now);
  const choices = Object.fromEntries(
    Witness.offices.map((office) => [
      office,
      all
        .filter(({ roles, forAll }) => forAll.includes(office) && !Witness.isKeeper(roles))
        .map(({ personId, name }) => ({ value: personId, text: name })),
    ]),
  ) as Record<Witness.Office, { value: string; text: string }[]>;
  return { id: found.id, name: found.name, first, choices };
};

const sentences: Record<Witness.Fault, () => string> = {
  missing: m.witness_fault_missing,
  office: m.witness_fault_missing,
  part: m.witness_fault_part,
  same: m.witness_fault_same,
  keeper: m.witness_fault_keeper,
  'sign-in': m.witness_fault_sign_in,
};

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('witness.name');
    const form = await request.formData();
    const text = (name: string) => String(form.get(name) ?? '');
    const said: Said = {
      promise: text('promise'),
      dpo: text('dpo'),
      union: text('union'),
      safety: text('safety'),
    };
    const { promise, ...persons } = said;
    if (promise !== 'operator' && promise !== 'witnesses')
      return fail(400, { said, faults: { promise: m.witness_fault_promise() } as Record<string, string> });
    const choice: witnesses.Choice = promise === 'operator' ? { promise } : { promise, persons };
    const chosen = await witnesses.choose(db().main, params.round, choice, locals.now, permit);
    if (chosen.ok) redirect(303, `/rounds/${params.round}#keys`);
    const faults: Record<string, string> =
      chosen.refusal === 'wrong-state'
        ? { promise: m.round_refused_wrong_state() }
        : chosen.refusal === 'comments'
          ? { promise: m.comment_refused_with_witnesses() }
          : chosen.refusal === 'outside'
            ? { promise: m.witness_refused_outside() }
            : Object.fromEntries(
                Object.entries(chosen.faults).map(([office, fault]) => [office, sentences[fault]()]),
              );
    return fail(400, { said, faults });
  },
};
