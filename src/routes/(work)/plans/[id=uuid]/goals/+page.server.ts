import { fail, redirect } from '@sveltejs/kit';
import { most } from '#domain/plan.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as goals from '#server/goals.ts';
import { suggestions } from '#ui/plan-words.ts';
import { idIn, openToChange } from '../open.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { gate }, params }) => {
  const { plan } = await openToChange(gate, params);
  const list = await goals.list(db().main, plan.id);
  const offered = list.length === 0 ? (suggestions[plan.kind] ?? []) : [];
  return {
    plan,
    goals: list,
    suggestions: offered.map(({ text, subGoals }) => ({
      text: text(),
      subGoals: subGoals.map((sub) => sub()),
    })),
  };
};

const textFaults = {
  empty: m.plan_fault_text,
  long: () => m.plan_fault_text_long({ most: most.text }),
};

/** A refusal at its field. said: what was typed, by field. */
const refuse = (
  id: string,
  sentence: string,
  said: Record<string, string> = {},
  now: goals.Edit | null = null,
) => fail(400, { faults: { [id]: sentence } as Record<string, string>, said, now });

/** Back to the list, at the goal in question, so that loading it again repeats nothing. */
function done(planId: string, goalId?: string): never {
  redirect(303, `/plans/${planId}/goals${goalId ? `#goal-${goalId}` : ''}`);
}

const named = async (id: string) => (await goals.textOf(db().main, id)) ?? '';

/** What a goal was to read, when it is gone. */
const lost = (text: string) =>
  refuse('add', `${m.plan_fault_goal_gone()} ${m.plan_fault_typed({ text })}`, { add: text });

export const actions: Actions = {
  suggest: async ({ locals: { gate }, params, request }) => {
    const { plan, permit } = await openToChange(gate, params);
    const chosen = new Set((await request.formData()).getAll('chosen').map(String));
    const wanted = (suggestions[plan.kind] ?? [])
      .map(({ text, subGoals }, i) => ({
        text: text(),
        subGoals: subGoals.filter((_, j) => chosen.has(`${i}-${j}`)).map((sub) => sub()),
      }))
      .filter(({ subGoals }) => subGoals.length > 0);
    if (wanted.length === 0) return refuse('suggest', m.plan_fault_suggest());
    await goals.addSuggested(db().main, plan.id, wanted, permit);
    done(plan.id);
  },

  add: async ({ locals: { gate }, params, request }) => {
    const { plan, permit } = await openToChange(gate, params);
    const form = await request.formData();
    const parentId = form.get('under') ? idIn(form, 'under') : null;
    const text = String(form.get('text') ?? '');
    const added = await goals.add(db().main, plan.id, { text, parentId }, permit);
    if (added.ok) done(plan.id, parentId ?? added.id);
    const id = parentId ? `add-${parentId}` : 'add';
    switch (added.refusal) {
      case 'empty':
      case 'long':
        return refuse(id, textFaults[added.refusal](), { [id]: text });
      case 'gone':
      case 'other-plan':
      case 'deep':
        return lost(text);
    }
  },

  edit: async ({ locals: { gate }, params, request }) => {
    const { plan, permit } = await openToChange(gate, params);
    const form = await request.formData();
    const goalId = idIn(form, 'id');
    const wrote: goals.Edit = {
      text: String(form.get('text') ?? ''),
      base: String(form.get('base') ?? ''),
      version: Number(form.get('version')),
    };
    const edited = await goals.edit(db().main, plan.id, goalId, wrote, permit);
    if (edited.ok) done(plan.id, goalId);
    const id = `text-${goalId}`;
    const said = { [id]: wrote.text };
    switch (edited.refusal) {
      case 'empty':
      case 'long':
        return refuse(id, textFaults[edited.refusal](), said, wrote);
      case 'gone':
        return lost(wrote.text);
      case 'conflict': {
        const { theirs, version } = edited;
        return refuse(id, m.plan_fault_conflict({ theirs }), said, { ...wrote, base: theirs, version });
      }
    }
  },

  shift: async ({ locals: { gate }, params, request }) => {
    const { plan, permit } = await openToChange(gate, params);
    const form = await request.formData();
    const id = idIn(form, 'id');
    const shifted = await goals.shift(
      db().main,
      plan.id,
      id,
      form.get('way') === 'up' ? 'up' : 'down',
      permit,
    );
    if (!shifted.ok) return refuse('goals', m.plan_fault_goal_gone());
    done(plan.id, id);
  },

  move: async ({ locals: { gate }, params, request }) => {
    const { plan, permit } = await openToChange(gate, params);
    const form = await request.formData();
    const id = idIn(form, 'id');
    const moved = await goals.move(db().main, plan.id, id, idIn(form, 'under'), permit);
    if (!moved.ok) return refuse(`under-${id}`, m.plan_fault_move());
    done(plan.id, id);
  },

  remove: async ({ locals: { gate }, params, request }) => {
    const { plan, permit } = await openToChange(gate, params);
    const id = idIn(await request.formData(), 'id');
    const removed = await goals.remove(db().main, plan.id, id, permit);
    if (removed.ok || removed.refusal === 'gone') done(plan.id);
    const words = {
      'holds-measures': m.plan_fault_holds_measures,
      'holds-sub-goals': m.plan_fault_holds_sub_goals,
    }[removed.refusal];
    return refuse(`remove-${id}`, words({ goal: await named(id) }));
  },
};
