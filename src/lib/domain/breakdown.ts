import { addTo, type Outline, type Rows, under } from '#domain/pattern.ts';
import type { TreeNode } from '#domain/round.ts';

/** The deepest unit that is broken down: the municipality is 0, a service area 1, an enterprise 2 (design section 4). */
export const deepest = { role: 1, mode: 2 };

/** Whether a node of a release is a unit high enough up to be broken down. */
export function isHighEnough(tree: TreeNode[], node: TreeNode, kind: keyof typeof deepest): boolean {
  const parents = new Map(tree.map(({ id, parent }) => [id, parent]));
  let depth = 0;
  for (let at = node.parent; at !== null; at = parents.get(at) ?? null) depth += 1;
  return node.part === 'whole' && depth <= deepest[kind];
}

/**
 * What is known of the tree beside the breakdown: where the same figure is shown, and what must be true of the counts
 * of a group that can be worked out. It must be true of two such groups together when it is of each.
 */
type Known = { shown: boolean[]; holds: (row: Float64Array) => boolean };

/**
 * The nodes of a tree where a figure may be shown for each category of its persons by itself: all categories or none
 * (design section 4, breakdowns). By node: true is shown.
 *
 * categories: counts at each node itself, persons first. known: patterns that the tree's own figures make; wherever
 * the breakdown may be, each of them is shown. may: the other nodes that come into question.
 *
 * Why it is safe. The reader has the tree's residuals (pattern.ts), here called rows, and of every broken down node
 * the sum of each category. As in the tree, the latter say the same as the sums of each category over the disjoint
 * blocks: what is under a broken down node and under no other broken down node below it. Each row lies in one block,
 * for a broken down node is shown in the tree. What anybody can work out is a sum in which a person in row r and
 * category c weighs g(r) + h(c), with numbers g and h that the reader chooses, h anew in each block. We let the
 * reader know also which cells of row and category nobody is in, which is often common knowledge: nobody in the
 * kitchen is a nurse. Without that only whole rows and whole categories could be had.
 *
 * Take such a sum that is not of whole rows: in some block and some row, h differs between two categories that
 * somebody is in. Divide the categories in two by a value of h between those. In a row with persons on both sides g can
 * make one side weigh nothing, never both, so the smaller side at least is in the sum. These are added over the rows,
 * and are asked to be at least the limit, for every division where some row has persons on both sides. So there are
 * never fewer than `limit` persons in a sum, whatever the weights, and no category of a block has fewer unless it has
 * none. Where all weigh 0 or 1, a sum is put together of whole rows and, for some divisions, of everybody on the first
 * side in the rows that have both: each such group is asked whether it `holds`. Every category of a block is one of
 * them, together with the whole rows that have that category only.
 *
 * What is safe stays so when a node is given up: its block joins the one above, and both demands are true of two
 * blocks together when they are of each. So nothing is won by waiting, and nodes are taken one by one: the upper
 * first, of equals the largest.
 */
export function best(
  tree: Outline,
  limit: number,
  categories: Rows[],
  known: Known[],
  may: (node: number) => boolean,
): boolean[] {
  const own = tree.parent.map((_, node) =>
    categories.reduce((sum, rows) => sum + (rows.own(node)[0] as number), 0),
  );
  const persons = under(tree, own);
  const candidates = tree.parent
    .map((_, node) => node)
    .filter((node) => node > 0 && may(node) && known.every(({ shown }) => shown[node]))
    .sort(
      (a, b) =>
        (tree.depth[a] as number) - (tree.depth[b] as number) ||
        (persons[b] as number) - (persons[a] as number),
    );
  const facts = known.map(({ shown, holds }) => ({
    holds,
    at: divided(tree, categories, shown, candidates),
  }));

  const chosen = new Set<number>();
  for (const node of candidates) {
    chosen.add(node);
    if (!facts.every(({ holds, at }) => safe(at, holds))) chosen.delete(node);
  }
  return tree.parent.map((_, node) => chosen.has(node));

  function safe(at: Map<number, Division[]>, holds: Known['holds']): boolean {
    const blocks = new Map<number, Division[]>();
    for (const [candidate, divisions] of at) {
      const block = nearest(tree, candidate, (node) => chosen.has(node));
      if (block < 0) continue;
      const before = blocks.get(block);
      blocks.set(block, before ? divisions.map((one, i) => joined(one, before[i] as Division)) : divisions);
    }
    return [...blocks.values()].every((divisions) =>
      divisions.every(({ smaller, group }) => smaller === 0 || (smaller >= limit && holds(group))),
    );
  }
}

/**
 * A division of the categories in two, over some rows. smaller: persons on the smaller side of each row, added up.
 * group: counts of the persons on the first side, in the rows that have persons on both.
 */
type Division = { smaller: number; group: Float64Array };

const joined = (a: Division, b: Division): Division => ({
  smaller: a.smaller + b.smaller,
  group: a.group.map((count, i) => count + (b.group[i] as number)),
});

/** Every division of the categories, by the nearest candidate at or above each row of the tree. */
function divided(
  tree: Outline,
  categories: Rows[],
  shown: boolean[],
  candidates: number[],
): Map<number, Division[]> {
  const width = (categories[0] as Rows).width;
  const rows = new Map<number, Float64Array[]>();
  tree.parent.forEach((_, node) => {
    const row = nearest(tree, node, (one) => shown[one] === true);
    if (row < 0) return;
    const counts = rows.get(row) ?? categories.map(() => new Float64Array(width));
    rows.set(row, counts);
    categories.forEach((of, c) => addTo(counts[c] as Float64Array, of.own(node)));
  });

  const all = 2 ** categories.length - 1;
  const is = new Set(candidates);
  const found = new Map<number, Division[]>();
  for (const [row, counts] of rows) {
    const candidate = nearest(tree, row, (node) => is.has(node));
    if (candidate < 0) continue;
    const sides = sidesOf(counts, width);
    const divisions =
      found.get(candidate) ?? sides.map(() => ({ smaller: 0, group: new Float64Array(width) }));
    found.set(candidate, divisions);
    divisions.forEach((division, side) => {
      const first = sides[side] as Float64Array;
      const smaller = Math.min(first[0] as number, (sides[all - side] as Float64Array)[0] as number);
      if (smaller === 0) return;
      division.smaller += smaller;
      addTo(division.group, first);
    });
  }
  return found;
}

/** The counts of every set of categories; a set is a number, one bit for each category. */
function sidesOf(counts: Float64Array[], width: number): Float64Array[] {
  const sides: Float64Array[] = [new Float64Array(width)];
  counts.forEach((category) => {
    for (const side of [...sides]) sides.push(addTo(side.slice(), category));
  });
  return sides;
}

/** The nearest node for which something is true, from a node upwards, itself first; -1: none. */
function nearest(tree: Outline, node: number, is: (node: number) => boolean): number {
  let at = node;
  while (at >= 0 && !is(at)) at = tree.parent[at] as number;
  return at;
}
