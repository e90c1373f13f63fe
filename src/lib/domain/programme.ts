import * as Day from '#domain/day.ts';
import type { Window } from '#domain/calendar.ts';
import * as Calendar from '#domain/calendar.ts';
import type { Fields } from '#domain/merge.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';

/**
 * What recurs: a survey every so many years from a year on, in a month. firstYear null: not decided yet. everyYears
 * null: on decision, in the first year alone.
 */
export type Rhythm = {
  firstYear: number | null;
  everyYears: number | null;
  /** 1 to 12. */
  month: number;
  /** Days from opening to stop. */
  windowDays: number;
};

/** A programme as HR writes it. unitCodes: units asked, with all below them. */
export type Written = Rhythm & { name: string; questionnaireKey: string; unitCodes: string[] };

/** Days a window may last: a week at least; what fits between Christmas and Easter at most. */
export const windowLimits = { least: 7, most: 42 };
/** Years a programme may begin in. */
const yearLimits = { least: 2020, most: 2099 };

export type Refusal =
  /** No name, or more than 120 signs. */
  | 'name'
  | 'questionnaire'
  | 'units'
  /** No first year although it recurs, or none that a calendar here has. */
  | 'first-year'
  /** Not 1 to 10 years between. */
  | 'every-years'
  | 'month'
  | 'window-days';

const isWithin = (value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most;

/** What is wrong with a programme as written, in the order of the form. */
export function faults(written: Written): Refusal[] {
  const { name, questionnaireKey, unitCodes, firstYear, everyYears, month, windowDays } = written;
  const begins =
    firstYear === null ? everyYears === null : isWithin(firstYear, yearLimits.least, yearLimits.most);
  const checks: [Refusal, boolean][] = [
    ['name', name.trim() !== '' && [...name].length <= 120],
    ['questionnaire', questionnaireKey !== ''],
    ['units', unitCodes.length > 0],
    ['first-year', begins],
    ['every-years', everyYears === null || isWithin(everyYears, 1, 10)],
    ['month', isWithin(month, 1, 12)],
    ['window-days', isWithin(windowDays, windowLimits.least, windowLimits.most)],
  ];
  return checks.filter(([, holds]) => !holds).map(([refusal]) => refusal);
}

/** A programme as it stands in a form: for two who change it at once. units: codes in order, with spaces between. */
export const fieldsOf = (written: Written): Fields => ({
  name: written.name.trim(),
  questionnaire: written.questionnaireKey,
  units: written.unitCodes.toSorted().join(' '),
  firstYear: String(written.firstYear ?? ''),
  everyYears: String(written.everyYears ?? ''),
  month: String(written.month),
  windowDays: String(written.windowDays),
});

/** A programme from the fields of a form. What is no whole number becomes NaN, which is refused. */
export function read(fields: Fields): Written {
  const number = (name: string) =>
    /^\d{1,4}$/.test(fields[name]?.trim() ?? '') ? Number(fields[name]) : NaN;
  const orNone = (name: string) => (fields[name]?.trim() ? number(name) : null);
  return {
    name: (fields.name ?? '').trim(),
    questionnaireKey: fields.questionnaire ?? '',
    unitCodes: (fields.units ?? '').split(' ').filter(Boolean),
    firstYear: orNone('firstYear'),
    everyYears: orNone('everyYears'),
    month: number('month'),
    windowDays: number('windowDays'),
  };
}

/** The years a programme runs in, from one to another, both among them. */
export function yearsOf({ firstYear, everyYears }: Rhythm, from: number, to: number): number[] {
  if (firstYear === null) return [];
  if (everyYears === null) return firstYear >= from && firstYear <= to ? [firstYear] : [];
  const years: number[] = [];
  for (let year = firstYear; year <= to; year += everyYears) if (year >= from) years.push(year);
  return years;
}

/** One run: its year, its window, and why it is not on the first Monday of its month. moved: HR has chosen the day. */
export type Run = Window & { year: number; why: Calendar.Reason | null; moved: boolean };

/** A programme's runs in some years, each where HR moved it, else where the rule puts it. moves: opening days by year. */
export function runs(rhythm: Rhythm, from: number, to: number, moves: Map<number, string>): Run[] {
  return yearsOf(rhythm, from, to).map((year) => {
    const rule = Calendar.windowOf(rhythm, year);
    const day = moves.get(year);
    if (day === undefined) return { year, moved: false, ...rule };
    return { year, moved: true, ...Calendar.windowFrom(day, rhythm.windowDays), why: null };
  });
}

/** Whether a run is due to become a planned round on a day: within planLead days of an opening that is still ahead. */
export const isDue = (run: Run, today: string): boolean =>
  run.opensOn > today && Day.between(today, run.opensOn) <= Calendar.planLead;

/** Surveys that ask the people who work in the units; the others ask residents and relatives, whom nobody here knows. */
export const asksStaff = (kind: QuestionnaireKind): boolean => kind !== 'resident' && kind !== 'relative';

/** One of the five surveys of domain.md section 3, before it has units. where: everybody, or the health area. */
export type Standard = Rhythm & { kind: QuestionnaireKind; where: 'whole' | 'health' };

/**
 * The five standard programmes (issue 3, "Rotation"). The two large ones in September: measures are in plan by
 * Christmas, and the annual report is the first to tell of them. Residents, relatives and leaders in March, half a
 * year from both.
 */
export const standard: Standard[] = [
  { kind: 'employee', where: 'whole', firstYear: 2027, everyYears: 2, month: 9, windowDays: 21 },
  { kind: 'extraordinary', where: 'health', firstYear: 2026, everyYears: 2, month: 9, windowDays: 21 },
  { kind: 'leader', where: 'whole', firstYear: null, everyYears: null, month: 3, windowDays: 21 },
  { kind: 'resident', where: 'health', firstYear: 2027, everyYears: 2, month: 3, windowDays: 21 },
  { kind: 'relative', where: 'health', firstYear: 2027, everyYears: 2, month: 3, windowDays: 21 },
];
