import * as Day from '#domain/day.ts';
import type { Period } from '#domain/report.ts';
import type { Step } from '#domain/step.ts';
import type * as Task from '#domain/task.ts';

type Unit = { code: string; name: string };
type Round = { id: string; name: string };

/** What each kind of thing that waits is about. */
export type About =
  /** The next step of a unit's course (domain.md section 4). lacksCauses: a chosen point to improve has none yet. */
  | { kind: 'step'; step: Step; lacksCauses?: boolean; unit: Unit; round: Round }
  /** Something that HR must do for a round. */
  | { kind: 'task'; task: Task.Kind; round: Round }
  /** A round that waits for whoever holds the key, or (hand) for an operator to give it up to a body outside. */
  | { kind: 'round'; verb: 'freeze' | 'close' | 'hand'; round: Round }
  /** A round that waits for one of its witnesses: to make a key, or to open the box. */
  | { kind: 'witness'; verb: 'make' | 'open'; round: Round }
  /** A tertial or annual report that is not handed in. */
  | ({ kind: 'report'; id: string; unit: Unit } & Period)
  /** A measure with a deadline. */
  | { kind: 'measure'; id: string; title: string; unit: Unit }
  /** A measure whose owner has left, or works elsewhere now. */
  | { kind: 'orphan'; id: string; title: string; unit: Unit }
  /** A finished measure that nobody has said of whether it helped. */
  | { kind: 'effect'; id: string; title: string; unit: Unit }
  /** A meeting that a union or safety representative has not confirmed. */
  | { kind: 'confirm'; unit: Unit; round: Round };

/** Something that waits for somebody. dueOn: ISO day; null: asked for without a day. */
export type Due = About & { dueOn: string | null };

/** In this order where several are over their day: the unit's own way first, then what the line asks for. */
const kinds = [
  'step',
  'task',
  'round',
  'witness',
  'report',
  'measure',
  'orphan',
  'effect',
  'confirm',
] as const;

/** Days ahead within which a day comes before what is asked for without one. */
export const soon = 14;

/** Whole days past its day; 0 on the day itself, before it, and without a day. */
export const daysOver = (dueOn: string | null, today: string): number =>
  dueOn === null ? 0 : Math.max(0, Day.between(dueOn, today));

/**
 * What waits, the first thing first: what is over its day, by kind and then longest over; what comes within a
 * fortnight, by day; what is asked for without a day; what comes later, by day.
 */
export function ordered(waiting: Due[], today: string): Due[] {
  const turn = ({ dueOn }: Due) => {
    if (dueOn === null) return 2;
    if (dueOn < today) return 0;
    return dueOn <= Day.plus(today, soon) ? 1 : 3;
  };
  const kind = (one: Due) => kinds.indexOf(one.kind);
  return waiting.toSorted((a, b) => {
    const [ours, theirs] = [turn(a), turn(b)];
    if (ours !== theirs) return ours - theirs;
    const byDay = (a.dueOn ?? '') < (b.dueOn ?? '') ? -1 : a.dueOn === b.dueOn ? 0 : 1;
    return ours === 0 ? kind(a) - kind(b) || byDay : byDay || kind(a) - kind(b);
  });
}

/** Where in the product something that waits is done: the one link that matters. */
export function address(of: About): string {
  switch (of.kind) {
    case 'step':
    case 'confirm':
      return `/meetings/${of.round.id}/${encodeURIComponent(of.unit.code)}`;
    case 'task':
      return '/calendar';
    case 'round':
      return of.verb === 'hand' ? `/rounds/${of.round.id}/approval#outside` : `/rounds/${of.round.id}`;
    case 'witness':
      return `/rounds/${of.round.id}/${of.verb === 'make' ? 'sheet' : 'opening'}`;
    case 'report':
      return `/reports/${of.id}`;
    case 'measure':
    case 'orphan':
    case 'effect':
      return `/measures/${of.id}`;
  }
}
