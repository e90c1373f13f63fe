import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { search, type Group } from '#domain/audit-search.ts';
import { type Table } from '#domain/audit-tables.ts';
import { solver } from '../../../tests/support/solver.ts';

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
  test('finds what trying every group finds, on a thousand tables', async () => {
    let leaks = 0;
    const highs = solver();
    for (const one of fc.sample(cases, { numRuns: 1000, seed: 11 })) {
      const { leak, complete, contradictions } = await search([tableOf(one)], highs);
      expect({ complete, contradictions }).toEqual({ complete: true, contradictions: 0 });
      expect([leak?.n ?? null, one]).toEqual([bruteForce(one), one]);
      if (leak) leaks += 1;
      if (leak) expect(isRight(leak, one)).toBe(true);
    }
    expect(leaks).toBeGreaterThan(200);
    expect(leaks).toBeLessThan(900);
    expect(highs.problems).toBeGreaterThan(300);
  });
});

/** Whether the derivation, followed by hand, gives the number that is claimed. */
function isRight({ n, sum }: Group, { cells, persons }: Case): boolean {
  const count = (cell: number[]) => cell.reduce((all, atom) => all + persons[atom]!, 0);
  return (
    n === Math.round(sum.reduce((all, { cell, times }) => all + times * count(cells[Number(cell.name)]!), 0))
  );
}
