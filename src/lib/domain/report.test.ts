import { describe, expect, it } from 'vitest';
import * as Report from '#domain/report.ts';

const t1 = { year: 2027, period: 't1' } as const;
const spelled = ({ year, period }: Report.Period) => `${year} ${period}`;

describe('the periods of a year', () => {
  it.each([
    ['t1', '2027-01-01', '2027-04-30', '2027-05-15', '2026 annual'],
    ['t2', '2027-05-01', '2027-08-31', '2027-09-15', '2027 t1'],
    ['annual', '2027-09-01', '2027-12-31', '2028-01-15', '2027 t2'],
  ] as const)('%s is from %s to %s and due %s', (period, starts, ends, due, before) => {
    const of = { year: 2027, period };
    expect([Report.startsOn(of), Report.endsOn(of), Report.dueOn(of)]).toEqual([starts, ends, due]);
    expect(spelled(Report.before(of))).toBe(before);
  });

  it.each([
    // Winter time to summer time, summer time throughout, and back again.
    [t1, '2026-12-31T23:00:00.000Z', '2027-04-30T22:00:00.000Z'],
    [{ year: 2027, period: 't2' }, '2027-04-30T22:00:00.000Z', '2027-08-31T22:00:00.000Z'],
    [{ year: 2027, period: 'annual' }, '2027-08-31T22:00:00.000Z', '2027-12-31T23:00:00.000Z'],
  ] as const)('%o begins and ends at midnight in Norway', (period, from, until) => {
    const span = Report.span(period);
    expect([span.from.toISOString(), span.until.toISOString()]).toEqual([from, until]);
  });
});

describe('which periods have ended', () => {
  it.each([
    ['2027-04-30T21:59:59Z', ['2026 t1', '2026 t2', '2026 annual']],
    // Half past midnight in Norway, still 30 April in Greenwich.
    ['2027-04-30T22:30:00Z', ['2026 t1', '2026 t2', '2026 annual', '2027 t1']],
    ['2026-12-31T22:59:59Z', ['2025 annual', '2026 t1', '2026 t2']],
    ['2026-12-31T23:00:00Z', ['2025 annual', '2026 t1', '2026 t2', '2026 annual']],
    // 29 February, and the nights when the clocks change.
    ['2028-02-29T12:00:00Z', ['2027 t1', '2027 t2', '2027 annual']],
    ['2028-03-26T01:30:00Z', ['2027 t1', '2027 t2', '2027 annual']],
    ['2027-10-31T01:30:00Z', ['2026 annual', '2027 t1', '2027 t2']],
    // 400 days after 30 April 2026, and 401.
    ['2027-06-04T12:00:00Z', ['2026 t1', '2026 t2', '2026 annual', '2027 t1']],
    ['2027-06-05T12:00:00Z', ['2026 t2', '2026 annual', '2027 t1']],
    // The same over a 29 February: 400 days after 30 April 2027.
    ['2028-06-03T12:00:00Z', ['2027 t1', '2027 t2', '2027 annual', '2028 t1']],
    ['2028-06-04T12:00:00Z', ['2027 t2', '2027 annual', '2028 t1']],
  ])('at %s', (now, expected) => {
    expect(Report.ended(new Date(now)).map(spelled)).toEqual(expected);
  });
});

it.each([
  ['2027-05-15T21:59:59Z', false],
  ['2027-05-15T22:00:00Z', true],
])('a report of the first tertial is late at %s: %s', (now, late) => {
  expect(Report.isLate(t1, new Date(now))).toBe(late);
});

const measure = (over: Partial<Report.History> = {}): Report.History => ({
  id: 'm',
  title: 'Walk together',
  owner: 'Kari',
  ownerRole: null,
  dueOn: '2027-06-01',
  writtenAt: new Date('2026-10-01T10:00:00Z'),
  statuses: [],
  effect: null,
  places: [],
  ...over,
});
const said = (status: Report.Told['status'], at: string, sentence = 'So it is.') => ({
  status,
  sentence,
  at: new Date(at),
  by: 'Kari',
});
const begun = said('not-started', '2026-10-01T10:00:00Z', '');

