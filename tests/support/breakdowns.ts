import { isNoAnswer } from '#domain/ballot.ts';
import type { Breakdown, NodeResult, Release } from '#domain/release.ts';
import type { Ballots } from './survey.ts';

/**
 * A breakdown for the auditor to judge, without the program's own rules: shown at the nodes of some depth where the
 * figure is, if every category of what is left of the node is empty or reaches the limit (all or nothing).
 */
export function broken(
  release: Release,
  ballots: Ballots,
  categories: string[],
  categoryOf: (group: string, ballot: number) => string,
  maxDepth = 1,
  id = 'role',
): Breakdown {
  const { tree, thresholds } = release;
  const asked = release.statements.map((one) => one.id);
  const parent = new Map(tree.map((node) => [node.id, node.parent]));
  const depth = new Map<string, number>();
  for (const node of tree) depth.set(node.id, node.parent === null ? 0 : depth.get(node.parent)! + 1);
  const results: Breakdown['results'] = {};
  const at = (node: string, category: string) =>
    ((results[node] ??= {})[category] ??= { n: 0, factors: {}, statements: {} }) as NodeResult;

  const publish = (
    limit: number,
    /** One ballot's row of counts; null where it has none. */
    row: (answers: number[]) => number[] | null,
    isShown: (node: NodeResult) => boolean,
    put: (node: NodeResult, n: number, sums: number[]) => void,
  ) => {
    const own = new Map<string, Map<string, { n: number; sums: number[] }>>();
    const rest = new Map<string, number[]>(tree.map((node) => [node.id, categories.map(() => 0)]));
    const add = (node: string, category: string, n: number, sums: number[]) => {
      if (!own.has(node)) own.set(node, new Map());
      const before = own.get(node)!.get(category);
      const after = before ? sums.map((sum, i) => sum + before.sums[i]!) : sums;
      own.get(node)!.set(category, { n: n + (before?.n ?? 0), sums: after });
    };
    for (const { id, name, group } of tree)
      if (group)
        (ballots[name] ?? []).forEach((answers, i) => {
          const sums = row(answers);
          if (!sums) return;
          const category = categoryOf(name, i);
          rest.get(id)![categories.indexOf(category)]! += 1;
          add(id, category, 1, sums);
        });
    for (const { id } of tree.toReversed()) {
      const left = rest.get(id)!;
      const above = parent.get(id)!;
      const under = own.get(id) ?? new Map<string, { n: number; sums: number[] }>();
      if (above !== null) for (const [category, { n, sums }] of under) add(above, category, n, sums);
      const isWhole = left.some((n) => n > 0) && left.every((n) => n === 0 || n >= limit);
      const shown = release.results[id];
      if (shown && isShown(shown) && depth.get(id)! <= maxDepth && isWhole)
        for (const category of categories)
          put(at(id, category), under.get(category)?.n ?? 0, under.get(category)?.sums ?? []);
      else if (above !== null) left.forEach((n, r) => (rest.get(above)![r]! += n));
    }
  };
  const total = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
  publish(
    thresholds.factor,
    () => [],
    () => true,
    (node, n) => (node.n = n),
  );
  for (const { id: factor, statements } of release.factors) {
    const places = statements.map((one) => asked.indexOf(one));
    publish(
      statements.length === 1 ? thresholds.statement : thresholds.factor,
      (answers) => {
        const given = places.map((place) => answers[place]!).filter((answer) => !isNoAnswer(answer));
        return given.length > 0 ? [given.length, total(given)] : null;
      },
      ({ factors }) => factors[factor] !== undefined && 'n' in factors[factor],
      (node, n, [answers, points]) => {
        if (n > 0) node.factors[factor] = { n, mean: points! / answers! };
      },
    );
  }
  const values = [1, 2, 3, 4, 5];
  asked.forEach((statement, place) =>
    publish(
      thresholds.statement,
      (answers) =>
        isNoAnswer(answers[place]!) ? null : values.map((value) => (answers[place] === value ? 1 : 0)),
      ({ statements }) => statements[statement] !== undefined,
      (node, n, distribution) => {
        const mean = total(distribution.map((count, i) => count * values[i]!)) / n;
        if (n > 0) node.statements[statement] = { n, mean, distribution };
      },
    ),
  );
  const text = { nb: id };
  return {
    id,
    kind: 'role',
    text,
    categories: categories.map((category) => ({ id: category, text: { nb: category } })),
    results,
  };
}
