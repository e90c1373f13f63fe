import { error, fail, redirect } from '@sveltejs/kit';
import * as Choice from '#domain/choice.ts';
import * as PaperBatch from '#domain/paper-batch.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import { phase } from '#domain/round.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as guesses from '#server/guesses.ts';
import { nodeName } from '#server/node-names.ts';
import * as batches from '#server/paper-batch.ts';
import * as enterers from '#server/paper-enterers.ts';
import { offersOf } from '#server/resident-page.ts';
import * as rounds from '#server/rounds.ts';
import type { Actions, PageServerLoad } from './$types';

const { smallest, most } = PaperBatch;

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { main } = db();
  const found = (await rounds.find(main, params.round)) ?? error(404);
  locals.gate.ask('paper.enter', { enterers: await enterers.idsOf(main, found.id) });
  const asked = (await batches.asked(main, found.id)) ?? error(404);
  const offers = offersOf(asked, found.help);
  const words = (of: Questionnaire.Text) => Questionnaire.text(of, locals.locale);
  const nodes = found.tree?.nodes ?? [];
  const mine = await enterers.groupsOf(main, found, locals.gate.actor!, locals.now);
  const others = nodes.filter(({ id, group }) => group && !mine.has(id));
  return {
    round: { name: found.name, opensAt: found.opensAt, stopsAt: found.stopsAt },
    phase: phase(found, locals.now),
    not: others.map((node) => nodeName(node, nodes, locals.locale)),
    seed: batches.newSeed(),
    entered: url.searchParams.has('entered'),
    smallest,
    questions: Questionnaire.statements(asked).map((one) => ({
      isSeveral: Questionnaire.scaleOf(asked, one).choose === 'several',
      text: words(one.text),
      boxes: PaperBatch.boxes(asked, one).map(({ mark, text }) => ({ mark, text: words(text) })),
    })),
    background: (asked.background ?? []).map(({ kind, text, options }) => ({
      text: words(text),
      boxes: options.flatMap((option, i) =>
        offers(kind, option.id) ? [{ mark: i + 1, text: words(option.text) }] : [],
      ),
    })),
  };
};

const ofForm: Record<batches.FormFault, (of: { number: number }) => string> = {
  code: m.paper_fault_code,
  twice: m.paper_fault_twice,
  empty: m.paper_fault_empty,
  unknown: m.paper_fault_unknown,
  yours: m.paper_fault_yours,
  invalid: m.paper_fault_invalid,
  used: m.paper_fault_used,
};
const ofBatch: Record<Exclude<batches.EnterRefusal, 'forms'>, () => string> = {
  comments: m.paper_refused_comments,
  early: m.paper_fault_early,
  late: m.paper_fault_late,
  'too-few': () => m.paper_fault_too_few({ smallest }),
  'too-many': () => m.paper_fault_too_many({ most }),
  'sent-before': () => m.paper_fault_sent_before({ smallest }),
};

/** By question, what is chosen: a mark, or the numbers of the answers where several may be. */
const chosen = (asked: Questionnaire.Questionnaire, answers: number[]): number[][] => {
  const marks = Choice.apart(asked, answers);
  return Questionnaire.statements(asked).map((one, i) => {
    const scale = Questionnaire.scaleOf(asked, one);
    return scale.choose === 'several' ? Choice.values(scale, marks[i]!) : marks[i]!;
  });
};

/** The page as it was, with another form when that was asked for. Nothing of it stays here. */
const back = (
  asked: Questionnaire.Questionnaire,
  said: batches.Batch,
  pages: number,
  faults: Record<string, string> = {},
) => ({
  seed: said.seed,
  forms: said.forms.map((form) => ({ ...form, chosen: chosen(asked, form.answers) })),
  pages: Math.min(Math.max(pages, said.forms.length, smallest), most),
  faults,
});

async function read({ locals, params, request }: Parameters<Actions[string]>[0]) {
  const { main } = db();
  const found = (await rounds.find(main, params.round!)) ?? error(404);
  locals.gate.ask('paper.enter', { enterers: await enterers.idsOf(main, found.id) });
  const asked = (await batches.asked(main, found.id)) ?? error(404);
  return { found, asked, said: batches.typed(asked, found.help, await request.formData()) };
}

export const actions: Actions = {
  more: async (event) => {
    const { asked, said } = await read(event);
    return back(asked, said, said.pages + 1);
  },
  send: async (event) => {
    const { locals, getClientAddress } = event;
    const { found, asked, said } = await read(event);
    const { main, intake } = db();
    const done = await batches.enter(main, intake, locals.gate, found, said, locals.now);
    if (done.ok) redirect(303, `/rounds/${found.id}/entry?entered`);
    const faults = Object.fromEntries(
      [...done.faults].map(([i, fault]) => [`${i}-code`, ofForm[fault]({ number: i + 1 })]),
    );
    if ([...done.faults.values()].includes('unknown')) await guesses.wrong(getClientAddress());
    if (done.refusal !== 'forms') faults.batch = ofBatch[done.refusal]();
    return fail(400, back(asked, said, said.pages, faults));
  },
};
