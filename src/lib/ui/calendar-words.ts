import type { Kind, MoveRefusal, Reason } from '#domain/calendar.ts';
import { few, type Limit, minutesInAYear } from '#domain/fatigue.ts';
import { m } from '#messages';
import { getLocale } from '#messages/runtime';
import { both, count } from '#ui/figures.ts';

type Locale = 'nb' | 'nn' | 'en';
type Words = (_: { nth: number }, options?: { locale?: Locale }) => string;
const plain =
  (words: (_?: object, options?: { locale?: Locale }) => string): Words =>
  (_, options) =>
    words({}, options);

export const kindWords: Record<Kind, Words> = {
  approval: plain(m.calendar_approval),
  information: plain(m.calendar_information),
  freezing: plain(m.calendar_freezing),
  opening: plain(m.calendar_opening),
  reminder: m.calendar_reminder,
  stop: plain(m.calendar_stop),
  close: plain(m.calendar_close),
  release: plain(m.calendar_release),
  'first-meeting': plain(m.calendar_first_meeting),
  'second-meeting': plain(m.calendar_second_meeting),
  plan: plain(m.calendar_plan),
  t1: plain(m.calendar_t1),
  t2: plain(m.calendar_t2),
  annual: plain(m.calendar_annual),
};

/** Why an opening is not on the first Monday of its month. */
export const reasonWords: Record<Reason, () => string> = {
  easter: m.calendar_why_easter,
  july: m.calendar_why_july,
  christmas: m.calendar_why_christmas,
  'day-off': m.calendar_why_day_off,
};

export const moveRefusalWords: Record<MoveRefusal, () => string> = {
  past: m.calendar_move_past,
  far: m.calendar_move_far,
  easter: m.calendar_move_easter,
  july: m.calendar_move_july,
  christmas: m.calendar_move_christmas,
  'day-off': m.calendar_move_day_off,
};

const limitWords: Record<Limit, () => string> = {
  'one-in-180': m.calendar_limit_one,
  'two-in-365': m.calendar_limit_two,
  minutes: () => m.calendar_limit_minutes({ minutes: minutesInAYear }),
};

/** "312 of 900 invited would get two full surveys in 180 days.": a number under five is said as "a few". */
export function warningWords(of: { people: number; of: number; limits: Limit[] }): string {
  const limits = both(of.limits.map((limit) => limitWords[limit]()));
  return of.people < few
    ? m.calendar_warning_few({ limits })
    : m.calendar_warning({ people: count(of.people), of: count(of.of), limits });
}

const tags = { nb: 'nb-NO', nn: 'nn-NO', en: 'en-GB', se: 'nb-NO' };
const written = (iso: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(tags[getLocale()], { timeZone: 'UTC', ...options }).format(new Date(iso));

/** "6. sep." */
export const shortDay = (iso: string): string => written(iso, { day: 'numeric', month: 'short' });
/** "mandag 6. september" */
export const weekdayWords = (iso: string): string =>
  written(iso, { weekday: 'long', day: 'numeric', month: 'long' });
/** "september 2027", from any day of it */
export const monthWords = (iso: string): string => {
  const words = written(iso, { month: 'long', year: 'numeric' });
  return words.charAt(0).toLocaleUpperCase(getLocale()) + words.slice(1);
};
/** "september", from 1 to 12 */
export const monthName = (month: number): string =>
  written(`2027-${String(month).padStart(2, '0')}-01`, { month: 'long' });
