import * as Day from '#domain/day.ts';

/** Somebody is asked to answer a survey: the day it opens, and how long it honestly takes, in minutes. */
export type Asking = { openedOn: string; minutes: number };

/** From so many minutes on a survey is a full one; what takes less is a question or two in passing. */
const fullFrom = 5;

/** design section 4, defaults: one full survey per 180 days, two per 365, 30 minutes a year. */
export const limits = ['one-in-180', 'two-in-365', 'minutes'] as const;
export type Limit = (typeof limits)[number];
const apart = 180;
const year = 365;
const fullInAYear = 2;
/** Minutes that anybody may be asked to spend in 365 days. */
export const minutesInAYear = 30;

/** Days are counted as numbers, for a municipality is weighed for every day of two years. */
type Counted = { day: number; minutes: number };
const counted = ({ openedOn, minutes }: Asking): Counted => ({
  day: Date.parse(`${openedOn}T00:00:00Z`) / 86_400_000,
  minutes,
});

/** The most that falls within some 365 days that hold the day itself. */
function mostInAYear(all: Counted[], day: number, weight: (one: Counted) => number): number {
  let most = 0;
  for (const { day: from } of all) {
    if (from > day || day - from >= year) continue;
    let sum = 0;
    for (const one of all) if (one.day >= from && one.day - from < year) sum += weight(one);
    most = Math.max(most, sum);
  }
  return most;
}

const isFull = ({ minutes }: { minutes: number }) => minutes >= fullFrom;

function brokenBy(others: Counted[], asking: Counted): Limit[] {
  const { day } = asking;
  const near = others.filter((one) => Math.abs(one.day - day) < year);
  if (near.length === 0) return asking.minutes > minutesInAYear ? ['minutes'] : [];
  const all = [...near, asking];
  const met: Limit[] = [];
  if (isFull(asking)) {
    if (near.some((one) => isFull(one) && Math.abs(one.day - day) < apart)) met.push('one-in-180');
    if (mostInAYear(all, day, (one) => Number(isFull(one))) > fullInAYear) met.push('two-in-365');
  }
  if (mostInAYear(all, day, ({ minutes }) => minutes) > minutesInAYear) met.push('minutes');
  return met;
}

/**
 * The limits that one more asking breaks for somebody with these others, before or after it. The days count from
 * opening to opening: 180 days apart keeps the first limit, and a year is any 365 days that hold the asking.
 */
export const broken = (others: Asking[], asking: Asking): Limit[] =>
  brokenBy(others.map(counted), counted(asking));

/** So many people with the same others: four thousand have a handful of histories. */
export type Group = { others: Asking[]; people: number };

/** What an asking would mean: for how many of those asked a limit is broken, and which. */
export type Weight = { people: number; of: number; limits: Limit[] };

/** Weighs an asking of these groups. people 0: every limit is kept for everybody. */
export function weigh(groups: Group[], asking: Asking): Weight {
  const met = new Set<Limit>();
  let people = 0;
  for (const group of groups) {
    const found = broken(group.others, asking);
    if (found.length > 0) people += group.people;
    for (const limit of found) met.add(limit);
  }
  return {
    people,
    of: groups.reduce((sum, group) => sum + group.people, 0),
    limits: limits.filter((limit) => met.has(limit)),
  };
}

/**
 * The day nearest to an asking's own, up to a year away, that keeps every limit for everybody and that fits (people at
 * work, clear of quiet times, still ahead); of two as near the later. null: there is none.
 */
export function nearest(groups: Group[], asking: Asking, fits: (day: string) => boolean): string | null {
  const histories = groups.map(({ others }) => others.map(counted));
  const keeps = (openedOn: string) => {
    const there = counted({ ...asking, openedOn });
    return histories.every((others) => brokenBy(others, there).length === 0);
  };
  for (let days = 1; days <= year; days++)
    for (const day of [Day.plus(asking.openedOn, days), Day.plus(asking.openedOn, -days)])
      if (keeps(day) && fits(day)) return day;
  return null;
}

/** Fewer than this are said to be "a few": a warning is about numbers, not about somebody. */
export const few = 5;
