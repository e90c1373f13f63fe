import { expect, test } from 'vitest';
import * as Audit from '#domain/audit.ts';
import { NO_ANSWER } from '#domain/ballot.ts';
import type { Questionnaire } from '#domain/questionnaire.ts';
import type { ChoiceFigure, Release } from '#domain/release.ts';
import type { RoundTree } from '#domain/round.ts';
import { derivable } from '../support/attacker.ts';
import { asking, counted, ticked } from '../support/choices.ts';
import { type Ballots, chance, released, tree, type Unit } from '../support/survey.ts';

/*
 * Somebody wants to know what a colleague chose. He has the published counts of every question of named answers, adds and
 * subtracts them, and knows the rules. docs/decisions/choice.md.
 */

type Town = { asked: Questionnaire; units: RoundTree; ballots: Ballots };

/** Answers that few choose and answers that nearly all choose, as in real life; some leave a question out. */
function town(seed: number, size: number): Town {
  const next = chance(seed);
  const asked = asking(2 + next(4), 2 + next(4));
  const unit = (code: string, depth: number): Unit => {
    const under = Array.from({ length: depth === 0 ? 0 : next(4) }, (_, i) => unit(`${code}${i}`, depth - 1));
    return { code, under, ...(under.length > 0 && next(2) === 0 ? { staff: true } : {}) };
  };
  const units = tree([unit('K', 2)]);
  const [one, several] = asked.scales.slice(1).map(({ points }) => points.length) as [number, number];
  const likely = Array.from({ length: several }, () => [1, 2, 5, 8, 9, 10][next(6)]!);
  const lean = [0, 6, 9][next(3)]!;
  const person = () => {
    const chosen = likely.flatMap((of, i) => (next(10) < of ? [i] : []));
    const marks = ticked(asked, next(12) === 0 ? [] : chosen);
    return [
      1 + next(5),
      1 + next(5),
      next(9) === 0 ? NO_ANSWER : next(10) < lean ? 1 : 1 + next(one),
      1 + next(5),
      ...marks,
    ];
  };
  const groups = units.nodes.filter(({ group }) => group);
  const ballots = Object.fromEntries(
    groups.map(({ name }) => [name, Array.from({ length: next(size) }, person)]),
  );
  return { asked, units, ballots };
}

/** The figure of every node that has at least so many answers: what each unit is shown where nobody looks at the others. */
function alone({ asked, units, ballots }: Town, id: 'one' | 'several', least: number) {
  const under = (top: string) => {
    const ids = new Set([top]);
    for (const node of units.nodes) if (node.parent !== null && ids.has(node.parent)) ids.add(node.id);
    return units.nodes
      .filter((node) => node.group && ids.has(node.id))
      .flatMap(({ name }) => ballots[name] ?? []);
  };
  return new Map(
    units.nodes
      .map((node) => [node.id, counted(asked, id, under(node.id))] as const)
      .filter(([, { n }]) => n >= least),
  );
}

const ofRelease = ({ results }: Release, id: string): Map<string, ChoiceFigure> =>
  new Map(
    Object.entries(results).flatMap(([node, { choices }]) => {
      const figure = choices?.[id];
      return figure ? [[node, figure] as const] : [];
    }),
  );

/**
 * What he learns of each group whose counts can be worked out. few: it has fewer than ten; known: of an answer, all of it
 * chose it but one at most, or none did but one at most, so that he is right of nearly everybody.
 */
function learned({ asked, units, ballots }: Town, id: 'one' | 'several', shown: Map<string, unknown>) {
  return derivable(units, [...shown.keys()]).flatMap((groups) => {
    const { n, chosen } = counted(
      asked,
      id,
      groups.flatMap((name) => ballots[name] ?? []),
    );
    if (n === 0) return [];
    if (n < 10) return ['few'];
    const others =
      id === 'one' ? n - Math.max(...chosen) : Math.min(...chosen, ...chosen.map((of) => n - of));
    return others < 2 ? ['known'] : [];
  });
}

const towns = Array.from({ length: 120 }, (_, i) => {
  const of = town(i + 1, 15 + (i % 4) * 15);
  return { ...of, release: released(of.asked, of.units, of.ballots).release };
});
const questions = ['one', 'several'] as const;

test('where each unit is shown that has ten answers, he finds groups of few and groups that agree', () => {
  for (const id of questions) {
    const found = new Set(towns.flatMap((of) => learned(of, id, alone(of, id, 10))));
    expect([...found].sort(), id).toEqual(['few', 'known']);
  }
});

test('in what is released he finds neither, and the auditor finds nothing either', () => {
  const shown = { one: 0, several: 0 };
  for (const of of towns) {
    const { release } = of;
    expect(Audit.audit(release)).toEqual({ ok: true });
    for (const id of questions) {
      const figures = ofRelease(release, id);
      shown[id] += figures.size;
      expect(learned(of, id, figures)).toEqual([]);
    }
  }
  // Not safe by being empty.
  expect(shown.one).toBeGreaterThan(120);
  expect(shown.several).toBeGreaterThan(40);
});

test('what is shown is what was answered, to the last count', () => {
  for (const of of towns) {
    const { release } = of;
    for (const id of questions)
      for (const [node, figure] of ofRelease(release, id)) expect(figure).toEqual(alone(of, id, 0).get(node));
  }
});

/** The weaker rule that shows an answer by itself: wherever two chose it and two did not, and hides the others. */
const hiddenAlone = ({ n, chosen }: ChoiceFigure) => chosen.map((of) => (of < 2 || n - of < 2 ? null : of));

test('an answer that is hidden alone tells what it hides; all of them together tell of none', () => {
  let named = 0;
  let told = 0;
  for (const of of towns) {
    const figures = ofRelease(of.release, 'several');
    for (const { id, group } of of.units.nodes) {
      const figure = alone(of, 'several', 10).get(id);
      if (!group || !figure) continue;
      const shown = hiddenAlone(figure);
      // He says of a hidden answer, beside others that are shown: nobody chose this, or everybody, but for one at most.
      if (shown.includes(null) && shown.some((one) => one !== null)) named += 1;
    }
    // Of the product he sees no answer that is hidden beside others, nor one that he would have hidden.
    for (const product of figures.values()) {
      for (const seen of [product.chosen, hiddenAlone(product)]) expect(seen).not.toContain(null);
      told += 1;
    }
  }
  expect(named).toBeGreaterThan(40);
  expect(told).toBeGreaterThan(40);
});
