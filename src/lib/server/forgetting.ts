import { eq, inArray } from 'drizzle-orm';
import type { Main } from '#server/db.ts';
import { rewrite } from '#server/rewriting.ts';
import {
  boxCopyKey,
  byHand,
  commentReader,
  demoClosingKey,
  dispatch,
  invitation,
  invitationLink,
  issued,
  liveRate,
  proposedRelease,
  signingKey,
} from '#server/schema.ts';
import { takeTurns } from '#server/shaker.ts';

/**
 * Whether anything was deleted since the last scrub began, or is left behind by it. So it may be at first: the process
 * before this one may have been killed between emptying and rewriting.
 */
let owed = true;

/** Rewrites again what may still have deleted rows in its pages; else nothing. The shaker's turn calls it. */
export async function scrubAgain(main: Main) {
  if (owed) await scrub(main);
}

/** Rewrites what was emptied (see rewriting.ts). */
export async function scrub(main: Main) {
  owed = false;
  const tables = [
    signingKey,
    demoClosingKey,
    issued,
    invitationLink,
    dispatch,
    invitation,
    boxCopyKey,
    commentReader,
  ];
  const isDone = await rewrite(main, tables).catch((fault: unknown) => {
    owed = true;
    throw fault;
  });
  owed ||= !isDone;
}

/** Deletes everything of a round that knows a person or could sign: marks, keys, links, invitations. */
export async function forget(tx: Main, roundId: string) {
  const mine = tx.select({ id: invitation.id }).from(invitation).where(eq(invitation.roundId, roundId));
  // First those who send, who hold a dispatch and wait for its invitation: taken the other way, both would wait for ever.
  await tx
    .select({ id: dispatch.invitationId })
    .from(dispatch)
    .where(inArray(dispatch.invitationId, mine))
    .for('update');
  // Not while marks are being shaken or made: what is put in just then would not be found.
  await tx.execute(takeTurns);
  await tx
    .select({ id: invitation.id })
    .from(invitation)
    .where(eq(invitation.roundId, roundId))
    .for('update');
  await tx.delete(issued).where(eq(issued.roundId, roundId));
  await tx.delete(liveRate).where(eq(liveRate.roundId, roundId));
  await tx.delete(dispatch).where(inArray(dispatch.invitationId, mine));
  await tx.delete(invitation).where(eq(invitation.roundId, roundId));
  await tx.delete(byHand).where(eq(byHand.roundId, roundId));
  await tx.delete(signingKey).where(eq(signingKey.roundId, roundId));
  await tx.delete(demoClosingKey).where(eq(demoClosingKey.roundId, roundId));
  await tx.delete(proposedRelease).where(eq(proposedRelease.roundId, roundId));
  await tx.delete(boxCopyKey).where(eq(boxCopyKey.roundId, roundId));
  await tx.update(commentReader).set({ marks: [], groups: [] }).where(eq(commentReader.roundId, roundId));
  // Not committed yet: a scrub that begins until then sees an older transaction, and goes on owing.
  owed = true;
}
