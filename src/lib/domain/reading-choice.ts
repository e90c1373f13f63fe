import * as Change from '#domain/change.ts';
import type { Publishable } from '#domain/disclosure.ts';
import type * as History from '#domain/history.ts';
import type { Text } from '#domain/questionnaire.ts';
import * as Release from '#domain/release.ts';
import type { ChoiceFigure } from '#domain/release.ts';
import type { TreeNode } from '#domain/round.ts';

/** A question of named answers as a reader meets it. null: withheld, or not there. */
export type ChoiceRow = {
  id: string;
  text: Text;
  theme: string;
  choose: 'one' | 'several';
  options: Text[];
  ours: ChoiceFigure | null;
  above: ChoiceFigure | null;
  earlier: ChoiceFigure | null;
  /** Why there is nothing to compare with; "first" where there is no round before. */
  noEarlier: Change.Refusal | 'first' | null;
};

/** The share of those who answered, 0 to 1, who chose an answer by its place; null where it is withheld. */
export const share = (figure: ChoiceFigure | null, option: number): number | null =>
  figure && (figure.chosen[option] ?? 0) / figure.n;

/** Places of the answers, those most have chosen first; of equals, the one asked first. Withheld: as asked. */
export const byShare = ({ options, ours }: Pick<ChoiceRow, 'options' | 'ours'>): number[] =>
  options.map((_, i) => i).sort((a, b) => (ours ? ours.chosen[b]! - ours.chosen[a]! : 0));

/** Every question of named answers of the release, in the order asked, as seen from a node. */
export function choices(
  release: Publishable<Release.Release>,
  node: TreeNode,
  above: TreeNode | null,
  before: Publishable<Release.Release> | null,
  succession: History.Succession = [],
): ChoiceRow[] {
  return (release.choices ?? []).map(({ id, text, theme, choose, options }) => {
    const then = before && Change.ofChoice(before, release, node.id, id, succession);
    return {
      ...{ id, text, theme, choose },
      options: options.map((option) => option.text),
      ours: Release.choice(release, node.id, id),
      above: above && Release.choice(release, above.id, id),
      earlier: then?.ok ? then.before : null,
      noEarlier: then === null ? 'first' : then.ok ? null : then.refusal,
    };
  });
}
