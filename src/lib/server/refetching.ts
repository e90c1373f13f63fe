import { and, eq } from 'drizzle-orm';
import { perhapsFetched, waitsForDecision } from '#domain/restored.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { events, note, type RoundRow } from '#server/rounds.ts';
import { issued, round } from '#server/schema.ts';
import { takeTurns } from '#server/shaker.ts';

/**
 * After main was restored: lets those fetch a paper whose invitation was not used in the copy. Somebody may then have
 * two, and answer twice.
 */
export const letFetch = (
  main: Main,
  roundId: string,
  now: Date,
  permit: Permit<'round.refetch'>,
): Promise<{ ok: true } | { ok: false; refusal: 'wrong-state' }> =>
  main.transaction(async (tx) => {
    const [found] = (await tx.select().from(round).where(eq(round.id, roundId)).for('update')) as RoundRow[];
    if (!found || !waitsForDecision(found.state, await events(tx, roundId)))
      return { ok: false, refusal: 'wrong-state' };
    await tx.execute(takeTurns);
    await tx.delete(issued).where(and(eq(issued.roundId, roundId), eq(issued.blindedHash, perhapsFetched)));
    await note(tx, roundId, 'let fetch', now, permit.by);
    return { ok: true };
  });
