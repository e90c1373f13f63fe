import * as Disclosure from '#domain/disclosure.ts';
import type { Publishable } from '#domain/disclosure.ts';
import { own } from '#domain/record.ts';
import type { ChoiceFigure, FactorFigure, Release, StatementFigure } from '#domain/release.ts';
import type { TreeNode } from '#domain/round.ts';

/** On a day (ISO) a unit took over the staff of another, or some of them. Units are codes. */
export type Succession = { unit: string; from: string; on: string }[];

/**
 * Why a unit has no history. new: nobody has said where it came from; split: a unit it came from was divided; outside:
 * a unit it came from was not in the earlier round; mixed: its staff were counted together with others then; inexact:
 * what was shown then does not add up to exactly this unit.
 */
export type Why = 'new' | 'split' | 'outside' | 'mixed' | 'inexact';

/** The earlier round's groups whose people are those that a node of the later round would have been made of. */
type Origin = { ok: true; groups: string[] } | { ok: false; why: Why };

/**
 * Which groups of an earlier release a node of a later one came from, by what HR has said of predecessors between the
 * two rounds (design section 4: history after a reorganisation only from figures already released). Closed when in
 * doubt: every unit it came from must have gone into it whole, and must have been counted with no others.
 */
export function origin(later: Release, nodeId: string, earlier: Release, succession: Succession): Origin {
  const node = later.tree.find(({ id }) => id === nodeId);
  if (!node) return { ok: false, why: 'new' };
  // Who leads depends on the units they lead: with others under it, they are others.
  if (node.part === 'leaders') return { ok: false, why: 'mixed' };
  const moves = succession.filter(({ on }) => on > earlier.round.opened && on <= later.round.opened);
  const then = new Set(earlier.tree.flatMap(({ units }) => units));
  const now = new Set(later.tree.flatMap(({ units }) => units));
  const own = new Set(groupsUnder(later.tree, node.id).flatMap(keys));
  const wanted = new Set<string>();
  for (const key of own) {
    const [kind, code] = apart(key);
    const from = predecessors(code, moves, then);
    if (!from.ok) return from;
    for (const unit of from.units) {
      if (successors(unit, moves, now).some((one) => !own.has(kind + one)))
        return { ok: false, why: 'split' };
      wanted.add(kind + unit);
    }
  }
  const found = new Set<string>();
  const groups: string[] = [];
  for (const group of earlier.tree.filter((one) => one.group)) {
    const of = keys(group);
    if (!of.some((key) => wanted.has(key))) continue;
    if (!of.every((key) => wanted.has(key))) return { ok: false, why: 'mixed' };
    groups.push(group.id);
    of.forEach((key) => found.add(key));
  }
  // Leaders who were too few were counted further up, in a group that does not say so.
  if ([...wanted].some((key) => key.startsWith(leading) && !found.has(key)))
    return { ok: false, why: 'mixed' };
  if (groups.length === 0) return { ok: false, why: 'outside' };
  const shown = (id: string) => Object.hasOwn(earlier.results, id);
  return residuals(earlier.tree, groups, shown) ? { ok: true, groups } : { ok: false, why: 'inexact' };
}

/** Whether a unit is another, or took over from it, in however many steps. */
export const comesFrom = (succession: Succession, unit: string, older: string): boolean =>
  unit === older || succession.some((one) => one.unit === unit && comesFrom(succession, one.from, older));

/**
 * The units that a unit is the same people as, newest first: each ended, went into the next whole, and nobody else did.
 * hasEnded: whether a unit (a code) stands no more.
 */
export function formerly(
  succession: Succession,
  unit: string,
  hasEnded: (unit: string) => boolean,
): string[] {
  const found: string[] = [];
  for (let at = unit; ; at = found.at(-1)!) {
    const from = succession.filter((one) => one.unit === at).map((one) => one.from);
    const [older] = from;
    if (older === undefined || from.length > 1 || found.includes(older) || !hasEnded(older)) return found;
    if (succession.some((one) => one.from === older && one.unit !== at)) return found;
    found.push(older);
  }
}

const leading = 'leaders ';
const keys = ({ part, units }: TreeNode) =>
  units.map((code) => (part === 'leaders' ? leading : 'staff ') + code);
const apart = (key: string): [kind: string, code: string] => {
  const at = key.indexOf(' ') + 1;
  return [key.slice(0, at), key.slice(at)];
};

/** The groups of a node: itself, or those under it. */
export function groupsUnder(tree: TreeNode[], top: string | null): TreeNode[] {
  const under = new Set([top]);
  for (const one of tree) if (one.parent !== null && under.has(one.parent)) under.add(one.id);
  return tree.filter((one) => one.group && under.has(one.id));
}

/** The units of the earlier round that a unit is made of: itself if it was there, and those it took over. */
function predecessors(
  code: string,
  moves: Succession,
  then: Set<string>,
  seen: Set<string> = new Set(),
): { ok: true; units: string[] } | { ok: false; why: Why } {
  if (seen.has(code)) return { ok: true, units: [] };
  seen.add(code);
  const units = then.has(code) ? [code] : [];
  const taken = moves.filter(({ unit }) => unit === code);
  if (units.length + taken.length === 0) return { ok: false, why: seen.size > 1 ? 'outside' : 'new' };
  for (const { from } of taken) {
    const older = predecessors(from, moves, then, seen);
    if (!older.ok) return older;
    units.push(...older.units);
  }
  return { ok: true, units };
}

