import { expect, test } from 'vitest';
import type { Release } from '#domain/release.ts';
import type { RoundTree } from '#domain/round.ts';
import { answered, asked } from '../support/attacker.ts';
import { type Ballots, chance, released, tree, type Unit } from '../support/survey.ts';

/** Persons under each shown node and under no shown node below it, who answered any of some statements. */
function residuals(units: RoundTree, shown: string[], persons: (group: string) => number): number[] {
  const parent = new Map(units.nodes.map((node) => [node.id, node.parent]));
  const left = new Map(shown.map((id) => [id, 0]));
  for (const { id, name, group } of units.nodes) {
    if (!group) continue;
    let at: string | null = id;
    while (at !== null && !left.has(at)) at = parent.get(at) ?? null;
    if (at !== null) left.set(at, left.get(at)! + persons(name));
  }
  return [...left.values()];
}

test('every residual of every figure is nobody or at least the limit, on ten thousand trees', () => {
  const next = chance(31);
  let [figures, leaks] = [0, 0];
  for (let round = 0; round < 10_000; round++) {
    // Direct staff, leaders, chains of units with one unit under them, and groups that nobody answered in.
    const unit = (code: string, depth: number): Unit => {
      const below = depth === 0 ? 0 : [0, 1, 1, 2, 3][next(5)]!;
      const under = Array.from({ length: below }, (_, i) => unit(`${code}${i}`, depth - 1));
      const own = below > 0 ? next(4) : 0;
      return { code, under, ...(own & 1 ? { staff: true } : {}), ...(own & 2 ? { leaders: true } : {}) };
    };
    const units = tree([unit('K', 3)]);
    const most = 4 + next(18);
    const factor = 3 + next(13);
    const limits = { factor, statement: factor + next(4), invited: 7 };
    const mark = () => (next(9) === 0 ? 255 : 1 + next(5));
    const ballots: Ballots = {};
    for (const { name, group } of units.nodes)
      if (group)
        ballots[name] = Array.from({ length: next(4) === 0 ? 0 : next(most) }, () => [0, 1, 2, 3].map(mark));
    const { release } = released(asked, units, ballots, limits);

    // The weak way: every unit that has enough by itself. What is left over of it must be seen.
    const persons = (group: string) => (ballots[group] ?? []).length;
    const under = (id: string): number =>
      units.nodes.reduce(
        (sum, node) => sum + (node.parent === id ? under(node.id) : 0),
        persons(units.nodes.find((node) => node.id === id)!.name),
      );
    const enough = units.nodes.filter(({ id }) => under(id) >= factor).map(({ id }) => id);
    if (residuals(units, enough, persons).some((n) => n > 0 && n < factor)) leaks += 1;

    const check = (has: (result: Release['results'][string]) => unknown, places: number[], limit: number) => {
      const shown = Object.keys(release.results).filter((id) => has(release.results[id]!));
      if (shown.length > 0) figures += 1;
      const some = (group: string) =>
        (ballots[group] ?? []).filter(
          (ballot) => places.length === 0 || places.some((at) => answered(ballot[at]!)),
        );
      for (const n of residuals(units, shown, (group) => some(group).length))
        if (n > 0 && n < limit) throw new Error(`${n} of ${limit} in round ${round}`);
    };
    check(() => true, [], limits.factor);
    check(({ factors }) => factors.f1 && 'n' in factors.f1, [0, 1], limits.factor);
    check(({ factors }) => factors.f2 && 'n' in factors.f2, [2], limits.statement);
    release.statements.forEach(({ id }, at) =>
      check(({ statements }) => statements[id], [at], limits.statement),
    );
  }
  expect(figures).toBeGreaterThan(20_000);
  expect(leaks).toBeGreaterThan(1000);
});
