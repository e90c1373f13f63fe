import { type Finding, finding, limitOf, rests, type Rule, size } from '#domain/audit-finding.ts';
import { isHighEnough } from '#domain/breakdown.ts';
import { NONE } from '#domain/questionnaire.ts';
import { own } from '#domain/record.ts';
import type { Breakdown, NodeResult, Release } from '#domain/release.ts';

/**
 * What is wrong with a release's breakdowns and numbers of helpers, as far as a release shows it: which groups of few can
 * be had where nobody has a role in a department, only the tallies tell. The shape and the tree are right already.
 */
export function breakdowns(release: Release): Finding[] {
  const all = release.breakdowns ?? [];
  return [
    ...(all.length > 1 ? [finding('definitions', null, 'breakdowns', 'more than one')] : []),
    ...all.flatMap((one) => {
      const framed = [...categories(one.id, one.categories), ...frame(release, one)];
      return framed.length > 0 ? framed : figures(release, one);
    }),
    ...helpers(release),
  ];
}

function categories(figure: string, all: { id: string }[]): Finding[] {
  const ids = new Set(all.map(({ id }) => id));
  const wrong = ids.size < all.length || all.at(-1)?.id !== NONE;
  return wrong ? [finding('definitions', null, figure, 'the categories are not as they should be')] : [];
}

/** Every node that is broken down is a unit of the tree high enough up, is shown of everybody, and has every category. */
function frame(release: Release, { kind, categories, results }: Breakdown): Finding[] {
  const asked = categories.map(({ id }) => id).sort();
  return Object.entries(results).flatMap(([id, by]) => {
    const fault = (rule: Rule, figure: string, detail: string) => [finding(rule, id, figure, detail)];
    const node = release.tree.find((one) => one.id === id);
    if (!node) return fault('unknown', kind, 'no such node');
    if (!isHighEnough(release.tree, node, kind))
      return fault('deep', kind, 'only large units are broken down');
    const whole = release.results[id];
    if (!whole) return fault('outside', kind, 'withheld, but broken down');
    if (String(Object.keys(by).sort()) !== String(asked))
      return fault('categories', kind, 'not the categories that were asked');
    return Object.entries(by).flatMap(([category, result]) => [
      ...(Object.keys({ ...result.statements, ...result.choices }).length > 0
        ? fault('categories', category, 'statements are not broken down')
        : []),
      ...Object.entries(result.factors).flatMap(([factor, figure]) => {
        if (!release.factors.some(({ id }) => id === factor)) return fault('unknown', factor, 'not defined');
        if (!('n' in figure)) return fault('categories', factor, 'a bound in a category');
        return 'n' in (whole.factors[factor] ?? {})
          ? []
          : fault('outside', factor, 'withheld, but broken down');
      }),
    ]);
  });
}

/** The categories of each figure sum to the figure of everybody, and what is left of each is nobody or enough. */
function figures(release: Release, { categories, results }: Breakdown): Finding[] {
  const { thresholds } = release;
  const judge = (
    figure: string,
    limit: number,
    n: (of: NodeResult) => number | undefined,
    mean: (of: NodeResult) => number | undefined,
    ends: readonly [number, number],
  ): Finding[] => {
    const shown = new Map<string, number[]>();
    const found: Finding[] = [];
    for (const [id, by] of Object.entries(results)) {
      const row = categories.map((category) => n(by[category.id] as NodeResult));
      if (row.every((one) => one === undefined)) continue;
      const counts = row.map((one) => one ?? 0);
      shown.set(id, counts);
      const whole = n(release.results[id] as NodeResult);
      if (counts.reduce((a, b) => a + b, 0) !== whole)
        found.push(finding('categories', id, figure, `do not sum to ${whole}`));
      for (const [c, { id: category }] of categories.entries()) {
        const level = mean(by[category] as NodeResult);
        if (level === undefined) continue;
        if (level < ends[0] || level > ends[1]) found.push(finding('mean', id, figure, `${level}`));
        else if (counts[c]! < 10 && (level < ends[0] + 0.2 + 1e-9 || level > ends[1] - 0.2 - 1e-9))
          found.push(finding('end', id, figure, `${level}`));
      }
    }
    for (const { node, rest } of rests(release.tree, shown))
      found.push(...rest.flatMap((count) => size(node, figure, count, limit)));
    return found;
  };
  return [
    ...judge(
      'n',
      thresholds.factor,
      ({ n }) => n,
      () => undefined,
      [0, 0],
    ),
    ...release.factors.flatMap(({ id, statements, lowest, highest }) => {
      const of = ({ factors }: NodeResult) => {
        const figure = own(factors, id);
        return figure && 'n' in figure ? figure : undefined;
      };
      return judge(
        id,
        limitOf({ statements }, thresholds),
        (one) => of(one)?.n,
        (one) => of(one)?.mean,
        [lowest, highest],
      );
    }),
  ];
}

function helpers({ helpers: of, thresholds }: Release): Finding[] {
  if (!of) return [];
  const ids = of.categories.map(({ id }) => id).sort();
  return [
    ...categories(of.id, of.categories),
    ...(String(Object.keys(of.counts).sort()) === String(ids)
      ? []
      : [finding('categories', null, of.id, 'not the categories that were asked')]),
    ...Object.values(of.counts)
      .filter((n) => n > 0 && n < thresholds.factor)
      .map((n) => finding('residual', null, of.id, `${n}`)),
  ];
}
