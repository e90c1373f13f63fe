import { type Finding, finding, rests } from '#domain/audit-finding.ts';
import * as Comment from '#domain/comment.ts';
import type { Release } from '#domain/release.ts';

/**
 * Judges the lists of comments of a release by what is in it: who can have written in a list are those under its node and
 * under no node below it with a list on the same question, and their number is published. So the residual rule is worked
 * out from the numbers of ballots alone, whatever chose the lists.
 */
export function comments({ comments, results, tree, onBehalf }: Release): Finding[] {
  if (!comments) return [];
  const { limits, questions, lists } = comments;
  const asked = new Set(questions.map(({ id }) => id));
  const found: Finding[] = [];
  if (!Comment.limitsHold(limits)) found.push(finding('thresholds', null, null, JSON.stringify(limits)));
  if (asked.size < questions.length)
    found.push(finding('definitions', null, 'comments', 'an id is used twice'));
  for (const [node, byQuestion] of Object.entries(lists)) {
    if (!tree.some(({ id }) => id === node)) found.push(finding('unknown', node, null, 'no such node'));
    for (const id of Object.keys(byQuestion))
      if (!asked.has(id)) found.push(finding('unknown', node, id, 'not defined'));
    if (!Object.hasOwn(results, node))
      found.push(finding('outside', node, null, 'withheld, but comments are shown'));
  }
  if (found.length > 0) return found;
  return questions.flatMap(({ id }) => {
    const listed = new Map(
      Object.entries(lists).flatMap(([node, byQuestion]) =>
        Object.hasOwn(byQuestion, id) ? [[node, byQuestion[id]!] as const] : [],
      ),
    );
    const shown = new Map([...listed.keys()].map((node) => [node, [results[node]!.n]]));
    return rests(tree, shown).flatMap(({ node, rest: [n] }) => {
      const list = listed.get(node!)!;
      const isTidy = list.every((text) => Comment.tidy(text) === text && Comment.fits(text));
      const inOrder = list.every((text, i) => i === 0 || list[i - 1]! <= text);
      return [
        ...(n! < limits.respondents ? [finding('residual', node, id, n!)] : []),
        ...(list.length < limits.comments ? [finding('few', node, id, list.length)] : []),
        // Those who answered on behalf of somebody are not in the number, and may have written.
        ...(!onBehalf && list.length > n! ? [finding('negative', node, id, `${list.length} of ${n}`)] : []),
        ...(isTidy ? [] : [finding('shape', node, id, 'not tidy')]),
        ...(inOrder ? [] : [finding('order', node, id, 'not alphabetical')]),
      ];
    });
  });
}
