import { fail, redirect } from '@sveltejs/kit';
import type { Note, Refusal } from '#domain/limesurvey-file.ts';
import { questionnaireFrom } from '#domain/limesurvey.ts';
import { parse, type QuestionnaireFault } from '#domain/questionnaire-faults.ts';
import { type QuestionnaireKind } from '#domain/questionnaire.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as limesurvey from '#server/limesurvey.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { kinds, refusalWords } from '#ui/questionnaire-words.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  locals.gate.ask('questionnaire.change');
};

type Unread = Exclude<limesurvey.FileRefusal['refusal'], 'broken'> | Refusal;
const refusals: Record<'none' | Unread, () => string> = {
  none: m.limesurvey_refused_none,
  size: m.limesurvey_refused_size,
  encoding: m.limesurvey_refused_encoding,
  doctype: m.limesurvey_refused_doctype,
  deep: m.limesurvey_refused_deep,
  many: m.limesurvey_refused_many,
  'other-file': m.limesurvey_refused_other_file,
  part: m.limesurvey_refused_part,
  'no-nb': m.limesurvey_refused_no_nb,
  nothing: m.limesurvey_refused_nothing,
};

const isKind = (text: string): text is QuestionnaireKind => Object.hasOwn(kinds, text);

/** What the page shows of a questionnaire under way: its text, and what parse says of it. */
function preview(json: string) {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = null;
  }
  const parsed = parse(value);
  return parsed.ok
    ? { json, questionnaire: parsed.questionnaire, wrong: [] as QuestionnaireFault[] }
    : { json, questionnaire: null, wrong: parsed.faults };
}

export const actions: Actions = {
  look: async ({ locals, request }) => {
    locals.gate.ask('questionnaire.change');
    const form = await request.formData();
    const [file, kind] = [form.get('file'), String(form.get('kind') ?? '')];
    const refuse = (faults: Record<string, string>, notes: Note[] = []) =>
      fail(400, { kind, faults, notes, preview: null });
    const none = !(file instanceof File) || file.size === 0;
    if (none || !isKind(kind))
      return refuse({
        ...(none && { file: refusals.none() }),
        ...(!isKind(kind) && { kind: m.limesurvey_refused_kind() }),
      });
    if (file.size > limesurvey.LARGEST_FILE) return refuse({ file: refusals.size() });
    const read = limesurvey.read(new Uint8Array(await file.arrayBuffer()));
    if (!read.ok)
      return refuse({
        file:
          read.refusal === 'broken'
            ? m.limesurvey_refused_broken({ line: read.line })
            : refusals[read.refusal](),
      });
    const made = questionnaireFrom(read.file, kind);
    if (!made.ok) return refuse({ file: refusals[made.refusal]() }, made.notes);
    const json = JSON.stringify(made.questionnaire, null, 2);
    return { kind, faults: {} as Record<string, string>, notes: made.notes, preview: preview(json) };
  },
  add: async ({ locals, request }) => {
    const permit = locals.gate.ask('questionnaire.change');
    const form = await request.formData();
    // A form field has other line ends than it was given with; JSON does not mind.
    const json = String(form.get('json') ?? '');
    const read = questionnaires.read(new TextEncoder().encode(json));
    const added = read.ok
      ? await questionnaires.add(db().main, read.questionnaire, locals.now, permit)
      : read;
    if (added.ok) redirect(303, `/questionnaires/${added.id}?added`);
    const faults: Record<string, string> = { json: refusalWords[added.refusal]() };
    return fail(400, { kind: '', faults, notes: null, preview: preview(json) });
  },
};
