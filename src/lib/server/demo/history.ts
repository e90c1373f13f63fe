import { asc, eq, isNull } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import type * as Measure from '#domain/measure.ts';
import * as Point from '#domain/point.ts';
import * as Reading from '#domain/reading.ts';
import * as Release from '#domain/release.ts';
import * as agreements from '#server/agreements.ts';
import * as causes from '#server/causes.ts';
import * as confirmations from '#server/confirmations.ts';
import type { Main } from '#server/db.ts';
import { type Doings, doings } from '#server/demo/doings.ts';
import { chance, pick, seedOf } from '#server/demo/names.ts';
import { must, permit } from '#server/demo/running.ts';
import type { Permit } from '#server/gate.ts';
import * as goals from '#server/goals.ts';
import * as measureStatus from '#server/measure-status.ts';
import * as measures from '#server/measures.ts';
import * as meetings from '#server/meetings.ts';
import * as placings from '#server/placings.ts';
import * as plans from '#server/plans.ts';
import * as points from '#server/points.ts';
import { present } from '#server/presenting.ts';
import * as releases from '#server/releases.ts';
import * as reports from '#server/reports.ts';
import { goal, role, unit } from '#server/schema.ts';
import * as steps from '#server/steps.ts';

type Unit = { id: string; code: string; parentId: string | null; leaderId: string };

/** So many units are followed at once, as the database waits more than it works. */
const atOnce = 4;
const after = (day: Date, days: number) => new Date(day.getTime() + days * 24 * 3600_000);
/** The same for the same unit and purpose, from 0 up to 1. */
const draw = (...of: string[]) => chance(seedOf(of.join(), 11));

/** The departments that have a leader, and enterprises: those of the area when one is named. */
async function unitsOf(main: Main, area = ''): Promise<Unit[]> {
  const rows = await main.select().from(unit).where(isNull(unit.validTo)).orderBy(asc(unit.code));
  return rows.flatMap(({ id, code, parentId, leaderId }) =>
    leaderId && code.startsWith(area) ? [{ id, code, parentId, leaderId }] : [],
  );
}

/** How far a unit goes with a round: the last of its steps, or none. */
export type Far = 'none' | 'received' | 'prepared' | 'presented' | 'agreed' | 'planned';

/** A round with its figures. doings: what units find out and do about its factors, where they are not those of staff. */
export type Released = { id: string; name: string; releasedAt: Date; doings?: Record<string, Doings> };

/**
 * What units made of a round: each as far as `far` says, in the days after the release that the steps are due.
 * Measures run in the year after, and what is over is asked whether it helped, up to `until`.
 */
