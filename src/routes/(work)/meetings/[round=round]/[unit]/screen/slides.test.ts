import { expect, test } from 'vitest';
import * as Reading from '#domain/reading.ts';
import * as made from '#tests/support/releases.ts';
import { slides } from './slides.ts';

const figures = made.release({ ballots: { '0010': 8 } });
const few = made.release({ ballots: { '0011': 3 } });
const of = (unit: string, figures: Parameters<typeof Reading.ofUnit>[0]) => {
  const { node, lent } = Reading.ofUnit(figures, unit)!;
  return Reading.ofNode(figures, null, node!, lent);
};
const whats = (...on: Parameters<typeof of>) => [
  ...new Set(slides('waiting', of(...on)).map(({ what }) => what)),
];

test('every shown factor and statement is on the wall once, a few at a time', () => {
  const all = slides('waiting', of('J1', figures));
  const rows = (what: 'factors' | 'statements') =>
    all.flatMap((slide) => (slide.what === what && 'rows' in slide ? slide.rows.map(({ id }) => id) : []));
  expect(rows('factors').sort()).toEqual(figures.factors.map(({ id }) => id).sort());
  expect(rows('statements').sort()).toEqual(figures.statements.map(({ id }) => id).sort());
  for (const slide of all) if ('rows' in slide) expect(slide.rows.length).toBeLessThanOrEqual(4);
});

test('what is withheld is not there, and without any figure there is the code alone', () => {
  expect(whats('J1', figures)).toEqual(['join', 'response', 'notices', 'factors', 'statements']);
  expect(whats('J2', figures)).toEqual(['join', 'response', 'notices', 'factors']);
  expect(whats('J3', few)).toEqual(['join', 'response', 'factors']);
  expect(slides('waiting', null)).toEqual([{ what: 'join' }]);
  expect(slides('alone', null)).toEqual([{ what: 'questions' }]);
});