/** Where the staff of a unit of the earlier round are in the later: itself if it still stands, and those who took over. */
function successors(
  code: string,
  moves: Succession,
  now: Set<string>,
  seen: Set<string> = new Set(),
): string[] {
  if (seen.has(code)) return [];
  seen.add(code);
  const taken = moves.filter(({ from }) => from === code);
  const stays = now.has(code) || taken.length === 0 ? [code] : [];
  return [...stays, ...taken.flatMap(({ unit }) => successors(unit, moves, now, seen))];
}

/**
 * The shown nodes to add and to subtract (+1, -1) so that what is left is exactly some groups; null: there is no such
 * sum. A shown node less the shown ones under it is a residual; groups are a sum of residuals when each of them is in
 * one, and no other group is in any of those.
 */
function residuals(
  tree: TreeNode[],
  groups: string[],
  shown: (id: string) => boolean,
): Map<string, number> | null {
  const parent = new Map(tree.map((node) => [node.id, node.parent]));
  const over = (id: string | null): string | null => {
    for (let at = id; at !== null; at = parent.get(at) ?? null) if (shown(at)) return at;
    return null;
  };
  const wanted = new Set(groups);
  const owners = new Set(groups.map(over));
  if (owners.has(null)) return null;
  if (tree.some((node) => node.group && owners.has(over(node.id)) && !wanted.has(node.id))) return null;
  const sum = new Map([...owners].map((id) => [id as string, 1]));
  for (const node of tree)
    if (shown(node.id) && owners.has(over(node.parent))) sum.set(node.id, (sum.get(node.id) ?? 0) - 1);
  return new Map([...sum].filter(([, sign]) => sign !== 0));
}

/**
 * A statement's figure of some groups together, worked out from what is published; null where it is not.
 *
 * Why this reveals nothing new: the residuals of ONE release are disjoint, and each of them is empty or holds at least
 * the limit, with two answers other than its commonest (domain/disclosure.ts). Whoever has the release can subtract to
 * each residual and add them up again, so a union of residuals is a figure that everybody has already, of a group that
 * is never smaller than one of them. It is made of published numbers and nothing else. Another round cannot be
 * subtracted from it: it counted other ballots.
 */
export function statement(
  earlier: Publishable<Release>,
  groups: string[],
  id: string,
): Publishable<StatementFigure> | null {
  return Disclosure.from(earlier, (release) => {
    const figure = (node: string) => own(own(release.results, node)?.statements, id);
    const sum = residuals(release.tree, groups, (node) => figure(node) !== null);
    const points = release.scales.find(
      ({ id: scale }) => scale === release.statements.find((one) => one.id === id)?.scale,
    )?.points;
    if (!sum || !points) return null;
    const distribution = points.map((_, point) =>
      total(sum, (node) => figure(node)?.distribution[point] ?? 0),
    );
    const n = distribution.reduce((all, count) => all + count, 0);
    const weight = points.reduce((all, { value }, i) => all + value * (distribution[i] as number), 0);
    return n > 0 ? { n, mean: weight / n, distribution } : null;
  });
}

/**
 * A factor's figure of some groups together, worked out from what is published; null where it is not. Exact where its
 * statements are shown too. Where they are not, means are weighed by persons, which differs from the mean of all
 * answers only by what persons left out; a difference of means is never taken so.
 */
export function factor(
  earlier: Publishable<Release>,
  groups: string[],
  id: string,
): Publishable<FactorFigure> | null {
  const of = earlier.factors.find((one) => one.id === id);
  const each = of?.statements.map((one) => statement(earlier, groups, one)) ?? [];
  return Disclosure.from(earlier, (release) => {
    const figure = (node: string) => {
      const found = own(own(release.results, node)?.factors, id);
      return found && 'mean' in found ? found : null;
    };
    const sum = residuals(release.tree, groups, (node) => figure(node) !== null);
    if (!sum) return null;
    const n = total(sum, (node) => figure(node)?.n ?? 0);
    if (n <= 0) return null;
    if (each.every((one) => one !== null)) {
      const answers = each.reduce((all, one) => all + one.n, 0);
      const points = each.reduce((all, one) => all + one.n * one.mean, 0);
      return { n, mean: points / answers };
    }
    if ([...sum.values()].includes(-1)) return null;
    return { n, mean: total(sum, (node) => (figure(node)?.n ?? 0) * (figure(node)?.mean ?? 0)) / n };
  });
}

/** A figure of named answers of some groups together, in the same way and for the same reason; null where it is not. */
export function choice(
  earlier: Publishable<Release>,
  groups: string[],
  id: string,
): Publishable<ChoiceFigure> | null {
  return Disclosure.from(earlier, (release) => {
    const figure = (node: string) => own(own(release.results, node)?.choices, id);
    const sum = residuals(release.tree, groups, (node) => figure(node) !== null);
    const options = release.choices?.find((one) => one.id === id)?.options;
    if (!sum || !options) return null;
    const n = total(sum, (node) => figure(node)?.n ?? 0);
    const chosen = options.map((_, i) => total(sum, (node) => figure(node)?.chosen[i] ?? 0));
    return n > 0 ? { n, chosen } : null;
  });
}

const total = (sum: Map<string, number>, of: (node: string) => number) =>
  [...sum].reduce((all, [node, sign]) => all + sign * of(node), 0);
