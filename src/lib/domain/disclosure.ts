import { audit } from '#domain/audit.ts';
import type { Finding } from '#domain/audit-finding.ts';
import * as Breakdown from '#domain/breakdown.ts';
import type { Limits, Written } from '#domain/comment.ts';
import { lists, respondentsIn } from '#domain/comment-lists.ts';
import * as Pattern from '#domain/pattern.ts';
import type { NodeResult, Release } from '#domain/release.ts';
import type { RoundTree, Thresholds, TreeNode } from '#domain/round.ts';
import type { Counts, FactorCount, StatementCount, Tally } from '#domain/tally.ts';

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
): { ok: true; release: Publishable<Release> } | { ok: false; findings: Finding[] } {
  const judged = audit(json);
  return judged.ok ? { ok: true, release: json as Publishable<Release> } : judged;
}

/** Under this many answers a mean close to an end of the scale tells what nearly everybody answered. */
const FEW = 10;

/**
 * The figures of a round that may be published (design section 4), by node.
 *
 * - Ballots: the residual rule at the factor limit. The round's own total is published too, so it stands as a node
 *   above the top of the tree.
 * - Each factor: within the nodes of the ballots, the residual rule on persons who answered any of its statements, at
 *   the factor limit (a factor of one statement: at the statement limit); then unanimity of their scores, then the
 *   ends of the scale. Who answered less than half has no score, and does not help against unanimity.
 * - Each factor's statements together: within the factor's nodes, the residual rule at the statement limit on persons
 *   who answered all of them, where a residual is empty only if nobody answered any; then unanimity and the ends of
 *   the scale for each statement.
 * - A statement outside every factor: the same by itself, within the nodes of the ballots.
 * - A question of named answers: the same without the ends, which it has not. Where several may be chosen, each answer
 *   is a statement that everybody who answered the question says yes or no to, and all of them stand together, so that
 *   what is withheld does not say which answer it is withheld for (docs/decisions/choice.md).
 *
 * A factor's mean is that of all answers to its statements, so it is a sum of what the statements show by themselves:
 * where both are shown, it adds nothing to what can be derived. A mean of persons' means would, since it weighs the
 * answers of those who leave something out differently (docs/decisions/one-population.md).
 *
 * Unanimity and the ends of the scale are asked of every residual, since those are what can be derived: a shown
 * parent less its shown children would otherwise give the very mean that a bound stands for. Bounds are settled
 * last, so the set is safe also with them counted as shown: the interval that a bound gives away, taken from its
 * ancestor's figure, still leaves no group under the limit.
 */
