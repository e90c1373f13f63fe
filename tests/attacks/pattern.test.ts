import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Release } from '#domain/release.ts';
import type { RoundTree } from '#domain/round.ts';
import { type Ballots, questionnaire, released, tree } from '../support/survey.ts';

/*
 * What is shown must not depend on what anybody answered, or the pattern itself would tell it. It depends on who
 * answered which statements, and on nothing else but the rule against unanimity. Somebody changes an answer to another
 * of the scale, and the attacker compares what is shown before and after.
 */
const asked = questionnaire([2, 1], 1);
const limits = { factor: 9, statement: 14, invited: 7 };

/** Which figures are shown of each node. */
const pattern = ({ results }: Release) =>
  Object.entries(results).map(([id, { n, factors, statements }]) => [
    id,
    n,
    Object.entries(factors).map(([figure, of]) => [figure, 'n' in of ? of.n : 'bound']),
    Object.entries(statements).map(([figure, of]) => [figure, of.n]),
  ]);

type Case = { units: RoundTree; ballots: Ballots; changed: Ballots };

/** divided: in every group so many answer so differently that nothing is ever near unanimous or at an end. */
const cases = (divided: boolean): fc.Arbitrary<Case> => {
  const anchors = divided ? [1, 1, 3, 3, 5, 5].map((mark) => [mark, mark, mark, mark]) : [];
  const answer = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 5 }) },
    fc.constantFrom(253, 254, 255),
  );
  const group = fc.array(fc.array(answer, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 9 });
  return fc
    .record({
      shape: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 4 }),
      all: fc.array(group, { minLength: 16, maxLength: 16 }),
      which: fc.record({
        group: fc.nat(),
        person: fc.nat(),
        to: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 4 }),
      }),
    })
    .map(({ shape, all, which }) => {
      const units = tree([
        {
          code: 'K',
          leaders: true,
          under: shape.map((below, a) => ({
            code: `A${a}`,
            ...(below > 0 && {
              under: Array.from({ length: below }, (_, d) => ({ code: `A${a}${d}` })),
              staff: true as const,
            }),
          })),
        },
      ]);
      const groups = units.nodes.filter((node) => node.group).map(({ name }) => name);
      const ballots = Object.fromEntries(groups.map((name, i) => [name, [...anchors, ...all[i % 16]!]]));
      const name = groups[which.group % groups.length]!;
      const of = ballots[name]!;
      const at = anchors.length + (which.person % (of.length - anchors.length));
      // Another answer where there was one, and none where there was none.
      const other = of[at]!.map((mark, i) => (mark < 250 ? which.to[i]! : mark));
      return { units, ballots, changed: { ...ballots, [name]: of.with(at, other) } };
    });
};

const same = ({ units, ballots, changed }: Case, of: (release: Release) => unknown) => {
  const [before, after] = [ballots, changed].map((all) => of(released(asked, units, all, limits).release));
  expect(after).toEqual(before);
};

describe('an answer that is changed to another', () => {
  it('changes nothing of what is shown and withheld, where people are not unanimous', () => {
    fc.assert(
      fc.property(cases(true), (one) => same(one, pattern)),
      { numRuns: 300 },
    );
  });

  it('is met in releases that both show and withhold', () => {
    const sizes = fc.sample(cases(true), { numRuns: 100, seed: 3 }).map(({ units, ballots }) => {
      const { release } = released(asked, units, ballots, limits);
      const shown = Object.values(release.results);
      return [
        units.nodes.length - shown.length,
        shown.filter((of) => Object.keys(of.statements).length > 0).length,
      ];
    });
    expect(sizes.filter(([withheld]) => withheld! > 0).length).toBeGreaterThan(10);
    expect(sizes.filter(([, full]) => full! > 0).length).toBeGreaterThan(50);
  });

  it('changes it where cells are withheld one by one for being small, as others do', () => {
    const cellwise = ({ results }: Release) =>
      Object.entries(results).map(([id, { statements }]) => [
        id,
        Object.entries(statements).flatMap(([figure, { distribution }]) =>
          distribution.every((count) => count === 0 || count >= 3) ? [figure] : [],
        ),
      ]);
    expect(() =>
      fc.assert(
        fc.property(cases(true), (one) => same(one, cellwise)),
        { numRuns: 300 },
      ),
    ).toThrow();
  });
});
