import { DONT_KNOW, NO_ANSWER } from '#domain/ballot.ts';
import { written } from '#domain/choice.ts';
import { type Questionnaire, scaleOf, statements } from '#domain/questionnaire.ts';
import { chance, seedOf } from '#server/demo/names.ts';

const of = (text: string) => seedOf(text, 7);

/** About normal, mean 0, standard deviation 1. */
const swing = (draw: () => number) => (draw() + draw() + draw() + draw() - 2) * Math.sqrt(3);

/**
 * What an invented person thinks: something of the unit they work in, something of themselves, something of each
 * theme, and chance. The same every time. lift: how much better than the first time, in points of a scale of five.
 */
export function opinion(
  asked: Questionnaire,
  unit: string,
  person: string,
  round: string,
  lift: number,
): number[] {
  const mine = chance(of(`${person}${round}`));
  const self = swing(chance(of(person))) * 0.4;
  const here = swing(chance(of(unit))) * 0.25;
  const theme = new Map(
    asked.themes.map((t) => [
      t.id,
      swing(chance(of(t.id))) * 0.25 +
        swing(chance(of(`${t.id}${unit}`))) * 0.25 +
        swing(chance(of(`${t.id}${unit}${round}`))) * 0.15,
    ]),
  );
  const themeOf = new Map(asked.themes.flatMap((t) => t.statements.map((s) => [s.id, t.id])));
  return statements(asked).flatMap((statement): number[] => {
    const draw = mine();
    const scale = scaleOf(asked, statement);
    const { points, choose } = scale;
    if (choose === 'several')
      return written(
        scale,
        points.filter((_, i) => mine() < 0.6 - 0.4 * (i / points.length)).map(({ value }) => value),
      );
    if (draw < 0.01) return [NO_ANSWER];
    if (draw < 0.03 && statement.dontKnow) return [DONT_KNOW];
    if (choose) return [points[Math.floor(mine() * points.length)]!.value];
    const middle = 0.7 + swing(chance(of(statement.id))) * 0.05;
    const shift = (self + here + lift + theme.get(themeOf.get(statement.id)!)! + swing(mine) * 0.75) / 4;
    const place = Math.round((middle + shift) * (points.length - 1));
    return [points[Math.max(0, Math.min(points.length - 1, place))]!.value];
  });
}

/** Whether an invented person answers: about the given share of them, more in some units than in others. */
export function answers(unit: string, person: string, round: string, share: number): boolean {
  const inclined = share + swing(chance(of(`${unit}${round}turnout`))) * 0.07;
  return chance(of(`${person}${round}turnout`))() < inclined;
}
