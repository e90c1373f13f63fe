import { describe, expect, it } from 'vitest';
import { faults, isLate, isOver, next, step, statuses, type Written } from '#domain/measure.ts';

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
