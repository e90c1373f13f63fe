import { isNoAnswer, NO_ANSWER } from '#domain/ballot.ts';
import {
  type Questionnaire,
  type Scale,
  scaleOf,
  type Statement,
  statements,
} from '#domain/questionnaire.ts';

/*
 * Questions whose answers are named and have no order, of which one or several are chosen. They are statements on a
 * scale with `choose`: the value of a point is the answer's number, and says nothing of high or low. So they have no
 * mean and are in no factor (docs/decisions/choice.md).
 */

/** Whether a statement is answered by choosing among named answers. */
export const isChoice = (of: Questionnaire, asked: Statement): boolean =>
  scaleOf(of, asked).choose !== undefined;

/** What a ballot has where one of several answers was not chosen, and was. */
export const [NOT_CHOSEN, CHOSEN] = [0, 1];

/** How many marks a ballot has for a statement: one for each answer where several may be chosen, else one. */
export const width = ({ choose, points }: Scale): number => (choose === 'several' ? points.length : 1);

/** How many marks a ballot has for all statements. */
export const marks = (of: Questionnaire): number =>
  statements(of).reduce((sum, one) => sum + width(scaleOf(of, one)), 0);

/** The marks of a ballot, statement by statement in the questionnaire's order. Shorter where there are too few. */
export function apart(of: Questionnaire, answers: ArrayLike<number>): number[][] {
  const all = Array.from(answers);
  return statements(of).map((one) => all.splice(0, width(scaleOf(of, one))));
}

/**
 * The marks of a question from what a form says: the values that were chosen where several may be, else the mark itself.
 * Nothing chosen is no answer, to all of it.
 */
export function written({ choose, points }: Scale, chosen: number[]): number[] {
  if (choose !== 'several') return [chosen[0] ?? NO_ANSWER];
  return points.some(({ value }) => chosen.includes(value))
    ? points.map(({ value }) => (chosen.includes(value) ? CHOSEN : NOT_CHOSEN))
    : points.map(() => NO_ANSWER);
}

/** The values that marks stand for, where several may be chosen; else the mark itself, if it is an answer. */
export const values = ({ choose, points }: Scale, of: number[]): number[] =>
  choose === 'several'
    ? points.flatMap(({ value }, i) => (of[i] === CHOSEN ? [value] : []))
    : of.filter((mark) => !isNoAnswer(mark));

/** Whether marks are those of a question of which several may be chosen: all without answer, or at least one chosen. */
export const isSeveral = (of: number[]): boolean =>
  of.every((mark) => mark === NO_ANSWER) ||
  (of.every((mark) => mark === CHOSEN || mark === NOT_CHOSEN) && of.includes(CHOSEN));
