import { error, fail, redirect } from '@sveltejs/kit';
import { fingerprintPrint } from '#domain/keylist.ts';
import { offered } from '#domain/language.ts';
import { text } from '#domain/questionnaire.ts';
import * as Restored from '#domain/restored.ts';
import * as Round from '#domain/round.ts';
import * as Witness from '#domain/witness.ts';
import { m } from '#messages';
import * as approvals from '#server/approvals.ts';
import * as box from '#server/box.ts';
import * as clock from '#server/clock.ts';
import * as closing from '#server/closing.ts';
import { demoKey, showKey } from '#server/closing-key.ts';
import * as codes from '#server/codes.ts';
import * as commentReaders from '#server/comment-readers.ts';
import { asksCrowd } from '#server/crowds.ts';
import { db } from '#server/db.ts';
import * as evaluations from '#server/evaluations.ts';
import * as fatigue from '#server/fatigue.ts';
import { thaw } from '#server/freezing.ts';
import * as holders from '#server/holders.ts';
import * as invitations from '#server/invitations.ts';
import { invited } from '#server/invited.ts';
import * as jobs from '#server/jobs.ts';
import * as joiners from '#server/joiners.ts';
import * as liveRates from '#server/live-rates.ts';
import { nodeName } from '#server/node-names.ts';
import * as outcomes from '#server/outcomes.ts';
import { namesOf } from '#server/people.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { letFetch } from '#server/refetching.ts';
import * as rehearsal from '#server/rehearsal.ts';
import * as rolls from '#server/rolls.ts';
import * as rounds from '#server/rounds.ts';
import * as units from '#server/units.ts';
import * as witnesses from '#server/witnesses.ts';
import type { Actions, PageServerLoad } from './$types';

const asking = async (id: string) => (await rounds.find(db().main, id)) ?? error(404);

