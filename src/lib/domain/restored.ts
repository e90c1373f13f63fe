import { type State, unfrozen } from '#domain/round.ts';

/** What the box holds of a round. intake: it takes ballots; any: there is at least one. */
export type InBox = { release: boolean; held: boolean; intake: boolean; any: boolean };

/**
 * What becomes of a round when main comes back from a copy; the box, which is newer, decides. stays: as it was in the
 * copy; stopped, closed: that happened since; gone: no result can come of it any more, and it is withdrawn.
 */
export function fate(inCopy: State, box: InBox): 'stays' | 'stopped' | 'closed' | 'gone' {
  if (inCopy === 'closed' || inCopy === 'withdrawn') return 'stays';
  if (box.release) return 'closed';
  // Frozen after the copy was taken: the keys that its ballots came with are in no copy.
  if (unfrozen.includes(inCopy)) return box.intake || box.any ? 'gone' : 'stays';
  if (!box.held) return 'gone';
  const stopped = !box.intake && (inCopy === 'open' || (inCopy === 'frozen' && box.any));
  return stopped ? 'stopped' : 'stays';
}

/**
 * The mark of an invitation whose paper may have been fetched after the copy: where the hash of the blinded message
 * stands, and no message has this one.
 */
export const perhapsFetched = new Uint8Array(32);

/** Whether HR still has to decide if those whose papers may have been fetched are let fetch again. Events oldest first. */
export const waitsForDecision = (state: State, events: { event: string }[]): boolean =>
  ['frozen', 'open'].includes(state) &&
  events.findLast(({ event }) => ['restore', 'let fetch', 'freeze'].includes(event))?.event === 'restore';
