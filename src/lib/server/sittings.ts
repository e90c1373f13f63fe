import { and, asc, eq, sql } from 'drizzle-orm';
import * as Meeting from '#domain/meeting.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { sitting } from '#server/schema.ts';

/** A sitting of the meeting. tookPart: counted, not named; null until it was held. */
type SittingRow = {
  id: string;
  startsAt: Date;
  place: string;
  heldAt: Date | null;
  tookPart: number | null;
};

/** A meeting's sittings, by time. */
export async function list(main: Main, id: string): Promise<SittingRow[]> {
  return await main
    .select({
      id: sitting.id,
      startsAt: sitting.startsAt,
      place: sitting.place,
      heldAt: sitting.heldAt,
      tookPart: sitting.tookPart,
    })
    .from(sitting)
    .where(eq(sitting.meetingId, id))
    .orderBy(asc(sitting.startsAt), asc(sitting.id));
}

type SittingOutcome = { ok: true } | { ok: false; refusals: (Meeting.SittingRefusal | 'unknown')[] };
const gone: SittingOutcome = { ok: false, refusals: ['unknown'] };
const oneOf = (id: string, sittingId: string) =>
  and(eq(sitting.meetingId, id), eq(sql`${sitting.id}::text`, sittingId));

/** Plans a sitting, or (with an id) changes one. */
export async function plan(
  main: Main,
  id: string,
  sittingId: string | null,
  planned: Meeting.Planned,
  _permit: Permit<'meeting.lead'>,
): Promise<SittingOutcome> {
  const refusals = Meeting.sittingFaults(planned);
  if (refusals.length > 0) return { ok: false, refusals };
  const written = { startsAt: planned.startsAt!, place: planned.place.trim() };
  if (sittingId === null) {
    await main.insert(sitting).values({ meetingId: id, ...written });
    return { ok: true };
  }
  const changed = await main
    .update(sitting)
    .set(written)
    .where(oneOf(id, sittingId))
    .returning({ id: sitting.id });
  return changed.length > 0 ? { ok: true } : gone;
}

/** A sitting was held, and so many took part: counted, not named. Said again, the number is corrected. */
export async function held(
  main: Main,
  id: string,
  sittingId: string,
  typed: string,
  now: Date,
  _permit: Permit<'meeting.lead'>,
): Promise<SittingOutcome> {
  const tookPart = Meeting.tookPart(typed);
  if (tookPart === null) return { ok: false, refusals: ['took-part'] };
  const heldAt = sql`coalesce(${sitting.heldAt}, ${now.toISOString()})`;
  const counted = await main
    .update(sitting)
    .set({ tookPart, heldAt })
    .where(oneOf(id, sittingId))
    .returning({ id: sitting.id });
  return counted.length > 0 ? { ok: true } : gone;
}

/** Takes a planned sitting away; one that was held stays. */
export async function cancel(main: Main, id: string, sittingId: string, _permit: Permit<'meeting.lead'>) {
  await main.delete(sitting).where(and(oneOf(id, sittingId), sql`${sitting.heldAt} is null`));
}
