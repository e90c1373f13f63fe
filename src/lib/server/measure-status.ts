import { desc, eq } from 'drizzle-orm';
import * as Measure from '#domain/measure.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { measure, measureEffect, measureStatus, person } from '#server/schema.ts';
import * as settling from '#server/settling.ts';

/** A row of a measure's history. by: a name, null for the program itself. */
export type Said = { id: number; status: Measure.Status; sentence: string; at: Date; by: string | null };

/** What has been said of a measure, newest first. */
export async function history(main: Main, measureId: string): Promise<Said[]> {
  const rows = await main
    .select({ said: measureStatus, by: person.name })
    .from(measureStatus)
    .leftJoin(person, eq(person.id, measureStatus.byId))
    .where(eq(measureStatus.measureId, measureId))
    .orderBy(desc(measureStatus.id));
  return rows.map(({ said: { id, status, sentence, at }, by }) => ({
    id,
    status: status as Measure.Status,
    sentence,
    at,
    by,
  }));
}

export type SetRefusal = 'unknown' | 'status' | 'newer' | Measure.StepRefusal;

/**
 * Writes a measure's status once, to be seen wherever it stands. seen: the row of the history that the writer had
 * before them; when somebody has written since, nothing is changed and the newest row shows it.
 */
export async function set(
  main: Main,
  measureId: string,
  wanted: { status: string; sentence: string; seen: number },
  now: Date,
  permit: Permit<'measure.status'>,
): Promise<{ ok: true } | { ok: false; refusal: SetRefusal }> {
  const { status } = wanted;
  const sentence = Measure.paragraphs(wanted.sentence);
  if (!Measure.isStatus(status)) return { ok: false, refusal: 'status' };
  return main.transaction(async (tx) => {
    const [held] = await tx.select().from(measure).where(eq(measure.id, measureId)).for('update');
    if (!held) return { ok: false, refusal: 'unknown' };
    const [newest] = await tx
      .select()
      .from(measureStatus)
      .where(eq(measureStatus.measureId, measureId))
      .orderBy(desc(measureStatus.id))
      .limit(1);
    if (newest && newest.id !== wanted.seen) {
      const isSentTwice =
        newest.byId === permit.by && newest.status === status && newest.sentence === sentence;
      return isSentTwice ? { ok: true } : { ok: false, refusal: 'newer' };
    }
    const stepped = Measure.step(held.status as Measure.Status, status, sentence);
    if (!stepped.ok) return stepped;
    await tx.update(measure).set({ status }).where(eq(measure.id, measureId));
    await tx.insert(measureStatus).values({ measureId, status, sentence, at: now, byId: permit.by });
    await settling.settleServed(tx, [measureId], now, permit.by);
    return { ok: true };
  });
}

export type AnswerRefusal = 'unknown' | Measure.AnswerRefusal;

/** Keeps the answer to "did it help?". seen: the answer the form began from; another's is never written over. */
export async function answer(
  main: Main,
  measureId: string,
  given: { answer: string; words: string; seen: Measure.Effect | null },
  now: Date,
  permit: Permit<'measure.status'>,
): Promise<{ ok: true } | { ok: false; refusal: AnswerRefusal }> {
  const words = Measure.paragraphs(given.words);
  return main.transaction(async (tx) => {
    const [held] = await tx.select().from(measure).where(eq(measure.id, measureId)).for('update');
    if (!held) return { ok: false, refusal: 'unknown' };
    const [kept] = await tx.select().from(measureEffect).where(eq(measureEffect.measureId, measureId));
    const effect = (kept?.answer ?? null) as Measure.Effect | null;
    if (kept && effect !== given.seen) {
      const isSentTwice = kept.byId === permit.by && kept.answer === given.answer && kept.words === words;
      return isSentTwice ? { ok: true } : { ok: false, refusal: 'answered' };
    }
    const answered = Measure.answer({ status: held.status as Measure.Status, effect }, given.answer, words);
    if (!answered.ok) return answered;
    const row = { answer: answered.answer, words, at: now, byId: permit.by };
    await tx
      .insert(measureEffect)
      .values({ measureId, ...row })
      .onConflictDoUpdate({ target: measureEffect.measureId, set: row });
    return { ok: true };
  });
}
