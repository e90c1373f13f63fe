import { error, fail, redirect } from '@sveltejs/kit';
import type { Part } from '#domain/import.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as imports from '#server/imports.ts';
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
  return { import: { ...found, preview: { ...preview, parts: parts.map(some) } }, again };
};

const notDone: Record<'not-found' | 'already-confirmed' | 'has-faults', () => string> = {
  'not-found': m.import_not_found,
  'already-confirmed': m.import_not_again,
  'has-faults': m.import_not_with_faults,
};

const notUndone: Record<imports.UndoRefusal, () => string> = {
  'not-found': m.import_not_found,
  'not-confirmed': m.import_undo_not_confirmed,
  'already-undone': m.import_undo_already,
  'newer-import': m.import_undo_newer,
  'changed-since-import': m.import_undo_changed,
  'in-use': m.import_undo_in_use,
};

export const actions: Actions = {
  confirm: async ({ locals, params }) => {
    const done = await imports.confirm(db().main, locals.gate.ask('import.do'), params.id, locals.now);
    if (done.ok) redirect(303, `/imports/${params.id}`);
    if (done.refusal === 'changed-since-preview') redirect(303, `/imports/${done.id}?again`);
    return fail(409, { refusal: notDone[done.refusal]() });
  },
  undo: async ({ locals, params }) => {
    const done = await imports.undo(db().main, locals.gate.ask('import.do'), params.id, locals.now);
    if (done.ok) redirect(303, `/imports/${params.id}`);
    return fail(409, { refusal: notUndone[done.refusal]() });
  },
};
