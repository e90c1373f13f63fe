import * as Breakdown from '#domain/audit-breakdown.ts';
import { choices, definitions as choiceDefinitions } from '#domain/audit-choice.ts';
import { comments } from '#domain/audit-comments.ts';
import { type Finding, finding, limitOf, rests, size } from '#domain/audit-finding.ts';
import { own } from '#domain/record.ts';
import type { Release, StatementFigure } from '#domain/release.ts';
import { releaseFormat } from '#domain/release-format.ts';
import { thresholdsHold } from '#domain/round.ts';
import { faults } from '#domain/shape.ts';

/** Room for the rounding of doubles, in means and in sums of answers. */
const ROUNDING = 1e-9;
const SUM_ROUNDING = 1e-6;

/**
 * Judges a release by what is in it, as an outsider would: the residuals are worked out again from the published
 * figures alone (design section 4). Knows nothing of how the figures were chosen. What cannot be seen from a release
 * is not judged: persons' scores, and who answered all statements of a factor. How many answers lie behind a factor
 * whose statements are withheld is not in it either; what is left of such a one is judged as far as it is certain.
 */
export function audit(json: unknown): { ok: true } | { ok: false; findings: Finding[] } {
  const misshapen = faults(releaseFormat, json).slice(0, 100);
  if (misshapen.length > 0)
    return {
      ok: false,
      findings: misshapen.map(({ path, fault }) =>
        finding('shape', null, null, `${path || 'file'}: ${fault}`),
      ),
    };
  const release = json as Release;
  // Answers on behalf are other people's, and judged as a release of their own.
  const each = [release, ...(release.onBehalf ? [{ ...release, ...release.onBehalf }] : [])];
  const frame = [
    ...tree(release),
    ...definitions(release),
    ...choiceDefinitions(release),
    ...each.flatMap(unknown),
  ];
  if (frame.length > 0) return { ok: false, findings: frame };
  const findings = [
    ...totals(release),
    ...each.flatMap((one) => [...ballots(one), ...factors(one), ...statements(one), ...choices(one)]),
    ...Breakdown.breakdowns(release),
    ...comments(release),
  ];
  return findings.length > 0 ? { ok: false, findings } : { ok: true };
}

function tree({ tree }: Release): Finding[] {
  const invited = new Map(tree.map((node) => [node.id, 0]));
  const parents = new Set(tree.map((node) => node.parent));
  const seen = new Set<string>();
  const names = new Set<string>();
  const found: Finding[] = [];
  for (const node of tree) {
    const fault = (detail: string) => found.push(finding('tree', node.id, null, detail));
    if (seen.has(node.id)) fault('the id is used twice');
    if (names.has(node.name)) fault('the name is used twice');
    if (node.parent !== null && !seen.has(node.parent)) fault('stands before its parent');
    if (node.group === parents.has(node.id)) fault('answers are counted at the leaves, and only there');
    if (node.part === 'whole' && node.units.length !== 1) fault('a whole unit is one unit');
    if (node.part !== 'whole' && !node.group) fault('only a whole unit has nodes under it');
    if (node.parent !== null) invited.set(node.parent, (invited.get(node.parent) ?? 0) + node.invited);
    seen.add(node.id);
    names.add(node.name);
  }
  for (const node of tree)
    if (!node.group && invited.get(node.id) !== node.invited)
      found.push(finding('tree', node.id, null, 'invited is not the sum of those under it'));
  return found;
}

function definitions(release: Release): Finding[] {
  const found: Finding[] = [];
  const fault = (id: string, detail: string) => found.push(finding('definitions', null, id, detail));
  const scales = new Map(release.scales.map((scale) => [scale.id, scale.points.map((point) => point.value)]));
  const asked = new Map(release.statements.map((statement) => [statement.id, statement]));
  if (asked.size < release.statements.length) fault('statements', 'an id is used twice');
  if (new Set(release.factors.map(({ id }) => id)).size < release.factors.length)
    fault('factors', 'an id is used twice');
  for (const [id, values] of scales)
    if (values.some((value, i) => i > 0 && value <= (values[i - 1] as number)))
      fault(id, 'values do not rise');
  for (const { id, scale } of release.statements) if (!scales.has(scale)) fault(id, 'no such scale');
  const factorOf = new Map(release.statements.map(({ id }) => [id, null as string | null]));
  for (const { id, statements, lowest, highest } of release.factors)
    for (const one of statements) {
      if (factorOf.get(one)) fault(one, 'is in two factors, or twice in one');
      factorOf.set(one, id);
      const values = scales.get(asked.get(one)?.scale ?? '');
      if (!values || values[0] !== lowest || values.at(-1) !== highest)
        fault(one, `has not the ends of ${id}`);
    }
  for (const { id, factor } of release.statements)
    if (factorOf.get(id) !== factor) fault(id, 'names another factor than names it');
  return found;
}

