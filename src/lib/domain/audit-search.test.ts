import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { search, type Group } from '#domain/audit-search.ts';
import { type KnownEmpty, type Table, tables } from '#domain/audit-tables.ts';
import type { Release } from '#domain/release.ts';
import { broken } from '../../../tests/support/breakdowns.ts';
import { everything, showing } from '../../../tests/support/planted.ts';
import { solver } from '../../../tests/support/solver.ts';
import {
  chance,
  questionnaire,
  released,
  tree,
  type Ballots,
  type Unit,
} from '../../../tests/support/survey.ts';

type Case = { cells: number[][]; persons: number[]; limit: number };

/** Up to seven atoms, some of them empty, and cells that overlap as they like. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    cells: fc.array(fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), { minLength: 1, maxLength: 6 }),
    persons: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6 })), {
      minLength: 7,
      maxLength: 7,
    }),
    limit: fc.integer({ min: 2, max: 7 }),
  })
  .map(({ cells, persons, limit }) => ({
    cells: cells
      .map((has) => has.flatMap((is, atom) => (is ? [atom] : [])))
      .filter((cell) => cell.length > 0),
    persons,
    limit,
  }))
  .filter(({ cells }) => cells.length > 0);

function tableOf({ cells, persons, limit }: Case): Table {
  const n = cells.map((cell) => cell.reduce((sum, atom) => sum + persons[atom]!, 0));
  return {
    cells: cells.map((_, i) => ({ file: 0, name: `${i}`, category: null, onBehalf: false })),
    atoms: cells,
    figures: [{ figure: null, limit, n, distributions: cells.map(() => null) }],
  };
}

/** Row by row elimination: what is left of a vector when all that the rows span is taken away. */
function remainder(rows: number[][], vector: number[]): number[] {
  const basis: { pivot: number; row: number[] }[] = [];
  const reduce = (from: number[]) =>
    basis.reduce(
      (left, { pivot, row }) => left.map((x, i) => x - (left[pivot]! / row[pivot]!) * row[i]!),
      from,
    );
  for (const row of rows) {
    const left = reduce(row);
    const pivot = left.findIndex((x) => Math.abs(x) > 1e-7);
    if (pivot >= 0) basis.push({ pivot, row: left });
  }
  return reduce(vector);
}

const isNothing = (vector: number[]) => vector.every((x) => Math.abs(x) < 1e-7);
const subsets = (of: number[]) =>
  Array.from({ length: 2 ** of.length }, (_, set) => of.filter((_, i) => (set >> i) & 1));

/** Atoms that somebody can be in: those that are in a corner of the set of all worlds which agree with the counts. */
function possible({ cells, persons }: Case, atoms: number[]): number[] {
  const columns = atoms.map((atom) => cells.map((cell) => (cell.includes(atom) ? 1 : 0)));
  const n = cells.map((cell) => cell.reduce((sum, atom) => sum + persons[atom]!, 0));
  const found = new Set<number>();
  for (const chosen of subsets(atoms.map((_, i) => i))) {
    const independent = chosen.every(
      (i, at) =>
        !isNothing(
          remainder(
            chosen.slice(0, at).map((one) => columns[one]!),
            columns[i]!,
          ),
        ),
    );
    if (
      !independent ||
      !isNothing(
        remainder(
          chosen.map((i) => columns[i]!),
          n,
        ),
      )
    )
      continue;
    const share = (i: number) => {
      const others = chosen.filter((one) => one !== i).map((one) => columns[one]!);
      const [of, all] = [remainder(others, columns[i]!), remainder(others, n)];
      const at = of.findIndex((x) => Math.abs(x) > 1e-7);
      return all[at]! / of[at]!;
    };
    const shares = chosen.map(share);
    if (shares.every((x) => x > -1e-7)) chosen.forEach((i, at) => shares[at]! > 1e-7 && found.add(atoms[i]!));
  }
  return [...found];
}

