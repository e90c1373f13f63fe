import { and, eq, isNull } from 'drizzle-orm';
import { base64url } from '#domain/bytes.ts';
import * as Comment from '#domain/comment.ts';
import * as Reader from '#domain/comment-reader.ts';
import * as Opening from '#domain/opening.ts';
import { setIntake } from '#server/box.ts';
import { frameOf, opened } from '#server/closing.ts';
import { keyOf, type KeyRefusal } from '#server/closing-key.ts';
import * as commentReaders from '#server/comment-readers.ts';
import type { Box, Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { find, note } from '#server/rounds.ts';
import { commentReader, round } from '#server/schema.ts';
import { shake } from '#server/shaker.ts';

/** Comments as a reader has them in front: by node and question, each with the mark that withholds it. */
export type Sheet = {
  node: string;
  question: string;
  comments: { text: string; mark: string; isMarked: boolean }[];
}[];

/**
 * One sitting of a reader (docs/decisions/comments.md): opens the ballots in memory with the key that the operator
 * brings, and gives what would be published, but for the lists in which somebody of the reader's own group has written:
 * those are the other reader's. Nothing of it is kept but who read and when; no figure is made.
 */
export async function read(
  main: Main,
  box: Box,
  roundId: string,
  keyFile: string,
  now: Date,
  permit: Permit<'comment.read'>,
): Promise<{ ok: true; sheet: Sheet } | { ok: false; refusal: 'wrong-state' | KeyRefusal }> {
  const found = await find(main, roundId);
  if (found?.state !== 'stopped' || found.promise !== 'operator')
    return { ok: false, refusal: 'wrong-state' };
  const mine = and(
    eq(commentReader.roundId, roundId),
    eq(commentReader.personId, permit.by ?? ''),
    isNull(commentReader.doneAt),
  );
  const [reader] = await main.select({ marks: commentReader.marks }).from(commentReader).where(mine);
  if (!reader) return { ok: false, refusal: 'wrong-state' };
  const fits = await keyOf(main, found, keyFile);
  if (!fits.ok) return fits;
  await setIntake(box, roundId, false);
  await shake(main, box);
  const frame = await frameOf(main, found);
  const opening = await opened(box, found, frame, fits);
  const marked = new Set(reader.marks);
  const markOf = await Comment.marker(fits.privateKey, found.fingerprint!);
  const own = new Map(await commentReaders.groupsOfReaders(main, found)).get(permit.by ?? '')!;
  const lists = Opening.toRead(frame, opening).filter((list) => Reader.mayRead(list, own, frame.comments!));
  const sheet = await Promise.all(
    lists.map(async ({ node, question, comments }) => ({
      ...{ node, question },
      comments: await Promise.all(
        comments.map(async (one) => {
          const mark = base64url(await markOf(question, one));
          return { text: one.text, mark, isMarked: marked.has(mark) };
        }),
      ),
    })),
  );
  // Not before there is something to read.
  await main.update(commentReader).set({ readAt: now }).where(mine);
  await note(main, roundId, 'read comments', now, permit.by);
  return { ok: true, sheet };
}

/**
 * Keeps what a reader marked, in place of what was kept before. Done: the reader has read all of it, and can mark no
 * more. Refuses to be done before any of it was read.
 */
export async function mark(
  main: Main,
  roundId: string,
  { marks, done }: { marks: unknown[]; done: boolean },
  now: Date,
  permit: Permit<'comment.read'>,
): Promise<{ ok: true } | { ok: false; refusal: 'wrong-state' | 'malformed' | 'unread' }> {
  if (!Reader.areMarks(marks)) return { ok: false, refusal: 'malformed' };
  return await main.transaction(async (tx) => {
    const [found] = await tx
      .select({ state: round.state })
      .from(round)
      .where(eq(round.id, roundId))
      .for('update');
    if (found?.state !== 'stopped') return { ok: false, refusal: 'wrong-state' };
    const mine = and(
      eq(commentReader.roundId, roundId),
      eq(commentReader.personId, permit.by ?? ''),
      isNull(commentReader.doneAt),
    );
    const [reader] = await tx.select().from(commentReader).where(mine);
    if (!reader) return { ok: false, refusal: 'wrong-state' };
    if (reader.readAt === null) return { ok: false, refusal: 'unread' };
    await tx
      .update(commentReader)
      .set({ marks: marks.toSorted(), doneAt: done ? now : null })
      .where(mine);
    if (done) await note(tx, roundId, 'done comments', now, permit.by);
    return { ok: true };
  });
}