export function figures(
  tree: RoundTree,
  thresholds: Thresholds,
  tally: Counts,
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

  const taken = new Set<number>();
  tally.factors.forEach((factor, f) => {
    factor.statements.forEach((index) => taken.add(index));
    const statements = factor.statements.map((index) => tally.statements[index] as StatementCount);
    const [some, all] = [tally.some, tally.all].map((counted) =>
      counts.column(counted, tally.factors.length, f),
    ) as [number[], number[]];
    const scores = side([
      counts.rows(tally.scores, tally.scoreWidth, factor.at, factor.scores.length),
      { width: 1, own: (node) => [some[node] as number] },
    ]);
    const answers = together(statements.map(counts.answers), statements, some);
    const limit = limitOf(factor, thresholds);
    const safe = shownUnder(limit, { some, all: some }, within(base.shown));
    const spread = Pattern.mend(outline, safe.shown, scores, safe.sizes, (row) =>
      varied(scores.part(row, 0), row.at(-1) as number),
    );
    const inside = (row: Float64Array) => end(answered(row), factor) === null;
    const kept = Pattern.mend(outline, spread.shown, answers, safe.sizes, inside);
    const sums = below(outline, answers).map(answered);
    kept.shown.forEach((shown, node) => {
      if (shown) at(node).factors[factor.id] = figure(sums[node] as Answered);
    });
    for (const node of kept.givenUp) {
      const bound = end(sums[node] as Answered, factor);
      if (bound) at(node).factors[factor.id] = { bound };
    }
    publish(factor.statements, { some, all }, kept.shown);
  });
  const answeredBy = (index: number): Pattern.Persons => {
    const rows = counts.answers(tally.statements[index] as StatementCount);
    const persons = outline.parent.map((_, node) => total(rows.own(node)));
    return { some: persons, all: persons };
  };
  for (const { id, choose, marks } of tally.choices) {
    marks.forEach((index) => taken.add(index));
    const { shown, sums } = safely(marks, answeredBy(marks[0] as number), base.shown, false);
    shown.forEach((isShown, node) => {
      if (!isShown) return;
      const rows = sums.map((of) => of[node] as Float64Array);
      const [first] = rows as [Float64Array];
      const chosen = choose === 'one' ? [...first] : rows.map((row) => row[1] as number);
      (at(node).choices ??= {})[id] = { n: total(first), chosen };
    });
  }
  tally.statements.forEach((_, index) => {
    if (!taken.has(index)) publish([index], answeredBy(index), base.shown);
  });
  return results as Publishable<Record<string, NodeResult>>;

  function publish(indexes: number[], own: Pattern.Persons, shownAbove: boolean[]): void {
    const { shown, sums, statements } = safely(indexes, own, shownAbove, true);
    shown.forEach((isShown, node) => {
      if (!isShown) return;
      statements.forEach((statement, i) => {
        const row = (sums[i] as Float64Array[])[node] as Float64Array;
        at(node).statements[statement.id] = {
          ...figure(ofOne(row, statement.values)),
          distribution: [...row],
        };
      });
    });
  }

  /** Where some marks may be shown together, and their counts under each node. hasEnds: their values are high and low. */
  function safely(indexes: number[], own: Pattern.Persons, shownAbove: boolean[], hasEnds: boolean) {
    const statements = indexes.map((index) => tally.statements[index] as StatementCount);
    const each = statements.map(counts.answers);
    const joint = side(each);
    const every = (holds: (row: Float64Array, statement: StatementCount) => boolean) => (row: Float64Array) =>
      statements.every((statement, i) => holds(joint.part(row, i), statement));
    const safe = shownUnder(thresholds.statement, own, within(shownAbove));
    const varies = every((row) => varied(row, total(row)));
    const spread = Pattern.mend(outline, safe.shown, joint, safe.sizes, varies);
    const inside = every((row, { values }) => !hasEnds || end(ofOne(row, values), ends(values)) === null);
    const kept = Pattern.mend(outline, spread.shown, joint, safe.sizes, inside);
    return { shown: kept.shown, sums: each.map((rows) => below(outline, rows)), statements };
  }
}

/** A factor of one statement is that statement. */
const limitOf = ({ statements }: FactorCount, { statement, factor }: Thresholds) =>
  statements.length === 1 ? statement : factor;

/**
 * The figures that may be published for each category of a round's breakdown, by node and category: ballots and
 * factors, each in a pattern of its own by the rule of breakdown.ts, within the nodes where the same figure is shown of
 * everybody and, for factors, where the ballots are broken down. Statements are not broken down. A category that
 * nobody of a figure is in has n 0, and no factor.
 *
 * results: what is published of everybody. A bound is a number that is known but for a little, so the rule is kept
 * also with the nodes that have one counted as shown.
 */
