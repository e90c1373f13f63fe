import { and, eq } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import * as Help from '#domain/help.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { round } from '#server/schema.ts';

/** A round that asks residents, who may be helped to answer; null: there is no such round. */
export async function ofResidents(main: Main, id: string): Promise<rounds.RoundRow | null> {
  const found = await rounds.find(main, id);
  return found && (await questionnaires.kindOf(main, found.questionnaireId)) === 'resident' ? found : null;
}

/** Writes down who may help the residents of a round to answer. Only while planned: then it is approved and frozen with the rest. */
export async function decide(
  main: Main,
  of: rounds.RoundRow,
  help: Help.Help,
  now: Date,
  permit: Permit<'round.plan'>,
): Promise<{ ok: true } | { ok: false; refusals: (Help.Fault | 'wrong-state')[] }> {
  const refusals = Help.faults(help, Day.at(now));
  if (refusals.length > 0) return { ok: false, refusals };
  return await main.transaction(async (tx) => {
    const changed = await tx
      .update(round)
      .set({ help: { ...help, caseNumber: help.caseNumber.trim() } })
      .where(and(eq(round.id, of.id), eq(round.state, 'planned')))
      .returning({ id: round.id });
    if (changed.length === 0) return { ok: false, refusals: ['wrong-state'] };
    await rounds.note(tx, of.id, 'replan', now, permit.by);
    return { ok: true };
  });
}
