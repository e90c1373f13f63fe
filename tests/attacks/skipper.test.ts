import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Release } from '#domain/release.ts';
import type { RoundTree } from '#domain/round.ts';
import { chance, questionnaire, released, tree, type Ballots, type Unit } from '#tests/support/survey.ts';

/*
 * The attacker over answers. He even knows who left out what, and wants what they answered. Each answer given is an
 * unknown; each published mean, times its number of answers, is a sum of unknowns. He has something of a few persons
 * when some combination of those sums has nobody else's answers in it.
 */

/** What one person's answer weighs in a factor, by how many of its statements the person answered. */
type Weigh = (answered: number, statements: number) => number;

const everyAnswerAlike: Weigh = () => 1;

/** A deliberately weak rule: the mean of persons' means, from half of the statements. 60 keeps it whole. */
const everyPersonAlike: Weigh = (answered, statements) => (answered * 2 < statements ? 0 : 60 / answered);

/** Persons whom nothing published tells apart: of one leaf, who answered the same statements. */
type Kind = { leaf: string; answered: boolean[]; persons: number };

type Published = { kinds: Kind[]; factor: number[][]; statements: number[][] };

const given = (mark: number) => mark < 250;
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** The names of the leaves under a node. */
function leavesUnder(units: RoundTree, top: string): string[] {
  const node = units.nodes.find(({ id }) => id === top)!;
  const children = units.nodes.filter(({ parent }) => parent === top);
  return node.group ? [node.name] : children.flatMap(({ id }) => leavesUnder(units, id));
}

/** The sums that are published of one factor and its statements, over a column for each kind and statement. */
function published(
  release: Release,
  units: RoundTree,
  ballots: Ballots,
  factor: string,
  weigh: Weigh,
): Published {
  const { statements } = release.factors.find(({ id }) => id === factor)!;
  const places = statements.map((one) => release.statements.findIndex(({ id }) => id === one));
  const byKind = new Map<string, Kind>();
  for (const [leaf, all] of Object.entries(ballots))
    for (const ballot of all) {
      const answered = places.map((at) => given(ballot[at]!));
      const key = JSON.stringify([leaf, answered]);
      const kind = byKind.get(key) ?? { leaf, answered, persons: 0 };
      byKind.set(key, { ...kind, persons: kind.persons + 1 });
    }
  const kinds = [...byKind.values()].filter(({ answered }) => answered.includes(true));
  const sum = (node: string, weight: (kind: Kind, statement: number) => number) => {
    const leaves = leavesUnder(units, node);
    return kinds.flatMap((kind) =>
      kind.answered.map((answered, s) => (answered && leaves.includes(kind.leaf) ? weight(kind, s) : 0)),
    );
  };
  const ofFactor = (kind: Kind) => weigh(kind.answered.filter(Boolean).length, statements.length);
  const results = Object.entries(release.results);
  return {
    kinds,
    factor: results.flatMap(([node, { factors }]) =>
      factors[factor] && 'mean' in factors[factor] ? [sum(node, ofFactor)] : [],
    ),
    statements: results.flatMap(([node, result]) =>
      statements.flatMap((one, s) =>
        result.statements[one] ? [sum(node, (_, at) => (at === s ? 1 : 0))] : [],
      ),
    ),
  };
}

const PRIME = 1_000_003;

function inverse(x: number): number {
  let power = 1;
  for (let left = PRIME - 2, base = x; left > 0; left = Math.floor(left / 2), base = (base * base) % PRIME)
    if (left % 2) power = (power * base) % PRIME;
  return power;
}

/** Rank over a prime field: sums of small whole numbers, so that a lucky multiple of the prime is out of question. */
function rank(rows: number[][]): number {
  const left = rows.map((row) => [...row]);
  let found = 0;
  for (let column = 0; column < (left[0]?.length ?? 0); column++) {
    const at = left.findIndex((row, i) => i >= found && row[column] !== 0);
    if (at < 0) continue;
    [left[found], left[at]] = [left[at]!, left[found]!];
    const pivot = left[found]!;
    const unit = inverse(pivot[column]!);
    for (let i = found + 1; i < left.length; i++) {
      const times = (left[i]![column]! * unit) % PRIME;
      if (times) left[i] = left[i]!.map((x, j) => (x + (PRIME - times) * pivot[j]!) % PRIME);
    }
    found++;
  }
  return found;
}

/**
 * The smallest number of persons, under the limit, of whose answers alone something can be derived; null: none. By
 * statement: something that is no sum of whole answers to the factor.
 */
function fewest({ kinds, factor, statements }: Published, limit: number, byStatement = false): number | null {
  const width = kinds[0]?.answered.length ?? 0;
  const sums = [...factor, ...statements];
  const derived = (chosen: number[], from: number[][]) =>
    rank(from) - rank(from.map((row) => row.filter((_, c) => !chosen.includes(Math.floor(c / width)))));
  let least: number | null = null;
  const look = (from: number, chosen: number[], persons: number) => {
    if (derived(chosen, sums) > (byStatement ? derived(chosen, factor) : 0)) {
      least = persons;
      return;
    }
    for (let k = from; k < kinds.length; k++)
      if (persons + kinds[k]!.persons < (least ?? limit))
        look(k + 1, [...chosen, k], persons + kinds[k]!.persons);
  };
  look(0, [], 0);
  return least;
}

