import { expect, test } from 'vitest';
import { overwriteGetLocale } from '#messages/runtime';
import { languageName, place, sentence } from '#ui/questionnaire-words.ts';

overwriteGetLocale(() => 'nb');

test('a fault has its place and its sentence', () => {
  expect(place('themes[2].statements[0].text.nb')).toBe('Tema 3, påstand 1');
  expect(sentence({ path: 'themes[2].statements[0].text.nb', fault: 'missing' })).toBe('nb mangler.');
  expect(place('minutes')).toBe('Hele filen');
  expect(sentence({ path: 'minutes', fault: 'high', limit: 60 })).toBe(
    'minutes er for høyt. Det høyeste er 60.',
  );
  expect(place('')).toBe('Hele filen');
  expect(sentence({ path: '', fault: 'type', expected: 'object' })).toBe(
    'Hele filen skal være et objekt med navngitte felt.',
  );
  expect(sentence({ path: 'factors[0].statements[1]', fault: 'taken' })).toContain('annen faktor');
});

test('a language is called what its speakers call it', () => {
  expect(['nb', 'nn', 'en', 'se', 'xx'].map(languageName)).toEqual([
    'Bokmål',
    'Nynorsk',
    'English',
    'Davvisámegiella',
    'Xx',
  ]);
});
