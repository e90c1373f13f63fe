import { expect, test } from 'vitest';
import { hints } from '#domain/plain-language.ts';
import { statements } from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';

const told = (text: string, language: string) =>
  hints(text, language).map((one) => [one.hint, 'words' in one ? one.words : one.word].join(' '));

test.each([
  ['nb', 'Jeg får hjelp når jeg trenger det.', []],
  ['nb', 'Lederen min hjelper ikke til.', ['negation ikke']],
  ['nn', 'Eg får ikkje hjelp.', ['negation ikkje']],
  ['en', 'I don’t get help.', ['negation don’t']],
  ['nb', 'Jeg får hjelp og støtte.', []],
  ['nb', 'Jeg trives på jobben og lederen ser meg.', ['double og']],
  ['nb', 'Jeg har nok tid til pauser eller får betalt for dem.', ['double eller']],
  ['nn', 'Eg kjenner måla og eg veit kva dei krev.', ['double og']],
  ['en', 'I like my work and I know my goals.', ['double and']],
  ['nb', `Jeg ${'veldig '.repeat(19)}gjerne.`, ['long 21']],
  ['nb', `Jeg ${'veldig '.repeat(18)}gjerne.`, []],
  ['nb', `${'Jeg trives. '.repeat(11)}`, []],
  ['nb', 'Ledelsen ivaretar oss i tilstrekkelig grad.', ['jargon ivaretar', 'jargon tilstrekkelig']],
  ['nb', 'Konstruktøren constructor toString', []],
  ['se', 'Mun in oaččo veahki.', []],
  ['nb', '', []],
] as const)('%s: %s', (language, text, expected) => {
  expect(told(text, language)).toEqual(expected);
});

test('our own questionnaires say one thing at a time, nearly always', () => {
  const all = own.flatMap((one) => statements(one).map(({ text }) => text.nb));
  const hinted = all.filter((text) => hints(text, 'nb').length > 0);
  expect(hinted.length / all.length).toBeLessThan(0.05);
});
