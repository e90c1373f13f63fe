import { describe, expect, it, test } from 'vitest';
import * as Plan from './plan.ts';

describe('a plan begins', () => {
  const small = { hasUnitsBelow: false };
  const large = { hasUnitsBelow: true };
  test.each([
    ['business', large, 2027, false, []],
    ['business', small, 2027, true, []],
    ['business', small, 2027, false, ['not-enterprise']],
    ['ia', small, 2027, false, []],
    ['hms', large, 2027, false, []],
    ['ia', small, 2000, false, []],
    ['ia', small, 2100, false, []],
    ['ia', small, 1999, false, ['year']],
    ['ia', small, 2101, false, ['year']],
    ['ia', small, 2027.5, false, ['year']],
    ['ia', small, NaN, false, ['year']],
    ['ia', null, 2027, false, ['unit']],
    ['strategy', small, 2027, false, ['kind']],
    ['', null, NaN, false, ['kind', 'unit', 'year']],
  ] as const)('%s for %o in %s (wished: %s): %j', (kind, unit, year, wished, refusals) => {
    expect(Plan.beginFaults({ kind, unit, year, wished })).toEqual(refusals);
  });
});

test.each([
  ['', 'empty'],
  [' \n ', 'empty'],
  ['a', null],
  ['å'.repeat(300), null],
  ['🌱'.repeat(300), null],
  ['a'.repeat(301), 'long'],
])('the text of a goal: %#', (text, fault) => {
  expect(Plan.textFault(text)).toBe(fault);
});

const goal = (id: string, parentId: string | null = null, position = 1, planId = 'p'): Plan.Goal => ({
  ...{ id, planId, parentId, position },
  text: `Goal ${id}`,
});

test('goals stand in their order with their sub-goals', () => {
  const goals = [goal('b', null, 2), goal('b2', 'b', 2), goal('a', null, 1), goal('b1', 'b', 1)];
  const ids = Plan.inOrder(goals).map((one) => [one.goal.id, one.subGoals.map((sub) => sub.id)]);
  expect(ids).toEqual([
    ['a', []],
    ['b', ['b1', 'b2']],
  ]);
});

describe('where things stand', () => {
  const top = goal('top');
  const sub = goal('sub', 'top');
  const other = goal('other', null, 1, 'q');
  const otherSub = goal('other-sub', 'other', 1, 'q');
  test.each([
    ['a goal', top, null],
    ['a sub-goal', sub, 'deep'],
    ['a goal of another plan', other, 'other-plan'],
    ['nothing', undefined, 'gone'],
  ] as const)('a sub-goal under %s', (_, parent, fault) => {
    expect(Plan.underFault(parent, 'p')).toBe(fault);
    expect(Plan.moveFault(sub, parent)).toBe(fault);
  });
  it('is where a goal stays', () => expect(Plan.moveFault(top, goal('t2'))).toBe('not-a-sub-goal'));
  test.each([
    ['a sub-goal', sub, null],
    ['a goal', top, 'not-a-sub-goal'],
    ['a sub-goal of another plan', otherSub, 'other-plan'],
    ['nothing', undefined, 'gone'],
  ] as const)('a measure under %s', (_, under, fault) => {
    expect(Plan.placeFault(under, 'p')).toBe(fault);
  });
});

test.each([
  [0, 0, null],
  [1, 0, 'holds-measures'],
  [0, 1, 'holds-sub-goals'],
  [2, 1, 'holds-measures'],
])('a goal with %s measures and %s sub-goals is removed: %s', (measures, subGoals, fault) => {
  expect(Plan.removeFault({ measures, subGoals })).toBe(fault);
});

test.each([
  ['b', 'up', ['b', 'a', 'c']],
  ['b', 'down', ['a', 'c', 'b']],
  ['a', 'up', null],
  ['c', 'down', null],
  ['z', 'up', null],
] as const)('%s goes %s: %j', (id, way, order) => {
  expect(Plan.shifted(['a', 'b', 'c'], id, way)).toEqual(order);
});

