import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import * as Meeting from '#domain/meeting.ts';
import { keyOf, kinds, type Kind } from '#domain/point.ts';
import { isUuid } from '#domain/uuid.ts';
import * as candidates from '#server/candidates.ts';
import type { Main } from '#server/db.ts';
import { hold, type MeetingRow } from '#server/meetings.ts';
import { candidate, meeting, unit, usedTicket } from '#server/schema.ts';

/** A live meeting as a phone meets it. */
export type Room = {
  meetingId: string;
  roundId: string;
  unitId: string;
  unitCode: string;
  unit: string;
  code: string;
  stage: Meeting.Stage;
  turn: number;
  joined: number;
};

/** A phone's proof that it was let in: 16 random bytes, signed with the meeting's key. Kept by the phone alone. */
export type Ticket = { room: Room; bytes: Uint8Array };

const find = async (main: Main, code: string) => {
  const [found] = await main
    .select({
      meetingId: meeting.id,
      roundId: meeting.roundId,
      unitId: meeting.unitId,
      unitCode: unit.code,
      unit: unit.name,
      code: sql<string>`${meeting.code}`,
      stage: sql<Meeting.Stage>`${meeting.stage}`,
      turn: meeting.turn,
      joined: meeting.joined,
      key: meeting.ticketKey,
    })
    .from(meeting)
    .innerJoin(unit, eq(unit.id, meeting.unitId))
    .where(and(eq(meeting.code, code), isNull(meeting.agreedAt)));
  if (!found?.key) return null;
  const { key, ...room } = found;
  return { room, key };
};

/** Codes of phones without a ticket are looked up one at a time, and a wrong one holds up the next. */
const holdUp = 250;
/** So many wait at most; whoever comes then is told to try again, as with a wrong code. */
const mostWaiting = 40;
let queue: Promise<unknown> = Promise.resolve();
let waiting = 0;

/**
 * The live meeting of a code; null: no such code. Guessing is slow, four a second whoever guesses, for a live code
 * shows a unit's figures to whoever holds it; no table of addresses is kept. Phones with a ticket do not wait here.
 */
export async function enter(main: Main, code: string): Promise<Room | null> {
  if (waiting >= mostWaiting) return null;
  waiting++;
  const found = queue.then(() => find(main, code)).finally(() => waiting--);
  queue = found.then(
    (room) => (room ? null : new Promise((go) => setTimeout(go, holdUp))),
    () => null,
  );
  return (await found)?.room ?? null;
}

const sign = (key: Uint8Array, meetingId: string, bytes: Uint8Array) =>
  createHmac('sha256', key).update(meetingId).update(bytes).digest();

/** Lets a phone in: gives it a ticket, and counts it. null: the voting has just ended. */
export async function join(main: Main, room: Room): Promise<string | null> {
  const [joined] = await main
    .update(meeting)
    .set({ joined: sql`${meeting.joined} + 1` })
    .where(and(eq(meeting.id, room.meetingId), eq(meeting.code, room.code)))
    .returning({ key: meeting.ticketKey });
  if (!joined?.key) return null;
  const bytes = randomBytes(16);
  const parts = [bytes, sign(joined.key, room.meetingId, bytes)].map((part) => part.toString('base64url'));
  return [room.meetingId, ...parts].join('.');
}

/** The ticket in a phone's cookie, if it is one of the live meeting that has this code; null otherwise. */
export async function admit(main: Main, code: string, cookie: string | undefined): Promise<Ticket | null> {
  const [meetingId, ticket = '', mac = '', more] = cookie?.split('.') ?? [];
  if (!meetingId || more !== undefined) return null;
  const found = await find(main, code);
  if (!found || found.room.meetingId !== meetingId) return null;
  const [bytes, given] = [ticket, mac].map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer];
  const made = sign(found.key, meetingId, bytes);
  if (bytes.length !== 16 || given.length !== made.length || !timingSafeEqual(given, made)) return null;
  return { room: found.room, bytes };
}

/** The meeting that a phone's cookie was for, when it has ended: its code and key are gone, and its result is no secret. */
export async function endedMeeting(
  main: Main,
  cookie: string | undefined,
): Promise<(Pick<MeetingRow, 'id' | 'turn'> & { unit: string }) | null> {
  const [meetingId = ''] = cookie?.split('.') ?? [];
  if (!isUuid(meetingId)) return null;
  const [found] = await main
    .select({ id: meeting.id, turn: meeting.turn, unit: unit.name })
    .from(meeting)
    .innerJoin(unit, eq(unit.id, meeting.unitId))
    .where(and(eq(meeting.id, meetingId), eq(meeting.stage, 'ended')));
  return found ?? null;
}

