import { describe, expect, test } from 'vitest';
import { search } from '#domain/audit-search.ts';
import { type KnownEmpty, tables } from '#domain/audit-tables.ts';
import type { Release } from '#domain/release.ts';
import { broken } from '#tests/support/breakdowns.ts';
import { everything, showing } from '#tests/support/planted.ts';
import { solver } from '#tests/support/solver.ts';
import { type Ballots, chance, questionnaire, released, tree, type Unit } from '#tests/support/survey.ts';

const asked = questionnaire([2], 1);
const next = chance(17);
const some = (n: number) => Array.from({ length: n }, () => [0, 1, 2].map(() => 1 + next(5)));
const ballotsOf = (sizes: Record<string, number>): Ballots =>
  Object.fromEntries(Object.entries(sizes).map(([name, n]) => [name, some(n)]));

/** The derivation of the smallest group of ballots, in words. */
async function found(files: Release[], known?: KnownEmpty): Promise<string | null> {
  const ballots = tables(files, known).map((table) => ({
    ...table,
    figures: table.figures.filter(({ figure }) => figure === null),
  }));
  const { leak, complete } = await search(ballots, solver());
  expect(complete).toBe(true);
  if (!leak) return null;
  const terms = leak.sum
    .toSorted((a, b) => b.times - a.times)
    .map(({ cell: { file, name, category, onBehalf }, times }) => {
      const words = [
        name ?? 'all',
        category,
        onBehalf && 'on behalf',
        files.length > 1 && `file ${file + 1}`,
      ];
      return `${times < 0 ? '-' : '+'}${Math.abs(times) === 1 ? '' : Math.abs(times)} ${words.filter(Boolean).join(' ')}`;
    });
  return `${terms.join(' ')} = ${leak.n}`;
}