describe('what is told of a measure', () => {
  const answered = (at: string) => ({ answer: 'yes' as const, words: 'Calmer.', at: new Date(at) });
  it.each<[string, Partial<Report.History>, object | null]>([
    ['that nobody touched', { statuses: [begun] }, { status: 'not-started', changes: [], fresh: false }],
    [
      'written in the period',
      {
        writtenAt: new Date('2027-02-01T10:00:00Z'),
        statuses: [said('not-started', '2027-02-01T10:00:00Z', '')],
      },
      { fresh: true, changes: [], late: false },
    ],
    ['late at the end', { dueOn: '2027-04-29', statuses: [begun] }, { late: true }],
    ['due on the last day', { dueOn: '2027-04-30', statuses: [begun] }, { late: false }],
    [
      'changed in the last minute, Norwegian time',
      { statuses: [begun, said('in-progress', '2027-04-30T21:59:00Z')] },
      {
        status: 'in-progress',
        changes: [{ status: 'in-progress', sentence: 'So it is.', on: '2027-04-30', by: 'Kari' }],
      },
    ],
    [
      'changed a minute after',
      { statuses: [begun, said('in-progress', '2027-04-30T22:00:00Z')] },
      { status: 'not-started', changes: [] },
    ],
    ['over before the period', { statuses: [begun, said('done', '2026-12-31T22:59:00Z')] }, null],
    [
      'done in the period, asked after it whether it helped',
      { statuses: [begun, said('done', '2027-03-01T10:00:00Z')], effect: answered('2027-05-10T10:00:00Z') },
      { status: 'done', effect: { answer: 'yes', words: 'Calmer.' } },
    ],
    [
      'done before, answered in the period',
      { statuses: [begun, said('done', '2026-12-01T10:00:00Z')], effect: answered('2027-01-10T10:00:00Z') },
      { status: 'done', changes: [], effect: { answer: 'yes', words: 'Calmer.' } },
    ],
    [
      'done and answered before',
      { statuses: [begun, said('done', '2026-12-01T10:00:00Z')], effect: answered('2026-12-10T10:00:00Z') },
      null,
    ],
  ])('%s', (_, over, expected) => {
    const told = Report.tell(measure(over), t1);
    if (expected === null) expect(told).toBeNull();
    else expect(told).toMatchObject(expected);
  });
});

const told = (over: Partial<Report.Told>): Report.Told => ({
  ...{ id: 'm', title: 'A', owner: null, ownerRole: null, dueOn: '2027-06-01', places: [] },
  ...{ status: 'in-progress', late: false, fresh: false, changes: [], effect: null },
  ...over,
});
const change = { status: 'done', sentence: 'Done.', on: '2027-03-01', by: null } as const;
const effect = { answer: 'no', words: '' } as const;

describe('a report as a whole', () => {
  const measures = [
    told({ status: 'done', changes: [change] }),
    told({ status: 'done', effect }),
    told({ status: 'dropped', changes: [{ ...change, status: 'dropped' }] }),
    told({ late: true, changes: [{ ...change, status: 'in-progress' }] }),
    told({ changes: [{ ...change, status: 'in-progress' }], fresh: true }),
    told({ fresh: true }),
    told({}),
  ];

  it('counts what ended in the period, and what is open', () => {
    const figures = Report.figures(measures);
    expect(figures).toEqual({ all: 7, fresh: 2, done: 1, dropped: 1, open: 4, late: 1 });
    expect(Report.sum([figures, figures])).toMatchObject({ all: 14, late: 2 });
    expect(Report.sum([])).toMatchObject({ all: 0 });
  });

  it('tells each measure under one heading', () => {
    const under = ['over', 'over', 'over', 'late', 'changed', 'fresh', 'still'];
    expect(measures.map(Report.part)).toEqual(under);
  });

  it.each([
    ['is quiet with nothing in it', [], true],
    ['is quiet where all stand as they stood', [told({}), told({ late: true })], true],
    ['is not where one is new', [told({ fresh: true })], false],
    ['is not where one was changed', [told({ changes: [change] })], false],
    ['is not where one was answered for', [told({ effect })], false],
  ])('%s', (_, of, quiet) => {
    expect(Report.isQuiet(of)).toBe(quiet);
  });
});

it.each([
  ['a draft without words', null, '', false, null],
  ['a draft', null, 'A good spring.', false, null],
  ['too many words', null, 'x'.repeat(5001), false, 'too-long'],
  ['handed without words', null, ' \n', true, 'no-words'],
  ['handed with words', null, 'A good spring.', true, null],
  ['as many signs as fit, each of two halves', null, '😀'.repeat(5000), true, null],
  ['written in after it was handed', new Date(0), 'More.', false, 'handed'],
  ['handed twice', new Date(0), 'More.', true, 'handed'],
])('%s', (_, handedAt, words, handing, refusal) => {
  const checked = Report.check({ handedAt }, words, handing);
  expect(checked).toEqual(refusal ? { ok: false, refusal } : { ok: true });
});
