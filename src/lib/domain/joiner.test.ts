import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { form, type GroupPerson, type GroupUnit } from '#domain/group.ts';
import { nodeOfUnit } from '#domain/release.ts';
import { type Joiner, place, withAdded } from '#domain/joiner.ts';

const limits = { invited: 7, floor: 5 };
const unit = (code: string, parent: string | null): GroupUnit => ({ code, name: code, parent, level: null });
const staff = (unit: string, count: number): GroupPerson[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${unit}-${i}`, unit, leads: [] }));
const leader = (unit: string): GroupPerson => ({ id: `leader-${unit}`, unit, leads: [unit] });

const departments = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'I'];
const units = [
  unit('K', null),
  unit('H', 'K'),
  ...departments.map((code) => unit(code, 'H')),
  unit('Z', 'K'),
];
const { tree } = form(
  units,
  [
    ...departments.flatMap((code) => [...staff(code, code === 'A' || code === 'B' ? 4 : 10), leader(code)]),
    ...staff('K', 8),
    ...staff('H', 2),
    leader('H'),
    leader('K'),
  ],
  limits,
  [],
  true,
);
const nameOf = (joiner: Joiner, among = units, whole = true) => {
  const at = place(tree, among, joiner, whole);
  return at.ok ? tree.nodes.find(({ id }) => id === at.group)!.name : at.refusal;
};

describe('a joiner answers', () => {
  it.each([
    ['with the staff of the unit', { unit: 'C', leads: [] }, 'C'],
    ['with the sisters the unit is counted with', { unit: 'A', leads: [] }, 'A og B'],
    ['with the others above, where the unit was empty', { unit: 'Z', leads: [] }, 'K, øvrige'],
    ['among the leaders above the unit they lead', { unit: 'C', leads: ['C'] }, 'Ledere i H'],
    ['among the leaders above the highest of several', { unit: 'C', leads: ['C', 'H'] }, 'K, øvrige'],
    ['with the others at the top, as chief executive', { unit: 'K', leads: ['K'] }, 'K, øvrige'],
    ['nowhere, from a unit that is not asked', { unit: 'Y', leads: [] }, 'outside'],
  ])('%s', (_, joiner, expected) => {
    expect(nameOf(joiner)).toBe(expected);
  });

  it('in the nearest unit above that has a group, when the unit is new', () => {
    expect(nameOf({ unit: 'N', leads: [] }, [...units, unit('N', 'C')])).toBe('C');
  });

  it('nowhere, who leads all of a round that is not the whole municipality', () => {
    expect(nameOf({ unit: 'K', leads: ['K'] }, units, false)).toBe('no-group');
    expect(nameOf({ unit: 'C', leads: ['C'] }, units, false)).toBe('Ledere i H');
  });

  it('never in a new group', () => {
    const lonely = form([unit('K', null), unit('A', 'K')], staff('A', 7), limits, [], true);
    expect(place(lonely.tree, [unit('K', null), unit('A', 'K')], { unit: 'K', leads: [] }, true)).toEqual({
      ok: false,
      refusal: 'no-group',
    });
  });
});

test('nobody joins a group whose result they receive, in any town', () => {
  const towns = fc.array(fc.record({ parent: fc.nat(), size: fc.nat(12) }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(towns, fc.nat(), fc.nat(), fc.boolean(), (shape, at, led, whole) => {
      const all = shape.map(({ parent }, i) => unit(`U${i}`, i === 0 ? null : `U${parent % i}`));
      const people = shape.flatMap(({ size }, i) => [...staff(`U${i}`, size), leader(`U${i}`)]);
      const made = form(all, people, limits, [], whole);
      const joiner = { unit: all[at % all.length]!.code, leads: [all[led % all.length]!.code] };
      const found = place(made.tree, all, joiner, whole);
      if (!found.ok) return;
      const group = made.tree.nodes.find(({ id }) => id === found.group)!;
      expect(group.group).toBe(true);
      const theirs = nodeOfUnit({ tree: made.tree.nodes }, joiner.leads[0]!);
      const parent = (id: string | null) => made.tree.nodes.find((one) => one.id === id)?.parent ?? null;
      if (whole && joiner.leads[0] === 'U0') return;
      for (let at: string | null = group.id; at !== null; at = parent(at)) expect(at).not.toBe(theirs?.id);
    }),
    { numRuns: 500 },
  );
});

test('those who were added are invited in the release, in their group and everything above it', () => {
  const group = tree.nodes.find(({ name }) => name === 'C')!;
  const after = withAdded(tree, [
    [group.id, 1],
    [group.id, 1],
  ]);
  const more = after.nodes.filter((node, i) => node.invited !== tree.nodes[i]!.invited);
  expect(more.map(({ name }) => name)).toEqual(['K', 'H', 'C']);
  expect(more.map((node) => node.invited - tree.nodes.find(({ id }) => id === node.id)!.invited)).toEqual([
    2, 2, 2,
  ]);
});
