import { expect, test } from 'vitest';
import { bundles, stepOf, steps } from '#domain/live-rate.ts';
import type { RoundTree, TreeNode } from '#domain/round.ts';

const node = (id: string, parent: string | null, invited: number, group = true): TreeNode => ({
  ...{ id, parent, invited, group, part: 'whole', name: id, units: [id], level: null },
});
const tree: RoundTree = {
  nodes: [
    node('1', null, 46, false),
    node('2', '1', 29, false),
    node('3', '2', 12),
    node('4', '2', 9),
    node('5', '2', 8),
    node('6', '1', 10),
    node('7', '1', 7),
  ],
};

test.each([
  [0, 0],
  [0.199, 0],
  [0.2, 1],
  [0.3, 2],
  [0.7, 6],
  [0.8, 6],
  [0.801, 7],
  [1, 7],
])('a share of %f is step %i', (share, step) => {
  expect(stepOf(share)).toBe(step);
});

test('small groups are measured together, and nobody twice; a rest that is too small is not', () => {
  expect(
    bundles(tree)
      .map((of) => [...of].sort())
      .sort(),
  ).toEqual([['3'], ['4', '5'], ['6']]);
});

test('units with ten invited or more are told a step, the others none', () => {
  const fetched = new Map([
    ['3', 12],
    ['4', 3],
    ['5', 3],
    ['6', 0],
    ['7', 7],
  ]);
  expect(Object.fromEntries(steps(tree, fetched))).toEqual({ 1: 3, 2: 4, 3: 7, 6: 0 });
});