/** The size of the smallest group under the limit whose count follows: every set of atoms is tried. */
function bruteForce(one: Case): number | null {
  const covered = [...new Set(one.cells.flat())];
  const atoms = possible(one, covered);
  const rows = one.cells.map((cell) => atoms.map((atom) => (cell.includes(atom) ? 1 : 0)));
  let least: number | null = null;
  for (const group of subsets(atoms)) {
    const n = group.reduce((sum, atom) => sum + one.persons[atom]!, 0);
    if (n === 0 || n >= (least ?? one.limit)) continue;
    if (
      isNothing(
        remainder(
          rows,
          atoms.map((atom) => (group.includes(atom) ? 1 : 0)),
        ),
      )
    )
      least = n;
  }
  return least;
}

describe('the search', () => {
  test('finds what trying every group finds, on five hundred tables', async () => {
    let leaks = 0;
    const highs = solver();
    for (const one of fc.sample(cases, { numRuns: 500, seed: 11 })) {
      const { leak, complete, contradictions } = await search([tableOf(one)], highs);
      expect({ complete, contradictions }).toEqual({ complete: true, contradictions: 0 });
      expect([leak?.n ?? null, one]).toEqual([bruteForce(one), one]);
      if (leak) leaks += 1;
      if (leak) expect(isRight(leak, one)).toBe(true);
    }
    expect(leaks).toBeGreaterThan(100);
    expect(leaks).toBeLessThan(450);
    expect(highs.problems).toBeGreaterThan(150);
  });
});

/** Whether the derivation, followed by hand, gives the number that is claimed. */
function isRight({ n, sum }: Group, { cells, persons }: Case): boolean {
  const count = (cell: number[]) => cell.reduce((all, atom) => all + persons[atom]!, 0);
  return (
    n === Math.round(sum.reduce((all, { cell, times }) => all + times * count(cells[Number(cell.name)]!), 0))
  );
}

const asked = questionnaire([2], 1);
const next = chance(17);
const some = (n: number) => Array.from({ length: n }, () => [0, 1, 2].map(() => 1 + next(5)));
const ballotsOf = (sizes: Record<string, number>): Ballots =>
  Object.fromEntries(Object.entries(sizes).map(([name, n]) => [name, some(n)]));

/** The derivation of the smallest group of ballots, in words. */
async function found(files: Release[], known?: KnownEmpty): Promise<string | null> {
  const ballots = tables(files, known).map((table) => ({
    ...table,
    figures: table.figures.filter(({ figure }) => figure === null),
  }));
  const { leak, complete } = await search(ballots, solver());
  expect(complete).toBe(true);
  if (!leak) return null;
  const terms = leak.sum
    .toSorted((a, b) => b.times - a.times)
    .map(({ cell: { file, name, category, onBehalf }, times }) => {
      const words = [
        name ?? 'all',
        category,
        onBehalf && 'on behalf',
        files.length > 1 && `file ${file + 1}`,
      ];
      return `${times < 0 ? '-' : '+'}${Math.abs(times) === 1 ? '' : Math.abs(times)} ${words.filter(Boolean).join(' ')}`;
    });
  return `${terms.join(' ')} = ${leak.n}`;
}

