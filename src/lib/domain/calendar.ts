import * as Day from '#domain/day.ts';
import * as Holiday from '#domain/holiday.ts';
import { fromOslo } from '#domain/oslo.ts';
import { defaults } from '#domain/round.ts';
import * as Step from '#domain/step.ts';

/** Days before the opening by which the basis has been dealt with politically: twelve weeks, a round of meetings and some time to mend (domain.md section 3). */
const approvalLead = 84;
/** Days before the opening by which those asked have been told of theme, purpose and use (domain.md section 3, "Before"). */
const informationLead = 14;
/** Days before the opening by which the round is frozen, so that the representatives get its signs in time (design section 3 step 1). */
const freezingLead = 7;
/** Days after the stop by which the answers are counted with the key. */
const closeWithin = 5;
/** Days after the stop by which the results are out: half of what those who answer are promised (design section 4). */
const releaseWithin = 14;
/** Days before the opening when a round is planned by itself: time for the approval, and some for preparing it. */
export const planLead = 180;
/** When a planned round opens and stops on its days, Norwegian time: the day shift has come; the evening shift has had its break. */
const opensAtHour = '08:00';
const stopsAtHour = '20:00';

/** Days of a survey. opensOn and stopsOn are ISO days; reminders are whole days after the opening. */
export type Window = { opensOn: string; stopsOn: string; reminders: number[] };

/** Why an opening is not on the first Monday of its month. */
export type Reason = Holiday.Quiet | 'day-off';

/** The days that the calendar knows, in the order in which those of one day are listed. */
export const kinds = [
  'approval',
  'information',
  'freezing',
  'opening',
  'reminder',
  'stop',
  'close',
  'release',
  'first-meeting',
  'second-meeting',
  'plan',
  't1',
  't2',
  'annual',
] as const;
export type Kind = (typeof kinds)[number];

/** A day on which something of a round is due. nth: which of the reminders, from 1; otherwise 0. */
export type Deadline = { kind: Kind; nth: number; day: string };

/**
 * The window from an opening day. The stop and the reminders (day 7 and 14: design section 4, defaults) that fall on a
 * weekend or public holiday come on the working day before.
 */
export function windowFrom(opensOn: string, windowDays: number): Window {
  const stopsOn = Holiday.workingDayBy(Day.plus(opensOn, windowDays));
  const reminders = defaults.reminders
    .map((days) => Day.between(opensOn, Holiday.workingDayBy(Day.plus(opensOn, days))))
    .filter((days, i, all) => days > 0 && Day.plus(opensOn, days) < stopsOn && days !== all[i - 1]);
  return { opensOn, stopsOn, reminders };
}

/** Whether a survey may open on a day: people are at work, and the whole window is clear of Easter, July and Christmas. */
export const fits = (opensOn: string, windowDays: number): boolean => obstacle(opensOn, windowDays) === null;

/** The first day from one on when a survey may open, Monday to Thursday. */
export function nextOpening(from: string, windowDays: number): string {
  const isGood = fits(from, windowDays) && Holiday.weekday(from) !== 5;
  return isGood ? from : nextOpening(Day.plus(from, 1), windowDays);
}

/** What stands in the way of opening on a day; null: nothing. */
export function obstacle(opensOn: string, windowDays: number): Reason | null {
  const quiet = Holiday.quietWithin(opensOn, Day.plus(opensOn, windowDays));
  return quiet ?? (Holiday.isWorkingDay(opensOn) ? null : 'day-off');
}

/**
 * When a survey with its month (1 to 12) opens in a year. It wishes for the first Monday. Where that is a day off or
 * the window would meet a quiet time, it takes the day that fits nearest to that Monday (of two as near the later): in
 * its month and Monday to Thursday, else in its month on a Friday, else the day nearest to its month, Friday last.
 * why: what stood in the way on the first Monday.
 */
export function windowOf(
  { month, windowDays }: { month: number; windowDays: number },
  year: number,
): Readonly<Window & { why: Reason | null }> {
  const key = [year, month, windowDays].join(' ');
  const known = windows.get(key) ?? reckon(month, windowDays, year);
  windows.set(key, known);
  return known;
}

/** Those that have been reckoned: every page of the calendar asks for the same ones. */
const windows = new Map<string, ReturnType<typeof reckon>>();

function reckon(month: number, windowDays: number, year: number): Window & { why: Reason | null } {
  const first = `${year}-${String(month).padStart(2, '0')}-01`;
  const wish = Day.plus(first, (8 - Holiday.weekday(first)) % 7);
  const why = obstacle(wish, windowDays);
  const opensOn = why === null ? wish : nearestOpening(first, wish, windowDays);
  return { ...windowFrom(opensOn, windowDays), why };
}

