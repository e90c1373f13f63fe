import { expect, it } from 'vitest';
import { course, next, presented } from '#domain/step.ts';

const released = new Date('2026-10-01T06:00:00Z');
const on = (day: string) => new Date(`${day}T10:00:00Z`);

it('places the five steps after the release, in order', () => {
  expect(course(released, {}, on('2026-10-02')).map(({ step, dueOn }) => [step, dueOn])).toEqual([
    ['received', '2026-10-08'],
    ['prepared', '2026-10-22'],
    ['presented', '2026-10-29'],
    ['agreed', '2026-11-26'],
    ['planned', '2026-12-10'],
  ]);
});

it.each([
  ['2026-10-08', {}, false],
  ['2026-10-09', {}, true],
  ['2026-10-09', { received: on('2026-10-09') }, false],
])('on %s with %o the first step is overdue: %s', (today, done, overdue) => {
  expect(course(released, done, on(today))[0]!.overdue).toBe(overdue);
});

it('asks for the first step that is not done, and for no reading once the result was presented', () => {
  const done = { received: on('2026-10-03'), presented: on('2026-10-05') };
  expect(next(course(released, done, on('2026-10-06')))?.step).toBe('agreed');
  expect(course(released, done, on('2026-11-20')).filter((one) => one.overdue)).toEqual([]);
  const read = { received: on('2026-10-03') };
  expect(next(course(released, read, on('2026-10-06')))?.step).toBe('prepared');
  const all = Object.fromEntries(
    ['received', 'prepared', 'presented', 'agreed', 'planned'].map((step) => [step, released]),
  );
  expect(next(course(released, all, on('2026-10-06')))).toBeNull();
});

it('counts days in Norway: a release late in the evening is of that day, over the end of summer time too', () => {
  const late = new Date('2026-10-20T21:30:00Z');
  expect(course(late, {}, late)[0]!.dueOn).toBe('2026-10-27');
});

it.each([
  ['2026-10-01', '12', { ok: true, heldAt: new Date('2026-10-01T10:00:00Z'), tookPart: 12 }],
  ['3.10.2026', ' 7 ', { ok: true, heldAt: new Date('2026-10-03T10:00:00Z'), tookPart: 7 }],
  ['2026-10-05', '12', { ok: true, heldAt: new Date('2026-10-05T09:00:00Z'), tookPart: 12 }],
  ['2026-09-30', '12', { ok: false, refusals: ['early'] }],
  ['2026-10-06', '12', { ok: false, refusals: ['late'] }],
  ['31.2.2026', '0', { ok: false, refusals: ['day', 'took-part'] }],
  ['', 'tolv', { ok: false, refusals: ['day', 'took-part'] }],
  ['2026-10-02', '12345', { ok: false, refusals: ['took-part'] }],
])('a sitting on %s with %s: %o', (day, count, expected) => {
  expect(presented({ day, tookPart: count }, released, new Date('2026-10-05T09:00:00Z'))).toEqual(expected);
});
