import { expect, it } from 'vitest';
import * as Calendar from '#domain/calendar.ts';
import type { State } from '#domain/round.ts';
import * as Task from '#domain/task.ts';

it.each<[State, Task.Kind[]]>([
  ['planned', [...Task.kinds]],
  ['approved', ['information', 'freezing', 'opening', 'close', 'first-meeting', 'second-meeting', 'plan']],
  ['frozen', ['information', 'opening', 'close', 'first-meeting', 'second-meeting', 'plan']],
  ['open', ['opening', 'close', 'first-meeting', 'second-meeting', 'plan']],
  ['stopped', ['close', 'first-meeting', 'second-meeting', 'plan']],
  ['closed', ['first-meeting', 'second-meeting', 'plan']],
  ['withdrawn', []],
])('while a round is %s these tasks wait: %o', (state, kinds) => {
  expect(Task.kinds.filter((kind) => Task.waits(kind, state))).toEqual(kinds);
});

it('a round has each task once, on its day', () => {
  const tasks = Task.among(Calendar.deadlines(Calendar.windowOf({ month: 9, windowDays: 21 }, 2027)));
  expect(tasks.map(({ kind }) => kind)).toEqual([...Task.kinds]);
  expect(tasks[0]).toEqual({ kind: 'approval', dueOn: '2027-06-14' });
});
