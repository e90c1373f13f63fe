import { eq } from 'drizzle-orm';
import { base64url } from '#domain/bytes.ts';
import * as Comment from '#domain/comment.ts';
import * as Reader from '#domain/comment-reader.ts';
import * as Day from '#domain/day.ts';
import { withAdded } from '#domain/joiner.ts';
import { fingerprintSigns, type Keylist } from '#domain/keylist.ts';
import * as Opening from '#domain/opening.ts';
import type { Questionnaire } from '#domain/questionnaire.ts';
import type * as Release from '#domain/release.ts';
import { audited } from '#server/auditing.ts';
import { ballotsOf, setIntake } from '#server/box.ts';
import { keyOf, type KeyRefusal } from '#server/closing-key.ts';
import * as codes from '#server/codes.ts';
import * as commentReaders from '#server/comment-readers.ts';
import type { Box, Main } from '#server/db.ts';
import { forget, scrub } from '#server/forgetting.ts';
import { frozen } from '#server/frozen.ts';
import type { Permit } from '#server/gate.ts';
import { forgetKeys } from '#server/issuing.ts';
import * as joiners from '#server/joiners.ts';
import { find, note, type RoundRow, take } from '#server/rounds.ts';
import { release } from '#server/schema.ts';
import { dropBallots, shake } from '#server/shaker.ts';

export type CloseRefusal =
  | 'unknown'
  | 'wrong-state'
  | KeyRefusal
  /** Not both readers are done with the comments. */
  | 'unread'
  /** Three witnesses hold the keys: no file opens this round, and whoever operates opens nothing. */
  | 'witnesses'
  /** The auditor found a group that can be worked out: nothing is published. */
  | 'audit';

/**
 * Opens the ballots and publishes the figures (design section 3 step 7). Works in memory: no answer is ever stored in
 * the clear. The box decides in one transaction, release in and ballots out; main follows and may be repeated. Killed
 * before that transaction, nothing has changed; killed after it, `follow` finishes. With comments, both readers must be done;
 * or else it is said that none of them is to be published.
 */
export async function close(
  main: Main,
  box: Box,
  roundId: string,
  keyFile: string,
  now: Date,
  permit: Permit<'round.close'>,
  { withoutComments = false } = {},
): Promise<{ ok: true } | { ok: false; refusal: CloseRefusal }> {
  const found = await find(main, roundId);
  if (!found) return { ok: false, refusal: 'unknown' };
  if (found.promise === 'witnesses') return { ok: false, refusal: 'witnesses' };
  if (found.state !== 'stopped') return { ok: false, refusal: 'wrong-state' };
  const fits = await keyOf(main, found, keyFile);
  if (!fits.ok) return fits;
  const readers = await commentReaders.rows(main, roundId);
  if (readers.length > 0 && !withoutComments && !Reader.areDone(readers))
    return { ok: false, refusal: 'unread' };
  // Whoever is done can mark no more, so these are all.
  const marks = withoutComments ? null : new Set(readers.flatMap((reader) => reader.marks));

  await setIntake(box, roundId, false);
  await shake(main, box);
  const outcome = await build(main, box, found, fits, marks, now).catch(async (fault: unknown) => {
    // Somebody else who closes at the same time was first, and the ballots are gone.
    if (await isDecided(box, roundId)) return { ok: true as const };
    throw fault;
  });
  if (!outcome.ok) return outcome;
  if (readers.length > 0 && withoutComments) await note(main, roundId, 'without comments', now, permit.by);
  await follow(main, box, roundId, now, permit.by);
  return { ok: true };
}

export const isDecided = async (box: Box, roundId: string) =>
  (await box`select from release where round_id = ${roundId}`).length > 0;

/**
 * Opens the ballots, builds the release, audits it, and lets the box decide; nothing when it has decided already.
 * marks: of the comments to be withheld; null: all of them.
 */
async function build(
  main: Main,
  box: Box,
  found: RoundRow,
  held: { keylist: Keylist; privateKey: CryptoKey },
  marks: Set<string> | null,
  now: Date,
): Promise<{ ok: true } | { ok: false; refusal: 'audit' }> {
  const roundId = found.id;
  if (await isDecided(box, roundId)) return { ok: true };
  const frame = await frameOf(main, found);
  const opening = await opened(box, found, frame, held);
  const withheld = await marked(opening, held.privateKey, found.fingerprint!, marks);
  // The staff may have moved since the freezing, so that both readers come to work where something was written.
  const own = (await commentReaders.groupsOfReaders(main, found)).map(([, groups]) => groups);
  const lists = Opening.toRead(frame, opening);
  const isWithheld = (comment: Comment.Written) => withheld.has(comment);
  if (frame.comments)
    for (const comment of Reader.unreadable(lists, own, frame.comments, isWithheld)) withheld.add(comment);
  // The auditor judges the very bytes that would be published, and knows nothing of how they came about.
  const judged = await audited(
    await Opening.release(frame, opening, (comment) => marks === null || withheld.has(comment)),
  );
  if (!judged.ok) return { ok: false, refusal: 'audit' };
  await decide(box, roundId, judged.bytes, opening.receipts);
  if (judged.dropped) await note(main, roundId, 'drop breakdowns', now, null);
  return { ok: true };
}

