import type { Cell, Counts, Table } from '#domain/audit-tables.ts';

/** What the search needs from outside: HiGHS, and somebody who has a clock. */
export type Solver = {
  /**
   * Solves a problem in CPLEX LP format: the values of its variables, or that nothing fulfils it. null: the time is up,
   * or the solver failed.
   */
  solve: (problem: string) => Promise<Record<string, number> | 'infeasible' | null>;
  /** Lets others have their turn; false: the time is up. */
  goOn: () => Promise<boolean>;
};

/** A group whose answers can be worked out, and how: so many times each of these cells, taken together. */
export type Group = {
  figure: string | null;
  limit: number;
  n: number;
  /** Answers per point of the scale, where they follow. */
  distribution: number[] | null;
  sum: { cell: Cell; times: number }[];
};

export type Searched = {
  /** The smallest group under its limit. null: there is none, if the search was complete. */
  leak: Group | null;
  /** There was time enough, and every answer of the solver was checked and right. */
  complete: boolean;
  /** Differences of cells that count fewer than nobody, or somebody where nobody can be: such figures are no release. */
  contradictions: number;
  /** What was searched: figures, tables of cells that they share, and problems that took the solver. */
  figures: number;
  tables: number;
  problems: number;
};

/** Some persons' number, and the cells that it is worked out from: how many times each. */
type Row = { atoms: number[]; n: number; of: Map<number, number> };

/** Atoms that the same rows have. */
type Class = { rows: number[]; atoms: number[] };

type Part = { rows: Row[]; classes: Class[] };

/** Room for the solver's doubles. */
const ROUNDING = 1e-5;

/**
 * The smallest group under its limit whose figures can be worked out from what is published (design section 4). Nothing
 * here knows how the figures were chosen, or what a tree is: only which atoms a cell is made of, and its numbers.
 *
 * What can be worked out. Each figure (a number of persons, a bar, or n times a mean) is a sum over the persons of a
 * cell. Who takes each cell m times, m any number, and adds, has a sum over all persons in which those of an atom weigh
 * the m of the cells that the atom is in. That is a group's own figure if and only if each weight is 0 or 1. Nothing
 * else follows from equations: a sum that is the same in all their solutions is a combination of them. That no atom has
 * fewer than nobody tells one thing more, and only one: the sums that are the same in all solutions without negative
 * numbers ("worlds") are the same in the smallest plane around these, and that plane is given by the equations and
 * by the atoms that are empty in every world. (Farkas: an atom is that if it weighs more than 0 in some sum of cells
 * that counts nobody and in which no atom weighs less than 0.) So such atoms are taken out, and then every group is
 * found by the problem that HiGHS gets: a weight of 0 or 1 for each atom, m for each cell, at least one person and
 * fewer than the limit, as few as can be. What follows only from persons being whole, or from more than the files
 * say, is not sought.
 *
 * What makes it quick. None of this changes the answer.
 * - Rows that are differences of cells say the same as the cells; in a tree they have nobody in common.
 * - A group is one group in each part of the table that is apart from the others, so the smallest is within one part.
 * - A group that can be worked out has the same number in every world. So an atom that has the limit in any one world
 *   is in no group under the limit. Where every atom has that, the worlds are the proof, and HiGHS is not asked.
 */
export async function search(tables: Table[], solver: Solver): Promise<Searched> {
  let leak: Group | null = null;
  const told = { complete: true, contradictions: 0, figures: 0, tables: tables.length, problems: 0 };
  for (const table of tables) {
    const cells = table.atoms.map((atoms, i) => ({ atoms, n: 0, of: new Map([[i, 1]]) }));
    const parts = apart(differences(cells));
    for (const figure of table.figures) {
      if (!(await solver.goOn())) return { leak, ...told, complete: false };
      told.figures += 1;
      for (const { rows, classes } of parts) {
        const counted = rows.map((row) => ({ ...row, n: total(row.of, figure.n) }));
        const found = await smallest({ rows: counted, classes }, figure.limit, solver, told);
        if (found && (leak === null || found.n < leak.n)) leak = group(table, figure, found);
      }
    }
  }
  return { leak, ...told };
}

type Told = Pick<Searched, 'complete' | 'contradictions' | 'problems'>;

/** The smallest derived set of at least one person and fewer than the limit. */
async function smallest(part: Part, limit: number, solver: Solver, told: Told): Promise<Row | null> {
  const { rows, classes } = part;
  if (rows.some(({ atoms, n }) => n < 0 || (atoms.length === 0 && n !== 0))) {
    told.contradictions += 1;
    return null;
  }
  const empty = new Set(rows.filter(({ n }) => n === 0).flatMap(({ atoms }) => atoms));
  if (empty.size > 0) return await without(empty, part, limit, solver, told);

  const most = worlds(part, limit);
  if (most.every((n) => n >= limit)) return null;
  if (most.some((n) => n === 0)) {
    const nowhere = await nobody(part, solver, told);
    if (nowhere.size > 0) return await without(nowhere, part, limit, solver, told);
  }
  told.problems += 1;
  const isSmall = classes.map((_, c) => (most[c] as number) < limit);
  const solution = await solver.solve(smallestProblem(part, isSmall, limit));
  if (solution === 'infeasible') return null;
  const found = solution && combined(rows, (i) => solution[`m${i}`] ?? 0);
  if (!found) told.complete = false;
  return found;
}

