import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answeredBy, cycles, inTreeOrder, within } from '#domain/unit.ts';

const u = (code: string, parent: string | null = null) => ({ code, parent });
const order = (units: { code: string; parent: string | null }[]) =>
  inTreeOrder(units).map(({ unit, depth }) => `${depth}${unit.code}`);

it('puts parents before children, sisters by code, numbers as numbers', () => {
  expect(order([u('A-10', 'A'), u('A-2', 'A'), u('A'), u('A-2-x', 'A-2')])).toEqual([
    '0A',
    '1A-2',
    '2A-2-x',
    '1A-10',
  ]);
});

it('puts a unit whose parent is away at the top, and leaves out cycles', () => {
  expect(order([u('B', 'away'), u('C', 'D'), u('D', 'C'), u('E', 'D')])).toEqual(['0B']);
});

it('makes a tree of those that pass, by their ways from the top', () => {
  const tree = inTreeOrder([u('K'), u('H', 'K'), u('A', 'H'), u('B', 'H'), u('T', 'K')]);
  const flat = tree.map(({ unit, depth }) => ({ ...unit, depth }));
  expect(within(flat, (path) => path.includes('H'))).toEqual([
    { ...u('H', 'K'), depth: 0, path: ['K', 'H'] },
    { ...u('A', 'H'), depth: 1, path: ['K', 'H', 'A'] },
    { ...u('B', 'H'), depth: 1, path: ['K', 'H', 'B'] },
  ]);
  expect(within(flat, () => false)).toEqual([]);
});

it('finds each cycle once, whoever leads into it', () => {
  expect(cycles([u('X', 'A'), u('A', 'B'), u('B', 'A'), u('S', 'S'), u('T')])).toEqual([['A', 'B'], ['S']]);
  expect(cycles([u('A', 'constructor'), u('__proto__', 'A')])).toEqual([]);
});

it('orders every unit exactly when there is no cycle', () => {
  const tree = fc
    .array(fc.option(fc.nat(30)), { maxLength: 30 })
    .map((parents) =>
      parents.map((parent, i) => u(`${i}`, parent === null || parent >= parents.length ? null : `${parent}`)),
    );
  fc.assert(
    fc.property(tree, (units) => {
      expect(inTreeOrder(units).length === units.length).toBe(cycles(units).length === 0);
    }),
  );
});

it('lets whoever leads answer for a unit, and the next above where nobody is', () => {
  const units = [
    ['top', null, 'ann', true],
    ['a', 'top', 'bo', true],
    ['a1', 'a', null, false],
    ['a2', 'a', 'gone', false],
    ['a21', 'a2', null, false],
    ['b', 'top', 'gone', false],
    ['b1', 'b', 'cy', true],
  ] as const;
  const tree = units.map(([code, parent, leader, here]) => ({
    id: code,
    ...{ code, parent, leader: leader === null ? null : { id: leader, here } },
  }));
  expect(answeredBy(tree, 'ann')).toEqual(['top', 'b']);
  expect(answeredBy(tree, 'bo')).toEqual(['a', 'a1', 'a2', 'a21']);
  expect(answeredBy(tree, 'gone')).toEqual([]);
});
