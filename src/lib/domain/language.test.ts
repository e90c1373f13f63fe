import { expect, test } from 'vitest';
import * as Language from '#domain/language.ts';

test.each([
  [['nb'], ['nb', 'nn', 'en', 'se']],
  [
    ['pl', 'nb', 'en'],
    ['nb', 'nn', 'en', 'se', 'pl'],
  ],
  [
    ['nb', 'sr-Latn', 'se'],
    ['nb', 'nn', 'en', 'se', 'sr-Latn'],
  ],
])('a questionnaire in %j is offered in %j', (languages, pages) => {
  expect(Language.offered({ languages })).toEqual(pages);
});

test.each([
  ['nb', 'nb'],
  ['se', 'se'],
  ['pl', 'nb'],
  ['sr-Latn', 'nb'],
])('on a page in %s our own words are in %s', (language, words) => {
  expect(Language.wordsIn(language)).toBe(words);
});

test('the house itself speaks no Sami', () => {
  expect(['nb', 'nn', 'en', 'se', 'pl', null].filter(Language.isHouse)).toEqual(['nb', 'nn', 'en']);
});
