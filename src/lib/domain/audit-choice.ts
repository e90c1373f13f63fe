import { type Finding, finding, rests, type Rule } from '#domain/audit-finding.ts';
import { own } from '#domain/record.ts';
import type { ChoiceFigure, Release } from '#domain/release.ts';

type Asked = NonNullable<Release['choices']>[number];

/** What is wrong with the questions of named answers themselves: ids that are used twice, and answers' numbers. */
export function definitions({ choices = [], statements }: Release): Finding[] {
  const ids = [...statements, ...choices].map(({ id }) => id);
  const twice = choices.length > 0 && new Set(ids).size < ids.length;
  return [
    ...(twice ? [finding('definitions', null, 'choices', 'an id is used twice')] : []),
    ...choices.flatMap(({ id, options }) =>
      options.some(({ value }, i) => i > 0 && value <= options[i - 1]!.value)
        ? [finding('definitions', null, id, 'values do not rise')]
        : [],
    ),
  ];
}

/**
 * What can be worked out of questions of named answers (docs/decisions/choice.md): what is left of each shown node is
 * nobody or enough, and no answer of it is one that nearly all agree on. Where several may be chosen, that is asked of
 * each: at least two who chose it, and two who did not.
 */
export function choices(release: Release): Finding[] {
  return (release.choices ?? []).flatMap((asked) => {
    const found: Finding[] = [];
    const shown = new Map<string, number[]>();
    for (const [node, result] of Object.entries(release.results)) {
      const figure = own(result.choices, asked.id);
      if (!figure) continue;
      const wrong = arithmetic(asked, figure, result.n).map(([rule, detail]) =>
        finding(rule, node, asked.id, detail),
      );
      found.push(...wrong);
      if (wrong.length === 0) shown.set(node, [figure.n, ...figure.chosen]);
    }
    for (const { node, rest } of rests(release.tree, shown)) {
      const [n, ...chosen] = rest as [number, ...number[]];
      found.push(...left(asked, { n, chosen }, release.thresholds.statement, node));
    }
    return found;
  });
}

const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);

/** Who answered chose one, or at least one. */
function arithmetic(
  { options, choose }: Asked,
  { n, chosen }: ChoiceFigure,
  ballots: number,
): [Rule, string][] {
  const all = sum(chosen);
  const adds = choose === 'one' ? all === n : all >= n && chosen.every((count) => count <= n);
  return [
    ...(chosen.length === options.length && adds ? [] : [['sum', `n is ${n}`] as [Rule, string]]),
    ...(n <= ballots ? [] : [['negative', `${n} of ${ballots}`] as [Rule, string]]),
  ];
}

function left({ id, choose }: Asked, of: ChoiceFigure, limit: number, node: string | null): Finding[] {
  const { n, chosen } = of;
  if (n === 0 && chosen.every((count) => count === 0)) return [];
  const not = chosen.map((count) => n - count);
  const least = Math.min(n, ...chosen, ...not);
  if (least < 0) return [finding('negative', node, id, least)];
  if (sum(chosen) < n) return [finding('sum', node, id, `n is ${n}`)];
  if (n < limit) return [finding('residual', node, id, n)];
  const others = choose === 'one' ? n - Math.max(...chosen) : Math.min(...chosen, ...not);
  return others < 2 ? [finding('unanimous', node, id, others)] : [];
}
