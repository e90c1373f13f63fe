import { expect, test } from 'vitest';
import * as Change from '#domain/change.ts';
import { chance, questionnaire, released, tree, type Unit } from '../../../tests/support/survey.ts';

const next = chance(3);
const some = (n: number) => Array.from({ length: n }, () => Array.from({ length: 3 }, () => 1 + next(5)));
const asked = questionnaire([2], 1);

const area = (under: string[]): Unit => ({
  code: 'N',
  under: under.map((code) => ({ code })),
  leaders: true,
});
const before = tree([{ code: 'K', under: [area(['A', 'B', 'C']), { code: 'S' }] }]);
const now = tree([{ code: 'K', under: [area(['A', 'B', 'D']), { code: 'S' }] }]);

const then = released(asked, before, {
  A: some(20),
  B: some(20),
  C: some(20),
  'N, leaders': some(12),
  S: some(15),
});
const later = released(asked, now, {
  A: some(20),
  B: some(6),
  D: some(20),
  'N, leaders': some(12),
  S: some(3),
});

const statement = (name: string, id = 'a1') =>
  Change.ofStatement(then.release, later.release, later.id(name), id);
const factor = (name: string, id = 'f1') => Change.ofFactor(then.release, later.release, later.id(name), id);

test('is the later mean less the earlier, where both are shown for the same units', () => {
  const [a, b] = [then, later].map(({ release, id }) => release.results[id('A')]!);
  expect(statement('A')).toMatchObject({ ok: true, change: b!.statements.a1!.mean - a!.statements.a1!.mean });
  const means = [a, b].map((result) => (result!.factors.f1 as { mean: number }).mean);
  expect(factor('A')).toMatchObject({ ok: true, change: means[1]! - means[0]! });
});

test('is withheld where one side is withheld or is only a bound', () => {
  expect(statement('B')).toEqual({ ok: false, refusal: 'withheld' });
  expect(factor('B').ok).toBe(true);
  expect(factor('S')).toEqual({ ok: false, refusal: 'withheld' });
  const bounded = structuredClone(later.release);
  bounded.results[later.id('A')]!.factors.f1 = { bound: 'high' };
  expect(Change.ofFactor(then.release, bounded, later.id('A'), 'f1')).toEqual({
    ok: false,
    refusal: 'withheld',
  });
});

test('is not given for units that are not the same', () => {
  expect(factor('D')).toEqual({ ok: false, refusal: 'reorganised' });
  expect(factor('N')).toEqual({ ok: false, refusal: 'reorganised' });
  expect(factor('K')).toEqual({ ok: false, refusal: 'reorganised' });
  expect(factor('N, leaders')).toEqual({ ok: false, refusal: 'reorganised' });
  expect(Change.counterpart(later.release, 'none', then.release)).toBe(null);
  expect(Change.counterpart(then.release, then.id('N, leaders'), then.release)?.name).toBe('N, leaders');
});

test('is not given for what was not asked, or was asked in other words', () => {
  const changed = (change: (earlier: typeof then.release) => void) => {
    const earlier = structuredClone(then.release);
    change(earlier);
    const of = (what: 'ofFactor' | 'ofStatement', id: string) => {
      const one = Change[what](earlier, later.release, later.id('A'), id);
      return one.ok ? 'given' : one.refusal;
    };
    return [of('ofFactor', 'f1'), of('ofStatement', 'f1s1'), of('ofStatement', 'a1')];
  };
  expect(changed(() => {})).toEqual(['given', 'given', 'given']);
  expect(changed((e) => e.statements.splice(0, 1))).toEqual(['not-asked', 'not-asked', 'given']);
  expect(changed((e) => e.factors.pop())).toEqual(['not-asked', 'given', 'given']);
  expect(changed((e) => e.factors[0]!.statements.pop())).toEqual(['not-asked', 'given', 'given']);
  expect(changed((e) => (e.statements[0]!.text.nb = 'Annet'))).toEqual(['wording', 'wording', 'given']);
  expect(changed((e) => (e.scales[0]!.points[0]!.text.nb = 'Annet'))).toEqual([
    'wording',
    'wording',
    'wording',
  ]);
});
