import { addReadyScale, addScale, type Draft, removeScale, scaleFaults, shown } from '#domain/draft.ts';
import { MOST_POINTS, mostPoints, statements } from '#domain/questionnaire.ts';
import { readyFor } from '#domain/ready-scale.ts';
import { m } from '#messages';
import { fail } from '@sveltejs/kit';
import * as drafts from '#server/drafts.ts';
import type { Actions, PageServerLoad } from './$types';
import { draftFor, edited } from '../../draft.ts';

export const load: PageServerLoad = async ({ locals, params, request }) => {
  locals.gate.ask('questionnaire.change');
  const { found, head } = await draftFor(params.id, locals.locale, request.method);
  const { content } = found.draft;
  const words = (scale: (typeof content.scales)[number]) => ({
    id: scale.id,
    choose: scale.choose ?? null,
    points: scale.points.map(({ value, text }) => ({ value, words: shown(text, locals.locale) })),
    others: [shown(scale.dontKnow, locals.locale), shown(scale.notRelevant, locals.locale)].filter(Boolean),
  });
  return {
    head,
    scales: content.scales.map((scale) => ({
      ...words(scale),
      used: statements(content).filter((one) => one.scale === scale.id).length,
    })),
    ready: readyFor(content).map(words),
    most: mostPoints(content),
    isResident: content.kind === 'resident',
  };
};

const number = (typed: string) => (/^\d{1,2}$/.test(typed) ? Number(typed) : NaN);

export const actions: Actions = {
  ready: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const ready = String((await event.request.formData()).get('ready') ?? '');
    const { found } = await draftFor(event.params.id, event.locals.locale, 'POST');
    if (!readyFor(found.draft.content).some(({ id }) => id === ready)) {
      const faults: Record<string, string> = { ready: m.draft_refused_ready() };
      return fail(400, { said: {} as Record<string, string>, faults });
    }
    const to = `/questionnaires/drafts/${event.params.id}/scales`;
    return edited(event, permit, (draft) => addReadyScale(draft, ready, drafts.newId()), to, 'ready');
  },
  own: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const form = await event.request.formData();
    const said = {
      points: String(form.get('points') ?? '').trim(),
      lowest: String(form.get('lowest') ?? '').trim(),
    };
    const [points, lowest] = [number(said.points), number(said.lowest)];
    const { found } = await draftFor(event.params.id, event.locals.locale, 'POST');
    const most = mostPoints(found.draft.content);
    const wrong = scaleFaults(points, lowest, most);
    const faults: Record<string, string> = {};
    if (wrong.includes('points')) faults.points = m.draft_refused_points({ most });
    if (wrong.includes('lowest')) faults.lowest = m.draft_refused_lowest();
    if (Object.keys(faults).length > 0) return fail(400, { said, faults });
    const id = drafts.newId();
    const to = `/questionnaires/drafts/${event.params.id}/scales/${id}`;
    const how = (draft: Draft) => addScale(draft, id, points, { lowest });
    return edited(event, permit, how, to, 'points', said);
  },
  choices: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const form = await event.request.formData();
    const said = { choose: String(form.get('choose') ?? ''), count: String(form.get('count') ?? '').trim() };
    const choose = (['one', 'several'] as const).find((one) => one === said.choose);
    const faults: Record<string, string> = {};
    if (!choose) faults.choose = m.choice_refused_choose();
    const count = number(said.count);
    if (scaleFaults(count, 0, MOST_POINTS).includes('points'))
      faults.count = m.draft_refused_points({ most: MOST_POINTS });
    if (!choose || faults.count) return fail(400, { said: said as Record<string, string>, faults });
    const id = drafts.newId();
    const to = `/questionnaires/drafts/${event.params.id}/scales/${id}`;
    const how = (draft: Draft) => addScale(draft, id, count, { choose });
    return edited(event, permit, how, to, 'count', said);
  },
  remove: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const scale = String((await event.request.formData()).get('scale') ?? '');
    const to = `/questionnaires/drafts/${event.params.id}/scales`;
    return edited(event, permit, (draft) => removeScale(draft, scale), to, 'scales');
  },
};