/** What the gate asks about who operates the round. */
const holding = async (id: string) => holders.subject(await rounds.find(db().main, id));

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const held = await holding(params.round);
  locals.gate.ask('round.see', held);
  const { main } = db();
  const found = await asking(params.round);
  const before = Round.unfrozen.includes(found.state);
  const who = before ? await invited(main, found) : null;
  const nodes = (who?.tree ?? found.tree)?.nodes ?? [];
  const asked = await questionnaires.byId(main, found.questionnaireId);
  const mayName = locals.gate.may('round.names');
  const left = mayName ? (who?.notInvited ?? []) : [];
  const unitNames = await units.unitNames(main);
  const names = await namesOf(main, who?.isCrowd ? [] : left.map((n) => n.personId));
  const depths = new Map<string, number>();
  for (const n of nodes) depths.set(n.id, n.parent === null ? 0 : (depths.get(n.parent) ?? 0) + 1);
  const keys = await witnesses.rows(main, found.id);
  // What the operator must set before the round can be frozen, when that was just refused.
  const askWhy = url.searchParams.get('refused') === 'servers' && locals.gate.may('round.freeze', held);
  const events = await rounds.events(main, found.id);
  return {
    serverFaults: askWhy ? await box.faults(main, db().box) : [],
    round: {
      id: found.id,
      name: found.name,
      state: found.state,
      opensAt: found.opensAt,
      stopsAt: found.stopsAt,
      dryRun: found.dryRun,
      keyShown: found.keyShown,
      promise: found.promise,
      rule: found.rule,
      thresholds: found.thresholds,
      reminders: found.reminders,
      results: Round.resultsBy(found.stopsAt),
    },
    questionnaire: asked ? { key: asked.key, title: text(asked.content.title, locals.locale) } : null,
    // What is frozen is in the languages of the day it was frozen.
    languages: asked && !found.fingerprint ? offered(asked.content) : [],
    fingerprint: found.fingerprint ? fingerprintPrint(found.fingerprint) : null,
    groups: nodes
      .filter((n) => n.group || nodes.some((c) => c.parent === n.id))
      .map((n) => ({
        id: n.id,
        name: nodeName(n, nodes, locals.locale),
        // What a name does not say: which units' staff are counted here.
        together: n.part === 'others' && n.units.length > 1 ? n.units.map((c) => unitNames.get(c) ?? c) : [],
        invited: n.invited,
        group: n.group,
        depth: depths.get(n.id) ?? 0,
        part: n.part,
      })),
    invited: nodes.filter((n) => n.parent === null).reduce((sum, n) => sum + n.invited, 0),
    withoutMail: who?.withoutMail ?? null,
    bySms: who?.bySms ?? 0,
    notInvited: left.flatMap(({ personId, reason }) =>
      names.has(personId) ? [{ name: names.get(personId)!, reason }] : [],
    ),
    notInvitedCount: who?.notInvited.length ?? 0,
    tired: before ? await fatigue.ofRound(main, locals.now, found.id) : null,
    crowd: await asksCrowd(main, found),
    evaluation: await evaluations.counts(main, found, who, locals.now),
    help: asked?.kind === 'resident' ? found.help : null,
    outcomes: { written: found.outcomes !== null, coverage: await outcomes.coverage(main, found) },
    codes: before ? null : await codes.numbers(main, found),
    missing: before && !found.dryRun ? await approvals.missing(main, found) : null,
    names: mayName ? await rounds.names(main, found.id) : [],
    mail:
      !found.dryRun && ['open', 'stopped'].includes(found.state)
        ? await invitations.mailState(main, found.id)
        : null,
    texts:
      found.sms && !found.dryRun && ['open', 'stopped'].includes(found.state)
        ? await invitations.smsState(main, found.id)
        : null,
    events,
    // The day of the copy that main was restored from, while nobody has decided about the papers.
    restoredFrom: Restored.waitsForDecision(found.state, events)
      ? (events.findLast((e) => e.event === 'restore')?.reason ?? null)
      : null,
    roll: Round.underWay.includes(found.state)
      ? { ...(await rolls.progress(main, found.id)), mine: locals.gate.may('roll.list') }
      : null,
    doubts: before
      ? []
      : (await rolls.doubts(main, found.id)).map(({ group, doubt, by }) => ({
          group: nodeName(
            nodes.find((n) => n.id === group)!,
            nodes,
            locals.locale,
          ),
          words: doubt ?? '',
          name: by,
        })),
    joiners: mayName && found.state === 'open' ? await joining(found, locals.now) : null,
    rates: locals.gate.may('rate.list')
      ? ((await liveRates.told(main, locals.gate, locals.now, { roundId: found.id }))[0] ?? null)
      : null,
    witnesses: {
      list: await witnesses.list(main, found.id),
      isReady: Witness.isReady(keys),
      canOpen: Witness.canOpen(keys),
      mayName: locals.gate.may('witness.name'),
      isWitness: locals.gate.may('witness.act', { witnesses: keys.map(({ personId }) => personId) }),
    },
    comments: {
      readers: (await commentReaders.list(main, found.id)).map(({ name, doneAt }) => ({ name, doneAt })),
      mayName: locals.gate.may('comment.name'),
      isReader: locals.gate.may('comment.read', await commentReaders.subject(main, found)),
    },
    mayRehearse: found.dryRun && found.state === 'open' && locals.gate.may('round.rehearse'),
    demoKey: locals.gate.may('round.close', held) && (await demoKey(main, found.id)) !== null,
    outside: await holders.shown(main, found),
    // Whoever holds the key outside sees the round, and nothing that lies around it.
    around: locals.gate.may('round.see'),
    may: {
      plan: locals.gate.may('round.plan'),
      freeze: locals.gate.may('round.freeze', held),
      close: locals.gate.may('round.close', held),
      withdraw: locals.gate.may('round.withdraw', held),
      refetch: locals.gate.may('round.refetch', held),
      names: mayName,
      codes: locals.gate.may('code.list'),
    },
  };
};

async function joining(found: rounds.RoundRow, now: Date) {
  const { main } = db();
  const counts = await joiners.counts(main, found.id);
  const added = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return { ...(await joiners.came(main, found, now)), added };
}

const joinRefusals: Record<joiners.JoinRefusal, () => string> = {
  outside: m.joiner_fault_outside,
  'no-group': m.joiner_fault_no_group,
  'not-open': m.joiner_fault_not_open,
  'unknown-person': m.round_fault_employee,
  already: m.joiner_fault_already,
  'no-address': m.joiner_fault_no_address,
  nobody: m.joiner_fault_nobody,
};

const refusals: Record<Round.Refusal | 'unknown' | 'key', () => string> = {
  key: m.round_refused_key_not_shown,
  'wrong-state': m.round_refused_wrong_state,
  window: m.round_fault_window,
  past: m.round_refused_past,
  reason: m.round_fault_reason,
  unknown: m.round_refused_wrong_state,
};
const closeRefusals: Record<closing.CloseRefusal, () => string> = {
  unknown: m.round_refused_wrong_state,
  'wrong-state': m.round_refused_wrong_state,
  'key-malformed': m.round_refused_key_malformed,
  'key-damaged': m.round_refused_key_damaged,
  'key-other': m.round_refused_key_other,
  witnesses: m.witness_refused_operator,
  unread: m.comment_refused_unread,
  audit: m.round_refused_audit,
};

const refuse = (id: string, sentence: string) =>
  fail(400, { faults: { [id]: sentence } as Record<string, string> });

