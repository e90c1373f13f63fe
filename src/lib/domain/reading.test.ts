import { expect, test } from 'vitest';
import * as Reading from '#domain/reading.ts';
import type { FactorRow } from '#domain/reading.ts';
import type { FactorFigure } from '#domain/release.ts';
import * as Release from '#domain/release.ts';
import { release, tree } from '#tests/support/releases.ts';

const at = (name: string) => tree.find((node) => node.name === name)!;
const ward = at('Avdeling Bjørk');
const home = at('Solsiden bosenter');
const nothing: Reading.Beside = { above: null, whole: null };

const row = (
  id: string,
  ours: FactorFigure | number | null,
  earlier: number | null = null,
  above: number | null = null,
): FactorRow => {
  const figure = (value: number | null) => (value === null ? null : { n: 12, mean: value });
  return {
    id,
    title: { nb: id },
    lowest: 1,
    highest: 5,
    ours: typeof ours === 'number' ? figure(ours) : ours,
    earlier: figure(earlier),
    noEarlier: earlier === null ? 'withheld' : null,
    above: figure(above),
    whole: null,
  };
};
const ids = (rows: FactorRow[]) => rows.map(({ id }) => id).join(' ');

test.each([
  [[1, 2, 3, 4, 10], 14 / 20],
  [[1, 2, 3, 4], 7 / 10],
  [[6, 1, 3], 3 / 10],
  [[3, 1], 1 / 4],
])('agreeing is what lies above the middle: %j gives %d', (distribution, share) => {
  const n = distribution.reduce((a, b) => a + b);
  expect(Reading.agree({ n, mean: 0, distribution })).toBe(share);
});

test.each([
  [0, 'nobody'],
  [0.04, 'few'],
  [0.05, 1],
  [0.68, 7],
  [0.949, 9],
  [0.95, 'nearly-all'],
  [0.999, 'nearly-all'],
  [1, 'all'],
])('%d is said as %s', (share, said) => expect(Reading.inTen(share)).toBe(said));

test('a share moves only as far as the sentence can say', () => {
  expect(Reading.moved(0.68, 0.61)).toEqual({ way: 'up', from: 6 });
  expect(Reading.moved(0.52, 0.68)).toEqual({ way: 'down', from: 7 });
  expect(Reading.moved(0.68, 0.66)).toEqual({ way: 'same', from: 7 });
});

test('a difference is what the reader gets from the two numbers shown', () => {
  expect(Reading.difference(3.96, 3.94)).toBe(0.1);
  expect(Reading.difference(3.94, 3.86)).toBe(0);
  expect(Reading.difference(2.2, 4.1)).toBe(-1.9);
});

test('rows sort as asked, by height on their own scale, or by change; withheld come last', () => {
  const ten = { ...row('ten', 8, 5), lowest: 0, highest: 10 };
  const rows = [row('a', 3, 3.1), row('b', null), ten, row('c', { bound: 'high' }), row('d', 4.5, 3.2)];
  expect(ids(Reading.sorted(rows, 'asked'))).toBe('a b ten c d');
  expect(ids(Reading.sorted(rows, 'highest'))).toBe('c d ten a b');
  expect(ids(Reading.sorted(rows, 'changed'))).toBe('ten d a b c');
});

test('three things to notice: the highest, the lowest, and what moved most', () => {
  const rows = [row('a', 3, 3.1), row('b', 4.2, 4.1), row('c', 3.5, 4), row('d', 2.9, 2.7, 4)];
  expect(Reading.notices(rows)).toMatchObject([
    { what: 'highest', row: { id: 'b' } },
    { what: 'lowest', row: { id: 'd' } },
    { what: 'down', row: { id: 'c' }, now: 3.5, then: 4 },
  ]);
});

test('without changes worth a word, what stands farthest from the level above is noticed', () => {
  const rows = [row('a', 3, 3.1, 3.5), row('b', 4.2, 4.2, 4)];
  expect(Reading.notices(rows)[2]).toMatchObject({ what: 'below', row: { id: 'a' }, then: 3.5 });
});

test('small differences, level factors and withheld figures are not noticed', () => {
  expect(Reading.notices([row('a', 4, 4.1, 4.1), row('b', 4, 3.9, 3.9), row('c', null)])).toEqual([]);
  expect(Reading.notices([])).toEqual([]);
});

test('a bound stands 0.2 from its end', () => {
  const rows = [row('a', 4.7), row('b', { bound: 'high' }), row('c', { bound: 'low' }), row('d', 1.4)];
  expect(Reading.notices(rows).map((n) => n.row.id)).toEqual(['b', 'c']);
});

