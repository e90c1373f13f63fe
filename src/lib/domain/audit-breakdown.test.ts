import { describe, expect, test } from 'vitest';
import * as Audit from '#domain/audit.ts';
import type { Questionnaire } from '#domain/questionnaire.ts';
import type { NodeResult, Release } from '#domain/release.ts';
import * as Tally from '#domain/tally.ts';
import { chance, questionnaire, releaseOf, tree } from '../../../tests/support/survey.ts';

const option = (id: string) => ({ id, text: { nb: id } });
const asked: Questionnaire = {
  ...questionnaire([2, 2]),
  background: [
    { id: 'how', kind: 'mode', text: { nb: 'Hvordan' }, options: ['alone', 'help', 'behalf'].map(option) },
    { id: 'who', kind: 'helper', text: { nb: 'Hvem' }, options: ['relative', 'staff'].map(option) },
  ],
};
const units = tree([
  {
    code: 'K',
    under: [{ code: 'A', under: [{ code: 'A1', under: [{ code: 'A1a' }, { code: 'A1b' }] }] }, { code: 'B' }],
  },
]);
const id = (name: string) => units.nodes.find((node) => node.name === name)!.id;

/** Persons by group, mode (0 not stated) and helper. */
function made(groups: Record<string, [mode: number, helper: number, n: number][]>): Release {
  const next = chance(3);
  const tally = Tally.start(asked, units);
  for (const [name, all] of Object.entries(groups))
    for (const [mode, helper, n] of all)
      for (let i = 0; i < n; i++)
        Tally.add(
          tally,
          id(name),
          [0, 0, 0, 0].map(() => 1 + next(5)),
          [mode, helper],
        );
  return JSON.parse(JSON.stringify(releaseOf(asked, units, tally)));
}

const many: Parameters<typeof made>[0] = {
  A1a: [[1, 0, 14], [2, 1, 11], [0, 0, 6], [3, 2, 9]],
  A1b: [[1, 0, 12], [2, 2, 10], [0, 0, 8], [3, 1, 8]],
  B: [[1, 0, 13], [2, 1, 12], [0, 0, 7], [3, 1, 7]],
}; // prettier-ignore
const release = made(many);

describe('a round that asks how one answers', () => {
  test('is broken down to the enterprise, with those on behalf apart', () => {
    const { categories, results } = release.breakdowns![0]!;
    expect(categories.map((one) => one.id)).toEqual(['alone', 'help', 'none']);
    expect(Object.keys(results)).toEqual(['K', 'A', 'A1', 'B'].map(id));
    expect(results[id('B')]!.help!.n).toBe(12);
    expect(release.results[id('K')]!.n).toBe(93);
    expect(release.onBehalf!.results[id('K')]!.n).toBe(24);
    expect(release.onBehalf!.results[id('B')]!.n).toBe(7);
    expect(release.ballots).toMatchObject({ counted: 117, unreadable: 2, received: 119 });
    expect(release.helpers!.counts).toEqual({ relative: 38, staff: 19, none: 0 });
    expect(Audit.audit(release)).toEqual({ ok: true });
  });

  test('tells nothing of a few on behalf, not even how many', () => {
    const few = made({ ...many, A1a: [[1, 0, 14]], A1b: [[1, 0, 14]], B: [[1, 0, 13], [3, 1, 4]] }); // prettier-ignore
    expect(few.onBehalf).toEqual({ results: {} });
    expect(few.ballots).toMatchObject({ counted: 41, unreadable: 6, received: 47 });
    expect(few.helpers).toBeUndefined();
    expect(Audit.audit(few)).toEqual({ ok: true });
  });

  test('tells nothing of those on behalf where the others are few', () => {
    const few = made({ A1a: [[3, 0, 14]], A1b: [[3, 0, 14]], B: [[1, 0, 3]] });
    expect(few.onBehalf).toEqual({ results: {} });
    expect(few.results).toEqual({});
    expect(Audit.audit(few)).toEqual({ ok: true });
  });

  test('tells no number of helpers where one of them is small', () => {
    const few = made({ ...many, B: [[1, 0, 13], [2, 1, 12], [2, 0, 4]] }); // prettier-ignore
    expect(few.helpers).toBeUndefined();
  });
});

type Change = (release: Release, at: (name: string, category: string) => NodeResult) => void;

function found(change: Change): string[] {
  const changed = structuredClone(release);
  change(changed, (name, category) => changed.breakdowns![0]!.results[id(name)]![category]!);
  const audit = Audit.audit(changed);
  return audit.ok ? [] : [...new Set(audit.findings.map(({ rule }) => rule))];
}

const f1 = (of: NodeResult) => of.factors.f1 as { n: number; mean: number };

test.each<[string, string, Change]>([
  ['a category that is left out', 'categories', (r) => delete r.breakdowns![0]!.results[id('B')]!.none],
  ['categories that do not sum to everybody', 'categories', (_, at) => (at('B', 'help').n += 1)],
  ['a factor of some categories only', 'categories', (_, at) => delete at('B', 'help').factors.f1],
  [
    'a statement in a category',
    'categories',
    (r, at) => (at('B', 'help').statements = r.results[id('B')]!.statements),
  ],
  ['a bound in a category', 'categories', (_, at) => (at('B', 'help').factors.f1 = { bound: 'low' })],
  ['a few in a category', 'residual', (_, at) => ((at('A1', 'none').n -= 11), (at('A1', 'help').n += 11))],
  [
    'a few left of a category above',
    'residual',
    (_, at) => ((at('A', 'none').n += 3), (at('A', 'help').n -= 3)),
  ],
  [
    'a part of more than the whole',
    'negative',
    (_, at) => ((at('A', 'none').n -= 3), (at('A', 'help').n += 3)),
  ],
  ['a mean off the scale', 'mean', (_, at) => (f1(at('B', 'help')).mean = 5.5)],
  ['a few at the end of the scale', 'end', (_, at) => (f1(at('B', 'none')).mean = 4.9)],
  [
    'a node further down',
    'deep',
    (r, at) => (r.breakdowns![0]!.results[id('A1a')] = { alone: at('B', 'alone') }),
  ],
  ['a node that is withheld', 'outside', (r) => delete r.results[id('B')]],
  ['a node that is not there', 'unknown', (r) => (r.breakdowns![0]!.results['0099'] = {})],
  ['a factor that is not defined', 'unknown', (_, at) => (at('B', 'none').factors.f9 = { n: 7, mean: 3 })],
  ['categories without "not stated"', 'definitions', (r) => r.breakdowns![0]!.categories.pop()],
  ['two breakdowns', 'definitions', (r) => r.breakdowns!.push(r.breakdowns![0]!)],
  ['a few on behalf', 'residual', (r) => (r.onBehalf!.results[id('B')]!.n = 3)],
  [
    'a distribution on behalf that does not add up',
    'sum',
    (r) => (r.onBehalf!.results[id('K')]!.statements.f1s1!.n += 1),
  ],
  ['a few who help', 'residual', (r) => (r.helpers!.counts.staff = 4)],
  ['helpers that were not asked of', 'categories', (r) => (r.helpers!.counts.friend = 9)],
])('the auditor finds %s', (_, rule, change) => {
  expect(found(change)).toContain(rule);
});
