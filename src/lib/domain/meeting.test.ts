import { describe, expect, it, test } from 'vitest';
import * as Meeting from '#domain/meeting.ts';

const standing = (stage: Meeting.Stage, over: Partial<Meeting.Standing> = {}): Meeting.Standing => ({
  ...{ stage, open: true, candidates: 3, votes: 0 },
  ...over,
});

describe('from stage to stage', () => {
  const led = new Set([
    'waiting alone',
    'alone together',
    'together alone',
    'together voting',
    'voting ended',
    'voting together',
  ]);
  it.each(Meeting.stages.flatMap((from) => Meeting.stages.map((to) => [from, to] as const)))(
    'from %s to %s',
    (from, to) =>
      expect(Meeting.go(standing(from), to)).toEqual(
        led.has(`${from} ${to}`) ? { ok: true } : { ok: false, refusal: 'no-way' },
      ),
  );
  it.each<[Meeting.Standing, Meeting.Stage, Meeting.StageRefusal]>([
    [standing('waiting', { open: false }), 'alone', 'not-open'],
    [standing('together', { candidates: 0 }), 'voting', 'no-candidates'],
    [standing('voting', { votes: 1 }), 'together', 'votes'],
  ])('%o does not lead to %s: %s', (from, to, refusal) =>
    expect(Meeting.go(from, to)).toEqual({ ok: false, refusal }),
  );
  it('the page offers the way on first, and no way that is closed', () => {
    expect(Meeting.next(standing('together'))).toEqual(['voting', 'alone']);
    expect(Meeting.next(standing('voting', { votes: 1 }))).toEqual(['ended']);
    expect(Meeting.next(standing('ended'))).toEqual([]);
  });
});

test('a code is six signs of chance, read as kindly as it can be', () => {
  expect(Meeting.code(Uint8Array.of(0xff, 0, 0xab, 0x13))).toBe('zw0ap4');
  expect(Meeting.codeWords('zw0anc')).toBe('ZW0 ANC');
});
test.each([
  ['zw0anc', 'zw0anc'],
  [' ZW0-ANC ', 'zw0anc'],
  ['zwOanc', 'zw0anc'],
  ['Il2345', '112345'],
  ['zw0an', null],
  ['zw0anc1', null],
  ['zw0anæ', null],
  ['', null],
])('%o is read as %o', (typed, code) => expect(Meeting.readCode(typed)).toBe(code));

describe('marks', () => {
  const there = { keep: new Set(['a', 'b', 'c']), improve: new Set(['d', 'e', 'f']) };
  it.each<[string[], string[], Meeting.MarkRefusal | null]>([
    [['a'], [], null],
    [['a', 'b'], ['d', 'e'], null],
    [['a', 'a', 'a'], [], null],
    [[], [], 'nothing'],
    [['a', 'b', 'c'], [], 'keeps'],
    [[], ['d', 'e', 'f'], 'improves'],
    [['d'], [], 'unknown'],
    [['a'], ['x'], 'unknown'],
  ])('keep %o, improve %o: %s', (keep, improve, refusal) => {
    const read = Meeting.marks({ keep, improve }, there);
    expect(read.ok ? null : read.refusal).toBe(refusal);
  });
  it('the same one twice is sent once', () => {
    expect(Meeting.marks({ keep: ['a', 'a'], improve: [] }, there)).toEqual({
      ok: true,
      marks: { keep: ['a'], improve: [] },
    });
  });
});

describe('a sitting', () => {
  const startsAt = new Date('2027-04-01T12:00:00Z');
  it.each<[Meeting.Planned, Meeting.SittingRefusal[]]>([
    [{ startsAt, place: 'Vaktrommet' }, []],
    [{ startsAt: null, place: ' ' }, ['time', 'place']],
    [{ startsAt, place: 'x'.repeat(121) }, ['place']],
  ])('%o lacks %o', (planned, faults) => expect(Meeting.sittingFaults(planned)).toEqual(faults));
  it.each([
    ['12', 12],
    [' 1 ', 1],
    ['0', null],
    ['2001', null],
    ['-3', null],
    ['a few', null],
    ['', null],
  ])('%o took part: %o', (typed, count) => expect(Meeting.tookPart(typed)).toBe(count));
});

test.each([
  ['  Bedre   vaktplan ', 'Bedre vaktplan'],
  ['', null],
  ['x'.repeat(201), null],
])('the words %o become %o', (typed, words) => expect(Meeting.ownWords(typed)).toBe(words));
