import { describe, expect, it } from 'vitest';
import { fate, type InBox, waitsForDecision } from '#domain/restored.ts';
import type { State } from '#domain/round.ts';

const box = (over: Partial<InBox> = {}): InBox => ({
  release: false,
  held: true,
  intake: false,
  any: false,
  ...over,
});
const released = box({ held: false, release: true });
const nothing = box({ held: false });

describe('what becomes of a round', () => {
  it.each<[State, string, InBox, ReturnType<typeof fate>]>([
    ['planned', 'nothing', nothing, 'stays'],
    ['approved', 'a table of a freezing that never opened', box(), 'stays'],
    ['approved', 'ballots', box({ any: true }), 'gone'],
    ['approved', 'an open intake', box({ intake: true }), 'gone'],
    ['approved', 'a release', released, 'closed'],
    ['frozen', 'an empty table', box(), 'stays'],
    ['frozen', 'an open intake', box({ intake: true }), 'stays'],
    ['frozen', 'ballots and no intake', box({ any: true }), 'stopped'],
    ['frozen', 'nothing', nothing, 'gone'],
    ['open', 'an open intake', box({ intake: true, any: true }), 'stays'],
    ['open', 'no intake', box({ any: true }), 'stopped'],
    ['open', 'a release', released, 'closed'],
    ['open', 'nothing', nothing, 'gone'],
    ['stopped', 'its ballots', box({ any: true }), 'stays'],
    ['stopped', 'a release', released, 'closed'],
    ['stopped', 'nothing', nothing, 'gone'],
    ['closed', 'nothing', nothing, 'stays'],
    ['withdrawn', 'ballots that a crash left', box({ any: true }), 'stays'],
  ])('%s in the copy, %s in the box: %#', (state, _, inBox, becomes) => {
    expect(fate(state, inBox)).toBe(becomes);
  });
});

describe('the decision', () => {
  const of = (...events: string[]) => events.map((event) => ({ event }));
  it.each<[State, { event: string }[], boolean]>([
    ['open', of('plan', 'freeze', 'open', 'restore'), true],
    ['frozen', of('plan', 'freeze', 'restore'), true],
    ['open', of('restore', 'let fetch'), false],
    ['open', of('restore', 'let fetch', 'restore'), true],
    ['frozen', of('restore', 'thaw', 'freeze'), false],
    ['open', of('freeze', 'open'), false],
    ['stopped', of('freeze', 'open', 'restore'), false],
  ])('%s after %o waits: %s', (state, events, waits) => {
    expect(waitsForDecision(state, events)).toBe(waits);
  });
});
