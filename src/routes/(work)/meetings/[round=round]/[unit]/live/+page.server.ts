import { error, fail, redirect } from '@sveltejs/kit';
import * as Meeting from '#domain/meeting.ts';
import { fromOslo, toOslo } from '#domain/oslo.ts';
import * as Point from '#domain/point.ts';
import { kinds } from '#domain/point.ts';
import { m } from '#messages';
import * as actors from '#server/actors.ts';
import * as candidates from '#server/candidates.ts';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as meetings from '#server/meetings.ts';
import * as releases from '#server/releases.ts';
import * as sittings from '#server/sittings.ts';
import * as votes from '#server/votes.ts';
import type { Actions, PageServerLoad } from './$types';

type At = { round: string; unit: string };

/** The unit's result, for those who may lead its meeting; for others there is no such page. */
async function led(gate: Gate, { round, unit }: At) {
  const permit = gate.ask('meeting.lead', { path: await actors.path(db().main, unit) });
  const opened = await releases.placeOf(db().main, gate, round, unit);
  if (!opened || opened.head.withdrawnAt || opened.head.kind === 'leader' || opened.head.dryRun) error(404);
  return { permit, opened };
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { opened } = await led(locals.gate, params);
  const { main } = db();
  const about = { unit: opened.unit.name, round: opened.head.name };
  const of = await meetings.ofCode(main, params.round, params.unit);
  if (!of) {
    const standing = { stage: 'waiting' as const, open: false, candidates: 0, votes: 0, marked: 0 };
    return {
      about,
      turn: 0,
      code: null,
      joined: 0,
      standing,
      next: [],
      confirm: false,
      candidates: [],
      offers: [],
      sittings: [],
      result: null,
    };
  }
  const standing = await meetings.standing(main, of);
  const place = { meetingId: of.id, roundId: of.roundId, unitId: of.unitId, unitCode: params.unit };
  const { offers } = of.stage === 'together' ? await candidates.table(main, place) : { offers: [] };
  return {
    about,
    turn: of.turn,
    code: of.code,
    joined: of.joined,
    standing,
    next: Meeting.next(standing),
    confirm: url.searchParams.has('confirm') && of.stage === 'voting',
    candidates: of.stage === 'ended' ? [] : await candidates.list(main, of.id),
    offers: offers.map((offer) => ({ key: Point.keyOf(offer), title: offer.title })),
    sittings: (await sittings.list(main, of.id)).map((one) => ({ ...one, starts: toOslo(one.startsAt) })),
    result: of.stage === 'ended' ? await votes.result(main, of.id) : null,
  };
};

/** The meeting that a form changes, made when it is not there. */
async function changed(gate: Gate, at: At, now: Date) {
  const { permit } = await led(gate, at);
  const ensured = await meetings.ensure(db().main, at.round, at.unit, now, permit);
  if (!ensured.ok) error(404);
  return { permit, of: (await meetings.find(db().main, ensured.id))! };
}

const back = ({ round, unit }: At, hash = '') =>
  redirect(303, `/meetings/${round}/${encodeURIComponent(unit)}/live${hash}`);
const text = (form: FormData, name: string) => String(form.get(name) ?? '').trim();

const goWords: Record<meetings.GoRefusal, () => string> = {
  'no-way': m.meeting_live_moved,
  'not-open': m.meeting_live_not_open,
  'no-candidates': m.meeting_live_no_candidates,
  votes: m.meeting_live_has_votes,
  unknown: m.meeting_live_moved,
};
const addWords: Record<candidates.AddRefusal, () => string> = {
  words: m.meeting_live_fault_words,
  unknown: m.meeting_live_fault_offer,
  stage: m.meeting_live_not_together,
};
const sittingWords: Record<Meeting.SittingRefusal, () => string> = {
  time: m.meeting_sitting_fault_time,
  place: m.meeting_sitting_fault_place,
  'took-part': m.meeting_sitting_fault_took_part,
};

/** Faults by field of the form of one sitting ("" is the form for a new one). */
const sittingFaults = (id: string, refusals: (Meeting.SittingRefusal | 'unknown')[]) =>
  Object.fromEntries(
    refusals.flatMap((one) => (one === 'unknown' ? [] : [[`${one}-${id}`, sittingWords[one]()]])),
  ) as Record<string, string>;

export const actions: Actions = {
  open: async ({ locals, params }) => {
    const { permit, of } = await changed(locals.gate, params, locals.now);
    await meetings.open(db().main, of.id, permit);
    back(params);
  },

  go: async ({ locals, params, request }) => {
    const { permit, of } = await changed(locals.gate, params, locals.now);
    const form = await request.formData();
    const to = Meeting.stages.find((stage) => stage === text(form, 'to'));
    const went = to
      ? await meetings.go(db().main, of.id, to, locals.now, permit)
      : { ok: false as const, refusal: 'no-way' as const };
    if (!went.ok) return fail(400, { faults: { go: goWords[went.refusal]() } as Record<string, string> });
    back(params);
  },

  add: async ({ locals, params, request }) => {
    const { permit, of } = await changed(locals.gate, params, locals.now);
    const form = await request.formData();
    const kind = kinds.find((one) => one === text(form, 'kind'));
    const added = { kind: kind ?? null, offer: text(form, 'offer'), words: text(form, 'words') };
    if (!kind)
      return fail(400, { added, faults: { kind: m.meeting_live_fault_kind() } as Record<string, string> });
    const place = { meetingId: of.id, roundId: of.roundId, unitId: of.unitId, unitCode: params.unit };
    const written = { kind, words: added.words, offer: added.words ? null : added.offer || null };
    const done = await candidates.add(db().main, place, written, permit);
    if (!done.ok)
      return fail(400, { added, faults: { words: addWords[done.refusal]() } as Record<string, string> });
    back(params, '#candidates');
  },

  drop: async ({ locals, params, request }) => {
    const { permit, of } = await changed(locals.gate, params, locals.now);
    const id = text(await request.formData(), 'id');
    const dropped = await candidates.drop(db().main, of.id, id, permit);
    if (!dropped.ok)
      return fail(400, { faults: { candidates: m.meeting_live_not_together() } as Record<string, string> });
    back(params, '#candidates');
  },

  plan: async ({ locals, params, request }) => {
    const { permit, of } = await changed(locals.gate, params, locals.now);
    const form = await request.formData();
    const planned = { id: text(form, 'id'), starts: text(form, 'starts'), place: text(form, 'place') };
    const written = { startsAt: fromOslo(planned.starts), place: planned.place };
    const done = await sittings.plan(db().main, of.id, planned.id || null, written, permit);
    if (!done.ok) return fail(400, { planned, faults: sittingFaults(planned.id, done.refusals) });
    back(params, '#sittings');
  },

  held: async ({ locals, params, request }) => {
    const { permit, of } = await changed(locals.gate, params, locals.now);
    const form = await request.formData();
    const counted = { id: text(form, 'id'), tookPart: text(form, 'tookPart') };
    const done = await sittings.held(db().main, of.id, counted.id, counted.tookPart, locals.now, permit);
    if (!done.ok) return fail(400, { counted, faults: sittingFaults(counted.id, done.refusals) });
    back(params, '#sittings');
  },

  cancel: async ({ locals, params, request }) => {
    const { permit, of } = await changed(locals.gate, params, locals.now);
    await sittings.cancel(db().main, of.id, text(await request.formData(), 'id'), permit);
    back(params, '#sittings');
  },
};
