import { expect, test } from 'vitest';
import { type Questionnaire, statements } from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';
import { showCards } from '#domain/show-card.ts';

const resident = own.find(({ kind }) => kind === 'resident')!;
const words = (of: Questionnaire, isSimple = false) =>
  showCards(of, isSimple).map(({ points, beside }) => [
    points.map(({ nb }) => nb).join(', '),
    beside.map(({ nb }) => nb).join(', '),
  ]);

test('a card has the answers of the screen', () => {
  expect(words(resident)).toEqual([['Nei, Det varierer, Ja', 'Vet ikke']]);
});

test('what no statement offers is on no card, nor a scale that none has', () => {
  const changed = structuredClone(resident);
  changed.scales[0]!.notRelevant = { nb: 'Gjelder ikke' };
  changed.scales.push({ id: 'unused', points: [{ value: 1, text: { nb: 'Aldri' } }] });
  for (const one of statements(changed)) delete one.dontKnow;
  expect(words(changed)).toEqual([['Nei, Det varierer, Ja', '']]);
  statements(changed)[3]!.notRelevant = true;
  expect(words(changed)).toEqual([['Nei, Det varierer, Ja', 'Gjelder ikke']]);
});

test('the simplified edition has cards for what it asks alone', () => {
  const changed = structuredClone(resident);
  changed.scales.push({ id: 'often', points: [{ value: 1, text: { nb: 'Aldri' } }, { value: 2, text: { nb: 'Ofte' } }] }); // prettier-ignore
  statements(changed).find(({ simple }) => !simple)!.scale = 'often';
  expect(words(changed).map(([points]) => points)).toEqual(['Nei, Det varierer, Ja', 'Aldri, Ofte']);
  expect(words(changed, true).map(([points]) => points)).toEqual(['Nei, Det varierer, Ja']);
  for (const one of statements(changed)) delete one.simple;
  expect(words(changed, true)).toEqual([]);
});
