import * as Day from '#domain/day.ts';

/**
 * A unit as it is kept. id null: not kept yet. parent: a code. leaderId: a person's id. leaderSince: that leader's first
 * day as one; null: not known here. Days are ISO; validTo is the last day.
 */
export type UnitState = {
  id: string | null;
  code: string;
  name: string;
  shortName: string | null;
  level: string | null;
  parent: string | null;
  leaderId: string | null;
  leaderSince: string | null;
  validFrom: string;
  validTo: string | null;
};

/** The units that stand on a day. */
export const standing = <T extends { validFrom: string; validTo: string | null }>(
  units: T[],
  on: string,
): T[] => units.filter((unit) => Day.stands(unit, on));

/**
 * Units with their depth (0 at the top), parents before children, sisters by code with numbers as numbers. A unit
 * whose parent is not among them stands at the top. Units in a cycle come nowhere.
 */
export function inTreeOrder<T extends { code: string; parent: string | null }>(
  units: T[],
): { unit: T; depth: number }[] {
  const codes = new Set(units.map((unit) => unit.code));
  const under = Map.groupBy(units, ({ parent }) => (parent !== null && codes.has(parent) ? parent : null));
  const order = new Intl.Collator('nb', { numeric: true });
  for (const sisters of under.values()) sisters.sort((a, b) => order.compare(b.code, a.code));
  const found: { unit: T; depth: number }[] = [];
  const waiting = (under.get(null) ?? []).map((unit) => ({ unit, depth: 0 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    found.push(next);
    for (const child of under.get(next.unit.code) ?? []) waiting.push({ unit: child, depth: next.depth + 1 });
  }
  return found;
}

/** The codes from the top down to each unit, by its code. Units come parents before children. */
export function pathsOf(units: { code: string; parent: string | null }[]): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const { code, parent } of units)
    paths.set(code, [...((parent !== null && paths.get(parent)) || []), code]);
  return paths;
}

/** The units of a tree that pass by their paths, as a tree of their own: depth 0 where the topmost of them stand. */
export function within<T extends { code: string; parent: string | null; depth: number }>(
  tree: T[],
  passes: (path: string[]) => boolean,
): (T & { path: string[] })[] {
  const paths = pathsOf(tree);
  const passed = tree
    .map((unit) => ({ ...unit, path: paths.get(unit.code)! }))
    .filter(({ path }) => passes(path));
  const top = Math.min(...passed.map(({ depth }) => depth));
  return passed.map((unit) => ({ ...unit, depth: unit.depth - top }));
}

/** Every cycle of parents, once, as codes; the first is not repeated at the end. */
export function cycles(units: { code: string; parent: string | null }[]): string[][] {
  const parentOf = new Map(units.map((unit) => [unit.code, unit.parent]));
  const done = new Set<string>();
  const found: string[][] = [];
  for (const { code } of units) {
    const path: string[] = [];
    const onPath = new Map<string, number>();
    let at: string | null = code;
    while (at !== null && parentOf.has(at) && !done.has(at) && !onPath.has(at)) {
      onPath.set(at, path.length);
      path.push(at);
      at = parentOf.get(at) ?? null;
    }
    if (at !== null && onPath.has(at)) found.push(path.slice(onPath.get(at)));
    for (const seen of path) done.add(seen);
  }
  return found;
}

/**
 * The units that a person answers for (ids): those they lead, and those below whose own leaders are missing, up to the
 * next who is here. Units come parents before children.
 */
export function answeredBy(
  units: { id: string; code: string; parent: string | null; leader: { id: string; here: boolean } | null }[],
  personId: string,
): string[] {
  const leaderOf = new Map<string, string | null>();
  for (const { code, parent, leader } of units)
    leaderOf.set(code, leader?.here ? leader.id : (leaderOf.get(parent ?? '') ?? null));
  return units.filter(({ code }) => leaderOf.get(code) === personId).map(({ id }) => id);
}
