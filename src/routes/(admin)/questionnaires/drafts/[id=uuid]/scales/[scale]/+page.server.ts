import { error } from '@sveltejs/kit';
import { scaleBy, shown } from '#domain/draft.ts';
import { answerMove, scalePart } from '#domain/draft-part.ts';
import { scaleDiffers, statements } from '#domain/questionnaire.ts';
import type { Actions, PageServerLoad } from './$types';
import { draftFor, saved } from '../../../draft.ts';

export const load: PageServerLoad = async ({ locals, params, request, url }) => {
  locals.gate.ask('questionnaire.change');
  const { found, head } = await draftFor(params.id, locals.locale, request.method);
  const { content } = found.draft;
  const scale = scaleBy(content, params.scale);
  // Whoever has just sent something is never met by nothing.
  if (!scale && request.method === 'GET') error(404);
  const before = found.base && scaleBy(found.base.content, params.scale);
  return {
    head,
    id: params.scale,
    saved: url.searchParams.has('saved'),
    base: scalePart(params.scale).fields(found.draft) ?? {},
    choose: scale?.choose ?? null,
    points: (scale?.points ?? []).map(({ value, text }, i, all) => ({
      value,
      words: shown(text, locals.locale),
      up: i > 0 && answerMove(value, text.nb ?? '', -1),
      down: i < all.length - 1 && answerMove(value, text.nb ?? '', 1),
    })),
    used: statements(content).filter((one) => one.scale === params.scale).length,
    broken: scale && before && scaleDiffers(before, scale) ? found.base!.version : null,
  };
};

export const actions: Actions = {
  default: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const { id, scale } = event.params;
    const to = `/questionnaires/drafts/${id}/scales/${scale}?saved`;
    const place = (move = '') => (move ? `#answer-${move.split(' ')[1]}` : '');
    return saved(event, permit, scalePart(scale), ({ move }) => to + place(move));
  },
};
