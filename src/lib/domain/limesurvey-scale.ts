import type { Scale, Text } from '#domain/questionnaire.ts';

/** A choice of a LimeSurvey question, in its order there. */
export type Choice = { code: string; weight: number; text: Text };

/** wordless: the points have numbers for words; numbered: the numbers are the order of the choices. */
export type Made = Omit<Scale, 'id'> & { wordless?: true; numbered?: true };

const numbers = (from: number, to: number): Made => ({
  points: Array.from({ length: to - from + 1 }, (_, i) => ({
    value: from + i,
    text: { nb: String(from + i), nn: String(from + i), en: String(from + i) },
  })),
  wordless: true,
});

const words = (all: [value: number, nb: string, nn: string, en: string][]): Scale['points'] =>
  all.map(([value, nb, nn, en]) => ({ value, text: { nb, nn, en } }));

/** The scales that LimeSurvey has of its own, by question type: 5 and A, B, Y, C, E. Its words, in our languages. */
export const built: Record<string, Made> = {
  '5': numbers(1, 5),
  A: numbers(1, 5),
  B: numbers(1, 10),
  Y: {
    points: words([
      [1, 'Nei', 'Nei', 'No'],
      [2, 'Ja', 'Ja', 'Yes'],
    ]),
  },
  C: {
    points: words([
      [1, 'Nei', 'Nei', 'No'],
      [2, 'Ja', 'Ja', 'Yes'],
    ]),
    dontKnow: { nb: 'Usikker', nn: 'Usikker', en: 'Uncertain' },
  },
  E: {
    points: words([
      [1, 'Mindre', 'Mindre', 'Decrease'],
      [2, 'Som før', 'Som før', 'Same'],
      [3, 'Mer', 'Meir', 'Increase'],
    ]),
  },
};

const doubt = /^(vet|veit) (ikke|ikkje)\b|^usikker$|^don.?t know\b|^do not know\b/i;
const beside = /\b(ikke|ikkje|not) (aktuel[lt]t?|relevant|applicable)\b|^n\/a$/i;
const says = (pattern: RegExp) => (choice: Choice) =>
  Object.values(choice.text).some((t) => pattern.test(t ?? ''));

/**
 * A scale from the choices of a question. "Don't know" and "not relevant" are no points. The numbers are the codes
 * where these are whole numbers from 0 to 10, else the weights where these differ, else the order from 1. null: fewer
 * than two points, or more than eleven.
 */
export function fromChoices(choices: Choice[]): Made | null {
  const dontKnow = choices.find(says(doubt));
  const notRelevant = choices.find((one) => one !== dontKnow && says(beside)(one));
  const rest = choices.filter((one) => one !== dontKnow && one !== notRelevant);
  if (rest.length < 2 || rest.length > 11) return null;
  const fits = (values: number[]) =>
    values.every((v) => Number.isInteger(v) && v >= 0 && v <= 10) && new Set(values).size === values.length;
  const codes = rest.map(({ code }) => (/^\d{1,2}$/.test(code) ? Number(code) : NaN));
  const weights = rest.map(({ weight }) => weight);
  const known = [codes, weights].find(fits);
  const start = rest.length > 10 ? 0 : 1;
  const values = known ?? rest.map((_, i) => i + start);
  return {
    points: rest
      .map(({ text }, i) => ({ value: values[i] as number, text }))
      .sort((a, b) => a.value - b.value),
    ...(dontKnow && { dontKnow: dontKnow.text }),
    ...(notRelevant && { notRelevant: notRelevant.text }),
    ...(!known && { numbered: true as const }),
  };
}
