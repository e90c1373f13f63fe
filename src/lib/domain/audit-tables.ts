import { limitOf } from '#domain/audit-finding.ts';
import { own } from '#domain/record.ts';
import type { NodeResult, Release } from '#domain/release.ts';
import type { TreeNode } from '#domain/round.ts';

/** Whose answers a published count is of, in the release's own words. */
export type Cell = {
  /** Place among the files that are read together. */
  file: number;
  /** Of the node; null: the whole round. */
  name: string | null;
  category: string | null;
  onBehalf: boolean;
};

/** What is published of one figure, by cell. */
export type Counts = {
  /** Id of the factor or statement; null: ballots. */
  figure: string | null;
  /** No group of fewer persons may be derived. */
  limit: number;
  n: number[];
  /** Answers per point of the scale, or persons per named answer; null where they are not published. */
  distributions: (number[] | null)[];
};

/**
 * The cells where figures are published, and the atoms of each: numbers for the smallest groups that the cells tell
 * apart. Figures that are published in the same cells stand in one table.
 */
export type Table = { cells: Cell[]; atoms: number[][]; figures: Counts[] };

/** What somebody knows beforehand: that nobody in a place (the id of a group) is in a category of a breakdown. */
export type KnownEmpty = (place: string, breakdown: string, category: string) => boolean;

/** What sets persons in one place apart: the file they came with, on whose behalf, and a category by breakdown. */
type Kind = { came: number; onBehalf: boolean; categories: Record<string, string> };

type Published = {
  cell: Cell;
  places: string[];
  breakdown: string | null;
  has: (kind: Kind) => boolean;
  n: number;
  /** null: the round's own total. */
  result: NodeResult | null;
};

/**
 * What a reader of some files can add and subtract (design section 4). One file; or several that count the same
 * answers: one round at several times, each time with everything from the time before, or on several trees. Different
 * rounds are different answers, and are never read together.
 *
 * A person is in one place (a leaf of the tree; where trees differ, a unit's own part of one), came with one file,
 * answered for himself or on behalf of somebody, and is in one category of each breakdown. Each published count is of
 * those who agree in some of these, so an atom is everybody whom the cells do not tell apart. A bound carries no
 * number and is no cell.
 */
export function tables(files: Release[], knownEmpty: KnownEmpty = () => false): Table[] {
  const published = read(files);
  const { thresholds, factors, statements, choices = [] } = files[0] as Release;
  const figures = [
    { figure: null, limit: thresholds.factor },
    ...factors.map((factor) => ({ figure: factor.id, limit: limitOf(factor, thresholds) })),
    ...[...statements, ...choices].map(({ id }) => ({ figure: id, limit: thresholds.statement })),
  ];
  const made = new Map<string, Table>();
  for (const { figure, limit } of figures) {
    const counts = published.map((one) => count(one, figure));
    const shown = published.filter((_, i) => counts[i]);
    // The number in the whole round is published whatever it is; alone it tells of no group.
    if (shown.every(({ result }) => result === null)) continue;
    const key = counts.map((one) => (one ? 1 : 0)).join('');
    const table = made.get(key) ?? arrange(shown, files, knownEmpty);
    made.set(key, table);
    const there = counts.filter((one) => one !== null);
    table.figures.push({
      figure,
      limit,
      n: there.map(({ n }) => n),
      distributions: there.map(({ distribution }) => distribution),
    });
  }
  return [...made.values()];
}

function count({ result, n }: Published, figure: string | null): Count | null {
  if (figure === null) return { n, distribution: null };
  const statement = result && own(result.statements, figure);
  if (statement) return statement;
  const choice = result && own(result.choices, figure);
  if (choice) return { n: choice.n, distribution: choice.chosen };
  const factor = result && own(result.factors, figure);
  return factor && 'n' in factor ? { n: factor.n, distribution: null } : null;
}
type Count = { n: number; distribution: number[] | null };

/** The files' numbers of ballots, each once, least first: a file counts those who came with it and with those before. */
const totals = (files: Release[]) =>
  [...new Set(files.map(({ ballots }) => ballots.counted))].sort((a, b) => a - b);

