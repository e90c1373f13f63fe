import { and, eq, inArray } from 'drizzle-orm';
import * as Round from '#domain/round.ts';
import * as box from '#server/box.ts';
import { discard, follow } from '#server/closing.ts';
import type { Box, Main } from '#server/db.ts';
import * as fatigue from '#server/fatigue.ts';
import { inviteAll, remindAll } from '#server/invitations.ts';
import { find, note, type RoundRow, take } from '#server/rounds.ts';
import { round, roundEvent } from '#server/schema.ts';

/**
 * Opens a frozen round for answers and asks for its invitations, in one transaction: exactly once, whichever process
 * or person comes first. Refuses, with sentences, when the two servers are not fit to keep answers.
 */
export async function open(main: Main, boxDb: Box, roundId: string, now: Date, by: string | null) {
  const found = await find(main, roundId);
  if (found?.state === 'frozen' && !found.keyShown) return { ok: false as const, refusal: 'key' as const };
  const faults = await box.faults(main, boxDb);
  if (faults.length > 0) return { ok: false as const, refusal: 'servers' as const, faults };
  return await take(main, roundId, 'open', now, by, {
    also: async (tx, found) => {
      // Before main says so, and only where main is about to: nobody can have a paper yet, and whoever comes late
      // to a round that has stopped does not open its intake again.
      const { count } = await box.setIntake(boxDb, roundId, true);
      if (count !== 1) throw new Error('The box does not hold this round');
      await tx
        .update(round)
        .set({ opensAt: earlier(found.opensAt, now) })
        .where(eq(round.id, roundId));
      await inviteAll(tx, roundId);
      await fatigue.note(tx, roundId, now);
    },
  });
}

export async function stop(main: Main, boxDb: Box, roundId: string, now: Date, by: string | null) {
  const taken = await take(main, roundId, 'stop', now, by, {
    also: async (tx, found) => {
      await tx
        .update(round)
        .set({ stopsAt: earlier(found.stopsAt, now) })
        .where(eq(round.id, roundId));
    },
  });
  if (taken.ok) await box.setIntake(boxDb, roundId, false);
  return taken;
}

const earlier = (a: Date, b: Date) => (a < b ? a : b);

/**
 * What the clock does, once a minute and after any downtime: rounds whose time has come open and stop, reminders are
 * asked for, and what a crash cut off between the two servers is brought to its end. Every part may run twice, and in
 * two processes at once.
 */
export async function tick(main: Main, boxDb: Box, now: Date) {
  await discardWithdrawn(main, boxDb);
  const live = (await main
    .select()
    .from(round)
    .where(inArray(round.state, [...Round.underWay]))) as RoundRow[];
  const done = await Promise.allSettled(live.map((found) => serve(main, boxDb, found, now)));
  const faults = done.flatMap((d) => (d.status === 'rejected' ? [d.reason as Error] : []));
  if (faults.length > 0) throw new AggregateError(faults, faults.map((f) => f.message).join('; '));
}

/** One round; a fault in it stops no other. */
async function serve(main: Main, boxDb: Box, found: RoundRow, now: Date) {
  const verb = Round.due(found, now);
  if (verb === 'open') {
    const opened = await open(main, boxDb, found.id, now, null);
    if (!opened.ok) await notOpened(main, found.id, opened, now);
  }
  if (verb === 'stop') await stop(main, boxDb, found.id, now, null);
  const due = Round.dueReminders(found, found.reminders, now);
  for (const occasion of due) await remind(main, found, occasion, now, occasion === due.at(-1));
  if (found.state === 'stopped') {
    await box.setIntake(boxDb, found.id, false);
    await follow(main, boxDb, found.id, now, null);
  }
}

/** Says on the round's own page, once, why its day came and it did not open. */
async function notOpened(
  main: Main,
  roundId: string,
  { refusal, faults = [] }: { refusal: string; faults?: string[] },
  now: Date,
) {
  if (refusal !== 'servers' && refusal !== 'key') return;
  const event = `not opened ${refusal}`;
  await main.transaction(async (tx) => {
    await tx.select({ id: round.id }).from(round).where(eq(round.id, roundId)).for('update');
    const said = and(eq(roundEvent.roundId, roundId), eq(roundEvent.event, event));
    const [done] = await tx.select({ id: roundEvent.id }).from(roundEvent).where(said);
    if (done) return;
    await note(tx, roundId, event, now, null, faults.join(' ') || undefined);
    console.error(`Round ${roundId} did not open: ${refusal}. ${faults.join(' ')}`);
  });
}

/** Ballots of a withdrawal that was cut off before it reached the box. */
async function discardWithdrawn(main: Main, boxDb: Box) {
  const held = (await boxDb`select id from round`).map((r) => r.id as string);
  if (held.length === 0) return;
  const withdrawn = await main
    .select({ id: round.id })
    .from(round)
    .where(and(inArray(round.id, held), eq(round.state, 'withdrawn')));
  for (const { id } of withdrawn) await discard(boxDb, id);
}

/** Asks for a reminder once, and only for the newest of those that fell due while everything was down. */
async function remind(main: Main, of: RoundRow, occasion: number, now: Date, isNewest: boolean) {
  await main.transaction(async (tx) => {
    await tx.select({ id: round.id }).from(round).where(eq(round.id, of.id)).for('update');
    const event = `remind ${occasion}`;
    const [done] = await tx
      .select({ id: roundEvent.id })
      .from(roundEvent)
      .where(and(eq(roundEvent.roundId, of.id), eq(roundEvent.event, event)));
    if (done) return;
    await note(tx, of.id, event, now, null);
    if (isNewest) await remindAll(tx, of.id, occasion);
  });
}