test.each([
  ['no measures', [], false],
  ['all in plans', [{ status: 'in-progress', stands: true }], true],
  [
    'one outside',
    [
      { status: 'in-progress', stands: true },
      { status: 'not-started', stands: false },
    ],
    false,
  ],
  [
    'the one outside is over',
    [
      { status: 'in-progress', stands: true },
      { status: 'dropped', stands: false },
    ],
    true,
  ],
] as const)('a meeting is planned: %s', (_, measures, planned) => {
  expect(Plan.isPlanned([...measures])).toBe(planned);
});

const measure = (id: string, over: Partial<Plan.SaidMeasure> = {}): Plan.SaidMeasure => ({
  ...{ id, title: `Measure ${id}`, expected: 'Better', unit: 'Unit A', owner: null, ownerRole: 'leader' },
  ...{ dueOn: '2027-06-01', status: 'not-started', points: [] },
  ...over,
});
const said = (subGoals: Plan.SaidGoal[], text = 'Health'): Plan.Said => ({
  ...{ kind: 'ia', year: 2027, unit: 'Unit A', fewer: [] },
  goals: subGoals.length > 0 ? [{ id: 'g', text, measures: [], subGoals }] : [],
});
const sub = (id: string, ...measures: Plan.SaidMeasure[]): Plan.SaidGoal => ({
  id,
  text: `Sub ${id}`,
  measures,
});

describe('what has changed since a plan was agreed', () => {
  const then = said([sub('s', measure('1'), measure('2')), sub('t')]);
  const none = { added: 0, removed: 0, changed: 0, goals: 0 };
  test.each([
    ['nothing', then, none],
    ['one came', said([sub('s', measure('1'), measure('2'), measure('3')), sub('t')]), { ...none, added: 1 }],
    ['one went', said([sub('s', measure('1')), sub('t')]), { ...none, removed: 1 }],
    [
      'one is done',
      said([sub('s', measure('1', { status: 'done' }), measure('2')), sub('t')]),
      { ...none, changed: 1 },
    ],
    ['one moved', said([sub('s', measure('1')), sub('t', measure('2'))]), { ...none, changed: 1 }],
    [
      'one stands twice',
      said([sub('s', measure('1'), measure('2')), sub('t', measure('2'))]),
      { ...none, changed: 1 },
    ],
    [
      'the owner has left',
      said([sub('s', measure('1', { owner: { name: 'Kari', here: false } }), measure('2')), sub('t')]),
      { ...none, changed: 1 },
    ],
    ['the order', said([sub('t'), sub('s', measure('2'), measure('1'))]), none],
    ['a goal reads otherwise', said(then.goals[0]!.subGoals, 'Presence'), { ...none, goals: 1 }],
    ['a sub-goal went', said([sub('s', measure('1'), measure('2'))]), { ...none, goals: 1 }],
  ])('%s', (_, now, found) => {
    expect(Plan.changes(then, now)).toEqual(found);
  });
});

describe('a plan is agreed', () => {
  const full = said([sub('s')]);
  test.each([
    ['2027-03-01', 'staff-meeting', full, []],
    ['2027-03-02', 'Husmøtet', full, []],
    ['2027-03-03', 'staff-meeting', full, ['future']],
    [null, 'staff-meeting', full, ['day']],
    ['2027-03-01', '  ', full, ['forum']],
    ['2027-03-01', 'x'.repeat(121), full, ['forum-long']],
    ['2027-03-01', 'staff-meeting', said([]), ['nothing']],
    [null, '', said([]), ['day', 'forum', 'nothing']],
  ])('on %s in %s: %#', (agreedOn, forum, of, refusals) => {
    expect(Plan.agreeFaults({ agreedOn, forum }, of, '2027-03-02')).toEqual(refusals);
  });
});
