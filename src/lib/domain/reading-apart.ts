import { isHighEnough } from '#domain/breakdown.ts';
import type { Publishable } from '#domain/disclosure.ts';
import { NONE, type Text } from '#domain/questionnaire.ts';
import { difference, mean, worthNoticing } from '#domain/reading.ts';
import { own } from '#domain/record.ts';
import type * as Release from '#domain/release.ts';
import type { Category, FactorFigure } from '#domain/release.ts';
import type { TreeNode } from '#domain/round.ts';

type Figures = Publishable<Release.Release>;

/** A figure of a category: null withheld, "nobody" where nobody of the category answered. */
export type CategoryFigure = FactorFigure | 'nobody' | null;

/** One factor with the figure of each category, in the categories' order. */
export type CategoryRow = {
  id: string;
  title: Text;
  lowest: number;
  highest: number;
  figures: CategoryFigure[];
};

/** A node by role or by mode of answering. null: withheld. n: ballots of the category. */
export type ByCategory = {
  kind: 'role' | 'mode';
  categories: Category[];
  shown: { n: number[]; rows: CategoryRow[] } | null;
};

/** A node's breakdown; null where there is none so far down, none in the round, or nobody there has said. */
export function byCategory(release: Figures, node: TreeNode): ByCategory | null {
  const breakdown = release.breakdowns?.[0];
  if (!breakdown || !isHighEnough(release.tree, node, breakdown.kind)) return null;
  const { kind, categories, results } = breakdown;
  const by = own(results, node.id);
  if (!by) return { kind, categories, shown: null };
  if (categories.every(({ id }) => id === NONE || by[id]?.n === 0)) return null;
  const rows = release.factors.map(({ id, title, lowest, highest }) => {
    const each = categories.map((category) => by[category.id]?.factors[id]);
    const some = each.some((figure) => figure !== undefined);
    const figures = each.map((figure): CategoryFigure => figure ?? (some ? 'nobody' : null));
    return { id, title, lowest, highest, figures };
  });
  return { kind, categories, shown: { n: categories.map(({ id }) => by[id]?.n ?? 0), rows } };
}

/** Answers on behalf of somebody, which are a result of their own: n null is withheld. null: the round did not ask. */
export function onBehalf(
  release: Figures,
  node: TreeNode,
): { n: number | null; rows: (Omit<CategoryRow, 'figures'> & { ours: FactorFigure | null })[] } | null {
  if (!release.onBehalf) return null;
  const result = own(release.onBehalf.results, node.id);
  return {
    n: result?.n ?? null,
    rows: release.factors.map(({ id, title, lowest, highest }) => ({
      ...{ id, title, lowest, highest },
      ours: result?.factors[id] ?? null,
    })),
  };
}

/** Who helped, in the whole round: told at the top of its tree, and where every number may be told. */
export function helpers(release: Figures, node: TreeNode): { text: Text; n: number }[] {
  const asked = node.parent === null ? release.helpers : undefined;
  return (asked?.categories ?? [])
    .map(({ id, text }) => ({ text, n: asked?.counts[id] ?? 0 }))
    .filter(({ n }) => n > 0);
}

/** A category's mean, and its place among the categories. */
type Level = { value: number; at: number };

/**
 * The factor that the categories are farthest apart in, with the lowest and the highest of them; null where no two are
 * further apart than is worth noticing. Those who have not said are no category to compare.
 */
export function widest(by: ByCategory): { row: CategoryRow; low: Level; high: Level } | null {
  let found: ReturnType<typeof widest> = null;
  let most = worthNoticing - 0.05;
  for (const row of by.shown?.rows ?? []) {
    const means = row.figures.map((figure) => (figure === 'nobody' ? null : mean(figure)));
    const said = means.slice(0, -1).flatMap((value, at) => (value === null ? [] : [{ value, at }]));
    const ranked = said.toSorted((a, b) => a.value - b.value);
    const [low, high] = [ranked[0], ranked.at(-1)];
    if (!low || !high || difference(high.value, low.value) <= most) continue;
    most = difference(high.value, low.value);
    found = { row, low, high };
  }
  return found;
}
