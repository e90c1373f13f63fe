import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Pattern from '#domain/pattern.ts';
import type { TreeNode } from '#domain/round.ts';

type Case = { tree: Pattern.Outline; own: Pattern.Persons; may: boolean[] };

/** Trees of some nodes, persons at leaves and at inner nodes (direct staff), some not answering all. */
const casesOf = (minLength: number, maxLength: number): fc.Arbitrary<Case> =>
  fc
    .array(
      fc.record({
        parent: fc.nat(20),
        all: fc.oneof(fc.constant(0), fc.nat(7)),
        part: fc.nat(2),
        unit: fc.boolean(),
        may: fc.integer({ min: 0, max: 9 }),
      }),
      { minLength, maxLength },
    )
    .map((drawn) => {
      const nodes = drawn.map(({ parent, unit }, i) => ({
        id: `${i}`,
        parent: i === 0 || parent % (i + 1) === i ? null : `${parent % (i + 1)}`,
        part: unit ? 'whole' : 'others',
      })) as TreeNode[];
      return {
        tree: Pattern.outline(nodes),
        own: {
          all: [0, ...drawn.map((d) => d.all)],
          some: [0, ...drawn.map((d) => d.all + (d.part === 0 ? 1 : 0))],
        },
        may: [false, ...drawn.map((d) => d.may > 0)],
      };
    });
const cases = casesOf(1, 9);

/** Persons under each node and under no published node below it, counted one node at a time. */
function residuals(tree: Pattern.Outline, own: number[], shown: boolean[]): Map<number, number> {
  const left = new Map(shown.flatMap((is, node) => (is ? [[node, 0]] : [])));
  own.forEach((count, at) => {
    let node = at;
    while (node >= 0 && !shown[node]) node = tree.parent[node] as number;
    if (node >= 0) left.set(node, (left.get(node) as number) + count);
  });
  return left;
}

function isSafe(tree: Pattern.Outline, own: Pattern.Persons, limit: number, shown: boolean[]): boolean {
  const some = residuals(tree, own.some, shown);
  const all = residuals(tree, own.all, shown);
  return [...some].every(([node, count]) => count === 0 || (all.get(node) as number) >= limit);
}

function worth({ tree, own }: Case, shown: boolean[]): number[] {
  const all = Pattern.under(tree, own.all);
  const levels = Math.max(...tree.depth);
  const value = new Array<number>(levels + 3).fill(0);
  shown.forEach((is, node) => {
    if (!is) return;
    value[tree.depth[node] as number]! += 1;
    if (tree.unit[node]) value[levels + 1]! += 1;
    value[levels + 2]! += all[node] as number;
  });
  return value;
}

const compare = (a: number[], b: number[]) => {
  const i = a.findIndex((value, at) => value !== b[at]);
  return i < 0 ? 0 : (a[i] as number) - (b[i] as number);
};

/** The nodes in another order, parents first: of those whose parent has come, always the one with the least key. */
function shuffled(tree: Pattern.Outline, keys: number[]): number[] {
  const order = [0];
  const open = [...(tree.children[0] as number[])];
  while (open.length > 0) {
    open.sort((a, b) => (keys[a] as number) - (keys[b] as number));
    const next = open.shift() as number;
    order.push(next);
    open.push(...(tree.children[next] as number[]));
  }
  return order;
}

function found({ tree, own, may }: Case, limit: number): boolean[] {
  const persons = { some: Pattern.under(tree, own.some), all: Pattern.under(tree, own.all) };
  return Pattern.best(tree, limit, persons, own, (node) => may[node] as boolean);
}

