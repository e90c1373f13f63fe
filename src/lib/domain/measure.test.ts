import { describe, expect, it } from 'vitest';
import {
  answer,
  asFields,
  changed,
  effects,
  faults,
  fromFields,
  helpfulFirst,
  isLate,
  isOver,
  mayAnswer,
  next,
  paragraphs,
  step,
  statuses,
  tidied,
  type Written,
} from '#domain/measure.ts';

const written = (over: Partial<Written> = {}): Written => ({
  title: 'Tema på fagdagene',
  expected: 'Alle kjenner rutinen',
  ownerId: 'p',
  ownerRole: null,
  startsOn: '2027-01-10',
  dueOn: '2027-06-01',
  ...over,
});

describe('what is written', () => {
  it.each([
    [{}, []],
    [{ ownerId: null, ownerRole: 'Ansvarsvakt' }, []],
    [{ startsOn: '2027-06-01' }, []],
    [{ title: ' ' }, ['title']],
    [{ title: '\u200b\u202e' }, ['title']],
    [{ title: '🌱'.repeat(300) }, []],
    [{ title: 'خطة' }, []],
    [{ title: 'x'.repeat(301) }, ['title']],
    [{ expected: '' }, ['expected']],
    [{ expected: 'x'.repeat(1001) }, ['expected']],
    [{ ownerId: null }, ['owner']],
    [{ ownerId: null, ownerRole: ' ' }, ['owner']],
    [{ ownerRole: 'x'.repeat(121) }, ['owner']],
    [{ startsOn: '' }, ['starts']],
    [{ dueOn: '' }, ['due']],
    [{ dueOn: '2027-01-09' }, ['order']],
    [
      { title: '', expected: '', ownerId: null, startsOn: '', dueOn: '' },
      ['title', 'expected', 'owner', 'starts', 'due'],
    ],
  ])('with %o lacks %o', (over, missing) => {
    expect(faults(written(over))).toEqual(missing);
  });
});

describe('what is kept', () => {
  it.each([
    ['Lunsj\r\n  sammen\u2028ute', 'Lunsj sammen ute'],
    ['\u0000\u0007', ''],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['👩‍👧 på besøk', '👩‍👧 på besøk'],
    ['halv \ud83d', 'halv \ufffd'],
  ])('of the title %j is %j, in one line', (title, kept) => {
    expect(tidied(written({ title })).title).toBe(kept);
  });

  it('of what is expected is its paragraphs, without signs no database keeps', () => {
    expect(paragraphs(' a\r\n\r\nb\u0000c\td ')).toBe('a\n\nb c d');
    expect(tidied(written({ ownerRole: ' \n ' })).ownerRole).toBeNull();
  });

  it('is the same there and back as fields, and what differs is named', () => {
    const before = written({ ownerId: null, ownerRole: 'Ansvarsvakt' });
    expect(asFields(before).ownerId).toBe('');
    expect(fromFields(asFields(before))).toEqual(before);
    expect(changed(asFields(before), asFields(written({ title: 'Ny' })))).toEqual([
      'title',
      'ownerId',
      'ownerRole',
    ]);
    expect(changed(asFields(before), asFields(before))).toEqual([]);
  });
});

describe('status', () => {
  const table: Record<string, string[]> = {
    'not-started': ['in-progress', 'on-hold', 'done', 'dropped'],
    'in-progress': ['not-started', 'on-hold', 'done', 'dropped'],
    'on-hold': ['not-started', 'in-progress', 'done', 'dropped'],
    done: ['in-progress'],
    dropped: ['in-progress'],
  };
  it.each(statuses)('from %s leads where the table says, and nowhere else', (from) => {
    expect(next(from)).toEqual(table[from]);
    for (const to of statuses) expect(step(from, to, 'Vi er i gang').ok, to).toBe(table[from]!.includes(to));
  });

  it.each([
    ['done', 'done', 'x', 'same'],
    ['done', 'dropped', 'x', 'over'],
    ['in-progress', 'done', ' ', 'sentence'],
    ['in-progress', 'done', '\u200b', 'sentence'],
    ['in-progress', 'done', 'x'.repeat(1001), 'sentence'],
  ] as const)('from %s to %s with "%s" is refused: %s', (from, to, sentence, refusal) => {
    expect(step(from, to, sentence)).toEqual({ ok: false, refusal });
  });

  it('is over when done or dropped, and late only before that', () => {
    expect(statuses.filter(isOver)).toEqual(['done', 'dropped']);
    const due = { dueOn: '2027-03-01' };
    expect(isLate({ status: 'in-progress', ...due }, '2027-03-01')).toBe(false);
    expect(isLate({ status: 'in-progress', ...due }, '2027-03-02')).toBe(true);
    expect(isLate({ status: 'done', ...due }, '2027-03-02')).toBe(false);
  });
});

describe('did it help', () => {
  it('is asked of what is over, once; too early may be answered again', () => {
    const asked = statuses.flatMap((status) =>
      [null, ...effects].filter((effect) => mayAnswer(status, effect)).map((effect) => [status, effect]),
    );
    expect(asked).toEqual([
      ['done', null],
      ['done', 'too-early'],
      ['dropped', null],
      ['dropped', 'too-early'],
    ]);
  });

  it.each([
    ['done', null, 'yes', 'Færre avvik', null],
    ['dropped', null, 'no', 'Ingen møtte', null],
    ['done', 'too-early', 'partly', 'Litt', null],
    ['done', null, 'too-early', '', null],
    ['done', null, 'yes', ' ', 'words'],
    ['done', null, 'too-early', 'x'.repeat(1001), 'words'],
    ['done', null, 'perhaps', 'x', 'answer'],
    ['done', null, '', '', 'answer'],
    ['done', 'yes', 'no', 'x', 'answered'],
    ['in-progress', null, 'yes', 'x', 'not-over'],
  ] as const)(
    'of what is %s and answered %s, "%s" with "%s" is refused: %s',
    (status, effect, given, words, refusal) => {
      expect(answer({ status, effect }, given, words)).toEqual(
        refusal === null ? { ok: true, answer: given } : { ok: false, refusal },
      );
    },
  );

  it('puts what helped first', () => {
    const of = (answer: (typeof effects)[number] | null) => ({ effect: answer && { answer } });
    const ordered = helpfulFirst([of(null), of('too-early'), of('no'), of('yes'), of('partly')]);
    expect(ordered.map(({ effect }) => effect?.answer ?? null)).toEqual([
      'yes',
      'partly',
      'no',
      'too-early',
      null,
    ]);
  });
});