describe('a planted leak is found:', () => {
  const flat = (...codes: string[]) => tree([{ code: 'K', under: codes.map((code) => ({ code })) }]);

  test('the parent minus a sibling', async () => {
    const ballots = ballotsOf({ A: 12, B: 3 });
    const { release } = released(asked, flat('A', 'B'), ballots);
    expect(await found([showing(release, ballots, ['K', 'A'])])).toBe('+ K - A = 3');
    expect(await found([showing(release, ballots, ['K'])])).toBe(null);
  });

  test('and with it what they answered', async () => {
    const ballots = ballotsOf({ A: 12, B: 3 });
    const { release } = released(asked, flat('A', 'B'), ballots);
    const { leak } = await search(
      tables([showing(release, ballots, ['K', 'A'])]).map((table) => ({
        ...table,
        figures: table.figures.filter(({ figure }) => figure === 'a1'),
      })),
      solver(),
    );
    const b = everything(release, ballots.B!).statements.a1!;
    expect(leak).toMatchObject({ figure: 'a1', limit: 10, n: 3, distribution: b.distribution });
  });

  test('two hidden units of 1 and 2 beside 20 and 15, though neither by itself can be derived', async () => {
    const ballots = ballotsOf({ A: 1, B: 2, C: 20, D: 15 });
    const { release } = released(asked, flat('A', 'B', 'C', 'D'), ballots);
    expect(await found([showing(release, ballots, ['K', 'C', 'D'])])).toBe('+ K - C - D = 3');
  });

  test('the number in the round minus its shown tops', async () => {
    const ballots = ballotsOf({ A: 12, B: 9, C: 3 });
    const { release } = released(asked, tree([{ code: 'A' }, { code: 'B' }, { code: 'C' }]), ballots);
    expect(await found([showing(release, ballots, ['A', 'B'])])).toBe('+ all - A - B = 3');
  });

  describe('linked tables', () => {
    const roles = ['assistant', 'nurse'];
    const units = flat('A', 'B');
    // Ten assistants; eleven nurses and one assistant.
    const ballots = ballotsOf({ A: 10, B: 12 });
    const roleOf = (group: string, i: number) => roles[group === 'B' && i > 0 ? 1 : 0]!;
    const { release, id } = released(asked, units, ballots);
    const shown = showing(release, ballots, ['K', 'A', 'B']);
    const split = { ...shown, breakdowns: [broken(shown, ballots, roles, roleOf, 0)] };

    test('are safe for somebody who knows nothing else', async () => {
      expect(Object.keys(split.breakdowns[0]!.results)).toEqual([id('K')]);
      expect(await found([split])).toBe(null);
    });

    test('and not for somebody who knows that A has no nurses', async () => {
      const known: KnownEmpty = (place, _, category) => place === id('A') && category === 'nurse';
      expect(await found([split], known)).toBe('+ K assistant - A = 1');
    });

    test('nor where it says that A has no nurses', async () => {
      const told = structuredClone(split);
      told.breakdowns[0]!.results[id('A')] = {
        assistant: everything(release, ballots.A!),
        nurse: { n: 0, factors: {}, statements: {} },
      };
      expect(await found([told])).toMatch(/^\+ K assistant - A( assistant)? = 1$/);
    });

    test('a category of the parent minus that of a sibling', async () => {
      const many = ballotsOf({ A: 24, B: 9 });
      const three = (group: string, i: number) => roles[group === 'A' ? i % 2 : i < 6 ? 0 : 1]!;
      const shown = showing(released(asked, units, many).release, many, ['K', 'A']);
      const some = broken(shown, many, roles, three, 0);
      const part = (role: number) => many.A!.filter((_, i) => i % 2 === role);
      some.results[id('A')] = {
        assistant: everything(release, part(0)),
        nurse: everything(release, part(1)),
      };
      expect(await found([{ ...shown, breakdowns: [some] }])).toBe('+ K nurse - A nurse = 3');
    });

    test('two breakdowns of the same people', async () => {
      const modes = ['alone', 'help'];
      const two = {
        ...split,
        breakdowns: [...split.breakdowns, broken(shown, ballots, modes, (_, i) => modes[i % 2]!, 0, 'mode')],
      };
      expect(two.breakdowns[1]!.results[id('K')]).toBeDefined();
      expect(await found([two])).toBe(null);
    });
  });

  describe('answers on behalf of others', () => {
    const units = flat('A', 'B');
    const ballots = ballotsOf({ A: 12, B: 9 });
    const behalf = ballotsOf({ A: 8, B: 2 });
    const { release } = released(asked, units, ballots);
    const counted = 31;
    const file = (names: string[], theirs: string[]) => ({
      ...showing({ ...release, ballots: { ...release.ballots, counted } }, ballots, names),
      onBehalf: { results: showing(release, behalf, theirs).results },
    });

    test('are a tree of their own', async () => {
      expect(await found([file(['K', 'A', 'B'], ['K'])])).toBe(null);
      expect(await found([file(['K', 'A', 'B'], ['K', 'A'])])).toBe('+ K on behalf - A on behalf = 2');
    });

    test('that is linked to the other by the number in the round', async () => {
      expect(await found([file(['K'], ['A'])])).toBe('+ all - K - A on behalf = 2');
    });
  });

  describe('an old round shown on a reorganised tree', () => {
    const sizes = { A: 9, B: 11, C: 3, D: 14, E: 8 };
    const ballots = ballotsOf(sizes);
    const under = (codes: string) => [...codes].map((code): Unit => ({ code }));
    const before = released(
      asked,
      tree([
        {
          code: 'K',
          under: [
            { code: 'X', under: under('ABC') },
            { code: 'Y', under: under('DE') },
          ],
        },
      ]),
      ballots,
    ).release;
    const after = released(
      asked,
      tree([
        {
          code: 'K',
          under: [
            { code: 'X', under: under('AB') },
            { code: 'Y', under: under('CDE') },
          ],
        },
      ]),
      ballots,
    ).release;
    const [old, reorganised] = [
      showing(before, ballots, ['K', 'X', 'Y', 'D']),
      showing(after, ballots, ['K', 'X', 'Y', 'D']),
    ];

    test('each tree is safe alone', async () => {
      expect(await found([old])).toBe(null);
      expect(await found([reorganised])).toBe(null);
    });

    test('and the two together are not', async () => {
      expect(await found([old, reorganised])).toMatch(/= 3$/);
    });
  });

  test('an interim snapshot: the two who came in between', async () => {
    const units = flat('A', 'B');
    const then = ballotsOf({ A: 12, B: 9 });
    const now = { ...then, B: [...then.B!, ...some(2)] };
    const at = (ballots: Ballots): Release =>
      showing(released(asked, units, ballots).release, ballots, ['K', 'A', 'B']);
    const [first, second] = [at(then), at(now)];
    expect(await found([first])).toBe(null);
    expect(await found([second])).toBe(null);
    expect(await found([first, second])).toMatch(/file 2 .*file 1.* = 2$/);
    expect(await found([second, second])).toBe(null);
  });
});