export async function followed(
  main: Main,
  round: Released,
  area: string,
  far: (code: string) => Far,
  until: Date,
) {
  const order: Far[] = ['none', 'received', 'prepared', 'presented', 'agreed', 'planned'];
  const opened = await releases.inRoom(main, round.id);
  if (!opened) throw new Error(`${round.name} has no figures`);
  const one = async (of: Unit) => {
    const goes = order.indexOf(far(of.code));
    if (goes === 0 || Reading.ofUnit(opened.figures, of.code) === null) return;
    const lateness = Math.floor(draw(of.code, round.id, 'late')() * 9);
    const on = (days: number) => after(round.releasedAt, days);
    await steps.take(main, round.id, of.id, 'received', on(2 + (lateness % 4)), of.leaderId);
    if (goes >= 2) await steps.take(main, round.id, of.id, 'prepared', on(11 + lateness), of.leaderId);
    if (goes < 3) return;
    const held = on(Math.min(15 + lateness, goes > 3 ? 99 : 18));
    const by = permit<Permit<'meeting.lead'>>(of.leaderId);
    const place = { roundId: round.id, unitId: of.id, unitCode: of.code, releasedAt: round.releasedAt };
    const shown = { day: Day.at(held), tookPart: String(5 + Math.floor(draw(of.code, round.id)() * 16)) };
    must(await present(main, place, shown, held, by));
    if (goes < 4) return;
    const agreedAt = on(24 + lateness);
    const latest = after(until, -1);
    await agreed(main, round, of, opened.figures, agreedAt < latest ? agreedAt : latest, until);
  };
  const queue = (await unitsOf(main, area)).toReversed();
  const work = async () => {
    for (let of = queue.pop(); of; of = queue.pop()) await one(of);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** The two factors a unit stands highest in and the two it stands lowest in, as its meeting would choose. */
function extremes(
  known: Record<string, Doings>,
  figures: releases.Figures,
  code: string,
): { keep: string[]; improve: string[] } {
  const node = Reading.ofUnit(figures, code)?.node;
  const ranked = figures.factors
    .filter(({ id }) => Object.hasOwn(known, id))
    .flatMap((factor) => {
      const figure = node && Release.factor(figures, node.id, factor.id);
      return figure ? [{ id: factor.id, place: Reading.place(factor, figure) }] : [];
    })
    .sort((a, b) => b.place - a.place)
    .map(({ id }) => id);
  return { keep: ranked.slice(0, 2), improve: ranked.slice(-2).reverse() };
}

async function agreed(
  main: Main,
  round: Released,
  of: Unit,
  figures: releases.Figures,
  on: Date,
  until: Date,
) {
  const by = permit<Permit<'meeting.lead'>>(of.leaderId);
  const { id: meetingId } = must(await meetings.ensure(main, round.id, of.code, on, by));
  const { keep, improve } = extremes(round.doings ?? doings, figures, of.code);
  const few = draw(of.code, round.id, 'few')() < 0.06;
  const mine = Point.written([], null);
  const slots = few ? Point.slots.filter((slot) => slot !== 'keep-2') : Point.slots;
  for (const slot of slots) {
    const ref = (slot.startsWith('keep') ? keep : improve)[Number(slot.at(-1)) - 1];
    if (ref) mine[slot] = `factor:${ref}`;
  }
  if (few) mine.reason = 'Vi ble enige om at én ting er nok å holde fast ved i år.';
  const place = { meetingId, unitCode: of.code, figures };
  must(await points.choose(main, place, { base: Point.written([], null), mine, drop: false }, 'nb', by));
  for (const point of await points.list(main, { meetingIds: [meetingId] }))
    await worked(main, of, point, (round.doings ?? doings)[point.ref]!, on, until);
  must(await points.agree(main, meetingId, on, by));
  const [party] = await main
    .select({ id: role.personId, role: role.role })
    .from(role)
    .where(eq(role.unitId, of.parentId ?? of.id))
    .orderBy(asc(role.role));
  const confirmedAt = after(on, 3);
  if (
    party &&
    confirmedAt < until &&
    (party.role === 'union' || party.role === 'safety') &&
    draw(of.code, 'party')() < 0.7
  )
    await confirmations.add(main, meetingId, party.role, confirmedAt, permit(party.id));
}

/** Causes and measures of a point, and what came of the measures. */
async function worked(main: Main, of: Unit, point: points.PointRow, found: Doings, on: Date, until: Date) {
  const by = permit<Permit<'meeting.lead'>>(of.leaderId);
  for (const text of found.promotes)
    must(await causes.add(main, point.id, { kind: 'promotes', text, whyOfId: null }, on, by));
  for (const [i, text] of found.hinders.entries()) {
    const { id } = must(await causes.add(main, point.id, { kind: 'hinders', text, whyOfId: null }, on, by));
    if (i === 0)
      must(await causes.add(main, point.id, { kind: 'hinders', text: found.why, whyOfId: id }, on, by));
  }
  const chosen = point.kind === 'keep' ? found.keep.slice(0, 1) : found.improve.slice(0, 2);
  for (const [title, expected] of chosen) {
    const next = draw(of.code, point.id === '' ? '' : title, point.round.name);
    const year = Number(Day.at(on).slice(0, 4)) + 1;
    const dueOn = pick([`${year}-05-01`, `${year}-06-15`, `${year}-10-01`, `${year}-12-15`], next);
    const isRole = next() < 0.3;
    const written = {
      ...{ title, expected, startsOn: `${year}-01-10`, dueOn },
      ownerId: isRole ? null : of.leaderId,
      ownerRole: isRole ? pick(['Ansvarsvakt', 'Fagansvarlig', 'Tillitsvalgt og leder sammen'], next) : null,
    };
    const { id } = must(
      await measures.add(main, of.id, written, { pointIds: [point.id] }, on, permit(of.leaderId)),
    );
    await ran(main, id, of.leaderId, written, until, next);
  }
}

const begun = ['Vi er i gang.', 'Satt i gang på personalmøtet.', 'Begynt, og alle vet om det.'];
const finished = [
  'Gjort. Det er blitt en vane.',
  'Gjort og tatt med i opplæringen.',
  'På plass på alle vakter.',
];
const waiting = ['Venter på ny turnus.', 'Venter til ferien er over.'];
const left = ['Vi fant en bedre måte.', 'Det viste seg å være løst av et annet tiltak.'];
const helped: [Measure.Effect, string][] = [
  ['yes', 'Vi merker det i hverdagen.'],
  ['yes', 'Flere sier at det er blitt bedre.'],
  ['partly', 'Det hjelper på dagtid, mindre om natta.'],
  ['no', 'Vi ser ingen forskjell.'],
  ['too-early', 'Vi ser etter på nytt til våren.'],
];

async function ran(
  main: Main,
  id: string,
  leaderId: string,
  { startsOn, dueOn }: { startsOn: string; dueOn: string },
  until: Date,
  next: () => number,
) {
  const by = permit<Permit<'measure.status'>>(leaderId);
  const at = (day: string, days: number) => after(new Date(`${day}T09:00:00Z`), days);
  const say = async (status: Measure.Status, sentence: string, when: Date) => {
    if (when > until) return false;
    const [seen] = (await measureStatus.history(main, id)).toSorted((a, b) => b.id - a.id);
    must(await measureStatus.set(main, id, { status, sentence, seen: seen!.id }, when, by));
    return true;
  };
  if (!(await say('in-progress', pick(begun, next), at(startsOn, Math.floor(next() * 60))))) return;
  // What is long past has come to an end, one way or another.
  const isHistory = after(new Date(dueOn), 300) < until;
  const fate = isHistory ? 0.2 + next() * 0.66 : next();
  if (fate < 0.12) return void (await say('on-hold', pick(waiting, next), at(dueOn, -30)));
  if (fate < 0.22) return void (await say('dropped', pick(left, next), at(dueOn, -20)));
  if (fate > 0.86) return;
  if (!(await say('done', pick(finished, next), at(dueOn, Math.floor(next() * 20) - 18)))) return;
  const asked = at(dueOn, 25);
  const [answer, words] = pick(helped, next);
  if (asked <= until && next() < 0.8)
    must(await measureStatus.answer(main, id, { answer, words, seen: null }, asked, by));
}

/** Enterprises' business plans of a year with everything their departments agreed on, and agreed in January, by `until`. */
export async function planned(
  main: Main,
  year: number,
  area: string,
  skip: (code: string) => boolean,
  until: Date,
) {
  const [on, later] = [20, 25].map(
    (day) => new Date(Math.min(Date.UTC(year, 0, day, 8), after(until, -1).getTime())),
  ) as [Date, Date];
  const all = await unitsOf(main, area);
  for (const of of all.filter(({ id }) => all.some((one) => one.parentId === id))) {
    if (skip(of.code)) continue;
    const by = permit<Permit<'plan.change'>>(of.leaderId);
    const wanted = { kind: 'business', unitCode: of.code, year, fromEarlier: false, wished: false };
    const { id } = must(await plans.begin(main, wanted, on, by));
    await goals.addSuggested(
      main,
      id,
      [
        { text: 'Gode tjenester', subGoals: ['Faget i hverdagen', 'Trygghet for dem vi er til for'] },
        { text: 'En god arbeidsplass', subGoals: ['Arbeidsmiljø og medvirkning', 'Nærvær'] },
      ],
      by,
    );
    const subGoals = await main
      .select({ id: goal.id, text: goal.text, parentId: goal.parentId })
      .from(goal)
      .where(eq(goal.planId, id))
      .orderBy(asc(goal.text));
    const subs = subGoals.filter(({ parentId }) => parentId !== null);
    const found = await plans.find(main, id);
    const reach = await plans.reach(main, found!);
    const rows = await measures.list(main, { unitIds: reach }, on);
    const ofYear = rows.filter(({ startsOn }) => startsOn.startsWith(String(year)));
    for (const [i, sub] of subs.entries()) {
      const measureIds = ofYear.filter((_, n) => n % subs.length === i).map((one) => one.id);
      if (measureIds.length > 0) must(await placings.place(main, id, { goalId: sub.id, measureIds }, on, by));
    }
    const agreed = { agreedOn: Day.at(later), forum: 'co-determination' };
    must(await agreements.agree(main, id, agreed, later, by));
  }
}

const told = [
  'Vi er i rute. Det som står igjen, er avhengig av bemanningen i høst.',
  'Tiltakene er kjent for alle, og de fleste er i gang.',
  'Vi har brukt mer tid enn vi trodde, og flytter to frister.',
  'Godt tertial. Personalgruppa er med, og det merkes.',
];

/** Every report that was due by now, begun on its day, and handed in by most. late: who has not handed in the newest. */
export async function reported(main: Main, until: Date, late: (code: string) => boolean) {
  const first = Number(Day.at(until).slice(0, 4)) - 2;
  const ends = [0, 1, 2, 3].flatMap((n) =>
    ['05-01', '09-01'].map((day) => `${first + n}-${day}`).concat(`${first + n + 1}-01-01`),
  );
  const begin = ends.map((day) => new Date(`${day}T06:00:00Z`)).filter((day) => day <= until);
  for (const [i, day] of begin.entries()) {
    await reports.start(main, day);
    const waits = await reports.waiting(
      main,
      (await unitsOf(main)).map(({ id }) => id),
      day,
    );
    const leaders = new Map((await unitsOf(main)).map((of) => [of.id, of.leaderId]));
    // Those below hand in first: what is above gathers it.
    for (const one of waits.toSorted((a, b) => b.unit.code.length - a.unit.code.length)) {
      if (i === begin.length - 1 && late(one.unit.code)) continue;
      const next = draw(one.unit.code, String(i));
      const draft = { words: pick(told, next), begun: '', version: 1 };
      const handed = after(day, 2 + Math.floor(next() * 12));
      must(await reports.hand(main, one.id, draft, handed, permit(leaders.get(one.unit.id)!)));
    }
  }
}