function unknown(release: Release): Finding[] {
  const nodes = new Set(release.tree.map(({ id }) => id));
  const known = [release.factors, release.statements, release.choices ?? []].map(
    (all) => new Set(all.map(({ id }) => id)),
  );
  return Object.entries(release.results).flatMap(([node, result]) => [
    ...(nodes.has(node) ? [] : [finding('unknown', node, null, 'no such node')]),
    ...[result.factors, result.statements, result.choices ?? {}].flatMap((figures, i) =>
      Object.keys(figures)
        .filter((id) => !known[i]?.has(id))
        .map((id) => finding('unknown', node, id, 'not defined')),
    ),
  ]);
}

function totals({ thresholds, ballots: { invited, received, counted, unreadable } }: Release): Finding[] {
  return [
    ...(thresholdsHold(thresholds) ? [] : [finding('thresholds', null, null, JSON.stringify(thresholds))]),
    ...(received === counted + unreadable ? [] : [finding('ballots', null, 'n', 'received is not the sum')]),
    ...(received <= invited ? [] : [finding('ballots', null, 'n', 'more received than invited')]),
  ];
}

function ballots(release: Release): Finding[] {
  const { thresholds, ballots, results } = release;
  const shown = new Map(Object.entries(results).map(([node, { n }]) => [node, [n]]));
  const invited = new Map(release.tree.map((node) => [node.id, node.invited]));
  const crowded = [...shown].filter(([node, [n]]) => (n as number) > (invited.get(node) as number));
  const least = thresholds.factor;
  return [
    ...crowded.map(([node]) => finding('ballots', node, 'n', 'more answers than invited')),
    ...rests(release.tree, shown, [ballots.counted]).flatMap(({ node, rest: [n] }) =>
      // The round's total is published whatever it is; alone it tells of no group.
      node === null && shown.size === 0 ? [] : size(node, 'n', n as number, least),
    ),
  ];
}

function factors(release: Release): Finding[] {
  const { thresholds, results } = release;
  const scaleOf = scales(release);
  return release.factors.flatMap(({ id, statements, lowest, highest }) => {
    const limit = limitOf({ statements }, thresholds);
    const shown = new Map<string, number[]>();
    const taken = new Map<string, number[]>();
    const found: Finding[] = [];
    for (const [node, result] of Object.entries(results)) {
      const figure = own(result.factors, id);
      if (!figure || 'bound' in figure) continue;
      if (figure.n > result.n) found.push(finding('negative', node, id, `${figure.n} of ${result.n}`));
      const only = statements.length === 1 ? own(result.statements, statements[0] as string) : figure;
      if (only?.n !== figure.n || only.mean !== figure.mean)
        found.push(
          finding('together', node, id, 'a factor of one statement is shown with it, and is the same'),
        );
      const parts = statements.map((one) => own(result.statements, one)).filter((part) => part !== null);
      const values = statements.map((one) => scaleOf.get(one) as number[]);
      const complete = parts.length === statements.length;
      const answers = complete ? [sum(parts.map(({ n }) => n))] : possible(figure, statements.length);
      if (complete) found.push(...agreement(node, id, figure, parts, values));
      if (answers === null) found.push(finding('mean', node, id, figure.mean));
      const counts = answers ?? [figure.n, figure.n * statements.length];
      const most = (point: number) => Math.max(...counts.map((count) => (figure.mean - point) * count));
      const least = (point: number) => Math.min(...counts.map((count) => (figure.mean - point) * count));
      const points = [lowest, lowest + 0.2, highest - 0.2, highest] as const;
      shown.set(node, [figure.n, most(points[0]), most(points[1]), least(points[2]), least(points[3])]);
      taken.set(node, [figure.n, least(points[0]), least(points[1]), most(points[2]), most(points[3])]);
    }
    // Sums of answers over four points of the scale: the most that can be over the low, the least over the high.
    for (const { node, rest } of rests(release.tree, shown, undefined, taken)) {
      const [n, low, nearLow, nearHigh, high] = rest as [number, number, number, number, number];
      const small = size(node, id, n, limit);
      const off = low < -SUM_ROUNDING || high > SUM_ROUNDING;
      const close = n > 0 && n < 10 && (nearLow < SUM_ROUNDING || nearHigh > -SUM_ROUNDING);
      if (small.length > 0) found.push(...small);
      else if (off) found.push(finding('mean', node, id, 'off the scale'));
      else if (close) found.push(finding('end', node, id, 'within 0.2 of an end'));
    }
    return found;
  });
}

/** What is wrong between a factor and its statements, where they are shown: it counts their answers, no more and no less. */
function agreement(
  node: string,
  id: string,
  { n, mean }: { n: number; mean: number },
  parts: StatementFigure[],
  values: number[][],
): Finding[] {
  const answers = sum(parts.map(({ distribution }) => sum(distribution)));
  const points = sum(parts.map(({ distribution }, i) => weighed(distribution, values[i] as number[])));
  const persons = n <= answers && parts.every((part) => part.n <= n);
  return [
    ...(mean === points / answers ? [] : [finding('factor', node, id, `${mean} is not ${points / answers}`)]),
    ...(persons ? [] : [finding('factor', node, id, `${n} persons cannot have given these answers`)]),
  ];
}

