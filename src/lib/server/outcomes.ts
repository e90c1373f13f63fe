import { and, eq, inArray, isNull } from 'drizzle-orm';
import * as Outcome from '#domain/outcome.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as releases from '#server/releases.ts';
import * as rounds from '#server/rounds.ts';
import { round } from '#server/schema.ts';

/** The groups of a round whose outcomes are written down. */
export const groups = (of: rounds.RoundRow) => (of.tree?.nodes ?? []).filter(({ group }) => group);

export type Refusal =
  | Outcome.Refusal
  /** Answers are still taken, or the round is withdrawn. */
  | 'wrong-state'
  /** They were written before; like the figures they stand. */
  | 'written';

/** Writes down what became of those who did not answer, in every group, once, after the window. */
export async function write(
  main: Main,
  of: rounds.RoundRow,
  outcomes: Record<string, Outcome.Outcome>,
  now: Date,
  permit: Permit<'round.plan'>,
): Promise<{ ok: true } | { ok: false; refusal: Refusal }> {
  if (of.outcomes) return { ok: false, refusal: 'written' };
  for (const { id, invited } of groups(of)) {
    const refusal = outcomes[id] ? Outcome.fault(outcomes[id], invited) : 'number';
    if (refusal) return { ok: false, refusal };
  }
  const kept = Object.fromEntries(groups(of).map(({ id }) => [id, outcomes[id]!]));
  return await main.transaction(async (tx) => {
    const changed = await tx
      .update(round)
      .set({ outcomes: kept })
      .where(and(eq(round.id, of.id), inArray(round.state, ['stopped', 'closed']), isNull(round.outcomes)))
      .returning({ id: round.id });
    if (changed.length === 0) return { ok: false, refusal: 'wrong-state' };
    await rounds.note(tx, of.id, 'outcomes', now, permit.by);
    return { ok: true };
  });
}

/** The coverage of a whole round, once its outcomes are written and its figures released; null before. */
export async function coverage(main: Main, of: rounds.RoundRow) {
  const ballots = of.outcomes && (await releases.ballots(main, of.id));
  if (!of.outcomes || !ballots) return null;
  return Outcome.coverage(ballots, Outcome.total(Object.values(of.outcomes)), of.thresholds.factor);
}
