import { describe, expect, it } from 'vitest';
import * as Cause from '#domain/cause.ts';

const at = new Date('2027-04-01T10:00:00Z');
const cause = (id: string, whyOfId: string | null = null, kind: Cause.Kind = 'hinders'): Cause.Cause => ({
  id,
  kind,
  text: `Årsak ${id}`,
  whyOfId,
  addedAt: at,
  version: 1,
});
/** a, and why of it five deep; b alone, which promotes. */
const five = [
  cause('a'),
  cause('a2', 'a'),
  cause('a3', 'a2'),
  cause('a4', 'a3'),
  cause('a5', 'a4'),
  cause('b', null, 'promotes'),
];

describe('a cause that is added', () => {
  it.each([
    [
      'a first one',
      'promotes',
      ' Vi hjelper hverandre ',
      null,
      { ok: true, kind: 'promotes', text: 'Vi hjelper hverandre' },
    ],
    ['why of one, of its kind', 'promotes', 'Fordi', 'a', { ok: true, kind: 'hinders', text: 'Fordi' }],
    ['the fifth in a line', 'hinders', 'Fordi', 'a4', { ok: true, kind: 'hinders', text: 'Fordi' }],
    ['a sixth in a line', 'hinders', 'Fordi', 'a5', { ok: false, refusal: 'deep' }],
    ['why of one that is gone', 'hinders', 'Fordi', 'x', { ok: false, refusal: 'gone' }],
    ['without words', 'hinders', ' \n', null, { ok: false, refusal: 'text' }],
    [
      'of 500 signs',
      'hinders',
      '😀'.repeat(500),
      null,
      { ok: true, kind: 'hinders', text: '😀'.repeat(500) },
    ],
    ['of 501 signs', 'hinders', 'x'.repeat(501), null, { ok: false, refusal: 'long' }],
  ] as const)('%s', (_, kind, text, whyOfId, expected) => {
    expect(Cause.add(five, { kind, text, whyOfId })).toEqual(expected);
  });
});

it('causes stand as trees, in the order they were added', () => {
  const shape = (branches: Cause.Branch[]): unknown[] =>
    branches.map(({ id, depth, whys }) => [id, depth, ...shape(whys)]);
  expect(shape(Cause.trees([...five, cause('a2b', 'a')]))).toEqual([
    ['a', 1, ['a2', 2, ['a3', 3, ['a4', 4, ['a5', 5]]]], ['a2b', 2]],
    ['b', 1],
  ]);
});

it.each([
  ['a3', ['a3', 'a4', 'a5']],
  ['b', ['b']],
  ['x', []],
])('with %s go %o', (id, going) => {
  expect(Cause.chain(five, id).map((one) => one.id)).toEqual(going);
});

it.each([
  ['before the meeting has agreed', null, false],
  ['written when it agreed', new Date(at.getTime() + 1), true],
  ['written after it agreed', new Date(at.getTime() - 1), false],
])('%s a cause is fixed: %s %s', (_, agreedAt, fixed) => {
  expect(Cause.isFixed(cause('a'), agreedAt)).toBe(fixed);
});
