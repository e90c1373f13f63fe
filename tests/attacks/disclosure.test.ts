import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Audit from '#domain/audit.ts';
import * as Pattern from '#domain/pattern.ts';
import * as Reading from '#domain/reading.ts';
import type { Release } from '#domain/release.ts';
import type { RoundTree, Thresholds } from '#domain/round.ts';
import { chance, questionnaire, released, tree, type Ballots, type Unit } from '../support/survey.ts';

/**
 * The attacker holds every published figure and every sum and difference of them. What he has of a group of persons
 * is that its indicator, over the leaves of the tree, is a combination of the indicators of the published nodes. All
 * 0/1 combinations are tried. Nothing here is shared with the program but the tree and the release.
 */
function derivable(units: RoundTree, shown: string[], everybody = false): string[][] {
  const leaves = units.nodes.filter((node) => node.group);
  const isUnder = (id: string, top: string): boolean => {
    const parent = units.nodes.find((node) => node.id === id)!.parent;
    return id === top || (parent !== null && isUnder(parent, top));
  };
  const published = shown.map((top) => leaves.map((leaf) => (isUnder(leaf.id, top) ? 1 : 0)));
  if (everybody) published.push(leaves.map(() => 1));
  const basis: { pivot: number; row: number[] }[] = [];
  const reduce = (row: number[]) =>
    basis.reduce((left, { pivot, row }) => {
      const times = left[pivot]! / row[pivot]!;
      return left.map((x, i) => x - times * row[i]!);
    }, row);
  for (const row of published) {
    const left = reduce(row);
    const pivot = left.findIndex((x) => Math.abs(x) > 1e-6);
    if (pivot >= 0) basis.push({ pivot, row: left });
  }
  const groups: string[][] = [];
  for (let set = 1; set < 2 ** leaves.length; set++) {
    const wanted = leaves.map((_, i) => (set >> i) & 1);
    if (reduce(wanted).every((x) => Math.abs(x) < 1e-6))
      groups.push(leaves.filter((_, i) => wanted[i]).map(({ name }) => name));
  }
  return groups;
}

const answered = (mark: number) => mark < 250;

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * What is wrong with a group whose numbers can be derived, by its persons' answers to a figure's statements: too few
 * persons, too alike in what they say on the whole (who left out more than half says nothing), or answers too close
 * to an end of 1 to 5.
 */
function weakness(persons: number[][], limit: number): string | null {
  const given = persons.map((marks) => marks.filter(answered)).filter((marks) => marks.length > 0);
  const n = given.length;
  if (n === 0) return null;
  if (n < limit) return `${n} persons`;
  const scores = given.filter((marks) => marks.length * 2 >= persons[0]!.length).map(mean);
  const alike = scores.map((one) => scores.filter((other) => Math.abs(other - one) < 1e-9).length);
  if (scores.length - Math.max(0, ...alike) < 2) return 'nearly unanimous';
  const level = mean(given.flat());
  return n < 10 && (level > 4.8 - 1e-9 || level < 1.2 + 1e-9) ? 'at the end' : null;
}

