import { expect, test } from 'vitest';
import type { Questionnaire } from '#domain/questionnaire.ts';
import * as Reading from '#domain/reading-choice.ts';
import { asking } from '#tests/support/choices.ts';
import { release, tree } from '#tests/support/releases.ts';

const asked = asking(3, 4);
const home = tree.find(({ id }) => id === '0003')!;
const whole = tree.find(({ id }) => id === '0001')!;
const now = release({ of: asked, seed: 2, opened: '2029-03-01' });
const rows = (before: Questionnaire | null) =>
  Reading.choices(now, home, whole, before && release({ of: before, seed: 1 }));
const changed = (change: (q: Questionnaire) => void) => {
  const copy = structuredClone(asked);
  change(copy);
  return rows(copy).map(({ noEarlier }) => noEarlier);
};

test('each question has its answers in their order, the unit’s own counts and those of the level above', () => {
  const [one, several] = rows(null);
  expect(one).toMatchObject({ id: 'one', choose: 'one', noEarlier: 'first', earlier: null });
  expect(one!.ours!.chosen.reduce((a, b) => a + b)).toBe(one!.ours!.n);
  expect(several!.ours!.chosen.reduce((a, b) => a + b)).toBeGreaterThan(several!.ours!.n);
  expect(several!.above!.n).toBeGreaterThan(several!.ours!.n);
});

test('the largest share stands first, and equals as asked', () => {
  const options = ['a', 'b', 'c'].map((nb) => ({ nb }));
  expect(Reading.byShare({ options, ours: { n: 20, chosen: [4, 8, 8] } })).toEqual([1, 2, 0]);
  expect(Reading.byShare({ options, ours: null })).toEqual([0, 1, 2]);
  expect(Reading.share({ n: 20, chosen: [4, 8, 8] }, 0)).toBe(0.2);
  expect(Reading.share(null, 0)).toBeNull();
});

test('only the same question with the same answers is compared with the last time', () => {
  expect(changed(() => undefined)).toEqual([null, null]);
  expect(changed((q) => (q.scales[1]!.points[2]!.text.nb = 'Et annet svar'))).toEqual(['wording', null]);
  expect(changed((q) => q.scales[2]!.points.pop())).toEqual([null, 'wording']);
  expect(changed((q) => (q.scales[1]!.choose = 'several'))).toEqual(['wording', null]);
  expect(changed((q) => (q.themes[1]!.statements[0]!.text.nb = 'Et annet spørsmål'))).toEqual([
    'wording',
    null,
  ]);
  expect(changed((q) => (q.themes[1]!.statements[0]!.scale = 'agree'))).toEqual(['wording', null]);
  expect(changed((q) => q.themes[1]!.statements.pop())).toEqual([null, 'not-asked']);
});

test('a unit that is put together of two has the sum of both, worked out from what was shown', () => {
  const before = release({ of: asked, seed: 1 });
  const later = structuredClone(now);
  const nodes = later.tree.filter(({ id }) => id !== '0005');
  const one = nodes.find(({ id }) => id === '0004')!;
  Object.assign(one, { units: ['NY'], invited: 54 });
  Object.assign(later, { tree: nodes });
  delete later.results['0005'];
  const moves = ['S1', 'S2'].map((from) => ({ unit: 'NY', from, on: '2028-01-01' }));
  const [row] = Reading.choices(later, one, null, before, moves);
  const [a, b] = ['0004', '0005'].map((id) => before.results[id]?.choices?.one);
  expect(row!.earlier).toEqual({
    n: a!.n + b!.n,
    chosen: a!.chosen.map((count, i) => count + b!.chosen[i]!),
  });
});
