import { describe, expect, it } from 'vitest';
import { address, daysOver, type Due, ordered } from '#domain/due.ts';

const unit = { code: 'HM SO/1', name: 'Solbakken' };
const round = { id: 'abcdefgh', name: 'Undersøkelsen' };
const today = '2026-11-25';
const step = (dueOn: string): Due => ({ kind: 'step', step: 'agreed', unit, round, dueOn });
const measure = (dueOn: string): Due => ({ kind: 'measure', id: dueOn, title: 'Et tiltak', unit, dueOn });
const report = (dueOn: string): Due => ({
  ...{ kind: 'report', id: 'r', period: 't2', year: 2026, unit },
  dueOn,
});
const task = (dueOn: string): Due => ({ kind: 'task', task: 'approval', round, dueOn });
const orphan: Due = { kind: 'orphan', id: 'o', title: 'Uten eier', unit, dueOn: null };
const effect: Due = { kind: 'effect', id: 'e', title: 'Ferdig', unit, dueOn: null };
const confirm: Due = { kind: 'confirm', unit, round, dueOn: null };

describe('what waits comes in this order', () => {
  it.each<[string, Due[]]>([
    ['over its day before what comes', [step('2026-11-24'), step('2026-11-25')]],
    ['the longest over first', [step('2026-10-01'), step('2026-11-01')]],
    ['a step before a report, be the report older', [step('2026-11-24'), report('2026-09-14')]],
    ['a late report before a late measure', [report('2026-11-24'), measure('2025-01-01')]],
    ['what is due today before what is asked for without a day', [measure('2026-11-25'), orphan]],
    ['what comes within a fortnight before it', [step('2026-12-09'), orphan]],
    ['and what comes later after it', [effect, step('2026-12-10')]],
    ['what comes, by day, whatever it is', [measure('2026-11-26'), step('2026-11-27'), task('2026-11-28')]],
    ['without a day: who has left, then whether it helped, then what to confirm', [orphan, effect, confirm]],
  ])('%s', (_, expected) => {
    expect(ordered(expected.toReversed(), today)).toEqual(expected);
    expect(ordered(expected, today)).toEqual(expected);
  });

  it('and nothing is lost', () => {
    const all = [effect, step('2026-11-24'), orphan, measure('2026-11-25'), confirm];
    expect(new Set(ordered(all, today))).toEqual(new Set(all));
    expect(ordered([], today)).toEqual([]);
  });
});

it.each([
  ['2026-11-24', 1],
  ['2026-11-25', 0],
  ['2026-11-26', 0],
  ['2025-11-25', 365],
  [null, 0],
])('due %s is %i days over', (dueOn, days) => expect(daysOver(dueOn, today)).toBe(days));

it.each<[Due, string]>([
  [step(today), '/meetings/abcdefgh/HM%20SO%2F1'],
  [confirm, '/meetings/abcdefgh/HM%20SO%2F1'],
  [task(today), '/calendar'],
  [{ kind: 'round', verb: 'freeze', round, dueOn: today }, '/rounds/abcdefgh'],
  [{ kind: 'witness', verb: 'make', round, dueOn: today }, '/rounds/abcdefgh/sheet'],
  [{ kind: 'witness', verb: 'open', round, dueOn: today }, '/rounds/abcdefgh/opening'],
  [report(today), '/reports/r'],
  [measure(today), '/measures/2026-11-25'],
  [orphan, '/measures/o'],
  [effect, '/measures/e'],
])('$0.kind leads to %s', (of, path) => expect(address(of)).toBe(path));
