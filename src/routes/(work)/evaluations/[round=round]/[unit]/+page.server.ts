import { error, fail, redirect } from '@sveltejs/kit';
import * as Assessment from '#domain/assessment.ts';
import { isChoice } from '#domain/choice.ts';
import { scaleOf, text } from '#domain/questionnaire.ts';
import { m } from '#messages';
import * as assessments from '#server/assessments.ts';
import { db } from '#server/db.ts';
import * as evaluations from '#server/evaluations.ts';
import type { Gate } from '#server/gate.ts';
import * as questionnaires from '#server/questionnaires.ts';
import type { Actions, PageServerLoad } from './$types';

type Params = { round: string; unit: string };

export const load: PageServerLoad = async ({ locals: { gate, locale }, params }) => {
  const { main } = db();
  const of = (await evaluations.find(main, gate, params.round, params.unit)) ?? error(404);
  const asked = (await questionnaires.byId(main, of.round.questionnaireId)) ?? error(404);
  const { round, unit, leader, mine, outcome } = of;
  return {
    round: { id: round.id, name: round.name, isClosed: round.state === 'closed' },
    unit: { code: unit.code, name: unit.name },
    ...{ leader, mine, outcome },
    note: await assessments.seen(main, gate, of),
    themes: asked.content.themes.map((theme) => ({
      id: theme.id,
      title: text(theme.title, locale),
      statements: theme.statements
        .filter((one) => !isChoice(asked.content, one))
        .map((statement) => ({
          id: statement.id,
          text: text(statement.text, locale),
          points: scaleOf(asked.content, statement).points.map((point) => ({
            value: String(point.value),
            text: text(point.text, locale),
          })),
        })),
    })),
  };
};

/** The evaluation of the one who asks, and leave to write beside it. */
async function own(gate: Gate, params: Params) {
  const of = (await evaluations.find(db().main, gate, params.round, params.unit)) ?? error(404);
  return { of, permit: gate.ask('assessment.write', of.subject) };
}

const done = ({ round, unit }: Params): never =>
  redirect(303, `/evaluations/${round}/${encodeURIComponent(unit)}#note`);

const faultOf = (refusal: Assessment.Refusal): Record<string, string> =>
  ({
    empty: { words: m.assessment_fault_empty() },
    long: { words: m.assessment_fault_long({ most: Assessment.longest }) },
    value: { words: m.assessment_fault_value() },
  })[refusal];

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const { of, permit } = await own(locals.gate, params);
    const asked = (await questionnaires.byId(db().main, of.round.questionnaireId)) ?? error(404);
    const form = await request.formData();
    const field = (name: string) => String(form.get(name) ?? '');
    const read = Assessment.read(asked.content, field, field('words'));
    if (!read.ok) {
      const said = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]));
      return fail(400, { said, faults: faultOf(read.refusal) });
    }
    await assessments.write(db().main, of, read.assessment, locals.now, permit);
    done(params);
  },
  share: async ({ locals, params }) => {
    const { of, permit } = await own(locals.gate, params);
    await assessments.share(db().main, of, locals.now, permit);
    done(params);
  },
  unshare: async ({ locals, params }) => {
    const { of, permit } = await own(locals.gate, params);
    await assessments.share(db().main, of, null, permit);
    done(params);
  },
  remove: async ({ locals, params }) => {
    const { of, permit } = await own(locals.gate, params);
    await assessments.remove(db().main, of, permit);
    done(params);
  },
};