describe('the best safe set', () => {
  const isBest = (one: Case, limit: number) => {
    const { tree, own, may } = one;
    const all = Pattern.under(tree, own.all);
    const shown = found(one, limit);
    expect(isSafe(tree, own, limit, shown)).toBe(true);
    const free = may.flatMap((is, node) => (is && (all[node] as number) >= limit ? [node] : []));
    expect(shown.every((is, node) => !is || free.includes(node))).toBe(true);
    const best = worth(one, shown);
    for (let set = 0; set < 2 ** free.length; set++) {
      const other = shown.map((_, node) => free.includes(node) && ((set >> free.indexOf(node)) & 1) === 1);
      if (isSafe(tree, own, limit, other)) expect(compare(best, worth(one, other))).toBeGreaterThanOrEqual(0);
    }
  };

  test.each([3, 5])('is safe, and no safe set is worth more, at limit %i', (limit) => {
    fc.assert(
      fc.property(cases, (one) => isBest(one, limit)),
      { numRuns: 400 },
    );
  });

  test('is so for trees of twelve units too', () => {
    fc.assert(fc.property(casesOf(10, 12), fc.integer({ min: 3, max: 6 }), isBest), { numRuns: 60 });
  });

  /** The same tree with its units in another order, as other names would put them, and the place of each. */
  const renamed = (one: Case, keys: number[]): { other: Case; order: number[] } => {
    const order = shuffled(one.tree, keys);
    const at = <T>(values: T[]) => order.map((node) => values[node] as T);
    const parent = order.map((node) => order.indexOf(one.tree.parent[node] as number));
    const tree = {
      parent,
      children: parent.map((_, node) => parent.flatMap((above, i) => (above === node ? [i] : []))),
      depth: at(one.tree.depth),
      unit: at(one.tree.unit),
    };
    return {
      order,
      other: { tree, own: { all: at(one.own.all), some: at(one.own.some) }, may: at(one.may) },
    };
  };
  /** What a renamed tree shows, said of the nodes as they stood. */
  const backAgain = (order: number[], shown: boolean[]) => order.map((_, node) => shown[order.indexOf(node)]);
  const ordered = (least: number, most: number, limit: number) =>
    fc.tuple(casesOf(least, most), fc.integer({ min: 3, max: limit }), fc.array(fc.nat(), { minLength: 13 }));

  test('is worth the same in whatever order the units stand, for instance by another name', () => {
    fc.assert(
      fc.property(ordered(2, 12, 15), ([one, limit, keys]) => {
        const { other, order } = renamed(one, keys);
        const shown = backAgain(order, found(other, limit)) as boolean[];
        expect(worth(one, shown)).toEqual(worth(one, found(one, limit)));
        expect(isSafe(one.tree, one.own, limit, shown)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('is the same units then, wherever no other set is worth as much; taken one by one they would not be', () => {
    /** The near way: every unit in turn, if what is shown is safe with it. */
    const inTurn = ({ tree, own, may }: Case, limit: number) => {
      let shown = may.map(() => false);
      for (const node of may.keys())
        if (may[node] && isSafe(tree, own, limit, shown.with(node, true))) shown = shown.with(node, true);
      return shown;
    };
    const ways = { best: found, inTurn };
    const moved = { best: 0, inTurn: 0 };
    let alone = 0;
    for (const [one, limit, keys] of fc.sample(ordered(5, 9, 5), { numRuns: 800, seed: 5 })) {
      const { tree, own, may } = one;
      const most = worth(one, found(one, limit));
      const free = may.flatMap((is, node) => (is ? [node] : []));
      const sets = Array.from({ length: 2 ** free.length }, (_, set) =>
        may.map((is, node) => is && ((set >> free.indexOf(node)) & 1) === 1),
      );
      const asGood = sets.filter(
        (set) => compare(worth(one, set), most) === 0 && isSafe(tree, own, limit, set),
      );
      if (asGood.length > 1 || found(one, limit).filter(Boolean).length === 0) continue;
      alone++;
      const { other, order } = renamed(one, keys);
      for (const way of ['best', 'inTurn'] as const) {
        const [before, after] = [ways[way](one, limit), backAgain(order, ways[way](other, limit))];
        if (after.some((is, node) => is !== before[node])) moved[way]++;
      }
    }
    expect(alone).toBeGreaterThan(300);
    expect(moved.inTurn).toBeGreaterThan(10);
    expect(moved.best).toBe(0);
  });

  test('withholds the smallest of equals', () => {
    const nodes = [null, 'a', 'a', 'a'].map((parent, i) => ({
      id: 'abcd'[i],
      parent,
      part: 'whole',
    })) as TreeNode[];
    const own = [0, 3, 8, 6, 7];
    const one = { tree: Pattern.outline(nodes), own: { some: own, all: own }, may: own.map(() => true) };
    expect(found(one, 5)).toEqual([true, true, true, false, true]);
  });

  test('refuses a tree where a node stands before its parent', () => {
    const nodes = [{ id: 'a', parent: 'b', part: 'whole' }] as TreeNode[];
    expect(() => Pattern.outline(nodes)).toThrow('before its parent');
  });
});

describe('mending', () => {
  /** Two rows of counts; a residual holds when empty or when both have some. */
  const mixed = (row: Float64Array) => row.every((count) => count === 0) || row.every((count) => count > 0);

  test('leaves only residuals that hold, and gives up no node with published nodes under it', () => {
    fc.assert(
      fc.property(
        cases,
        fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 10, maxLength: 10 }),
        (one, counts) => {
          const { tree, may } = one;
          const sizes = Pattern.under(
            tree,
            tree.parent.map((_, node) => counts[node]![0] + counts[node]![1]),
          );
          const before = may.map((is, node) => is && (sizes[node] as number) > 0);
          const { shown, givenUp } = Pattern.mend(
            tree,
            before,
            { width: 2, own: (node) => counts[node] as [number, number] },
            sizes,
            mixed,
          );
          const rows = [0, 1].map((i) =>
            residuals(
              tree,
              tree.parent.map((_, node) => counts[node]![i] as number),
              shown,
            ),
          );
          for (const node of rows[0]!.keys())
            expect(mixed(Float64Array.from(rows, (row) => row.get(node) as number))).toBe(true);
          expect(shown.every((is, node) => !is || before[node])).toBe(true);
          const isUnder = (node: number, top: number): boolean =>
            node > top && (tree.parent[node] === top || isUnder(tree.parent[node] as number, top));
          for (const node of givenUp)
            for (const below of shown.keys()) expect(shown[below] && isUnder(below, node)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('withholds the smallest sibling that mends an ancestor', () => {
    const nodes = [null, 'a', 'a', 'a', 'a'].map((parent, i) => ({ id: 'abcde'[i], parent, part: 'whole' }));
    const tree = Pattern.outline(nodes as TreeNode[]);
    const counts = [
      [0, 0],
      [0, 0],
      [0, 5],
      [4, 4],
      [3, 3],
      [5, 5],
    ] as const;
    const sizes = Pattern.under(
      tree,
      counts.map(([a, b]) => a + b),
    );
    const all = counts.map((_, node) => node > 0);
    const mended = Pattern.mend(tree, all, { width: 2, own: (node) => counts[node]! }, sizes, mixed);
    expect(mended).toEqual({ shown: [false, true, false, true, false, true], givenUp: [2] });
  });
});
