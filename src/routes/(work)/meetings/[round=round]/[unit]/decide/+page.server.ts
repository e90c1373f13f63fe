import { fail, redirect } from '@sveltejs/kit';
import * as Point from '#domain/point.ts';
import type { Slot, Written } from '#domain/point.ts';
import { text } from '#domain/questionnaire.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as meetings from '#server/meetings.ts';
import * as points from '#server/points.ts';
import * as figures from '#ui/figures.ts';
import type { Actions, PageServerLoad } from './$types';
import { open, openFor, resultOf } from '../open.ts';

export const load: PageServerLoad = async ({ params, locals: { gate, now, locale } }) => {
  const { course, opened, subject, href } = await open(gate, params, now);
  gate.ask('meeting.lead', subject);
  const { main } = db();
  const found = await meetings.ofUnit(main, course.round.id, course.unit.id);
  if (found?.agreedAt) redirect(303, href);
  const before = found ? await points.list(main, { meetingIds: [found.id] }) : [];
  const of = { roundId: course.round.id, unitId: course.unit.id };
  const offers = await points.offers(main, of, opened.figures, course.unit.code);
  const said = (offer: Point.Offer) => ({ value: Point.keyOf(offer), text: text(offer.title, locale) });
  const proposed = offers.candidates.map((one) => ({ ...said(one), kind: one.kind, votes: one.votes }));
  const listed = new Set(
    [...offers.candidates, ...offers.shown, ...offers.earlier].map((offer) => Point.keyOf(offer)),
  );
  return {
    unit: course.unit.name,
    round: course.round.name,
    href,
    result: resultOf(course.round.id, course.unit.code),
    voters: offers.voters,
    proposed,
    factors: offers.shown.filter(({ source }) => source === 'factor').map(said),
    statements: offers.shown.filter(({ source }) => source === 'statement').map(said),
    earlier: offers.earlier.map((one) => ({ ...said(one), kind: one.kind, round: one.round })),
    own: offers.chosen.filter((one) => !listed.has(Point.keyOf(one))).map(said),
    kept: Point.written(before, found?.fewerReason ?? null),
  };
};

const slotFaults: Record<'unknown' | 'twice' | 'words' | 'long', () => string> = {
  unknown: m.point_fault_unknown,
  twice: m.point_fault_twice,
  words: m.point_fault_words,
  long: () => m.point_fault_long({ most: Point.mostTitle }),
};
const titled = ['words', 'long'];
const formFaults: Record<'none' | 'reason' | 'reason-long' | 'agreed', [field: string, () => string]> = {
  none: ['keep-1', m.point_fault_none],
  reason: ['reason', m.point_fault_reason],
  'reason-long': ['reason', () => m.point_fault_long({ most: Point.mostReason })],
  agreed: ['keep-1', m.point_agreed_already],
};

/** What is wrong, by the id of its field. */
function faultsOf(refusals: points.ChooseRefusal[]): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const of of refusals) {
    if ('slot' in of)
      faults[titled.includes(of.refusal) ? `${of.slot}-title` : of.slot] = slotFaults[of.refusal]();
    else if ('titles' in of)
      faults.drop = m.point_fault_drops({ titles: figures.both(of.titles.map((title) => `«${title}»`)) });
    else if ('conflicts' in of)
      for (const { field, theirs } of of.conflicts) faults[field] = changed(field, theirs);
    else {
      const [field, said] = formFaults[of.refusal];
      faults[field] = said();
    }
  }
  return faults;
}

const changed = (field: keyof Written, theirs: string) =>
  field === 'reason' || field.endsWith('-title')
    ? m.point_fault_changed({ theirs: theirs || m.point_fault_changed_empty() })
    : m.point_fault_changed_choice();

const read = (form: FormData): Written => {
  // As it is kept: a form sends each new line as two signs.
  const at = (name: string) => String(form.get(name) ?? '').replaceAll('\r\n', '\n');
  const fields = Point.slots.flatMap((slot: Slot) => [
    [slot, at(slot)],
    [`${slot}-title`, at(`${slot}-title`)],
  ]);
  return { ...(Object.fromEntries(fields) as Written), reason: at('reason') };
};

/** What the form began from, as it was sent along; nothing where that is not to be read. */
function began(form: FormData): Written {
  const from = new FormData();
  for (const [name, value] of form) if (name.startsWith('base-')) from.set(name.slice(5), value);
  return read(from);
}

export const actions: Actions = {
  default: async ({ params, request, locals: { gate, now, locale } }) => {
    const { course, opened, permit, href } = await openFor(gate, 'meeting.lead', params, now);
    const form = await request.formData();
    const made = await meetings.ensure(db().main, course.round.id, course.unit.code, now, permit);
    if (!made.ok) redirect(303, href);
    const of = { meetingId: made.id, unitCode: course.unit.code, figures: opened.figures };
    const typed = { base: began(form), mine: read(form), drop: form.get('drop') === 'yes' };
    const done = await points.choose(db().main, of, typed, locale, permit);
    if (done.ok) redirect(303, `${href}#points`);
    const drops = done.refusals.some(({ refusal }) => refusal === 'drops');
    return fail(400, { said: done.mine, base: done.base, drops, faults: faultsOf(done.refusals) });
  },
};
