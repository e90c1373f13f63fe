import { and, eq } from 'drizzle-orm';
import * as Step from '#domain/step.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as meetings from '#server/meetings.ts';
import { sitting } from '#server/schema.ts';
import * as steps from '#server/steps.ts';

/** The results were presented without phones: a sitting that has been held, and step 3. */
export async function present(
  main: Main,
  of: { roundId: string; unitId: string; unitCode: string; releasedAt: Date },
  written: { day: string; tookPart: string },
  now: Date,
  permit: Permit<'meeting.lead'>,
): Promise<{ ok: true } | { ok: false; refusals: Step.PresentRefusal[] }> {
  const read = Step.presented(written, of.releasedAt, now);
  if (!read.ok) return read;
  const { heldAt, tookPart } = read;
  await main.transaction(async (tx) => {
    const meeting = await meetings.ensure(tx, of.roundId, of.unitCode, now, permit);
    if (!meeting.ok) throw new Error(`no meeting of ${of.unitCode} about ${of.roundId}`);
    await meetings.hold(tx, meeting.id);
    const same = and(eq(sitting.meetingId, meeting.id), eq(sitting.heldAt, heldAt), eq(sitting.place, ''));
    const corrected = await tx.update(sitting).set({ tookPart }).where(same).returning({ id: sitting.id });
    if (corrected.length === 0)
      await tx
        .insert(sitting)
        .values({ meetingId: meeting.id, startsAt: heldAt, place: '', heldAt, tookPart });
    await steps.take(tx, of.roundId, of.unitId, 'presented', heldAt, permit.by);
  });
  return { ok: true };
}
