import { describe, expect, it, test } from 'vitest';
import * as Change from '#domain/change.ts';
import * as History from '#domain/history.ts';
import type { TreeNode } from '#domain/round.ts';
import {
  type Ballots,
  chance,
  questionnaire,
  released,
  tree,
  type Unit,
} from '../../../tests/support/survey.ts';

const next = chance(5);
const some = (n: number) => Array.from({ length: n }, () => Array.from({ length: 3 }, () => 1 + next(5)));
const asked = questionnaire([2], 1);
const area = (code: string, under: string[], leaders?: true): Unit => ({
  code,
  under: under.map((one) => ({ code: one })),
  ...(leaders && { leaders }),
});
const at = (
  days: { opened: string },
  units: Unit[],
  ballots: Ballots,
  change?: (nodes: TreeNode[]) => void,
) => {
  const nodes = tree([{ code: 'K', under: units }]);
  change?.(nodes.nodes);
  const made = released(asked, nodes, ballots);
  made.release.round.opened = days.opened;
  return made;
};
const first = { opened: '2025-03-01' };
const second = { opened: '2027-03-01' };
const on = '2026-01-01';
const becomes = (unit: string, ...from: string[]): History.Succession =>
  from.map((one) => ({ unit, from: one, on }));

const old = { A: some(20), B: some(20), C: some(20), S: some(20) };
const then = at(first, [area('N', ['A', 'B', 'C']), { code: 'S' }], old);
const now = (...under: string[]) => {
  const ballots = Object.fromEntries([...under, 'S'].map((code) => [code, some(20)]));
  return at(second, [area('N', under), { code: 'S' }], ballots);
};
const why = (
  later: ReturnType<typeof at>,
  name: string,
  succession: History.Succession,
  earlier: ReturnType<typeof at> = then,
) => {
  const origin = History.origin(later.release, later.id(name), earlier.release, succession);
  return origin.ok
    ? origin.groups.map((id) => earlier.release.tree.find((n) => n.id === id)!.name)
    : origin.why;
};

