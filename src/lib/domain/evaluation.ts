import {
  type Bucket,
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

/** The names of groups, which are unique words of the tree: those nearest under a leader, and a common group. */
export const named = {
  leaders: (unit: string) => `De nærmeste under lederen av ${unit}`,
  others: (unit: string) => `Felles gruppe i ${unit}`,
};

/** shares: how many answer about each leader, who may lead several of the units. */
type Common = Bucket & { shares: Map<string, number> };

/**
 * Who evaluates whom (design section 3 of the domain): everybody their nearest leader. Staff evaluate the leader of
 * their unit, or the nearest above where it has none; who leads evaluates the leader above, so that leaders of leaders
 * are evaluated by leaders and nobody by themselves. asked: units of the round; leaders of others are not evaluated.
 * on: the day that counts.
 *
 * A leader whose evaluators reach the limit has a group, which is of that leader alone. The others' evaluators answer
 * in the common group of the leader above, about at least two leaders and none of them more than two thirds; where it
 * cannot stand, in that of the next above, and at the top nobody is asked. Evaluators of an exempt leader are not asked.
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
  const stands = (of: Common, least: number) =>
    of.people.length >= least && Math.max(...of.shares.values()) <= of.people.length * largestPart;
  const common = (): Common => ({ people: [], units: [], shares: new Map() });
  const add = (to: Common, of: Common) => {
    to.people.push(...of.people);
    to.units.push(...of.units);
    for (const [leader, count] of of.shares) to.shares.set(leader, (to.shares.get(leader) ?? 0) + count);
  };

  /** Makes the groups under a unit, deepest first; what cannot stand is handed up. */
  function settle(code: string): Common {
    const together = common();
    const before = leaves.length;
    for (const child of units) if (child.parent === code) add(together, settle(child.code));
    const own = evaluators.get(code) ?? [];
    const handed = common();
    const isTop = code === top!.code;
    const fills = own.length >= limits.invited;
    if (!fills && own.length > 0)
      add(isTop ? together : handed, {
        people: own,
        units: [code],
        shares: new Map([[postOf.get(code)!.leaderId, own.length]]),
      });
    if (stands(together, isTop ? limits.floor : limits.invited))
      leaves.push({ people: together.people, units: together.units, at: code, part: 'others' });
    else add(handed, together);
    if (fills) {
      withFigures.add(code);
      const part = leaves.length > before ? 'leaders' : 'whole';
      leaves.push({ people: own, units: [code], at: code, part });
    }
    return handed;
  }

  for (const personId of settle(top.code).people) notInvited.push({ personId, reason: 'too-few' });
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
 * Whether the sum over the leaders in a unit may be shown to the unit's own leader, who sees their own report and
 * those of the leaders right under them: what else is in it is of nobody, or of at least two leaders. leaderOf: who
 * leads a unit, by its code.
 */
export function mayBeSummed(
  nodes: TreeNode[],
  unit: TreeNode,
  leaderOf: (unit: string) => string = (code) => code,
): boolean {
  if (unit.group || unit.part !== 'whole') return false;
  const within = (id: string | null): boolean =>
    id !== null && (id === unit.id || within(nodes.find((one) => one.id === id)?.parent ?? null));
  const isSeen = (node: TreeNode) => {
    const over = node.part === 'leaders' ? nodes.find(({ id }) => id === node.parent) : node;
    return over !== undefined && (over.id === unit.id || over.parent === unit.id);
  };
  const others = nodes.filter((node) => node.group && within(node.id) && !(isOfOne(node) && isSeen(node)));
  const leaders = new Set(others.flatMap((node) => node.units.map(leaderOf)));
  return leaders.size === 0 || leaders.size >= leastTogether;
}
