import { fail, redirect } from '@sveltejs/kit';
import { brokenFactors, shown, slots } from '#domain/draft.ts';
import { hintsAt, progress, wordsOf } from '#domain/draft-review.ts';
import { parse } from '#domain/questionnaire-faults.ts';
import { aboutOthers, changes, statements } from '#domain/questionnaire.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as drafts from '#server/drafts.ts';
import { languageWord } from '#ui/draft-words.ts';
import { place, sentence } from '#ui/questionnaire-words.ts';
import type { Actions, PageServerLoad } from './$types';
import { draftFor } from '../../draft.ts';
import { pageFor } from '../../places.ts';

export const load: PageServerLoad = async ({ locals, params, request }) => {
  locals.gate.ask('questionnaire.change');
  const { found, head } = await draftFor(params.id, locals.locale, request.method);
  const { draft, base, newest } = found;
  const { content } = draft;
  const parsed = parse(content);
  const before = newest?.content ?? null;
  const since = before && changes(before, content);
  const words = (list: { id: string; text: Parameters<typeof shown>[0] }[]) =>
    list.map(({ id, text }) => ({ id, text: shown(text, locals.locale) }));
  const old = new Map((before ? statements(before) : []).map((one) => [one.id, one]));
  const used = wordsOf(base?.content ?? null);
  const at = slots(content).filter(({ place }) => place.startsWith('statement.'));
  return {
    head,
    number: (newest?.version ?? 0) + 1,
    newest: newest?.id ?? '',
    before: newest?.version ?? null,
    // A version that has come since the draft was begun, whose changes are not in it.
    isBehind: (newest?.id ?? null) !== found.basedOn,
    faults: parsed.ok
      ? []
      : parsed.faults.map((fault) => ({
          where: place(fault.path),
          what: told(fault.path, sentence(fault)),
          page: pageFor(content, fault.path),
        })),
    changes: since && {
      added: words(since.added),
      gone: words(since.gone),
      reworded: since.reworded.map(({ id, text }) => ({
        ...{ id, text: shown(text, locals.locale) },
        before: shown(old.get(id)?.text, locals.locale),
      })),
      factors: words(brokenFactors(before, content).map(({ id, title }) => ({ id, text: title }))),
    },
    hints: at.filter((slot) => hintsAt(content, slot).hints.length > 0).length,
    others: words(aboutOthers(content)),
    unread: content.languages.map((language) => ({
      language,
      draft: progress(draft, used, language).draft,
    })),
  };
};

/** A missing text in the words of the editor; all else as of a file. */
function told(path: string, words: string): string {
  if (/\.(text|title|dontKnow|notRelevant|intro)\.[a-zA-Z-]+$|^(title|intro)\.[a-zA-Z-]+$/.test(path))
    return m.draft_fault_text({ language: languageWord(path.split('.').at(-1)!) });
  if (/^themes.*statements$/.test(path)) return m.draft_fault_few();
  if (path === 'themes') return m.draft_themes_none();
  return words;
}

const refusals = {
  closed: m.draft_refused_closed,
  changed: m.draft_refused_changed,
  newer: m.draft_refused_newer,
  unchanged: m.draft_refused_unchanged,
  'other-kind': m.questionnaire_refused_other_kind,
};

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('questionnaire.change');
    await draftFor(params.id, locals.locale, 'POST');
    const form = await request.formData();
    const seen = {
      version: Number(form.get('version')) || 0,
      newest: String(form.get('newest') ?? '') || null,
    };
    const done = await drafts.finish(db().main, params.id, seen, locals.now, permit);
    if (done.ok) redirect(303, `/questionnaires/${done.id}?finished`);
    const faults: Record<string, string> = {
      finish: 'refusal' in done ? refusals[done.refusal]() : m.draft_refused_faults(),
    };
    return fail('refusal' in done && done.refusal !== 'unchanged' ? 409 : 400, { faults });
  },
};
