import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Release } from '#domain/release.ts';
import type { RoundTree } from '#domain/round.ts';
import { answered, asked, cases as anybodys } from '../support/attacker.ts';
import { type Ballots, released, tree } from '../support/survey.ts';

/*
 * What is shown must not depend on what anybody answered, or the pattern itself would tell it. It depends on who
 * answered which statements, and on nothing else but the rule against unanimity. Somebody changes an answer to another
 * of the scale, and the attacker compares what is shown before and after.
 */
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

/** So many in every group answer so differently that nothing is ever near unanimous or at an end. */
const anchors = [1, 1, 3, 3, 5, 5].map((mark) => [mark, mark, mark, mark]);
const answer = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 5 }) },
  fc.constantFrom(253, 254, 255),
);
const group = fc.array(fc.array(answer, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 9 });
const cases: fc.Arbitrary<Case> = fc
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
    const other = of[at]!.map((mark, i) => (answered(mark) ? which.to[i]! : mark));
    return { units, ballots, changed: { ...ballots, [name]: of.with(at, other) } };
  });

const same = ({ units, ballots, changed }: Case, of: (release: Release) => unknown) => {
  const [before, after] = [ballots, changed].map((all) => of(released(asked, units, all, limits).release));
  expect(after).toEqual(before);
};

describe('an answer that is changed to another', () => {
  it('changes nothing of what is shown and withheld, where people are not unanimous', () => {
    fc.assert(
      fc.property(cases, (one) => same(one, pattern)),
      { numRuns: 300 },
    );
  });

  it('is met in releases that both show and withhold', () => {
    const sizes = fc.sample(cases, { numRuns: 100, seed: 3 }).map(({ units, ballots }) => {
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
        fc.property(cases, (one) => same(one, cellwise)),
        { numRuns: 300 },
      ),
    ).toThrow();
  });
});

/** Which figures are there at which nodes, with or without a number. */
const figures = ({ results }: Release) =>
  Object.entries(results).flatMap(([node, { factors, statements }]) =>
    [...Object.keys(factors), ...Object.keys(statements)].map((figure) => `${node} ${figure}`),
  );

describe('what one person answers', () => {
  /** Whatever one of these answers instead, at least two differ from the commonest, and no mean is extreme. */
  const divided = [1, 2, 4, 5].map((mark) => [mark, mark, mark, mark]);

  it('changes nothing of what is shown, as long as the same statements are answered and nobody agrees', () => {
    let shown = 0;
    const anybody = fc.record({
      one: anybodys,
      who: fc.nat(),
      marks: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4 }),
    });
    fc.assert(
      fc.property(anybody, ({ one: { units, ballots }, who, marks }) => {
        const many = Object.fromEntries(
          Object.entries(ballots).map(([name, some]) => [
            name,
            some.length > 0 ? [...divided, ...some.slice(4)] : [],
          ]),
        );
        const everybody = Object.entries(many).flatMap(([name, some]) =>
          some.map((_, i) => [name, i] as const),
        );
        if (everybody.length === 0) return;
        const [group, at] = everybody[who % everybody.length]!;
        const changed = {
          ...many,
          [group]: many[group]!.map((ballot, i) =>
            i === at ? ballot.map((mark, place) => (answered(mark) ? marks[place]! : mark)) : ballot,
          ),
        };
        const before = figures(released(asked, units, many).release);
        shown += before.length;
        expect(figures(released(asked, units, changed).release)).toEqual(before);
      }),
      { numRuns: 300 },
    );
    expect(shown).toBeGreaterThan(3000);
  });

  it('does, when it makes a group agree', () => {
    const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }] }]);
    const agreed = Array.from({ length: 12 }, (_, i) => [i < 2 ? 3 : 4, 4, 4, 4]);
    const sister = Array.from({ length: 12 }, (_, i) => divided[i % 4]!);
    const one = { A: agreed, B: sister };
    const other = { A: agreed.map((ballot, i) => (i === 0 ? [4, 4, 4, 4] : ballot)), B: sister };
    const [before, after] = [one, other].map((ballots) => figures(released(asked, units, ballots).release));
    expect(before).not.toEqual(after);
  });
});
