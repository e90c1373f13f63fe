import * as Day from '#domain/day.ts';
import { between } from '#domain/calendar.ts';

/** Somebody is asked to answer a survey: the day it opens, and how long it honestly takes, in minutes. */
export type Asking = { openedOn: string; minutes: number };

/** From so many minutes on a survey is a full one; what takes less is a question or two in passing. */
export const fullFrom = 5;

/** design section 4, defaults: one full survey per 180 days, two per 365, 30 minutes a year. */
export const limits = ['one-in-180', 'two-in-365', 'minutes'] as const;
export type Limit = (typeof limits)[number];
const apart = 180;
const year = 365;
const fullInAYear = 2;
export const minutesInAYear = 30;

const isFull = ({ minutes }: Asking) => minutes >= fullFrom;

/** The most that falls within some 365 days that hold the day itself. */
function mostInAYear(all: Asking[], day: string, weight: (one: Asking) => number): number {
  const sums = all
    .filter(({ openedOn }) => between(openedOn, day) >= 0)
    .map(({ openedOn: from }) =>
      all
        .filter(({ openedOn }) => between(from, openedOn) >= 0 && between(from, openedOn) < year)
        .filter(() => between(from, day) < year)
        .reduce((sum, one) => sum + weight(one), 0),
    );
  return Math.max(0, ...sums);
}

/**
 * The limits that one more asking breaks for somebody with these others, before or after it. The days count from
 * opening to opening: 180 days apart keeps the first limit, and a year is any 365 days that hold the asking.
 */
export function broken(others: Asking[], asking: Asking): Limit[] {
  const day = asking.openedOn;
  const near = others.filter(({ openedOn }) => Math.abs(between(openedOn, day)) < year);
  const all = [...near, asking];
  const close = near.some((one) => isFull(one) && Math.abs(between(one.openedOn, day)) < apart);
  const full = isFull(asking);
  return [
    ...(full && close ? ['one-in-180' as const] : []),
    ...(full && mostInAYear(all, day, (one) => Number(isFull(one))) > fullInAYear
      ? ['two-in-365' as const]
      : []),
    ...(mostInAYear(all, day, ({ minutes }) => minutes) > minutesInAYear ? ['minutes' as const] : []),
  ];
}

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
  for (let days = 1; days <= year; days++)
    for (const day of [Day.plus(asking.openedOn, days), Day.plus(asking.openedOn, -days)])
      if (fits(day) && weigh(groups, { ...asking, openedOn: day }).people === 0) return day;
  return null;
}

/** Fewer than this are said to be "a few": a warning is about numbers, not about somebody. */
export const few = 5;