describe('what the program publishes', () => {
  test('has no group that can be derived, on three hundred municipalities', async () => {
    const questions = questionnaire([2, 1], 1);
    const highs = solver();
    let figures = 0;
    for (let i = 0; i < 300; i++) {
      const areas = Array.from({ length: 1 + next(3) }, (_, a): Unit => {
        const under = Array.from({ length: next(4) }, (_, d) => ({ code: `${a}${d}` }));
        return { code: `A${a}`, under, ...(under.length > 0 && next(2) ? { staff: true } : {}) };
      });
      const units = tree([{ code: 'K', under: areas, ...(next(2) ? { leaders: true } : {}) }]);
      const mark = () => (next(12) === 0 ? 255 : 1 + next(5));
      const ballots: Ballots = {};
      for (const { name, group } of units.nodes)
        if (group) ballots[name] = Array.from({ length: next(16) }, () => Array.from({ length: 4 }, mark));
      const { release } = released(questions, units, ballots);
      const searched = await search(tables([release]), highs);
      expect(searched).toMatchObject({ leak: null, complete: true, contradictions: 0 });
      figures += searched.figures;
    }
    expect(figures).toBeGreaterThan(1000);
  });
});

describe('the search is not complete', () => {
  const ballots = ballotsOf({ A: 12, B: 3 });
  const { release } = released(asked, tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }] }]), ballots);
  const shown = tables([showing(release, ballots, ['K', 'A'])]);

  test('when the time is up', async () => {
    expect(await search(shown, { ...solver(), goOn: async () => false })).toMatchObject({
      leak: null,
      complete: false,
    });
  });

  test('when the solver gives up, or answers what is not so', async () => {
    expect(await search(shown, { ...solver(), solve: async () => null })).toMatchObject({ complete: false });
    const liar = { ...solver(), solve: async () => ({ m0: 0.3, m1: 0.4, m2: 0.1 }) };
    expect(await search(shown, liar)).toMatchObject({ leak: null, complete: false });
  });
});

test('figures that contradict each other are told of', async () => {
  const ballots = ballotsOf({ A: 12, B: 13 });
  const { release, id } = released(
    asked,
    tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }] }]),
    ballots,
  );
  const shown = showing(release, ballots, ['K', 'A']);
  shown.results[id('A')]!.n = 30;
  expect((await search(tables([shown]), solver())).contradictions).toBe(1);
});
