import { expect, it } from 'vitest';
import type { StatementRow } from '#domain/reading.ts';
import * as words from '#ui/result-words.ts';

const said = (above: number, below: number, level: number) =>
  words.beside({ above, below, level }, 'kommunen');

it('says how many factors are higher, lower and alike, and nothing of none', () => {
  expect(said(2, 10, 1)).toBe('Av 13 faktorer er 2 høyere, 10 lavere og 1 like, sammenlignet med kommunen.');
  expect(said(0, 12, 1)).toBe('Av 13 faktorer er 12 lavere og 1 like, sammenlignet med kommunen.');
  expect(said(0, 0, 0)).toBeNull();
});

it('says of all that they are so', () => {
  expect(said(13, 0, 0)).toBe('Alle 13 faktorene er høyere, sammenlignet med kommunen.');
  expect(said(0, 13, 0)).toBe('Alle 13 faktorene er lavere, sammenlignet med kommunen.');
  expect(said(0, 0, 2)).toBe('Alle 2 faktorene er like, sammenlignet med kommunen.');
});

it('says that a statement was asked in other words, instead of how it has moved', () => {
  const row = { agree: 0.7, agreement: true, earlierAgree: null, noEarlier: 'wording' } as StatementRow;
  expect(words.sentence(row)).toBe(
    '7 av 10 er enige. Spurt med andre ord sist, så svarene kan ikke sammenlignes.',
  );
  expect(words.sentence({ ...row, noEarlier: 'first' })).toBe('7 av 10 er enige.');
});