/** The ballots of a round, opened and counted in memory. */
export async function opened(
  box: Box,
  found: RoundRow,
  frame: Opening.Frame,
  { keylist, privateKey }: { keylist: Keylist; privateKey: CryptoKey },
): Promise<Opening.Opening> {
  const opening = Opening.begin(frame);
  const key = {
    fingerprint: found.fingerprint!,
    privateKeys: [privateKey],
    lock: 0,
    locks: keylist.locks.length,
  };
  for await (const ballots of sealed(box, found.id)) await Opening.count(opening, ballots, key);
  return opening;
}

/** The comments that readers marked. */
async function marked(
  { questionnaire, comments }: Opening.Opening,
  privateKey: CryptoKey,
  fingerprint: Uint8Array,
  marks: Set<string> | null,
): Promise<Set<Comment.Written>> {
  const found = new Set<Comment.Written>();
  if (!marks || marks.size === 0) return found;
  const markOf = await Comment.marker(privateKey, fingerprint);
  for (const [i, { id }] of (questionnaire.comments ?? []).entries())
    for (const one of comments[i]!) if (marks.has(base64url(await markOf(id, one)))) found.add(one);
  return found;
}

/** By group, how many may answer beside those invited at freezing: those who joined, and codes made from the reserve. */
export async function added(main: Main, of: RoundRow): Promise<[group: string, count: number][]> {
  return [...(await codes.beyond(main, of)), ...(await joiners.counts(main, of.id))];
}

/** What the round's release says beside its figures. */
export async function frameOf(main: Main, of: RoundRow): Promise<Opening.Frame> {
  const questionnaire = await frozen<Questionnaire>(main, of.id, 'questionnaire.json');
  const round = {
    id: of.id,
    name: of.name,
    kind: questionnaire.kind,
    dryRun: of.dryRun,
    opened: Day.at(of.opensAt),
    stopped: Day.at(of.stopsAt),
    fingerprint: fingerprintSigns(of.fingerprint!),
    questionnaire: { key: questionnaire.key, version: questionnaire.version },
  };
  const tree = withAdded(of.tree!, await added(main, of));
  const { comments: behind } = await frozen<Keylist>(main, of.id, 'keylist.json');
  const comments = behind && { respondents: behind.respondents, comments: behind.comments };
  return { round, questionnaire, tree, thresholds: of.thresholds, ...(comments && { comments }) };
}

/** The ballots as the box keeps them, some at a time, in the order of their hashes. */
export async function* sealed(box: Box, roundId: string): AsyncGenerator<Opening.SealedBallot[]> {
  const table = ballotsOf(roundId);
  const rows = box`select group_id, token_hash, sealed from ${box(table)} order by token_hash`.cursor(
    Opening.together,
  );
  for await (const batch of rows)
    yield batch.map((row) => ({ group: row.group_id, tokenHash: row.token_hash, sealed: row.sealed }));
}

/** The one moment: release in, ballots out. Refuses to throw away a ballot that was not counted. */
export async function decide(box: Box, roundId: string, bytes: string, receipts: string[]) {
  const table = ballotsOf(roundId);
  await box.begin(async (tx) => {
    await tx`lock table ${tx(table)} in access exclusive mode`;
    const [held] = await tx`select count(*)::int as ballots from ${tx(table)}`;
    if (held!.ballots !== receipts.length) throw new Error('A ballot came while they were opened');
    const list = Opening.receiptList(receipts);
    await tx`insert into release (round_id, bytes, receipts) values (${roundId}, ${bytes}, ${list})`;
    await tx`drop table ${tx(table)}`;
    await tx`delete from round where id = ${roundId}`;
  });
}

/**
 * Main follows what the box decided: shows the release, and in the same transaction forgets every mark, key, link
 * and invitation. Repeatable; the clock calls it too, for a closing that was cut off.
 */
export async function follow(main: Main, box: Box, roundId: string, now: Date, by: string | null) {
  const [decided] = await box`select bytes, receipts from release where round_id = ${roundId}`;
  if (!decided) return;
  const { bytes, receipts } = decided as unknown as { bytes: string; receipts: string };
  await take(main, roundId, 'close', now, by, {
    also: async (tx) => {
      await tx.insert(release).values({
        roundId,
        content: JSON.parse(bytes),
        bytes,
        sha256: await Opening.releaseHash(bytes),
        receipts,
        releasedAt: now,
      });
      await forget(tx, roundId);
    },
  });
  forgetKeys();
  await scrub(main);
}

/** Withdraws a round with a reason: a published release stays withdrawn and visible as such, ballots go unopened. */
export async function withdraw(
  main: Main,
  box: Box,
  roundId: string,
  reason: string,
  now: Date,
  permit: Permit<'round.withdraw'>,
) {
  const taken = await take(main, roundId, 'withdraw', now, permit.by, {
    reason,
    also: async (tx) => {
      // Before anything else: no ballot is accepted that will be thrown away.
      await setIntake(box, roundId, false);
      await forget(tx, roundId);
      // Of a withdrawn release only that it was, and why, is left.
      const gone = { content: {} as Release.Release, bytes: '', receipts: '' };
      await tx
        .update(release)
        .set({ ...gone, withdrawnAt: now, withdrawnBy: permit.by, withdrawnReason: reason.trim() })
        .where(eq(release.roundId, roundId));
    },
  });
  if (taken.ok) {
    forgetKeys();
    await discard(box, roundId);
    await scrub(main);
  }
  return taken;
}

/** Throws a withdrawn round's ballots away unopened. Repeatable; the clock calls it too. */
export async function discard(box: Box, roundId: string) {
  await dropBallots(box, roundId);
  await box`delete from round where id = ${roundId}`;
  await box`delete from release where round_id = ${roundId}`;
}
