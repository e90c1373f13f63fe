import { and, asc, count, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { merge } from '#domain/merge.ts';
import * as Meeting from '#domain/meeting.ts';
import * as Point from '#domain/point.ts';
import type { Kind, Offer, Source, Written } from '#domain/point.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import type { Figures } from '#server/releases.ts';
import {
  candidate,
  cause,
  meeting,
  measurePoint,
  point,
  release,
  round,
  sitting,
  step,
  unit,
  usedTicket,
} from '#server/schema.ts';
import * as meetings from '#server/meetings.ts';
import * as settling from '#server/settling.ts';
import * as steps from '#server/steps.ts';

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

/** What a meeting can make points of. votes: null until they are shown. */
export type Offers = {
  /** How many voted; null until it may be shown. */
  voters: number | null;
  candidates: (Offer & { kind: Kind; votes: number | null })[];
  shown: Offer[];
  earlier: (Offer & { kind: Kind; round: string })[];
  chosen: Offer[];
};

/** As it was written, whatever the reader's language. */
const asWritten = (title: string) => ({ nb: title });

/**
 * What the room has put forward (most votes first), what is shown of its result, the points the unit agreed on before
 * this round, newest first, and what is chosen already.
 */
export async function offers(
  main: Main,
  of: { roundId: string; unitId: string },
  figures: Figures | null,
  unitCode: string,
): Promise<Offers> {
  const found = await meetings.ofUnit(main, of.roundId, of.unitId);
  const [proposed, own] = found
    ? await Promise.all([
        main.select().from(candidate).where(eq(candidate.meetingId, found.id)).orderBy(asc(candidate.id)),
        list(main, { meetingIds: [found.id] }),
      ])
    : [[], []];
  const voters = found?.voters ?? null;
  const votesShown = voters !== null && voters >= Meeting.fewestVoters;
  return {
    voters: votesShown ? voters : null,
    // Until the votes are shown, not even the order may tell of them.
    candidates: proposed
      .sort((a, b) => (votesShown ? b.votes - a.votes : 0))
      .map((row) => ({
        kind: row.kind as Kind,
        source: row.source as Source,
        ref: row.ref,
        title: row.title as Offer['title'],
        votes: votesShown ? row.votes : null,
      })),
    shown: figures ? Point.offered(figures, unitCode) : [],
    earlier: await earlier(main, of),
    chosen: own.map(({ source, ref, title }) => ({ source, ref, title: asWritten(title) })),
  };
}

/** The points that a unit agreed on after the rounds before this one, newest first, each theme once: they can be carried over. */
export async function earlier(
  main: Main,
  of: { roundId: string; unitId: string },
): Promise<Offers['earlier']> {
  const [points, [at]] = await Promise.all([
    list(main, { unitIds: [of.unitId] }),
    main.select({ since: release.releasedAt }).from(release).where(eq(release.roundId, of.roundId)),
  ]);
  return Point.distinct(
    points
      .filter(({ meeting, round }) => meeting.agreedAt !== null && at && round.releasedAt < at.since)
      .map(({ id, kind, title, round }) => ({
        ...{ kind, source: 'earlier', ref: id, title: asWritten(title), round: round.name },
      })),
  );
}

export type ChooseRefusal =
  | Point.ChooseRefusal
  /** The meeting has agreed; somebody else has changed these fields meanwhile. */
  | { refusal: 'agreed' }
  | { refusal: 'changed'; conflicts: { field: keyof Written; theirs: string }[] }
  /** Points with causes or measures would go, and it was not said that they may. */
  | { refusal: 'drops'; titles: string[] };

/** What was typed: base is what the form began from, drop says that points with causes and measures may go. */
export type Typed = { base: Written; mine: Written; drop: boolean };

/**
 * Keeps the points a meeting has settled on. A point that stays keeps its causes and measures; measures of one that
 * goes stay with the unit. Refused with what is kept now (base) and what would be written (mine).
 */
export async function choose(
  main: Main,
  of: { meetingId: string; unitCode: string; figures: Figures | null },
  typed: Typed,
  language: string,
  _permit: Permit<'meeting.lead'>,
): Promise<{ ok: true } | { ok: false; refusals: ChooseRefusal[]; base: Written; mine: Written }> {
  return await main.transaction(async (tx) => {
    const held = (await meetings.hold(tx, of.meetingId))!;
    const before = await list(tx, { meetingIds: [held.id] });
    const base = Point.written(before, held.fewerReason);
    const { merged: mine, conflicts } = merge<Written>(typed.base, typed.mine, base);
    const refuse = (...refusals: ChooseRefusal[]) => ({ ok: false as const, refusals, base, mine });
    if (held.agreedAt) return refuse({ refusal: 'agreed' });
    if (conflicts.length > 0) return refuse({ refusal: 'changed', conflicts });
    const { candidates, shown, earlier, chosen } = await offers(tx, held, of.figures, of.unitCode);
    const known = [...candidates, ...shown, ...earlier, ...chosen];
    const settled = Point.choose(known, mine, base, language);
    if (!settled.ok) return refuse(...settled.refusals);

    const stays = new Map(before.map((one) => [Point.keyOf(one), one]));
    const goes = before.filter((one) => !settled.points.some((to) => Point.keyOf(to) === Point.keyOf(one)));
    const worked = await withWork(tx, goes);
    if (worked.length > 0 && !typed.drop)
      return refuse({ refusal: 'drops', titles: worked.map(({ title }) => title) });
    const gone = goes.map(({ id }) => id);
    if (gone.length > 0) {
      await tx.delete(measurePoint).where(inArray(measurePoint.pointId, gone));
      await tx.delete(point).where(inArray(point.id, gone));
    }
    for (const to of settled.points) {
      const from = stays.get(Point.keyOf(to));
      const { kind, title, position } = to;
      if (!from)
        await tx.insert(point).values({
          ...to,
          meetingId: held.id,
          carriedFromId: to.source === 'earlier' ? to.ref : null,
        });
      else if (from.kind !== kind || from.title !== title || from.position !== position)
        await tx
          .update(point)
          .set({ kind, title, position, version: sql`${point.version} + 1` })
          .where(eq(point.id, from.id));
    }
    await tx
      .update(meeting)
      .set({ fewerReason: settled.fewerReason, ...meetings.nextTurn })
      .where(eq(meeting.id, held.id));
    return { ok: true };
  });
}

/** Those that have causes or measures. */
async function withWork(tx: Main, points: PointRow[]): Promise<PointRow[]> {
  const ids = points.map(({ id }) => id);
  const [causes, measures] = await Promise.all([
    tx.select({ id: cause.pointId }).from(cause).where(inArray(cause.pointId, ids)),
    tx.select({ id: measurePoint.pointId }).from(measurePoint).where(inArray(measurePoint.pointId, ids)),
  ]);
  const worked = new Set([...causes, ...measures].map(({ id }) => id));
  return points.filter(({ id }) => worked.has(id));
}

/** The meeting agrees on its points and their measures: from now on the points stand, and step 4 is taken. */
export async function agree(
  main: Main,
  meetingId: string,
  now: Date,
  permit: Permit<'meeting.lead'>,
): Promise<{ ok: true } | ({ ok: false } & Point.AgreeRefusal)> {
  return await main.transaction(async (tx): ReturnType<typeof agree> => {
    const held = (await meetings.hold(tx, meetingId))!;
    const [presented] = await tx
      .select()
      .from(step)
      .where(and(eq(step.roundId, held.roundId), eq(step.unitId, held.unitId), eq(step.step, 'presented')));
    const isCounted = and(eq(sitting.meetingId, held.id), isNotNull(sitting.tookPart));
    const counted = (await tx.$count(sitting, isCounted)) > 0;
    const points = await list(tx, { meetingIds: [held.id] });
    const served = await tx
      .select({ id: measurePoint.pointId, measures: count() })
      .from(measurePoint)
      .where(
        inArray(
          measurePoint.pointId,
          points.map(({ id }) => id),
        ),
      )
      .groupBy(measurePoint.pointId);
    const measures = new Map(served.map((row) => [row.id, row.measures]));
    const may = Point.agree(
      { ...held, presented: presented !== undefined, counted },
      points.map((one) => ({ ...one, measures: measures.get(one.id) ?? 0 })),
    );
    if (!may.ok) return may;
    await tx
      .update(meeting)
      .set({ agreedAt: now, agreedBy: permit.by, code: null, ticketKey: null, ...meetings.nextTurn })
      .where(eq(meeting.id, held.id));
    // The decision is made: no phone comes in any more, and which tickets were used is forgotten.
    await tx.delete(usedTicket).where(eq(usedTicket.meetingId, held.id));
    await steps.take(tx, held.roundId, held.unitId, 'agreed', now, permit.by);
    await settling.settle(tx, held.id, now, permit.by);
    return { ok: true };
  });
}
