import * as Day from '#domain/day.ts';

/** A calendar of ten years asks for the same few years some hundred thousand times: each is reckoned once. */
function ofYear<T>(reckon: (year: number) => T): (year: number) => T {
  const known = new Map<number, T>();
  return (year) => {
    const found = known.get(year) ?? reckon(year);
    known.set(year, found);
    return found;
  };
}

/** Easter Sunday of a year (ISO day), by the Gregorian computus (Meeus, Jones and Butcher). */
export const easter = ofYear((year): string => {
  const a = year % 19;
  const century = Math.floor(year / 100);
  const b = year % 100;
  const c = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const h = (19 * a + century - Math.floor(century / 4) - c + 15) % 30;
  const i = (32 + 2 * (century % 4) + 2 * Math.floor(b / 4) - h - (b % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * i) / 451);
  return Day.plus(`${year}-03-01`, h + i - 7 * m + 21);
});

/** The public holidays of a year, Sundays among them where they are high days: laws of 1947 (1 and 17 May) and 1995 (church year). */
export const holidays = ofYear((year): readonly string[] => {
  const from = (days: number) => Day.plus(easter(year), days);
  const fixed = ['01-01', '05-01', '05-17', '12-25', '12-26'].map((day) => `${year}-${day}`);
  return [...fixed, from(-3), from(-2), from(0), from(1), from(39), from(49), from(50)].sort();
});

/** 0 Sunday, 1 Monday … 6 Saturday. */
export const weekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

const yearOf = (day: string) => Number(day.slice(0, 4));

/** Whether people are at work: Monday to Friday, and no public holiday. */
export const isWorkingDay = (day: string): boolean =>
  weekday(day) >= 1 && weekday(day) <= 5 && !holidays(yearOf(day)).includes(day);

/** Times when nobody is to be asked: the answers would be few, and the leaders away (issue 3, "Rotation"). */
export type Quiet = 'easter' | 'july' | 'christmas';

const easterQuiet = ofYear((year) => ({
  from: Day.plus(easter(year), -8),
  to: Day.plus(easter(year), 1),
}));

/** The quiet time a day is in: Palm Saturday to Easter Monday, July, 20 December to 2 January; null: none. */
export function quiet(day: string): Quiet | null {
  const date = day.slice(5);
  if (date >= '07-01' && date <= '07-31') return 'july';
  if (date >= '12-20' || date <= '01-02') return 'christmas';
  const { from, to } = easterQuiet(yearOf(day));
  return day >= from && day <= to ? 'easter' : null;
}

/** The first quiet time that days from one to another meet, both among them; null when they are clear of all. */
export function quietWithin(from: string, to: string): Quiet | null {
  const starts: string[] = [];
  for (let year = yearOf(from); year <= yearOf(to); year++)
    starts.push(easterQuiet(year).from, `${year}-07-01`, `${year}-12-20`);
  const next = starts.find((start) => start > from && start <= to);
  return quiet(from) ?? (next === undefined ? null : quiet(next));
}

/** The day itself when people are at work, else the last day before when they are. */
export function workingDayBy(day: string): string {
  let by = day;
  while (!isWorkingDay(by)) by = Day.plus(by, -1);
  return by;
}

/** As workingDayBy, and outside the quiet times: for what needs a committee, or people at their desks. */
export function deskDayBy(day: string): string {
  let by = day;
  while (!isWorkingDay(by) || quiet(by)) by = Day.plus(by, -1);
  return by;
}

/**
 * The day by which people are asked to act: the last one by a day when they are at their desks, unless that is not
 * after another day, which it follows; then the working day before, else the day itself.
 */
export function actBy(day: string, after: string): string {
  const desk = deskDayBy(day);
  if (desk > after) return desk;
  const working = workingDayBy(day);
  return working > after ? working : day;
}
