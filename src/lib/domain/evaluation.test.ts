import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Evaluation from '#domain/evaluation.ts';
import type { GroupPerson, GroupUnit } from '#domain/group.ts';
import { own } from '#domain/questionnaires/own.ts';
import * as Release from '#domain/release.ts';
import type { TreeNode } from '#domain/round.ts';
import { release } from '#tests/support/releases.ts';

const limits = { invited: 7, floor: 5 };
const on = '2027-03-01';
const unit = (code: string, parent: string | null): GroupUnit => ({ code, name: code, parent, level: null });
const staff = (unit: string, count: number): GroupPerson[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${unit}-${i}`, unit, leads: [] }));
const leader = (...leads: string[]): GroupPerson => ({ id: `leader of ${leads[0]}`, unit: leads[0]!, leads });
const post = (unit: string, since: string | null = '2020-01-01', leaderId = `leader of ${unit}`) => ({
  unit,
  leaderId,
  since,
});

/** A round of all units, with a leader in each who has been there since 2020 unless it is said otherwise. */
function formed(
  units: GroupUnit[],
  sizes: Record<string, number>,
  over: { posts?: Evaluation.Post[]; asked?: string[]; people?: GroupPerson[] } = {},
) {
  const people = units.flatMap(({ code }) => [leader(code), ...staff(code, sizes[code] ?? 0)]);
  const posts = over.posts ?? units.map(({ code }) => post(code));
  const asked = new Set(over.asked ?? units.map(({ code }) => code));
  return Evaluation.form(units, asked, posts, over.people ?? people, limits, on);
}
const groups = ({ tree }: { tree: { nodes: TreeNode[] } }) =>
  tree.nodes.filter((n) => n.group).map((n) => `${n.part} ${n.units.join('+')}: ${n.invited}`);
const outcomes = ({ leaders }: { leaders: Evaluation.Evaluated[] }) =>
  Object.fromEntries(leaders.map(({ unit, outcome, evaluators }) => [unit, `${outcome} ${evaluators}`]));

const town = [unit('K', null), unit('H', 'K'), ...['A', 'B', 'C', 'D'].map((code) => unit(code, 'H'))];

describe('the leader’s leader', () => {
  const lead = (personId: string, until: string | null = null) => ({ personId, until });
  it.each<[line: (Evaluation.Leading | null)[], leader: string | null, above: string | null]>([
    [[lead('k'), lead('h'), lead('a')], 'a', 'h'],
    [[lead('k'), null, lead('a')], 'a', 'k'],
    [[lead('k'), null, null, lead('a')], 'a', 'k'],
    [[lead('k'), lead('a'), lead('a')], 'a', 'k'],
    [[lead('k'), lead('a'), null, lead('a')], 'a', 'k'],
    // Whoever took over the post is not above the one who had it.
    [[lead('k'), lead('h'), lead('b')], 'a', 'h'],
    [[lead('k'), lead('h', '2027-02-28'), lead('a')], 'a', 'k'],
    [[lead('k'), lead('h', '2027-03-01'), lead('a')], 'a', 'h'],
    [[lead('a'), null, lead('a')], 'a', null],
    [[lead('k')], 'k', null],
    [[null, null], null, null],
    [[], 'a', null],
  ])('%j: of %j it is %j', (line, leader, above) =>
    expect(Evaluation.leaderAbove(line, leader, on)).toBe(above),
  );
});

describe('who evaluates whom', () => {
  it('lets staff evaluate the leader of their unit, and leaders the leader above', () => {
    const many = [...town, ...['E', 'F', 'G'].map((code) => unit(code, 'H'))];
    const sizes = { K: 8, A: 9, B: 9, C: 9, D: 9, E: 9, F: 9, G: 9 };
    const found = formed(many, sizes);
    expect(outcomes(found)).toMatchObject({ K: 'figures 9', H: 'figures 7', A: 'figures 9' });
    const inH = found.tree.nodes.find(({ part, units }) => part === 'leaders' && units[0] === 'H')!;
    expect([...found.groupOf].filter(([, id]) => id === inH.id).map(([who]) => who)).toEqual(
      ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((code) => `leader of ${code}`),
    );
    const atTop = found.tree.nodes.find(({ part, units }) => part === 'leaders' && units[0] === 'K')!;
    expect(found.groupOf.get('leader of H')).toBe(atTop.id);
    expect(found.notInvited).toEqual([{ personId: 'leader of K', reason: 'leads-all' }]);
  });

  it('lets the staff of a unit without a leader evaluate the nearest above', () => {
    const posts = ['K', 'H', 'A', 'B', 'C'].map((code) => post(code));
    const people = [...['K', 'H', 'A', 'B', 'C'].map((code) => leader(code)), ...staff('D', 8)];
    const found = formed(town, {}, { posts, people });
    expect(outcomes(found)).toMatchObject({ H: 'figures 11' });
    expect(found.leaders.some(({ unit }) => unit === 'D')).toBe(false);
  });

  it('lets nobody evaluate themselves who leads on two levels', () => {
    const posts = [post('K'), post('H'), post('A', '2020-01-01', 'leader of H'), post('B')];
    const people = [leader('K'), leader('H', 'A'), leader('B'), ...staff('A', 9), ...staff('H', 8)];
    const found = formed(town, {}, { posts, people });
    expect(outcomes(found)).toEqual({ K: 'guide 1', H: 'figures 9', A: 'figures 9' });
    const at = found.tree.nodes.find(({ id }) => id === found.groupOf.get('leader of H'));
    expect(at?.units ?? []).not.toContain('H');
  });

  it('exempts who came into post less than six months before, and whoever nobody knows of', () => {
    const rows: [since: string | null, outcome: string][] = [
      ['2026-09-01', 'figures 9'],
      ['2026-09-02', 'new 9'],
      ['2027-03-01', 'new 9'],
      [null, 'unknown 9'],
    ];
    for (const [since, outcome] of rows) {
      const posts = [post('K'), post('H'), post('A', since)];
      const found = formed(town, {}, { posts, people: [leader('A'), ...staff('A', 9)] });
      expect([since, outcomes(found).A]).toEqual([since, outcome]);
      expect(found.groupOf.size).toBe(outcome.startsWith('figures') ? 9 : 0);
    }
    expect(Evaluation.latestSince('2027-08-31')).toBe('2027-02-28');
    expect(Evaluation.latestSince('2028-02-29')).toBe('2027-08-29');
  });

  it('is new on one day and not on another: whom a freezing on another day than the plan’s concerns', () => {
    const since = { A: '2026-08-31', B: '2026-09-01', C: '2026-09-02', D: null };
    const posts = town.map(({ code }) => post(code, code in since ? since[code as 'A'] : '2020-01-01'));
    const { leaders } = formed(town, { A: 8, B: 8, C: 8, D: 8 }, { posts });
    const others = (on: string) => Evaluation.newOtherwise(leaders, on).map(({ unit }) => unit);
    expect(others(on)).toEqual([]);
    expect(others('2027-03-02')).toEqual(['C']);
    expect(others('2027-02-28')).toEqual(['A', 'B']);
  });

  it('evaluates no leader of a unit that the round does not ask', () => {
    const found = formed(town, { A: 9, B: 9 }, { asked: ['A', 'B'] });
    expect(outcomes(found)).toEqual({ A: 'figures 9', B: 'figures 9' });
    const left = found.notInvited.filter(({ reason }) => reason === 'not-evaluated');
    expect(left.map(({ personId }) => personId)).toContain('leader of A');
  });
});

describe('a leader whose evaluators do not fill a group', () => {
  it('is counted in the common group of the leader above, which is of several leaders', () => {
    const found = formed(town, { A: 9, B: 4, C: 4, D: 2 });
    expect(outcomes(found)).toMatchObject({ A: 'figures 9', B: 'guide 4', C: 'guide 4', D: 'guide 2' });
    expect(groups(found)).toEqual(['whole A: 9', 'others B+C+D: 10']);
    expect(Evaluation.groupOf(found.tree, 'B')).toMatchObject({ own: false, group: { part: 'others' } });
    expect(Evaluation.groupOf(found.tree, 'A')).toMatchObject({ own: true });
  });

  it('goes past a unit without a leader, and past one that the same person leads, to the leader above', () => {
    const units = [...town, unit('X', 'K'), ...['E', 'F'].map((code) => unit(code, 'X'))];
    const people = [...staff('B', 4), ...staff('C', 4), ...staff('E', 4), ...staff('F', 4), ...staff('A', 8)];
    const but = (over: Record<string, string | null>) =>
      units.flatMap(({ code }) => (over[code] === null ? [] : [post(code, '2020-01-01', over[code])]));
    const at = (found: ReturnType<typeof formed>) =>
      groups(found)
        .filter((one) => one.startsWith('others'))
        .sort();
    expect(at(formed(units, {}, { posts: but({}), people }))).toEqual(['others B+C: 8', 'others E+F: 8']);
    // Under X nobody leads: its leaders' leader is K's.
    const vacant = formed(units, {}, { posts: but({ X: null }), people });
    expect(at(vacant)).toEqual(['others B+C: 8', 'others E+F: 8']);
    const [common] = vacant.tree.nodes.filter(({ part, units: of }) => part === 'others' && of[0] === 'E');
    expect(vacant.tree.nodes.find(({ id }) => id === common!.parent)?.units).toEqual(['K']);
    // E's leader leads X too, so is not their own leader; F's alone would be all of it.
    const same = formed(units, {}, { posts: but({ X: 'e', E: 'e' }), people });
    expect(at(same)).toEqual(['others B+C: 8', 'others E+F: 8']);
  });

  it('goes further up where the common group would be nearly all about one leader', () => {
    const found = formed(town, { A: 9, B: 6, C: 1 });
    expect(groups(found)).toEqual(['whole A: 9', 'others H+B+C+K: 12']);
  });

  it('is not in a common group that is of one leader of two units', () => {
    const posts = [post('K'), post('H'), post('B', '2020-01-01', 'x'), post('C', '2020-01-01', 'x')];
    const people = [leader('K'), leader('H'), { id: 'x', unit: 'B', leads: ['B', 'C'] }];
    const found = formed(town, {}, { posts, people: [...people, ...staff('B', 4), ...staff('C', 4)] });
    expect(groups(found)).toEqual([]);
    const both = [...staff('B', 4), ...staff('C', 4), ...staff('H', 4)];
    expect(groups(formed(town, {}, { posts, people: [...people, ...both] }))).toEqual(['others H+B+C+K: 14']);
  });

  it('is asked about by nobody where there is no common group to be in', () => {
    const found = formed(
      [unit('K', null), unit('A', 'K'), unit('B', 'K')],
      { A: 9, B: 6 },
      {
        posts: [post('A'), post('B')],
      },
    );
    expect(groups(found)).toEqual(['whole A: 9']);
    expect(outcomes(found)).toEqual({ A: 'figures 9', B: 'guide 6' });
    expect(found.notInvited.filter(({ reason }) => reason === 'too-few')).toHaveLength(6);
  });

  it('cannot be worked out from anything that is published, whatever the tree and whoever answers', () => {
    const asked = own.find((q) => q.kind === 'leader')!;
    const tree = fc.array(fc.nat({ max: 100 }), { minLength: 2, maxLength: 8 }).map((parents) => {
      const units = [unit('u0', null)];
      parents.forEach((p, i) => units.push(unit(`u${i + 1}`, `u${p % (i + 1)}`)));
      return units;
    });
    const sizes = fc.array(fc.nat({ max: 12 }), { minLength: 9, maxLength: 9 });
    // Of each unit: its own leader (most), nobody, or whoever leads the top.
    const leading = fc.array(fc.constantFrom('own', 'own', 'own', 'nobody', 'top'), {
      minLength: 9,
      maxLength: 9,
    });
    fc.assert(
      fc.property(tree, sizes, leading, fc.nat({ max: 999 }), (units, sizes, leading, seed) => {
        const count = Object.fromEntries(units.map(({ code }, i) => [code, sizes[i]!]));
        const posts = units.flatMap(({ code }, i) =>
          leading[i] === 'nobody'
            ? []
            : [post(code, '2020-01-01', leading[i] === 'top' ? 'leader of u0' : undefined)],
        );
        const found = formed(units, count, { posts });
        const { nodes } = found.tree;
        if (nodes.length === 0) return;
        for (const node of nodes.filter((n) => n.group))
          if (Evaluation.isOfOne(node)) expect(node.invited).toBeGreaterThanOrEqual(limits.invited);
        const made = release({ of: asked, nodes, seed });
        expect(smallestDerived(made, found)).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 60 },
    );
  });

  it('could have been, had they had a group of their own that is only hidden: the attack works', () => {
    // The weak way: the small leader's evaluators are a leaf, withheld, and the sum over the leaders is shown all the same.
    const found = formed(town, { A: 9, B: 9, C: 4 });
    const leaf = (
      id: string,
      parent: string | null,
      code: string,
      invited: number,
      group: boolean,
    ): TreeNode => ({
      ...{ id, parent, part: 'whole', name: code, units: [code], level: null, invited, group },
    });
    const nodes = [
      leaf('0001', null, 'H', 22, false),
      ...['A', 'B'].map((code, i) => leaf(`000${i + 2}`, '0001', code, 9, true)),
      leaf('0004', '0001', 'C', 4, true),
    ];
    const shown = { H: true, A: true, B: true };
    expect(derived(nodes, (node) => node.units[0]! in shown)).toContainEqual(['0004']);
    expect(Evaluation.groupOf(found.tree, 'C')?.own ?? false).toBe(false);
  });
});

/** The sets of groups that anybody can subtract their way to: the residual of every published node. */
function derived(nodes: TreeNode[], isShown: (node: TreeNode) => boolean): string[][] {
  const nearest = (id: string | null): string | null => {
    const node = nodes.find((one) => one.id === id);
    return !node ? null : isShown(node) ? node.id : nearest(node.parent);
  };
  const residuals = Map.groupBy(
    nodes.filter((node) => node.group),
    (node) => nearest(node.id),
  );
  return [...residuals].flatMap(([id, of]) => (id === null ? [] : [of.map((node) => node.id)]));
}

/** Of all residuals that hold evaluators of a leader who gets a guide: the fewest leaders that one of them is about. */
function smallestDerived(made: Release.Release, found: ReturnType<typeof Evaluation.form>): number {
  const withGuide = new Set(found.leaders.filter((l) => l.outcome === 'guide').map((l) => l.unit));
  const counts = derived(made.tree, ({ id }) => Release.isShown(made, id)).flatMap((ids) => {
    const units = made.tree.filter(({ id }) => ids.includes(id)).flatMap((node) => node.units);
    const leaders = new Set(
      units.map((code) => found.leaders.find((l) => l.unit === code)?.leaderId ?? code),
    );
    return units.some((code) => withGuide.has(code)) ? [leaders.size] : [];
  });
  return Math.min(Infinity, ...counts);
}

describe('the sum over the leaders in a unit', () => {
  const sizes = { A: 9, B: 9, A1: 9, A2: 9 };
  const deep = (...more: GroupUnit[]) => [unit('K', null), unit('A', 'K'), unit('B', 'K'), ...more];
  const mayBe = (units: GroupUnit[]) => {
    const { nodes } = formed(units, sizes).tree;
    return Evaluation.mayBeSummed(nodes, nodes[0]!, ofOwnAndBelow);
  };
  /** Reads the reports of K and of the leaders right under it. */
  const ofOwnAndBelow = (node: TreeNode) => ['K', 'A', 'B'].includes(node.units[0]!);
  it('is shown to the leader who sees each of them, and else only where two are hidden in it', () => {
    expect(mayBe(deep())).toBe(true);
    expect(mayBe(deep(unit('A1', 'A')))).toBe(false);
    const two = deep(unit('A1', 'A'), unit('A2', 'A'));
    expect(mayBe(two)).toBe(true);
    const { nodes } = formed(two, sizes).tree;
    expect(Evaluation.mayBeSummed(nodes, nodes[0]!, ofOwnAndBelow, () => 'the same')).toBe(false);
    // Who reads one more of them could subtract to the other.
    const ofOneMore = (node: TreeNode) => ofOwnAndBelow(node) || node.units[0] === 'A1';
    expect(Evaluation.mayBeSummed(nodes, nodes[0]!, ofOneMore)).toBe(false);
  });
});
