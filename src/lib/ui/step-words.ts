import type { Step } from '#domain/step.ts';
import { m } from '#messages';

export const stepWords: Record<Step, () => string> = {
  received: m.step_received,
  prepared: m.step_prepared,
  presented: m.step_presented,
  agreed: m.step_agreed,
  planned: m.step_planned,
};

/** What is done in a step, in one sentence. */
export const stepWhat: Record<Step, () => string> = {
  received: m.step_received_what,
  prepared: m.step_prepared_what,
  presented: m.step_presented_what,
  agreed: m.step_agreed_what,
  planned: m.step_planned_what,
};

/** A step as what is to be done next. */
export const stepTodo: Record<Step, () => string> = {
  received: m.step_todo_received,
  prepared: m.step_todo_prepared,
  presented: m.step_todo_presented,
  agreed: m.step_todo_agreed,
  planned: m.step_todo_planned,
};
