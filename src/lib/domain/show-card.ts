import * as Questionnaire from '#domain/questionnaire.ts';

/** What a resident may point at: the answers of a scale in their order, and those beside it, such as "don't know". */
export type ShowCard = { points: Questionnaire.Text[]; beside: Questionnaire.Text[] };

/** A show card for each scale that the statements of an edition have, with the answers that any of them offers. */
export function showCards(questionnaire: Questionnaire.Questionnaire, isSimple: boolean): ShowCard[] {
  const asked = isSimple ? Questionnaire.simplified(questionnaire) : Questionnaire.statements(questionnaire);
  return questionnaire.scales.flatMap(({ id, points, dontKnow, notRelevant }) => {
    const its = asked.filter(({ scale }) => scale === id);
    if (its.length === 0) return [];
    const beside = [
      its.some((one) => one.dontKnow) && dontKnow,
      its.some((one) => one.notRelevant) && notRelevant,
    ].filter((text) => typeof text === 'object');
    return [{ points: points.map(({ text }) => text), beside }];
  });
}
