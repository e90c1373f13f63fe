import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Audit from '#domain/audit.ts';
import type { Questionnaire } from '#domain/questionnaire.ts';
import type * as Release from '#domain/release.ts';
import type { RoundTree, Thresholds } from '#domain/round.ts';
import * as Tally from '#domain/tally.ts';
import { isNothing, span } from '../support/span.ts';
import { chance, questionnaire, releaseOf, tree, type Unit } from '../support/survey.ts';

/*
 * The attacker holds the sum of every published node and of every category of every broken down node, may add and
 * subtract them with whatever weights, and knows which role nobody has in a group. Tried are all sets of the cells of
 * group and role, with the arithmetic of vectors alone. Nothing here is shared with the program but tree and release.
 */

type Person = { role: number; answers: number[] };
type Staff = Record<string, Person[]>;
type Cell = { group: string; role: number; persons: Person[] };

const roles = ['nurse', 'assistant', 'leader'];
const categories = [...roles, 'none'];
const asked: Questionnaire = {
  ...questionnaire([2]),
  background: [
    {
      id: 'role',
      kind: 'role',
      text: { nb: 'Rolle' },
      options: roles.map((id) => ({ id, text: { nb: id } })),
    },
  ],
};
const limits: Thresholds = { factor: 5, statement: 10, invited: 7 };

function release(units: RoundTree, staff: Staff) {
  const tally = Tally.start(asked, units);
  for (const [name, persons] of Object.entries(staff)) {
    const group = units.nodes.find((node) => node.name === name)!.id;
    for (const { role, answers } of persons) Tally.add(tally, group, answers, [role]);
  }
  return releaseOf(asked, units, tally, limits);
}

const isUnder = (units: RoundTree, id: string, top: string): boolean => {
  if (id === top) return true;
  const { parent } = units.nodes.find((node) => node.id === id)!;
  return parent !== null && isUnder(units, parent, top);
};

/** The cells that somebody is in; a person who answered nothing of a figure is in none. */
const cellsOf = (units: RoundTree, staff: Staff, counts: (person: Person) => boolean): Cell[] =>
  units.nodes
    .filter((node) => node.group)
    .flatMap(({ id, name }) =>
      [1, 2, 3, 0].map((role) => ({
        group: id,
        role,
        persons: (staff[name] ?? []).filter((one) => one.role === role && counts(one)),
      })),
    )
    .filter(({ persons }) => persons.length > 0);

/** What the attacker has: one row of ones and noughts over the cells for each published sum. */
function published(units: RoundTree, cells: Cell[], everybody: string[], broken: string[]): number[][] {
  return [
    ...everybody.map((top) => cells.map(({ group }) => Number(isUnder(units, group, top)))),
    ...broken.flatMap((top) =>
      [1, 2, 3, 0].map((role) =>
        cells.map((cell) => Number(cell.role === role && isUnder(units, cell.group, top))),
      ),
    ),
  ];
}

/** Cells that look the same in every published sum are one to the attacker. */
function merged(cells: Cell[], rows: number[][]): { cells: Cell[][]; rows: number[][] } {
  const alike = Map.groupBy(cells.keys(), (at) => rows.map((row) => row[at]).join());
  const classes = [...alike.values()].filter((at) => rows.some((row) => row[at[0]!] !== 0));
  return {
    cells: classes.map((at) => at.map((i) => cells[i]!)),
    rows: rows.map((row) => classes.map((at) => row[at[0]!]!)),
  };
}

/**
 * Fewest persons that some sum with any weights is made of, up to `most`: for each small set of classes, whether a
 * combination that is not nought is nought outside it, which is so when leaving the set out loses a dimension.
 */
function fewest(
  units: RoundTree,
  cells: Cell[],
  everybody: string[],
  broken: string[],
  most: number,
): number {
  const { cells: classes, rows } = merged(cells, published(units, cells, everybody, broken));
  const sizes = classes.map((one) => one.reduce((sum, { persons }) => sum + persons.length, 0));
  const { rank } = span(rows);
  let found = Infinity;
  const search = (from: number, set: number[], persons: number) => {
    if (set.length > 0) {
      const outside = rows.map((row) => row.filter((_, at) => !set.includes(at)));
      if (span(outside).rank < rank) {
        found = Math.min(found, persons);
        return;
      }
    }
    for (let at = from; at < classes.length; at++)
      if (persons + sizes[at]! < Math.min(most, found)) search(at + 1, [...set, at], persons + sizes[at]!);
  };
  search(0, [], 0);
  return found;
}

