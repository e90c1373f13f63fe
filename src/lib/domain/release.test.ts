import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fromJSONSchema } from 'zod';
import * as Release from '#domain/release.ts';
import { releaseFormat } from '#domain/release-format.ts';
import { chance, questionnaire, released, tree, type Unit } from '../../../tests/support/survey.ts';

const next = chance(11);
const some = (n: number, statements = 3) =>
  Array.from({ length: n }, () => Array.from({ length: statements }, () => 1 + next(5)));

const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }], staff: true }]);
units.nodes[1]!.part = 'merged';
units.nodes[1]!.units = ['A', 'C'];
const made = released(questionnaire([2], 1), units, { A: some(12), B: some(4), 'K, staff': some(6) });

describe('a release as text', () => {
  const text = Release.serialize(made.release);

  test('is read back the same, to the byte', () => {
    const read = Release.read(text);
    if (!read.ok) throw new Error(JSON.stringify(read.findings));
    expect(read.release).toEqual(made.release);
    expect(Release.serialize(read.release)).toBe(text);
  });

  test('has sorted keys at every level, also such as JavaScript would put first', () => {
    const shuffled = Object.fromEntries(Object.entries(made.release).reverse()) as typeof made.release;
    expect(Release.serialize(shuffled)).toBe(text);
    const results = { '1000': made.release.results['0001'], '0999': made.release.results['0001'] };
    const keys = Release.serialize({ ...made.release, results } as never).match(/"(0999|1000)"/g);
    expect(keys).toEqual(['"0999"', '"1000"']);
  });

  test('fits the published schema, which is the one that is checked against', () => {
    const schema = JSON.parse(readFileSync('docs/release.schema.json', 'utf8'));
    expect(schema).toEqual(releaseFormat);
    const outside = fromJSONSchema(schema);
    expect(outside.safeParse(JSON.parse(text)).success).toBe(true);
    expect(outside.safeParse({ ...JSON.parse(text), note: 1 }).success).toBe(false);
  });

  test('is refused when it is not JSON, or not what the auditor passes', () => {
    expect(Release.read('{')).toMatchObject({ ok: false, findings: [{ rule: 'shape' }] });
    expect(Release.read(text.replace('"factor":5', '"factor":3'))).toMatchObject({ ok: false });
  });
});

test('ballots that do not agree with the tally are an accident', () => {
  const { release, tally } = made;
  const closing = { ...release, questionnaire: questionnaire([2], 1), tree: units, tally };
  expect(() => Release.build({ ...closing, ballots: { ...release.ballots, counted: 21 } })).toThrow(
    'do not agree',
  );
  expect(() => Release.build({ ...closing, ballots: { ...release.ballots, unreadable: 1 } })).toThrow(
    'do not agree',
  );
});

describe('reading a release', () => {
  const { release, id } = made;

  test('finds a unit where it stands alone, else where it is counted', () => {
    expect(Release.nodeOfUnit(release, 'K')?.id).toBe(id('K'));
    expect(Release.nodeOfUnit(release, 'B')?.id).toBe(id('B'));
    expect(Release.nodeOfUnit(release, 'C')?.id).toBe(id('A'));
    expect(Release.nodeOfUnit(release, 'X')).toBe(null);
  });

  test('gives what is shown, and nothing of what is not', () => {
    expect(Release.isShown(release, id('B'))).toBe(false);
    expect(Release.result(release, id('B'))).toBe(null);
    expect(Release.rate(release, id('B'))).toBe(null);
    expect(Release.factor(release, id('B'), 'f1')).toBe(null);
    expect(Release.isShown(release, 'constructor')).toBe(false);
    expect(Release.statement(release, id('A'), 'constructor')).toBe(null);
    expect(Release.result(release, id('A'))?.n).toBe(12);
    expect(Release.rate(release, id('A'))).toBe(0.12);
    expect(Release.factor(release, id('A'), 'f1')).toMatchObject({ n: 12 });
    expect(Release.statement(release, id('A'), 'f1s1')?.distribution).toHaveLength(5);
  });
});

test('a node tells how many answers stand behind each of its figures, there and at others', () => {
  const two = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }] }]);
  const none = Array.from({ length: 11 }, () => [255, 255, 1 + next(5)]);
  const { release } = released(questionnaire([2], 1), two, { A: some(12), B: none });
  const [k, a, b] = two.nodes.map(({ id }) => id) as [string, string, string];
  const behind = Release.counts(release, k);
  // All; the factor; its two statements, and the third.
  expect(behind.map((n) => [n(k), n(a), n(b)])).toEqual([
    [23, 12, 11],
    [12, 12, null],
    [12, 12, null],
    [12, 12, null],
    [23, 12, 11],
  ]);
});

test('two thousand units and thirty-five questions make a release that the auditor passes', () => {
  const departments = (area: number): Unit[] =>
    Array.from({ length: 40 }, (_, e) => ({
      code: `${area}-${e}`,
      staff: true,
      under: Array.from({ length: 8 }, (_, d) => ({ code: `${area}-${e}-${d}` })),
    }));
  const big = tree([
    { code: 'K', under: [0, 1, 2, 3, 4].map((a) => ({ code: `${a}`, under: departments(a) })) },
  ]);
  const groups = big.nodes.filter(({ group }) => group);
  const ballots = Object.fromEntries(groups.map(({ name }) => [name, some(3 + next(14), 35)]));
  const { release } = released(questionnaire([4, 4, 4, 3, 3, 3, 3, 3, 3, 3], 2), big, ballots);
  expect(big.nodes.length).toBeGreaterThan(2000);
  expect(Release.read(Release.serialize(release)).ok).toBe(true);
  expect(Object.keys(release.results).length).toBeGreaterThan(1200);
});
