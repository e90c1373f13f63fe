import { describe, expect, it } from 'vitest';
import * as Mandate from '#domain/mandate.ts';

const head = { title: 'Trygghet', origin: 'Kommunestyret', caseNumber: '24/25', decidedOn: '2025-03-12' };
it.each<[string, Partial<Mandate.Head>, Mandate.HeadRefusal[]]>([
  ['all as it should be', {}, []],
  ['no case number', { caseNumber: '' }, []],
  ['a case number with a long year', { caseNumber: ' 124/2025 ' }, []],
  ['a case number in words', { caseNumber: 'sak 24' }, ['case-number']],
  ['nothing', { title: ' ', origin: '', decidedOn: '' }, ['title', 'origin', 'decided-on']],
  ['too much', { title: 'x'.repeat(201), origin: 'x'.repeat(201) }, ['title', 'origin']],
])('a head with %s', (_, over, faults) => {
  expect(Mandate.headFaults({ ...head, ...over })).toEqual(faults);
});

it.each([
  ['7', '7'],
  ['7.', '7'],
  ['7b', '7 b'],
  ['7 B)', '7 b'],
  ['7.b.', '7 b'],
  ['7.2', '7.2'],
  ['XII', 'xii'],
])('%s is spelled %s', (written, spelled) => {
  expect(Mandate.spelled(written)).toBe(spelled);
});

const numbers = (text: string) => Mandate.parse(text).items.map(({ number, parent }) => [number, parent]);
describe('a pasted list', () => {
  it('has points, sub-points and areas', () => {
    const text = `Ledelse:
1. Ledere følger opp.
   a) Hver måned.
   b) Også om natten.

Åpenhet og tillit :\r
2) Alle kan si fra.
2 a) Til sin leder.
2b Til verneombudet.
3 Tallene vises.
3.1 For hver enhet.`;
    const items = [
      ['1', 'Ledere følger opp.', 'Ledelse', ''],
      ['1 a', 'Hver måned.', '', '1'],
      ['1 b', 'Også om natten.', '', '1'],
      ['2', 'Alle kan si fra.', 'Åpenhet og tillit', ''],
      ['2 a', 'Til sin leder.', '', '2'],
      ['2 b', 'Til verneombudet.', '', '2'],
      ['3', 'Tallene vises.', 'Åpenhet og tillit', ''],
      ['3.1', 'For hver enhet.', '', '3'],
    ].map(([number, text, area, parent]) => ({ number, text, area, parent }));
    expect(Mandate.parse(text)).toEqual({ items, faults: [] });
  });

  it.each<[string, string, Mandate.LineFault, number]>([
    ['words without a number', '1. A\nB', 'no-number', 2],
    ['a bullet', '1. A\n- B', 'no-number', 2],
    ['a number without words', '1. A\n2.', 'no-text', 2],
    ['the same number again', '1. A\n2. B\n1) C', 'twice', 3],
    ['the same sub-point in another spelling', '1. A\n1 a) B\n\na. C', 'twice', 4],
    ['a sub-point first', 'a) A\n1. B', 'no-parent', 1],
    ['a sub-point before its point', '2 a) A\n2. B', 'no-parent', 1],
    ['a part of a sub-point', '1. A\n1.1 B\n1.1.1 C', 'too-deep', 3],
    ['too long a text', `1. ${'x'.repeat(1001)}`, 'too-long', 1],
    ['too long an area', `${'x'.repeat(120)}:`, 'too-long', 1],
  ])('is told of %s', (_, text, fault, line) => {
    expect(Mandate.parse(text).faults).toMatchObject([{ fault, line }]);
  });

  it('is told once that it is too long', () => {
    const text = Array.from({ length: 450 }, (_, i) => `${i + 1}. Noe`).join('\n');
    const { items, faults } = Mandate.parse(text);
    expect(items).toHaveLength(400);
    expect(faults).toEqual([{ line: 401, fault: 'too-many', said: '401. Noe' }]);
  });

  it('comes after what the list has already', () => {
    const existing = Mandate.parse('Ledelse:\n7. A').items;
    const more = Mandate.parse('7 a) B\n7. C\n8. D', existing);
    expect(more.items).toMatchObject([
      { number: '7 a', area: '', parent: '7' },
      { number: '8', area: '', parent: '' },
    ]);
    expect(more.faults).toMatchObject([{ line: 2, fault: 'twice' }]);
  });

  it('keeps a colon in a point, and an address in its text', () => {
    expect(numbers('1. Mål:\n2. Se 3.1 og b)\n10. Ti')).toEqual([
      ['1', ''],
      ['2', ''],
      ['10', ''],
    ]);
  });

  it('of nothing is nothing', () => expect(Mandate.parse(' \n\n')).toEqual({ items: [], faults: [] }));
});