/** Everything an attacker finds in a release, given the ballots that it was made of. */
function leaks(release: Release, units: RoundTree, ballots: Ballots, limits: Thresholds): string[] {
  const shown = (has: (node: Release['results'][string]) => boolean) =>
    Object.entries(release.results).flatMap(([id, result]) => (has(result) ? [id] : []));
  const of = (groups: string[]) => groups.flatMap((name) => ballots[name] ?? []);
  const asked = release.statements.map(({ id }) => id);
  const found: string[] = [];
  const look = (figure: string, at: string[], limit: number, places: number[], also: string[] = []) => {
    for (const groups of derivable(units, [...at, ...also])) {
      const answers = of(groups).map((ballot) => places.map((at) => ballot[at]!));
      const weak = weakness(answers, limit);
      // Bounds give intervals, not figures: with them only the number and the spread are asked for.
      if (weak && !(also.length > 0 && weak === 'at the end'))
        found.push(`${figure} of ${groups.join(' + ')}: ${weak}`);
    }
  };
  const ids = shown(() => true);
  if (ids.length > 0)
    for (const groups of derivable(units, ids, true)) {
      const n = of(groups).length;
      if (n > 0 && n < limits.factor) found.push(`ballots of ${groups.join(' + ')}: ${n}`);
    }
  for (const { id, statements } of release.factors) {
    const places = statements.map((one) => asked.indexOf(one));
    const limit = statements.length === 1 ? limits.statement : limits.factor;
    const exact = shown(({ factors }) => factors[id] !== undefined && 'n' in factors[id]);
    const bounds = shown(({ factors }) => factors[id] !== undefined && 'bound' in factors[id]);
    look(id, exact, limit, places);
    if (bounds.length > 0) look(`${id} with bounds`, exact, limit, places, bounds);
    const full = shown((node) => statements.some((one) => node.statements[one]));
    for (const groups of derivable(units, full)) {
      const marks = of(groups).map((ballot) => places.map((at) => ballot[at]!));
      const all = marks.filter((given) => given.every(answered)).length;
      if (marks.some((given) => given.some(answered)) && all < limits.statement)
        found.push(`all of ${id} of ${groups.join(' + ')}: ${all}`);
    }
  }
  asked.forEach((id, at) => {
    const nodes = shown(({ statements }) => statements[id] !== undefined);
    look(id, nodes, limits.statement, [at]);
  });
  return found;
}

type Case = { units: RoundTree; ballots: Ballots };

const asked = questionnaire([2, 1], 1);

/** Up to nine groups of few people, under up to three levels, in moods from agreed to divided. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    areas: fc.array(fc.array(fc.nat(2), { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    extra: fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }),
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
    mood: fc.nat(4),
  })
  .map(({ areas, extra, seed, mood }) => {
    const own = (kind = 0): Partial<Unit> => ({
      ...(kind & 1 ? { staff: true as const } : {}),
      ...(kind & 2 ? { leaders: true as const } : {}),
    });
    const under = areas.slice(0, 3).map((departments, a): Unit => {
      const code = `A${a}`;
      if (departments.length === 0) return { code };
      return {
        code,
        under: departments.slice(0, 2).map((_, d) => ({ code: `${code}${d}` })),
        ...own(extra[a]),
      };
    });
    const units = tree([{ code: 'K', under, ...own(extra[3]) }]);
    const next = chance(seed);
    const marks = [
      () => [3, 4, 5][next(3)]!,
      () => (next(8) === 0 ? 4 : 5),
      () => (next(6) === 0 ? 1 + next(5) : 4),
      () => [1, 2, 3, 4, 5, 253, 254, 255][next(8)]!,
      () => (next(12) === 0 ? 255 : 1 + next(5)),
    ];
    const ballots: Ballots = {};
    for (const { name, group } of units.nodes) {
      const mark = marks[next(3) === 0 ? next(5) : mood]!;
      if (group) ballots[name] = Array.from({ length: next(14) }, () => Array.from({ length: 4 }, mark));
    }
    return { units, ballots };
  });

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

/** Persons under each shown node and under no shown node below it, who answered any of some statements. */
function residuals(units: RoundTree, shown: string[], persons: (group: string) => number): number[] {
  const parent = new Map(units.nodes.map((node) => [node.id, node.parent]));
  const left = new Map(shown.map((id) => [id, 0]));
  for (const { id, name, group } of units.nodes) {
    if (!group) continue;
    let at: string | null = id;
    while (at !== null && !left.has(at)) at = parent.get(at) ?? null;
    if (at !== null) left.set(at, left.get(at)! + persons(name));
  }
  return [...left.values()];
}

