import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Audit from '#domain/audit.ts';
import * as Pattern from '#domain/pattern.ts';
import { asked, cases, derivable, leaks } from '../support/attacker.ts';
import { type Ballots, chance, released, tree } from '../support/survey.ts';

describe('a whole release', () => {
  test.each([
    { factor: 5, statement: 10, invited: 7 },
    { factor: 5, statement: 7, invited: 5 },
  ])('lets no small, unanimous or extreme group be derived: %o', (limits) => {
    fc.assert(
      fc.property(cases, ({ units, ballots }) => {
        const { release } = released(asked, units, ballots, limits);
        expect(leaks(release, units, ballots, limits)).toEqual([]);
        expect(Audit.audit(release)).toEqual({ ok: true });
      }),
      { numRuns: 200 },
    );
  });

  test('is not safe by being empty', () => {
    let factors = 0;
    let statements = 0;
    let bounds = 0;
    for (const { units, ballots } of fc.sample(cases, { numRuns: 200, seed: 7 })) {
      const { release } = released(asked, units, ballots);
      for (const result of Object.values(release.results)) {
        factors += Object.values(result.factors).filter((figure) => 'n' in figure).length;
        bounds += Object.values(result.factors).filter((figure) => 'bound' in figure).length;
        statements += Object.keys(result.statements).length;
      }
    }
    expect(factors).toBeGreaterThan(500);
    expect(statements).toBeGreaterThan(700);
    expect(bounds).toBeGreaterThan(10);
  });
});

describe('the attacker sees through weaker rules', () => {
  const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }, { code: 'C' }], staff: true }]);
  const sizes = { A: 8, B: 9, C: 3, 'K, staff': 2 } as Record<string, number>;
  const spread = (n: number) =>
    Array.from({ length: n }, (_, i) => [1 + (i % 5), 1 + ((i * 2) % 5), 2 + (i % 3), 1 + (i % 4)]);
  const ballots = Object.fromEntries(Object.entries(sizes).map(([name, n]) => [name, spread(n)]));
  const ids = (names: string[]) => units.nodes.filter(({ name }) => names.includes(name)).map(({ id }) => id);
  const smallest = (names: string[]) =>
    Math.min(
      ...derivable(units, ids(names)).map((groups) => groups.reduce((n, name) => n + sizes[name]!, 0)),
    );

  test('the residual rule leaves no group under five', () => {
    const outline = Pattern.outline(units.nodes);
    const own = [0, ...units.nodes.map(({ name, group }) => (group ? sizes[name]! : 0))];
    const persons = Pattern.under(outline, own);
    const shown = Pattern.best(
      outline,
      5,
      { some: persons, all: persons },
      { some: own, all: own },
      () => true,
    );
    const names = units.nodes.filter((_, i) => shown[i + 1]).map(({ name }) => name);
    expect(names).toEqual(['K', 'A', 'B']);
    expect(smallest(names)).toBe(5);
  });

  test('each figure by itself at the limit: what is left over is one small group', () => {
    sizes['K, staff'] = 0;
    expect(smallest(['K', 'A', 'B'])).toBe(3);
    sizes['K, staff'] = 2;
  });

  test('hiding the next smallest sister, but forgetting the staff of the inner unit', () => {
    sizes.C = 6;
    expect(smallest(['K', 'A', 'B', 'C'])).toBe(2);
    sizes.C = 3;
  });

  test('a limit one lower', () => {
    const four = { ...ballots, C: spread(4), 'K, staff': [] };
    const lower = { factor: 4, statement: 10, invited: 7 };
    const limits = { ...lower, factor: 5 };
    const { release } = released(asked, units, four, lower);
    expect(leaks(release, units, four, limits)).toContain('f1 of C: 4 persons');
    expect(Audit.audit({ ...release, thresholds: limits }).ok).toBe(false);
  });

  test('no unanimity', () => {
    const { release } = released(asked, units, { ...ballots, A: spread(12) });
    const agreed = { ...ballots, A: Array.from({ length: 12 }, (_, i) => [4, i ? 4 : 3, 4, 4]) };
    expect(leaks(release, units, { ...ballots, A: spread(12) }, release.thresholds)).toEqual([]);
    expect(leaks(release, units, agreed, release.thresholds)).toContain('f1 of A: nearly unanimous');
  });
});

test('the very mean behind a bound cannot be had from the parent and the other sister', () => {
  const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] }]);
  const high = [
    [5, 5],
    [5, 5],
    [5, 5],
    [5, 5],
    [5, 4],
    [4, 5],
    [5, 5],
  ].map(([a, b]) => [a!, b!, 3, 3]);
  const mixed = Array.from({ length: 6 }, (_, i) => [1 + (i % 5), 3, 3, 3]);
  const ballots = { A: high, B: mixed, C: [...mixed, ...mixed] };
  const { release, id } = released(asked, units, ballots);
  const shown = (name: string) => release.results[id(name)]?.factors.f1;
  expect(shown('A')).toEqual({ bound: 'high' });
  expect(shown('B')).toBe(undefined);
  expect(shown('C')).toMatchObject({ n: 12 });
  expect(shown('K')).toMatchObject({ n: 25 });
  expect(leaks(release, units, ballots, release.thresholds)).toEqual([]);
});

describe('statements of a factor', () => {
  const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] }]);
  const next = chance(9);
  const full = (n: number) => Array.from({ length: n }, () => [0, 1, 2, 3].map(() => 1 + next(5)));
  const half = (n: number) => full(n).map(([first, , third, fourth]) => [first!, 255, third!, fourth!]);
  const nothing = (n: number) => full(n).map(([, , third, fourth]) => [255, 254, third!, fourth!]);
  const shown = (ballots: Ballots) => {
    const { release } = released(asked, units, ballots);
    expect(leaks(release, units, ballots, release.thresholds)).toEqual([]);
    return units.nodes.filter(({ id }) => release.results[id]?.statements.f1s1).map(({ name }) => name);
  };

  test('are not shown where the rest answered some of them, but nobody all', () => {
    expect(shown({ A: full(14), B: full(15), C: half(12) })).toEqual(['K', 'B']);
  });

  test('are shown where the rest answered none of them', () => {
    expect(shown({ A: full(14), B: full(15), C: nothing(12) })).toEqual(['K', 'A', 'B']);
  });
});

test('the number in a small top of the tree cannot be had from the number in the round', () => {
  const units = tree([{ code: 'A' }, { code: 'B' }, { code: 'C' }]);
  const answers = (n: number) => Array.from({ length: n }, (_, i) => [1 + (i % 5), 2, 3, 4]);
  const ballots = { A: answers(12), B: answers(9), C: answers(3) };
  const { release, id } = released(asked, units, ballots);
  expect(Object.keys(release.results)).toEqual([id('A')]);
  expect(leaks(release, units, ballots, release.thresholds)).toEqual([]);
});
