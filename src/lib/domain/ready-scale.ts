import { own } from '#domain/questionnaires/own.ts';
import { mostPoints, type Questionnaire, type Scale, type Text } from '#domain/questionnaire.ts';

const text = (nb: string, nn: string, en: string): Text => ({ nb, nn, en });
const points = (lowest: number, ...words: Text[]) => words.map((text, i) => ({ value: lowest + i, text }));

const dontKnow = text('Vet ikke', 'Veit ikkje', 'Don’t know');
const notRelevant = text('Ikke aktuelt for meg', 'Ikkje aktuelt for meg', 'Not relevant to me');

const ours = (id: string): Scale => {
  const found = own.flatMap(({ scales }) => scales).find((scale) => scale.id === id);
  if (!found) throw new Error(`no questionnaire of ours has the scale ${id}`);
  return found;
};

const toTen = (value: number): Text => {
  if (value === 0) return text('0, aller dårligst', '0, aller dårlegast', '0, the worst');
  if (value === 5) return text('5, midt på', '5, midt på', '5, in the middle');
  if (value === 10) return text('10, aller best', '10, aller best', '10, the best');
  return text(String(value), String(value), String(value));
};

/** Scales that can be taken into a questionnaire as they are, with words on every point in bokmål, nynorsk and English. */
export const readyScales: Scale[] = [
  ours('agreement'),
  {
    id: 'frequency',
    points: points(
      1,
      text('Aldri', 'Aldri', 'Never'),
      text('Sjelden', 'Sjeldan', 'Seldom'),
      text('Av og til', 'Av og til', 'Sometimes'),
      text('Ofte', 'Ofte', 'Often'),
      text('Alltid', 'Alltid', 'Always'),
    ),
    dontKnow,
    notRelevant,
  },
  ours('yes-no'),
  {
    id: 'zero-to-ten',
    points: points(0, ...Array.from({ length: 11 }, (_, i) => toTen(i))),
    dontKnow,
    notRelevant,
  },
];

/** Those of them that a questionnaire of this kind can have. */
export const readyFor = (of: Pick<Questionnaire, 'kind'>): Scale[] =>
  readyScales.filter(({ points }) => points.length <= mostPoints(of));
