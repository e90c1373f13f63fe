import { expect, test } from 'vitest';
import { coverage, fault, total } from '#domain/outcome.ts';

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
  const found = coverage({ invited: 100, counted: 59 }, of(0, 16, 25), 5);
  expect(found.ofAll).toBeCloseTo(0.59);
  expect(found.ofAble).toBeCloseTo(0.787, 3);
  expect(found).toMatchObject(of(0, 16, 25));
});

test('a few are not shown, nor the share that would tell how few', () => {
  expect(coverage({ invited: 100, counted: 59 }, of(1, 4, 4), 5)).toEqual({
    ofAll: 0.59,
    ofAble: null,
    brokenOff: null,
    unwilling: null,
    unable: null,
  });
});

test('what is few cannot be got by taking the others from those invited', () => {
  for (const few of [of(3, 7, 0), of(0, 3, 16), of(16, 0, 4)])
    expect(coverage({ invited: 100, counted: 59 }, few, 5)).toEqual({
      ...{ ofAll: 0.59, ofAble: null, brokenOff: null, unwilling: null, unable: null },
    });
});

test('a share is never over the whole, and of nobody there is none', () => {
  expect(coverage({ invited: 20, counted: 12 }, of(0, 0, 10), 5).ofAble).toBe(1);
  expect(coverage({ invited: 20, counted: 0 }, of(0, 0, 20), 5).ofAble).toBeNull();
});