function nearestOpening(first: string, wish: string, windowDays: number): string {
  const last = Day.plus(`${Day.plus(first, 31).slice(0, 8)}01`, -1);
  const rank = (day: string) => {
    const outside = day < first ? Day.between(day, first) : day > last ? Day.between(last, day) : 0;
    const friday = Holiday.weekday(day) === 5 ? 1 : 0;
    return [outside > 0 ? 1 : 0, friday, outside, Math.abs(Day.between(wish, day)), day < wish ? 1 : 0];
  };
  const half = 183;
  const open = Array.from({ length: 2 * half + 1 }, (_, i) => Day.plus(wish, i - half))
    .filter((day) => fits(day, windowDays))
    .map((day) => ({ day, rank: rank(day) }));
  open.sort((a, b) => compare(a.rank, b.rank));
  const [best] = open;
  if (!best) throw new Error(`No day of a year has ${windowDays} clear days after it`);
  return best.day;
}

const compare = (a: number[], b: number[]) => {
  const i = a.findIndex((one, at) => one !== b[at]);
  return i === -1 ? 0 : a[i]! - b[i]!;
};

/**
 * Every day of a round, from its window, in order of day. What asks people to act comes on the last day by then when
 * they are at their desks (no weekend, public holiday or quiet time), unless that would be before what it follows; then
 * on the working day before. releasedOn: the day the results came out, when they have. The tertial reports are the
 * first three after the plan (domain.md section 5); their days are what they are told of, and move for days off alone.
 */
export function deadlines({ opensOn, stopsOn, reminders }: Window, releasedOn?: string): Deadline[] {
  const before = (days: number) => Holiday.deskDayBy(Day.plus(opensOn, -days));
  const close = Holiday.actBy(Day.plus(stopsOn, closeWithin), stopsOn);
  const release = releasedOn ?? Holiday.actBy(Day.plus(stopsOn, releaseWithin), close);
  const { presented: first, agreed: second, planned: plan } = Step.dueDays(release);
  const one = (kind: Kind, day: string, nth = 0): Deadline => ({ kind, nth, day });
  return [
    one('approval', before(approvalLead)),
    one('information', before(informationLead)),
    one('freezing', before(freezingLead)),
    one('opening', opensOn),
    ...reminders.map((days, i) => one('reminder', Day.plus(opensOn, days), i + 1)),
    one('stop', stopsOn),
    one('close', close),
    one('release', release),
    one('first-meeting', first),
    one('second-meeting', second),
    one('plan', plan),
    ...reportsAfter(plan),
  ].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

function reportsAfter(plan: string): Deadline[] {
  const year = Number(plan.slice(0, 4));
  return [year, year + 1]
    .flatMap((y) => [
      { kind: 't1' as const, at: `${y}-04-30` },
      { kind: 't2' as const, at: `${y}-08-31` },
      { kind: 'annual' as const, at: `${y}-12-31` },
    ])
    .filter(({ at }) => at > plan)
    .slice(0, 3)
    .map(({ kind, at }) => ({ kind, nth: 0, day: Holiday.workingDayBy(at) }));
}

/** The window of a round that is kept with moments. */
export const windowAt = (round: { opensAt: Date; stopsAt: Date; reminders: number[] }): Window => ({
  opensOn: Day.at(round.opensAt),
  stopsOn: Day.at(round.stopsAt),
  reminders: round.reminders,
});

/** The moments of a window, Norwegian time, summer or winter. */
export const momentsOf = ({ opensOn, stopsOn }: Window): { opensAt: Date; stopsAt: Date } => ({
  opensAt: fromOslo(`${opensOn}T${opensAtHour}`)!,
  stopsAt: fromOslo(`${stopsOn}T${stopsAtHour}`)!,
});

export type MoveRefusal =
  /** The day is today or past. */
  | 'past'
  /** More than half a year from what the rule gives: that is another year's survey. */
  | 'far'
  /** A day off, or the window meets Easter, July or Christmas. */
  | Reason;

/** Whether HR may move an opening to a day, from what the rule gives. */
export function moveFault(to: string, rule: string, windowDays: number, today: string): MoveRefusal | null {
  if (to <= today) return 'past';
  if (Math.abs(Day.between(rule, to)) > 183) return 'far';
  return obstacle(to, windowDays);
}
