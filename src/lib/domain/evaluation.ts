import {
  type Grouping,
  type GroupPerson,
  type GroupUnit,
  layOut,
  type Leaf,
  type Limits,
  type NotInvited,
} from '#domain/group.ts';
import type { RoundTree, TreeNode } from '#domain/round.ts';

/** A unit and who leads it. since: in that post from this day (ISO); null: nobody has said. */
export type Post = { unit: string; leaderId: string; since: string | null };

/**
 * What a leader gets. figures: the evaluators fill a group. guide: they do not, and answer in the common group of the
 * leader above. new: in post less than six months. unknown: nobody has said since when, which counts as new.
 */
export const outcomes = ['figures', 'guide', 'new', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];
/** evaluators: how many have this leader as their nearest. */
export type Evaluated = Post & { outcome: Outcome; evaluators: number };

/** Who leads a unit, and the last day they do so (ISO); until null: no end is known. */
export type Leading = { personId: string; until: string | null };

/**
 * The leader's leader on a day: who leads the nearest unit above that has a leader other than this one; null: nobody.
 * line: who leads each unit from the top down to the leader's own; null: nobody does.
 */
export function leaderAbove(
  line: readonly (Leading | null)[],
  leader: string | null,
  on: string,
): string | null {
  const found = line
    .slice(0, -1)
    .findLast((one) => one !== null && one.personId !== leader && (one.until === null || one.until >= on));
  return found?.personId ?? null;
}

/** Months in post on the day that counts, from which a leader is evaluated (design section 4, defaults). */
export const monthsInPost = 6;
/** The largest part of a common group that may be about one leader: more would be a report of that leader. */
export const largestPart = 2 / 3;
/** A sum over leaders whom a reader may not see one by one is of at least so many. */
export const leastTogether = 2;

/** The latest day to have come into post and be evaluated on a day (ISO): the same date six months before, or the month's last. */
export function latestSince(on: string): string {
  const [year, month, date] = on.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - monthsInPost, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - monthsInPost, Math.min(date, last))).toISOString().slice(0, 10);
}

/** Leaders who are new on the plan's day and not on another (ISO), or the other way round: whom a late or early freezing concerns. */
export const newOtherwise = (leaders: Evaluated[], on: string): Evaluated[] =>
  leaders.filter(({ since, outcome }) => since !== null && (outcome === 'new') !== since > latestSince(on));

/** The names of groups, which are unique words of the tree: those nearest under a leader, and a common group. */
export const named = {
  leaders: (unit: string) => `De nærmeste under lederen av ${unit}`,
  others: (unit: string) => `Felles gruppe i ${unit}`,
};

/** Those who answer about one leader and do not fill a group, on their way up. */
type Part = { people: string[]; unit: string; leader: string };

/**
 * Who evaluates whom (design section 3 of the domain): everybody their nearest leader. Staff evaluate the leader of
 * their unit, or the nearest above where it has none; who leads evaluates the leader above, so that leaders of leaders
 * are evaluated by leaders and nobody by themselves. asked: units of the round; leaders of others are not evaluated.
 * on: the day that counts.
 *
 * A leader whose evaluators reach the limit has a group, which is of that leader alone. The others' evaluators answer
 * in the common group of the leader above (see leaderAbove), about at least two leaders and none of them more than two
 * thirds; where it cannot stand, in that of the next above, and at the top nobody is asked. Evaluators of an exempt
 * leader are not asked.
 */