test('beside the level above, factors count as the numbers shown do', () => {
  const rows = [
    row('a', 4, null, 3.9),
    row('b', 3.96, null, 4.04),
    row('c', 3, null, 3.3),
    row('d', null, null, 3),
  ];
  expect(Reading.beside(rows)).toEqual({ above: 1, below: 1, level: 1 });
});

test('every figure a reader meets is the release’s own', () => {
  const figures = release();
  const beside = Reading.around(figures, ward);
  expect([beside.above?.name, beside.whole?.name]).toEqual(['Solsiden bosenter', 'Fjordvik kommune']);
  const rows = Reading.factors(figures, ward, beside, Reading.since(null, figures, ward));
  expect(rows).toHaveLength(figures.factors.length);
  for (const { id, ours, above, whole, earlier, noEarlier } of rows) {
    expect(ours).toEqual(figures.results[ward.id]!.factors[id]);
    expect(above).toEqual(figures.results[home.id]!.factors[id]);
    expect(whole).toEqual(figures.results['0001']!.factors[id]);
    expect([earlier, noEarlier]).toEqual([null, 'first']);
  }
  for (const { id, ours, agree, points } of Reading.statements(
    figures,
    ward,
    beside,
    Reading.since(null, figures, ward),
  )) {
    expect(ours).toEqual(figures.results[ward.id]!.statements[id]);
    const [, , , fourth, fifth] = ours!.distribution;
    expect(agree).toBe((fourth! + fifth!) / ours!.n);
    expect(points).toHaveLength(5);
  }
});

test('the top and the level below it are shown beside no level twice', () => {
  const figures = release();
  expect(Reading.around(figures, tree[0]!)).toEqual({ above: null, whole: null });
  expect(Reading.around(figures, tree[1]!)).toMatchObject({ above: { id: '0001' }, whole: null });
});

test('a withheld node has no figures, and the nearest shown level above can be lent', () => {
  const figures = release({ ballots: { '0011': 3 } });
  const patrol = at('Kveldspatruljen');
  const rows = Reading.factors(figures, patrol, nothing, Reading.since(null, figures, patrol));
  expect(rows.every((one) => one.ours === null)).toBe(true);
  expect(Reading.nearestShown(figures, patrol)?.name).toBe('Hjemmesykepleien');
  expect(Reading.nearestShown(figures, tree[0]!)).toBeNull();
});

test('the last round stands beside only where it counted the same units', () => {
  const [then, now] = [release({ seed: 8 }), release({ seed: 3 })];
  const same = Reading.factors(now, ward, nothing, Reading.since(then, now, ward));
  for (const one of same) expect(one.earlier).toEqual(then.results[ward.id]!.factors[one.id]);

  const moved = release({
    seed: 8,
    nodes: tree.map((node) =>
      node.id === ward.id ? { ...node, units: ['S1', 'S9'], part: 'merged' } : node,
    ),
  });
  const after = Reading.factors(now, ward, nothing, Reading.since(moved, now, ward));
  expect(after.map((one) => [one.earlier, one.noEarlier])).toEqual(after.map(() => [null, 'reorganised']));

  const hidden = release({ seed: 8, ballots: { [ward.id]: 4 } });
  expect(Reading.factors(now, ward, nothing, Reading.since(hidden, now, ward))[0]).toMatchObject({
    earlier: null,
    noEarlier: 'withheld',
  });
});

test('the nodes below come parents first, sisters sorted by what is shown, withheld last', () => {
  const figures = release({ ballots: { '0010': 4, '0011': 5 } });
  const area = at('Helse og mestring');
  const names = (rows: Reading.Below[]) => rows.map((one) => `${one.depth} ${one.node.id}`);
  expect(names(Reading.below(figures, area, null, 1))).toEqual(['1 0003', '1 0008', '1 0012']);
  expect(names(Reading.below(figures, area, null))).toEqual([
    '1 0003',
    '2 0004',
    '2 0005',
    '2 0006',
    '2 0007',
    '1 0008',
    '2 0009',
    '2 0010',
    '2 0011',
    '1 0012',
  ]);
  const byAnswers = Reading.below(figures, area, 'answered').map((one) => one.node);
  const sisters = byAnswers.filter((node) => node.parent === '0003');
  const answers = sisters.map((node) => Release.result(figures, node.id)?.n ?? -1);
  expect(answers).toEqual([...answers].sort((a, b) => b - a));
  const ofNursing = byAnswers.filter((node) => node.parent === '0008').map((node) => node.id);
  expect(ofNursing[0]).toBe('0009');
});
