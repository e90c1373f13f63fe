import * as Day from '#domain/day.ts';
import { type Effect, isLate as isLateMeasure, isOver, type Status } from '#domain/measure.ts';
import { fromOslo } from '#domain/oslo.ts';

/** The reports of a year, in order: tertial 1, tertial 2 and the annual report (domain.md section 5). */
export const kinds = ['t1', 't2', 'annual'] as const;
export type Kind = (typeof kinds)[number];

/** What a report is about: the days since the report before it. */
export type Period = { year: number; period: Kind };

/** Days after a period's end within which its report is handed in: 15 May, 15 September, 15 January. */
const daysToHand = 15;

/** A report is never begun for a period that ended longer ago than this, in days. */
const oldest = 400;

/** The most signs that a leader's words may have. */
export const mostWords = 5000;

const lastDay: Record<Kind, string> = { t1: '04-30', t2: '08-31', annual: '12-31' };

/** A period's last day, the day its report is due, and its first day (ISO days, Norway). */
export const endsOn = ({ year, period }: Period): string => `${year}-${lastDay[period]}`;
export const dueOn = (period: Period): string => Day.plus(endsOn(period), daysToHand);
export const startsOn = (period: Period): string => Day.plus(endsOn(before(period)), 1);

/** The period before this one. */
export function before({ year, period }: Period): Period {
  const at = kinds.indexOf(period);
  return at === 0 ? { year: year - 1, period: 'annual' } : { year, period: kinds[at - 1]! };
}

const midnight = (day: string): Date => fromOslo(`${day}T00:00`)!;

/** A period as moments: from its first midnight in Norway, until (and without) the midnight that ends it. */
export const span = (period: Period): { from: Date; until: Date } => ({
  from: midnight(startsOn(period)),
  until: midnight(Day.plus(endsOn(period), 1)),
});

/** The periods that have ended and are young enough for their reports to be begun, oldest first. */
export function ended(now: Date): Period[] {
  const today = Day.at(now);
  const first = Day.plus(today, -oldest);
  const year = Number(today.slice(0, 4));
  return [year - 2, year - 1, year]
    .flatMap((year) => kinds.map((period) => ({ year, period })))
    .filter((period) => endsOn(period) >= first && endsOn(period) < today);
}

/** Whether a report that is not handed in is late: from the day after the one it is due. */
export const isLate = (period: Period, now: Date): boolean => Day.at(now) > dueOn(period);

/** Where a measure stands: a point that a department chose, a goal of a plan, or an item of a mandate. */
export type Place =
  | { in: 'point'; kind: 'keep' | 'improve'; title: string }
  | { in: 'goal'; plan: 'business' | 'ia' | 'hms'; year: number; text: string }
  | { in: 'item'; mandate: string; number: string };

/** A measure with all that was said of it before the period ended (oldest first), as the period's end found it. */
export type History = {
  id: string;
  title: string;
  owner: string | null;
  ownerRole: string | null;
  dueOn: string;
  writtenAt: Date;
  statuses: { status: Status; sentence: string; at: Date; by: string | null }[];
  /** Answered by now, perhaps after the period. */
  effect: { answer: Effect; words: string; at: Date } | null;
  places: Place[];
};

/** A measure as a report tells of it. Days are ISO. */
export type Told = Pick<History, 'id' | 'title' | 'owner' | 'ownerRole' | 'dueOn' | 'places'> & {
  /** At the end of the period. */
  status: Status;
  late: boolean;
  /** Written in the period. */
  fresh: boolean;
  changes: { status: Status; sentence: string; on: string; by: string | null }[];
  effect: { answer: Effect; words: string } | null;
};

/**
 * What a report tells of a measure. null where there is nothing to tell: it was over before the period, and nothing
 * was said since. Whether it helped is told in the period that it was finished in, and in the one it was answered in.
 */
