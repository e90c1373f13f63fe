import type { Row } from '#domain/follow-up.ts';
import { next, steps } from '#domain/step.ts';
import { m } from '#messages';
import type { Sheet } from '#server/spreadsheet.ts';
import { reportWords } from '#ui/follow-up-words.ts';
import { stepTodo, stepWords } from '#ui/step-words.ts';

/** The list as a sheet; a step that is not done is empty. */
export function table(rows: Row[]): Sheet {
  return {
    name: m.follow_up_title(),
    head: [
      ...[m.follow_up_code(), m.follow_up_unit(), m.follow_up_leader()],
      ...steps.map((step) => stepWords[step]()),
      ...[m.follow_up_next(), m.follow_up_due(), m.follow_up_days(), m.follow_up_report()],
      ...[m.follow_up_finished(), m.follow_up_answered()],
    ],
    rows: rows.map((row) => {
      const waits = row.overtaken ? null : next(row.steps);
      return [
        ...[row.unit.code, row.unit.name, row.leader?.name ?? m.follow_up_no_leader()],
        ...row.steps.map(({ doneOn }) => doneOn && { day: doneOn }),
        row.overtaken ? m.follow_up_overtaken() : waits && stepTodo[waits.step](),
        ...[waits && { day: waits.dueOn }, row.over, reportWords(row.report)],
        ...[row.effects.finished, row.effects.answered],
      ];
    }),
  };
}