/** Groups whose own sum can be worked out: sets of classes that are a combination of what is published. */
function groups(units: RoundTree, cells: Cell[], everybody: string[], broken: string[]): Person[][] {
  const { cells: classes, rows } = merged(cells, published(units, cells, everybody, broken));
  if (classes.length > 13) return [];
  const { outside } = span(rows);
  return Array.from({ length: 2 ** classes.length - 1 }, (_, i) => i + 1).flatMap((set) => {
    const wanted = classes.map((_, at) => (set >> at) & 1);
    if (!isNothing(outside(wanted))) return [];
    return [classes.flatMap((one, at) => (wanted[at] ? one.flatMap(({ persons }) => persons) : []))];
  });
}

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Everything an attacker finds. */
function leaks(made: Release.Release, units: RoundTree, staff: Staff): string[] {
  const { results } = made.breakdowns![0]!;
  const found: string[] = [];
  const ballots = fewest(
    units,
    cellsOf(units, staff, () => true),
    Object.keys(made.results),
    Object.keys(results),
    5,
  );
  if (ballots < 5) found.push(`ballots of ${ballots}`);
  const has = (answers: number[]) => answers.some((mark) => mark < 250);
  const cells = cellsOf(units, staff, ({ answers }) => has(answers));
  const shown = Object.keys(made.results).filter((id) => 'n' in (made.results[id]!.factors.f1 ?? {}));
  const broken = Object.keys(results).filter((id) =>
    Object.values(results[id]!).some(({ factors }) => factors.f1),
  );
  const persons = fewest(units, cells, shown, broken, 5);
  if (persons < 5) found.push(`f1 of ${persons}`);
  for (const group of groups(units, cells, shown, broken)) {
    const scores = group.map(({ answers }) => mean(answers.filter((mark) => mark < 250)));
    const most = Math.max(...scores.map((one) => scores.filter((other) => other === one).length));
    if (scores.length - most < 2) found.push('f1 nearly unanimous');
    const level = mean(group.flatMap(({ answers }) => answers.filter((mark) => mark < 250)));
    if (scores.length < 10 && (level > 4.8 - 1e-9 || level < 1.2 + 1e-9)) found.push('f1 at the end');
  }
  return found;
}

const answersOf = (next: (end: number) => number, mood: number) =>
  [0, 1].map(() => (next(14) === 0 ? 255 : mood === 1 ? 4 + Number(next(6) > 0) : 1 + next(5)));

/** Small trees of areas with departments, where some departments have few roles or only one. */
const cases = fc
  .record({
    areas: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
    extra: fc.nat(3),
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
    mood: fc.nat(2),
    few: fc.nat(3),
  })
  .map(({ areas, extra, seed, mood, few }) => {
    const units: RoundTree = tree([
      {
        code: 'K',
        under: areas.map((departments, a): Unit => {
          const under = Array.from({ length: departments }, (_, d) => ({ code: `A${a}D${d}` }));
          return { code: `A${a}`, under, ...(departments && extra & 1 ? { staff: true as const } : {}) };
        }),
        ...(extra & 2 ? { staff: true as const } : {}),
      },
    ]);
    const next = chance(seed);
    const staff: Staff = {};
    for (const { name, group } of units.nodes) {
      if (!group) continue;
      const here = [1, 2, 3, 0].filter(() => next(4) >= few);
      const has = here.length > 0 ? here : [1];
      staff[name] = Array.from({ length: next(24) }, () => ({
        role: has[next(has.length)]!,
        answers: answersOf(next, mood),
      }));
    }
    return { units, staff };
  });

