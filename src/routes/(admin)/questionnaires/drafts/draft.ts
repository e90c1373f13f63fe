import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { line, type Listed, shown } from '#domain/draft.ts';
import type { Draft } from '#domain/draft.ts';
import type { Part } from '#domain/draft-part.ts';
import { baseIn, type Fields } from '#domain/merge.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as drafts from '#server/drafts.ts';
import type { Permit } from '#server/gate.ts';
import { fieldRefusals, listRefusals } from '#ui/draft-words.ts';
import { day } from '#ui/figures.ts';

export type Sent = { version: number; base: Fields; again: boolean };

/** A draft for one of its pages. One that is closed is only shown to whoever was just writing in it. */
export async function draftFor(id: string, locale: string, method: string) {
  const found = (await drafts.find(db().main, id)) ?? error(404);
  if (found.closedAt && method === 'GET')
    redirect(303, found.becameId ? `/questionnaires/${found.becameId}` : '/questionnaires');
  return {
    found,
    head: {
      id: found.id,
      title: shown(found.draft.content.title, locale),
      version: found.version,
      languages: found.draft.content.languages,
      closed: found.closedAt && closedWords(found),
    },
  };
}

const closedWords = ({ closedName, closedAt, becameId }: drafts.DraftRow) => {
  const said = { name: closedName ?? m.draft_somebody(), day: day(closedAt!) };
  return becameId ? m.draft_closed_finished(said) : m.draft_closed_discarded(said);
};

/** A form as it was sent: every field that it was made with, also boxes that are not ticked. */
function typed(form: FormData): { said: Fields; from: Sent } {
  const from: Sent = {
    version: Number(form.get('version')) || 0,
    base: baseIn(String(form.get('base') ?? '')),
    again: form.get('again') === 'yes',
  };
  const own = ['version', 'base', 'again'];
  const names = new Set([...Object.keys(from.base), ...form.keys()].filter((name) => !own.includes(name)));
  const said = [...names].map((name) => [name, line(form.getAll(name).map(String).join(' '))] as const);
  return { said: Object.fromEntries(said), from };
}

/**
 * Saves a part of a draft and leads on, or says at each field why not, with everything that was typed. words: how a field's
 * value reads, where it is another than the value.
 */
export async function saved(
  { params, request, locals }: RequestEvent<{ id: string }>,
  permit: Permit<'questionnaire.change'>,
  part: Part,
  to: (said: Fields) => string,
  words: (field: string, value: string) => string = (_, value) => value,
) {
  const { main } = db();
  const found = (await drafts.find(main, params.id)) ?? error(404);
  const { said, from } = typed(await request.formData());
  const done = await drafts.save(main, params.id, part, from, said, locals.now, permit);
  if (done.ok) redirect(303, to(said));
  const back = (status: number, faults: Record<string, string>, more: { said?: Fields; from?: Sent } = {}) =>
    fail(status, { said, from, faults, ...more });
  if ('faults' in done)
    return back(
      400,
      mapped(done.faults, (_, refusal) => fieldRefusals[refusal]()),
    );
  if ('conflicts' in done) {
    const name = (await drafts.find(main, params.id))?.changedName ?? m.draft_somebody();
    const told = done.conflicts.map(({ field, theirs }) => [
      field,
      m.draft_conflict({ name, theirs: words(field, theirs) || m.draft_nothing() }),
    ]);
    for (const { field, inNb, now } of done.unseen) {
      const said = { name, words: now || m.draft_nothing() };
      told.push([field, inNb ? m.draft_unseen_nb(said) : m.draft_unseen(said)]);
    }
    const again = { version: done.version, base: done.theirs, again: false };
    return back(409, Object.fromEntries(told), { said: done.merged, from: again });
  }
  if (done.refusal === 'closed') return back(409, {});
  const name = found.changedName ?? m.draft_somebody();
  const first = Object.keys(said)[0] ?? 'form';
  const told = part.comesBack ? m.draft_gone_again({ name }) : m.draft_gone({ name });
  return back(409, { [first]: told }, { from: { ...from, base: {}, again: true } });
}

const mapped = <V>(of: Record<string, V>, words: (field: string, value: V) => string) =>
  Object.fromEntries(Object.entries(of).map(([field, value]) => [field, words(field, value)]));

/** Adds to a list of a draft, takes from it or moves in it, and leads on; or says why not, at the field. */
export async function edited(
  { params, locals }: RequestEvent<{ id: string }>,
  permit: Permit<'questionnaire.change'>,
  how: (draft: Draft) => Listed,
  to: string,
  field: string,
  said: Fields = {},
) {
  if (!(await drafts.find(db().main, params.id))) error(404);
  const done = await drafts.edit(db().main, params.id, how, locals.now, permit);
  if (done.ok) redirect(303, to);
  const faults: Record<string, string> = { [field]: listRefusals[done.refusal]() };
  return fail(done.refusal === 'closed' ? 409 : 400, { said, faults });
}
