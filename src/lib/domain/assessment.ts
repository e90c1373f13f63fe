import { isChoice } from '#domain/choice.ts';
import * as Questionnaire from '#domain/questionnaire.ts';

/** A leader's own note beside an evaluation: statement ids to values of the scale, and words. Never a ballot. */
export type Assessment = { answers: Record<string, number>; words: string };

/** The most signs of the words. */
export const longest = 4000;

/** empty: nothing is marked and nothing written; long: more than the most signs; value: not a value of the scale. */
export type Refusal = 'empty' | 'long' | 'value';

/** Reads what a leader has marked and written; what is not marked is left out. Named answers are no levels to hold oneself to. */
export function read(
  questionnaire: Questionnaire.Questionnaire,
  marked: (statement: string) => string | null,
  written: string,
): { ok: true; assessment: Assessment } | { ok: false; refusal: Refusal } {
  const words = written.trim().toWellFormed();
  const answers: Record<string, number> = {};
  for (const statement of Questionnaire.statements(questionnaire)) {
    if (isChoice(questionnaire, statement)) continue;
    const chosen = marked(statement.id) ?? '';
    if (chosen === '') continue;
    const point = Questionnaire.scaleOf(questionnaire, statement).points.find(
      ({ value }) => String(value) === chosen,
    );
    if (!point) return { ok: false, refusal: 'value' };
    answers[statement.id] = point.value;
  }
  if (words.length > longest) return { ok: false, refusal: 'long' };
  if (words === '' && Object.keys(answers).length === 0) return { ok: false, refusal: 'empty' };
  return { ok: true, assessment: { answers, words } };
}
