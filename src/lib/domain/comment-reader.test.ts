import { expect, test } from 'vitest';
import { areDone, areMarks, type Candidate, faults } from '#domain/comment-reader.ts';

const dpo: Candidate = { personId: 'a', roles: ['dpo'], leads: false, hasSignIn: true };
const quality: Candidate = { personId: 'b', roles: ['quality'], leads: false, hasSignIn: true };

test.each<[string, Candidate | null, Candidate | null, ReturnType<typeof faults>]>([
  ['two with an office', dpo, quality, [null, null]],
  ['only one', dpo, null, [null, 'missing']],
  ['the same twice', dpo, dpo, [null, 'same']],
  ['nobody', null, null, ['missing', 'missing']],
  ['somebody without an office', dpo, { ...quality, roles: ['committee'] }, [null, 'missing']],
  ['HR', { ...dpo, roles: ['dpo', 'hr'] }, quality, ['keeper', null]],
  ['the operator', dpo, { ...quality, roles: ['quality', 'operator'] }, [null, 'keeper']],
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
