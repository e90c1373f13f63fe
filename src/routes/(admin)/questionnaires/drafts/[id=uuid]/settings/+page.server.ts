import { languagesOffered } from '#domain/draft.ts';
import { settingsPart } from '#domain/draft-part.ts';
import { minutesOf } from '#domain/draft-review.ts';
import { statements } from '#domain/questionnaire.ts';
import type { Actions, PageServerLoad } from './$types';
import { draftFor, saved } from '../../draft.ts';

export const load: PageServerLoad = async ({ locals, params, request, url }) => {
  locals.gate.ask('questionnaire.change');
  const { found, head } = await draftFor(params.id, locals.locale, request.method);
  const { content } = found.draft;
  const asked = statements(content);
  return {
    head,
    saved: url.searchParams.has('saved'),
    kind: content.kind,
    base: settingsPart.fields(found.draft)!,
    offered: [...new Set([...languagesOffered, ...content.languages])],
    guess: minutesOf(asked.length),
    sensitive: asked.filter((one) => one.sensitive).length,
  };
};

export const actions: Actions = {
  default: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    return saved(
      event,
      permit,
      settingsPart,
      () => `/questionnaires/drafts/${event.params.id}/settings?saved`,
    );
  },
};