export function tell(of: History, period: Period): Told | null {
  const { from, until } = span(period);
  const within = (at: Date) => at >= from && at < until;
  const said = of.statuses.filter(({ at }) => at < until);
  const status = said.at(-1)?.status ?? 'not-started';
  // The first row is the measure being written; it has no sentence.
  const changes = said.filter(({ at, sentence }) => within(at) && sentence !== '');
  const isTold = of.effect && (within(of.effect.at) || (isOver(status) && changes.length > 0));
  if (isOver(status) && changes.length === 0 && !isTold) return null;
  const { id, title, owner, ownerRole, dueOn, places } = of;
  return {
    ...{ id, title, owner, ownerRole, dueOn, places, status },
    late: isLateMeasure({ status, dueOn }, endsOn(period)),
    fresh: within(of.writtenAt),
    changes: changes.map(({ at, ...change }) => ({ ...change, on: Day.at(at) })),
    effect: isTold ? { answer: of.effect!.answer, words: of.effect!.words } : null,
  };
}

/** Measures counted: all, written in the period, done and dropped in it, open at its end, and of those late. */
export type Figures = Record<'all' | 'fresh' | 'done' | 'dropped' | 'open' | 'late', number>;

/** Measures of a report counted. */
export function figures(told: Told[]): Figures {
  const count = (is: (one: Told) => boolean) => told.filter(is).length;
  const ended = (status: Status) => (one: Told) => one.status === status && one.changes.length > 0;
  return {
    all: told.length,
    fresh: count(({ fresh }) => fresh),
    done: count(ended('done')),
    dropped: count(ended('dropped')),
    open: count(({ status }) => !isOver(status)),
    late: count(({ late }) => late),
  };
}

/** Several units' figures added up. */
export const sum = (of: Figures[]): Figures =>
  of.reduce(
    (all, one) => {
      for (const key of Object.keys(all) as (keyof Figures)[]) all[key] += one[key];
      return all;
    },
    { all: 0, fresh: 0, done: 0, dropped: 0, open: 0, late: 0 },
  );

/** Under which heading a measure is told: each stands under one. */
export const parts = ['over', 'late', 'changed', 'fresh', 'still'] as const;
export type Part = (typeof parts)[number];

/** Where in the report a measure is told of: the first part that fits. */
export function part(of: Told): Part {
  if (isOver(of.status)) return 'over';
  if (of.late) return 'late';
  if (of.changes.length > 0) return 'changed';
  return of.fresh ? 'fresh' : 'still';
}

/** Whether nothing was said of any measure in the period. */
export const isQuiet = (told: Told[]): boolean =>
  told.every((one) => one.changes.length === 0 && !one.fresh && one.effect === null);

/** A report of a unit below, as the level above gathers it. words and total: null until it is handed in. */
export type Below = {
  id: string;
  unit: string;
  handedOn: string | null;
  /** Not handed in, and past its day. */
  late: boolean;
  words: string | null;
  total: Figures | null;
};

/** All that a report says. Kept as it stands when it is handed in, and never changed after. */
export type Content = {
  unit: string;
  /** Who it is handed to: the leader above, if there is one, and the unit. null: the top, whose report goes to the politicians. */
  to: { unit: string; leader: string | null } | null;
  by: string | null;
  words: string;
  measures: Told[];
  below: Below[];
  /** The unit's own measures and those of the reports below that were handed in. */
  total: Figures;
};

export type Refusal =
  /** The report has no words of the leader's own. */
  | 'no-words'
  /** More than 5,000 signs. */
  | 'too-long'
  /** It has been handed in; what it says stands. */
  | 'handed';

/** Whether words may be kept, or (handing) the report handed in. A report below that is missing does not stop it. */
export function check(
  report: { handedAt: Date | null },
  words: string,
  handing: boolean,
): { ok: true } | { ok: false; refusal: Refusal } {
  if (report.handedAt !== null) return { ok: false, refusal: 'handed' };
  if ([...words].length > mostWords) return { ok: false, refusal: 'too-long' };
  if (handing && !words.trim()) return { ok: false, refusal: 'no-words' };
  return { ok: true };
}
