import { error, fail, redirect } from '@sveltejs/kit';
import { type Questionnaire, text } from '#domain/questionnaire.ts';
import { m } from '#messages';
import { demoKey } from '#server/closing-key.ts';
import * as readers from '#server/comment-readers.ts';
import * as reading from '#server/comment-reading.ts';
import { db } from '#server/db.ts';
import { json } from '#server/frozen.ts';
import { nameOf } from '#server/node-names.ts';
import * as rounds from '#server/rounds.ts';
import type { Actions, PageServerLoad } from './$types';

/** The round, and what the gate asks about it. Not found and not a reader are the same answer. */
async function asking(id: string) {
  const found = (await rounds.find(db().main, id)) ?? error(404);
  return { found, subject: await readers.subject(db().main, found) };
}

export const load: PageServerLoad = async ({ locals, params, url, setHeaders }) => {
  const { found, subject } = await asking(params.round);
  locals.gate.ask('comment.read', subject);
  // Nothing of this page stays in a browser.
  setHeaders({ 'cache-control': 'no-store' });
  const both = await readers.list(db().main, found.id);
  const mine = both.find(({ personId }) => personId === locals.gate.actor?.personId);
  return {
    ...{ id: found.id, name: found.name, state: found.state, dryRun: found.dryRun },
    other: both.find(({ personId }) => personId !== mine?.personId)?.name ?? '',
    doneAt: mine?.doneAt ?? null,
    saved: url.searchParams.has('saved'),
    demoKey: (await demoKey(db().main, found.id)) !== null,
  };
};

type Refusal =
  | Exclude<Awaited<ReturnType<typeof reading.read>>, { ok: true }>['refusal']
  | Exclude<Awaited<ReturnType<typeof reading.mark>>, { ok: true }>['refusal'];
const sentences: Record<Refusal, () => string> = {
  'wrong-state': m.round_refused_wrong_state,
  'key-malformed': m.round_refused_key_malformed,
  'key-damaged': m.round_refused_key_damaged,
  'key-other': m.round_refused_key_other,
  malformed: m.round_refused_wrong_state,
  unread: m.round_fault_key,
};
const refuse = (sentence: string) => fail(400, { faults: { key: sentence } as Record<string, string> });

export const actions: Actions = {
  open: async ({ locals, params, request }) => {
    const { found, subject } = await asking(params.round);
    const permit = locals.gate.ask('comment.read', subject);
    const form = await request.formData();
    const file = form.get('key');
    const brought = file instanceof File ? await file.text() : '';
    const { main, box } = db();
    const key = form.has('demo') ? await demoKey(main, found.id) : brought;
    if (!key) return refuse(m.round_fault_key());
    const opened = await reading.read(main, box, found.id, key, locals.now, permit);
    if (!opened.ok) return refuse(sentences[opened.refusal]());
    const asked = await json<Questionnaire>(main, found.id, 'questionnaire.json');
    const nodes = found.tree?.nodes ?? [];
    const sheet = opened.sheet.map(({ node, question, comments }) => ({
      node: nameOf(node, nodes, locals.locale),
      question: text(asked!.comments!.find(({ id }) => id === question)!.text, locals.locale),
      comments,
    }));
    return { sheet };
  },
  mark: async ({ locals, params, request }) => {
    const { found, subject } = await asking(params.round);
    const permit = locals.gate.ask('comment.read', subject);
    const form = await request.formData();
    const said = { marks: form.getAll('mark'), done: form.has('done') };
    const kept = await reading.mark(db().main, found.id, said, locals.now, permit);
    if (!kept.ok) return refuse(sentences[kept.refusal]());
    redirect(303, said.done ? `/rounds/${found.id}#comments` : `/rounds/${found.id}/reading?saved`);
  },
};
