import { error, fail, redirect } from '@sveltejs/kit';
import type { Part } from '#domain/import.ts';
import { m } from '#messages';
import * as accounts from '#server/accounts.ts';
import { db } from '#server/db.ts';
import * as imports from '#server/imports.ts';
import { postman } from '#server/postman.ts';
import type { Actions, PageServerLoad } from './$types';

const most = 100;
const some = ({ added, changed, gone, ...part }: Part) => ({
  ...part,
  counts: { added: added.length, changed: changed.length, gone: gone.length },
  added: added.slice(0, most),
  changed: changed.slice(0, most),
  gone: gone.slice(0, most),
});

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const found = await imports.find(db().main, locals.gate.ask('import.do'), params.id);
  if (!found) error(404);
  const { parts, ...preview } = found.preview;
  const again = url.searchParams.has('again') ? m.import_not_as_shown() : null;
  const mayConfirm = !imports.needsOperator(preview) || locals.gate.may('operator.give');
  return { mayConfirm, import: { ...found, preview: { ...preview, parts: parts.map(some) } }, again };
};

const notDone: Record<'not-found' | 'already-confirmed' | 'has-faults' | 'needs-operator', () => string> = {
  'not-found': m.import_not_found,
  'already-confirmed': m.import_not_again,
  'has-faults': m.import_not_with_faults,
  'needs-operator': m.import_needs_operator,
};

const notUndone: Record<imports.UndoRefusal, () => string> = {
  'not-found': m.import_not_found,
  'not-confirmed': m.import_undo_not_confirmed,
  'already-undone': m.import_undo_already,
  'newer-import': m.import_undo_newer,
  'changed-since-import': m.import_undo_changed,
  'in-use': m.import_undo_in_use,
  'needs-operator': m.import_undo_needs_operator,
};

const asOperator = ({ gate }: App.Locals) => (gate.may('operator.give') ? gate.ask('operator.give') : null);
const tell = async ({ locale, now }: App.Locals, { from }: imports.Moved) =>
  accounts.tellOfAddress(from, await postman(), locale, now);

export const actions: Actions = {
  confirm: async ({ locals, params }) => {
    const permit = locals.gate.ask('import.do');
    const done = await imports.confirm(db().main, permit, params.id, locals.now, asOperator(locals));
    if (done.ok) {
      await tell(locals, done);
      redirect(303, `/imports/${params.id}`);
    }
    if (done.refusal === 'changed-since-preview') redirect(303, `/imports/${done.id}?again`);
    return fail(409, { refusal: notDone[done.refusal]() });
  },
  undo: async ({ locals, params }) => {
    const permit = locals.gate.ask('import.do');
    const done = await imports.undo(db().main, permit, params.id, locals.now, asOperator(locals));
    if (done.ok) {
      await tell(locals, done);
      redirect(303, `/imports/${params.id}`);
    }
    return fail(409, { refusal: notUndone[done.refusal]() });
  },
};
