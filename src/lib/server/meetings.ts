import { and, eq } from 'drizzle-orm';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { meeting, release, unit } from '#server/schema.ts';

export type MeetingRow = typeof meeting.$inferSelect;

/** A unit's meeting about a round; null: none yet. */
export async function ofUnit(main: Main, roundId: string, unitId: string): Promise<MeetingRow | null> {
  const [found] = await main
    .select()
    .from(meeting)
    .where(and(eq(meeting.roundId, roundId), eq(meeting.unitId, unitId)));
  return found ?? null;
}

/** The unit's meeting about a released round, made when there is none. */
export async function ensure(
  main: Main,
  roundId: string,
  unitCode: string,
  now: Date,
  permit: Permit<'meeting.lead'>,
): Promise<{ ok: true; id: string } | { ok: false; refusal: 'unknown' }> {
  const [at] = await main
    .select({ unitId: unit.id })
    .from(unit)
    .innerJoin(release, eq(release.roundId, roundId))
    .where(eq(unit.code, unitCode));
  if (!at) return { ok: false, refusal: 'unknown' };
  await main
    .insert(meeting)
    .values({ roundId, unitId: at.unitId, stage: 'preparing', createdAt: now, createdBy: permit.by })
    .onConflictDoNothing();
  return { ok: true, id: (await ofUnit(main, roundId, at.unitId))!.id };
}
