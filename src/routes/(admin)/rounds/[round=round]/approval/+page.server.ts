import { error, fail, redirect } from '@sveltejs/kit';
import * as Approval from '#domain/approval.ts';
import * as Day from '#domain/day.ts';
import type { Fault } from '#domain/holder.ts';
import { text } from '#domain/questionnaire.ts';
import { mostSigns } from '#domain/remark.ts';
import { unfrozen } from '#domain/round.ts';
import { m } from '#messages';
import * as approvals from '#server/approvals.ts';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as holders from '#server/holders.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as remarks from '#server/remarks.ts';
import * as rounds from '#server/rounds.ts';
import type { Actions, PageServerLoad } from './$types';

/** The round with the units it concerns, for those who may read how it is prepared. */
async function open(gate: Gate, id: string) {
  const found = await rounds.find(db().main, id);
  const subject = { concerned: found ? await approvals.concerned(db().main, found.unitIds) : [] };
  gate.ask('approval.see', subject);
  return { found: found ?? error(404), subject };
}

export const load: PageServerLoad = async ({ locals: { gate, locale }, params, url }) => {
  const { found, subject } = await open(gate, params.round);
  const { main } = db();
  const asked = (await questionnaires.byId(main, found.questionnaireId)) ?? error(404);
  const survey = { kind: asked.content.kind, dryRun: found.dryRun };
  const recorded = await approvals.list(main, found.id);
  const mayRecord = gate.may('approval.record');
  const before = unfrozen.includes(found.state);
  return {
    round: { id: found.id, name: found.name, dryRun: found.dryRun },
    questionnaire: {
      id: asked.id,
      title: text(asked.content.title, locale),
      mayRead: gate.may('questionnaire.see'),
    },
    maySeeRound: gate.may('round.see'),
    missing: Approval.missing(survey, recorded),
    items: Approval.demanded(survey).map((item) => ({
      item,
      entries: recorded.filter((one) => one.item === item).toReversed(),
      mayRecord: mayRecord && Approval.mayRecord(item, survey, found.state),
    })),
    outside: Approval.mayBeOutside(survey.kind)
      ? {
          ...((await holders.shown(main, found)) ?? { body: null, name: null, email: '', handedAt: null }),
          id: found.holderId,
          maySet: before && gate.may('approval.outside'),
          mayHand: before && found.holderId !== null && !found.handedAt && gate.may('approval.hand'),
        }
      : null,
    waitsFor: before && found.handedAt === null ? found.outsideBody : null,
    remarks: await remarks.list(main, { roundId: found.id }),
    mayComment: gate.may('approval.comment', subject),
    done: url.searchParams.get('done'),
  };
};

const sentences: Record<Approval.Fault, () => string> = {
  day: m.approval_fault_day,
  later: m.approval_fault_later,
  forum: () => m.approval_fault_forum({ most: Approval.most.forum }),
  'case-number': m.approval_fault_number,
  text: () => m.approval_fault_text({ most: Approval.most.text }),
};
const fieldOf: Record<Approval.Fault, string> = {
  ...{ day: 'day', later: 'day', forum: 'forum', 'case-number': 'number', text: 'text' },
};

const outsideSentences: Record<Fault, () => string> = {
  body: () => m.approval_fault_body({ most: Approval.most.forum }),
  person: m.approval_fault_person,
  employed: m.approval_fault_employed,
  role: m.approval_fault_role,
};

const outsideRefusals = {
  unknown: m.approval_fault_state,
  'wrong-state': m.approval_fault_state,
  kind: m.approval_fault_witnesses,
  comments: m.approval_fault_comments,
};

export const actions: Actions = {
  record: async ({ locals: { gate, now }, params, request }) => {
    const permit = gate.ask('approval.record');
    const form = await request.formData();
    const field = (name: string) => String(form.get(name) ?? '');
    const item = field('item');
    if (!Approval.isItem(item)) error(400);
    const said = {
      ...{ day: Day.parse(field('day').trim()), forum: field('forum') },
      ...{ caseNumber: field('number'), text: field('text') },
    };
    const kept = await approvals.record(db().main, params.round, item, said, now, permit);
    if (kept.ok) redirect(303, `/rounds/${params.round}/approval?done=${item}#${item}`);
    const faults: Record<string, string> =
      kept.refusal === 'faults'
        ? Object.fromEntries(kept.faults.map((one) => [`${item}-${fieldOf[one]}`, sentences[one]()]))
        : { [item]: m.approval_fault_state() };
    return fail(400, { item, typed: { ...said, day: field('day') }, faults });
  },
  outside: async ({ locals: { gate, now }, params, request }) => {
    const permit = gate.ask('approval.outside');
    const form = await request.formData();
    const said = { body: String(form.get('body') ?? ''), email: String(form.get('email') ?? '') };
    const named = await holders.name(db().main, params.round, said, now, permit);
    if (named.ok) redirect(303, `/rounds/${params.round}/approval?done=outside#outside`);
    const faults: Record<string, string> = {};
    if (named.refusal !== 'faults') faults.body = outsideRefusals[named.refusal]();
    else
      for (const [field, fault] of Object.entries(named.faults))
        faults[field === 'person' ? 'email' : field] = outsideSentences[fault]();
    return fail(400, { ...said, faults });
  },
  hand: async ({ locals: { gate, now }, params, request }) => {
    const permit = gate.ask('approval.hand');
    const to = String((await request.formData()).get('to') ?? '');
    const handed = await holders.hand(db().main, params.round, to, now, permit);
    if (handed.ok) redirect(303, `/rounds/${params.round}/approval?done=outside#outside`);
    return fail(400, { faults: { outside: m.approval_fault_state() } as Record<string, string> });
  },
  comment: async ({ locals: { gate, now }, params, request }) => {
    const { found, subject } = await open(gate, params.round);
    const permit = gate.ask('approval.comment', subject);
    const comment = String((await request.formData()).get('comment') ?? '');
    const beside = { roundId: found.id };
    const said = await remarks.say(
      db().main,
      beside,
      { ...subject, text: comment },
      gate.actor!,
      now,
      permit,
    );
    if (said.ok) redirect(303, `/rounds/${found.id}/approval?done=comment#comments`);
    const sentence =
      said.refusal === 'long' ? m.approval_fault_text({ most: mostSigns }) : m.approval_fault_comment();
    return fail(400, { comment, faults: { comment: sentence } as Record<string, string> });
  },
};
