import { describe, expect, test } from 'vitest';
import {
  areDone,
  areMarks,
  type Candidate,
  faults,
  groupsOf,
  mayRead,
  unreadable,
} from '#domain/comment-reader.ts';
import type { TreeNode } from '#domain/round.ts';

const dpo: Candidate = { personId: 'a', roles: ['dpo'], leads: false, worksIn: [], hasSignIn: true };
const quality: Candidate = { personId: 'b', roles: ['quality'], leads: false, worksIn: [], hasSignIn: true };

test.each<[string, Candidate | null, Candidate | null, ReturnType<typeof faults>]>([
  ['two with an office', dpo, quality, [null, null]],
  ['only one', dpo, null, [null, 'missing']],
  ['the same twice', dpo, dpo, [null, 'same']],
  ['nobody', null, null, ['missing', 'missing']],
  ['somebody without an office', dpo, { ...quality, roles: ['committee'] }, [null, 'missing']],
  ['HR', { ...dpo, roles: ['dpo', 'hr'] }, quality, ['keeper', null]],
  ['the operator', dpo, { ...quality, roles: ['quality', 'operator'] }, [null, 'keeper']],
  [
    'two who work in one unit',
    { ...dpo, worksIn: ['A', 'B'] },
    { ...quality, worksIn: ['B'] },
    [null, 'together'],
  ],
  ['two who work apart', { ...dpo, worksIn: ['A'] }, { ...quality, worksIn: ['B'] }, [null, null]],
  ['a leader in the round', dpo, { ...quality, leads: true }, [null, 'line']],
  ['one who cannot sign in', { ...dpo, hasSignIn: false }, quality, ['sign-in', null]],
])('%s', (_, one, two, expected) => {
  expect(faults([one, two])).toEqual(expected);
});

test('nothing is published before both are done', () => {
  const at = new Date();
  const done = { readAt: at, doneAt: at };
  expect(areDone([done, done])).toBe(true);
  expect(areDone([done, { readAt: at, doneAt: null }])).toBe(false);
  expect(areDone([done])).toBe(false);
  expect(areDone([])).toBe(false);
});

test('marks are marks', () => {
  expect(areMarks([])).toBe(true);
  expect(areMarks(['A'.repeat(43)])).toBe(true);
  for (const wrong of ['A'.repeat(42), 'Sjefen er dum', 7, 'Å'.repeat(43)])
    expect(areMarks([wrong])).toBe(false);
  expect(areMarks(Array(20_001).fill('A'.repeat(43)))).toBe(false);
});

describe('where a reader works', () => {
  const node = (id: string, part: TreeNode['part'], units: string[], group = true): TreeNode => ({
    ...{ id, part, units, group },
    ...{ parent: null, name: id, level: null, invited: 10 },
  });
  const nodes = [
    node('0001', 'whole', ['H'], false),
    node('0002', 'whole', ['A']),
    node('0003', 'merged', ['B', 'C']),
    node('0004', 'others', ['H']),
    node('0005', 'leaders', ['H']),
  ];

  test.each<[string, string[][], string | null, string[]]>([
    ['in a unit of its own', [['K', 'H', 'A']], '0002', ['0002']],
    ['in a unit put together with another', [['K', 'H', 'C']], null, ['0003']],
    ['beside those who lead', [['K', 'H']], null, ['0004', '0005']],
    ['in a unit that came after freezing', [['K', 'H', 'A', 'A1']], null, ['0002']],
    ['in two', [['K', 'H', 'A'], ['K', 'H', 'B']], null, ['0002', '0003']], // prettier-ignore
    ['elsewhere now, but invited there', [['K', 'X']], '0002', ['0002']],
    ['above the round', [['K']], null, []],
    ['nowhere here', [], null, []],
  ])('%s', (_, paths, invitedIn, groups) =>
    expect([...groupsOf(nodes, paths, invitedIn)].sort()).toEqual(groups),
  );

  const limits = { respondents: 10, comments: 2 };
  const answered = (groups: Record<string, number>) =>
    Object.entries(groups).map(([group, respondents]) => ({ group, respondents }));
  const ofA = {
    comments: [{ group: '0002' }, { group: '0004' }],
    answered: answered({ '0002': 8, '0004': 9 }),
  };
  const ofB = { comments: [{ group: '0003' }, { group: '0003' }], answered: answered({ '0003': 12 }) };
  const [inA, inB, inBoth] = [new Set(['0002']), new Set(['0003']), new Set(['0002', '0003'])];
  const none = () => false;

  test('a list is read whole or not at all', () => {
    const may = (list: typeof ofA, own: Set<string>) => mayRead(list, own, limits);
    expect([may(ofA, inA), may(ofB, inA), may(ofA, new Set())]).toEqual([false, true, true]);
  });

  test('a list is not read by somebody who would know the writers to be among fewer than the limit', () => {
    const written = [{ group: '0002' }, { group: '0002' }];
    const list = (others: number) => ({
      comments: written,
      answered: answered({ '0002': others, '0003': 5 }),
    });
    expect([9, 10].map((others) => mayRead(list(others), inB, limits))).toEqual([false, true]);
    expect(mayRead(list(9), new Set(), limits)).toBe(true);
  });

  test('what neither may read is never published', () => {
    expect(unreadable([ofA, ofB], [inA, inB], limits, none)).toEqual([]);
    expect(unreadable([ofA, ofB], [inA, inBoth], limits, none)).toEqual(ofA.comments);
    expect(unreadable([ofA, ofB], [new Set(), inBoth], limits, none)).toEqual([]);
  });

  test('nor is the rest of a list that one of them read alone, where too few are left to stand by themselves', () => {
    const [held, left] = ofB.comments;
    const isHeld = (one: object) => one === held;
    expect(unreadable([ofB], [new Set(), inB], limits, isHeld)).toEqual([left]);
    expect(unreadable([ofB], [new Set(), inA], limits, isHeld)).toEqual([]);
  });
});
