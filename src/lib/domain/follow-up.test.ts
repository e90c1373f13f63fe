import { describe, expect, it } from 'vitest';
import { type Filter, filtered, over, type Row, summary } from '#domain/follow-up.ts';
import { course, type Step } from '#domain/step.ts';

const released = new Date('2026-10-01T10:00:00Z');
const now = new Date('2026-11-25T10:00:00Z');
const today = '2026-11-25';
const done = (...taken: Step[]) => Object.fromEntries(taken.map((step) => [step, released]));
const row = (code: string, path: string[], taken: Step[], more: Partial<Row> = {}): Row => {
  const steps = course(released, done(...taken), now);
  return {
    unit: { code, name: code, depth: path.length - 1, path },
    leader: { name: 'Leder', hasMail: true },
    ...{ steps, overtaken: false, over: over({ steps, overtaken: false }, today), report: null },
    effects: { finished: 0, answered: 0 },
    ...more,
  };
};

describe('days over', () => {
  it.each<[string, Step[], boolean, number]>([
    ['nothing done: since the first day', [], false, 48],
    ['received: since the next day', ['received'], false, 34],
    ['presented: the next is due tomorrow', ['received', 'prepared', 'presented'], false, 0],
    ['all done', ['received', 'prepared', 'presented', 'agreed', 'planned'], false, 0],
    ['a later round has come', [], true, 0],
  ])('%s', (_, taken, overtaken, days) =>
    expect(over({ steps: course(released, done(...taken), now), overtaken }, today)).toBe(days),
  );
});

const rows = [
  row('K', ['K'], ['received', 'prepared', 'presented']),
  row('H', ['K', 'H'], ['received']),
  row('A', ['K', 'H', 'A'], [], { leader: null }),
  row('B', ['K', 'H', 'B'], ['received', 'prepared', 'presented', 'agreed', 'planned']),
  row('O', ['K', 'O'], []),
];

describe('rows', () => {
  it.each<[string, Partial<Filter>, string[]]>([
    ['most behind first, and then as in the tree', {}, ['A', 'O', 'H', 'K', 'B']],
    ['as in the tree', { order: 'tree' }, ['K', 'H', 'A', 'B', 'O']],
    ['an area and everything below it', { area: 'H' }, ['A', 'H', 'B']],
    ['what is stuck', { stuckOnly: true }, ['A', 'O', 'H']],
    ['what is stuck in an area, as in the tree', { area: 'H', stuckOnly: true, order: 'tree' }, ['H', 'A']],
    ['an area that is not there', { area: 'X' }, []],
  ])('%s', (_, asked, codes) => {
    const found = filtered(rows, { area: null, stuckOnly: false, order: 'behind', ...asked });
    expect(found.map(({ unit }) => unit.code)).toEqual(codes);
  });
});

it('says how many have come how far', () => {
  expect(summary(rows)).toEqual({
    ...{ units: 5, stuck: 3, leaderless: 1 },
    done: { received: 3, prepared: 2, presented: 2, agreed: 1, planned: 1 },
    effects: { finished: 0, answered: 0 },
  });
  const finished = { effects: { finished: 3, answered: 1 } };
  expect(summary([row('A', ['A'], [], finished), row('B', ['B'], [], finished)]).effects).toEqual({
    ...{ finished: 6, answered: 2 },
  });
  expect(summary([])).toMatchObject({ units: 0, stuck: 0, done: { agreed: 0 } });
});
