import { eq, inArray, sql } from 'drizzle-orm';
import type { Status } from '#domain/measure.ts';
import * as Plan from '#domain/plan.ts';
import type { Main } from '#server/db.ts';
import { hold } from '#server/meetings.ts';
import { measure, measureGoal, measurePoint, meeting, point } from '#server/schema.ts';
import * as steps from '#server/steps.ts';

/**
 * Takes the step 'planned' of a meeting's unit when the meeting has agreed and its measures stand in plans, and takes it
 * back where they no longer do. Whoever places, lifts, agrees, or ties a measure to a point calls this in the same
 * transaction; the meeting's row makes them wait for each other, so that the last of two always sees what the first did.
 */
export async function settle(tx: Main, meetingId: string, now: Date, by: string | null): Promise<void> {
  const held = await hold(tx, meetingId);
  if (!held?.agreedAt) return;
  const { roundId, unitId } = held;
  if (Plan.isPlanned(await standing(tx, meetingId)))
    await steps.take(tx, roundId, unitId, 'planned', now, by);
  else await steps.untake(tx, roundId, unitId, 'planned');
}

/**
 * Locks the meetings of these points, in one order for all, before a measure is tied to one or lifted from it: so that
 * no meeting counts its measures meanwhile. Gives their ids.
 */
export async function lockOf(tx: Main, pointIds: string[]): Promise<string[]> {
  const rows = await tx
    .select({ id: meeting.id })
    .from(meeting)
    .where(
      inArray(meeting.id, tx.select({ id: point.meetingId }).from(point).where(inArray(point.id, pointIds))),
    )
    .orderBy(meeting.id)
    .for('update');
  return rows.map(({ id }) => id);
}

/** Settles the meetings whose points these measures serve, in one order for all, so that two never wait for each other in a ring. */
export async function settleServed(
  tx: Main,
  measureIds: string[],
  now: Date,
  by: string | null,
): Promise<void> {
  const rows = await tx
    .selectDistinct({ id: point.meetingId })
    .from(measurePoint)
    .innerJoin(point, eq(point.id, measurePoint.pointId))
    .where(inArray(measurePoint.measureId, measureIds))
    .orderBy(point.meetingId);
  for (const { id } of rows) await settle(tx, id, now, by);
}

/** The measures of a meeting's points, and whether each stands in some plan. */
const standing = (tx: Main, meetingId: string) =>
  tx
    .selectDistinct({
      id: measure.id,
      status: sql<Status>`${measure.status}`,
      stands: sql<boolean>`exists (select from ${measureGoal} where ${measureGoal.measureId} = ${measure.id})`,
    })
    .from(point)
    .innerJoin(measurePoint, eq(measurePoint.pointId, point.id))
    .innerJoin(measure, eq(measure.id, measurePoint.measureId))
    .where(eq(point.meetingId, meetingId));
