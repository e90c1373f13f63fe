import { describe, expect, test } from 'vitest';
import * as Audit from '#domain/audit.ts';
import type { FactorFigure, NodeResult, Release } from '#domain/release.ts';
import { chance, questionnaire, released, tree } from '../../../tests/support/survey.ts';

const units = tree([
  { code: 'K', under: [{ code: 'A', under: [{ code: 'A1' }, { code: 'A2' }], staff: true }, { code: 'B' }] },
]);
const next = chance(5);
const some = (n: number) => Array.from({ length: n }, () => Array.from({ length: 4 }, () => 1 + next(5)));
const { release, id } = released(questionnaire([2, 1], 1), units, {
  A1: some(16),
  A2: some(12),
  'A, staff': some(11),
  B: some(14),
});

type Change = (release: Release, at: (name: string) => NodeResult) => void;

/** Rules that find fault with the release after a change. */
function found(change: Change): string[] {
  const changed = structuredClone(release) as Release;
  change(changed, (name) => changed.results[id(name)] as NodeResult);
  const audit = Audit.audit(JSON.parse(JSON.stringify(changed)));
  return audit.ok ? [] : [...new Set(audit.findings.map(({ rule }) => rule))];
}

const withoutStatements = ({ statements }: NodeResult) => {
  delete statements.f1s1;
  delete statements.f1s2;
};

const shown = (figure: FactorFigure | undefined) => figure as { n: number; mean: number };

test('passes what the program makes, where everything is shown', () => {
  expect(Object.keys(release.results)).toHaveLength(units.nodes.length);
  for (const result of Object.values(release.results)) {
    expect(Object.keys(result.factors)).toEqual(['f1', 'f2']);
    expect(Object.keys(result.statements)).toEqual(['f1s1', 'f1s2', 'f2s1', 'a1']);
  }
  expect(found(() => {})).toEqual([]);
});

