import { languagePart } from '#domain/draft-language.ts';
import { slots, wordsAt } from '#domain/draft.ts';
import { progress, standing, wordsOf } from '#domain/draft-review.ts';
import { db } from '#server/db.ts';
import { namesOf } from '#server/people.ts';
import type { Actions, PageServerLoad } from './$types';
import { draftFor, saved } from '../../draft.ts';
import { placeWords } from '../../places.ts';

const wanted = (url: URL, languages: string[]) => {
  const asked = url.searchParams.get('language') ?? '';
  return languages.includes(asked) ? asked : (languages[1] ?? 'nb');
};

export const load: PageServerLoad = async ({ locals, params, request, url }) => {
  locals.gate.ask('questionnaire.change');
  const { found, head } = await draftFor(params.id, locals.locale, request.method);
  const { draft, base } = found;
  const language = wanted(url, head.languages);
  const before = wordsOf(base?.content ?? null);
  const names = await namesOf(
    db().main,
    Object.values(draft.reviews).flatMap(({ by }) => by ?? []),
  );
  return {
    head,
    language,
    saved: url.searchParams.has('saved'),
    base: languagePart(language).fields(draft)!,
    progress: progress(draft, before, language),
    after: base?.version ?? null,
    rows: slots(draft.content).map((slot) => {
      const review = draft.reviews[`${slot.place}.${language}`];
      const state = standing(draft, before, slot, language);
      return {
        place: slot.place,
        what: placeWords(draft.content, slot, locals.locale),
        nb: wordsAt(slot, 'nb'),
        standing: state === 'missing' && !(slot.key in slot.holder) ? null : state,
        read: state === 'read' && review ? { at: review.at, name: names.get(review.by ?? '') ?? null } : null,
      };
    }),
  };
};

export const actions: Actions = {
  default: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const { found } = await draftFor(event.params.id, event.locals.locale, 'POST');
    const language = wanted(event.url, found.draft.content.languages);
    const to = `/questionnaires/drafts/${event.params.id}/languages?language=${language}&saved`;
    return saved(event, permit, languagePart(language), () => to);
  },
};
