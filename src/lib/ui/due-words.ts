import { daysOver, type Due } from '#domain/due.ts';
import type { Step } from '#domain/step.ts';
import { m } from '#messages';
import { dayWords } from '#ui/day-words.ts';
import { taskWords } from '#ui/task-words.ts';

/** A step as what is to be done. */
export const toDo: Record<Step, () => string> = {
  received: m.due_step_received,
  prepared: m.due_step_prepared,
  presented: m.due_step_presented,
  agreed: m.due_step_agreed,
  planned: m.due_step_planned,
};
const reports = { t1: m.due_report_t1, t2: m.due_report_t2, annual: m.due_report_annual };

/** What is to be done, as one says it to whoever does it. */
export function whatWords(due: Due): string {
  switch (due.kind) {
    case 'step':
      return due.lacksCauses ? m.due_step_causes() : toDo[due.step]();
    case 'task':
      return taskWords[due.task]();
    case 'round':
      return { freeze: m.due_freeze, close: m.due_close, hand: m.due_hand }[due.verb]({
        round: due.round.name,
      });
    case 'witness':
      return due.verb === 'make'
        ? m.due_witness_make({ round: due.round.name })
        : m.due_witness_open({ round: due.round.name });
    case 'report':
      return reports[due.period]({ year: due.year });
    case 'measure':
      return m.due_measure({ title: due.title });
    case 'orphan':
      return m.due_orphan({ title: due.title });
    case 'effect':
      return m.due_effect({ title: due.title });
    case 'confirm':
      return m.due_confirm();
  }
}

/** Where it belongs; null where what is to be done says it already. */
export function whereWords(due: Due): string | null {
  switch (due.kind) {
    case 'step':
    case 'confirm':
      return m.due_after_round({ unit: due.unit.name, round: due.round.name });
    case 'orphan':
      return m.due_orphan_why({ unit: due.unit.name });
    case 'report':
    case 'measure':
    case 'effect':
      return due.unit.name;
    case 'task':
      return due.round.name;
    case 'round':
    case 'witness':
      return null;
  }
}

const links: Record<Due['kind'], () => string> = {
  step: m.due_go_step,
  task: m.due_go_task,
  round: m.due_go_round,
  witness: m.due_go_round,
  report: m.due_go_report,
  measure: m.due_go_measure,
  orphan: m.due_go_measure,
  effect: m.due_go_effect,
  confirm: m.due_go_confirm,
};
export const goWords = (due: Due): string => links[due.kind]();

/** "8 days over". */
export const overWords = (days: number): string => (days === 1 ? m.due_over_one() : m.due_over({ days }));

/** The day of what waits; null where it has none. over: it is past. */
export function whenWords(dueOn: string | null, today: string): { text: string; over: boolean } | null {
  if (dueOn === null) return null;
  const days = daysOver(dueOn, today);
  if (days > 0) return { text: overWords(days), over: true };
  return { text: dueOn === today ? m.due_today() : m.due_by({ day: dayWords(dueOn) }), over: false };
}
