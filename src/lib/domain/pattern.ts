import type { TreeNode } from '#domain/round.ts';

/**
 * The round as a tree of numbers: 0 is the round itself, above the tree's top nodes; then the nodes in their order,
 * parents before children.
 */
export type Outline = {
  parent: number[];
  children: number[][];
  depth: number[];
  /** A unit, or small units together; not the staff or leaders that an inner unit has besides its units. */
  unit: boolean[];
};

/** Persons of a figure under each node, descendants included. some: answered any of it; all: answered all of it. */
export type Persons = { some: number[]; all: number[] };

/** The outline of a round's tree. Throws where a node stands before its parent. */
export function outline(nodes: TreeNode[]): Outline {
  const index = new Map<string, number>();
  const made: Outline = { parent: [-1], children: [[]], depth: [0], unit: [false] };
  nodes.forEach((node, i) => {
    const parent = node.parent === null ? 0 : index.get(node.parent);
    if (parent === undefined) throw new Error(`node ${node.id} stands before its parent`);
    index.set(node.id, i + 1);
    made.parent.push(parent);
    made.children.push([]);
    (made.children[parent] as number[]).push(i + 1);
    made.depth.push((made.depth[parent] as number) + 1);
    made.unit.push(node.part === 'whole' || node.part === 'merged');
  });
  return made;
}

/** From what is counted at each node itself to what is counted under it. */
export function under({ parent }: Outline, own: number[]): number[] {
  const sums = [...own];
  for (let i = sums.length - 1; i > 0; i--) sums[parent[i] as number]! += sums[i] as number;
  return sums;
}

/**
 * The best safe set of nodes to publish, among those that may be (design section 4, the residual rule). By node: true
 * is published.
 *
 * A published node's residual is the persons under it and under no published descendant. Every figure is a sum over
 * persons, so whoever has the sums of the published nodes can subtract to the sum of each residual, and from those
 * back again: the residuals carry the same information, and they are disjoint. A group whose sum follows from them is
 * therefore a union of residuals, and no such group is smaller than `limit` if and only if each residual is empty or
 * has at least `limit`. Empty means that nobody answered any of the figure; the count that must reach the limit is
 * of those who answered all of it, so the rule holds for each statement by itself too.
 *
 * Best: most nodes on the upper level, then on the next, and so on down; of equals, the one with most units among
 * them; then with most answers, so that the smallest is withheld. Found by a knapsack over the tree with the residual
 * carried upwards as its state, counted no further than the limit: nodes times the square of the limit.
 */
export function best(
  tree: Outline,
  limit: number,
  persons: Persons,
  own: Persons,
  may: (node: number) => boolean,
): boolean[] {
  const levels = Math.max(...tree.depth) + 1;
  const full = limit + 1;
  /** 0: nobody; else one more than the number who answered all, at most the limit. */
  const state = (some: number, all: number) => (some === 0 ? 0 : 1 + Math.min(limit, all));
  const join = (a: number, b: number) => (a === 0 ? b : b === 0 ? a : 1 + Math.min(limit, a + b - 2));

  type Value = Float64Array | undefined;
  const tables: Value[][] = [];
  /** By node, child and state after the child: the states it came from, as before × (limit + 2) + child's. */
  const came: number[][][] = [];
  /** By node: the state under it from which publishing it was best; none: not published in state 0. */
  const publishedFrom: (number | undefined)[] = [];

  for (let node = tree.parent.length - 1; node >= 0; node--) {
    let table: Value[] = [];
    table[state(own.some[node] as number, own.all[node] as number)] = new Float64Array(levels + 2);
    came[node] = (tree.children[node] as number[]).map((child) => {
      const joined: Value[] = [];
      const from: number[] = [];
      for (let a = 0; a <= full; a++) {
        const before = table[a];
        if (!before) continue;
        for (let b = 0; b <= full; b++) {
          const value = tables[child]?.[b];
          if (!value) continue;
          const to = join(a, b);
          if (!better(before, value, joined[to])) continue;
          joined[to] = sum(before, value);
          from[to] = a * (full + 1) + b;
        }
      }
      table = joined;
      return from;
    });
    if (may(node) && (persons.all[node] as number) >= limit) {
      const gain = new Float64Array(levels + 2);
      gain[tree.depth[node] as number] = 1;
      gain[levels] = tree.unit[node] ? 1 : 0;
      gain[levels + 1] = persons.all[node] as number;
      const unpublished = table[0];
      const carried = table[full];
      if (carried && better(carried, gain, table[0])) {
        table[0] = sum(carried, gain);
        publishedFrom[node] = full;
      }
      if (unpublished && better(unpublished, gain, table[0])) {
        table[0] = sum(unpublished, gain);
        publishedFrom[node] = 0;
      }
    }
    tables[node] = table;
  }

  const top = tables[0] as Value[];
  const none = new Float64Array(levels + 2);
  let last = -1;
  for (let s = 0; s <= full; s++) {
    const value = top[s];
    if (value && better(value, none, top[last])) last = s;
  }
  const shown = tree.parent.map(() => false);
  const open: [node: number, state: number][] = [[0, last]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, reached] = next;
    let s = reached;
    const from = publishedFrom[node];
    if (s === 0 && from !== undefined) {
      shown[node] = true;
      s = from;
    }
    const children = tree.children[node] as number[];
    for (let c = children.length - 1; c >= 0; c--) {
      const pair = came[node]?.[c]?.[s] as number;
      open.push([children[c] as number, pair % (full + 1)]);
      s = Math.floor(pair / (full + 1));
    }
  }
  return shown;
}

