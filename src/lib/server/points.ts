import { and, asc, desc, eq, inArray } from 'drizzle-orm';
import type { Kind, Source } from '#domain/point.ts';
import type { Main } from '#server/db.ts';
import { meeting, measurePoint, point, release, round, unit } from '#server/schema.ts';

/** A point as every page meets it: whose, from which round. agreedAt: null until the meeting has agreed. */
export type PointRow = {
  id: string;
  kind: Kind;
  title: string;
  source: Source;
  ref: string;
  position: number;
  carriedFromId: string | null;
  version: number;
  meeting: { id: string; agreedAt: Date | null; fewerReason: string | null };
  round: { id: string; name: string; releasedAt: Date };
  unit: { id: string; code: string; name: string };
};

export type Which = {
  ids?: string[];
  meetingIds?: string[];
  unitIds?: string[];
  measureId?: string;
};

/** Points, those of the newest round first, then keep before improve. */
export async function list(main: Main, which: Which): Promise<PointRow[]> {
  const served = (measureId: string) =>
    main.select({ id: measurePoint.pointId }).from(measurePoint).where(eq(measurePoint.measureId, measureId));
  const wanted = [
    which.ids && inArray(point.id, which.ids),
    which.meetingIds && inArray(point.meetingId, which.meetingIds),
    which.unitIds && inArray(meeting.unitId, which.unitIds),
    which.measureId !== undefined && inArray(point.id, served(which.measureId)),
  ].filter((one) => typeof one === 'object');
  const rows = await main
    .select({
      point,
      meeting: { id: meeting.id, agreedAt: meeting.agreedAt, fewerReason: meeting.fewerReason },
      round: { id: round.id, name: round.name, releasedAt: release.releasedAt },
      unit: { id: unit.id, code: unit.code, name: unit.name },
    })
    .from(point)
    .innerJoin(meeting, eq(meeting.id, point.meetingId))
    .innerJoin(round, eq(round.id, meeting.roundId))
    .innerJoin(release, eq(release.roundId, round.id))
    .innerJoin(unit, eq(unit.id, meeting.unitId))
    .where(and(...wanted))
    .orderBy(desc(release.releasedAt), asc(unit.code), desc(point.kind), asc(point.position), asc(point.id));
  return rows.map(({ point: of, ...rest }) => ({
    id: of.id,
    kind: of.kind as Kind,
    title: of.title,
    source: of.source as Source,
    ref: of.ref,
    position: of.position,
    carriedFromId: of.carriedFromId,
    version: of.version,
    ...rest,
  }));
}
