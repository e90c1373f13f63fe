import { and, asc, eq, isNotNull } from 'drizzle-orm';
import * as Cause from '#domain/cause.ts';
import * as Day from '#domain/day.ts';
import { isLate } from '#domain/measure.ts';
import type { Kind } from '#domain/point.ts';
import type { Text } from '#domain/questionnaire.ts';
import * as causes from '#server/causes.ts';
import * as confirmations from '#server/confirmations.ts';
import * as Meeting from '#domain/meeting.ts';
import type { Main } from '#server/db.ts';
import * as measures from '#server/measures.ts';
import * as meetings from '#server/meetings.ts';
import * as points from '#server/points.ts';
import * as remarks from '#server/remarks.ts';
import { candidate, sitting } from '#server/schema.ts';

/** A point with all that hangs on it. carriedFrom: the round it was first chosen after. */
type FullPoint = points.PointRow & {
  carriedFrom: string | null;
  causes: Cause.Branch[];
  /** late: past its day and not finished. */
  measures: (measures.MeasureRow & { late: boolean })[];
};

/** What came of a unit's meeting so far; null: it has none. */
export type Minutes = {
  meetingId: string;
  agreedAt: Date | null;
  fewerReason: string | null;
  /** Those held. Counted, not named. */
  sittings: { heldAt: Date; place: string; tookPart: number | null }[];
  /** null until the voting has ended. */
  voters: number | null;
  /** Most votes first; empty where they are not shown. */
  tallies: { kind: Kind; title: Text; votes: number }[];
  points: FullPoint[];
  confirmations: confirmations.ConfirmationRow[];
  remarks: remarks.RemarkRow[];
};

export async function ofUnit(
  main: Main,
  roundId: string,
  unitId: string,
  now: Date,
): Promise<Minutes | null> {
  const found = await meetings.ofUnit(main, roundId, unitId);
  if (!found) return null;
  const { id, agreedAt, fewerReason, voters } = found;
  const [sittings, proposed, chosen, confirmed, remarked] = await Promise.all([
    main
      .select({ heldAt: sitting.heldAt, place: sitting.place, tookPart: sitting.tookPart })
      .from(sitting)
      .where(and(eq(sitting.meetingId, id), isNotNull(sitting.heldAt)))
      .orderBy(asc(sitting.heldAt), asc(sitting.id)),
    main.select().from(candidate).where(eq(candidate.meetingId, id)),
    points.list(main, { meetingIds: [id] }),
    confirmations.ofMeeting(main, id),
    remarks.list(main, { meetingId: id }),
  ]);
  const showsVotes = voters !== null && voters >= Meeting.fewestVoters;
  return {
    meetingId: id,
    agreedAt,
    fewerReason,
    sittings: sittings.map((one) => ({ ...one, heldAt: one.heldAt! })),
    voters,
    tallies: showsVotes
      ? proposed
          .map((row) => ({ kind: row.kind as Kind, title: row.title as Text, votes: row.votes }))
          .sort((a, b) => b.votes - a.votes)
      : [],
    points: await full(main, chosen, now),
    confirmations: confirmed,
    remarks: remarked,
  };
}

/** Points with their causes and measures, and where they were carried from. */
export async function full(main: Main, of: points.PointRow[], now: Date): Promise<FullPoint[]> {
  const today = Day.at(now);
  const before = of.flatMap(({ carriedFromId }) => carriedFromId ?? []);
  const [causesOf, earlier, ...measuresOf] = await Promise.all([
    causes.list(
      main,
      of.map(({ id }) => id),
    ),
    points.list(main, { ids: before }),
    ...of.map(({ id }) => measures.list(main, { pointIds: [id] }, now)),
  ]);
  const roundOf = new Map(earlier.map((one) => [one.id, one.round.name]));
  return of.map((one, i) => ({
    ...one,
    carriedFrom: one.carriedFromId && (roundOf.get(one.carriedFromId) ?? null),
    causes: Cause.trees(causesOf.get(one.id) ?? []),
    measures: (measuresOf[i] ?? []).map((row) => ({ ...row, late: isLate(row, today) })),
  }));
}
