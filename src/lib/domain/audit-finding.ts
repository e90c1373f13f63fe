import type { Thresholds, TreeNode } from '#domain/round.ts';

/**
 * What is wrong. shape: not the published format. thresholds: under the floors. ballots: the totals do not add up.
 * tree: not a tree of groups. definitions: factors, statements and scales do not agree. unknown: a figure of
 * something that is not defined. outside: a figure where the one that it lies within is withheld. residual: a group
 * under the limit can be derived. negative: a part has more than the whole. unanimous: fewer than two answers other
 * than the commonest in a group that can be derived. end: such a group of under ten has a mean within 0.2 of an end.
 * together: only some statements of a factor are shown. factor: a factor's mean is not that of the answers to its shown
 * statements, or they cannot be those of its n. sum: a distribution does not sum to n. mean: not the distribution's,
 * off the scale, or one that no such number of answers has. categories: some of a breakdown's are left out, or they do
 * not sum to the figure of everybody. deep: a unit further down than breakdowns may go. few: a list of comments is
 * shorter than its limit. order: a list of comments is not in the order that its words alone decide.
 */
export type Rule =
  | 'shape'
  | 'thresholds'
  | 'ballots'
  | 'tree'
  | 'definitions'
  | 'unknown'
  | 'outside'
  | 'residual'
  | 'negative'
  | 'unanimous'
  | 'end'
  | 'together'
  | 'factor'
  | 'sum'
  | 'mean'
  | 'categories'
  | 'deep'
  | 'few'
  | 'order';

/** A fault in a release: where (node id, or null for the round itself), in which figure ("n", or an id), and details. */
export type Finding = { rule: Rule; node: string | null; figure: string | null; detail: string };

/** A finding. */
export function finding(
  rule: Rule,
  node: string | null,
  figure: string | null,
  detail: string | number,
): Finding {
  return { rule, node, figure, detail: String(detail) };
}

/** What is wrong with a number of persons that can be worked out. */
export function size(node: string | null, figure: string, n: number, limit: number): Finding[] {
  if (n < 0) return [finding('negative', node, figure, n)];
  return n > 0 && n < limit ? [finding('residual', node, figure, n)] : [];
}

/** The limit of a factor: one of a single statement is that statement. */
export const limitOf = (
  { statements }: { statements: string[] },
  { statement, factor }: Thresholds,
): number => (statements.length === 1 ? statement : factor);

type Rest = { node: string | null; rest: number[] };

/**
 * What is left of each shown node's numbers when those of the shown nodes next under it are taken away. With a total,
 * also what is left of the round. taken: a node's numbers where they are taken away, if others than where they are left.
 */
export function rests(
  tree: TreeNode[],
  shown: Map<string, number[]>,
  total?: number[],
  taken: Map<string, number[]> = shown,
): Rest[] {
  const left = new Map<string | null, number[]>();
  if (total) left.set(null, [...total]);
  const above = new Map<string, string | null>();
  for (const { id, parent } of tree) {
    const nearest = parent === null || shown.has(parent) ? parent : (above.get(parent) ?? null);
    above.set(id, nearest);
    const numbers = shown.get(id);
    if (!numbers) continue;
    left.set(id, [...numbers]);
    const from = left.get(nearest);
    if (from) taken.get(id)?.forEach((number, i) => (from[i]! -= number));
  }
  return [...left].map(([node, rest]) => ({ node, rest }));
}
