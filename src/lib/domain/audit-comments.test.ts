import { expect, test } from 'vitest';
import { audit } from '#domain/audit.ts';
import * as Opening from '#domain/opening.ts';
import type { Release } from '#domain/release.ts';
import * as ReleaseOf from '#domain/release.ts';
import * as Tally from '#domain/tally.ts';
import { commentFrame } from '../../../tests/support/comments.ts';
import { chance, tree } from '../../../tests/support/survey.ts';

const next = chance(3);
const units = tree([{ code: 'H', under: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] }]);
const idOf = (name: string) => units.nodes.find((node) => node.name === name)!.id;
const frame = commentFrame(units);

/** An opening in which so many answered in each unit, and each of the first wrote on both questions. */
function opened(of: Record<string, [answered: number, wrote: number]>): Opening.Opening {
  const opening = Opening.begin(frame);
  for (const [name, [answered, wrote]] of Object.entries(of))
    for (let i = 0; i < answered; i++) {
      Tally.add(opening.tally, idOf(name), [1 + next(5), 1 + next(5), 1 + next(5)]);
      opening.receipts.push(`${name}${i}`);
      if (i < wrote)
        opening.comments.forEach((all, q) => all.push({ group: idOf(name), text: `${name} ${q} ${i}` }));
    }
  return opening;
}
const built = async (opening: Opening.Opening) =>
  JSON.parse(await Opening.release(frame, opening)) as Release;

test('what is built passes, and is what was put before the readers', async () => {
  const opening = opened({ A: [12, 6], B: [20, 9], C: [7, 5] });
  const release = await built(opening);
  expect(audit(release)).toEqual({ ok: true });
  expect(Object.keys(release.comments!.lists)).toEqual([idOf('H'), idOf('B')].sort());
  const read = Opening.toRead(frame, opening);
  for (const { node, question, comments } of read)
    expect(release.comments!.lists[node]![question]).toEqual(comments.map(({ text }) => text));
  expect(read.flatMap(({ comments }) => comments)).toHaveLength(40);
});

test('a round that nobody wrote in has empty lists, and one that did not ask has none', async () => {
  expect((await built(opened({ A: [12, 0] }))).comments!.lists).toEqual({});
  const { comments: _, ...without } = frame;
  const release = JSON.parse(await Opening.release(without, opened({ A: [12, 6] }))) as Release;
  expect('comments' in release).toBe(false);
});

type Lists = NonNullable<Release['comments']>['lists'];
const five = (of: string) => Array.from({ length: 5 }, (_, i) => `${of} ${i}`);
const [A, C, H] = [idOf('A'), idOf('C'), idOf('H')];

test.each<[string, string, (release: Release, lists: Lists) => void]>([
  ['a list too short', 'few', (_, lists) => lists[A]!.best!.pop()],
  ['a list of too few', 'residual', (_, lists) => (lists[C] = { best: five('C') })],
  [
    'a list above less one below, by subtraction of those who answered',
    'residual',
    (_, lists) => {
      lists[H] = { best: five('H') };
      lists[idOf('B')] = { best: five('B') };
    },
  ],
  [
    'more comments than people',
    'negative',
    (_, lists) => (lists[A]!.best = [...five('A'), ...five('B'), ...five('C')]),
  ],
  ['an order that tells of something else', 'order', (_, lists) => lists[A]!.best!.reverse()],
  ['a unit that is withheld', 'outside', (release) => delete release.results[A]],
  ['a unit that is none', 'unknown', (_, lists) => (lists['9999'] = { best: five('x') })],
  ['a question that was not asked', 'unknown', (_, lists) => (lists[A]!.other = five('x'))],
  ['a limit under its floor', 'thresholds', (release) => (release.comments!.limits.comments = 4)],
  ['a hidden sign', 'shape', (_, lists) => (lists[A]!.best![4] += '\u202e')],
  ['words that are not tidy', 'shape', (_, lists) => (lists[A]!.best![4] += '  x')],
])('%s is found', async (_, rule, plant) => {
  const release = await built(opened({ A: [12, 6], B: [20, 9], C: [7, 0] }));
  release.comments!.lists = { [A]: { best: five('A') } };
  expect(audit(release)).toEqual({ ok: true });
  plant(release, release.comments!.lists);
  const judged = audit(release);
  expect(judged.ok ? [] : judged.findings.map((one) => one.rule)).toContain(rule);
});

test('a release has comments on nothing but what was asked', async () => {
  const release = await built(opened({ A: [12, 6] }));
  const read = ReleaseOf.read(JSON.stringify(release));
  if (!read.ok) throw new Error(JSON.stringify(read.findings));
  const asked = frame.questionnaire;
  expect(ReleaseOf.isAsked(read.release, asked)).toBe(true);
  expect(ReleaseOf.isAsked(read.release, { ...asked, comments: undefined as never })).toBe(false);
  expect(ReleaseOf.isAsked(read.release, { ...asked, comments: asked.comments!.slice(1) })).toBe(false);
});
