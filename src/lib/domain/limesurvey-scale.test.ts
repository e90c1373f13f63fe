import { expect, it } from 'vitest';
import { built, fromChoices } from '#domain/limesurvey-scale.ts';

const choices = (...all: [code: string, nb: string, weight?: number][]) =>
  all.map(([code, nb, weight = 0]) => ({ code, weight, text: { nb } }));
const points = (made: ReturnType<typeof fromChoices>) =>
  made?.points.map(({ value, text }) => `${value} ${text.nb}`);

it('counts codes that are numbers, from low to high', () => {
  const made = fromChoices(choices(['5', 'Enig'], ['3', 'Verken'], ['1', 'Uenig']));
  expect(points(made)).toEqual(['1 Uenig', '3 Verken', '5 Enig']);
  expect(made?.numbered).toBeUndefined();
});
it('counts weights where the codes are words', () => {
  expect(points(fromChoices(choices(['A1', 'Nei', 2], ['A2', 'Ja', 1])))).toEqual(['1 Ja', '2 Nei']);
});
it('counts the order else, and says so', () => {
  const made = fromChoices(choices(['A1', 'Nei'], ['A2', 'Ja']));
  expect(points(made)).toEqual(['1 Nei', '2 Ja']);
  expect(made?.numbered).toBe(true);
});
it('sets "don’t know" and "not relevant" beside the points', () => {
  const made = fromChoices(
    choices(['1', 'Nei'], ['2', 'Ja'], ['8', 'Vet ikke'], ['9', 'Ikke aktuelt for meg']),
  );
  expect([points(made), made?.dontKnow?.nb, made?.notRelevant?.nb]).toEqual([
    ...[['1 Nei', '2 Ja'], 'Vet ikke', 'Ikke aktuelt for meg'],
  ]);
});
it('makes no scale of one point or of twelve', () => {
  expect(fromChoices(choices(['1', 'Ja'], ['2', 'Vet ikke']))).toBeNull();
  expect(
    fromChoices(choices(...Array.from({ length: 12 }, (_, i): [string, string] => [`A${i}`, `${i}`]))),
  ).toBeNull();
  expect(
    points(
      fromChoices(choices(...Array.from({ length: 11 }, (_, i): [string, string] => [`A${i}`, 'x']))),
    )?.[0],
  ).toBe('0 x');
});
it('has the scales of LimeSurvey’s own', () => {
  expect(Object.entries(built).map(([type, { points: all }]) => `${type} ${all.length}`)).toEqual([
    ...['5 5', 'A 5', 'B 10', 'Y 2', 'C 2', 'E 3'],
  ]);
});
