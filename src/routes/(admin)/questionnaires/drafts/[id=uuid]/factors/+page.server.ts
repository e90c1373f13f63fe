import { most, shown } from '#domain/draft.ts';
import { factorsPart } from '#domain/draft-part.ts';
import * as drafts from '#server/drafts.ts';
import { m } from '#messages';
import type { Actions, PageServerLoad } from './$types';
import { draftFor, saved } from '../../draft.ts';

export const load: PageServerLoad = async ({ locals, params, request, url }) => {
  locals.gate.ask('questionnaire.change');
  const { found, head } = await draftFor(params.id, locals.locale, request.method);
  const { content } = found.draft;
  return {
    head,
    saved: url.searchParams.has('saved'),
    base: factorsPart('').fields(found.draft)!,
    factors: content.factors.map(({ id, title }) => ({ value: id, text: shown(title, locals.locale) })),
    themes: content.themes.map((theme) => ({
      id: theme.id,
      title: shown(theme.title, locals.locale),
      statements: theme.statements.map(({ id, text }) => ({ id, text: shown(text, locals.locale) })),
    })),
    isFull: content.factors.length >= most.factors,
  };
};

export const actions: Actions = {
  default: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const { found } = await draftFor(event.params.id, event.locals.locale, 'POST');
    const to = `/questionnaires/drafts/${event.params.id}/factors?saved`;
    const name = (field: string, value: string) => {
      if (!field.startsWith('of.')) return value;
      const factor = found.draft.content.factors.find(({ id }) => id === value);
      return factor ? shown(factor.title, event.locals.locale) : m.questionnaire_factor_none();
    };
    return saved(event, permit, factorsPart(drafts.newId()), () => to, name);
  },
};
