import { fail, redirect } from '@sveltejs/kit';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as goals from '#server/goals.ts';
import * as placings from '#server/placings.ts';
import * as plans from '#server/plans.ts';
import { asId, idIn, openToChange } from '../open.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { gate, now }, params, url }) => {
  const { plan } = await openToChange(gate, params);
  const { main } = db();
  const done = url.searchParams.get('done');
  const count = Number(url.searchParams.get('count')) || 0;
  const said: Record<string, () => string> = {
    placed: () => m.plan_placed({ count }),
    moved: m.plan_moved,
    out: m.plan_taken_out,
  };
  const list = await goals.list(main, plan.id);
  return {
    plan,
    subGoals: list.flatMap(({ subGoals }, i) =>
      subGoals.map(({ id, text }, j) => ({ value: id, text: `${i + 1}.${j + 1} ${text}` })),
    ),
    ready: await placings.ready(main, plan, now),
    said: await plans.said(main, plan, now),
    done: done !== null && Object.hasOwn(said, done) ? said[done]?.() : undefined,
  };
};

/** A refusal at its field. group: the point's id, or "others". */
const refuse = (id: string, sentence: string, group = '', chosen: string[] = [], goalId = '') =>
  fail(400, { faults: { [id]: sentence } as Record<string, string>, group, chosen, goalId });

export const actions: Actions = {
  place: async ({ locals: { gate, now }, params, request }) => {
    const { plan, permit } = await openToChange(gate, params);
    const form = await request.formData();
    const group = String(form.get('group') ?? '');
    const chosen = form.getAll('measure').map(asId);
    const measureIds = form.get('which') === 'all' ? form.getAll('all').map(asId) : chosen;
    const goalId = String(form.get('goal') ?? '');
    const asked = { goalId: asId(goalId), measureIds };
    const placed = await placings.place(db().main, plan.id, asked, now, permit);
    if (placed.ok) redirect(303, `/plans/${plan.id}/measures?done=placed&count=${placed.placed}`);
    switch (placed.refusal) {
      case 'none':
        return refuse(`measures-${group}`, m.plan_fault_choose_measure(), group, chosen, goalId);
      case 'out-of-reach':
        return refuse(`measures-${group}`, m.plan_fault_reach(), group, chosen, goalId);
      case 'gone':
      case 'other-plan':
      case 'not-a-sub-goal':
        return refuse(`goal-${group}`, m.plan_fault_choose_goal(), group, chosen);
    }
  },

  move: async ({ locals: { gate, now }, params, request }) => {
    const { plan, permit } = await openToChange(gate, params);
    const form = await request.formData();
    const asked = { measureId: idIn(form, 'measure'), from: idIn(form, 'from'), to: idIn(form, 'goal') };
    const moved = await placings.move(db().main, plan.id, asked, now, permit);
    if (moved.ok) redirect(303, `/plans/${plan.id}/measures?done=moved#here`);
    if (moved.refusal === 'lifted') return refuse('here', m.plan_fault_placing_gone());
    return refuse(`to-${asked.from}-${asked.measureId}`, m.plan_fault_choose_goal());
  },

  out: async ({ locals: { gate, now }, params, request }) => {
    const { plan, permit } = await openToChange(gate, params);
    const form = await request.formData();
    const asked = { measureId: idIn(form, 'measure'), from: idIn(form, 'from') };
    const taken = await placings.takeOut(db().main, plan.id, asked, now, permit);
    if (taken.ok) redirect(303, `/plans/${plan.id}/measures?done=out#here`);
    return refuse('here', m.plan_fault_placing_gone());
  },
};
