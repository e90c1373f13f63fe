import { error, fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import * as Measure from '#domain/measure.ts';
import { m } from '#messages';
import * as actors from '#server/actors.ts';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as places from '#server/measure-places.ts';
import * as statuses from '#server/measure-status.ts';
import * as versions from '#server/measure-versions.ts';
import * as points from '#server/points.ts';
import * as releases from '#server/releases.ts';
import * as units from '#server/units.ts';
import type { Actions, PageServerLoad } from './$types';
import { open } from './open.ts';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  locals.gate.ask('measure.see');
  const { main } = db();
  const { subject, found } = await open(params.id, locals.now);
  const measure = found();
  const mayChange = locals.gate.may('measure.change', subject);
  const mayTie = mayChange && locals.gate.may('mandate.see');
  const stands = await places.of(main, measure.id);
  const done = url.searchParams.get('done');
  const said: Record<string, () => string> = {
    written: m.measure_said_written,
    status: m.measure_said_status,
    answered: m.measure_said_answered,
    changed: m.measure_said_changed,
    placed: m.measure_said_placed,
  };
  return {
    today: Day.at(locals.now),
    measure,
    stands: {
      ...stands,
      points: await Promise.all(stands.points.map((point) => linked(locals.gate, point))),
    },
    seesLists: locals.gate.may('mandate.see'),
    history: await statuses.history(main, measure.id),
    changes: await versions.changes(main, measure.id),
    next: Measure.next(measure.status),
    mayStatus: locals.gate.may('measure.status', subject),
    mayAnswer:
      locals.gate.may('measure.status', subject) &&
      Measure.mayAnswer(measure.status, measure.effect?.answer ?? null),
    mayChange,
    offered: {
      points: mayChange ? await pointsFor(locals.gate, measure.unit.code, stands, Day.at(locals.now)) : [],
      items: mayTie
        ? (await places.items(main)).filter(({ id }) => !stands.items.some((one) => one.id === id))
        : [],
    },
    done: done !== null && Object.hasOwn(said, done) ? said[done]!() : null,
  };
};

/** What a measure's page says of a point. Of its meeting not even the id: that is for those who may see the meeting. */
const named = ({ id, kind, title, unit, round }: points.PointRow) => ({
  ...{ id, kind, title },
  unit: { name: unit.name },
  round: { name: round.name },
});

/** A point with the way to its meeting, for those who may go there. */
async function linked(gate: Gate, point: points.PointRow) {
  const may = await releases.maySee(db().main, gate, point.round.id, point.unit.code);
  const href = may ? `/meetings/${point.round.id}/${encodeURIComponent(point.unit.code)}` : null;
  return { ...named(point), href };
}

/** Points of the unit, of those above and of those below, where one may write and the measure does not stand yet. */
async function pointsFor(gate: Gate, code: string, stands: { points: { id: string }[] }, today: string) {
  const { main } = db();
  const tree = await units.tree(main, today);
  const parentOf = new Map(tree.map((one) => [one.code, one.parent]));
  const pathOf = (at: string): string[] => {
    const parent = parentOf.get(at);
    return parent ? [...pathOf(parent), at] : [at];
  };
  const line = pathOf(code);
  const near = tree.filter((one) => {
    const path = pathOf(one.code);
    return (line.includes(one.code) || path.includes(code)) && gate.may('measure.change', { path });
  });
  const all = await points.list(main, { unitIds: near.map(({ id }) => id) });
  return all.filter(({ id }) => !stands.points.some((one) => one.id === id)).map(named);
}

const written = (form: FormData, name: string) => String(form.get(name) ?? '');

const statusFaults: Record<
  Exclude<statuses.SetRefusal, 'unknown'>,
  [field: string, sentence: () => string]
> = {
  status: ['status', m.measure_fault_status],
  same: ['status', m.measure_fault_status],
  over: ['status', m.measure_fault_status],
  newer: ['status', m.measure_fault_newer],
  sentence: ['sentence', m.measure_fault_sentence],
};

const answerFaults: Record<
  Exclude<statuses.AnswerRefusal, 'unknown'>,
  [field: string, sentence: () => string]
> = {
  'not-over': ['answer', m.measure_fault_not_over],
  answered: ['answer', m.measure_fault_answered],
  answer: ['answer', m.measure_fault_answer],
  words: ['words', m.measure_fault_words],
};

const faultOf = ([field, sentence]: [string, () => string]): Record<string, string> => ({
  [field]: sentence(),
});

export const actions: Actions = {
  status: async ({ locals, params, request }) => {
    const { subject, found } = await open(params.id, locals.now);
    const permit = locals.gate.ask('measure.status', subject);
    const form = await request.formData();
    const wanted = {
      status: written(form, 'status'),
      sentence: written(form, 'sentence'),
      seen: Number(written(form, 'seen')),
    };
    const set = await statuses.set(db().main, found().id, wanted, locals.now, permit);
    if (set.ok) redirect(303, `/measures/${params.id}?done=status`);
    if (set.refusal === 'unknown') error(404);
    return fail(set.refusal === 'newer' ? 409 : 400, {
      status: { status: wanted.status, sentence: wanted.sentence, newer: set.refusal === 'newer' },
      faults: faultOf(statusFaults[set.refusal]),
    });
  },

  answer: async ({ locals, params, request }) => {
    const { subject, found } = await open(params.id, locals.now);
    const permit = locals.gate.ask('measure.status', subject);
    const form = await request.formData();
    const seen = written(form, 'before');
    const given = {
      answer: written(form, 'answer'),
      words: written(form, 'words'),
      seen: Measure.isEffect(seen) ? seen : null,
    };
    const answered = await statuses.answer(db().main, found().id, given, locals.now, permit);
    if (answered.ok) redirect(303, `/measures/${params.id}?done=answered`);
    if (answered.refusal === 'unknown') error(404);
    return fail(400, {
      answer: { answer: given.answer, words: given.words },
      faults: faultOf(answerFaults[answered.refusal]),
    });
  },

  place: async ({ locals, params, request }) => {
    const { subject, found } = await open(params.id, locals.now);
    const permit = locals.gate.ask('measure.change', subject);
    const place = await placeIn(locals.gate, await request.formData());
    const added = place && (await places.add(db().main, found().id, place, locals.now, permit));
    if (added?.ok) redirect(303, `/measures/${params.id}?done=placed#places`);
    return fail(400, { faults: { point: m.measure_fault_place() } as Record<string, string> });
  },

  displace: async ({ locals, params, request }) => {
    const { subject, found } = await open(params.id, locals.now);
    const permit = locals.gate.ask('measure.change', subject);
    const form = await request.formData();
    const [pointId, itemId] = [written(form, 'point'), written(form, 'item')];
    await places.remove(db().main, found().id, pointId ? { pointId } : { itemId }, locals.now, permit);
    redirect(303, `/measures/${params.id}?done=placed#places`);
  },
};

/** The place that was chosen, when one may write there: a point as its unit, an item as the list. */
async function placeIn(gate: Gate, form: FormData): Promise<places.Place | null> {
  const [pointId, itemId] = [written(form, 'point'), written(form, 'item')];
  if (itemId) {
    gate.ask('mandate.see');
    return { itemId };
  }
  const asked = await places.asked(db().main, { point: pointId });
  if (!asked?.point) return null;
  gate.ask('measure.change', { path: await actors.path(db().main, asked.point.unit) });
  return { pointId };
}
