import { and, eq } from 'drizzle-orm';
import type { Assessment } from '#domain/assessment.ts';
import type { Main } from '#server/db.ts';
import type { Gate, Permit } from '#server/gate.ts';
import type { Evaluation } from '#server/evaluations.ts';
import { assessment } from '#server/schema.ts';

type Of = Pick<Evaluation, 'round' | 'unit'>;
export type Kept = Assessment & { writtenAt: Date; sharedAt: Date | null };

const its = ({ round, unit }: Of) => and(eq(assessment.roundId, round.id), eq(assessment.unitId, unit.id));

/** The leader's own note, for the leader, and for the leader above once it is shared; null: none that this reader sees. */
export async function seen(
  main: Main,
  gate: Gate,
  of: Of & Pick<Evaluation, 'subject'>,
): Promise<Kept | null> {
  const [kept] = await main.select().from(assessment).where(its(of));
  if (!kept || !gate.may('assessment.see', { ...of.subject, sharedAt: kept.sharedAt })) return null;
  const { answers, words, writtenAt, sharedAt } = kept;
  return { answers, words, writtenAt, sharedAt };
}

/** Writes the note, in place of what stood there. What is written anew is shared anew. */
export async function write(
  main: Main,
  of: Of,
  note: Assessment,
  now: Date,
  _permit: Permit<'assessment.write'>,
): Promise<void> {
  const values = { ...note, writtenAt: now, sharedAt: null };
  await main
    .insert(assessment)
    .values({ roundId: of.round.id, unitId: of.unit.id, ...values })
    .onConflictDoUpdate({ target: [assessment.roundId, assessment.unitId], set: values });
}

/** Shares the note with the leader above from now on, or (null) takes it back. */
export async function share(
  main: Main,
  of: Of,
  at: Date | null,
  _permit: Permit<'assessment.write'>,
): Promise<void> {
  await main.update(assessment).set({ sharedAt: at }).where(its(of));
}

export async function remove(main: Main, of: Of, _permit: Permit<'assessment.write'>): Promise<void> {
  await main.delete(assessment).where(its(of));
}
