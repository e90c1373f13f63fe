import { fail, redirect } from '@sveltejs/kit';
import { addTheme, line, moveStatement, moveTheme, shown, slots } from '#domain/draft.ts';
import { hintsAt, progress, wordsOf } from '#domain/draft-review.ts';
import { statements } from '#domain/questionnaire.ts';
import { db } from '#server/db.ts';
import * as drafts from '#server/drafts.ts';
import { listRefusals } from '#ui/draft-words.ts';
import type { Actions, PageServerLoad } from './$types';
import { draftFor, edited } from '../draft.ts';

export const load: PageServerLoad = async ({ locals, params, request }) => {
  locals.gate.ask('questionnaire.change');
  const { found, head } = await draftFor(params.id, locals.locale, request.method);
  const { draft, base } = found;
  const { content } = draft;
  const at = new Map(slots(content).map((slot) => [slot.place, slot]));
  const before = wordsOf(base?.content ?? null);
  return {
    head,
    changed: { at: found.changedAt, name: found.changedName },
    after: base?.version ?? null,
    counts: {
      statements: statements(content).length,
      scales: content.scales.length,
      factors: content.factors.length,
      comments: content.comments?.length ?? 0,
      background: content.background?.length ?? 0,
    },
    minutes: content.minutes,
    progress: content.languages.map((language) => ({ language, ...progress(draft, before, language) })),
    themes: content.themes.map((theme) => ({
      id: theme.id,
      title: shown(theme.title, locals.locale),
      statements: theme.statements.map((one) => {
        const told = hintsAt(content, at.get(`statement.${one.id}`)!);
        return {
          id: one.id,
          text: shown(one.text, locals.locale),
          hints: told.hints.length,
          missing: told.missing,
        };
      }),
    })),
  };
};

export const actions: Actions = {
  theme: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const title = String((await event.request.formData()).get('title') ?? '');
    const id = drafts.newId();
    const to = `/questionnaires/drafts/${event.params.id}/themes/${id}`;
    return edited(event, permit, (draft) => addTheme(draft, id, title), to, 'title', { title: line(title) });
  },
  move: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const form = await event.request.formData();
    const [what = '', id = '', way] = String(form.get('move') ?? '').split(' ');
    const by = way === 'up' ? -1 : 1;
    const how = what === 'theme' ? moveTheme : moveStatement;
    const to = `/questionnaires/drafts/${event.params.id}#${what}-${id}`;
    return edited(event, permit, (draft) => how(draft, id, by), to, 'themes');
  },
  discard: async ({ locals, params }) => {
    const permit = locals.gate.ask('questionnaire.change');
    const done = await drafts.discard(db().main, params.id, locals.now, permit);
    if (done.ok) redirect(303, '/questionnaires');
    return fail(409, { said: {}, faults: { discard: listRefusals[done.refusal]() } });
  },
};
