import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import * as Joiner from '#domain/joiner.ts';
import * as Round from '#domain/round.ts';
import type { Main } from '#server/db.ts';
import * as fatigue from '#server/fatigue.ts';
import type { Permit } from '#server/gate.ts';
import { inviteAll } from '#server/invitations.ts';
import { type Address, type Invited, invited, isUnreached } from '#server/invited.ts';
import * as rolls from '#server/rolls.ts';
import { note, type RoundRow } from '#server/rounds.ts';
import { invitation, joined, person, round } from '#server/schema.ts';

/** Those who came since a round was frozen: whom HR can invite, and how many not: without an address, or with no group. */
export type Came = { ready: number; withoutMail: number; noGroup: number };

type Found = { personId: string; groupId: string } & Address;
type Sorted = { ready: Found[]; withoutMail: number; noGroup: number };

/** The same rule as at freezing, on another day. */
const onDay = (of: RoundRow, now: Date): RoundRow => ({ ...of, rule: { ...of.rule, inPostOn: Day.at(now) } });

async function sort(
  main: Main,
  of: RoundRow,
  who: Pick<Invited, 'named' | 'units' | 'whole' | 'leaders'>,
): Promise<Sorted> {
  const asked = new Set((await rolls.named(main, of.id)).map(({ personId }) => personId));
  const sorted: Sorted = { ready: [], withoutMail: 0, noGroup: 0 };
  for (const one of who.named.filter(({ id }) => !asked.has(id))) {
    // Who came after the freezing has no leader to evaluate yet.
    const at = who.leaders
      ? { ok: false as const, refusal: 'no-group' as const }
      : Joiner.place(of.tree!, who.units, one, who.whole);
    if (!at.ok) sorted.noGroup++;
    else if (isUnreached(one)) sorted.withoutMail++;
    else sorted.ready.push({ personId: one.id, groupId: at.group, email: one.email, mobile: one.mobile });
  }
  return sorted;
}

/** How many came since freezing and are not invited, while the round is open. */
export async function came(main: Main, of: RoundRow, now: Date): Promise<Came> {
  const { ready, withoutMail, noGroup } = await sort(main, of, await invited(main, onDay(of, now)));
  return { ready: ready.length, withoutMail, noGroup };
}

/** How many joined each group, for the public protocol. */
export async function counts(main: Main, roundId: string): Promise<Map<string, number>> {
  const rows = await main.select().from(joined).where(eq(joined.roundId, roundId));
  return new Map(rows.map(({ groupId, count }) => [groupId, count]));
}

export type JoinRefusal =
  | Joiner.JoinRefusal
  | 'not-open'
  | 'unknown-person'
  /** Invited already; whether a paper was fetched makes no difference here. */
  | 'already'
  /** No e-mail address: one of the spare codes is for them. */
  | 'no-address'
  /** Nobody has come. */
  | 'nobody';

/**
 * Invites somebody who came since freezing, by employee number, or (null) all those whom the rule names. The number is
 * HR's own word: it counts whatever the rule says of position or leave, as before freezing.
 */
export async function join(
  main: Main,
  id: string,
  employeeNumber: string | null,
  now: Date,
  { by }: Permit<'round.names'>,
): Promise<{ ok: true; count: number } | { ok: false; refusal: JoinRefusal }> {
  return await main.transaction(async (tx) => {
    const [of] = (await tx.select().from(round).where(eq(round.id, id)).for('update')) as RoundRow[];
    if (!of?.tree || Round.phase(of, now) !== 'open') return { ok: false, refusal: 'not-open' };
    const chosen = employeeNumber === null ? await all(tx, of, now) : await one(tx, of, employeeNumber, now);
    if (!chosen.ok) return chosen;
    await tx
      .insert(invitation)
      .values(chosen.found.map((joiner) => ({ roundId: id, ...joiner, draftKey: randomBytes(32) })));
    for (const { groupId } of chosen.found)
      await tx
        .insert(joined)
        .values({ roundId: id, groupId, count: 1 })
        .onConflictDoUpdate({
          target: [joined.roundId, joined.groupId],
          set: { count: sql`${joined.count} + 1` },
        });
    await inviteAll(tx, id);
    await fatigue.note(
      tx,
      id,
      now,
      chosen.found.map(({ personId }) => personId),
    );
    await note(tx, id, 'join', now, by);
    return { ok: true, count: chosen.found.length };
  });
}

type Chosen = { ok: true; found: Found[] } | { ok: false; refusal: JoinRefusal };

async function all(tx: Main, of: RoundRow, now: Date): Promise<Chosen> {
  const { ready } = await sort(tx, of, await invited(tx, onDay(of, now)));
  return ready.length > 0 ? { ok: true, found: ready } : { ok: false, refusal: 'nobody' };
}

async function one(tx: Main, of: RoundRow, employeeNumber: string, now: Date): Promise<Chosen> {
  const [somebody] = await tx
    .select({ id: person.id })
    .from(person)
    .where(eq(person.employeeNumber, employeeNumber));
  if (!somebody) return { ok: false, refusal: 'unknown-person' };
  const rule = { inPostOn: Day.at(now), minimumShare: 0, kinds: [], includeOnLeave: true };
  const who = await invited(tx, { ...of, rule });
  const named = who.named.filter(({ id }) => id === somebody.id);
  if (named.length === 0) return { ok: false, refusal: 'outside' };
  const { ready, withoutMail, noGroup } = await sort(tx, of, { ...who, named });
  if (ready.length > 0) return { ok: true, found: ready };
  return { ok: false, refusal: withoutMail > 0 ? 'no-address' : noGroup > 0 ? 'no-group' : 'already' };
}
