import * as Choice from '#domain/choice.ts';
import { NO_ANSWER } from '#domain/ballot.ts';
import type { Questionnaire, Scale } from '#domain/questionnaire.ts';
import { questionnaire } from './survey.ts';

const named = (id: string, choose: Scale['choose'], count: number): Scale => ({
  id,
  choose,
  points: Array.from({ length: count }, (_, i) => ({ value: i + 1, text: { nb: `Svar ${i + 1}` } })),
});

/**
 * A factor of two statements, a question of which one of so many answers is chosen (`one`), a statement alone, and one of
 * which several are (`several`): a ballot has a mark each, and last one for each of the several answers.
 */
export function asking(one: number, several: number): Questionnaire {
  const base = questionnaire([2], 1);
  const [first, alone] = base.themes as [(typeof base.themes)[0], (typeof base.themes)[0]];
  const asked = (id: string) => ({ id, text: { nb: `Spørsmål ${id}` }, scale: id });
  return {
    ...base,
    scales: [
      ...base.scales.map((scale) => ({
        ...scale,
        dontKnow: { nb: 'Vet ikke' },
        notRelevant: { nb: 'Ikke aktuelt' },
      })),
      named('one', 'one', one),
      named('several', 'several', several),
    ],
    themes: [first, { ...alone, statements: [asked('one'), ...alone.statements, asked('several')] }],
  };
}

/** The marks of the last question of `asking`, from the places of what was chosen. */
export const ticked = (of: Questionnaire, chosen: number[]): number[] =>
  Choice.written(
    of.scales.at(-1)!,
    chosen.map((i) => i + 1),
  );

/** How many chose each answer of a question, and how many answered, as an onlooker counts ballots. */
export function counted(of: Questionnaire, id: 'one' | 'several', ballots: number[][]) {
  const { points } = of.scales.find((scale) => scale.id === id)!;
  const given = ballots.flatMap((ballot): number[][] => {
    if (id === 'one') return ballot[2] === NO_ANSWER || ballot[2]! > 250 ? [] : [[ballot[2]!]];
    const marks = ballot.slice(4);
    return marks[0] === NO_ANSWER ? [] : [points.flatMap(({ value }, i) => (marks[i] === 1 ? [value] : []))];
  });
  const chosen = points.map(({ value }) => given.filter((all) => all.includes(value)).length);
  return { n: given.length, chosen };
}
