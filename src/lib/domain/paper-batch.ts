import { DONT_KNOW, NO_ANSWER, NOT_RELEVANT } from '#domain/ballot.ts';
import * as Code from '#domain/code.ts';
import { type Questionnaire, scaleOf, type Statement, type Text } from '#domain/questionnaire.ts';

/** Fewest paper forms that are entered together (issue 5): one alone would be found by when it came. */
export const smallest = 5;

/** Most paper forms that are entered together. */
export const most = 60;

/** What stands on a paper form: its code, the marks of a ballot and one number per background question. */
export type PaperForm = { code: string; answers: number[]; background: number[] };

/** code: no code, or none that one can be. twice: the code is on a form before it. empty: no mark anywhere. */
export type Fault = 'code' | 'twice' | 'empty';

/** What can be seen of each form without asking anybody, by its place in the batch. */
export function faults(forms: PaperForm[]): Map<number, Fault> {
  const seen = new Set<string>();
  const found = new Map<number, Fault>();
  for (const [i, { code: typed, answers, background }] of forms.entries()) {
    const code = Code.read(typed);
    if (code === null) found.set(i, 'code');
    else if (seen.has(code)) found.set(i, 'twice');
    else if (isEmpty({ answers, background })) found.set(i, 'empty');
    if (code !== null) seen.add(code);
  }
  return found;
}

const isEmpty = ({ answers, background }: Pick<PaperForm, 'answers' | 'background'>) =>
  answers.every((mark) => mark === NO_ANSWER) && background.every((option) => option === 0);

/** True where nothing at all is typed: a form of the page that was not used. */
export const isUnused = (form: PaperForm): boolean => form.code.trim() === '' && isEmpty(form);

/** The boxes of a statement in their order on paper, each with the mark it stands for in a ballot, or the number of the answer where several may be chosen. */
export function boxes(questionnaire: Questionnaire, asked: Statement): { mark: number; text: Text }[] {
  const { points, dontKnow, notRelevant } = scaleOf(questionnaire, asked);
  return [
    ...points.map(({ value, text }) => ({ mark: value, text })),
    ...(asked.dontKnow && dontKnow ? [{ mark: DONT_KNOW, text: dontKnow }] : []),
    ...(asked.notRelevant && notRelevant ? [{ mark: NOT_RELEVANT, text: notRelevant }] : []),
  ];
}
