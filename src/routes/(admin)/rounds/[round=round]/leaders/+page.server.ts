import { error, fail, redirect } from '@sveltejs/kit';
import type { Outcome } from '#domain/evaluation.ts';
import { unfrozen } from '#domain/round.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as evaluations from '#server/evaluations.ts';
import { invited } from '#server/invited.ts';
import { namesOf } from '#server/people.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { unitNames } from '#server/units.ts';
import type { Actions, PageServerLoad } from './$types';

type Row = {
  unit: string;
  name: string;
  leader: string | null;
  outcome: Outcome;
  since: string | null;
  evaluators: number | null;
};

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('round.see');
  const { main } = db();
  const found = (await rounds.find(main, params.round)) ?? error(404);
  if ((await questionnaires.kindOf(main, found.questionnaireId)) !== 'leader') error(404);
  const before = unfrozen.includes(found.state);
  const { rows, asked } = before ? await planned(found) : { rows: await frozen(found.id), asked: null };
  const mayName = locals.gate.may('round.names');
  const those = (...outcomes: Outcome[]) =>
    rows
      .filter(({ outcome }) => outcomes.includes(outcome))
      .map((row) => ({ ...row, leader: mayName ? row.leader : null }));
  const summed = (of: Row[]) => ({
    leaders: of.length,
    evaluators: of.reduce((sum, { evaluators }) => sum + (evaluators ?? 0), 0),
  });
  const [figures, guide, exempt] = [those('figures'), those('guide'), those('unknown', 'new')];
  return {
    round: { id: found.id, name: found.name, on: found.rule.inPostOn, invited: found.thresholds.invited },
    before,
    mayChange: before && mayName,
    ...{ figures, guide, exempt },
    sums: { figures: summed(figures), guide: summed(guide), exempt: summed(exempt), all: summed(rows) },
    asked,
  };
};

async function planned(found: rounds.RoundRow): Promise<{ rows: Row[]; asked: number }> {
  const { main } = db();
  const { leaders, people } = await invited(main, found);
  const names = await namesOf(
    main,
    (leaders ?? []).map(({ leaderId }) => leaderId),
  );
  const units = await unitNames(main);
  const rows = (leaders ?? []).map(({ unit, leaderId, ...rest }) => ({
    ...{ unit, ...rest },
    name: units.get(unit) ?? unit,
    leader: names.get(leaderId) ?? '',
  }));
  return { rows, asked: people.length };
}

const frozen = async (id: string): Promise<Row[]> =>
  (await evaluations.ofRound(db().main, id)).map((row) => ({ ...row, since: null, evaluators: null }));

const refusals: Record<evaluations.SinceRefusal, () => string> = {
  day: m.evaluation_fault_day,
  future: m.evaluation_fault_future,
  'unknown-unit': m.evaluation_fault_unit,
  'wrong-state': m.round_refused_wrong_state,
};

export const actions: Actions = {
  since: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.names');
    const form = await request.formData();
    const unit = String(form.get('unit') ?? '');
    const since = String(form.get('since') ?? '');
    const set = await evaluations.setSince(db().main, params.round, unit, since, locals.now, permit);
    if (set.ok) redirect(303, `/rounds/${params.round}/leaders`);
    const at = set.refusal === 'unknown-unit' ? 'unit' : 'since';
    const faults: Record<string, string> = { [at]: refusals[set.refusal]() };
    return fail(400, { said: { unit, since }, faults });
  },
};
