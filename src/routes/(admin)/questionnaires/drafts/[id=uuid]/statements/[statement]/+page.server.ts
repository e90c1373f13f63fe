import { error } from '@sveltejs/kit';
import { removeStatement, shown, slots, statementBy } from '#domain/draft.ts';
import { statementPart } from '#domain/draft-part.ts';
import { hintsAt, stale, wordsOf } from '#domain/draft-review.ts';
import { changes, statements } from '#domain/questionnaire.ts';
import { m } from '#messages';
import type { Actions, PageServerLoad } from './$types';
import { draftFor, edited, saved } from '../../../draft.ts';

export const load: PageServerLoad = async ({ locals, params, request, url }) => {
  locals.gate.ask('questionnaire.change');
  const { found, head } = await draftFor(params.id, locals.locale, request.method);
  const { content } = found.draft;
  const id = params.statement;
  const one = statementBy(content, id);
  // Whoever has just sent something is never met by nothing.
  if (!one && request.method === 'GET') error(404);
  const slot = slots(content).find(({ place }) => place === `statement.${id}`);
  const before = found.base && statementBy(found.base.content, id);
  const reworded = found.base && changes(found.base.content, content).reworded.some((now) => now.id === id);
  return {
    head,
    id,
    isLeader: content.kind === 'leader',
    saved: url.searchParams.has('saved'),
    base: statementPart(id).fields(found.draft) ?? {},
    told: slot ? hintsAt(content, slot) : { hints: [], missing: [] },
    stale: slot ? stale(content, wordsOf(found.base?.content ?? null), slot) : [],
    before: before && { version: found.base!.version, text: before.text, reworded },
    themes: content.themes.map((theme) => ({ value: theme.id, text: shown(theme.title, locals.locale) })),
    scales: content.scales.map((scale) => ({
      value: scale.id,
      ...(scale.choose && { hint: scale.choose === 'one' ? m.choice_kind_one() : m.choice_kind_several() }),
      text: scale.points.map((point) => shown(point.text, locals.locale) || String(point.value)).join(' · '),
      dontKnow: shown(scale.dontKnow, locals.locale),
      notRelevant: shown(scale.notRelevant, locals.locale),
    })),
    factors: content.factors.map((factor) => ({
      value: factor.id,
      text: shown(factor.title, locals.locale),
    })),
    count: statements(content).length,
  };
};

export const actions: Actions = {
  save: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const { id, statement } = event.params;
    const to = `/questionnaires/drafts/${id}/statements/${statement}?saved`;
    return saved(event, permit, statementPart(statement), () => to);
  },
  remove: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const { id, statement } = event.params;
    const to = `/questionnaires/drafts/${id}`;
    return edited(event, permit, (draft) => removeStatement(draft, statement), to, 'remove');
  },
};
