import { error, fail, redirect } from '@sveltejs/kit';
import type { Fault } from '#domain/comment-reader.ts';
import { isKeeper } from '#domain/witness.ts';
import { m } from '#messages';
import * as readers from '#server/comment-readers.ts';
import { db } from '#server/db.ts';
import * as rounds from '#server/rounds.ts';
import type { Actions, PageServerLoad } from './$types';

type Said = { comments: string; one: string; two: string };

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('comment.name');
  const { main } = db();
  const found = (await rounds.find(main, params.round)) ?? error(404);
  if (found.state !== 'planned') redirect(303, `/rounds/${found.id}`);
  const [one, two] = await readers.rows(main, found.id);
  const first: Said = {
    comments: one ? 'on' : 'off',
    one: one?.personId ?? '',
    two: two?.personId ?? '',
  };
  const all = await readers.candidates(main, found, locals.now);
  const choices = all
    .filter(({ roles, leads }) => !isKeeper(roles) && !leads)
    .map(({ personId, name }) => ({ value: personId, text: name }));
  return { id: found.id, name: found.name, first, choices };
};

const sentences: Record<Fault, () => string> = {
  missing: m.comment_fault_missing,
  same: m.comment_fault_same,
  keeper: m.comment_fault_keeper,
  line: m.comment_fault_line,
  together: m.comment_fault_together,
  'sign-in': m.comment_fault_sign_in,
};

function faultsOf(refused: readers.ChooseRefusal): Record<string, string> {
  if (refused.refusal === 'wrong-state') return { comments: m.round_refused_wrong_state() };
  if (refused.refusal === 'witnesses') return { comments: m.comment_refused_witnesses() };
  if (refused.refusal === 'outside') return { comments: m.comment_refused_outside() };
  if (refused.refusal === 'questions') return { comments: m.comment_refused_questions() };
  const [one, two] = refused.faults;
  return { ...(one && { one: sentences[one]() }), ...(two && { two: sentences[two]() }) };
}

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('comment.name');
    const form = await request.formData();
    const text = (name: string) => String(form.get(name) ?? '');
    const said: Said = { comments: text('comments'), one: text('one'), two: text('two') };
    if (said.comments !== 'on' && said.comments !== 'off')
      return fail(400, { said, faults: { comments: m.comment_fault_choice() } as Record<string, string> });
    const persons: [string, string] | null = said.comments === 'on' ? [said.one, said.two] : null;
    const chosen = await readers.choose(db().main, params.round, persons, locals.now, permit);
    if (chosen.ok) redirect(303, `/rounds/${params.round}#comments`);
    return fail(400, { said, faults: faultsOf(chosen) });
  },
};