type Purpose = 'proposal' | 'vote';
const mark = (ticket: Ticket, purpose: Purpose) => ({
  meetingId: ticket.room.meetingId,
  hash: createHash('sha256').update(ticket.bytes).update(purpose).digest(),
});
const isMark = (ticket: Ticket, purpose: Purpose) => {
  const { meetingId, hash } = mark(ticket, purpose);
  return and(eq(usedTicket.meetingId, meetingId), eq(usedTicket.hash, hash));
};

/** Whether this phone has proposed, or voted. */
export const has = async (main: Main, ticket: Ticket, purpose: Purpose): Promise<boolean> =>
  (await main.$count(usedTicket, isMark(ticket, purpose))) > 0;

/** How many phones have proposed, or (while the voting runs) voted. */
export const marked = (main: Main, meetingId: string): Promise<number> =>
  main.$count(usedTicket, eq(usedTicket.meetingId, meetingId));

export type SendRefusal =
  | Meeting.MarkRefusal
  /** The meeting is elsewhere: before, or past it. */
  | 'stage'
  /** This phone has sent. */
  | 'already';
export type Sent = { ok: true } | { ok: false; refusal: SendRefusal };
const refused = (refusal: SendRefusal) => ({ ok: false as const, refusal });

/**
 * One phone's proposals, offer keys by kind. What is proposed becomes a candidate, once, with no count and nothing of
 * whose it was.
 */
export async function propose(main: Main, ticket: Ticket, marks: Meeting.Marks): Promise<Sent> {
  const { meetingId } = ticket.room;
  const { offers } = await candidates.table(main, ticket.room);
  const byKey = new Map(offers.map((offer) => [keyOf(offer), offer]));
  const keys = new Set(byKey.keys());
  const read = Meeting.marks(marks, { keep: keys, improve: keys });
  if (!read.ok) return read;
  const proposed = kinds.flatMap((kind) =>
    read.marks[kind].map((key) => {
      const { source, ref, title } = byKey.get(key)!;
      return { meetingId, kind, source, ref, title };
    }),
  );
  return await main.transaction(async (tx) => {
    if ((await hold(tx, meetingId))?.stage !== 'alone') return refused('stage');
    if (!(await use(tx, ticket, 'proposal'))) return refused('already');
    await tx.insert(candidate).values(proposed).onConflictDoNothing();
    return { ok: true };
  });
}

/** One phone's vote, candidate ids by kind. It cannot be changed; the same phone again is told that it has voted. */
export async function vote(main: Main, ticket: Ticket, marks: Meeting.Marks): Promise<Sent> {
  const { meetingId } = ticket.room;
  return await main.transaction(async (tx) => {
    if ((await hold(tx, meetingId))?.stage !== 'voting') return refused('stage');
    const there = await candidates.list(tx, meetingId);
    const of = (kind: Kind) => new Set(there.filter((one) => one.kind === kind).map(({ id }) => id));
    const read = Meeting.marks(marks, { keep: of('keep'), improve: of('improve') });
    if (!read.ok) return read;
    if (!(await use(tx, ticket, 'vote'))) return refused('already');
    const chosen = inArray(candidate.id, [...read.marks.keep, ...read.marks.improve]);
    // Every candidate is written anew: the one written in the same transaction as a ticket's hash would tell the choice.
    await tx
      .update(candidate)
      .set({ votes: sql`${candidate.votes} + (${chosen})::int` })
      .where(eq(candidate.meetingId, meetingId));
    return { ok: true };
  });
}

/** Uses a ticket, once for each purpose: the unique hash decides, never a look beforehand. */
async function use(tx: Main, ticket: Ticket, purpose: Purpose): Promise<boolean> {
  const marked = await tx
    .insert(usedTicket)
    .values(mark(ticket, purpose))
    .onConflictDoNothing()
    .returning({ hash: usedTicket.hash });
  return marked.length > 0;
}

/** The tallies, highest first; unseen by everybody until the voting has ended, and where fewer than five voted. */
type Result =
  | { shown: true; voters: number; candidates: (candidates.CandidateRow & { votes: number })[] }
  | { shown: false; voters: number | null; candidates: candidates.CandidateRow[] };

export async function result(main: Main, meetingId: string): Promise<Result> {
  const [of] = await main
    .select({ stage: meeting.stage, voters: meeting.voters })
    .from(meeting)
    .where(eq(meeting.id, meetingId));
  const all = await candidates.list(main, meetingId);
  const voters = of?.stage === 'ended' ? of.voters : null;
  if (voters === null || voters < Meeting.fewestVoters) return { shown: false, voters, candidates: all };
  const tallies = await main
    .select({ id: candidate.id, votes: candidate.votes })
    .from(candidate)
    .where(eq(candidate.meetingId, meetingId))
    .orderBy(desc(candidate.votes));
  const byId = new Map(all.map((one) => [one.id, one]));
  return {
    shown: true,
    voters,
    candidates: tallies
      .map(({ id, votes }) => ({ ...byId.get(id)!, votes }))
      .sort((a, b) => Number(b.kind === 'keep') - Number(a.kind === 'keep')),
  };
}
