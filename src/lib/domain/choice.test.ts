import { describe, expect, test } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import * as Choice from '#domain/choice.ts';
import { parse } from '#domain/questionnaire-faults.ts';
import { type Questionnaire, wordingChanged } from '#domain/questionnaire.ts';
import * as Tally from '#domain/tally.ts';
import { asking } from '#tests/support/choices.ts';
import { tree } from '#tests/support/survey.ts';

const asked = asking(3, 4);
const [one, several] = asked.scales.slice(1) as [(typeof asked.scales)[0], (typeof asked.scales)[0]];
const none = [255, 255, 255, 255];

test('a ballot has a mark for each statement, and one for each answer where several may be chosen', () => {
  expect(asked.scales.map(Choice.width)).toEqual([1, 1, 4]);
  expect(Choice.marks(asked)).toBe(8);
  expect(Choice.apart(asked, [5, 4, 3, 2, 1, 0, 0, 1])).toEqual([[5], [4], [3], [2], [1, 0, 0, 1]]);
});

test.each([
  [[], none],
  [[9], none],
  [[2], [0, 1, 0, 0]],
  [
    [4, 1],
    [1, 0, 0, 1],
  ],
])('%o chosen are the marks %o', (chosen, marks) => {
  expect(Choice.written(several, chosen)).toEqual(marks);
  expect(Choice.values(several, marks)).toEqual(chosen.filter((value) => value < 5).sort());
});

test('of one answer the mark is the answer’s number', () => {
  expect(Choice.written(one, [3])).toEqual([3]);
  expect(Choice.written(one, [])).toEqual([255]);
  expect(Choice.values(one, [3])).toEqual([3]);
  expect(Choice.values(one, [255])).toEqual([]);
});

describe('marks that fit', () => {
  const fits: [boolean, number[]][] = [
    [true, [1, 1, 3, 1, 0, 1, 0, 0]],
    [true, [255, 255, 255, 255, ...none]],
    [true, [1, 1, 1, 1, 1, 1, 1, 1]],
    [false, [1, 1, 4, 1, 0, 1, 0, 0]],
    [false, [1, 1, 3, 1, 0, 0, 0, 0]],
    [false, [1, 1, 3, 1, 0, 1, 0, 255]],
    [false, [1, 1, 3, 1, 0, 2, 0, 0]],
    [false, [1, 1, 3, 1, 254, 254, 254, 254]],
    [false, [1, 1, 3, 1, 0, 1, 0]],
    [false, [1, 1, 3, 1, 0, 1, 0, 0, 0]],
  ];
  test.each(fits)('%o: %o', (is, marks) => {
    expect(Tally.fits(asked, marks)).toBe(is);
    const tally = Tally.start(asked, tree([{ code: 'K' }]));
    if (is) Tally.add(tally, '0001', marks);
    else expect(() => Tally.add(tally, '0001', marks)).toThrow('do not fit');
    expect(tally.ballots[0]).toBe(is ? 1 : 0);
  });

  test('every ballot is as long, whatever is chosen', () => {
    const size = Ballot.plainSize(Choice.marks(asked), 0);
    const sizes = fits.filter(([is]) => is).map(([, marks]) => Ballot.write(marks, [], size).length);
    expect(new Set(sizes)).toEqual(new Set([9]));
  });
});

describe('a questionnaire', () => {
  const faultsAfter = (change: (q: Questionnaire) => void) => {
    const copy = structuredClone(asked);
    change(copy);
    const parsed = parse(copy);
    return parsed.ok ? [] : parsed.faults.map(({ path, fault }) => `${path} ${fault}`);
  };
  test.each<[string, (q: Questionnaire) => void, string[]]>([
    ['as it is', () => undefined, []],
    [
      'in a factor',
      (q) => q.factors[0]!.statements.push('one'),
      ['factors[0].statements[2] mixed', 'factors[0].statements[2] choose-factor'],
    ],
    ['beside several', (q) => (q.scales[2]!.dontKnow = { nb: 'Vet ikke' }), ['scales[2].choose choose-ways']],
    ['beside one', (q) => (q.scales[1]!.dontKnow = { nb: 'Vet ikke' }), []],
    [
      'for residents',
      (q) => (q.kind = 'resident'),
      [
        'scales[0].points resident-points',
        'scales[1].choose choose-resident',
        'scales[2].choose choose-resident',
      ],
    ],
    ['another way to choose', (q) => (q.scales[1]!.choose = 'all' as 'one'), ['scales[1].choose choice']],
  ])('%s', (_, change, faults) => expect(faultsAfter(change)).toEqual(faults));

  test('is another one when an answer is: the trend breaks', () => {
    const changed = (change: (q: Questionnaire) => void) => {
      const copy = structuredClone(asked);
      change(copy);
      return wordingChanged(asked, copy);
    };
    expect(changed(() => undefined)).toEqual([]);
    expect(changed((q) => (q.scales[1]!.points[0]!.text.nb = 'Annet'))).toEqual(['one']);
    expect(changed((q) => q.scales[2]!.points.pop())).toEqual(['several']);
    expect(changed((q) => (q.scales[1]!.choose = 'several'))).toEqual(['one']);
  });
});
