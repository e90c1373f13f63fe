import { and, asc, desc, eq, sql } from 'drizzle-orm';
import * as Meeting from '#domain/meeting.ts';
import * as Point from '#domain/point.ts';
import type { Kind, Source } from '#domain/point.ts';
import type { Text } from '#domain/questionnaire.ts';
import * as Reading from '#domain/reading.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { hold, nextTurn } from '#server/meetings.ts';
import * as points from '#server/points.ts';
import * as releases from '#server/releases.ts';
import { candidate, meeting } from '#server/schema.ts';

/** Whose meeting it is, about which round. */
export type Place = { meetingId: string; roundId: string; unitId: string; unitCode: string };

/** What a meeting has in front of it: the unit's shown result, or the level above lent to it; null: no figures. */
export async function reading(main: Main, place: Place) {
  const opened = await releases.inRoom(main, place.roundId);
  return opened && read(opened, place.unitCode);
}

/** The same, and what of it and of earlier meetings may be proposed. */
export async function table(main: Main, place: Place) {
  const opened = await releases.inRoom(main, place.roundId);
  const shown = opened ? Point.offered(opened.figures, place.unitCode) : [];
  const offers: Point.Offer[] = [...shown, ...Point.distinct(await points.earlier(main, place), shown)];
  return { reading: opened && read(opened, place.unitCode), offers };
}

function read(opened: NonNullable<Awaited<ReturnType<typeof releases.inRoom>>>, unit: string) {
  const { figures, before, without } = opened;
  const found = Reading.ofUnit(figures, unit, without.includes(unit));
  if (!found?.node) return null;
  const { node, lent } = found;
  return Reading.ofNode(figures, before?.figures ?? null, node, lent, undefined, before?.succession);
}

/** Something to keep or improve, as the room meets it. Without a tally: that is votes.result alone. */
export type CandidateRow = { id: string; kind: Kind; source: Source; ref: string; title: Text };

/** Keep before improve; in which order within, the reader's language decides. */
export async function list(main: Main, meetingId: string): Promise<CandidateRow[]> {
  const { id, kind, source, ref, title } = candidate;
  const rows = await main
    .select({ id, kind, source, ref, title })
    .from(candidate)
    .where(eq(candidate.meetingId, meetingId))
    .orderBy(desc(candidate.kind), asc(candidate.id));
  return rows as CandidateRow[];
}

export type AddRefusal =
  /** No words, or more than 200 signs. */
  | 'words'
  /** Nothing of the result or of earlier meetings has this key. */
  | 'unknown'
  /** The room is not talking together: it marks alone, votes, or has ended. */
  | 'stage';

/** Adds a candidate while it is talked about together: an offer by its key, or the room's own words. Twice is once. */
export async function add(
  main: Main,
  place: Place,
  written: { kind: Kind; offer: string | null; words: string },
  _permit: Permit<'meeting.lead'>,
): Promise<{ ok: true } | { ok: false; refusal: AddRefusal }> {
  const { meetingId } = place;
  const wanted = await wantedOf(main, place, written);
  if (typeof wanted === 'string') return { ok: false, refusal: wanted };
  return await together(main, meetingId, async (tx) => {
    await tx
      .insert(candidate)
      .values({ meetingId, kind: written.kind, ...wanted })
      .onConflictDoNothing();
  });
}

async function wantedOf(main: Main, place: Place, written: { offer: string | null; words: string }) {
  if (written.offer === null) {
    const words = Meeting.ownWords(written.words);
    return words === null
      ? ('words' as const)
      : { source: 'own' as const, ref: words, title: { nb: words } as Text };
  }
  const { offers } = await table(main, place);
  const offer = offers.find((one) => Point.keyOf(one) === written.offer);
  return offer ? { source: offer.source, ref: offer.ref, title: offer.title } : ('unknown' as const);
}

/** Takes a candidate away, while it is talked about together. */
export async function drop(main: Main, meetingId: string, id: string, _permit: Permit<'meeting.lead'>) {
  return await together(main, meetingId, async (tx) => {
    await tx
      .delete(candidate)
      .where(and(eq(candidate.meetingId, meetingId), eq(sql`${candidate.id}::text`, id)));
  });
}

async function together(main: Main, meetingId: string, change: (tx: Main) => Promise<void>) {
  return await main.transaction(async (tx) => {
    const held = await hold(tx, meetingId);
    if (held?.stage !== 'together') return { ok: false as const, refusal: 'stage' as const };
    await change(tx);
    await tx.update(meeting).set(nextTurn).where(eq(meeting.id, meetingId));
    return { ok: true as const };
  });
}