const item = (number: string, parent = '', over: Partial<Mandate.Item> = {}): Mandate.Item => ({
  ...{ number, parent, text: 'Noe', area: '' },
  ...over,
});
const others = [item('1'), item('1 a', '1'), item('2')];
it.each<[string, Mandate.Item, Mandate.ItemRefusal[]]>([
  ['a new point', item('3'), []],
  ['a part', item('2 a', '2'), []],
  ['a number that is taken', item('2'), ['twice']],
  ['no number and no text', item(' ', '', { text: ' ' }), ['number', 'text']],
  ['too long an area', item('3', '', { area: 'x'.repeat(121) }), ['area']],
  ['a part of none there is', item('3', '9'), ['parent']],
  ['a part of a part', item('3', '1 a'), ['parent']],
  ['a part of itself', item('3', '3'), ['parent']],
])('%s', (_, one, faults) => {
  expect(Mandate.itemFaults(one, others)).toEqual(faults);
});
it('points come by their numbers, each with its parts', () => {
  const shuffled = [item('10'), item('2 b', '2'), item('9'), item('2'), item('2 a', '2')];
  expect(Mandate.inOrder(shuffled).map(({ number }) => number)).toEqual(['2', '2 a', '2 b', '9', '10']);
});
it('a point with parts stays a point', () => {
  const [, ...rest] = others;
  expect(Mandate.itemFaults(item('1', '2'), rest)).toEqual(['parent']);
});

describe('how a point stands', () => {
  type Standings = Mandate.Standing[];
  it.each<[Parameters<typeof Mandate.standing>[0], Standings, Mandate.Standing]>([
    [[], [], 'none'],
    [['not-started'], [], 'not-started'],
    [['in-progress'], [], 'in-progress'],
    [['on-hold'], [], 'on-hold'],
    [['done'], [], 'done'],
    [['dropped'], [], 'dropped'],
    [['done', 'dropped'], [], 'done'],
    [['dropped', 'dropped'], [], 'dropped'],
    [['done', 'in-progress'], [], 'partly'],
    [['done', 'not-started'], [], 'partly'],
    [['dropped', 'in-progress'], [], 'in-progress'],
    [['dropped', 'not-started'], [], 'not-started'],
    [['on-hold', 'in-progress'], [], 'in-progress'],
    [['on-hold', 'not-started'], [], 'on-hold'],
    [[], ['none', 'none'], 'none'],
    [[], ['done', 'done'], 'done'],
    [[], ['done', 'none'], 'partly'],
    [[], ['partly', 'none'], 'partly'],
    [[], ['dropped', 'none'], 'none'],
    [[], ['not-started', 'none'], 'not-started'],
    [['done'], ['done', 'dropped'], 'done'],
    [['done'], ['none'], 'partly'],
    [['in-progress'], ['none', 'on-hold'], 'in-progress'],
  ])('measures %j and parts %j: %s', (measures, parts, expected) => {
    expect(Mandate.standing(measures, parts)).toBe(expected);
  });

  it('is counted, and the counts add up', () => {
    const tally = Mandate.tally(['done', 'none', 'done', 'partly']);
    expect(tally).toMatchObject({ done: 2, none: 1, partly: 1, dropped: 0 });
    expect(Object.values(tally).reduce((all, one) => all + one)).toBe(4);
  });
});