test('every residual of every figure is nobody or at least the limit, on ten thousand trees', () => {
  const next = chance(31);
  let figures = 0;
  for (let round = 0; round < 10_000; round++) {
    // Direct staff, leaders, chains of units with one unit under them, and groups that nobody answered in.
    const unit = (code: string, depth: number): Unit => {
      const below = depth === 0 ? 0 : [0, 1, 1, 2, 3][next(5)]!;
      const under = Array.from({ length: below }, (_, i) => unit(`${code}${i}`, depth - 1));
      const own = below > 0 ? next(4) : 0;
      return { code, under, ...(own & 1 ? { staff: true } : {}), ...(own & 2 ? { leaders: true } : {}) };
    };
    const units = tree([unit('K', 3)]);
    const most = 4 + next(18);
    const factor = 3 + next(13);
    const limits = { factor, statement: factor + next(4), invited: 7 };
    const mark = () => (next(9) === 0 ? 255 : 1 + next(5));
    const ballots: Ballots = {};
    for (const { name, group } of units.nodes)
      if (group)
        ballots[name] = Array.from({ length: next(4) === 0 ? 0 : next(most) }, () => [0, 1, 2, 3].map(mark));
    const { release } = released(asked, units, ballots, limits);

    const check = (has: (result: Release['results'][string]) => unknown, places: number[], limit: number) => {
      const shown = Object.keys(release.results).filter((id) => has(release.results[id]!));
      if (shown.length > 0) figures += 1;
      const some = (group: string) =>
        (ballots[group] ?? []).filter(
          (ballot) => places.length === 0 || places.some((at) => answered(ballot[at]!)),
        );
      for (const n of residuals(units, shown, (group) => some(group).length))
        if (n > 0 && n < limit) throw new Error(`${n} of ${limit} in round ${round}`);
    };
    check(() => true, [], limits.factor);
    check(({ factors }) => factors.f1 && 'n' in factors.f1, [0, 1], limits.factor);
    check(({ factors }) => factors.f2 && 'n' in factors.f2, [2], limits.statement);
    release.statements.forEach(({ id }, at) =>
      check(({ statements }) => statements[id], [at], limits.statement),
    );
  }
  expect(figures).toBeGreaterThan(20_000);
}, 240_000);

describe('what is hidden', () => {
  const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] }]);
  const next = chance(41);
  const free = (n: number) => Array.from({ length: n }, () => [0, 1, 2, 3].map(() => 1 + next(5)));
  const left = (n: number) => free(n).map(([, , third, fourth]) => [255, 255, third!, fourth!]);
  const all = { A: free(14), B: free(15), C: free(16) };
  const causes: [string, Ballots][] = [
    ['few answered it', { ...all, A: [...left(11), ...free(3)], C: free(20) }],
    ['all answered alike', { ...all, A: free(14).map(([, , third, fourth]) => [4, 4, third!, fourth!]) }],
    ['it would give a sister away', { ...all, A: free(11), B: [...left(12), ...free(3)], C: free(20) }],
  ];

  test('is the same bytes whatever the cause: none', () => {
    const bytes = causes.map(([cause, ballots]) => {
      const { release, id } = released(asked, units, ballots);
      expect([cause, release.results[id('A')]?.factors.f1]).toEqual([cause, undefined]);
      const { factors, statements } = release.results[id('A')]!;
      const others = ['f2', 'f2s1', 'a1'];
      const rest = (figures: object) =>
        Object.fromEntries(Object.entries(figures).filter(([figure]) => !others.includes(figure)));
      return JSON.stringify([rest(factors), rest(statements)]);
    });
    expect(bytes).toEqual(['[{},{}]', '[{},{}]', '[{},{}]']);
  });

  test('and a whole unit too: few in it, or few beside it', () => {
    const few = released(asked, units, { ...all, A: free(3), C: free(30) });
    const beside = released(asked, units, { ...all, A: free(6), B: free(3), C: free(30) });
    for (const { release, id } of [few, beside])
      expect(JSON.stringify(release.results)).not.toContain(`"${id('A')}"`);
  });
});

/** Which figures are shown at which nodes. */
const pattern = ({ results }: Release) =>
  Object.entries(results).flatMap(([node, { factors, statements }]) =>
    [...Object.keys(factors), ...Object.keys(statements)].map((figure) => `${node} ${figure}`),
  );

