import { eq } from 'drizzle-orm';
import { hex } from '#domain/bytes.ts';
import * as Opening from '#domain/opening.ts';
import type * as Release from '#domain/release.ts';
import { audited } from '#server/auditing.ts';
import { ballotsOf, setIntake } from '#server/box.ts';
import { added, decide, follow, frameOf, isDecided, sealed } from '#server/closing.ts';
import type { Box, Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { find, note, type RoundRow } from '#server/rounds.ts';
import { person, proposedRelease } from '#server/schema.ts';
import { shake } from '#server/shaker.ts';

/*
 * The server's part in an opening by witnesses (design section 3 step 7): it hands out the sealed ballots once intake
 * has stopped, takes the release that two sheets gave in a browser, judges it, and publishes when another witness
 * confirms its hash. It never sees a private half or an opened answer.
 */

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
): Promise<{ ok: true; lines: AsyncGenerator<string> } | { ok: false; refusal: 'wrong-state' }> {
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

/** Judges a release against what the round was frozen with and what the box holds now. */
async function judged(main: Main, box: Box, of: RoundRow, bytes: string) {
  const receipts: string[] = [];
  for await (const some of sealed(box, of.id)) receipts.push(...some.map(({ tokenHash }) => hex(tokenHash)));
  const checked = await Opening.check(bytes, await frameOf(main, of), receipts);
  return checked.ok ? { ok: true as const, receipts } : checked;
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
  const fits = await judged(main, box, found, bytes);
  if (!fits.ok) return fits;
  const published = await audited(bytes);
  if (!published.ok) return { ok: false, refusal: 'audit' };
  if (published.dropped) return { ok: false, refusal: 'time' };
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
  const { ballots } = JSON.parse(bytes) as Release.Release;
  return { sha256, at: proposedAt, byId: proposedBy, by: found.name, counted: ballots };
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
    const fits = await judged(main, box, found, waits.bytes);
    if (!fits.ok) return fits;
    await note(main, roundId, 'confirm', now, permit.by);
    await decide(box, roundId, waits.bytes, fits.receipts);
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
