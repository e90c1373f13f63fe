import { expect, test } from 'vitest';
import { byDefault, faults, type Help, isOffered } from '#domain/help.ts';

const today = '2026-11-26';

test.each<[Partial<Help>, string[]]>([
  [{}, []],
  [{ kinds: [] }, []],
  [{ kinds: ['staff'] }, ['date', 'case']],
  [{ kinds: ['staff'], caseNumber: '24/26' }, ['date']],
  [{ kinds: ['staff'], decidedOn: today }, ['case']],
  [{ kinds: ['staff'], decidedOn: today, caseNumber: '  ' }, ['case']],
  [{ kinds: ['staff', 'other'], decidedOn: today, caseNumber: '24/26' }, []],
  [{ decidedOn: '2026-11-27' }, ['later']],
])('of a choice %o is wrong: %o', (choice, expected) => {
  expect(faults({ ...byDefault, ...choice }, today)).toEqual(expected);
});

test('staff are not offered before it is decided, and kinds of a questionnaire’s own always are', () => {
  expect(
    ['relative', 'volunteer', 'staff', 'other', 'priest'].filter((one) => isOffered(byDefault, one)),
  ).toEqual(['relative', 'volunteer', 'other', 'priest']);
  expect(isOffered({ ...byDefault, kinds: ['staff'] }, 'staff')).toBe(true);
  expect(isOffered({ ...byDefault, kinds: [] }, 'relative')).toBe(false);
});
