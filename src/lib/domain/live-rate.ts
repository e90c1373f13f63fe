import type { RoundTree } from '#domain/round.ts';

/** Units with fewer invited are told no rate (design section 4). */
export const fewestInvited = 10;

/** A share in steps of ten points. 0: under 20 per cent; 1 to 6: from 20, 30 … 70; 7: over 80. */
export type Step = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** The step of a share, 0 to 1. The ends are wide, so that nobody sees that all have fetched a paper, or none. */
export function stepOf(share: number): Step {
  if (share < 0.2) return 0;
  if (share > 0.8) return 7;
  return Math.min(6, Math.floor(share * 10 + 1e-9) - 1) as Step;
}

const middles = [0.1, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.9];

/**
 * The groups of a round in bundles of ten invited or more that share nobody: a group by itself where it is that large,
 * else the small ones under the same unit together, else with those of the unit above. A rest under ten at the top is
 * in none. Told by the tree and the numbers invited alone.
 */
export function bundles({ nodes }: RoundTree): string[][] {
  const made: string[][] = [];
  const rests = new Map<string | null, { groups: string[]; invited: number }>();
  for (const node of nodes.toReversed()) {
    const own = rests.get(node.id) ?? { groups: [], invited: 0 };
    if (node.group) {
      own.groups.push(node.id);
      own.invited += node.invited;
    }
    if (own.invited >= fewestInvited) made.push(own.groups);
    else {
      const above = rests.get(node.parent) ?? { groups: [], invited: 0 };
      above.groups.push(...own.groups);
      above.invited += own.invited;
      rests.set(node.parent, above);
    }
  }
  return made;
}

/**
 * What may be told of a round while it is open: a step for each node with ten invited or more, of who have fetched a
 * paper. fetched: by group.
 *
 * Steps of a unit and of those under it, each true by itself, would together say more than each: of 17 invited over
 * 80 per cent and of the 10 in one of two groups 70 per cent, all of the other 7. So only bundles that share nobody
 * are measured, each in steps; a node's step is worked out from the steps of the bundles under it and the numbers
 * invited, which everybody has. All that is told thus follows from the bundles' steps: whatever leaves these as they
 * are leaves everything as it is, and no bundle's step says that all have fetched, or none. A node of which less than
 * half is measured is told nothing.
 */
export function steps(tree: RoundTree, fetched: Map<string, number>): Map<string, Step> {
  const invited = new Map(tree.nodes.map((node) => [node.id, node.invited]));
  const sum = (groups: string[], of: Map<string, number>) =>
    groups.reduce((all, id) => all + (of.get(id) ?? 0), 0);
  const measured = bundles(tree).map((groups) => {
    const size = sum(groups, invited);
    return { groups, size, step: stepOf(sum(groups, fetched) / size) };
  });
  const parent = new Map(tree.nodes.map((node) => [node.id, node.parent]));
  const isUnder = (id: string | null, top: string): boolean =>
    id !== null && (id === top || isUnder(parent.get(id) ?? null, top));
  const told = new Map<string, Step>();
  for (const node of tree.nodes) {
    const under = measured.filter(({ groups }) => groups.every((id) => isUnder(id, node.id)));
    const size = under.reduce((all, one) => all + one.size, 0);
    if (node.invited < fewestInvited || size === 0 || size * 2 < node.invited) continue;
    const weight = under.reduce((all, one) => all + one.size * (middles[one.step] as number), 0);
    told.set(node.id, stepOf(weight / size));
  }
  return told;
}
