import { error, fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import * as Help from '#domain/help.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as help from '#server/help.ts';
import type { Actions, PageServerLoad } from './$types';

type Typed = { kinds: string[]; decidedOn: string; caseNumber: string };

const asking = async (id: string) => (await help.ofResidents(db().main, id)) ?? error(404);

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('round.plan');
  const found = await asking(params.round);
  if (found.state !== 'planned') redirect(303, `/rounds/${found.id}`);
  const { kinds, decidedOn, caseNumber } = found.help;
  const first: Typed = { kinds, decidedOn: decidedOn ?? '', caseNumber };
  return { round: { id: found.id, name: found.name }, first };
};

const words: Record<Help.Fault | 'wrong-state', () => Record<string, string>> = {
  date: () => ({ decidedOn: m.resident_fault_date() }),
  later: () => ({ decidedOn: m.resident_fault_later() }),
  case: () => ({ caseNumber: m.resident_fault_case() }),
  'wrong-state': () => ({ kinds: m.round_refused_wrong_state() }),
};

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.plan');
    const found = await asking(params.round);
    const form = await request.formData();
    const said: Typed = {
      kinds: form.getAll('kinds').map(String),
      decidedOn: String(form.get('decidedOn') ?? '').trim(),
      caseNumber: String(form.get('caseNumber') ?? '')
        .trim()
        .slice(0, 60),
    };
    const decidedOn = Day.parse(said.decidedOn);
    const refuse = (faults: Record<string, string>) => fail(400, { said, faults });
    if (said.decidedOn && !decidedOn) return refuse(words.date());
    const kinds = Help.kinds.filter((kind) => said.kinds.includes(kind));
    const chosen = { kinds, decidedOn, caseNumber: said.caseNumber };
    const done = await help.decide(db().main, found, chosen, locals.now, permit);
    if (!done.ok) return refuse(Object.assign({}, ...done.refusals.map((one) => words[one]())));
    redirect(303, `/rounds/${found.id}`);
  },
};
