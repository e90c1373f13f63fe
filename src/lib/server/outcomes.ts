import { and, eq, isNull } from 'drizzle-orm';
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
  /** The answers are not counted yet, or the round is withdrawn: only beside the answers can the numbers add up. */
  | 'wrong-state'
  /** With the answers they are more than those invited. */
  | 'over'
  /** They were written before; like the figures they stand. */
  | 'written';

/**
 * Writes down what became of those who did not answer, once, beside the release. Said by group, so that each place's numbers
 * are looked at; kept as the sums of the round, no finer than they are shown.
 */
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
  const ballots = await releases.ballots(main, of.id);
  if (!ballots) return { ok: false, refusal: 'wrong-state' };
  const all = Outcome.total(groups(of).map(({ id }) => outcomes[id]!));
  if (!Outcome.isWithin(ballots, all)) return { ok: false, refusal: 'over' };
  const kept = Outcome.keep(all, of.thresholds.factor);
  return await main.transaction(async (tx) => {
    const changed = await tx
      .update(round)
      .set({ outcomes: kept })
      .where(and(eq(round.id, of.id), eq(round.state, 'closed'), isNull(round.outcomes)))
      .returning({ id: round.id });
    if (changed.length === 0) return { ok: false, refusal: 'wrong-state' };
    await rounds.note(tx, of.id, 'outcomes', now, permit.by);
    return { ok: true };
  });
}

/** The coverage of a whole round, once its outcomes are written; null before, and where its release is withdrawn. */
export async function coverage(main: Main, of: rounds.RoundRow) {
  const ballots = of.outcomes && (await releases.ballots(main, of.id));
  return of.outcomes && ballots ? Outcome.coverage(ballots, of.outcomes) : null;
}
