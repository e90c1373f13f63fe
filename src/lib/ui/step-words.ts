import type { Step } from '#domain/step.ts';
import { m } from '#messages';

export const stepWords: Record<Step, () => string> = {
  received: m.step_received,
  prepared: m.step_prepared,
  presented: m.step_presented,
  agreed: m.step_agreed,
  planned: m.step_planned,
};
