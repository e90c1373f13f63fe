import { describe, expect, test } from 'vitest';
import * as Audit from '#domain/audit.ts';
import { search } from '#domain/audit-search.ts';
import { tables } from '#domain/audit-tables.ts';
import type { ChoiceFigure, Release } from '#domain/release.ts';
import { asking, ticked } from '#tests/support/choices.ts';
import { released, tree } from '#tests/support/survey.ts';

const asked = asking(3, 3);
const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] }]);
const person = (i: number) => [
  ...[1 + (i % 5), 5 - (i % 5), 1 + (i % 3), 1 + (i % 4)],
  ...ticked(asked, [[0], [1], [0, 2], [1, 2], [0, 1]][i % 5]!),
];
const people = (n: number) => Array.from({ length: n }, (_, i) => person(i));
const { release, id } = released(asked, units, { A: people(20), B: people(15), C: people(12) });
const [K, A, C] = ['K', 'A', 'C'].map(id) as [string, string, string];

/** What the auditor says of the release with something planted in it. */
function found(plant: (of: Release) => void): string[] {
  const copy = structuredClone(release) as Release;
  plant(copy);
  const judged = Audit.audit(copy);
  return judged.ok ? [] : judged.findings.map(({ rule, node, figure }) => `${rule} ${node} ${figure}`);
}
const choice = (of: Release, node: string, question: string): ChoiceFigure =>
  of.results[node]!.choices![question]!;

describe('the auditor', () => {
  test('finds nothing in what was made by the rules', () => {
    expect(found(() => undefined)).toEqual([]);
    expect(Object.keys(release.results)).toHaveLength(4);
    expect(Object.values(release.results).every(({ choices }) => choices?.one && choices.several)).toBe(true);
  });

  test.each<[string, (of: Release) => void, string[]]>([
    [
      'a unit of nine, and what is left of the one above it',
      (of) => {
        of.results[C]!.choices!.one = { n: 9, chosen: [3, 3, 3] };
        of.results[K]!.choices!.one = { n: 44, chosen: [15, 15, 14] };
      },
      [`residual ${C} one`],
    ],
    [
      'one that nearly all chose',
      (of) => (of.results[C]!.choices!.one = { n: 12, chosen: [11, 1, 0] }),
      [`negative ${K} one`, `unanimous ${C} one`],
    ],
    [
      'an answer that nobody chose',
      (of) => (choice(of, A, 'several').chosen[2] = 0),
      [`unanimous ${A} several`],
    ],
    [
      'an answer that all but one chose',
      (of) => (choice(of, A, 'several').chosen[0] = choice(of, A, 'several').n - 1),
      [`unanimous ${A} several`],
    ],
    [
      'a distribution that does not sum to n',
      (of) => (choice(of, A, 'one').chosen[0]! += 1),
      [`sum ${A} one`],
    ],
    ['more than answered', (of) => (choice(of, A, 'several').chosen[0] = 21), [`sum ${A} several`]],
    [
      'fewer choices than persons',
      (of) => (choice(of, A, 'several').chosen = [3, 3, 3]),
      [`sum ${A} several`],
    ],
    ['an answer too few', (of) => choice(of, A, 'several').chosen.pop(), [`sum ${A} several`]],
    ['more answers than ballots', (of) => (of.results[A]!.n = 19), [`negative ${A} several`]],
    [
      'a question that is not defined',
      (of) => (of.results[A]!.choices!.x = { n: 20, chosen: [9, 11] }),
      [''],
    ],
    ['an id that is a statement’s too', (of) => (of.choices![0]!.id = 'a1'), ['']],
    ['numbers that fall', (of) => (of.choices![0]!.options[0]!.value = 9), ['definitions null one']],
  ])('finds %s', (_, plant, expected) => {
    const all = found(plant);
    expect(all.length).toBeGreaterThan(0);
    for (const one of expected) expect(all.join('\n')).toContain(one);
  });

  test('finds a category of few that is broken down by answers', () => {
    const all = found((of) => {
      of.breakdowns = [
        {
          ...{ id: 'role', kind: 'role', text: { nb: 'Rolle' } },
          categories: ['nurse', 'none'].map((id) => ({ id, text: { nb: id } })),
          results: {
            [K]: {
              nurse: { n: 20, factors: {}, statements: {}, choices: { one: { n: 20, chosen: [10, 5, 5] } } },
              none: { n: 27, factors: {}, statements: {} },
            },
          },
        },
      ];
    });
    expect(all).toContain(`categories ${K} nurse`);
  });

  test('searches these figures as others: a part that is taken from the whole leaves three', async () => {
    const copy = structuredClone(release) as Release;
    // B is withheld, and of the whole three more than A and C have answered.
    delete copy.results[id('B')]!.choices;
    const [a, c] = [choice(copy, A, 'several'), choice(copy, C, 'several')];
    copy.results[K]!.choices!.several = {
      n: a.n + c.n + 3,
      chosen: a.chosen.map((count, i) => count + c.chosen[i]! + [2, 1, 1][i]!),
    };
    const solver = { solve: () => Promise.resolve(null), goOn: () => Promise.resolve(true) };
    const clean = await search(tables([release]), solver);
    expect(clean).toMatchObject({ leak: null, complete: true });
    expect(found((of) => Object.assign(of, copy))).toContain(`residual ${K} several`);
    const { leak, complete } = await search(tables([copy]), solver);
    expect(leak?.n === 3 || !complete).toBe(true);
  });
});
