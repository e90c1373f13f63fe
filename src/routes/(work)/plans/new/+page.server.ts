import { error, fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import { isKind, years } from '#domain/plan.ts';
import { within } from '#domain/unit.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as plans from '#server/plans.ts';
import * as units from '#server/units.ts';
import { titleWords } from '#ui/plan-words.ts';
import type { Actions, PageServerLoad } from './$types';

/** The units somebody may begin plans for, or the same "not found" as a page that is not there. */
async function offered(gate: Gate, now: Date) {
  gate.ask('plan.see');
  const tree = await units.tree(db().main, Day.at(now));
  const mine = within(tree, (path) => gate.may('plan.change', { path }));
  return mine.length > 0 ? mine : error(404);
}

export const load: PageServerLoad = async ({ locals: { gate, now }, url }) => {
  const choices = await offered(gate, now);
  return {
    units: choices.map(({ code, name, depth }) => ({ value: code, text: name, depth })),
    first: {
      kind: url.searchParams.get('kind') ?? '',
      unit: url.searchParams.get('unit') ?? (choices.length === 1 ? choices[0]!.code : ''),
      year: url.searchParams.get('year') ?? Day.at(now).slice(0, 4),
      fromEarlier: true,
    },
  };
};

const faultOf: Record<plans.BeginFault, () => Record<string, string>> = {
  kind: () => ({ kind: m.plan_fault_kind() }),
  unit: () => ({ unit: m.plan_fault_unit() }),
  'not-enterprise': () => ({ unit: m.plan_fault_enterprise() }),
  year: () => ({ year: m.plan_fault_year(years) }),
  exists: () => ({ year: m.plan_fault_exists() }),
};

export const actions: Actions = {
  default: async ({ locals: { gate, now }, request }) => {
    const choices = await offered(gate, now);
    const form = await request.formData();
    const said = {
      kind: String(form.get('kind') ?? ''),
      unit: String(form.get('unit') ?? ''),
      year: String(form.get('year') ?? '').trim(),
      fromEarlier: form.has('fromEarlier'),
    };
    const chosen = choices.find(({ code }) => code === said.unit);
    const permit = gate.ask('plan.change', { path: (chosen ?? choices[0]!).path });
    const wanted = {
      kind: said.kind,
      unitCode: chosen?.code ?? '',
      year: /^\d{4}$/.test(said.year) ? Number(said.year) : NaN,
      fromEarlier: said.fromEarlier,
      // Whoever answers for plans everywhere may wish a business plan for any unit.
      wished: gate.may('plan.change', { path: [] }),
    };
    const begun = await plans.begin(db().main, wanted, now, permit);
    if (begun.ok) redirect(303, `/plans/${begun.id}`);
    const faults: Record<string, string> = Object.assign({}, ...begun.refusals.map((one) => faultOf[one]()));
    const existing =
      'existing' in begun && chosen && isKind(said.kind)
        ? { id: begun.existing, plan: titleWords({ kind: said.kind, year: wanted.year }), unit: chosen.name }
        : undefined;
    return fail(400, { said, faults, existing });
  },
};
