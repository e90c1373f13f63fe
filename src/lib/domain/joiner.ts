import type { GroupUnit } from '#domain/group.ts';
import { nodeOfUnit } from '#domain/release.ts';
import type { RoundTree, TreeNode } from '#domain/round.ts';

/** Somebody who came while a round was open: the unit of the main position, and the units they lead. Codes. */
export type Joiner = { unit: string; leads: string[] };

/**
 * Why somebody cannot join. outside: their unit is not asked; no-group: no group that was frozen can take them without
 * their receiving its result.
 */
export type JoinRefusal = 'outside' | 'no-group';

/**
 * The frozen group that a new employee answers in: never a new one (design section 3, step 1; its number in the keylist
 * stays that at freezing). The group that counts the unit's own staff, else the nearest unit's above. Whoever leads a
 * unit answers among the leaders above it, as at freezing, and never where they would receive the result; the chief
 * executive, who leads the top, answers with its others, in a round of the whole municipality alone. units: those asked today, with the units above them.
 */
export function place(
  tree: RoundTree,
  units: GroupUnit[],
  joiner: Joiner,
  wholeMunicipality: boolean,
): { ok: true; group: string } | { ok: false; refusal: JoinRefusal } {
  const line = lineOf(units, joiner.unit);
  if (line.length === 0) return { ok: false, refusal: 'outside' };
  const top = tree.nodes.find(({ parent }) => parent === null);
  const groups = tree.nodes.filter(({ group }) => group);
  const [led] = joiner.leads
    .map((code) => lineOf(units, code))
    .filter((one) => one.length > 0)
    .sort((a, b) => a.length - b.length);
  const found = led ? amongLeaders(led) : line.map(staffOf).find((group) => group !== undefined);
  if (!found || receives(found)) return { ok: false, refusal: 'no-group' };
  return { ok: true, group: found.id };

  function staffOf(code: string): TreeNode | undefined {
    return groups.find(({ part, units: of }) => part !== 'leaders' && of.includes(code));
  }
  function amongLeaders(of: string[]): TreeNode | undefined {
    const at = of
      .slice(1)
      .map((code) => groups.find(({ part, units: led }) => part === 'leaders' && led.includes(code)))
      .find((group) => group !== undefined);
    return at ?? groups.find(({ part, parent }) => part === 'others' && parent === top?.id);
  }
  /** The group where a unit they lead finds its result, or one under it. The chief executive is the one exception. */
  function receives(group: TreeNode): boolean {
    const theirs = joiner.leads
      .filter((code) => !wholeMunicipality || code !== top?.units[0])
      .flatMap((code) => nodeOfUnit({ tree: tree.nodes }, code)?.id ?? []);
    const parent = new Map(tree.nodes.map((node) => [node.id, node.parent]));
    for (let at: string | null = group.id; at !== null; at = parent.get(at) ?? null)
      if (theirs.includes(at)) return true;
    return false;
  }
}

/** Unit codes from a unit up to the top; empty: there is no such unit. */
function lineOf(units: GroupUnit[], code: string): string[] {
  const line: string[] = [];
  for (let at = units.find((one) => one.code === code); at;) {
    line.push(at.code);
    const { parent } = at;
    at = parent === null ? undefined : units.find((one) => one.code === parent);
  }
  return line;
}

/**
 * The tree with those who were added while the round was open counted among the invited, for the release: its rates are
 * of all who were asked, and no group has more answers than it has invited. added: by group.
 */
export function withAdded(tree: RoundTree, added: Iterable<[group: string, count: number]>): RoundTree {
  const nodes = tree.nodes.map((node) => ({ ...node }));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const [id, count] of added)
    for (let at = byId.get(id); at; at = byId.get(at.parent ?? '')) at.invited += count;
  return { ...tree, nodes };
}
