import { most, shown } from '#domain/draft.ts';
import { commentsPart } from '#domain/draft-part.ts';
import * as drafts from '#server/drafts.ts';
import type { Actions, PageServerLoad } from './$types';
import { draftFor, saved } from '../../draft.ts';

export const load: PageServerLoad = async ({ locals, params, request, url }) => {
  locals.gate.ask('questionnaire.change');
  const { found, head } = await draftFor(params.id, locals.locale, request.method);
  const { comments = [] } = found.draft.content;
  return {
    head,
    saved: url.searchParams.has('saved'),
    base: commentsPart('').fields(found.draft)!,
    questions: comments.map(({ id, text }) => ({ id, text: shown(text, locals.locale) })),
    isFull: comments.length >= most.questions,
  };
};

export const actions: Actions = {
  default: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    await draftFor(event.params.id, event.locals.locale, 'POST');
    const to = `/questionnaires/drafts/${event.params.id}/comments?saved`;
    return saved(event, permit, commentsPart(drafts.newId()), () => to);
  },
};
