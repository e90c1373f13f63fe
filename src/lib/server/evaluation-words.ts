import { isOfOne } from '#domain/evaluation.ts';
import type { Answering } from '#domain/language.ts';
import type { TreeNode } from '#domain/round.ts';
import { m } from '#messages';

/** What a group of a leader evaluation is told before it begins: whom one answers about, and who will see the report. */
export function aboutLeader(node: TreeNode, tree: TreeNode[], locale: Answering): string {
  const l = { locale };
  if (!isOfOne(node))
    return [m.evaluation_about_common({}, l), m.evaluation_about_common_sees({}, l)].join('\n\n');
  const above = tree.find(({ id }) => id === node.parent);
  const unit = node.part === 'leaders' && above ? above.name : node.name;
  return [m.evaluation_about_own({ unit }, l), m.evaluation_about_own_sees({}, l)].join('\n\n');
}