export function brokenDown(
  { nodes, above = 0 }: RoundTree,
  thresholds: Thresholds,
  { factors, breakdown }: Tally,
  { kind, categories }: { kind: 'role' | 'mode'; categories: string[] },
  results: Publishable<Record<string, NodeResult>>,
): Publishable<Record<string, Record<string, NodeResult>>> {
  const outline = Pattern.outline(nodes);
  const parts = (breakdown?.parts ?? []).map((part) => ({ part, counts: reader(nodes, part) }));
  const of = (node: number) => results[nodes[node - 1]?.id ?? ''];
  const shownWhere = (is: (result: NodeResult) => boolean) =>
    outline.parent.map((_, node) => is(of(node) ?? { n: 0, factors: {}, statements: {} }));
  const deep = (node: number) => above + (outline.depth[node] as number) - 1;
  const isWhole = (node: number) => nodes[node - 1]?.part === 'whole';
  const made: Record<string, Record<string, NodeResult>> = {};
  const at = (node: number, c: number) =>
    made[(nodes[node - 1] as TreeNode).id]![categories[c] as string] as NodeResult;

  const ballots = parts.map(({ part, counts }) => counts.rows(part.ballots, 1, 0, 1));
  const known = [{ shown: shownWhere(({ n }) => n > 0), holds: () => true }];
  const base = Breakdown.best(
    outline,
    thresholds.factor,
    ballots,
    known,
    (node) => isWhole(node) && deep(node) <= Breakdown.deepest[kind],
  );
  const sums = ballots.map((rows) => below(outline, rows));
  base.forEach((shown, node) => {
    if (!shown) return;
    made[(nodes[node - 1] as TreeNode).id] = Object.fromEntries(
      categories.map((id, c) => [id, { n: sums[c]![node]![0]!, factors: {}, statements: {} }]),
    );
  });

  factors.forEach((factor, f) => {
    const each = parts.map(({ part, counts }) => factorRows(counts, part, factor, f));
    const varies = (row: Float64Array) => varied(row.subarray(3), row[0] as number);
    const exact = shownWhere(({ factors }) => 'n' in (factors[factor.id] ?? {}));
    const shown = Breakdown.best(
      outline,
      limitOf(factor, thresholds),
      each,
      [
        { shown: exact, holds: (row) => varies(row) && end(answered(row), factor) === null },
        { shown: shownWhere(({ factors }) => Object.hasOwn(factors, factor.id)), holds: varies },
      ],
      within(base),
    );
    each.forEach((rows, c) =>
      below(outline, rows).forEach((row, node) => {
        if (shown[node] && row[0]! > 0) at(node, c).factors[factor.id] = figure(answered(row));
      }),
    );
  });
  return made as Publishable<typeof made>;
}

/** How many got help from whom, whole round, where each number is 0 or at least the limit, also of mode and helper crossed as a reader might. */
export function helpers(
  { factor: limit }: Thresholds,
  { help, behalf }: NonNullable<Tally['helpers']>,
): Publishable<number[]> | null {
  const sums = help.map((n, i) => n + (behalf[i] as number));
  const two = { parent: [-1, 0, 1, 1], children: [[1], [2, 3], [], []], depth: [0, 1, 2, 2], unit: [] };
  const own = help.map((n, i) => ({ width: 1, own: (node: number) => [[0], [0], [n], [behalf[i]!]][node]! }));
  const known = [{ shown: [false, true, true, true], holds: () => true }];
  const isSafe = Breakdown.best(two, limit, own, known, (node) => node === 1)[1];
  return isSafe && sums.every((n) => n === 0 || n >= limit) ? (sums as Publishable<number[]>) : null;
}

/**
 * The comments that may be published, by node and open question (comment-lists.ts), within the nodes where the number of
 * ballots is shown, so that anybody can judge what stands behind a list. Of each comment only its words are left.
 */
export function comments(
  tree: RoundTree,
  tally: Counts,
  { limits, written, isWithheld }: WrittenIn,
  questions: string[],
  results: Publishable<Record<string, NodeResult>>,
): Publishable<Record<string, Record<string, string[]>>> {
  const made: Record<string, Record<string, string[]>> = {};
  const isShown = (node: string) => Object.hasOwn(results, node);
  questions.forEach((question, i) => {
    const found = lists(tree, limits, respondentsIn(tally), written[i] ?? [], isShown, isWithheld);
    for (const [node, listed] of Object.entries(found))
      (made[node] ??= {})[question] = listed.map(({ text }) => text);
  });
  return made as Publishable<typeof made>;
}

