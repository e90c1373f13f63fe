import { expect, test } from 'vitest';
import { coverage, fault, isWithin, keep, total } from '#domain/outcome.ts';

const of = (brokenOff: number, unwilling: number, unable: number) => ({ brokenOff, unwilling, unable });

test.each([
  [of(0, 0, 0), null],
  [of(1, 2, 9), null],
  [of(1, 2, 10), 'many'],
  [of(-1, 0, 0), 'number'],
  [of(0.5, 0, 0), 'number'],
  [of(NaN, 0, 0), 'number'],
])('of twelve, %o is %s', (numbers, refusal) => expect(fault(numbers, 12)).toBe(refusal));

test('groups add up', () => expect(total([of(1, 2, 3), of(4, 5, 6)])).toEqual(of(5, 7, 9)));

test('coverage is of all and of those able, as Køge has it', () => {
  const found = coverage({ invited: 100, counted: 59 }, of(0, 16, 25));
  expect(found.ofAll).toBeCloseTo(0.59);
  expect(found.ofAble).toBeCloseTo(0.787, 3);
});

test('what is shown adds up to those invited', () => {
  for (const [counted, outcomes] of [
    [59, of(0, 16, 25)],
    [50, of(7, 8, 9)],
    [0, of(0, 0, 0)],
    [100, of(0, 0, 0)],
  ] as const) {
    const { numbers, ...found } = coverage({ invited: 100, counted }, outcomes);
    const { brokenOff, unwilling, unable, unknown } = numbers!;
    expect(found.counted + brokenOff + unwilling + unable + unknown).toBe(found.invited);
    expect(unknown).toBeGreaterThanOrEqual(0);
  }
});

test.each([
  [of(0, 16, 25), true],
  [of(1, 16, 25), false],
  [of(41, 0, 0), true],
])('of a hundred with 59 answers, %o can stand: %s', (outcomes, can) =>
  expect(isWithin({ invited: 100, counted: 59 }, outcomes)).toBe(can),
);

test('a few are not kept, nor the others, which with those invited would tell them', () => {
  for (const few of [of(1, 4, 4), of(3, 7, 0), of(0, 3, 16), of(16, 0, 4)])
    expect(keep(few, 5)).toEqual({ withheld: true });
  for (const many of [of(0, 0, 0), of(5, 0, 16)]) expect(keep(many, 5)).toEqual(many);
  expect(coverage({ invited: 100, counted: 59 }, { withheld: true })).toEqual({
    ...{ invited: 100, counted: 59, ofAll: 0.59, ofAble: null, numbers: null },
  });
});

test('where nobody was able there is no share of them', () => {
  expect(coverage({ invited: 20, counted: 0 }, of(0, 0, 20)).ofAble).toBeNull();
});
