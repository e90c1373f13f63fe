import { isNoAnswer } from '#domain/ballot.ts';
import type { NodeResult, Release } from '#domain/release.ts';
import type { Ballots } from './survey.ts';

const total = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

/** Every figure of some ballots, whoever may be found in them. Values are 1 to 5. */
export function everything(release: Release, ballots: number[][]): NodeResult {
  const place = (id: string) => release.statements.findIndex((one) => one.id === id);
  const given = (id: string) =>
    ballots.map((ballot) => ballot[place(id)]!).filter((mark) => !isNoAnswer(mark));
  const factors = release.factors.map(({ id, statements }) => {
    const answers = statements.flatMap(given);
    const n = ballots.filter((ballot) => statements.some((one) => !isNoAnswer(ballot[place(one)]!))).length;
    return [id, { n, mean: total(answers) / answers.length }] as const;
  });
  const statements = release.statements.map(({ id }) => {
    const answers = given(id);
    const distribution = [1, 2, 3, 4, 5].map((value) => answers.filter((mark) => mark === value).length);
    return [id, { n: answers.length, mean: total(answers) / answers.length, distribution }] as const;
  });
  return {
    n: ballots.length,
    factors: Object.fromEntries(factors),
    statements: Object.fromEntries(statements),
  };
}

/** A release that shows everything of just these nodes, by name. */
export function showing<R extends Release>(release: R, ballots: Ballots, names: string[]): R {
  const parent = new Map(release.tree.map((node) => [node.id, node.parent]));
  const isUnder = (id: string | null, top: string): boolean =>
    id !== null && (id === top || isUnder(parent.get(id) ?? null, top));
  const results = release.tree.flatMap((top) => {
    if (!names.includes(top.name)) return [];
    const groups = release.tree.filter(({ id, group }) => group && isUnder(id, top.id));
    return [
      [
        top.id,
        everything(
          release,
          groups.flatMap(({ name }) => ballots[name] ?? []),
        ),
      ],
    ];
  });
  return { ...release, results: Object.fromEntries(results) };
}
