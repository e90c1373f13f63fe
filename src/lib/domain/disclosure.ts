import * as Audit from '#domain/audit.ts';
import * as Pattern from '#domain/pattern.ts';
import type { FactorFigure, NodeResult, Release } from '#domain/release.ts';
import type { RoundTree, Thresholds, TreeNode } from '#domain/round.ts';
import type { FactorCount, StatementCount, Tally } from '#domain/tally.ts';

declare const published: unique symbol;

/**
 * Figures that may leave the server. Made here alone: from a tally by the rules below, from a stored release that the
 * auditor passes, or from what is publishable already. Nothing else in the program may cast to this type.
 */
export type Publishable<T> = T & { readonly [published]: true };

/** What follows from publishable figures is publishable: whoever has them can work it out. Nothing stays nothing. */
export type Derived<T> = T extends null | undefined ? T : Publishable<T>;

/** Something worked out from publishable figures and nothing else; `make` must not reach for other counts. */
export function from<T, U>(source: Publishable<T>, make: (source: T) => U): Derived<U> {
  return make(source) as Derived<U>;
}

/** A release read back from where it was stored or sent, publishable if the auditor finds nothing. */
export function audited(
  json: unknown,
): { ok: true; release: Publishable<Release> } | { ok: false; findings: Audit.Finding[] } {
  const judged = Audit.audit(json);
  return judged.ok ? { ok: true, release: json as Publishable<Release> } : judged;
}

/** Under this many answers a mean close to an end of the scale tells what nearly everybody answered. */
const FEW = 10;

/**
 * The figures of a round that may be published (design section 4), by node.
 *
 * - Ballots: the residual rule at the factor limit. The round's own total is published too, so it stands as a node
 *   above the top of the tree.
 * - Each factor: within the nodes of the ballots, the residual rule on persons with a score, at the factor limit (a
 *   factor of one statement: at the statement limit); then unanimity, then the ends of the scale.
 * - Each factor's statements together: within the factor's nodes, the residual rule at the statement limit on persons
 *   who answered all of them, where a residual is empty only if nobody answered any; then unanimity and the ends of
 *   the scale for each statement.
 * - A statement outside every factor: the same by itself, within the nodes of the ballots.
 *
 * Unanimity and the ends of the scale are asked of every residual, since those are what can be derived: a shown
 * parent less its shown children would otherwise give the very mean that a bound stands for. Bounds are settled
 * last, so the set is safe also with them counted as shown: the interval that a bound gives away, taken from its
 * ancestor's figure, still leaves no group under the limit.
 */
export function figures(
  tree: RoundTree,
  thresholds: Thresholds,
  tally: Tally,
): Publishable<Record<string, NodeResult>> {
  const { nodes } = tree;
  const outline = Pattern.outline(nodes);
  const results: Record<string, NodeResult> = {};
  const at = (node: number) => results[(nodes[node - 1] as TreeNode).id] as NodeResult;
  const counts = reader(nodes, tally);
  const shownUnder = (limit: number, own: Pattern.Persons, may: (node: number) => boolean) => {
    const persons = { some: Pattern.under(outline, own.some), all: Pattern.under(outline, own.all) };
    return { shown: Pattern.best(outline, limit, persons, own, may), sizes: persons.all };
  };

  const ballots = counts.column(tally.ballots, 1, 0);
  const base = shownUnder(thresholds.factor, { some: ballots, all: ballots }, () => true);
  nodes.forEach((node, i) => {
    if (base.shown[i + 1]) results[node.id] = { n: base.sizes[i + 1] as number, factors: {}, statements: {} };
  });

  const inFactor = new Set<number>();
  tally.factors.forEach((factor, f) => {
    factor.statements.forEach((index) => inFactor.add(index));
    const rows = counts.rows(tally.scores, tally.scoreWidth, factor.at, factor.scores.length);
    const persons = outline.parent.map((_, node) => total(rows.own(node)));
    const limit = factor.statements.length === 1 ? thresholds.statement : thresholds.factor;
    const safe = shownUnder(limit, { some: persons, all: persons }, within(base.shown));
    const spread = Pattern.mend(outline, safe.shown, rows, safe.sizes, varied);
    const kept = Pattern.mend(outline, spread.shown, rows, safe.sizes, (row) => end(row, factor) === null);
    const sums = below(outline, rows);
    kept.shown.forEach((shown, node) => {
      if (shown) at(node).factors[factor.id] = mean(sums[node] as Float64Array, factor);
    });
    for (const node of kept.givenUp) {
      const bound = end(sums[node] as Float64Array, factor);
      if (bound) at(node).factors[factor.id] = { bound };
    }
    const columns = [tally.some, tally.all].map((column) => counts.column(column, tally.factors.length, f));
    publish(factor.statements, { some: columns[0]!, all: columns[1]! }, kept.shown);
  });
  tally.statements.forEach((statement, index) => {
    if (inFactor.has(index)) return;
    const rows = counts.rows(tally.answers, tally.answerWidth, statement.at, statement.values.length);
    const persons = outline.parent.map((_, node) => total(rows.own(node)));
    publish([index], { some: persons, all: persons }, base.shown);
  });
  return results as Publishable<Record<string, NodeResult>>;

  function publish(indexes: number[], own: Pattern.Persons, shownAbove: boolean[]): void {
    const statements = indexes.map((index) => tally.statements[index] as StatementCount);
    const each = statements.map(({ at, values }) =>
      counts.rows(tally.answers, tally.answerWidth, at, values.length),
    );
    const joint = side(each);
    const every = (holds: (row: Float64Array, statement: StatementCount) => boolean) => (row: Float64Array) =>
      statements.every((statement, i) => holds(joint.part(row, i), statement));
    const safe = shownUnder(thresholds.statement, own, within(shownAbove));
    const spread = Pattern.mend(outline, safe.shown, joint, safe.sizes, every(varied));
    const inside = every((row, statement) => end(row, scored(statement)) === null);
    const kept = Pattern.mend(outline, spread.shown, joint, safe.sizes, inside);
    const sums = each.map((rows) => below(outline, rows));
    kept.shown.forEach((shown, node) => {
      if (!shown) return;
      statements.forEach((statement, i) => {
        const row = (sums[i] as Float64Array[])[node] as Float64Array;
        at(node).statements[statement.id] = { ...mean(row, scored(statement)), distribution: [...row] };
      });
    });
  }
}