/** The same when nobody is in some atoms, which then no longer hold the rows together. */
async function without(
  empty: Set<number>,
  part: Part,
  limit: number,
  solver: Solver,
  told: Told,
): Promise<Row | null> {
  const left = part.rows.map((row) => ({ ...row, atoms: row.atoms.filter((atom) => !empty.has(atom)) }));
  let best: Row | null = null;
  for (const one of apart(differences(left))) {
    const found = await smallest(one, limit, solver, told);
    if (found && (best === null || found.n < best.n)) best = found;
  }
  return best;
}

/**
 * For each class, the most persons that it has in some worlds that agree with all that is published; 0 when it has
 * nobody in any of them. A world is filled greedily: the class whose turn it is, then the limit in as many others as
 * have not had it, then what is left. One that leaves persons over is no world.
 */
function worlds({ rows, classes }: Part, limit: number): number[] {
  const most = classes.map(() => 0);
  const world = new Float64Array(classes.length);
  const homes = homesOf(classes, rows.length);
  for (let turn = 0; turn < classes.length; turn++) {
    if ((most[turn] as number) >= limit) continue;
    const left = Float64Array.from(rows, ({ n }) => n);
    const filled: number[] = [];
    const fill = (c: number, least: number, wanted: number) => {
      const { rows } = classes[c] as Class;
      let n = wanted;
      for (const i of rows) n = Math.min(n, left[i] as number);
      if (n < least || n === 0) return;
      for (const i of rows) left[i]! -= n;
      world[c]! += n;
      filled.push(c);
    };
    const round = (least: number, wanted: number, does: (c: number) => boolean) =>
      homes.forEach((at, row) => {
        for (let i = 0; i < at.length && (left[row] as number) > 0; i++)
          if (does(at[i] as number)) fill(at[i] as number, least, wanted);
      });
    fill(turn, 0, Infinity);
    round(limit, limit, (c) => (most[c] as number) < limit);
    round(0, Infinity, () => true);
    const isWorld = left.every((n) => n === 0);
    if (isWorld) for (const c of filled) most[c] = Math.max(most[c] as number, world[c] as number);
    for (const c of filled) world[c] = 0;
  }
  return most;
}

/** The classes by one of their rows, that which has fewest: when it is full, they are. */
function homesOf(classes: Class[], rows: number): number[][] {
  const sizes = new Float64Array(rows);
  for (const { rows } of classes) for (const i of rows) sizes[i]! += 1;
  const homes = Array.from({ length: rows }, (): number[] => []);
  classes.forEach(({ rows }, c) => {
    const home = rows.reduce((least, i) => ((sizes[i] as number) < (sizes[least] as number) ? i : least));
    (homes[home] as number[]).push(c);
  });
  return homes;
}

/** The atoms in which nobody can be, since a sum of cells that counts nobody has them in it. */
async function nobody(part: Part, solver: Solver, told: Told): Promise<Set<number>> {
  told.problems += 1;
  const solution = await solver.solve(emptyProblem(part));
  if (solution === null || solution === 'infeasible') {
    told.complete = false;
    return new Set();
  }
  return new Set(part.classes.flatMap(({ atoms }, c) => ((solution[`t${c}`] ?? 0) > 0.5 ? atoms : [])));
}

/**
 * Each row less those that lie within it, largest first: the same rows by another name, since smaller ones are taken
 * from larger ones only and can be added again. Of a tree it leaves the residuals, which have nobody in common.
 */
function differences(rows: Row[]): Row[] {
  const sorted = rows.toSorted((a, b) => a.atoms.length - b.atoms.length);
  const covering = new Map<number, number[]>();
  return sorted.map((row, r) => {
    const left = new Set(row.atoms);
    const inside = new Map<number, number>();
    for (const atom of row.atoms)
      for (const i of covering.get(atom) ?? []) inside.set(i, (inside.get(i) ?? 0) + 1);
    let n = row.n;
    const of = new Map(row.of);
    const within = [...inside].filter(([i, shared]) => shared === sorted[i]!.atoms.length).map(([i]) => i);
    for (const i of within.sort((a, b) => b - a)) {
      const part = sorted[i] as Row;
      if (!part.atoms.every((atom) => left.has(atom))) continue;
      for (const atom of part.atoms) left.delete(atom);
      n -= part.n;
      for (const [cell, times] of part.of) of.set(cell, (of.get(cell) ?? 0) - times);
    }
    for (const atom of row.atoms) covering.set(atom, [...(covering.get(atom) ?? []), r]);
    return { atoms: [...left], n, of };
  });
}