describe('the attacker finds nobody by role', () => {
  test('in 300 small municipalities', () => {
    fc.assert(
      fc.property(cases, ({ units, staff }) => {
        const made = release(units, staff);
        expect(leaks(made, units, staff)).toEqual([]);
        expect(Audit.audit(made)).toEqual({ ok: true });
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  test('and the product is not safe by showing nothing', () => {
    let nodes = 0;
    let areas = 0;
    let factors = 0;
    for (const { units, staff } of fc.sample(cases, { numRuns: 300, seed: 5 }))
      for (const [id, by] of Object.entries(release(units, staff).breakdowns![0]!.results)) {
        nodes += 1;
        areas += id === '0001' ? 0 : 1;
        factors += Object.values(by).some((one) => one.factors.f1) ? 1 : 0;
      }
    expect(nodes).toBeGreaterThan(60);
    expect(areas).toBeGreaterThan(20);
    expect(factors).toBeGreaterThan(40);
  });
});

const spread = (role: number, n: number, from = 0): Person[] =>
  Array.from({ length: n }, (_, i) => ({ role, answers: [1 + ((i + from) % 5), 1 + ((i * 2 + from) % 5)] }));

describe('the attacker sees through weaker rules', () => {
  const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }] }]);
  const ids = (names: string[]) => names.map((name) => units.nodes.find((node) => node.name === name)!.id);
  const cells = (staff: Staff) => cellsOf(units, staff, () => true);
  const broken = (staff: Staff) =>
    Object.keys(release(units, staff).breakdowns![0]!.results).map(
      (id) => units.nodes.find((node) => node.id === id)!.name,
    );

  test('categories one by one, each where it has five', () => {
    // Leaders are withheld, and are what is left of the node when the others are taken from it.
    const staff = {
      A: [...spread(1, 9), ...spread(2, 8), ...spread(3, 2)],
      B: [...spread(1, 9), ...spread(2, 9)],
    };
    const all = cells(staff);
    const rows = published(units, all, ids(['K', 'A', 'B']), []);
    const oneByOne = [1, 2].map((role) =>
      all.map((cell) => Number(cell.role === role && cell.group === ids(['A'])[0])),
    );
    const leaders = all.map((cell) => Number(cell.role === 3));
    expect(isNothing(span([...rows, ...oneByOne]).outside(leaders))).toBe(true);
    expect(broken(staff)).not.toContain('A');
  });

  test('all categories of every node by itself, without what is left above', () => {
    const staff = { A: [...spread(1, 9), ...spread(2, 9)], B: [...spread(1, 8), ...spread(2, 3)] };
    expect(fewest(units, cells(staff), ids(['K', 'A', 'B']), ids(['K', 'A']), 5)).toBe(3);
    expect(broken(staff)).toEqual(['K']);
  });

  test('the residual rule for each category, without the departments that have one role only', () => {
    // Everybody knows that A has assistants only: one assistant of B is what is left of K's. A tells nothing new.
    const staff = { A: spread(2, 10), B: [...spread(1, 11), ...spread(2, 1)] };
    expect(fewest(units, cells(staff), ids(['K', 'A', 'B']), ids(['K']), 5)).toBe(1);
    expect(broken(staff)).toEqual(['A']);
  });
});

describe('shown', () => {
  const units = tree([
    { code: 'K', under: [{ code: 'H', under: [{ code: 'H1' }, { code: 'H2' }] }, { code: 'S' }] },
  ]);
  const staff = {
    H1: [...spread(1, 12), ...spread(2, 10), ...spread(0, 7)],
    H2: [...spread(1, 8, 1), ...spread(2, 9, 2), ...spread(0, 6)],
    S: [...spread(1, 9), ...spread(3, 8), ...spread(2, 7), ...spread(0, 6)],
  };
  const at = (made: Release.Release, name: string) =>
    made.breakdowns![0]!.results[units.nodes.find((node) => node.name === name)!.id];

  test('are the municipality and its areas, every category with its own number', () => {
    const made = release(units, staff);
    const n = (name: string) => categories.map((id) => at(made, name)?.[id]?.n);
    expect(n('K')).toEqual([29, 26, 8, 19]);
    expect(n('H')).toEqual([20, 19, 0, 13]);
    expect(n('S')).toEqual([9, 7, 8, 6]);
    expect(n('H1')).toEqual([undefined, undefined, undefined, undefined]);
    expect(Object.keys(at(made, 'H')!.leader!.factors)).toEqual([]);
    expect(at(made, 'H')!.nurse!.factors.f1).toMatchObject({ n: 20 });
    expect(at(made, 'H')!.nurse!.statements).toEqual({});
  });

  test('is the service area alone where the round starts there', () => {
    expect(Object.keys(release({ ...units, above: 1 }, staff).breakdowns![0]!.results)).toEqual(['0001']);
    expect(Object.keys(release({ ...units, above: 2 }, staff).breakdowns![0]!.results)).toEqual([]);
  });
});
