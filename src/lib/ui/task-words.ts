import type { Kind } from '#domain/task.ts';
import { m } from '#messages';

/** What HR is asked to do. */
export const taskWords: Record<Kind, () => string> = {
  approval: m.task_approval,
  information: m.task_information,
  freezing: m.task_freezing,
  opening: m.task_opening,
  close: m.task_close,
  'first-meeting': m.task_first_meeting,
  'second-meeting': m.task_second_meeting,
  plan: m.task_plan,
};
