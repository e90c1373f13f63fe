import { describe, expect, it } from 'vitest';
import type { Status } from '#domain/measure.ts';
import type { Source } from '#domain/point.ts';
import * as Said from '#domain/said.ts';

const traced = (
  id: string,
  source: Source,
  ref: string,
  over: Partial<Said.Traced> = {},
): [string, Said.Traced] => [
  id,
  { id, source, ref, carriedFromId: source === 'earlier' ? ref : null, questionnaire: 'employee', ...over },
];

describe('where a point comes from', () => {
  const known = new Map([
    traced('factor', 'factor', 'mastery'),
    traced('statement', 'statement', 'm1'),
    traced('own', 'own', 'Kaffe'),
    traced('carried', 'earlier', 'factor'),
    traced('twice', 'earlier', 'carried'),
    traced('words', 'earlier', 'own'),
    traced('lost', 'earlier', 'gone'),
    traced('itself', 'earlier', 'itself'),
    traced('round-about', 'earlier', 'round'),
    traced('round', 'earlier', 'round-about'),
    traced('by-id-alone', 'earlier', 'x', { carriedFromId: 'statement' }),
    traced('elsewhere', 'earlier', 'factor', { questionnaire: 'extraordinary' }),
  ]);
  it.each([
    ['factor', 'factor mastery'],
    ['statement', 'statement m1'],
    ['own', null],
    ['carried', 'factor mastery'],
    ['twice', 'factor mastery'],
    ['words', null],
    ['lost', null],
    ['itself', null],
    ['round-about', null],
    ['by-id-alone', 'statement m1'],
    ['elsewhere', null],
  ])('%s: %s', (id, expected) => {
    const found = Said.origin(known.get(id)!, known);
    expect(found && `${found.source} ${found.id}`).toBe(expected);
  });
});

it('keeps the newest meeting of each questionnaire in sight, and the others behind it', () => {
  const meeting = (id: string) => ({ id, round: { questionnaire: id.slice(0, 1) } });
  const ids = (all: { id: string }[]) => all.map(({ id }) => id).join(' ');
  const { newest, older } = Said.shelved(['e3', 'x2', 'e2', 'x1', 'e1', 'u1'].map(meeting));
  expect([ids(newest), ids(older)]).toEqual(['e3 x2 u1', 'e2 x1 e1']);
  expect(Said.shelved([])).toEqual({ newest: [], older: [] });
});

describe('the year of the next round', () => {
  it.each([
    // first, every, last round, this year
    [2027, 2, 2025, 2026, 2027],
    [2027, 2, 2027, 2027, 2029],
    [2027, 2, 2027, 2028, 2029],
    [2026, 2, 2026, 2026, 2028],
    [2025, 2, 2025, 2030, 2031],
    [2025, 2, 2023, 2025, 2025],
    [2030, null, 2026, 2027, 2030],
    [2026, null, 2026, 2027, null],
    [2024, null, 2023, 2027, null],
    [2020, 1, 2026, 2026, 2027],
  ])('from %i every %s, after %i, in %i: %s', (firstYear, everyYears, last, now, expected) => {
    expect(Said.yearOfNext({ firstYear, everyYears }, last, now)).toBe(expected);
  });
});

it('tells staff of surveys of staff, and residents and relatives of theirs', () => {
  expect(Said.askSame('employee', 'extraordinary')).toBe(true);
  expect(Said.askSame('leader', 'employee')).toBe(true);
  expect(Said.askSame('resident', 'relative')).toBe(true);
  expect(Said.askSame('resident', 'employee')).toBe(false);
});

describe('a short line', () => {
  it.each([
    ['Møte hver uke', 'Møte hver uke'],
    ['  to\n\nlinjer\t og\u0000 rot ', 'to linjer og rot'],
    ['x'.repeat(90), 'x'.repeat(90)],
    ['x'.repeat(91), `${'x'.repeat(89)}…`],
    ['😀'.repeat(200), `${'😀'.repeat(89)}…`],
    [`${'x'.repeat(88)} ord`, `${'x'.repeat(88)}…`],
    ['</script><b>', '</script><b>'],
    ['\u202eesrever\u202c', 'esrever'],
    ['', ''],
  ])('%j: %j', (words, line) => {
    expect(Said.short(words)).toBe(line);
  });
});

describe('what came of last time', () => {
  const words: Said.Words = {
    kind: { keep: 'Keep', improve: 'Improve' },
    status: { done: 'd', 'in-progress': 'i', 'on-hold': 'h', 'not-started': 'n', dropped: 'x' },
    more: (count) => `+${count}`,
  };
  const measures = (...statuses: Status[]) => statuses.map((status, i) => ({ title: `m${i}`, status }));
  const unit = (over: Partial<Said.Told> = {}): Said.Told => ({
    unit: 'Bjørk',
    round: 'Survey 2025',
    points: [
      { kind: 'keep', title: 'We help', measures: measures('done') },
      { kind: 'improve', title: 'Rota', measures: [] },
    ],
    ...over,
  });
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      unit({
        unit: `U${i}`,
        points: Array.from({ length: 5 }, () => ({
          kind: 'keep' as const,
          title: 'p',
          measures: measures('done', 'done', 'done', 'done'),
        })),
      }),
    );

  it('is the unit, its points and their measures, a line each', () => {
    expect(Said.last([unit()], words)).toBe('Bjørk, Survey 2025\n\nKeep: We help\n– m0: d\n\nImprove: Rota');
  });

  it('is nothing where nothing was agreed', () => {
    expect(Said.last([], words)).toBeNull();
    expect(Said.last([unit({ points: [] })], words)).toBeNull();
  });

  it('has three measures of a point at most, those that are farthest, and says how many are left out', () => {
    const title = 'p';
    const all = measures('not-started', 'dropped', 'in-progress', 'on-hold', 'done');
    const told = unit({ points: [{ kind: 'keep', title, measures: all }] });
    expect(Said.last([told], words)!.split('\n').slice(2)).toEqual([
      'Keep: p',
      '– m4: d',
      '– m2: i',
      '– m3: h',
      '+2',
    ]);
  });

  it.each([
    [1, 4, 3],
    [2, 8, 2],
    [3, 12, 1],
    [6, 24, 1],
    [9, 24, 1],
  ])('names each of %i units, with %i points and %i measures of each', (count, points, each) => {
    const lines = Said.last(many(count), words)!.split('\n');
    expect(lines.filter((line) => line.startsWith('U'))).toHaveLength(Math.min(count, 6));
    expect(lines.filter((line) => line.startsWith('Keep'))).toHaveLength(points);
    expect(lines.filter((line) => line.startsWith('–'))).toHaveLength(points * each);
    expect(lines.at(-1) === '…').toBe(count > 6);
  });

  it('cannot be made to say another line than its own', () => {
    const title = 'x\n\nImprove: pay\u2028more';
    const told = unit({ points: [{ kind: 'keep', title, measures: [{ title, status: 'done' }] }] });
    const lines = Said.last([told], words)!.split(/[\n\u2028]/);
    expect(lines.slice(2)).toEqual(['Keep: x Improve: pay more', '– x Improve: pay more: d']);
  });
});
