import { fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import * as Plan from '#domain/plan.ts';
import { m } from '#messages';
import * as agreements from '#server/agreements.ts';
import { db } from '#server/db.ts';
import * as plans from '#server/plans.ts';
import { openToChange } from '../../open.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { gate, now }, params }) => {
  const { plan } = await openToChange(gate, params);
  const said = await plans.said(db().main, plan, now);
  return {
    plan,
    counts: {
      goals: said.goals.length,
      sub_goals: said.goals.flatMap(({ subGoals }) => subGoals).length,
      measures: Plan.measuresOf(said).length,
    },
    today: Day.at(now),
  };
};

const faultOf: Record<Plan.AgreeRefusal, () => Record<string, string>> = {
  day: () => ({ agreedOn: m.plan_fault_day() }),
  future: () => ({ agreedOn: m.plan_fault_future() }),
  forum: () => ({ forum: m.plan_fault_forum() }),
  'forum-long': () => ({ own: m.plan_fault_forum_long({ most: Plan.most.forum }) }),
  nothing: () => ({ agree: m.plan_fault_nothing() }),
};

export const actions: Actions = {
  default: async ({ locals: { gate, now }, params, request }) => {
    const { plan, permit } = await openToChange(gate, params);
    const form = await request.formData();
    const said = {
      agreedOn: String(form.get('agreedOn') ?? '').trim(),
      forum: String(form.get('forum') ?? ''),
      own: String(form.get('own') ?? ''),
    };
    const wanted = {
      agreedOn: Day.parse(said.agreedOn),
      forum: Plan.isForum(said.forum) ? said.forum : said.forum === 'own' ? said.own : '',
    };
    const agreed = await agreements.agree(db().main, plan.id, wanted, now, permit);
    if (agreed.ok) redirect(303, `/plans/${plan.id}`);
    const faults: Record<string, string> = Object.assign({}, ...agreed.refusals.map((one) => faultOf[one]()));
    return fail(400, { said, faults });
  },
};
