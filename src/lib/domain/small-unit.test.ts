import { describe, expect, it } from 'vitest';
import { form, type GroupPerson, type GroupUnit } from '#domain/group.ts';
import {
  choose,
  type Choices,
  type Chosen,
  type Ground,
  misfits,
  outlooks,
  stopsFreezing,
} from '#domain/small-unit.ts';

const thresholds = { factor: 5, statement: 10, invited: 7 };
const unit = (code: string, parent: string | null): GroupUnit => ({ code, name: code, parent, level: null });

/** A municipality K of so many departments with so many staff. */
function ground(sizes: Record<string, number>, merges: string[][] = []): Ground {
  const units = [unit('K', null), ...Object.keys(sizes).map((code) => unit(code, 'K'))];
  const people = Object.entries(sizes).flatMap(([at, size]) =>
    Array.from({ length: size }, (_, i): GroupPerson => ({ id: `${at}-${i}`, unit: at, leads: [] })),
  );
  const { tree } = form(units, people, { invited: 7, floor: 5 }, merges, true);
  return { units, tree, staff: new Map(Object.entries(sizes)) };
}
const foreseen = (sizes: Record<string, number>, share: number, merges: string[][] = []) =>
  Object.fromEntries(
    outlooks(ground(sizes, merges), thresholds, share).map((one) => [one.unit.code, one.shows]),
  );

describe('what a unit is likely to get', () => {
  it.each([
    [{ A: 20, B: 20 }, 60, { K: 'statements', A: 'statements', B: 'statements' }],
    [{ A: 20, B: 20 }, 40, { K: 'statements', A: 'factors', B: 'factors' }],
    [{ A: 20, B: 20 }, 10, { K: 'nothing', A: 'nothing', B: 'nothing' }],
    [{ A: 8, B: 8, C: 20 }, 60, { K: 'statements', A: 'nothing', B: 'nothing', C: 'factors' }],
    // Two small sisters are put together by the rule, and get what the two together get.
    [{ A: 9, B: 5, C: 4 }, 60, { K: 'statements', A: 'factors', B: 'factors', C: 'factors' }],
  ])('of %j with %i per cent', (sizes, share, expected) => {
    expect(foreseen(sizes, share)).toEqual(expected);
  });

  it('foresees that a unit is withheld to protect a sister', () => {
    // Four answers in A would be the difference between K and B.
    expect(foreseen({ A: 8, B: 20 }, 60)).toEqual({ K: 'statements', A: 'nothing', B: 'nothing' });
  });

  it('says whom a unit is counted with', () => {
    const [, a] = outlooks(ground({ A: 4, B: 5, C: 30 }), thresholds, 60);
    expect([a!.own, a!.together, a!.invited, a!.expected]).toEqual([false, ['B'], 4, 5]);
  });
});

const noChoices: Choices = { share: null, borrow: [], without: [], anyway: [] };
const nobody: Chosen = { merges: [], choices: noChoices };
const alone = outlooks(ground({ A: 8, B: 8, C: 30, D: 30 }), thresholds, 60);
const wanted = { unit: 'A', choice: 'together' as const, sisters: ['B'], anyway: false };

describe('choosing', () => {
  it('puts small sisters together, and takes them out of what was chosen before', () => {
    const first = choose(nobody, alone, { ...wanted, choice: 'borrow' });
    const second = choose(first.ok ? first.chosen : nobody, alone, wanted);
    expect(second).toEqual({ ok: true, chosen: { merges: [['A', 'B']], choices: noChoices } });
    const third = choose(second.ok ? second.chosen : nobody, alone, {
      ...wanted,
      unit: 'B',
      choice: 'without',
    });
    expect(third).toEqual({ ok: true, chosen: { merges: [], choices: { ...noChoices, without: ['B'] } } });
  });

  it.each([
    [{ ...wanted, sisters: [] }, 'no-sister', []],
    [{ ...wanted, sisters: ['A'] }, 'no-sister', []],
    [{ ...wanted, sisters: ['K'] }, 'not-sisters', []],
    [{ ...wanted, sisters: ['Z'] }, 'not-sisters', []],
    [{ ...wanted, unit: 'Z' }, 'unknown', []],
    [{ ...wanted, sisters: ['C'] }, 'large', ['C']],
  ])('refuses %j: %s', (of, refusal, units) => {
    expect(choose(nobody, alone, of)).toEqual({ ok: false, refusal, units });
  });

  it('puts a large unit together when that is said', () => {
    const made = choose(nobody, alone, { ...wanted, sisters: ['C'], anyway: true });
    const choices = { ...noChoices, anyway: ['C'] };
    expect(made).toEqual({ ok: true, chosen: { merges: [['A', 'C']], choices } });
  });

  it('takes back also what is about a unit that is gone', () => {
    const old: Chosen = { merges: [['Y', 'Z']], choices: { ...noChoices, borrow: ['X'] } };
    const made = choose(old, alone, { ...wanted, unit: 'Z', choice: 'rule', sisters: [] });
    expect(made).toEqual({ ok: true, chosen: { merges: [], choices: { ...noChoices, borrow: ['X'] } } });
  });
});

describe('choices that the staff have outgrown', () => {
  const of = (chosen: Partial<Chosen['choices']>, merges: string[][], sizes: Record<string, number>) => {
    const now = outlooks(ground(sizes, merges), thresholds, 60);
    return misfits(
      { merges, choices: { ...noChoices, ...chosen } },
      now,
      outlooks(ground(sizes), thresholds, 60),
    );
  };
  it.each([
    ['all as chosen', of({ borrow: ['C'] }, [['A', 'B']], { A: 8, B: 8, C: 8, D: 8 }), []],
    ['nobody left', of({}, [['A', 'B']], { A: 8, B: 0 }), [{ why: 'gone', units: ['A', 'B'] }]],
    ['grown', of({}, [['A', 'B']], { A: 8, B: 20, C: 8 }), [{ why: 'large', units: ['B'] }]],
    ['grown, all the same', of({ anyway: ['B'] }, [['A', 'B']], { A: 8, B: 20, C: 8 }), []],
    ['figures after all', of({ without: ['A'] }, [], { A: 20 }), [{ why: 'shown', units: ['A'] }]],
    ['a unit that is gone', of({ borrow: ['Z'] }, [], { A: 20 }), [{ why: 'gone', units: ['Z'] }]],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('waits for HR only where the groups would be others than chosen', () => {
    expect(
      (['gone', 'not-sisters', 'large', 'shown'] as const).map((why) => stopsFreezing({ why, units: [] })),
    ).toEqual([true, true, true, false]);
  });
});