describe('what one person answers', () => {
  /** Whatever one of these answers instead, at least two differ from the commonest, and no mean is extreme. */
  const divided = [1, 2, 4, 5].map((mark) => [mark, mark, mark, mark]);

  test('changes nothing of what is shown, as long as the same statements are answered and nobody agrees', () => {
    let shown = 0;
    const anybody = fc.record({
      one: cases,
      who: fc.nat(),
      marks: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4 }),
    });
    fc.assert(
      fc.property(anybody, ({ one: { units, ballots }, who, marks }) => {
        const many = Object.fromEntries(
          Object.entries(ballots).map(([name, some]) => [
            name,
            some.length > 0 ? [...divided, ...some.slice(4)] : [],
          ]),
        );
        const everybody = Object.entries(many).flatMap(([name, some]) =>
          some.map((_, i) => [name, i] as const),
        );
        if (everybody.length === 0) return;
        const [group, at] = everybody[who % everybody.length]!;
        const changed = {
          ...many,
          [group]: many[group]!.map((ballot, i) =>
            i === at ? ballot.map((mark, place) => (answered(mark) ? marks[place]! : mark)) : ballot,
          ),
        };
        const before = pattern(released(asked, units, many).release);
        shown += before.length;
        expect(pattern(released(asked, units, changed).release)).toEqual(before);
      }),
      { numRuns: 300 },
    );
    expect(shown).toBeGreaterThan(3000);
  });

  test('does, when it makes a group agree', () => {
    const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }] }]);
    const agreed = Array.from({ length: 12 }, (_, i) => [i < 2 ? 3 : 4, 4, 4, 4]);
    const sister = Array.from({ length: 12 }, (_, i) => divided[i % 4]!);
    const one = { A: agreed, B: sister };
    const other = { A: agreed.map((ballot, i) => (i === 0 ? [4, 4, 4, 4] : ballot)), B: sister };
    const [before, after] = [one, other].map((ballots) => pattern(released(asked, units, ballots).release));
    expect(before).not.toEqual(after);
  });
});

/** What a release would be if somebody put in by hand what was worked out from the ballots of one group. */
function shownToo(
  release: Release,
  node: string,
  ballots: number[][],
  id: string,
  places: number[],
): Release {
  const given = ballots.filter((marks) => places.some((at) => answered(marks[at]!)));
  const all = given.flatMap((marks) => places.map((at) => marks[at]!)).filter(answered);
  const figure = { n: given.length, mean: mean(all) };
  const own = release.results[node] ?? { n: ballots.length, factors: {}, statements: {} };
  return {
    ...release,
    results: { ...release.results, [node]: { ...own, factors: { ...own.factors, [id]: figure } } },
  };
}

describe('leaders alone in an inner unit', () => {
  const units = tree([
    {
      code: 'K',
      under: [{ code: 'H', under: [{ code: 'A' }, { code: 'B' }], leaders: true }, { code: 'S' }],
    },
  ]);
  const some = (n: number) =>
    Array.from({ length: n }, (_, i) => [1 + (i % 5), 1 + ((i * 3) % 5), 2 + (i % 3), 1 + (i % 4)]);
  const ballots = { A: some(12), B: some(14), 'H, leaders': some(2), S: some(13) };
  const ids = (names: string[]) => units.nodes.filter(({ name }) => names.includes(name)).map(({ id }) => id);

  test('are what is left of a unit whose departments are all shown', () => {
    expect(derivable(units, ids(['K', 'H', 'A', 'B', 'S']))).toContainEqual(['H, leaders']);
    expect(derivable(units, ids(['K', 'A', 'B', 'S']))).toContainEqual(['H, leaders']);
  });

  test('are left of none in the release', () => {
    const { release, id } = released(asked, units, ballots);
    expect(leaks(release, units, ballots, release.thresholds)).toEqual([]);
    expect(Object.keys(release.results)).toContain(id('K'));
  });
});

describe('everybody answered', () => {
  const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] }], 12);
  const mixed = Array.from({ length: 12 }, (_, i) => [
    1 + (i % 5),
    1 + ((i * 2) % 5),
    2 + (i % 3),
    1 + (i % 4),
  ]);

  test.each([
    ['the same', Array.from({ length: 12 }, () => [4, 2, 3, 4])],
    ['the same, but one', Array.from({ length: 12 }, (_, i) => [i ? 4 : 3, 2, i ? 3 : 2, i ? 4 : 5])],
    ['the best there is, almost', Array.from({ length: 9 }, (_, i) => [5, i < 2 ? 4 : 5, 5, 5])],
  ])('%s, and so did all invited: n tells that, and no figure what', (_, A) => {
    const ballots = { A, B: mixed, C: mixed };
    const { release, id } = released(asked, units, ballots);
    const weak = shownToo(release, id('A'), A, 'f1', [0, 1]);
    expect(leaks(weak, units, ballots, release.thresholds).join()).toMatch(
      /f1 of A: (nearly unanimous|at the end)/,
    );
    expect(leaks(release, units, ballots, release.thresholds)).toEqual([]);
    // All of K less both sisters is A once more.
    const left = release.results[id('K')]?.factors.f1;
    const sisters = ['B', 'C'].filter((name) => release.results[id(name)]?.factors.f1);
    expect(left !== undefined && sisters.length === 2).toBe(false);
    expect(release.results[id('A')]?.n).toBe(A.length);
  });
});

