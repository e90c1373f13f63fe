import { expect, it } from 'vitest';
import * as Day from '#domain/day.ts';

it('is the day in Norway, summer and winter', () => {
  expect(Day.at(new Date('2026-06-30T22:00:00Z'))).toBe('2026-07-01');
  expect(Day.at(new Date('2026-12-31T22:59:00Z'))).toBe('2026-12-31');
  expect(Day.at(new Date('2026-12-31T23:00:00Z'))).toBe('2027-01-01');
});

it('moves across months and leap days', () => {
  expect(Day.plus('2026-03-01', -1)).toBe('2026-02-28');
  expect(Day.plus('2028-02-28', 1)).toBe('2028-02-29');
  expect(Day.plus('2026-10-24', 2)).toBe('2026-10-26');
});

it.each([
  ['2026-11-24', '2026-11-25', 1],
  ['2026-11-25', '2026-11-25', 0],
  ['2026-03-28', '2026-03-30', 2],
  ['2028-03-01', '2028-02-28', -2],
])('from %s to %s there are %i days', (from, to, days) => expect(Day.between(from, to)).toBe(days));

it.each([
  ['2026-01-31', '2026-01-31'],
  ['31.01.2026', '2026-01-31'],
  ['1.2.2026', '2026-02-01'],
  ['2019-08-01T00:00:00Z', '2019-08-01'],
  ['2026-02-30', null],
  ['31.04.2026', null],
  ['2026-13-01', null],
  ['01/02/2026', null],
  ['45678', null],
  ['0026-01-01', null],
  ['', null],
])('reads %j as %j', (text, day) => {
  expect(Day.parse(text)).toBe(day);
});

it('stands from the first day to the last, both within', () => {
  const period = { validFrom: '2026-01-01', validTo: '2026-06-30' };
  expect(
    ['2025-12-31', '2026-01-01', '2026-06-30', '2026-07-01'].map((on) => Day.stands(period, on)),
  ).toEqual([false, true, true, false]);
  expect(Day.stands({ ...period, validTo: null }, '2099-01-01')).toBe(true);
});
