import { fail, redirect } from '@sveltejs/kit';
import { MOST_FAULTS, type QuestionnaireFault } from '#domain/questionnaire-faults.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { refusalWords } from '#ui/questionnaire-words.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  locals.gate.ask('questionnaire.change');
};

const refusals: Record<'none' | questionnaires.Refusal, () => string> = {
  none: m.questionnaire_refused_none,
  ...refusalWords,
};

const refuse = (refusal: keyof typeof refusals, faults: QuestionnaireFault[] = []) =>
  fail(400, { refusal: refusals[refusal](), faults, more: faults.length === MOST_FAULTS });

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const permit = locals.gate.ask('questionnaire.change');
    const file = (await request.formData()).get('file');
    if (!(file instanceof File) || file.size === 0) return refuse('none');
    if (file.size > questionnaires.LARGEST_FILE) return refuse('size');
    const read = questionnaires.read(new Uint8Array(await file.arrayBuffer()));
    if (!read.ok) return refuse(read.refusal, read.refusal === 'faults' ? read.faults : []);
    const added = await questionnaires.add(db().main, read.questionnaire, locals.now, permit);
    if (!added.ok) return refuse(added.refusal);
    redirect(303, `/questionnaires/${added.id}?added`);
  },
};