describe('finds', () => {
  const faults: [string, string, Change][] = [
    ['an unknown key', 'shape', (r) => Object.assign(r, { note: 'x' })],
    ['a bound that carries n', 'shape', (_, at) => (at('B').factors.f1 = { bound: 'high', n: 7 } as never)],
    ['a limit under its floor', 'thresholds', (r) => (r.thresholds.factor = 4)],
    ['totals that do not add up', 'ballots', (r) => (r.ballots.received += 1)],
    ['more answers than invited', 'ballots', (r) => (r.ballots.invited = 50)],
    ['a node twice', 'tree', (r) => r.tree.push(r.tree.at(-1)!)],
    ['a child before its parent', 'tree', (r) => r.tree.reverse()],
    ['an inner node that is a group', 'tree', (r) => (r.tree[0]!.group = true)],
    ['invited that does not add up', 'tree', (r) => (r.tree[0]!.invited += 1)],
    ['a statement in two factors', 'definitions', (r) => r.factors[1]!.statements.push('f1s1')],
    ['a factor with other ends than its scale', 'definitions', (r) => (r.factors[0]!.highest = 6)],
    ['a node that is not in the tree', 'unknown', (r, at) => (r.results['0099'] = at('B'))],
    ['a figure that is not defined', 'unknown', (_, at) => (at('B').factors.f9 = { n: 9, mean: 3 })],
    [
      'a small rest of ballots',
      'residual',
      (r, at) => {
        delete r.results[id('A, staff')];
        at('A').n = at('A1').n + at('A2').n + 4;
        at('K').n = at('A').n + at('B').n;
        r.ballots.counted = at('K').n;
        r.ballots.received = r.ballots.counted + r.ballots.unreadable;
      },
    ],
    [
      'a small rest outside the top',
      'residual',
      (r) => {
        r.ballots.counted += 3;
        r.ballots.received += 3;
      },
    ],
    ['a shown factor under the limit', 'residual', (_, at) => (at('B').factors.f1 = { n: 4, mean: 3 })],
    [
      'a small rest of a factor',
      'residual',
      (_, at) => {
        delete at('A, staff').factors.f1;
        at('A, staff').statements = {};
        at('A').factors.f1 = { n: shown(at('A1').factors.f1).n + shown(at('A2').factors.f1).n + 3, mean: 3 };
      },
    ],
    ['a part with more than the whole', 'negative', (_, at) => (shown(at('A').factors.f1).n = 20)],
    ['a factor with more persons than ballots', 'negative', (_, at) => (shown(at('B').factors.f1).n = 15)],
    ['a bound with statements', 'outside', (_, at) => (at('B').factors.f1 = { bound: 'low' })],
    ['statements of a withheld factor', 'outside', (_, at) => delete at('B').factors.f1],
    ['one statement of two', 'together', (_, at) => delete at('B').statements.f1s2],
    ['a factor of one statement without it', 'together', (_, at) => delete at('B').statements.f2s1],
    ['a distribution that does not sum', 'sum', (_, at) => (at('B').statements.a1!.distribution[0]! += 1)],
    ['a mean that is not the distribution’s', 'mean', (_, at) => (at('B').statements.a1!.mean += 1e-9)],
    [
      'a factor of other persons than its statements',
      'factor',
      (_, at) => (shown(at('B').factors.f1).n = 13),
    ],
    ['a mean of persons’ means', 'factor', (_, at) => (shown(at('B').factors.f1).mean += 1 / 28)],
    [
      'a mean that no such number of answers has',
      'mean',
      (_, at) => {
        withoutStatements(at('B'));
        at('B').factors.f1 = { n: 14, mean: 2 + 1 / 29 };
      },
    ],
    ['a factor’s rest off the scale', 'mean', (_, at) => (shown(at('A').factors.f1).mean = 5)],
    [
      'a factor’s rest off the scale however many answers it has',
      'mean',
      (_, at) => {
        for (const name of ['K', 'A', 'A1', 'A2', 'A, staff', 'B']) withoutStatements(at(name));
        for (const name of ['A1', 'A2', 'A, staff']) shown(at(name).factors.f1).mean = 1;
        shown(at('A').factors.f1).mean = 4;
      },
    ],
    [
      'a unanimous distribution',
      'unanimous',
      (_, at) => (at('B').statements.a1 = { n: 14, mean: 55 / 14, distribution: [0, 0, 1, 13, 0] }),
    ],
    [
      'a unanimous rest',
      'unanimous',
      (_, at) => {
        delete at('A, staff').statements.a1;
        const [one, two] = [at('A1').statements.a1!, at('A2').statements.a1!];
        const distribution = one.distribution.map((count, i) => count + two.distribution[i]!);
        distribution[3]! += 11;
        const n = one.n + two.n + 11;
        const mean = distribution.reduce((sum, count, i) => sum + count * (i + 1), 0) / n;
        at('A').statements.a1 = { n, mean, distribution };
        delete at('K').statements.a1;
      },
    ],
    [
      'few answers close to the end',
      'end',
      (_, at) => {
        at('B').factors.f1 = { n: 9, mean: 44 / 9 };
        withoutStatements(at('B'));
        withoutStatements(at('K'));
        delete at('K').factors.f1;
      },
    ],
    [
      'few answers close to the end in what is left, where only one number of answers can be',
      'end',
      (_, at) => {
        for (const name of ['A', 'A1', 'A2', 'A, staff']) withoutStatements(at(name));
        at('A1').factors.f1 = { n: 16, mean: 95 / 32 };
        at('A2').factors.f1 = { n: 12, mean: 73 / 24 };
        delete at('A, staff').factors.f1;
        at('A').factors.f1 = { n: 36, mean: (95 + 73 + 79) / 72 };
      },
    ],
  ];
  test.each(faults)('%s', (_, rule, change) => {
    expect(found(change)).toContain(rule);
  });

  test('what is no release at all', () => {
    for (const json of [null, 3, 'x', [], {}, { format: 'medvirk-release/1' }])
      expect(Audit.audit(json)).toMatchObject({ ok: false });
  });
});
