import * as Day from '#domain/day.ts';
import { daysOver, type Due } from '#domain/due.ts';
import { toOslo } from '#domain/oslo.ts';

const weekday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay();

/** The Monday (ISO day) of the week that a moment is in, in Norway: what a week is called, also over New Year. */
export function weekOf(now: Date): string {
  const today = Day.at(now);
  return Day.plus(today, -((weekday(today) + 6) % 7));
}

/** Easter Sunday of a year (ISO day), by the anonymous Gregorian rule. */
function easter(year: number): string {
  const a = year % 19;
  const [b, c] = [Math.floor(year / 100), year % 100];
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  const [month, date] = [Math.floor(f / 31), (f % 31) + 1];
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

const fixed = ['01-01', '05-01', '05-17', '12-24', '12-25', '12-26', '12-31'];
/** Maundy Thursday to Easter Monday, Ascension Day, Whit Monday: days from Easter Sunday. */
const moving = [-3, -2, 0, 1, 39, 50];

/** Norwegian public holidays, and the two eves that are none but when hardly anybody is at work. */
export const isHoliday = (day: string): boolean =>
  fixed.includes(day.slice(5)) || moving.includes(Day.between(easter(Number(day.slice(0, 4))), day));

/** Whether a nudge may be sent: Monday to Friday from 8 to 16 Norwegian time, and no public holiday. */
export function isTime(now: Date): boolean {
  const [day = '', hour = ''] = toOslo(now).split(/[T:]/);
  const workday = weekday(day) >= 1 && weekday(day) <= 5 && !isHoliday(day);
  return workday && Number(hour) >= 8 && Number(hour) < 16;
}

/** The one thing that a nudge is about: the longest over its day, of several the first; null when nothing is over. */
export function about<T extends Pick<Due, 'dueOn'>>(waiting: T[], today: string): T | null {
  const over = waiting.filter(({ dueOn }) => daysOver(dueOn, today) > 0);
  return over.toSorted((a, b) => daysOver(b.dueOn, today) - daysOver(a.dueOn, today))[0] ?? null;
}
