import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crowd, form, type GroupPerson, type GroupUnit } from '#domain/group.ts';

const limits = { invited: 7, floor: 5 };
const unit = (code: string, parent: string | null): GroupUnit => ({ code, name: code, parent, level: null });
const staff = (unit: string, count: number): GroupPerson[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${unit}-${i}`, unit, leads: [] }));
const names = (g: ReturnType<typeof form>) =>
  g.tree.nodes.filter((n) => n.group).map((n) => `${n.name}: ${n.invited}`);

describe('forming groups', () => {
  it('lets a unit at the limit stand alone', () => {
    const g = form(
      [unit('K', null), unit('A', 'K'), unit('B', 'K')],
      [...staff('A', 7), ...staff('B', 9)],
      limits,
      [],
      true,
    );
    expect(names(g)).toEqual(['A: 7', 'B: 9']);
  });

  it('puts small sisters together', () => {
    const units = [unit('K', null), ...['A', 'B', 'C', 'D'].map((c) => unit(c, 'K'))];
    const people = [...staff('A', 3), ...staff('B', 4), ...staff('C', 20), ...staff('D', 2)];
    const g = form(units, people, limits, [], true);
    expect(names(g)).toEqual(['C: 20', 'D, A og B: 9']);
  });

  it('puts a lone small unit with the others of its parent', () => {
    const g = form(
      [unit('K', null), unit('A', 'K'), unit('B', 'K')],
      [...staff('K', 6), ...staff('A', 3), ...staff('B', 12)],
      limits,
      [],
      true,
    );
    expect(names(g)).toEqual(['B: 12', 'K, øvrige: 9']);
    expect(g.tree.nodes.find((n) => n.part === 'others')!.units).toEqual(['K', 'A']);
  });

  it('lets a leader answer among the leaders above, and a chief executive among the others at the top', () => {
    const units = [unit('K', null), unit('H', 'K'), unit('A', 'H'), unit('B', 'H')];
    const leader = (id: string, works: string, leads: string): GroupPerson => ({
      id,
      unit: works,
      leads: [leads],
    });
    const people = [
      leader('chief', 'K', 'K'),
      leader('director', 'H', 'H'),
      leader('a', 'A', 'A'),
      leader('b', 'B', 'B'),
      ...staff('K', 8),
      ...staff('A', 10),
      ...staff('B', 10),
    ];
    const g = form(units, people, limits, [], true);
    const others = g.tree.nodes.find((n) => n.part === 'others')!;
    expect(['chief', 'director', 'a', 'b'].map((id) => g.groupOf.get(id))).toEqual(Array(4).fill(others.id));
    expect(others.name).toBe('K, øvrige');
  });

  it('does not invite somebody who leads the whole of a smaller round', () => {
    const people = [{ id: 'director', unit: 'H', leads: ['H'] }, ...staff('A', 9)];
    const g = form([unit('H', null), unit('A', 'H')], people, limits, [], false);
    expect(g.notInvited).toEqual([{ personId: 'director', reason: 'leads-all' }]);
  });

  it('does not invite those under the floor, and says who', () => {
    const g = form([unit('K', null), unit('A', 'K')], [...staff('K', 4), ...staff('A', 9)], limits, [], true);
    expect(g.notInvited.map((n) => n.personId)).toEqual(['K-0', 'K-1', 'K-2', 'K-3']);
  });

  it('merges units that could stand alone only when HR chooses so', () => {
    const units = [unit('K', null), unit('A', 'K'), unit('B', 'K')];
    const g = form(units, [...staff('A', 8), ...staff('B', 8)], limits, [['A', 'B']], true);
    expect(names(g)).toEqual(['A og B: 16']);
  });

  it('gives every group a name of its own', () => {
    const units = [unit('K', null), unit('A', 'K'), unit('B', 'K'), unit('A1', 'A'), unit('B1', 'B')].map(
      (u) => ({
        ...u,
        name: u.code.length > 1 ? 'Natt' : u.code,
      }),
    );
    const g = form(units, [...staff('A1', 8), ...staff('B1', 8)], limits, [], true);
    expect(names(g)).toEqual(['Natt: 8', 'Natt (B): 8']);
  });

  it('counts everybody exactly once, never under the floor, and no leader in a group they receive', () => {
    const tree = fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 12 }).map((parents) => {
      const units = [unit('u0', null)];
      parents.forEach((p, i) => units.push(unit(`u${i + 1}`, `u${p % (i + 1)}`)));
      return units;
    });
    fc.assert(
      fc.property(tree, fc.array(fc.nat({ max: 14 }), { minLength: 13, maxLength: 13 }), (units, sizes) => {
        const people = units.flatMap((u, i) => [
          ...staff(u.code, sizes[i]!),
          { id: `leader of ${u.code}`, unit: u.code, leads: [u.code] },
        ]);
        const g = form(units, people, limits, [], true);
        expect(g.groupOf.size + g.notInvited.length).toBe(people.length);
        const groups = g.tree.nodes.filter((n) => n.group);
        for (const n of groups) {
          const inside = [...g.groupOf].filter(([, id]) => id === n.id);
          expect(inside.length).toBe(n.invited);
          expect(n.units.length).toBeGreaterThan(0);
          expect(n.invited).toBeGreaterThanOrEqual(n.parent === null || n.part === 'others' ? 5 : 7);
        }
        const above = (id: string | null): string[] => {
          const node = g.tree.nodes.find((n) => n.id === id);
          return node ? [node.id, ...above(node.parent)] : [];
        };
        for (const u of units.slice(1)) {
          const own = g.tree.nodes.find((n) => n.part === 'whole' && n.units[0] === u.code);
          const group = g.groupOf.get(`leader of ${u.code}`);
          if (own && group) expect(above(group)).not.toContain(own.id);
        }
      }),
    );
  });

  it('forms groups from numbers as from people, of whom nobody leads', () => {
    const units = [unit('H', null), unit('A', 'H'), unit('B', 'H'), unit('C', 'H')];
    const counts = new Map([
      ['A', 8],
      ['B', 3],
      ['C', 5],
      ['H', 0],
    ]);
    const { tree, groupOf, notInvited } = form(units, crowd(counts), limits, [], true);
    expect(names({ tree, groupOf, notInvited })).toEqual(['A: 8', 'B og C: 8']);
    expect(groupOf.size).toBe(16);
    expect(notInvited).toEqual([]);
  });
});
