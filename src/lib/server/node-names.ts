import { named } from '#domain/evaluation.ts';
import type { Answering } from '#domain/language.ts';
import type { TreeNode } from '#domain/round.ts';
import { m } from '#messages';

/** A node's name in a language: units are called what they are called, only "others" and "leaders" are our words. */
export function nodeName(node: TreeNode, tree: TreeNode[], locale: Answering): string {
  const above = tree.find((other) => other.id === node.parent);
  if (!above || (node.part !== 'others' && node.part !== 'leaders')) return node.name;
  const said = { name: above.name };
  if (node.name.startsWith(named[node.part](above.name)))
    return node.part === 'others'
      ? m.evaluation_group_common(said, { locale })
      : m.evaluation_group_own(said, { locale });
  return node.part === 'others' ? m.common_others(said, { locale }) : m.common_leaders(said, { locale });
}

/** The same, of the node with an id. */
export const nameOf = (id: string, tree: TreeNode[], locale: Answering): string =>
  nodeName(
    tree.find((node) => node.id === id)!,
    tree,
    locale,
  );
