import { describe, expect, it } from 'vitest';
import * as Fatigue from '#domain/fatigue.ts';

const asked = (openedOn: string, minutes = 8): Fatigue.Asking => ({ openedOn, minutes });

it.each<[string, Fatigue.Asking[], Fatigue.Asking, Fatigue.Limit[]]>([
  ['nobody asked before', [], asked('2027-09-06'), []],
  ['179 days before', [asked('2027-03-11')], asked('2027-09-06'), ['one-in-180']],
  ['180 days before', [asked('2027-03-10')], asked('2027-09-06'), []],
  ['179 days after, planned', [asked('2028-03-03')], asked('2027-09-06'), ['one-in-180']],
  ['the same day', [asked('2027-09-06')], asked('2027-09-06'), ['one-in-180']],
  ['over 29 February 2028 it is 181 days', [asked('2027-09-06')], asked('2028-03-05'), []],
  ['a short one just before', [asked('2027-09-01', 4)], asked('2027-09-06'), []],
  ['one of five minutes is a full one', [asked('2027-09-01', 5)], asked('2027-09-06'), ['one-in-180']],
  ['a short one soon after a full one', [asked('2027-09-01')], asked('2027-09-06', 4), []],
  [
    'the third within 365 days',
    [asked('2026-09-07'), asked('2027-03-08')],
    asked('2027-09-06'),
    ['two-in-365'],
  ],
  ['the third on the 366th day', [asked('2026-09-06'), asked('2027-03-08')], asked('2027-09-06'), []],
  ['between two', [asked('2027-09-06'), asked('2028-09-04')], asked('2028-03-06'), ['two-in-365']],
  ['thirty minutes', [asked('2027-01-04', 15), asked('2027-02-01', 4)], asked('2027-08-02', 11), []],
  ['thirty-one', [asked('2027-01-04', 16), asked('2027-02-01', 4)], asked('2027-08-02', 11), ['minutes']],
  ['thirty-one by short ones', [asked('2027-06-01', 27)], asked('2027-08-02', 4), ['minutes']],
  ['too much already, but long ago', [asked('2025-01-01', 40)], asked('2027-08-02'), []],
])('%s', (_, others, asking, limits) => {
  expect(Fatigue.broken(others, asking)).toEqual(limits);
});

describe('a whole municipality', () => {
  const groups: Fatigue.Group[] = [
    { others: [asked('2027-05-03')], people: 312 },
    { others: [], people: 588 },
  ];

  it('is weighed by its histories', () => {
    expect(Fatigue.weigh(groups, asked('2027-09-06'))).toEqual({
      people: 312,
      of: 900,
      limits: ['one-in-180'],
    });
    expect(Fatigue.weigh(groups, asked('2027-11-01'))).toEqual({ people: 0, of: 900, limits: [] });
  });

  it('is offered the nearest day that keeps the limits and fits', () => {
    const isMonday = (day: string) => new Date(day).getUTCDay() === 1;
    expect(Fatigue.nearest(groups, asked('2027-09-06'), () => true)).toBe('2027-10-30');
    expect(Fatigue.nearest(groups, asked('2027-09-06'), isMonday)).toBe('2027-11-01');
    expect(Fatigue.nearest(groups, asked('2027-06-01'), () => true)).toBe('2027-10-30');
    expect(Fatigue.nearest(groups, asked('2027-05-20'), () => true)).toBe('2027-10-30');
    expect(Fatigue.nearest(groups, asked('2027-05-20'), () => false)).toBeNull();
  });

  it('is offered a day before when that is nearer, and after when both are as near', () => {
    const later: Fatigue.Group[] = [{ others: [asked('2027-12-01')], people: 9 }];
    expect(Fatigue.nearest(later, asked('2027-06-10'), () => true)).toBe('2027-06-04');
    const same: Fatigue.Group[] = [{ others: [asked('2027-06-02')], people: 9 }];
    expect(Fatigue.nearest(same, asked('2027-06-02'), () => true)).toBe('2027-11-29');
  });

  it('of four thousand is weighed at once', () => {
    const many: Fatigue.Group[] = Array.from({ length: 200 }, (_, i) => ({
      others: Array.from({ length: 20 }, (_, j) => asked(`20${20 + j}-0${1 + (i % 9)}-10`)),
      people: 20,
    }));
    const start = performance.now();
    Fatigue.nearest(many, asked('2027-09-06'), () => true);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