const asked = questionnaire([3]);
const one = tree([{ code: 'A' }]);
const next = chance(21);
const full = (n: number) => Array.from({ length: n }, () => [0, 0, 0].map(() => 1 + next(5)));

describe('one who left out one statement, where a factor and its statements are both shown', () => {
  const ballots = { A: [...full(11), [2, 255, 5]] };
  const { release, id } = released(asked, one, ballots);
  const result = release.results[id('A')]!;

  test('would be found if each person weighed alike', () => {
    expect(Object.keys(result.statements)).toHaveLength(3);
    expect(fewest(published(release, one, ballots, 'f1', everyPersonAlike), 5)).toBe(1);
    const factor = mean(ballots.A.map((marks) => mean(marks.filter(given))));
    const answers = Object.values(result.statements).reduce((sum, { n, mean }) => sum + n * mean, 0);
    expect(6 * (12 * factor - answers / 3)).toBeCloseTo(2 + 5, 9);
  });

  test('is not found when each answer does', () => {
    expect(fewest(published(release, one, ballots, 'f1', everyAnswerAlike), 5)).toBe(null);
    expect(result.factors.f1).toEqual({ n: 12, mean: mean(ballots.A.flat().filter(given)) });
  });
});

test('where the factor stands alone, too, its mean is that of the answers', () => {
  const ballots = { A: [...full(6), [1, 5, 255], [4, 255, 255]] };
  const { release, id } = released(asked, one, ballots);
  expect(release.results[id('A')]).toEqual({
    n: 8,
    factors: { f1: { n: 8, mean: mean(ballots.A.flat().filter(given)) } },
    statements: {},
  });
});

describe('unanimity where persons left out more than half', () => {
  const shown = (all: number[][]) => {
    const { release, id } = released(asked, one, { A: all });
    return release.results[id('A')]!.factors.f1;
  };
  const little = (n: number) => Array.from({ length: n }, (_, i) => [1 + (i % 5), 255, 255]);

  test('asks for two persons who answered half of it or more, besides the commonest', () => {
    expect(shown([...little(6), [3, 3, 3], [2, 4, 5]])).toBe(undefined);
    expect(shown([...little(6), [3, 3, 3], [2, 4, 5], [1, 2, 255]])).toMatchObject({ n: 9 });
  });

  test('withholds where nobody did, however many they are', () => {
    expect(shown(little(30))).toBe(undefined);
  });
});

/** Up to six groups under up to two levels, in which some leave out some of two or three statements. */
const cases = fc
  .record({
    statements: fc.integer({ min: 2, max: 3 }),
    areas: fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }),
    extra: fc.nat(3),
    often: fc.constantFrom(6, 15, 40),
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
  })
  .map(({ statements, areas, extra, often, seed }) => {
    const under = areas.map((departments, a): Unit => ({
      code: `A${a}`,
      under: Array.from({ length: departments }, (_, d) => ({ code: `A${a}${d}` })),
      ...(extra & 1 && departments ? { staff: true as const } : {}),
    }));
    const units = tree([{ code: 'K', under, ...(extra & 2 ? { staff: true as const } : {}) }]);
    const next = chance(seed);
    const ballots: Ballots = {};
    for (const { name, group } of units.nodes)
      if (group)
        ballots[name] = Array.from({ length: next(16) }, () =>
          Array.from({ length: statements }, () => (next(often) === 0 ? 255 : 1 + next(5))),
        );
    return { questionnaire: questionnaire([statements]), units, ballots };
  });

test('nothing can be derived of fewer than five, wherever they are and whatever they left out', () => {
  fc.assert(
    fc.property(cases, ({ questionnaire, units, ballots }) => {
      const { release } = released(questionnaire, units, ballots);
      for (const [node, { factors }] of Object.entries(release.results)) {
        const answers = leavesUnder(units, node).flatMap((leaf) => ballots[leaf]!.flat().filter(given));
        if (factors.f1 && 'mean' in factors.f1) expect(factors.f1.mean).toBe(mean(answers));
      }
      expect(fewest(published(release, units, ballots, 'f1', everyAnswerAlike), 5)).toBe(null);
    }),
    { numRuns: 100 },
  );
});

test('nothing of a statement can be derived of fewer than ten', () => {
  const eight = { A: full(8) };
  const lower = released(asked, one, eight, { factor: 5, statement: 7, invited: 5 });
  expect(fewest(published(lower.release, one, eight, 'f1', everyAnswerAlike), 10, true)).toBe(8);
  fc.assert(
    fc.property(cases, ({ questionnaire, units, ballots }) => {
      const { release } = released(questionnaire, units, ballots);
      expect(fewest(published(release, units, ballots, 'f1', everyAnswerAlike), 10, true)).toBe(null);
    }),
    { numRuns: 20 },
  );
});

test('and there would be much to derive if each person weighed alike', () => {
  const found = fc.sample(cases, { numRuns: 60, seed: 7 }).filter(({ questionnaire, units, ballots }) => {
    const { release } = released(questionnaire, units, ballots);
    return fewest(published(release, units, ballots, 'f1', everyPersonAlike), 5) !== null;
  });
  expect(found.length).toBeGreaterThan(20);
});
