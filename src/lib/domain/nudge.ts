import * as Day from '#domain/day.ts';
import { daysOver, type Due } from '#domain/due.ts';
import * as Holiday from '#domain/holiday.ts';
import { toOslo } from '#domain/oslo.ts';

/** The Monday (ISO day) of the week that a moment is in, in Norway: what a week is called, also over New Year. */
export function weekOf(now: Date): string {
  const today = Day.at(now);
  return Day.plus(today, -((Holiday.weekday(today) + 6) % 7));
}

/** Whether a nudge may be sent: Monday to Friday from 8 to 16 Norwegian time, and no public holiday. */
export function isTime(now: Date): boolean {
  const [day = '', hour = ''] = toOslo(now).split(/[T:]/);
  return Holiday.isWorkingDay(day) && Number(hour) >= 8 && Number(hour) < 16;
}

/** The one thing that a nudge is about: the longest over its day, of several the first; null when nothing is over. */
export function about<T extends Pick<Due, 'dueOn'>>(waiting: T[], today: string): T | null {
  const over = waiting.filter(({ dueOn }) => daysOver(dueOn, today) > 0);
  return over.toSorted((a, b) => daysOver(b.dueOn, today) - daysOver(a.dueOn, today))[0] ?? null;
}