/** What is needed to take a mean of a row of counts exactly. */
type Scored = Pick<FactorCount, 'lowest' | 'highest' | 'parts' | 'scores'>;

function scored({ values }: StatementCount): Scored {
  return { lowest: values[0]!, highest: values.at(-1)!, parts: 1n, scores: values.map(BigInt) };
}

/** At least two answers other than the commonest, whichever that is; or no answers. */
function varied(row: ArrayLike<number>): boolean {
  const answers = total(row);
  let most = 0;
  for (let i = 0; i < row.length; i++) most = Math.max(most, row[i] as number);
  return answers === 0 || answers - most >= 2;
}

/** The end of the scale that the mean of a few answers lies within 0.2 of. */
function end(row: ArrayLike<number>, of: Scored): 'high' | 'low' | null {
  const answers = total(row);
  if (answers === 0 || answers >= FEW) return null;
  const fifths = 5n * partsIn(row, of);
  const whole = of.parts * BigInt(answers);
  if (fifths >= BigInt(5 * of.highest - 1) * whole) return 'high';
  return fifths <= BigInt(5 * of.lowest + 1) * whole ? 'low' : null;
}

function mean(row: ArrayLike<number>, of: Scored): Extract<FactorFigure, { n: number }> {
  const n = total(row);
  const top = partsIn(row, of);
  const bottom = of.parts * BigInt(n);
  const common = divisor(top, bottom);
  return { n, mean: Number(top / common) / Number(bottom / common) };
}

function partsIn(row: ArrayLike<number>, { scores }: Scored): bigint {
  let parts = 0n;
  for (let i = 0; i < row.length; i++) if (row[i]) parts += BigInt(row[i] as number) * (scores[i] as bigint);
  return parts;
}

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b);
}

function total(row: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += row[i] as number;
  return sum;
}

const within = (shown: boolean[]) => (node: number) => node > 0 && shown[node] === true;

/** Reads the tally's rows of groups as rows of the outline's nodes. */
function reader(nodes: TreeNode[], tally: Tally) {
  const groups = [undefined, ...nodes.map((node) => tally.groups.get(node.id))];
  return {
    column: (counts: Uint32Array, width: number, offset: number): number[] =>
      groups.map((group) => (group === undefined ? 0 : (counts[group * width + offset] as number))),
    rows: (counts: Uint32Array, width: number, offset: number, length: number): Pattern.Rows => {
      const nothing = new Uint32Array(length);
      return {
        width: length,
        own: (node) => {
          const group = groups[node];
          if (group === undefined) return nothing;
          return counts.subarray(group * width + offset, group * width + offset + length);
        },
      };
    },
  };
}

/** Several rows laid side by side. */
function side(each: Pattern.Rows[]) {
  const starts = each.map((_, i) => each.slice(0, i).reduce((sum, rows) => sum + rows.width, 0));
  return {
    width: each.reduce((sum, rows) => sum + rows.width, 0),
    own: (node: number) => each.flatMap((rows) => Array.from(rows.own(node))),
    part: (row: Float64Array, i: number) =>
      row.subarray(starts[i] as number, (starts[i] as number) + (each[i] as Pattern.Rows).width),
  };
}

/** The counts under each node. */
function below(outline: Pattern.Outline, rows: Pattern.Rows): Float64Array[] {
  const sums = outline.parent.map((_, node) => Float64Array.from(rows.own(node)));
  for (let node = sums.length - 1; node > 0; node--) {
    const above = sums[outline.parent[node] as number] as Float64Array;
    (sums[node] as Float64Array).forEach((count, i) => (above[i]! += count));
  }
  return sums;
}
