import { and, eq, getTableName, inArray, sql } from 'drizzle-orm';
import { base64url } from '#domain/bytes.ts';
import { readClosingKey } from '#domain/closing-key.ts';
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
import * as codes from '#server/codes.ts';
import * as commentReaders from '#server/comment-readers.ts';
import type { Box, Main } from '#server/db.ts';
import { json } from '#server/frozen.ts';
import type { Permit } from '#server/gate.ts';
import { forgetKeys } from '#server/issuing.ts';
import * as joiners from '#server/joiners.ts';
import { find, note, type RoundRow, take } from '#server/rounds.ts';
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
  release,
  round,
  signingKey,
} from '#server/schema.ts';
import { shake, takeTurns } from '#server/shaker.ts';

export type KeyRefusal =
  /** Not a key file, or changed on the way. */
  | 'key-malformed'
  | 'key-damaged'
  /** The key of another round or freezing. */
  | 'key-other';

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
  const lists = Opening.toRead(frame, opening).map(({ comments }) => comments);
  for (const comment of Reader.unreadable(lists, own)) withheld.add(comment);
  // The auditor judges the very bytes that would be published, and knows nothing of how they came about.
  const judged = await audited(
    await Opening.release(frame, opening, (comment) => marks === null || withheld.has(comment)),
  );
  if (!judged.ok) return { ok: false, refusal: 'audit' };
  if (judged.dropped) await note(main, roundId, 'drop breakdowns', now, null);
  await decide(box, roundId, judged.bytes, opening.receipts);
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

/** The key in a file, if it is this freezing's own. */
export async function keyOf(
  main: Main,
  of: RoundRow,
  keyFile: string,
): Promise<{ ok: true; keylist: Keylist; privateKey: CryptoKey } | { ok: false; refusal: KeyRefusal }> {
  const read = await readClosingKey(keyFile);
  if (!read.ok) return { ok: false, refusal: read.refusal === 'damaged' ? 'key-damaged' : 'key-malformed' };
  const keylist = await frozen<Keylist>(main, of.id, 'keylist.json');
  const isThis =
    read.round === of.id &&
    read.fingerprint === fingerprintSigns(of.fingerprint!) &&
    keylist.locks.length === 1 &&
    keylist.locks[0]?.[0] === read.key.publicKey;
  return isThis
    ? { ok: true, keylist, privateKey: read.key.privateKey }
    : { ok: false, refusal: 'key-other' };
}

/**
 * Takes the key file for a moment, to know that it was kept and fits: it is handed out once, and without it every
 * answer would be lost. No round opens before. The key itself stays nowhere.
 */
export async function showKey(
  main: Main,
  roundId: string,
  keyFile: string,
  now: Date,
  permit: Permit<'round.freeze'>,
): Promise<{ ok: true } | { ok: false; refusal: CloseRefusal }> {
  const found = await find(main, roundId);
  if (!found) return { ok: false, refusal: 'unknown' };
  if (found.promise === 'witnesses') return { ok: false, refusal: 'witnesses' };
  if (found.state !== 'frozen') return { ok: false, refusal: 'wrong-state' };
  const fits = await keyOf(main, found, keyFile);
  if (!fits.ok) return fits;
  return await main.transaction(async (tx) => {
    const same = and(
      eq(round.id, roundId),
      eq(round.state, 'frozen'),
      eq(round.fingerprint, found.fingerprint!),
    );
    const shown = await tx.update(round).set({ keyShown: true }).where(same).returning({ id: round.id });
    if (shown.length === 0) return { ok: false, refusal: 'wrong-state' };
    await note(tx, roundId, 'show key', now, permit.by);
    return { ok: true };
  });
}

/** The key file of a round, which only a demo keeps; null everywhere else. */
export async function demoKey(main: Main, roundId: string): Promise<string | null> {
  const [kept] = await main.select().from(demoClosingKey).where(eq(demoClosingKey.roundId, roundId));
  return kept?.keyFile ?? null;
}

async function frozen<T>(main: Main, roundId: string, path: string): Promise<T> {
  const found = await json<T>(main, roundId, path);
  if (!found) throw new Error(`The frozen file ${path} is gone`);
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

/** The process before this one may have been killed between emptying and rewriting. */
let owed = true;

/** Rewrites again what may still have deleted rows in its pages; else nothing. The shaker's turn calls it. */
export async function scrubAgain(main: Main) {
  if (owed) await scrub(main);
}

/**
 * Deleted rows leave their bytes in a table's pages, marks and their order too; these are rewritten without them. What
 * some other connection can still see, a copy being taken for one, is copied along, so it is done until nobody could:
 * rewritten with freezing, a table says which transaction is the oldest that anybody could look behind.
 */
export async function scrub(main: Main) {
  owed = true;
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
  const [by] = await main.execute<{ id: string }>(sql`select pg_current_xact_id()::xid::text as id`);
  for (const table of tables) await main.execute(sql`vacuum (full, freeze) ${table}`);
  const [left] = await main.execute<{ n: number }>(sql`
    select count(*)::int as n from pg_class
    where relname in ${tables.map(getTableName)} and age(relfrozenxid) >= age(${by!.id}::text::xid)`);
  owed = left!.n > 0;
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
  await tx.update(commentReader).set({ marks: [] }).where(eq(commentReader.roundId, roundId));
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
  await box`drop table if exists ${box(ballotsOf(roundId))}`;
  await box`delete from round where id = ${roundId}`;
  await box`delete from release where round_id = ${roundId}`;
}
