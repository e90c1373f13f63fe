import { expect, it } from 'vitest';
import * as Holiday from '#domain/holiday.ts';

/** From printed almanacs. */
it.each([
  [1943, '1943-04-25'],
  [2000, '2000-04-23'],
  [2008, '2008-03-23'],
  [2026, '2026-04-05'],
  [2027, '2027-03-28'],
  [2028, '2028-04-16'],
  [2029, '2029-04-01'],
  [2030, '2030-04-21'],
  [2031, '2031-04-13'],
  [2032, '2032-03-28'],
  [2033, '2033-04-17'],
  [2034, '2034-04-09'],
  [2035, '2035-03-25'],
  [2036, '2036-04-13'],
  [2038, '2038-04-25'],
])('Easter Sunday of %i is %s', (year, sunday) => {
  expect(Holiday.easter(year)).toBe(sunday);
});

it('knows the days off of a year', () => {
  expect(Holiday.holidays(2027)).toEqual([
    '2027-01-01',
    '2027-03-25',
    '2027-03-26',
    '2027-03-28',
    '2027-03-29',
    '2027-05-01',
    '2027-05-06',
    '2027-05-16',
    '2027-05-17',
    '2027-05-17',
    '2027-12-25',
    '2027-12-26',
  ]);
});

it.each([
  ['2027-05-14', true, 'a Friday'],
  ['2027-05-15', false, 'a Saturday'],
  ['2027-05-17', false, 'the national day, and Whit Monday'],
  ['2027-05-06', false, 'Ascension Day'],
  ['2029-05-01', false, 'the first of May, a Tuesday'],
  ['2028-02-29', true, 'a Tuesday that only leap years have'],
  ['2027-12-24', true, 'Christmas Eve: no holiday by law'],
  ['2030-12-26', false, 'Boxing Day'],
])('%s is a working day: %s (%s)', (day, is, _why) => {
  expect(Holiday.isWorkingDay(day)).toBe(is);
});

it.each([
  ['2027-03-19', null, 'the Friday before Palm Saturday'],
  ['2027-03-20', 'easter', 'Palm Saturday'],
  ['2027-03-29', 'easter', 'Easter Monday'],
  ['2027-03-30', null, 'the Tuesday after'],
  ['2027-06-30', null, ''],
  ['2027-07-01', 'july', ''],
  ['2027-07-31', 'july', ''],
  ['2027-08-01', null, ''],
  ['2027-12-19', null, ''],
  ['2027-12-20', 'christmas', ''],
  ['2028-01-02', 'christmas', ''],
  ['2028-01-03', null, ''],
])('%s is in the quiet time %s (%s)', (day, expected, _why) => {
  expect(Holiday.quiet(day)).toBe(expected);
});

it.each([
  ['2027-03-01', '2027-03-19', null],
  ['2027-03-01', '2027-03-20', 'easter'],
  ['2027-06-20', '2027-08-10', 'july'],
  ['2027-12-13', '2028-01-03', 'christmas'],
  ['2027-12-25', '2027-12-26', 'christmas'],
  ['2028-01-01', '2028-01-10', 'christmas'],
  ['2028-01-03', '2028-04-07', null],
  ['2027-03-29', '2027-07-01', 'easter'],
])('from %s to %s one meets %s', (from, to, met) => {
  expect(Holiday.quietWithin(from, to)).toBe(met);
});

it.each([
  ['2027-05-17', '2027-05-14', '2027-05-14'],
  ['2027-03-29', '2027-03-24', '2027-03-19'],
  ['2027-07-12', '2027-07-12', '2027-06-30'],
  ['2028-01-01', '2027-12-31', '2027-12-17'],
])('by %s: at work %s, at the desk %s', (day, working, desk) => {
  expect(Holiday.workingDayBy(day)).toBe(working);
  expect(Holiday.deskDayBy(day)).toBe(desk);
});