export function form(
  units: GroupUnit[],
  asked: ReadonlySet<string>,
  posts: Post[],
  people: GroupPerson[],
  limits: Limits,
  on: string,
): Grouping & { leaders: Evaluated[] } {
  const byCode = new Map(units.map((u) => [u.code, u]));
  const postOf = new Map(posts.map((post) => [post.unit, post]));
  const top = units.find((u) => u.parent === null || !byCode.has(u.parent));
  if (!top) return { tree: { nodes: [] }, groupOf: new Map(), notInvited: [], leaders: [] };
  const above = (code: string) => byCode.get(code)?.parent ?? null;
  const depth = (code: string): number => (above(code) === null ? 0 : depth(above(code)!) + 1);
  const nearest = (code: string | null): Post | null =>
    code === null ? null : (postOf.get(code) ?? nearest(above(code)));

  const notInvited: NotInvited[] = [];
  const evaluators = new Map<string, string[]>();
  const latest = latestSince(on);
  const isExempt = ({ since }: Post): 'new' | 'unknown' | null =>
    since === null ? 'unknown' : since > latest ? 'new' : null;
  const exempt = new Map<string, number>();
  for (const person of people) {
    const [led] = person.leads.filter((c) => byCode.has(c)).sort((a, b) => depth(a) - depth(b));
    const post = nearest(led === undefined ? person.unit : above(led));
    if (post && asked.has(post.unit) && post.leaderId !== person.id && !isExempt(post)) {
      evaluators.set(post.unit, [...(evaluators.get(post.unit) ?? []), person.id]);
      continue;
    }
    if (post && asked.has(post.unit)) exempt.set(post.unit, (exempt.get(post.unit) ?? 0) + 1);
    notInvited.push({ personId: person.id, reason: led === top.code ? 'leads-all' : 'not-evaluated' });
  }

  const leaves: Leaf[] = [];
  const withFigures = new Set<string>();
  const stands = (parts: Part[], least: number) => {
    const shares = new Map<string, number>();
    for (const { leader, people } of parts) shares.set(leader, (shares.get(leader) ?? 0) + people.length);
    const all = parts.reduce((sum, part) => sum + part.people.length, 0);
    return all >= least && Math.max(...shares.values()) <= all * largestPart;
  };

  /** Makes the groups under a unit, deepest first; what cannot stand is handed up. */
  function settle(code: string): Part[] {
    const before = leaves.length;
    const parts = units.filter((one) => one.parent === code).flatMap((child) => settle(child.code));
    const people = evaluators.get(code) ?? [];
    const isTop = code === top!.code;
    const leader = postOf.get(code)?.leaderId;
    const fills = people.length >= limits.invited;
    const few = fills || people.length === 0 ? [] : [{ people, unit: code, leader: leader! }];
    // Under a unit without a leader, or one that the same person leads, the leader above is further up.
    const isFor = (part: Part) => isTop || (leader !== undefined && part.leader !== leader);
    const together = [...parts.filter(isFor), ...(isTop ? few : [])];
    const handed = [...parts.filter((part) => !isFor(part)), ...(isTop ? [] : few)];
    if (stands(together, isTop ? limits.floor : limits.invited)) leaves.push(commonLeaf(code, together));
    else handed.push(...together);
    if (fills) {
      withFigures.add(code);
      const part = leaves.length > before ? 'leaders' : 'whole';
      leaves.push({ people, units: [code], at: code, part });
    }
    return handed;
  }

  for (const personId of settle(top.code).flatMap((part) => part.people))
    notInvited.push({ personId, reason: 'too-few' });
  const nameOf = (leaf: Leaf, of: Map<string, GroupUnit>) =>
    named[leaf.part === 'leaders' ? 'leaders' : 'others'](of.get(leaf.at)!.name);
  const leaders = posts.flatMap((post): Evaluated[] => {
    const count = (evaluators.get(post.unit)?.length ?? 0) + (exempt.get(post.unit) ?? 0);
    if (!asked.has(post.unit) || count === 0) return [];
    const outcome = isExempt(post) ?? (withFigures.has(post.unit) ? 'figures' : 'guide');
    return [{ ...post, outcome, evaluators: count }];
  });
  return { ...layOut(leaves, top.code, byCode, notInvited, nameOf), leaders };
}

const commonLeaf = (at: string, parts: Part[]): Leaf => ({
  ...{ at, part: 'others' },
  people: parts.flatMap(({ people }) => people),
  units: [...new Set(parts.map(({ unit }) => unit))],
});

/** Whether a group is of one leader alone: their report. A common group, or a sum over leaders, is of several. */
export const isOfOne = (node: TreeNode): boolean =>
  node.group && (node.part === 'whole' || node.part === 'leaders');

/** Where the answers about a unit's leader are counted: their own group, else a common one; null: not evaluated. */
export function groupOf({ nodes }: RoundTree, unit: string): { group: TreeNode; own: boolean } | null {
  const has = nodes.filter((node) => node.group && node.units.includes(unit));
  const own = has.find(isOfOne);
  const group = own ?? has[0];
  return group ? { group, own: own !== undefined } : null;
}

/**
 * Whether the sum over the leaders in a unit may be shown to a reader who sees some reports of one leader: what else is
 * in it is of nobody, or of at least two leaders. isSeen: whether the reader sees a group's own report. leaderOf: who
 * leads a unit, by its code.
 */
export function mayBeSummed(
  nodes: TreeNode[],
  unit: TreeNode,
  isSeen: (node: TreeNode) => boolean,
  leaderOf: (unit: string) => string = (code) => code,
): boolean {
  if (unit.group || unit.part !== 'whole') return false;
  const within = (id: string | null): boolean =>
    id !== null && (id === unit.id || within(nodes.find((one) => one.id === id)?.parent ?? null));
  const others = nodes.filter((node) => node.group && within(node.id) && !(isOfOne(node) && isSeen(node)));
  const leaders = new Set(others.flatMap((node) => node.units.map(leaderOf)));
  return leaders.size === 0 || leaders.size >= leastTogether;
}
