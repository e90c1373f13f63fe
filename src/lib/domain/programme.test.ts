import { describe, expect, it } from 'vitest';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';
import * as Programme from '#domain/programme.ts';

/*
 * The calendar 2026 to 2036, written by hand with an almanac beside: the day each survey opens and stops, and why it
 * is not on the first Monday of its month. Leaders are evaluated on decision, here in 2028.
 */
const byHand: Record<QuestionnaireKind, [opens: string, stops: string, why?: string][]> = {
  extraordinary: [
    ['Monday 2026-09-07', '2026-09-28'],
    ['Monday 2028-09-04', '2028-09-25'],
    ['Monday 2030-09-02', '2030-09-23'],
    ['Monday 2032-09-06', '2032-09-27'],
    ['Monday 2034-09-04', '2034-09-25'],
    ['Monday 2036-09-01', '2036-09-22'],
  ],
  employee: [
    ['Monday 2027-09-06', '2027-09-27'],
    ['Monday 2029-09-03', '2029-09-24'],
    ['Monday 2031-09-01', '2031-09-22'],
    ['Monday 2033-09-05', '2033-09-26'],
    ['Monday 2035-09-03', '2035-09-24'],
  ],
  leader: [['Monday 2028-03-06', '2028-03-27']],
  // Easter Sunday: 28 March 2027, 1 April 2029, 13 April 2031, 17 April 2033, 25 March 2035.
  resident: [
    ['Tuesday 2027-03-30', '2027-04-20', 'easter'],
    ['Thursday 2029-03-01', '2029-03-22', 'easter'],
    ['Monday 2031-03-03', '2031-03-24'],
    ['Monday 2033-03-07', '2033-03-28'],
    ['Tuesday 2035-03-27', '2035-04-17', 'easter'],
  ],
  relative: [
    ['Tuesday 2027-03-30', '2027-04-20', 'easter'],
    ['Thursday 2029-03-01', '2029-03-22', 'easter'],
    ['Monday 2031-03-03', '2031-03-24'],
    ['Monday 2033-03-07', '2033-03-28'],
    ['Tuesday 2035-03-27', '2035-04-17', 'easter'],
  ],
};
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const named = (day: string) => `${weekdays[new Date(day).getUTCDay()]} ${day}`;

describe('the calendar from 2026 to 2036', () => {
  it.each(Programme.standard)('is for $kind as written by hand', (of) => {
    const decided = of.kind === 'leader' ? { ...of, firstYear: 2028 } : of;
    const found = Programme.runs(decided, 2026, 2036, new Map());
    expect(
      found.map(({ opensOn, stopsOn, why }) => [named(opensOn), stopsOn, ...(why ? [why] : [])]),
    ).toEqual(byHand[of.kind]);
  });
});

const rhythm: Programme.Rhythm = { firstYear: 2027, everyYears: 2, month: 9, windowDays: 21 };

it.each([
  [{ ...rhythm }, 2026, 2032, [2027, 2029, 2031]],
  [{ ...rhythm, everyYears: 1 }, 2030, 2032, [2030, 2031, 2032]],
  [{ ...rhythm, everyYears: 3 }, 2029, 2034, [2030, 2033]],
  [{ ...rhythm, everyYears: null }, 2026, 2036, [2027]],
  [{ ...rhythm, everyYears: null }, 2028, 2036, []],
  [{ ...rhythm, firstYear: null, everyYears: null }, 2026, 2036, []],
])('%o runs from %i to %i in %o', (of, from, to, years) => {
  expect(Programme.yearsOf(of, from, to)).toEqual(years);
});

it('a run that was moved keeps its year and takes its whole window along', () => {
  const [moved, kept] = Programme.runs(rhythm, 2027, 2029, new Map([[2027, '2027-10-11']]));
  expect(moved).toEqual({
    year: 2027,
    opensOn: '2027-10-11',
    stopsOn: '2027-11-01',
    reminders: [7, 14],
    why: null,
    moved: true,
  });
  expect(kept).toMatchObject({ year: 2029, opensOn: '2029-09-03', moved: false });
});

it.each([
  ['2027-03-09', false, '181 days before'],
  ['2027-03-10', true, '180 days before'],
  ['2027-09-05', true, 'the day before'],
  ['2027-09-06', false, 'the day itself: too late to plan'],
])('on %s the run of 6 September 2027 is due: %s (%s)', (today, due) => {
  expect(Programme.isDue(Programme.runs(rhythm, 2027, 2027, new Map())[0]!, today)).toBe(due);
});

const written: Programme.Written = {
  ...rhythm,
  name: 'Medarbeiderundersøkelsen',
  questionnaireKey: 'employee',
  unitCodes: ['K'],
};
it.each([
  [{}, []],
  [{ everyYears: null, firstYear: null }, []],
  [{ name: '  ' }, ['name']],
  [{ name: 'å'.repeat(121) }, ['name']],
  [{ questionnaireKey: '', unitCodes: [] }, ['questionnaire', 'units']],
  [{ firstYear: null }, ['first-year']],
  [{ firstYear: 1999 }, ['first-year']],
  [{ firstYear: NaN, everyYears: 0 }, ['first-year', 'every-years']],
  [{ everyYears: 1.5 }, ['every-years']],
  [{ month: 13, windowDays: 6 }, ['month', 'window-days']],
  [{ windowDays: 43 }, ['window-days']],
])('written with %o it is refused for %o', (over, refusals) => {
  expect(Programme.faults({ ...written, ...over })).toEqual(refusals);
});
