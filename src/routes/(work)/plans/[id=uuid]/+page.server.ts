import { fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import * as Plan from '#domain/plan.ts';
import { mostSigns } from '#domain/remark.ts';
import { m } from '#messages';
import * as agreements from '#server/agreements.ts';
import { db } from '#server/db.ts';
import * as placings from '#server/placings.ts';
import * as plans from '#server/plans.ts';
import * as remarks from '#server/remarks.ts';
import type { Actions, PageServerLoad } from './$types';
import { open } from './open.ts';

export const load: PageServerLoad = async ({ locals: { gate, now }, params, url }) => {
  const { plan, path } = await open(gate, params);
  const { main } = db();
  const mayChange = gate.may('plan.change', { path });
  const said = await plans.said(main, plan, now);
  const agreed = await agreements.list(main, plan.id);
  const [last] = agreed;
  return {
    plan,
    said,
    today: Day.at(now),
    last: last && { id: last.id, agreedOn: last.agreedOn, forum: last.forum },
    changes: last && Plan.changes(last.content, said),
    agreements: agreed.map(({ id, agreedOn, forum }) => ({ id, agreedOn, forum })),
    remarks: await remarks.list(main, { planId: plan.id }),
    ready: mayChange ? (await placings.ready(main, plan, now)).count : 0,
    mayChange,
    mayRemark: gate.may('plan.remark', { path }),
    done: url.searchParams.get('done') === 'remark' ? m.plan_remark_done() : undefined,
  };
};

export const actions: Actions = {
  remark: async ({ locals: { gate, now }, params, request }) => {
    const { plan, path } = await open(gate, params);
    const permit = gate.ask('plan.remark', { path });
    const text = String((await request.formData()).get('remark') ?? '');
    const said = await remarks.say(db().main, { planId: plan.id }, { path, text }, gate.actor!, now, permit);
    if (said.ok) redirect(303, `/plans/${plan.id}?done=remark#remarks`);
    const faults: Record<string, string> = {
      remark: {
        empty: m.plan_fault_remark,
        long: () => m.plan_fault_remark_long({ most: mostSigns }),
        'no-representative': m.plan_fault_remark,
      }[said.refusal](),
    };
    return fail(400, { text, faults });
  },
};
