import { addChoices, addReadyScale, addScale, removeScale, shown } from '#domain/draft.ts';
import { statements } from '#domain/questionnaire.ts';
import { readyScales } from '#domain/ready-scale.ts';
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
    ready: readyScales.map(words),
    isResident: content.kind === 'resident',
  };
};

const numbers = { points: [2, 11], lowest: [0, 1] } as const;
const isWithin = (typed: string, [least, most]: readonly [number, number]) =>
  /^\d{1,2}$/.test(typed) && Number(typed) >= least && Number(typed) <= most;

export const actions: Actions = {
  ready: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const ready = String((await event.request.formData()).get('ready') ?? '');
    if (!readyScales.some(({ id }) => id === ready)) {
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
    const faults: Record<string, string> = {};
    if (!isWithin(said.points, numbers.points)) faults.points = m.draft_refused_points();
    if (!isWithin(said.lowest, numbers.lowest) || Number(said.points) + Number(said.lowest) > 11)
      faults.lowest = m.draft_refused_lowest();
    if (Object.keys(faults).length > 0) return fail(400, { said, faults });
    const id = drafts.newId();
    const to = `/questionnaires/drafts/${event.params.id}/scales/${id}`;
    const how = (draft: Parameters<typeof addScale>[0]) =>
      addScale(draft, id, Number(said.points), Number(said.lowest));
    return edited(event, permit, how, to, 'points', said);
  },
  choices: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const form = await event.request.formData();
    const said = { choose: String(form.get('choose') ?? ''), count: String(form.get('count') ?? '').trim() };
    const choose = (['one', 'several'] as const).find((one) => one === said.choose);
    const faults: Record<string, string> = {};
    if (!choose) faults.choose = m.choice_refused_choose();
    if (!isWithin(said.count, numbers.points)) faults.count = m.draft_refused_points();
    if (!choose || faults.count) return fail(400, { said: said as Record<string, string>, faults });
    const id = drafts.newId();
    const to = `/questionnaires/drafts/${event.params.id}/scales/${id}`;
    const how = (draft: Parameters<typeof addScale>[0]) => addChoices(draft, id, choose, Number(said.count));
    return edited(event, permit, how, to, 'count', said);
  },
  remove: async (event) => {
    const permit = event.locals.gate.ask('questionnaire.change');
    const scale = String((await event.request.formData()).get('scale') ?? '');
    const to = `/questionnaires/drafts/${event.params.id}/scales`;
    return edited(event, permit, (draft) => removeScale(draft, scale), to, 'scales');
  },
};
