import { describe, expect, it } from 'vitest';
import * as LiveRate from '#domain/live-rate.ts';
import type { RoundTree, TreeNode } from '#domain/round.ts';

/*
 * Somebody sees every live rate that anybody is shown on a day, knows the tree, the numbers invited and our algorithm,
 * and works out from all of it how many of each group can have fetched a paper: every way in which they could have
 * is tried. The attack succeeds where it follows that all of a group have fetched one, or nobody: that tells each
 * person's mark. Two weaker ways of telling are seen to fall first.
 */

const node = (id: string, parent: string | null, invited: number, group = true): TreeNode => ({
  ...{ id, parent, invited, group, part: 'whole', name: id, units: [id], level: null },
});
const trees: Record<string, RoundTree> = {
  'a large and a small unit': {
    nodes: [node('P', null, 17, false), node('A', 'P', 10), node('B', 'P', 7)],
  },
  'two large units': { nodes: [node('P', null, 22, false), node('A', 'P', 10), node('B', 'P', 12)] },
  'two small ones beside a large': {
    nodes: [node('P', null, 24, false), node('A', 'P', 5), node('B', 'P', 7), node('C', 'P', 12)],
  },
  'two levels': {
    nodes: [
      ...[node('P', null, 27, false), node('Q', 'P', 17, false)],
      ...[node('A', 'Q', 10), node('B', 'Q', 7), node('C', 'P', 10)],
    ],
  },
};

type Told = (tree: RoundTree, fetched: Map<string, number>) => unknown;

const under = (tree: RoundTree, id: string): string[] => {
  const children = tree.nodes.filter(({ parent }) => parent === id);
  return children.length === 0 ? [id] : children.flatMap((child) => under(tree, child.id));
};
const each =
  (of: (share: number, count: number) => unknown): Told =>
  (tree, fetched) =>
    tree.nodes
      .filter(({ invited }) => invited >= LiveRate.fewestInvited)
      .map(({ id, invited }) => {
        const count = under(tree, id).reduce((sum, group) => sum + fetched.get(group)!, 0);
        return of(count / invited, count);
      });
const ways: Record<string, Told> = {
  'exact counts': each((_, count) => count),
  'true steps at every level': each((share) => LiveRate.stepOf(share)),
  product: (tree, fetched) => [...LiveRate.steps(tree, fetched)],
};

/** Every way in which the groups can have fetched. */
function* worlds(groups: TreeNode[]): Generator<Map<string, number>> {
  const [first, ...rest] = groups;
  if (!first) return yield new Map();
  for (const world of worlds(rest))
    for (let count = 0; count <= first.invited; count++) yield new Map([...world, [first.id, count]]);
}

/** The groups of which it follows, from what is told in some world, that all or none of them have fetched. */
function pinned(tree: RoundTree, told: Told): Set<string> {
  const groups = tree.nodes.filter(({ group }) => group);
  const seen = new Map<string, Map<string, [number, number]>>();
  for (const world of worlds(groups)) {
    const key = JSON.stringify(told(tree, world));
    if (!seen.has(key)) seen.set(key, new Map());
    const ranges = seen.get(key)!;
    for (const [id, count] of world) {
      const [low, high] = ranges.get(id) ?? [count, count];
      ranges.set(id, [Math.min(low, count), Math.max(high, count)]);
    }
  }
  const found = new Set<string>();
  for (const ranges of seen.values())
    for (const { id, invited } of groups) {
      const [low, high] = ranges.get(id)!;
      if (low === invited || high === 0) found.add(id);
    }
  return found;
}

describe.each(Object.entries(trees))('%s', (_, tree) => {
  it('falls where counts are told', () => {
    expect(pinned(tree, ways['exact counts']!).size).toBeGreaterThan(0);
  });
  it('does not fall to the product', () => {
    expect([...pinned(tree, ways.product!)]).toEqual([]);
  });
});

it('falls where every level is told its own step, though each by itself is wide enough', () => {
  expect([...pinned(trees['a large and a small unit']!, ways['true steps at every level']!)]).toContain('B');
});

it('tells the same in every world where the bundles have the same steps', () => {
  const tree = trees['two levels']!;
  const seen = new Map<string, string>();
  const bundles = LiveRate.bundles(tree);
  const invited = new Map(tree.nodes.map((one) => [one.id, one.invited]));
  for (const world of worlds(tree.nodes.filter(({ group }) => group))) {
    const sum = (groups: string[], of: Map<string, number>) =>
      groups.reduce((all, id) => all + of.get(id)!, 0);
    const key = JSON.stringify(bundles.map((of) => LiveRate.stepOf(sum(of, world) / sum(of, invited))));
    const told = JSON.stringify(ways.product!(tree, world));
    expect(seen.get(key) ?? told).toBe(told);
    seen.set(key, told);
  }
});
