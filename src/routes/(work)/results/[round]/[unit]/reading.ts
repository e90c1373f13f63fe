import type { Action, Subject } from '#domain/access.ts';
import * as Evaluation from '#domain/evaluation.ts';
import * as Reading from '#domain/reading.ts';
import * as Apart from '#domain/reading-apart.ts';
import * as Release from '#domain/release.ts';
import type { TreeNode } from '#domain/round.ts';
import { subject, type Figures, type UnitRelease } from '#server/releases.ts';

type May = (action: Action, subject: Subject) => boolean;
type Opened = Omit<UnitRelease, 'figures'> & { figures: Figures };

/** What the page and the files say of a node: the same figures in the same order. */
export function read(opened: Opened, node: TreeNode, lent: boolean, may: May) {
  const { figures, head } = opened;
  const leader = head.kind === 'leader';
  const around = Reading.around(figures, node);
  const beside = {
    above: around.above && (!leader || sees(around.above)) ? around.above : null,
    whole: around.whole && (!leader || sees(around.whole)) ? around.whole : null,
  };
  const { before } = opened;
  const reading = Reading.ofNode(figures, before?.figures ?? null, node, lent, beside, before?.succession);
  return {
    ...reading,
    apart: lent ? null : Apart.byCategory(figures, node),
    onBehalf: lent ? null : Apart.onBehalf(figures, node),
    helpers: lent ? [] : Apart.helpers(figures, node),
    comments: lent ? null : commentsAt(node),
    factorLimit: figures.thresholds.factor,
    statementLimit: figures.thresholds.statement,
    reorganised: reading.factors.some((row) => row.noEarlier === 'reorganised'),
    below: (by: string | null, levels?: number) =>
      (lent ? [] : Reading.below(figures, node, by, levels))
        .filter((row) => sees(row.node))
        .map((row) => ({ ...row, result: Release.result(figures, row.node.id) })),
  };

  /** What was written: in the node's own list, and in those of its staff and leaders who have no page of their own. */
  function commentsAt(of: TreeNode) {
    if (!figures.comments) return null;
    const beside = figures.tree.filter(
      ({ parent, part }) => parent === of.id && (part === 'others' || part === 'leaders'),
    );
    const lists = [of, ...beside.filter(sees)].flatMap((at) =>
      (Release.comments(figures, at.id) ?? [])
        .filter(({ comments }) => comments.length > 0)
        .map((asked) => ({ ...asked, node: { id: at.id, name: at.name } })),
    );
    return { limits: figures.comments.limits, lists };
  }

  function sees(at: TreeNode): boolean {
    const of = subject(head, pathTo(at));
    if (!leader || Evaluation.isOfOne(at)) return may('result.see', of);
    const leaderOf = (unit: string) => head.evaluated?.[unit] ?? unit;
    const isSeen = (node: TreeNode) => may('result.see', subject(head, pathTo(node)));
    // Nor where nobody answered one of its figures about the others: that figure would be of one leader.
    const isSummed = (node: TreeNode) =>
      may('evaluation.sum', subject(head, pathTo(node))) &&
      Release.counts(figures, node.id).every((answered) =>
        Evaluation.mayBeSummed(figures.tree, node, isSeen, leaderOf, ({ id }) => answered(id)),
      );
    // One sum, and none within it: their difference could be the report of one leader.
    return isSummed(at) && !above(at).some(isSummed);
  }

  function above({ parent }: TreeNode): TreeNode[] {
    const over = figures.tree.find((n) => n.id === parent);
    return over ? [over, ...above(over)] : [];
  }

  /**
   * Where a node lies, as unit codes from the top of the municipality. The direct staff of a unit lie where the unit
   * does; so do its leaders' group in a leader evaluation, which is of that unit's leader. Otherwise the leaders
   * under a unit are not its staff, and have a place of their own.
   */
  function pathTo(at: TreeNode): string[] {
    const parent = figures.tree.find((n) => n.id === at.parent);
    if (parent === undefined) {
      const above = opened.path.indexOf(at.units[0] ?? '');
      return [...opened.path.slice(0, Math.max(above, 0)), ...at.units];
    }
    if (at.part === 'others' || (at.part === 'leaders' && leader)) return pathTo(parent);
    return [...pathTo(parent), at.part === 'leaders' ? `leaders in ${parent.id}` : (at.units[0] ?? at.id)];
  }
}
