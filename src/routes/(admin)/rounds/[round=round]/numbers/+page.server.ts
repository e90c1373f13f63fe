import { error, fail, redirect } from '@sveltejs/kit';
import { m } from '#messages';
import * as crowds from '#server/crowds.ts';
import { db } from '#server/db.ts';
import { invited } from '#server/invited.ts';
import * as rounds from '#server/rounds.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('round.plan');
  const { main } = db();
  const found = (await rounds.find(main, params.round)) ?? error(404);
  if (!(await crowds.asksCrowd(main, found))) error(404);
  if (found.state !== 'planned') redirect(303, `/rounds/${found.id}`);
  const units = await crowds.list(main, found);
  const nodes = (await invited(main, found)).tree.nodes.filter(({ group }) => group);
  return {
    round: { id: found.id, name: found.name },
    units: units.map(({ code, name, depth, count }) => ({ code, name, depth, count: String(count || '') })),
    groups: nodes.length,
    invited: nodes.reduce((sum, node) => sum + node.invited, 0),
  };
};

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.plan');
    const { main } = db();
    const found = (await rounds.find(main, params.round)) ?? error(404);
    if (!(await crowds.asksCrowd(main, found))) error(404);
    const form = await request.formData();
    const said: Record<string, string> = {};
    const faults: Record<string, string> = {};
    for (const { code } of await crowds.list(main, found)) {
      said[code] = String(form.get(code) ?? '').trim();
      const isNumber = /^\d{0,4}$/.test(said[code]) && Number(said[code]) <= crowds.most;
      if (!isNumber) faults[`unit-${code}`] = m.code_fault_number({ most: crowds.most });
    }
    if (Object.keys(faults).length > 0) return fail(400, { said, faults });
    const counts = new Map(Object.entries(said).map(([code, words]) => [code, Number(words)]));
    const done = await crowds.count(main, found, counts, locals.now, permit);
    if (!done.ok) {
      const sentence =
        done.refusal === 'wrong-state'
          ? m.round_refused_wrong_state()
          : m.code_fault_number({ most: crowds.most });
      return fail(400, { said, faults: { units: sentence } as Record<string, string> });
    }
    redirect(303, `/rounds/${found.id}/numbers`);
  },
};