describe('where a unit came from', () => {
  const merged = now('X', 'C');
  const split = now('X', 'Y', 'B', 'C');
  it.each([
    ['two that became one', why(merged, 'X', becomes('X', 'A', 'B')), ['A', 'B']],
    ['the unit above them', why(merged, 'N', becomes('X', 'A', 'B')), ['A', 'B', 'C']],
    ['a sister that stayed', why(merged, 'C', becomes('X', 'A', 'B')), ['C']],
    ['nobody has said', why(merged, 'X', []), 'new'],
    ['the unit above, nobody has said', why(merged, 'N', []), 'new'],
    [
      'said for a day before the earlier round',
      why(merged, 'X', [{ unit: 'X', from: 'A', on: '2024-01-01' }]),
      'new',
    ],
    [
      'said for a day after the later round',
      why(merged, 'X', [{ unit: 'X', from: 'A', on: '2028-01-01' }]),
      'new',
    ],
    ['half of a unit', why(split, 'X', [...becomes('X', 'A'), ...becomes('Y', 'A')]), 'split'],
    [
      'the unit above both halves',
      why(split, 'N', [...becomes('X', 'A'), ...becomes('Y', 'A')]),
      ['A', 'B', 'C'],
    ],
    ['a unit that gave away some', why(now('X', 'A', 'B', 'C'), 'A', becomes('X', 'A')), 'split'],
    ['a unit that was not asked', why(merged, 'X', becomes('X', 'A', 'Z')), 'outside'],
    ['two steps', why(merged, 'X', [...becomes('M', 'A', 'B'), ...becomes('X', 'M')]), ['A', 'B']],
    ['in a circle', why(merged, 'X', [...becomes('X', 'M'), ...becomes('M', 'X')]), 'outside'],
    ['a unit that took over another', why(now('A', 'C'), 'A', becomes('A', 'B')), ['A', 'B']],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('is closed where the staff were counted with others then', () => {
    const merge = (nodes: TreeNode[]) => {
      const c = nodes.find(({ name }) => name === 'C')!;
      Object.assign(c, { part: 'merged', units: ['B', 'C'] });
      nodes.splice(
        nodes.findIndex(({ name }) => name === 'B'),
        1,
      );
      for (const node of nodes) if (!node.group) node.invited -= 100;
    };
    const { A, C, S } = old;
    const together = at(first, [area('N', ['A', 'B', 'C']), { code: 'S' }], { A, C, S }, merge);
    expect(why(now('X', 'D'), 'X', becomes('X', 'A', 'B'), together)).toBe('mixed');
    expect(why(now('X', 'D'), 'X', becomes('X', 'B', 'C'), together)).toEqual(['C']);
  });

  it('is closed where the figures shown do not add up to it', () => {
    // Three answers in A, so A is withheld, and B with it: together they are a residual, one of them is not.
    const hidden = at(first, [area('N', ['A', 'B', 'C']), { code: 'S' }], { ...old, A: some(3), B: some(6) });
    expect(why(now('X', 'C'), 'X', becomes('X', 'A', 'B'), hidden)).toEqual(['A', 'B']);
    expect(why(now('X', 'B', 'C'), 'X', becomes('X', 'A'), hidden)).toBe('inexact');
  });

  it('is closed where leaders were counted elsewhere', () => {
    const { A, B, S } = old;
    const led = at(first, [area('N', ['A', 'B'], true), { code: 'S' }], { A, B, S, 'N, leaders': some(10) });
    const unled = at(first, [area('N', ['A', 'B']), { code: 'S' }], { A, B, S });
    const ballots = { A: some(20), B: some(20), S: some(20), 'M, leaders': some(10) };
    const renamed = at(second, [area('M', ['A', 'B'], true), { code: 'S' }], ballots);
    expect(why(renamed, 'M', becomes('M', 'N'), led)).toEqual(['A', 'B', 'N, leaders']);
    expect(why(renamed, 'M', becomes('M', 'N'), unled)).toBe('mixed');
    expect(why(renamed, 'M, leaders', becomes('M', 'N'), led)).toBe('mixed');
  });
});

test('the figures are those of all who answered then, as if they had been counted together', () => {
  const groups = ['A', 'B'].map(then.id);
  const one = released(asked, tree([{ code: 'K', under: [{ code: 'X' }, { code: 'S' }] }]), {
    X: [...old.A, ...old.B],
    S: old.S,
  });
  const together = one.release.results[one.id('X')]!;
  expect(History.statement(then.release, groups, 'a1')).toEqual(together.statements.a1);
  const { n, mean } = History.factor(then.release, groups, 'f1') as { n: number; mean: number };
  const expected = together.factors.f1 as { n: number; mean: number };
  expect([n, mean.toFixed(9)]).toEqual([expected.n, expected.mean.toFixed(9)]);
});

test('a residual that is shown by subtraction alone gives its figures too', () => {
  const ballots = { ...old, A: some(6), B: some(6) };
  const made = at(first, [area('N', ['A', 'B', 'C']), { code: 'S' }], ballots);
  const groups = ['A', 'B'].map(made.id);
  expect(made.release.results[made.id('A')]?.statements.a1).toBeUndefined();
  expect(History.statement(made.release, groups, 'a1')!.n).toBe(12);
  expect(History.statement(made.release, [made.id('A')], 'a1')).toBeNull();
});

test('a change is given across a reorganisation, and only where HR has said so', () => {
  const later = now('X', 'C');
  const change = (succession: History.Succession) =>
    Change.ofStatement(then.release, later.release, later.id('X'), 'a1', succession);
  expect(change([])).toEqual({ ok: false, refusal: 'reorganised' });
  const before = History.statement(then.release, ['A', 'B'].map(then.id), 'a1')!;
  const mean = later.release.results[later.id('X')]!.statements.a1!.mean;
  expect(change(becomes('X', 'A', 'B'))).toEqual({ ok: true, change: mean - before.mean, before });
});

describe('a unit is the same people as another', () => {
  const on = '2027-01-01';
  const moves = (...pairs: [unit: string, from: string][]) =>
    pairs.map(([unit, from]) => ({ unit, from, on }));
  test.each<[string, History.Succession, string[]]>([
    ['that it took over whole', moves(['N', 'O']), ['O']],
    ['through one between', moves(['N', 'O'], ['O', 'P']), ['O', 'P']],
    ['not when two went into it', moves(['N', 'O'], ['N', 'Q']), []],
    ['not when some went elsewhere', moves(['N', 'O'], ['M', 'O']), []],
    ['not when the other still stands', moves(['N', 'S']), []],
    ['as far back as it holds', moves(['N', 'O'], ['O', 'P'], ['M', 'P']), ['O']],
    ['not when nothing is said', [], []],
    ['and nothing goes round for ever', moves(['N', 'O'], ['O', 'N']), ['O']],
  ])('%s', (_, succession, found) =>
    expect(History.formerly(succession, 'N', (code) => code !== 'S' && code !== 'N')).toEqual(found),
  );
});
