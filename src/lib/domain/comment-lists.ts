import { inOrder, type Limits, type Written } from '#domain/comment.ts';
import * as Pattern from '#domain/pattern.ts';
import type { RoundTree } from '#domain/round.ts';
import type { Counts } from '#domain/tally.ts';

/** How many answered in a group. */
export const respondentsIn =
  ({ groups, ballots }: Pick<Counts, 'groups' | 'ballots'>) =>
  (group: string): number =>
    ballots[groups.get(group) ?? -1] ?? 0;

/**
 * Under which node each comment on one open question is listed, by node id (design section 4; the lists are in the order
 * of comment.ts). Each comment is listed once, at the nearest node above its group that has a list, so that no list is
 * part of another and nothing can be subtracted.
 *
 * The nodes are chosen by the residual rule on those who answered, whether or not they wrote: whoever reads a list knows
 * that its writers are among a node's residual, and that has `limits.respondents` at least. Then by number: a list with
 * fewer than `limits.comments` is put together with others by the rule of `Pattern.mend`, or is not there.
 *
 * isWithheld: what the readers hold back. It is applied to the lists that were put before them, and lists that become
 * too short only ever join those above. So nothing is listed that the readers were not shown.
 */
export function lists(
  { nodes }: RoundTree,
  limits: Limits,
  respondentsIn: (group: string) => number,
  written: Written[],
  may: (node: string) => boolean,
  isWithheld: (comment: Written) => boolean = () => false,
): Record<string, Written[]> {
  const outline = Pattern.outline(nodes);
  const ids = [null, ...nodes.map(({ id }) => id)];
  const own = ids.map((id) => (id === null ? 0 : respondentsIn(id)));
  const persons = Pattern.under(outline, own);
  const rowsOf = (comments: Written[]): Pattern.Rows => {
    const counts = new Map<string, number>();
    for (const { group } of comments) counts.set(group, (counts.get(group) ?? 0) + 1);
    return { width: 2, own: (node) => [counts.get(ids[node] ?? '') ?? 0, own[node] as number] };
  };
  // Those who answered on behalf of somebody are not among the respondents, but may have written.
  const holds = ([comments, respondents]: Float64Array) =>
    comments === 0 || (comments! >= limits.comments && respondents! >= limits.respondents);
  const safe = Pattern.best(
    outline,
    limits.respondents,
    { some: persons, all: persons },
    { some: own, all: own },
    (node) => node > 0 && may(ids[node]!),
  );
  const left = written.filter((one) => !isWithheld(one));
  const put = Pattern.mend(outline, safe, rowsOf(written), persons, holds).shown;
  const { shown } = Pattern.mend(outline, put, rowsOf(left), persons, holds);

  const index = new Map(ids.map((id, node) => [id, node]));
  const made: Record<string, Written[]> = {};
  for (const comment of left.toSorted(inOrder)) {
    let node = index.get(comment.group)!;
    while (node > 0 && !shown[node]) node = outline.parent[node] as number;
    if (node > 0) (made[ids[node]!] ??= []).push(comment);
  }
  return made;
}