describe('a planted leak is found:', () => {
  const flat = (...codes: string[]) => tree([{ code: 'K', under: codes.map((code) => ({ code })) }]);

  test('the parent minus a sibling', async () => {
    const ballots = ballotsOf({ A: 12, B: 3 });
    const { release } = released(asked, flat('A', 'B'), ballots);
    expect(await found([showing(release, ballots, ['K', 'A'])])).toBe('+ K - A = 3');
    expect(await found([showing(release, ballots, ['K'])])).toBe(null);
  });

  test('and with it what they answered', async () => {
    const ballots = ballotsOf({ A: 12, B: 3 });
    const { release } = released(asked, flat('A', 'B'), ballots);
    const { leak } = await search(
      tables([showing(release, ballots, ['K', 'A'])]).map((table) => ({
        ...table,
        figures: table.figures.filter(({ figure }) => figure === 'a1'),
      })),
      solver(),
    );
    const b = everything(release, ballots.B!).statements.a1!;
    expect(leak).toMatchObject({ figure: 'a1', limit: 10, n: 3, distribution: b.distribution });
  });

  test('two hidden units of 1 and 2 beside 20 and 15, though neither by itself can be derived', async () => {
    const ballots = ballotsOf({ A: 1, B: 2, C: 20, D: 15 });
    const { release } = released(asked, flat('A', 'B', 'C', 'D'), ballots);
    expect(await found([showing(release, ballots, ['K', 'C', 'D'])])).toBe('+ K - C - D = 3');
  });

  test('the number in the round minus its shown tops', async () => {
    const ballots = ballotsOf({ A: 12, B: 9, C: 3 });
    const { release } = released(asked, tree([{ code: 'A' }, { code: 'B' }, { code: 'C' }]), ballots);
    expect(await found([showing(release, ballots, ['A', 'B'])])).toBe('+ all - A - B = 3');
  });

  describe('linked tables', () => {
    const roles = ['assistant', 'nurse'];
    const units = flat('A', 'B');
    // Ten assistants; eleven nurses and one assistant.
    const ballots = ballotsOf({ A: 10, B: 12 });
    const roleOf = (group: string, i: number) => roles[group === 'B' && i > 0 ? 1 : 0]!;
    const { release, id } = released(asked, units, ballots);
    const shown = showing(release, ballots, ['K', 'A', 'B']);
    const split = { ...shown, breakdowns: [broken(shown, ballots, roles, roleOf, 0)] };

    test('are safe for somebody who knows nothing else', async () => {
      expect(Object.keys(split.breakdowns[0]!.results)).toEqual([id('K')]);
      expect(await found([split])).toBe(null);
    });

    test('and not for somebody who knows that A has no nurses', async () => {
      const known: KnownEmpty = (place, _, category) => place === id('A') && category === 'nurse';
      expect(await found([split], known)).toBe('+ K assistant - A = 1');
    });

    test('nor where it says that A has no nurses', async () => {
      const told = structuredClone(split);
      told.breakdowns[0]!.results[id('A')] = {
        assistant: everything(release, ballots.A!),
        nurse: { n: 0, factors: {}, statements: {} },
      };
      expect(await found([told])).toMatch(/^\+ K assistant - A( assistant)? = 1$/);
    });

    test('a category of the parent minus that of a sibling', async () => {
      const many = ballotsOf({ A: 24, B: 9 });
      const three = (group: string, i: number) => roles[group === 'A' ? i % 2 : i < 6 ? 0 : 1]!;
      const shown = showing(released(asked, units, many).release, many, ['K', 'A']);
      const some = broken(shown, many, roles, three, 0);
      const part = (role: number) => many.A!.filter((_, i) => i % 2 === role);
      some.results[id('A')] = {
        assistant: everything(release, part(0)),
        nurse: everything(release, part(1)),
      };
      expect(await found([{ ...shown, breakdowns: [some] }])).toBe('+ K nurse - A nurse = 3');
    });

    test('two breakdowns of the same people', async () => {
      const modes = ['alone', 'help'];
      const two = {
        ...split,
        breakdowns: [...split.breakdowns, broken(shown, ballots, modes, (_, i) => modes[i % 2]!, 0, 'mode')],
      };
      expect(two.breakdowns[1]!.results[id('K')]).toBeDefined();
      expect(await found([two])).toBe(null);
    });
  });

  describe('answers on behalf of others', () => {
    const units = flat('A', 'B');
    const ballots = ballotsOf({ A: 12, B: 9 });
    const behalf = ballotsOf({ A: 8, B: 2 });
    const { release } = released(asked, units, ballots);
    const counted = 31;
    const file = (names: string[], theirs: string[]) => ({
      ...showing({ ...release, ballots: { ...release.ballots, counted } }, ballots, names),
      onBehalf: { results: showing(release, behalf, theirs).results },
    });

    test('are a tree of their own', async () => {
      expect(await found([file(['K', 'A', 'B'], ['K'])])).toBe(null);
      expect(await found([file(['K', 'A', 'B'], ['K', 'A'])])).toBe('+ K on behalf - A on behalf = 2');
    });

    test('that is linked to the other by the number in the round', async () => {
      expect(await found([file(['K'], ['A'])])).toBe('+ all - K - A on behalf = 2');
    });
  });

  describe('an old round shown on a reorganised tree', () => {
    const sizes = { A: 9, B: 11, C: 3, D: 14, E: 8 };
    const ballots = ballotsOf(sizes);
    const under = (codes: string) => [...codes].map((code): Unit => ({ code }));
    const before = released(
      asked,
      tree([
        {
          code: 'K',
          under: [
            { code: 'X', under: under('ABC') },
            { code: 'Y', under: under('DE') },
          ],
        },
      ]),
      ballots,
    ).release;
    const after = released(
      asked,
      tree([
        {
          code: 'K',
          under: [
            { code: 'X', under: under('AB') },
            { code: 'Y', under: under('CDE') },
          ],
        },
      ]),
      ballots,
    ).release;
    const [old, reorganised] = [
      showing(before, ballots, ['K', 'X', 'Y', 'D']),
      showing(after, ballots, ['K', 'X', 'Y', 'D']),
    ];

    test('each tree is safe alone', async () => {
      expect(await found([old])).toBe(null);
      expect(await found([reorganised])).toBe(null);
    });

    test('and the two together are not', async () => {
      expect(await found([old, reorganised])).toMatch(/= 3$/);
    });
  });

  test('an interim snapshot: the two who came in between', async () => {
    const units = flat('A', 'B');
    const then = ballotsOf({ A: 12, B: 9 });
    const now = { ...then, B: [...then.B!, ...some(2)] };
    const at = (ballots: Ballots): Release =>
      showing(released(asked, units, ballots).release, ballots, ['K', 'A', 'B']);
    const [first, second] = [at(then), at(now)];
    expect(await found([first])).toBe(null);
    expect(await found([second])).toBe(null);
    expect(await found([first, second])).toMatch(/file 2 .*file 1.* = 2$/);
    expect(await found([second, second])).toBe(null);
  });
});
