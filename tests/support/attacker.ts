import fc from 'fast-check';
import type { Release } from '#domain/release.ts';
import type { RoundTree, Thresholds } from '#domain/round.ts';
import { isNothing, span } from './span.ts';
import { type Ballots, chance, questionnaire, tree, type Unit } from './survey.ts';

/**
 * The attacker holds every published figure and every sum and difference of them. What he has of a group of persons
 * is that its indicator, over the leaves of the tree, is a combination of the indicators of the published nodes. All
 * 0/1 combinations are tried. Nothing here is shared with the program but the tree and the release.
 */
export function derivable(units: RoundTree, shown: string[], everybody = false): string[][] {
  const leaves = units.nodes.filter((node) => node.group);
  const isUnder = (id: string, top: string): boolean => {
    const parent = units.nodes.find((node) => node.id === id)!.parent;
    return id === top || (parent !== null && isUnder(parent, top));
  };
  const published = shown.map((top) => leaves.map((leaf) => (isUnder(leaf.id, top) ? 1 : 0)));
  if (everybody) published.push(leaves.map(() => 1));
  const { outside } = span(published);
  const groups: string[][] = [];
  for (let set = 1; set < 2 ** leaves.length; set++) {
    const wanted = leaves.map((_, i) => (set >> i) & 1);
    if (isNothing(outside(wanted))) groups.push(leaves.filter((_, i) => wanted[i]).map(({ name }) => name));
  }
  return groups;
}

/** Whether a mark is an answer. */
export const answered = (mark: number) => mark < 250;

/** The mean of some numbers. */
export const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * What is wrong with a group whose numbers can be derived, by its persons' answers to a figure's statements: too few
 * persons, too alike in what they say on the whole (who left out more than half says nothing), or answers too close
 * to an end of 1 to 5.
 */
function weakness(persons: number[][], limit: number): string | null {
  const given = persons.map((marks) => marks.filter(answered)).filter((marks) => marks.length > 0);
  const n = given.length;
  if (n === 0) return null;
  if (n < limit) return `${n} persons`;
  const scores = given.filter((marks) => marks.length * 2 >= persons[0]!.length).map(mean);
  const alike = scores.map((one) => scores.filter((other) => Math.abs(other - one) < 1e-9).length);
  if (scores.length - Math.max(0, ...alike) < 2) return 'nearly unanimous';
  const level = mean(given.flat());
  return n < 10 && (level > 4.8 - 1e-9 || level < 1.2 + 1e-9) ? 'at the end' : null;
}

/** Everything an attacker finds in a release, given the ballots that it was made of. */
export function leaks(release: Release, units: RoundTree, ballots: Ballots, limits: Thresholds): string[] {
  const shown = (has: (node: Release['results'][string]) => boolean) =>
    Object.entries(release.results).flatMap(([id, result]) => (has(result) ? [id] : []));
  const of = (groups: string[]) => groups.flatMap((name) => ballots[name] ?? []);
  const asked = release.statements.map(({ id }) => id);
  const found: string[] = [];
  const look = (figure: string, at: string[], limit: number, places: number[], also: string[] = []) => {
    for (const groups of derivable(units, [...at, ...also])) {
      const answers = of(groups).map((ballot) => places.map((at) => ballot[at]!));
      const weak = weakness(answers, limit);
      // Bounds give intervals, not figures: with them only the number and the spread are asked for.
      if (weak && !(also.length > 0 && weak === 'at the end'))
        found.push(`${figure} of ${groups.join(' + ')}: ${weak}`);
    }
  };
  const ids = shown(() => true);
  if (ids.length > 0)
    for (const groups of derivable(units, ids, true)) {
      const n = of(groups).length;
      if (n > 0 && n < limits.factor) found.push(`ballots of ${groups.join(' + ')}: ${n}`);
    }
  for (const { id, statements } of release.factors) {
    const places = statements.map((one) => asked.indexOf(one));
    const limit = statements.length === 1 ? limits.statement : limits.factor;
    const exact = shown(({ factors }) => factors[id] !== undefined && 'n' in factors[id]);
    const bounds = shown(({ factors }) => factors[id] !== undefined && 'bound' in factors[id]);
    look(id, exact, limit, places);
    if (bounds.length > 0) look(`${id} with bounds`, exact, limit, places, bounds);
    const full = shown((node) => statements.some((one) => node.statements[one]));
    for (const groups of derivable(units, full)) {
      const marks = of(groups).map((ballot) => places.map((at) => ballot[at]!));
      const all = marks.filter((given) => given.every(answered)).length;
      if (marks.some((given) => given.some(answered)) && all < limits.statement)
        found.push(`all of ${id} of ${groups.join(' + ')}: ${all}`);
    }
  }
  asked.forEach((id, at) => {
    const nodes = shown(({ statements }) => statements[id] !== undefined);
    look(id, nodes, limits.statement, [at]);
  });
  return found;
}

/** What the ballots below answer: two factors and a statement outside them. */
export const asked = questionnaire([2, 1], 1);

/** Up to nine groups of few people, under up to three levels, in moods from agreed to divided. */
export const cases: fc.Arbitrary<{ units: RoundTree; ballots: Ballots }> = fc
  .record({
    areas: fc.array(fc.array(fc.nat(2), { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    extra: fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }),
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
    mood: fc.nat(4),
  })
  .map(({ areas, extra, seed, mood }) => {
    const own = (kind = 0): Partial<Unit> => ({
      ...(kind & 1 ? { staff: true as const } : {}),
      ...(kind & 2 ? { leaders: true as const } : {}),
    });
    const under = areas.slice(0, 3).map((departments, a): Unit => {
      const code = `A${a}`;
      if (departments.length === 0) return { code };
      return {
        code,
        under: departments.slice(0, 2).map((_, d) => ({ code: `${code}${d}` })),
        ...own(extra[a]),
      };
    });
    const units = tree([{ code: 'K', under, ...own(extra[3]) }]);
    const next = chance(seed);
    const marks = [
      () => [3, 4, 5][next(3)]!,
      () => (next(8) === 0 ? 4 : 5),
      () => (next(6) === 0 ? 1 + next(5) : 4),
      () => [1, 2, 3, 4, 5, 253, 254, 255][next(8)]!,
      () => (next(12) === 0 ? 255 : 1 + next(5)),
    ];
    const ballots: Ballots = {};
    for (const { name, group } of units.nodes) {
      const mark = marks[next(3) === 0 ? next(5) : mood]!;
      if (group) ballots[name] = Array.from({ length: next(14) }, () => Array.from({ length: 4 }, mark));
    }
    return { units, ballots };
  });
