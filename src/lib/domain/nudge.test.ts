import { describe, expect, it } from 'vitest';
import type { Due } from '#domain/due.ts';
import { about, isTime, weekOf } from '#domain/nudge.ts';

describe('a week is called by its Monday, in Norway', () => {
  it.each([
    ['a Monday morning', '2026-11-23T08:00:00+01:00', '2026-11-23'],
    ['a Sunday night', '2026-11-29T23:59:59+01:00', '2026-11-23'],
    ['Norwegian midnight, while it is Sunday in Greenwich', '2026-11-30T00:00:00+01:00', '2026-11-30'],
    ['the last day of a year, in week 53', '2026-12-31T12:00:00+01:00', '2026-12-28'],
    ['the first day of the next, in the same week', '2027-01-01T12:00:00+01:00', '2026-12-28'],
    ['its Sunday', '2027-01-03T12:00:00+01:00', '2026-12-28'],
    ['and the Monday after', '2027-01-04T08:00:00+01:00', '2027-01-04'],
    ['1 January in week 1, which began in the old year', '2026-01-01T12:00:00+01:00', '2025-12-29'],
    ['a year of 53 weeks before', '2021-01-01T12:00:00+01:00', '2020-12-28'],
    ['the Sunday on which summer time begins', '2027-03-28T03:30:00+02:00', '2027-03-22'],
    ['the Sunday on which it ends', '2026-10-25T02:30:00+01:00', '2026-10-19'],
    ['29 February', '2028-02-29T12:00:00+01:00', '2028-02-28'],
  ])('%s', (_, at, monday) => expect(weekOf(new Date(at))).toBe(monday));
});

describe('a nudge is sent while people are at work', () => {
  it.each([
    ['Monday at eight', '2026-11-23T08:00:00+01:00', true],
    ['a second before', '2026-11-23T07:59:59+01:00', false],
    ['Friday a second before four', '2026-11-27T15:59:59+01:00', true],
    ['Friday at four', '2026-11-27T16:00:00+01:00', false],
    ['Saturday', '2026-11-28T12:00:00+01:00', false],
    ['Sunday', '2026-11-29T12:00:00+01:00', false],
    ['midnight', '2026-11-24T00:00:00+01:00', false],
    ['the day before summer time, at eight in Norway', '2027-03-26T07:00:00Z', false],
    ['the day after Easter in summer time, at eight in Norway', '2027-03-30T06:00:00Z', true],
    ['in summer time, at half past seven in Norway', '2027-04-05T05:30:00Z', false],
    ['in winter time, at eight in Norway', '2026-10-26T07:00:00Z', true],
    ['and an hour before, as it was in summer', '2026-10-26T06:00:00Z', false],
    ['Constitution Day', '2027-05-17T10:00:00+02:00', false],
    ['Maundy Thursday', '2027-03-25T10:00:00+01:00', false],
  ])('%s: %s', (_, at, may) => expect(isTime(new Date(at))).toBe(may));
});

describe('a nudge is about one thing', () => {
  const unit = { code: 'A', name: 'A' };
  const step = (id: string, dueOn: string | null): Due => ({
    ...{ kind: 'step', step: 'received', unit, round: { id, name: id } },
    dueOn,
  });
  const report: Due = {
    ...{ kind: 'report', id: 'r', period: 't2', year: 2026, unit },
    dueOn: '2026-09-15',
  };
  it.each<[string, Due[], Due | null]>([
    ['nothing waits', [], null],
    ['nothing is over', [step('a', '2026-11-25'), step('b', null)], null],
    ['the longest over', [step('a', '2026-11-20'), report, step('b', '2026-10-20')], report],
    ['of two equal the first', [step('a', '2026-11-20'), step('b', '2026-11-20')], step('a', '2026-11-20')],
  ])('%s', (_, waiting, expected) => expect(about(waiting, '2026-11-25')).toEqual(expected));
});
