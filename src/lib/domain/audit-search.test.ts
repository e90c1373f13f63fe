import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { search, type Group } from '#domain/audit-search.ts';
import { type Table, tables } from '#domain/audit-tables.ts';
import { showing } from '#tests/support/planted.ts';
import { solver } from '#tests/support/solver.ts';
import { isNothing, span } from '#tests/support/span.ts';
import { type Ballots, chance, questionnaire, released, tree, type Unit } from '#tests/support/survey.ts';

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

const subsets = (of: number[]) =>
  Array.from({ length: 2 ** of.length }, (_, set) => of.filter((_, i) => (set >> i) & 1));

/** Atoms that somebody can be in: those that are in a corner of the set of all worlds which agree with the counts. */
function possible({ cells, persons }: Case, atoms: number[]): number[] {
  const columns = atoms.map((atom) => cells.map((cell) => (cell.includes(atom) ? 1 : 0)));
  const n = cells.map((cell) => cell.reduce((sum, atom) => sum + persons[atom]!, 0));
  const found = new Set<number>();
  for (const chosen of subsets(atoms.map((_, i) => i))) {
    const independent = chosen.every(
      (i, at) => !isNothing(span(chosen.slice(0, at).map((one) => columns[one]!)).outside(columns[i]!)),
    );
    if (!independent || !isNothing(span(chosen.map((i) => columns[i]!)).outside(n))) continue;
    const share = (i: number) => {
      const others = span(chosen.filter((one) => one !== i).map((one) => columns[one]!));
      const [of, all] = [others.outside(columns[i]!), others.outside(n)];
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
  const { outside } = span(one.cells.map((cell) => atoms.map((atom) => (cell.includes(atom) ? 1 : 0))));
  let least: number | null = null;
  for (const group of subsets(atoms)) {
    const n = group.reduce((sum, atom) => sum + one.persons[atom]!, 0);
    if (n === 0 || n >= (least ?? one.limit)) continue;
    if (isNothing(outside(atoms.map((atom) => (group.includes(atom) ? 1 : 0))))) least = n;
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
