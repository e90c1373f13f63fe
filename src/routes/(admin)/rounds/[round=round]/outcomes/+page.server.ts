import { error, fail, redirect } from '@sveltejs/kit';
import * as Outcome from '#domain/outcome.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as help from '#server/help.ts';
import { nodeName } from '#server/node-names.ts';
import * as outcomes from '#server/outcomes.ts';
import type { Actions, PageServerLoad } from './$types';

const asking = async (id: string) => (await help.ofResidents(db().main, id)) ?? error(404);

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('round.plan');
  const found = await asking(params.round);
  if (found.outcomes || found.state !== 'closed') redirect(303, `/rounds/${found.id}`);
  const nodes = found.tree?.nodes ?? [];
  return {
    round: { id: found.id, name: found.name },
    few: found.thresholds.factor - 1,
    groups: outcomes.groups(found).map((node) => ({
      id: node.id,
      name: nodeName(node, nodes, locals.locale),
      invited: node.invited,
    })),
  };
};

const words: Record<outcomes.Refusal, () => string> = {
  number: m.resident_outcome_fault_number,
  many: m.resident_outcome_fault_many,
  over: m.resident_outcome_fault_over,
  'wrong-state': m.round_refused_wrong_state,
  written: m.resident_outcome_fault_written,
};

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.plan');
    const found = await asking(params.round);
    const form = await request.formData();
    const said: Record<string, string> = {};
    const faults: Record<string, string> = {};
    const numbers: Record<string, Outcome.Outcome> = {};
    for (const { id, invited } of outcomes.groups(found)) {
      const of: Outcome.Outcome = { brokenOff: 0, unwilling: 0, unable: 0 };
      for (const kind of Outcome.kinds) {
        const typed = (said[`${kind}-${id}`] = String(form.get(`${kind}-${id}`) ?? '').trim());
        of[kind] = /^\d{1,4}$/.test(typed) ? Number(typed) : NaN;
        if (Number.isNaN(of[kind])) faults[`${kind}-${id}`] = words.number();
      }
      numbers[id] = of;
      if (Outcome.fault(of, invited) === 'many') faults[`brokenOff-${id}`] = words.many();
    }
    if (Object.keys(faults).length > 0) return fail(400, { said, faults });
    const done = await outcomes.write(db().main, found, numbers, locals.now, permit);
    if (!done.ok) return fail(400, { said, faults: { outcomes: words[done.refusal]() } as typeof faults });
    redirect(303, `/rounds/${found.id}`);
  },
};
