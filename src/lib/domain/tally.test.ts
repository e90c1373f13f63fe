import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Tally from '#domain/tally.ts';
import { questionnaire, released, tree } from '../../../tests/support/survey.ts';

const one = tree([{ code: 'A' }]);

test('takes answers that are on the scale, missing, or allowed to be left', () => {
  const asked = questionnaire([2]);
  asked.themes[0]!.statements[1]!.dontKnow = false;
  expect(Tally.fits(asked, [1, 5])).toBe(true);
  expect(Tally.fits(asked, [254, 253])).toBe(true);
  expect(Tally.fits(asked, [255, 255])).toBe(true);
  expect(Tally.fits(asked, [5, 254])).toBe(false);
  expect(Tally.fits(asked, [0, 5])).toBe(false);
  expect(Tally.fits(asked, [6, 5])).toBe(false);
  expect(Tally.fits(asked, [1.5, 5])).toBe(false);
  expect(Tally.fits(asked, [5])).toBe(false);
  expect(Tally.fits(asked, [5, 5, 5])).toBe(false);
});

test('what must be answered is lacking until it is, and "don’t know" is an answer', () => {
  const asked = questionnaire([2, 1]);
  asked.themes[0]!.statements[1]!.required = true;
  expect(Tally.lacking(asked, [255, 255, 255])).toEqual([1]);
  expect(Tally.lacking(asked, [255, 254, 255])).toEqual([]);
  expect(Tally.lacking(asked, [255, 3, 255])).toEqual([]);
});

test('counts what fits, and throws on the rest without counting it', () => {
  const asked = questionnaire([2]);
  const marks = fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 250, max: 257 })), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(marks, (answers) => {
      const tally = Tally.start(asked, one);
      if (Tally.fits(asked, answers)) Tally.add(tally, '0001', answers);
      else expect(() => Tally.add(tally, '0001', answers)).toThrow('do not fit');
      expect(tally.ballots[0]).toBe(Tally.fits(asked, answers) ? 1 : 0);
    }),
  );
  expect(() => Tally.add(Tally.start(asked, one), '0002', [1, 1])).toThrow('no group');
});

test('keeps a score as the mean of what is answered, from half of the statements, the same score once', () => {
  const tally = Tally.start(questionnaire([4]), one);
  const factor = tally.factors[0]!;
  const scored = (answers: number[]) => {
    const before = tally.scores.slice();
    Tally.add(tally, '0001', answers);
    const bin = tally.scores.findIndex((count, i) => count > before[i]!);
    return bin < 0 ? null : factor.scores[bin];
  };
  expect(scored([2, 2, 255, 254])).toBe(2);
  expect(scored([1, 2, 3, 253])).toBe(2);
  expect(scored([5, 4, 4, 255])).toBe(13 / 3);
  expect(scored([5, 255, 255, 255])).toBe(null);
  expect(scored([255, 255, 255, 255])).toBe(null);
  expect(new Set(factor.scores).size).toBe(factor.scores.length);
  expect([...tally.some]).toEqual([4]);
  expect([...tally.all]).toEqual([0]);
});

test('refuses a factor over scales with different ends', () => {
  const asked = questionnaire([2]);
  asked.scales.push({ id: 'other', points: [0, 1].map((value) => ({ value, text: { nb: 'x' } })) });
  asked.themes[0]!.statements[1]!.scale = 'other';
  expect(() => Tally.start(asked, one)).toThrow('different ends');
  asked.factors[0]!.statements = ['gone'];
  expect(() => Tally.start(asked, one)).toThrow('not asked');
});

test('gives the means and distributions of a plain computation', () => {
  const asked = questionnaire([3, 1], 1, [0, 2, 5, 10]);
  const answer: fc.Arbitrary<number> = fc.constantFrom(0, 2, 5, 10, 253, 254, 255);
  const ballot = fc.array(answer, { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(ballot, { minLength: 30, maxLength: 60 }), (ballots) => {
      const { release } = released(asked, one, { A: ballots });
      const { n, factors, statements } = release.results['0001']!;
      expect(n).toBe(ballots.length);
      const given = (at: number) => ballots.map((b) => b[at]!).filter((mark) => mark < 250);
      for (const [id, at] of [
        ['f1s1', 0],
        ['f2s1', 3],
        ['a1', 4],
      ] as const) {
        const marks = given(at);
        if (!statements[id]) continue;
        expect(statements[id].distribution).toEqual(
          [0, 2, 5, 10].map((v) => marks.filter((m) => m === v).length),
        );
        expect(statements[id].mean).toBe(marks.reduce((a, b) => a + b, 0) / marks.length);
      }
      const persons = ballots
        .map((b) => b.slice(0, 3).filter((mark) => mark < 250))
        .filter((b) => b.length >= 1);
      const all = persons.flat();
      expect(factors.f1).toEqual({ n: persons.length, mean: all.reduce((a, b) => a + b, 0) / all.length });
      expect(statements.f2s1 && { n: statements.f2s1.n, mean: statements.f2s1.mean }).toEqual(factors.f2);
    }),
    { numRuns: 200 },
  );
});
