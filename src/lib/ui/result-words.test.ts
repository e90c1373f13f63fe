import { expect, it } from 'vitest';
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
