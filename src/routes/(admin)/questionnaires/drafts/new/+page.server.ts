import { error, fail, redirect } from '@sveltejs/kit';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as drafts from '#server/drafts.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { fieldRefusals } from '#ui/draft-words.ts';
import { kinds } from '#ui/questionnaire-words.ts';
import type { Actions, PageServerLoad } from './$types';

const isKind = (text: string): text is QuestionnaireKind => Object.hasOwn(kinds, text);

export const load: PageServerLoad = async ({ locals }) => {
  locals.gate.ask('questionnaire.change');
  const { main } = db();
  const [newest, open] = await Promise.all([questionnaires.listLatest(main), drafts.listOpen(main)]);
  return {
    questionnaires: newest.map(({ id, key, version, content }) => ({
      ...{ id, version, title: content.title },
      draft: open.find((one) => one.key === key)?.id ?? null,
    })),
  };
};

export const actions: Actions = {
  from: async ({ locals, request }) => {
    const permit = locals.gate.ask('questionnaire.change');
    const id = String((await request.formData()).get('id') ?? '');
    const begun = await drafts.begin(db().main, id, locals.now, permit);
    if (!begun.ok) error(404);
    redirect(303, `/questionnaires/drafts/${begun.id}`);
  },
  empty: async ({ locals, request }) => {
    const permit = locals.gate.ask('questionnaire.change');
    const form = await request.formData();
    const said = { title: String(form.get('title') ?? ''), kind: String(form.get('kind') ?? '') };
    const faults: Record<string, string> = {};
    if (!isKind(said.kind)) {
      if (said.title.trim() === '') faults.title = fieldRefusals['no-text']();
      faults.kind = m.draft_refused_kind();
      return fail(400, { said, faults });
    }
    const begun = await drafts.beginEmpty(db().main, said.title, said.kind, locals.now, permit);
    if (begun.ok) redirect(303, `/questionnaires/drafts/${begun.id}`);
    faults.title = fieldRefusals[begun.refusal]();
    return fail(400, { said, faults });
  },
};