/** Back to the round's own address, so that loading it again repeats nothing. */
function done(id: string): never {
  redirect(303, `/rounds/${id}`);
}

/** Steps that change the state and nothing else. */
const step =
  (verb: 'approve' | 'reconsider'): Actions[string] =>
  async ({ locals, params }) => {
    const permit = locals.gate.ask('round.plan');
    if (verb === 'approve' && (await invited(db().main, await asking(params.round!))).people.length === 0)
      return refuse('next', m.round_refused_nobody());
    const taken = await rounds.take(db().main, params.round!, verb, locals.now, permit.by);
    if (!taken.ok) return refuse('next', refusals[taken.refusal]());
    done(params.round!);
  };

export const actions: Actions = {
  approve: step('approve'),
  reconsider: step('reconsider'),
  thaw: async ({ locals, params }) => {
    const permit = locals.gate.ask('round.freeze', await holding(params.round));
    const taken = await thaw(db().main, params.round, locals.now, permit);
    if (!taken.ok) return refuse('next', refusals[taken.refusal]());
    done(params.round);
  },
  open: async ({ locals, params }) => {
    const permit = locals.gate.ask('round.freeze', await holding(params.round));
    const { main, box: boxDb } = db();
    const opened = await clock.open(main, boxDb, params.round, locals.now, permit.by);
    if (!opened.ok)
      return refuse(
        'next',
        opened.refusal === 'servers' ? opened.faults.join(' ') : refusals[opened.refusal](),
      );
    await jobs.hurry();
    done(params.round);
  },
  showKey: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.freeze', await holding(params.round));
    const file = (await request.formData()).get('key');
    const key = file instanceof File ? await file.text() : '';
    if (!key) return refuse('key', m.round_fault_key());
    const shown = await showKey(db().main, params.round, key, locals.now, permit);
    if (!shown.ok) return refuse('key', closeRefusals[shown.refusal]());
    done(params.round);
  },
  stop: async ({ locals, params }) => {
    const permit = locals.gate.ask('round.freeze', await holding(params.round));
    const { main, box } = db();
    const stopped = await clock.stop(main, box, params.round, locals.now, permit.by);
    if (!stopped.ok) return refuse('next', refusals[stopped.refusal]());
    done(params.round);
  },
  close: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.close', await holding(params.round));
    const { main, box } = db();
    const form = await request.formData();
    const file = form.get('key');
    const brought = file instanceof File ? await file.text() : '';
    const key = form.has('demo') ? await demoKey(main, params.round) : brought;
    if (!key) return refuse('key', m.round_fault_key());
    const withoutComments = form.has('without');
    const closed = await closing.close(main, box, params.round, key, locals.now, permit, { withoutComments });
    if (!closed.ok) return refuse('key', closeRefusals[closed.refusal]());
    done(params.round);
  },
  rehearse: async ({ locals, params }) => {
    const permit = locals.gate.ask('round.rehearse');
    const { main, intake } = db();
    const invented = await rehearsal.answer(main, intake, params.round, locals.now, permit);
    if (!invented.ok) return refuse('next', m.round_refused_wrong_state());
    done(params.round);
  },
  withdraw: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.withdraw', await holding(params.round));
    const reason = String((await request.formData()).get('reason') ?? '');
    const { main, box } = db();
    const taken = await closing.withdraw(main, box, params.round, reason, locals.now, permit);
    if (!taken.ok) return refuse('reason', refusals[taken.refusal]());
    done(params.round);
  },
  join: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.names');
    const form = await request.formData();
    const joiner = form.has('all') ? null : String(form.get('joiner') ?? '').trim();
    const made = await joiners.join(db().main, params.round, joiner, locals.now, permit);
    if (!made.ok)
      return fail(400, {
        joiner: joiner ?? '',
        faults: { joiner: joinRefusals[made.refusal]() } as Record<string, string>,
      });
    await jobs.hurry();
    done(params.round);
  },
  refetch: async ({ locals, params }) => {
    const permit = locals.gate.ask('round.refetch', await holding(params.round));
    const decided = await letFetch(db().main, params.round, locals.now, permit);
    if (!decided.ok) return refuse('next', refusals[decided.refusal]());
    done(params.round);
  },
  name: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.names');
    const form = await request.formData();
    const employee = String(form.get('employee') ?? '').trim();
    const choice = String(form.get('choice') ?? '');
    const added = choice === 'add' ? true : choice === 'leave-out' ? false : null;
    const set = await rounds.setName(db().main, params.round, employee, added, permit);
    const faults: Record<string, string> = {};
    if (set.ok) done(params.round);
    faults.employee =
      set.refusal === 'unknown-person' ? m.round_fault_employee() : m.round_refused_wrong_state();
    return fail(400, { faults, employee });
  },
};
