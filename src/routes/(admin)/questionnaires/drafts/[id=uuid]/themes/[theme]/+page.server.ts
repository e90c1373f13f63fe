import { error } from '@sveltejs/kit';
import { line, most, removeTheme, shown } from '#domain/draft.ts';
import { themePart } from '#domain/draft-part.ts';
import * as drafts from '#server/drafts.ts';
import type { Actions, PageServerLoad } from './$types';
import { draftFor, edited, saved } from '../../../draft.ts';

export const load: PageServerLoad = async ({ locals, params, request, url }) => {
  locals.gate.ask('questionnaire.change');
  const { found, head } = await draftFor(params.id, locals.locale, request.method);
  const theme = found.draft.content.themes.find(({ id }) => id === params.theme);
  // Whoever has just sent something is never met by nothing.
  if (!theme && request.method === 'GET') error(404);
  return {
    head,
    saved: url.searchParams.has('saved'),
    id: params.theme,
    title: shown(theme?.title, locals.locale),
    base: themePart(params.theme, '').fields(found.draft) ?? {},
    statements: (theme?.statements ?? []).map(({ id, text }) => ({ id, text: shown(text, locals.locale) })),
    isFull: (theme?.statements.length ?? 0) >= most.statements,
  };
};

export const actions: Actions = {
  save: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const { id, theme } = event.params;
    const added = drafts.newId();
    const here = `/questionnaires/drafts/${id}`;
    return saved(event, permit, themePart(theme, added), (said) =>
      line(said.new ?? '') ? `${here}/statements/${added}` : `${here}/themes/${theme}?saved`,
    );
  },
  remove: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const { id, theme } = event.params;
    return edited(
      event,
      permit,
      (draft) => removeTheme(draft, theme),
      `/questionnaires/drafts/${id}`,
      'remove',
    );
  },
};