/** What was written in a round, by open question, with what must stand behind a list and what the readers hold back. */
export type WrittenIn = {
  limits: Limits;
  written: Written[][];
  isWithheld: (comment: Written) => boolean;
};

/** Per node: persons who answered any of a factor, their answers, the sum of those, and persons by score. */
function factorRows(
  counts: ReturnType<typeof reader>,
  of: Counts,
  factor: FactorCount,
  f: number,
): Pattern.Rows {
  const statements = factor.statements.map((index) => of.statements[index] as StatementCount);
  const some = counts.column(of.some, of.factors.length, f);
  return side([
    together(statements.map(counts.answers), statements, some),
    counts.rows(of.scores, of.scoreWidth, factor.at, factor.scores.length),
  ]);
}

/** What a mean is taken of: persons, the answers that they gave, and the sum of those. */
type Answered = { n: number; answers: number; points: number };

const answered = ([n, answers, points]: ArrayLike<number> & Iterable<number>) =>
  ({ n, answers, points }) as Answered;

/** The counts of one statement, where each person gave one answer. */
function ofOne(row: ArrayLike<number>, values: number[]): Answered {
  const n = total(row);
  return { n, answers: n, points: weighed(row, values) };
}

/** Rows of persons, answers and points of a factor, from the counts of its statements and who answered any of them. */
function together(each: Pattern.Rows[], statements: StatementCount[], some: number[]): Pattern.Rows {
  return {
    width: 3,
    own: (node) => {
      const rows = each.map((one) => one.own(node));
      const points = rows.map((row, i) => weighed(row, (statements[i] as StatementCount).values));
      return [some[node] as number, total(rows.map(total)), total(points)];
    },
  };
}

/** At least two of n persons with an answer other than the commonest, whichever that is; or nobody. */
function varied(row: ArrayLike<number>, n: number): boolean {
  let most = 0;
  for (let i = 0; i < row.length; i++) most = Math.max(most, row[i] as number);
  return n === 0 || total(row) - most >= 2;
}

const ends = (values: number[]) => ({ lowest: values[0] as number, highest: values.at(-1) as number });

/** The end of the scale that the mean of a few persons' answers lies within 0.2 of. In whole numbers, so exact. */
function end(of: Answered, { lowest, highest }: { lowest: number; highest: number }): 'high' | 'low' | null {
  if (of.n === 0 || of.n >= FEW) return null;
  if (5 * of.points >= (5 * highest - 1) * of.answers) return 'high';
  return 5 * of.points <= (5 * lowest + 1) * of.answers ? 'low' : null;
}

/** The mean is one division of whole numbers, rounded once. */
const figure = ({ n, answers, points }: Answered) => ({ n, mean: points / answers });

function weighed(row: ArrayLike<number>, values: number[]): number {
  let points = 0;
  for (let i = 0; i < row.length; i++) points += (row[i] as number) * (values[i] as number);
  return points;
}

function total(row: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += row[i] as number;
  return sum;
}

const within = (shown: boolean[]) => (node: number) => node > 0 && shown[node] === true;

/** Reads the tally's rows of groups as rows of the outline's nodes. */
function reader(nodes: TreeNode[], tally: Counts) {
  const groups = [undefined, ...nodes.map((node) => tally.groups.get(node.id))];
  const rows = (counts: Uint32Array, width: number, offset: number, length: number): Pattern.Rows => {
    const nothing = new Uint32Array(length);
    return {
      width: length,
      own: (node) => {
        const group = groups[node];
        if (group === undefined) return nothing;
        return counts.subarray(group * width + offset, group * width + offset + length);
      },
    };
  };
  return {
    column: (counts: Uint32Array, width: number, offset: number): number[] =>
      groups.map((group) => (group === undefined ? 0 : (counts[group * width + offset] as number))),
    rows,
    answers: ({ at, values }: StatementCount) => rows(tally.answers, tally.answerWidth, at, values.length),
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
