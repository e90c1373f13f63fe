import { describe, expect, test } from 'vitest';
import { limits, type Written } from '#domain/comment.ts';
import { lists } from '#domain/comment-lists.ts';
import type { RoundTree } from '#domain/round.ts';
import { chance, tree, type Unit } from '../../../tests/support/survey.ts';

/** By name of the group: how many answered, and how many of them wrote. */
type In = Record<string, [answered: number, wrote: number]>;

function made(units: RoundTree, of: In, withheld: string[] = [], may = () => true) {
  const id = new Map(units.nodes.map((node) => [node.name, node.id]));
  const name = new Map(units.nodes.map((node) => [node.id, node.name]));
  const answered = new Map(Object.entries(of).map(([group, [n]]) => [id.get(group)!, n]));
  const written = Object.entries(of).flatMap(([group, [, wrote]]) =>
    Array.from({ length: wrote }, (_, i): Written => ({ group: id.get(group)!, text: `${group} ${i}` })),
  );
  const found = lists(
    units,
    limits,
    (group) => answered.get(group) ?? 0,
    written,
    may,
    ({ text }) => withheld.includes(text),
  );
  return Object.fromEntries(
    Object.entries(found).map(([node, all]) => [name.get(node)!, all.map(({ text }) => text)]),
  );
}
const sizes = (of: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(of).map(([node, all]) => [node, all.length]));

const home = tree([{ code: 'H', under: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] }]);

describe('each comment is listed once', () => {
  test.each<[string, In, Record<string, number>]>([
    [
      'at its own unit where enough answered and wrote',
      { A: [12, 6], B: [10, 5], C: [11, 7] },
      { A: 6, B: 5, C: 7 },
    ],
    ['with a sister above, where one is small', { A: [12, 6], B: [20, 9], C: [4, 2] }, { B: 9, H: 8 }],
    [
      'above, where nobody else wrote: the list above is of a large enough rest',
      { A: [12, 6], B: [6, 5], C: [6, 0] },
      { A: 6, H: 5 },
    ],
    ['above, where too few wrote', { A: [12, 6], B: [30, 3], C: [11, 5] }, { A: 6, H: 8 }],
    ['nowhere, where too few answered in all', { A: [5, 5], B: [4, 4], C: [0, 0] }, {}],
    ['nowhere, where too few wrote in all', { A: [50, 2], B: [50, 2], C: [50, 0] }, {}],
  ])('%s', (_, of, expected) => {
    expect(sizes(made(home, of))).toEqual(expected);
  });
});

test('lists are alphabetical, whatever the order they came in', () => {
  expect(made(home, { A: [12, 5], B: [0, 0], C: [0, 0] })).toEqual({
    A: ['A 0', 'A 1', 'A 2', 'A 3', 'A 4'],
  });
});

test('what is withheld is gone; a list that becomes too short joins the one above', () => {
  const of: In = { A: [12, 6], B: [20, 9], C: [14, 5] };
  expect(sizes(made(home, of, ['B 1']))).toEqual({ A: 6, B: 8, C: 5 });
  // C's four are too few by themselves; the smallest that mends is put with them.
  expect(sizes(made(home, of, ['C 1']))).toEqual({ B: 9, H: 10 });
  expect(made(home, of, ['C 1']).H).not.toContain('C 1');
});

/** A random tree of up to three levels, some staff of their own. */
function someUnits(next: (below: number) => number, level = 0): Unit {
  const under = level < 3 && next(4) > 0 ? Array.from({ length: 1 + next(4) }, () => level) : [];
  return {
    code: `U${next(1e9)}`,
    ...(under.length > 0 && { under: under.map(() => someUnits(next, level + 1)) }),
    ...(under.length > 0 && next(2) === 0 && { staff: true as const }),
  };
}

test('in any tree: nothing twice, nothing withheld, nothing unread; behind each list at least ten who answered, and five comments', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const next = chance(seed);
    const units = tree([someUnits(next)]);
    const of = Object.fromEntries(
      units.nodes
        .filter(({ group }) => group)
        .map(({ name }) => {
          const answered = next(24);
          return [name, [answered, next(answered + 1)] as [number, number]];
        }),
    );
    const read = made(units, of);
    const all = Object.values(read).flat();
    const withheld = all.filter(() => next(5) === 0);
    const listed = made(units, of, withheld);
    const texts = Object.values(listed).flat();
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.filter((text) => withheld.includes(text) || !all.includes(text))).toEqual([]);
    const node = new Map(units.nodes.map((one) => [one.name, one]));
    const nameOf = new Map(units.nodes.map((one) => [one.id, one.name]));
    const nearest = (name: string): string | null => {
      if (listed[name]) return name;
      const { parent } = node.get(name)!;
      return parent === null ? null : nearest(nameOf.get(parent)!);
    };
    for (const [at, list] of Object.entries(listed)) {
      const who = Object.entries(of).filter(([group]) => nearest(group) === at);
      expect(who.reduce((sum, [, [answered]]) => sum + answered, 0)).toBeGreaterThanOrEqual(10);
      expect(list.length).toBeGreaterThanOrEqual(5);
      expect(list).toEqual(list.toSorted());
      expect(list.every((text) => who.some(([group]) => text.startsWith(`${group} `)))).toBe(true);
    }
  }
});