/** Every published cell of the files. */
function read(files: Release[]): Published[] {
  const leaves = files.map(({ tree }) =>
    JSON.stringify(tree.filter(({ group }) => group).map(({ id, units }) => [id, units])),
  );
  const isOneTree = new Set(leaves).size === 1;
  return files.flatMap((file, f) => {
    const until = totals(files).indexOf(file.ballots.counted);
    const places = placesUnder(file.tree, isOneTree);
    const made: Published[] = [];
    const add = (
      name: string | null,
      at: string[],
      result: NodeResult | null,
      has: (kind: Kind) => boolean,
      {
        n = result?.n ?? 0,
        category = null as string | null,
        breakdown = null as string | null,
        onBehalf = false,
      },
    ) => {
      const cell = { file: f, name, category, onBehalf };
      made.push({ cell, places: at, breakdown, has: (kind) => kind.came <= until && has(kind), n, result });
    };
    for (const { id, name } of file.tree) {
      const at = places.get(id) as string[];
      const alone = own(file.results, id);
      const onBehalf = own(file.onBehalf?.results, id);
      if (alone) add(name, at, alone, (kind) => !kind.onBehalf, {});
      if (onBehalf) add(name, at, onBehalf, (kind) => kind.onBehalf, { onBehalf: true });
      for (const { id: breakdown, categories, results } of file.breakdowns ?? [])
        for (const category of categories) {
          const part = own(own(results, id), category.id);
          const has = (kind: Kind) => !kind.onBehalf && kind.categories[breakdown] === category.id;
          if (part) add(name, at, part, has, { category: category.text.nb, breakdown });
        }
    }
    add(null, [...new Set([...places.values()].flat())], null, () => true, { n: file.ballots.counted });
    return made;
  });
}

/** The places under each node; none of those where nobody is invited. */
function placesUnder(tree: TreeNode[], isOneTree: boolean): Map<string, string[]> {
  const places = new Map<string, string[]>(tree.map(({ id }) => [id, []]));
  const above = new Map(tree.map(({ id, parent }) => [id, parent]));
  for (const { id, part, units, group, invited } of tree) {
    if (!group || invited === 0) continue;
    const own = isOneTree ? [id] : units.map((unit) => `${part === 'leaders' ? 'leaders' : 'staff'} ${unit}`);
    for (let node: string | null = id; node !== null; node = above.get(node) ?? null)
      places.get(node)?.push(...own);
  }
  return places;
}

/** Finds the atoms: places and kinds of persons that the same cells cover are one. */
function arrange(shown: Published[], files: Release[], knownEmpty: KnownEmpty): Table {
  const atoms = shown.map((): number[] => []);
  const covering = new Map<string, number[]>();
  shown.forEach(({ places }, i) => {
    for (const place of places) covering.set(place, [...(covering.get(place) ?? []), i]);
  });
  const known = new Set<string>();
  for (const [place, cells] of covering) {
    const breakdowns = new Set(cells.map((i) => (shown[i] as Published).breakdown));
    for (const kind of kinds(files, breakdowns)) {
      if (Object.entries(kind.categories).some(([breakdown, id]) => knownEmpty(place, breakdown, id)))
        continue;
      const covered = cells.filter((i) => (shown[i] as Published).has(kind));
      const key = covered.join();
      if (covered.length === 0 || known.has(key)) continue;
      for (const i of covered) (atoms[i] as number[]).push(known.size);
      known.add(key);
    }
  }
  return { cells: shown.map(({ cell }) => cell), atoms, figures: [] };
}

/** Every kind of person that some breakdowns tell apart. */
function kinds(files: Release[], apart: Set<string | null>): Kind[] {
  const came = totals(files).map((_, came) => came);
  const breakdowns = new Map(files.flatMap((file) => file.breakdowns ?? []).map((one) => [one.id, one]));
  let categories: Record<string, string>[] = [{}];
  for (const { id, categories: all } of breakdowns.values())
    if (apart.has(id))
      categories = categories.flatMap((one) => all.map((category) => ({ ...one, [id]: category.id })));
  return came.flatMap((came) => [
    ...categories.map((categories) => ({ came, onBehalf: false, categories })),
    ...(files.some(({ onBehalf }) => onBehalf) ? [{ came, onBehalf: true, categories: {} }] : []),
  ]);
}