/**
 * The least and the most answers that can lie behind a mean, each person having given one to all: multiples of the
 * smallest number that makes it a whole sum, which the mean's continued fraction finds. null: none can.
 */
function possible({ n, mean }: { n: number; mean: number }, statements: number): [number, number] | null {
  const most = n * statements;
  const whole = (count: number) => Math.abs(mean * count - Math.round(mean * count)) < SUM_ROUNDING;
  let [before, step, left] = [0, 1, mean % 1];
  while (step <= most && !whole(step)) {
    left = 1 / left;
    [before, step] = [step, Math.floor(left) * step + before];
    left %= 1;
  }
  const fewest = step * Math.ceil(n / step);
  return n > 0 && fewest <= most ? [fewest, step * Math.floor(most / step)] : null;
}

function statements(release: Release): Finding[] {
  const scaleOf = scales(release);
  const alone = release.statements.filter(({ factor }) => factor === null);
  return [
    ...release.factors.map((factor) => ({ factor: factor.id, ids: factor.statements })),
    ...alone.map(({ id }) => ({ factor: null, ids: [id] })),
  ].flatMap(({ factor, ids }) => {
    const shown = new Map<string, number[]>();
    const found: Finding[] = [];
    for (const [node, result] of Object.entries(release.results)) {
      const figures = ids.map((id) => own(result.statements, id));
      if (figures.every((figure) => figure === null)) continue;
      const within = factor === null ? null : own(result.factors, factor);
      if (factor !== null && (!within || 'bound' in within))
        found.push(finding('outside', node, factor, 'withheld, but its statements are shown'));
      const wrong = figures.flatMap((figure, i) => {
        const id = ids[i] as string;
        return figure
          ? arithmetic(node, id, figure, result.n, scaleOf.get(id) as number[])
          : [finding('together', node, id, `withheld, but others of ${factor} are shown`)];
      });
      found.push(...wrong);
      if (wrong.length === 0)
        shown.set(
          node,
          figures.flatMap((figure) => (figure as StatementFigure).distribution),
        );
    }
    for (const { node, rest } of rests(release.tree, shown)) {
      if (rest.every((count) => count === 0)) continue;
      let start = 0;
      for (const id of ids) {
        const values = scaleOf.get(id) as number[];
        const row = rest.slice(start, (start += values.length));
        found.push(...distribution(node, id, row, values, release.thresholds.statement));
      }
    }
    return found;
  });
}

/** The values of each statement's scale. */
function scales({ scales, statements }: Release): Map<string, number[]> {
  const values = new Map(scales.map(({ id, points }) => [id, points.map(({ value }) => value)]));
  return new Map(statements.map(({ id, scale }) => [id, values.get(scale) as number[]]));
}

/** The distribution of a residual in which somebody answered one of the statements that stand together. */
function distribution(
  node: string | null,
  id: string,
  row: number[],
  values: number[],
  limit: number,
): Finding[] {
  const n = sum(row);
  if (row.some((count) => count < 0)) return [finding('negative', node, id, Math.min(...row))];
  if (n < limit) return [finding('residual', node, id, n)];
  const others = n - Math.max(...row);
  return [
    ...(others < 2 ? [finding('unanimous', node, id, others)] : []),
    ...average(node, id, n, weighed(row, values), values[0] as number, values.at(-1) as number),
  ];
}

function arithmetic(
  node: string,
  id: string,
  { n, mean, distribution }: StatementFigure,
  ballots: number,
  values: number[],
): Finding[] {
  if (distribution.length !== values.length || sum(distribution) !== n)
    return [finding('sum', node, id, `n is ${n}`)];
  return [
    ...(mean === weighed(distribution, values) / n ? [] : [finding('mean', node, id, mean)]),
    ...(n <= ballots ? [] : [finding('negative', node, id, `${n} of ${ballots}`)]),
  ];
}

function average(
  node: string | null,
  figure: string,
  n: number,
  total: number,
  lowest: number,
  highest: number,
): Finding[] {
  const mean = total / n;
  if (n === 0) return Math.abs(total) > ROUNDING * 1e3 ? [finding('mean', node, figure, total)] : [];
  if (mean < lowest - ROUNDING || mean > highest + ROUNDING) return [finding('mean', node, figure, mean)];
  const close = mean > highest - 0.2 + ROUNDING || mean < lowest + 0.2 - ROUNDING;
  return n < 10 && close ? [finding('end', node, figure, mean)] : [];
}

function weighed(row: number[], values: number[]): number {
  return sum(row.map((count, i) => count * (values[i] as number)));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
