import { expect, test } from 'vitest';
import { saidOf } from './speech.ts';

/** A statement and its answers as they stand on a page, each in its language. */
const section = (...texts: [language: string, words: string][]) =>
  ({
    querySelectorAll: () =>
      texts.map(([lang, words]) => ({ textContent: ` ${words} `, closest: () => ({ lang }) })),
  }) as unknown as Element;

test.each([
  [
    'all in one language',
    section(['nb', 'De ansatte hører på meg.'], ['nb', 'Nei'], ['nb', 'Ja']),
    [{ language: 'nb', words: 'De ansatte hører på meg. Nei. Ja.' }],
  ],
  [
    'a statement that falls back to bokmål on a Polish page',
    section(['nb', 'De ansatte hører på meg.'], ['pl', 'Nie'], ['pl', 'Tak'], ['nb', 'Vet ikke']),
    [
      { language: 'nb', words: 'De ansatte hører på meg.' },
      { language: 'pl', words: 'Nie. Tak.' },
      { language: 'nb', words: 'Vet ikke.' },
    ],
  ],
])('each text is said in the language it is written in: %s', (_, page, said) => {
  expect(saidOf(page)).toEqual(said);
});