/** Counts of a figure at each node itself, as one row of numbers per node. */
export type Rows = { width: number; own: (node: number) => ArrayLike<number> };

/**
 * Mends a safe set so that `holds` is true of the counts of every residual, by withholding more (design section 4,
 * unanimity). From the leaves upwards: a node whose residual fails and that has no published node under it is given
 * up, and its persons join the residual of the nearest published ancestor. A node that has published nodes under it
 * is kept: the smallest of them that mends it is withheld instead, with as few as possible of those between.
 *
 * Asks of `holds` that two rows that hold also hold together and that an empty row holds, and that every node of the
 * set has answers; then withholding never breaks what is mended, and a node with published nodes under it can always
 * be mended. Residuals only grow together,
 * so the residual rule stays kept.
 *
 * sizes: answers under each node. Gives the set, and the nodes given up for their own sake.
 */
export function mend(
  tree: Outline,
  before: boolean[],
  rows: Rows,
  sizes: number[],
  holds: (row: Float64Array) => boolean,
): { shown: boolean[]; givenUp: number[] } {
  const shown = [...before];
  const givenUp: number[] = [];
  const rests = shown.map(() => new Float64Array(rows.width));
  for (let node = shown.length - 1; node >= 0; node--) {
    const rest = rests[node] as Float64Array;
    addTo(rest, rows.own(node));
    if (shown[node] && !holds(rest)) {
      const chosen = ways(tree, shown, node)
        .sort((a, b) => a.length - b.length || size(a) - size(b))
        .find((way) => {
          const row = rest.slice();
          way.forEach((withheld) => addTo(row, rests[withheld] as Float64Array));
          return holds(row);
        });
      for (const withheld of chosen ?? []) {
        shown[withheld] = false;
        addTo(rest, rests[withheld] as Float64Array);
      }
      if (!chosen) {
        shown[node] = false;
        givenUp.push(node);
      }
    }
    if (!shown[node] && node > 0) addTo(rests[tree.parent[node] as number] as Float64Array, rest);
  }
  return { shown, givenUp };

  function size(way: number[]): number {
    return sizes[way.at(-1) as number] as number;
  }
}

/** For each published node under a node: itself last, after the published ones between. */
function ways(tree: Outline, shown: boolean[], top: number): number[][] {
  const found: number[][] = [];
  const open: [node: number, way: number[]][] = [[top, []]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, way] = next;
    for (const child of tree.children[node] as number[]) {
      const longer = shown[child] ? [...way, child] : way;
      if (shown[child]) found.push(longer);
      open.push([child, longer]);
    }
  }
  return found;
}

/** Adds numbers to a row of numbers, place by place. */
export function addTo(row: Float64Array, more: ArrayLike<number>): Float64Array {
  for (let i = 0; i < row.length; i++) row[i]! += more[i] as number;
  return row;
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return addTo(a.slice(), b);
}

/** Whether a + b is worth more than c, the first number that differs deciding. */
function better(a: Float64Array, b: Float64Array, c: Float64Array | undefined): boolean {
  if (!c) return true;
  for (let i = 0; i < c.length; i++) {
    const difference = (a[i] as number) + (b[i] as number) - (c[i] as number);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
