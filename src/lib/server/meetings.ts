import { randomBytes } from 'node:crypto';
import { and, eq, gt, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import * as Meeting from '#domain/meeting.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { rewrite } from '#server/rewriting.ts';
import { candidate, meeting, release, unit, usedTicket } from '#server/schema.ts';
import { sqlState, uniqueViolation } from '#server/sql-state.ts';
import * as steps from '#server/steps.ts';

/** A unit's meeting about one round. code: null before it is open and after the voting. voters: null until then. */
export type MeetingRow = {
  id: string;
  roundId: string;
  unitId: string;
  stage: Meeting.Stage;
  turn: number;
  code: string | null;
  joined: number;
  voters: number | null;
  fewerReason: string | null;
  agreedAt: Date | null;
  agreedBy: string | null;
};

const row = {
  id: meeting.id,
  roundId: meeting.roundId,
  unitId: meeting.unitId,
  stage: sql<Meeting.Stage>`${meeting.stage}`,
  turn: meeting.turn,
  code: meeting.code,
  joined: meeting.joined,
  voters: meeting.voters,
  fewerReason: meeting.fewerReason,
  agreedAt: meeting.agreedAt,
  agreedBy: meeting.agreedBy,
};

export async function ofUnit(main: Main, roundId: string, unitId: string): Promise<MeetingRow | null> {
  const its = and(eq(meeting.roundId, roundId), eq(meeting.unitId, unitId));
  const [found] = await main.select(row).from(meeting).where(its);
  return found ?? null;
}

/** The same, by the unit's code. */
export async function ofCode(main: Main, roundId: string, unitCode: string): Promise<MeetingRow | null> {
  const [of] = await main.select({ id: unit.id }).from(unit).where(eq(unit.code, unitCode));
  return of ? await ofUnit(main, roundId, of.id) : null;
}

export async function find(main: Main, id: string): Promise<MeetingRow | null> {
  const [found] = await main.select(row).from(meeting).where(eq(meeting.id, id));
  return found ?? null;
}

/**
 * The unit's meeting in a round, made when it is not there. Unknown: there is nothing for the unit to meet about, for
 * the round is not released, is withdrawn, a dry run or a leader evaluation, or the unit was not in it.
 */
export async function ensure(
  main: Main,
  roundId: string,
  unitCode: string,
  now: Date,
  permit: Permit<'meeting.lead'>,
): Promise<{ ok: true; id: string } | { ok: false; refusal: 'unknown' }> {
  const [of] = await main.select({ id: unit.id }).from(unit).where(eq(unit.code, unitCode));
  if (!of) return { ok: false, refusal: 'unknown' };
  const [course] = await steps.courses(main, now, { unitIds: [of.id], roundId });
  if (!course) return { ok: false, refusal: 'unknown' };
  await main
    .insert(meeting)
    .values({ roundId, unitId: of.id, stage: 'waiting', createdAt: now, createdBy: permit.by })
    .onConflictDoNothing();
  return { ok: true, id: (await ofUnit(main, roundId, of.id))!.id };
}

/** Every change that a screen shows is told by it, in the same update. */
export const nextTurn = { turn: sql`${meeting.turn} + 1` };

/** Lets phones join: gives the meeting its code and the key that signs their tickets, once. */
export async function open(main: Main, id: string, _permit: Permit<'meeting.lead'>) {
  for (;;)
    try {
      const fresh = { code: Meeting.code(randomBytes(4)), ticketKey: randomBytes(32), ...nextTurn };
      const isNew = and(eq(meeting.id, id), eq(meeting.stage, 'waiting'), sql`${meeting.code} is null`);
      await main.update(meeting).set(fresh).where(isNew);
      return;
    } catch (fault) {
      // Another meeting has this code.
      if (sqlState(fault) !== uniqueViolation) throw fault;
    }
}

/** Meeting, candidates and marks are read and changed by one at a time: whoever holds the meeting's row. */
export async function hold(tx: Main, id: string) {
  const [held] = await tx.select(row).from(meeting).where(eq(meeting.id, id)).for('update');
  return held ?? null;
}

/** What the next stage depends on, and what a screen may show while the voting runs: counts, never tallies. */
export async function standing(main: Main, of: MeetingRow): Promise<Meeting.Standing & { marked: number }> {
  const [candidates, marked] = await Promise.all([
    main.$count(candidate, eq(candidate.meetingId, of.id)),
    main.$count(usedTicket, eq(usedTicket.meetingId, of.id)),
  ]);
  const votes = of.stage === 'voting' ? marked : 0;
  return { stage: of.stage, open: of.code !== null, candidates, votes, marked };
}

export type GoRefusal = Meeting.StageRefusal | 'unknown';

/** Takes the meeting to another stage, once: of two who press at the same time, one is told that it has moved on. */
export async function go(
  main: Main,
  id: string,
  to: Meeting.Stage,
  now: Date,
  permit: Permit<'meeting.lead'>,
): Promise<{ ok: true } | { ok: false; refusal: GoRefusal }> {
  return await main.transaction(async (tx) => {
    const held = await hold(tx, id);
    if (!held) return { ok: false as const, refusal: 'unknown' as const };
    const from = await standing(tx, held);
    const step = Meeting.go(from, to);
    if (!step.ok) return step;
    if (from.stage === 'waiting')
      await steps.take(tx, held.roundId, held.unitId, 'presented', now, permit.by);
    // From here on a mark is a vote: those who have proposed vote like everybody.
    if (to === 'voting') await tx.delete(usedTicket).where(eq(usedTicket.meetingId, id));
    if (to === 'voting' || to === 'ended') await shake(tx, id, to === 'ended' ? from.votes : null);
    const over = to === 'ended' ? { voters: from.votes, code: null, ticketKey: null } : {};
    await tx
      .update(meeting)
      .set({ stage: to, ...over, ...nextTurn })
      .where(eq(meeting.id, id));
    if (to === 'ended') await tx.delete(usedTicket).where(eq(usedTicket.meetingId, id));
    return step;
  });
}

/**
 * Takes the candidates out and puts them back in random order in one transaction, so that neither their order nor
 * their transaction ids tell when each was proposed or voted for. voters: how many voted, when the voting ends; too
 * few, and the tallies are not put back.
 */
async function shake(tx: Main, id: string, voters: number | null) {
  const kept = voters !== null && voters >= Meeting.fewestVoters ? sql`votes` : sql`0`;
  await tx.execute(sql`
    with taken as (delete from ${candidate} where ${candidate.meetingId} = ${id} returning *)
    insert into ${candidate} (id, meeting_id, kind, source, ref, title, votes)
    select id, meeting_id, kind, source, ref, title, ${kept} from taken order by gen_random_uuid()`);
}

/**
 * What was deleted leaves its bytes in a table's pages; when phones have left a meeting, these are rewritten without it.
 * A job asks every minute, so that no request waits for it; a meeting is done when it has come all the way.
 */
export async function forget(main: Main, now: Date) {
  const left = and(isNull(meeting.code), gt(meeting.joined, 0), isNull(meeting.forgottenAt));
  const ids = (await main.select({ id: meeting.id }).from(meeting).where(left)).map(({ id }) => id);
  if (ids.length === 0) return;
  if (!(await rewrite(main, [usedTicket, candidate, meeting]))) return;
  await main.update(meeting).set({ forgottenAt: now }).where(inArray(meeting.id, ids));
}

/** A meeting that nobody ended: three months after the release its code opens nothing more, and what it kept of tickets goes. */
export async function sweep(main: Main, now: Date) {
  const old = main
    .select({ id: release.roundId })
    .from(release)
    .where(lt(release.releasedAt, new Date(now.getTime() - 90 * 24 * 3600_000)));
  const stale = await main
    .update(meeting)
    .set({ code: null, ticketKey: null, ...nextTurn })
    .where(and(isNotNull(meeting.code), inArray(meeting.roundId, old)))
    .returning({ id: meeting.id });
  const ids = stale.map(({ id }) => id);
  await main.delete(usedTicket).where(inArray(usedTicket.meetingId, ids));
}
