import { describe, expect, it } from 'vitest';
import * as Approval from '#domain/approval.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';

const survey = (kind: QuestionnaireKind, dryRun = false) => ({ kind, dryRun });

describe('what a survey demands before it is frozen', () => {
  it.each([
    ['employee', ['purpose', 'information', 'meetings'], []],
    ['leader', ['purpose', 'information', 'meetings'], []],
    ['extraordinary', ['purpose', 'basis', 'information', 'meetings'], ['basis']],
    ['resident', ['purpose', 'users-council', 'basis', 'information', 'meetings'], []],
    ['relative', ['purpose', 'users-council', 'information', 'meetings'], []],
  ] as const)('of kind %s', (kind, demanded, blocking) => {
    expect(Approval.demanded(survey(kind))).toEqual(demanded);
    const missing = Approval.missing(survey(kind), []);
    expect(missing.map(({ item }) => item)).toEqual(demanded);
    expect(missing.filter((one) => one.blocks).map(({ item }) => item)).toEqual(blocking);
    expect(Approval.demanded(survey(kind, true))).toEqual([]);
  });

  it('lists what is not recorded and nothing else', () => {
    const left = Approval.missing(survey('extraordinary'), [{ item: 'basis' }, { item: 'meetings' }]);
    expect(left).toEqual([
      { item: 'purpose', blocks: false },
      { item: 'information', blocks: false },
    ]);
  });
});

it.each([
  ['basis', 'planned', true],
  ['basis', 'approved', true],
  ['basis', 'frozen', false],
  ['basis', 'open', false],
  ['information', 'open', true],
  ['meetings', 'stopped', true],
  ['meetings', 'closed', false],
  ['meetings', 'withdrawn', false],
  ['users-council', 'planned', false],
] as const)('%s of an extraordinary survey that is %s may be recorded: %s', (item, state, may) => {
  expect(Approval.mayRecord(item, survey('extraordinary'), state)).toBe(may);
});

describe('a record', () => {
  const whole = { day: '2026-03-01', forum: 'Hovedutvalg for helse', caseNumber: '24/25', text: '' };
  it.each([
    ['basis', {}, []],
    ['basis', { caseNumber: '' }, ['case-number']],
    ['basis', { caseNumber: 'kommer' }, ['case-number']],
    ['basis', { caseNumber: '1204/2026' }, []],
    ['purpose', { caseNumber: '' }, []],
    ['purpose', { caseNumber: 'x' }, ['case-number']],
    ['purpose', { day: null, forum: ' ' }, ['day', 'forum']],
    ['purpose', { day: '2026-03-03' }, ['later']],
    ['information', { day: '2026-03-03' }, []],
    ['meetings', { day: '2027-03-03' }, []],
    ['purpose', { forum: 'x'.repeat(121), text: 'x'.repeat(2001) }, ['forum', 'text']],
  ] as const)('of %s with %o', (item, over, faults) => {
    expect(Approval.faults(item, { ...whole, ...over }, '2026-03-02')).toEqual(faults);
  });
});

it('lets an outside body hold the key of surveys that ask residents and relatives', () => {
  const kinds: QuestionnaireKind[] = ['employee', 'extraordinary', 'leader', 'resident', 'relative'];
  expect(kinds.filter(Approval.mayBeOutside)).toEqual(['resident', 'relative']);
});
