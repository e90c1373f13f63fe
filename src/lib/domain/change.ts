import type { Publishable } from '#domain/disclosure.ts';
import * as Disclosure from '#domain/disclosure.ts';
import * as History from '#domain/history.ts';
import { differs, scaleDiffers } from '#domain/questionnaire.ts';
import { own } from '#domain/record.ts';
import type { ChoiceFigure, FactorFigure, Release, StatementFigure } from '#domain/release.ts';
import type { TreeNode } from '#domain/round.ts';

/**
 * Why there is no change to show. reorganised: what the earlier round shows does not add up to exactly these units; not-asked: a
 * statement was not asked then, or the factor had other statements; wording: the words of a statement or of its scale
 * changed; withheld: one of the two is withheld, or is only a bound.
 */
export type Refusal = 'reorganised' | 'not-asked' | 'wording' | 'withheld';

/** Later mean less earlier, in steps of the scale, and what it was before. */
export type Change<F = FactorFigure | StatementFigure> =
  { ok: true; change: Publishable<number>; before: Publishable<F> } | { ok: false; refusal: Refusal };

/** The change of a factor at a node of the later release. Only where both sides are shown (design section 4). */
export function ofFactor(
  earlier: Publishable<Release>,
  later: Publishable<Release>,
  nodeId: string,
  factorId: string,
  succession: History.Succession = [],
): Change<FactorFigure> {
  const before = earlier.factors.find((factor) => factor.id === factorId);
  const now = later.factors.find((factor) => factor.id === factorId);
  const same =
    before &&
    now &&
    new Set([...before.statements, ...now.statements]).size === now.statements.length &&
    before.statements.length === now.statements.length;
  if (!same) return { ok: false, refusal: 'not-asked' };
  return between<FactorFigure>(earlier, later, nodeId, now.statements, succession, {
    shown: (release, node) =>
      Disclosure.from(release, ({ results }) => own(own(results, node)?.factors, factorId)),
    summed: (groups) => History.factor(earlier, groups, factorId),
  });
}

/** The change of a statement at a node of the later release. Only where both sides are shown (design section 4). */
export function ofStatement(
  earlier: Publishable<Release>,
  later: Publishable<Release>,
  nodeId: string,
  statementId: string,
  succession: History.Succession = [],
): Change<StatementFigure> {
  return between<StatementFigure>(earlier, later, nodeId, [statementId], succession, {
    shown: (release, node) =>
      Disclosure.from(release, ({ results }) => own(own(results, node)?.statements, statementId)),
    summed: (groups) => History.statement(earlier, groups, statementId),
  });
}

/**
 * What a question of named answers had before, at a node of the later release. Only where both sides are shown, with
 * the same words, the same answers and the same way to choose.
 */
export function ofChoice(
  earlier: Publishable<Release>,
  later: Publishable<Release>,
  nodeId: string,
  id: string,
  succession: History.Succession = [],
): { ok: true; before: Publishable<ChoiceFigure> } | { ok: false; refusal: Refusal } {
  const [then, asked] = [earlier, later].map(({ choices }) => choices?.find((one) => one.id === id));
  if (!asked || (!then && !earlier.statements.some((one) => one.id === id)))
    return { ok: false, refusal: 'not-asked' };
  const scale = ({ choose, options }: typeof asked) => ({ choose, points: options });
  if (!then || differs(then.text, asked.text) || scaleDiffers(scale(then), scale(asked)))
    return { ok: false, refusal: 'wording' };
  const node = counterpart(later, nodeId, earlier);
  const origin = node ? null : History.origin(later, nodeId, earlier, succession);
  if (origin && !origin.ok) return { ok: false, refusal: 'reorganised' };
  const before = node
    ? Disclosure.from(earlier, ({ results }) => own(own(results, node.id)?.choices, id))
    : History.choice(earlier, origin?.groups ?? [], id);
  const isShown = own(own(later.results, nodeId)?.choices, id) !== null;
  return before && isShown ? { ok: true, before } : { ok: false, refusal: 'withheld' };
}

/**
 * The node of another release that counts exactly the same units as a node of this one, or null: of the same part,
 * for the same units, with the same units at the leaves under it. For leaders: with the same units under the unit
 * whose leaders they are, since those are what they lead.
 */
export function counterpart(
  of: Pick<Release, 'tree'>,
  nodeId: string,
  other: Pick<Release, 'tree'>,
): TreeNode | null {
  const node = of.tree.find(({ id }) => id === nodeId);
  if (!node) return null;
  const covers = covered(of.tree, node);
  return (
    other.tree.find(
      (there) =>
        there.part === node.part && same(there.units, node.units) && same(covered(other.tree, there), covers),
    ) ?? null
  );
}

function between<F extends FactorFigure | StatementFigure>(
  earlier: Publishable<Release>,
  later: Publishable<Release>,
  nodeId: string,
  statements: string[],
  succession: History.Succession,
  figure: {
    shown: (release: Publishable<Release>, node: string) => Publishable<F> | null;
    summed: (groups: string[]) => Publishable<F> | null;
  },
): Change<F> {
  const fits = statements.map((id) => wording(earlier, later, id));
  if (fits.includes('not-asked')) return { ok: false, refusal: 'not-asked' };
  if (fits.includes('wording')) return { ok: false, refusal: 'wording' };
  const node = counterpart(later, nodeId, earlier);
  const origin = node ? null : History.origin(later, nodeId, earlier, succession);
  if (origin && !origin.ok) return { ok: false, refusal: 'reorganised' };
  const before = node ? figure.shown(earlier, node.id) : figure.summed(origin?.groups ?? []);
  const now = figure.shown(later, nodeId);
  const [from, to] = [meanOf(before), meanOf(now)];
  if (before === null || now === null || from === null || to === null)
    return { ok: false, refusal: 'withheld' };
  return { ok: true, change: Disclosure.from(now, () => to - from), before };
}

const meanOf = (figure: FactorFigure | StatementFigure | null): number | null =>
  figure !== null && 'mean' in figure ? figure.mean : null;

function wording(earlier: Release, later: Release, id: string): 'same' | 'not-asked' | 'wording' {
  const [before, now] = [earlier, later].map((release) => {
    const statement = release.statements.find((one) => one.id === id);
    const scale = release.scales.find((one) => one.id === statement?.scale);
    return statement && scale ? { statement, scale } : null;
  });
  if (!before || !now) return 'not-asked';
  const changed = differs(before.statement.text, now.statement.text) || scaleDiffers(before.scale, now.scale);
  return changed ? 'wording' : 'same';
}

const covered = (tree: TreeNode[], node: TreeNode): string[] =>
  History.groupsUnder(tree, node.part === 'leaders' ? node.parent : node.id).flatMap(({ units }) => units);

function same(a: string[], b: string[]): boolean {
  const [first, second] = [new Set(a), new Set(b)];
  return first.size === second.size && [...first].every((one) => second.has(one));
}