/** Sets the rows apart that have no atom in common, directly or by way of others. */
function apart(rows: Row[]): Part[] {
  const top = rows.map((_, i) => i);
  const find = (i: number): number => (top[i] === i ? i : (top[i] = find(top[i] as number)));
  const first = new Map<number, number>();
  rows.forEach(({ atoms }, i) => {
    for (const atom of atoms) {
      const other = first.get(atom);
      if (other === undefined) first.set(atom, i);
      else top[find(i)] = find(other);
    }
  });
  const parts = new Map<number, Row[]>();
  rows.forEach((row, i) => parts.set(find(i), [...(parts.get(find(i)) ?? []), row]));
  return [...parts.values()].map((rows) => ({ rows, classes: classesOf(rows) }));
}

function classesOf(rows: Row[]): Class[] {
  const rowsOf = new Map<number, number[]>();
  rows.forEach(({ atoms }, i) => {
    for (const atom of atoms) rowsOf.set(atom, [...(rowsOf.get(atom) ?? []), i]);
  });
  const made = new Map<string, Class>();
  for (const [atom, of] of rowsOf) {
    const one = made.get(of.join()) ?? { rows: of, atoms: [] };
    one.atoms.push(atom);
    made.set(of.join(), one);
  }
  return [...made.values()];
}

/** y: whether the set has a class; m: how many times a row is taken. Classes that are too large are not in the set. */
function smallestProblem({ rows, classes }: Part, isSmall: boolean[], limit: number): string {
  const persons = terms(rows.map(({ n }, i) => [n, `m${i}`]));
  return problem(rows, [
    'Minimize',
    `n: ${persons}`,
    'Subject To',
    ...classes.map(
      ({ rows }, c) => `c${c}: ${terms([...sum(rows), ...(isSmall[c] ? [minus(`y${c}`)] : [])])} = 0`,
    ),
    `least: ${persons} >= 1`,
    `most: ${persons} <= ${limit - 1}`,
    'Binaries',
    ...classes.flatMap((_, c) => (isSmall[c] ? [`y${c}`] : [])),
  ]);
}

/** t: whether a sum of rows that counts nobody, and takes no class away, has a class. Several such sums are one, added. */
function emptyProblem({ rows, classes }: Part): string {
  return problem(rows, [
    'Maximize',
    `t: ${terms(classes.map((_, c) => [1, `t${c}`]))}`,
    'Subject To',
    ...classes.map(({ rows }, c) => `c${c}: ${terms([...sum(rows), minus(`t${c}`)])} >= 0`),
    `n: ${terms(rows.map(({ n }, i) => [n, `m${i}`]))} = 0`,
    ...classes.map((_, c) => `b${c}: t${c} <= 1`),
  ]);
}

type Term = [times: number, variable: string];
const sum = (rows: number[]): Term[] => rows.map((i) => [1, `m${i}`]);
const minus = (variable: string): Term => [-1, variable];
const terms = (of: Term[]) =>
  of.map(([times, name]) => `${times < 0 ? '-' : '+'} ${Math.abs(times)} ${name}`).join('\n');
const problem = (rows: Row[], lines: string[]) =>
  [...lines, 'Bounds', ...rows.map((_, i) => `m${i} free`), 'End', ''].join('\n');

/** Rows put together, if they are then a set of atoms, and a whole number of persons. */
function combined(rows: Row[], timesOf: (row: number) => number): Row | null {
  const covered = new Map<number, number>();
  const of = new Map<number, number>();
  let n = 0;
  rows.forEach((row, i) => {
    const by = timesOf(i);
    n += by * row.n;
    for (const atom of row.atoms) covered.set(atom, (covered.get(atom) ?? 0) + by);
    for (const [cell, times] of row.of) of.set(cell, (of.get(cell) ?? 0) + times * by);
  });
  const near = (a: number, b: number) => Math.abs(a - b) < ROUNDING;
  if (![...covered.values()].every((times) => near(times, 0) || near(times, 1))) return null;
  if (!near(n, Math.round(n))) return null;
  return {
    atoms: [...covered].flatMap(([atom, times]) => (near(times, 1) ? [atom] : [])),
    n: Math.round(n),
    of,
  };
}

function group(table: Table, { figure, limit, n, distributions }: Counts, found: Row): Group {
  const sum = [...found.of].filter(([, times]) => Math.abs(times) > ROUNDING).sort(([a], [b]) => a - b);
  const points = distributions[0]?.length ?? 0;
  const isKnown = points > 0 && sum.every(([i]) => distributions[i]);
  return {
    figure,
    limit,
    n: Math.round(total(found.of, n)),
    distribution: isKnown
      ? Array.from({ length: points }, (_, p) =>
          Math.round(sum.reduce((all, [i, times]) => all + times * distributions[i]![p]!, 0)),
        )
      : null,
    sum: sum.map(([i, times]) => ({ cell: table.cells[i] as Cell, times: Math.round(times * 1000) / 1000 })),
  };
}

function total(of: Map<number, number>, n: number[]): number {
  let sum = 0;
  for (const [cell, times] of of) sum += times * (n[cell] as number);
  return sum;
}