describe('a factor with one hidden statement', () => {
  /** The sum of a statement's answers, from its factor's mean and the other statement. */
  const worked = (result: Release['results'][string]) => {
    const factor = result.factors.f1;
    const [first, second] = ['f1s1', 'f1s2'].map((one) => result.statements[one]);
    if (!factor || !('mean' in factor) || !first || second) return null;
    return factor.mean * 2 * factor.n - first.mean * first.n;
  };
  const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }] }]);
  const some = (n: number) =>
    Array.from({ length: n }, (_, i) => [1 + (i % 5), 1 + ((i * 3) % 5), 2 + (i % 3), 1 + (i % 4)]);

  test('gives it away', () => {
    const A = some(12);
    const { release, id } = released(asked, units, { A, B: some(15) });
    const { f1s2, ...rest } = release.results[id('A')]!.statements;
    const told = worked({ ...release.results[id('A')]!, statements: rest });
    expect(told).toBeCloseTo(f1s2!.mean * f1s2!.n, 9);
    expect(told).toBeCloseTo(
      A.reduce((sum, marks) => sum + marks[1]!, 0),
      9,
    );
  });

  test('is in no release: they are shown all together or not at all', () => {
    let [all, none] = [0, 0];
    for (const one of fc.sample(cases, { numRuns: 200, seed: 11 })) {
      const { release } = released(asked, one.units, one.ballots);
      for (const result of Object.values(release.results)) {
        expect(worked(result)).toBeNull();
        const shown = ['f1s1', 'f1s2'].filter((id) => result.statements[id]).length;
        expect(shown).not.toBe(1);
        if (shown === 2) all++;
        else if (result.factors.f1) none++;
      }
    }
    expect(all).toBeGreaterThan(50);
    expect(none).toBeGreaterThan(50);
  });
});

describe('a change with one hidden side', () => {
  const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }] }]);
  const some = (n: number, add: number) =>
    Array.from({ length: n }, (_, i) => [1 + ((i + add) % 5), 1 + ((i * 3) % 5), 2 + (i % 3), 1 + (i % 4)]);
  const agreed = Array.from({ length: 13 }, () => [2, 4, 2, 3]);
  const few = released(asked, units, { A: agreed, B: some(14, 1) });
  const full = released(asked, units, { A: some(12, 0), B: some(15, 0) });

  test.each([
    ['then', few, full],
    ['now', full, few],
  ])('hidden %s, gives the other side away; so nothing is said of it', (side, before, after) => {
    const [then, now] = [before, after].map(({ release, id }) => release.results[id('A')]?.factors.f1);
    expect([then, now].filter(Boolean)).toHaveLength(1);
    // Weaker: the change itself, worked out when counting, beside the one side that is shown.
    const hidden = mean(agreed.flatMap((marks) => marks.slice(0, 2)));
    const shown = ((then ?? now) as { mean: number }).mean;
    const change = side === 'then' ? shown - hidden : hidden - shown;
    expect(side === 'then' ? shown - change : shown + change).toBeCloseTo(hidden, 9);
    const node = after.release.tree.find(({ name }) => name === 'A')!;
    const row = Reading.ofNode(after.release, before.release, node, false).factors.find(
      ({ id }) => id === 'f1',
    )!;
    expect(Reading.change(row)).toBeNull();
    expect(side === 'then' ? row.earlier : row.ours).toBeNull();
    expect(Reading.notices([row])).toEqual(Reading.notices([{ ...row, earlier: null }]));
  });
});
