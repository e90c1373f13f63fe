import { eq } from 'drizzle-orm';
import { hex } from '#domain/bytes.ts';
import * as Opening from '#domain/opening.ts';
import * as Release from '#domain/release.ts';
import { audited } from '#server/auditing.ts';
import { ballotsOf, setIntake } from '#server/box.ts';
import { added, decide, follow, frameOf, isDecided, sealed } from '#server/closing.ts';
import type { Box, Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { find, type RoundRow } from '#server/rounds.ts';
import { person, proposedRelease } from '#server/schema.ts';
import { shake } from '#server/shaker.ts';
import { note } from '#server/witnesses.ts';

/*
 * The server's part in an opening by witnesses (design section 3 step 7): it hands out the sealed ballots once intake
 * has stopped, takes the release that two sheets gave in a browser, judges it, and publishes when another witness
 * confirms its hash. It never sees a private half or an opened answer.
 */

type NotNow = { ok: false; refusal: 'wrong-state' };

async function stopped(main: Main, box: Box, roundId: string): Promise<RoundRow | null> {
  const found = await find(main, roundId);
  if (found?.promise !== 'witnesses' || found.state !== 'stopped') return null;
  return (await isDecided(box, roundId)) ? null : found;
}

/** The box's file for an opening: its head, then a ballot on each line. Notes who fetched it. */
export async function ballots(
  main: Main,
  box: Box,
  roundId: string,
  now: Date,
  permit: Permit<'witness.act'>,
): Promise<{ ok: true; lines: AsyncGenerator<string> } | NotNow> {
  const found = await stopped(main, box, roundId);
  if (!found) return { ok: false, refusal: 'wrong-state' };
  await setIntake(box, roundId, false);
  await shake(main, box);
  const { round } = await frameOf(main, found);
  const held = await number(box, roundId);
  await note(main, roundId, 'fetch ballots', now, permit.by);
  const more = await added(main, found);
  const head: Opening.BallotsHead = { format: 'medvirk-ballots/1', round, added: more, ballots: held };
  async function* lines() {
    yield `${JSON.stringify(head)}\n`;
    for await (const some of sealed(box, roundId)) yield some.map(Opening.ballotLine).join('');
  }
  return { ok: true, lines: lines() };
}

/** How many ballots the box holds; none once it has decided. */
export async function number(box: Box, roundId: string): Promise<number> {
  if (await isDecided(box, roundId)) return 0;
  const table = ballotsOf(roundId);
  const [held] = await box`select count(*)::int as ballots from ${box(table)}`;
  return held!.ballots as number;
}

async function receiptsOf(box: Box, roundId: string): Promise<string[]> {
  const receipts: string[] = [];
  for await (const some of sealed(box, roundId))
    receipts.push(...some.map(({ tokenHash }) => hex(tokenHash)));
  return receipts;
}

/**
 * Keeps a release that a witness has built, if it is this round's and passes. A later one takes its place. time: the
 * auditor had none left for its breakdowns, so it is to be handed in without them.
 */
export async function propose(
  main: Main,
  box: Box,
  roundId: string,
  bytes: string,
  now: Date,
  permit: Permit<'witness.act'>,
): Promise<
  { ok: true; sha256: string } | { ok: false; refusal: 'wrong-state' | 'time' | Opening.CheckRefusal }
> {
  const found = await stopped(main, box, roundId);
  if (!found) return { ok: false, refusal: 'wrong-state' };
  const receipts = await receiptsOf(box, roundId);
  const checked = await Opening.check(bytes, await frameOf(main, found), receipts);
  if (!checked.ok) return checked;
  const judged = await audited(bytes);
  if (!judged.ok) return { ok: false, refusal: 'audit' };
  if (judged.dropped) return { ok: false, refusal: 'time' };
  const sha256 = await Opening.releaseHash(bytes);
  const proposed = { bytes, sha256, proposedAt: now, proposedBy: permit.by! };
  await main.transaction(async (tx) => {
    await tx
      .insert(proposedRelease)
      .values({ roundId, ...proposed })
      .onConflictDoUpdate({ target: proposedRelease.roundId, set: proposed });
    await note(tx, roundId, 'propose', now, permit.by);
  });
  return { ok: true, sha256 };
}

/** What waits to be confirmed: its hash, who opened and when, and what was counted. Figures are for after. */
export async function proposed(main: Main, roundId: string) {
  const [found] = await main
    .select({ proposed: proposedRelease, name: person.name })
    .from(proposedRelease)
    .innerJoin(person, eq(person.id, proposedRelease.proposedBy))
    .where(eq(proposedRelease.roundId, roundId));
  if (!found) return null;
  const { sha256, proposedAt, proposedBy, bytes } = found.proposed;
  const read = Release.read(bytes);
  const counted = read.ok ? read.release.ballots : null;
  return { sha256, at: proposedAt, byId: proposedBy, by: found.name, counted };
}

/**
 * Another witness than the one who opened has seen the same hash: the box decides, in the same single transaction as
 * with the operator's key, and main follows. Judged once more, for the box may not be as it was.
 */
export async function confirm(
  main: Main,
  box: Box,
  roundId: string,
  sha256: string,
  now: Date,
  permit: Permit<'witness.act'>,
): Promise<{ ok: true } | { ok: false; refusal: 'wrong-state' | 'own' | 'changed' | Opening.CheckRefusal }> {
  const found = await stopped(main, box, roundId);
  if (!found) return { ok: false, refusal: 'wrong-state' };
  const [waits] = await main.select().from(proposedRelease).where(eq(proposedRelease.roundId, roundId));
  if (waits?.sha256 !== sha256) return { ok: false, refusal: 'changed' };
  if (waits.proposedBy === permit.by) return { ok: false, refusal: 'own' };
  const decided = async () => {
    const receipts = await receiptsOf(box, roundId);
    const checked = await Opening.check(waits.bytes, await frameOf(main, found), receipts);
    if (!checked.ok) return checked;
    await note(main, roundId, 'confirm', now, permit.by);
    await decide(box, roundId, waits.bytes, receipts);
    return { ok: true as const };
  };
  const outcome = await decided().catch(async (fault: unknown) => {
    // The third witness confirmed at the same moment and was first, and the ballots are gone.
    if (await isDecided(box, roundId)) return { ok: true as const };
    throw fault;
  });
  if (outcome.ok) await follow(main, box, roundId, now, permit.by);
  return outcome;
}
