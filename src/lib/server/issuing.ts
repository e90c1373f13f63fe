import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { equal } from '#domain/bytes.ts';
import * as Day from '#domain/day.ts';
import { isHere } from '#domain/person.ts';
import * as Round from '#domain/round.ts';
import { sign } from '#server/blind-signing.ts';
import type { Main } from '#server/db.ts';
import { invitation, invitationLink, issued, person, round, signingKey } from '#server/schema.ts';
import { foreignKeyViolation, sqlState } from '#server/sql-state.ts';

export type Shown = {
  ok: true;
  group: string;
  draftKey: Uint8Array;
  /** Whether this invitation's one paper has been fetched. Of a drawn code always "ready": only using it tells. */
  state: 'ready' | 'fetched';
  phase: 'early' | 'open' | 'late';
  opens: Date;
  stops: Date;
};

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** Asked at every paper, so the database reads and plans them once. */
const prepare = (main: Main) => ({
  behind: main
    .select({
      id: invitation.id,
      group: invitation.groupId,
      personId: invitation.personId,
      draftKey: invitation.draftKey,
      blindedHash: issued.blindedHash,
      leftOn: person.leftOn,
      state: round.state,
      opensAt: round.opensAt,
      stopsAt: round.stopsAt,
    })
    .from(invitationLink)
    .innerJoin(invitation, eq(invitationLink.invitationId, invitation.id))
    .innerJoin(round, eq(invitation.roundId, round.id))
    .leftJoin(issued, eq(issued.invitationId, invitation.id))
    .leftJoin(person, eq(person.id, invitation.personId))
    .where(
      and(
        eq(invitationLink.secretHash, sql.placeholder('secretHash')),
        eq(invitation.roundId, sql.placeholder('roundId')),
      ),
    )
    .prepare('behind'),
  mark: main
    .insert(issued)
    .values({
      invitationId: sql.placeholder('id'),
      roundId: sql.placeholder('roundId'),
      groupId: sql.placeholder('group'),
      blindedHash: sql.placeholder('blindedHash'),
    })
    .onConflictDoNothing()
    .returning({ id: issued.invitationId })
    .prepare('mark'),
});

const statements = new WeakMap<Main, ReturnType<typeof prepare>>();

function prepared(main: Main) {
  let known = statements.get(main);
  if (!known) statements.set(main, (known = prepare(main)));
  return known;
}

/**
 * Whoever leaves before fetching a paper is no longer invited, from that day and whatever way it became known. Asked
 * here and when mail is sent, so that nothing is written, nothing can be forgotten, and nobody can see whom it met:
 * the invitation, its mail and every count stay as they are. Who has fetched one is left alone.
 */
async function behind(main: Main, roundId: string, secret: Uint8Array, now: Date) {
  const [found] = await prepared(main).behind.execute({ secretHash: sha256(secret), roundId });
  return found && (found.blindedHash || isHere(found, Day.at(now))) ? found : undefined;
}

/** Whether a round that no longer knows its invitations is over. */
async function isOver(main: Main, roundId: string): Promise<boolean> {
  const [found] = await main.select({ state: round.state }).from(round).where(eq(round.id, roundId));
  return found !== undefined && ['closed', 'withdrawn'].includes(found.state);
}

/** What a link leads to. Changes nothing, so that it may run on load (design section 3 step 3). */
export async function show(
  main: Main,
  roundId: string,
  secret: Uint8Array,
  now: Date,
): Promise<Shown | { ok: false; refusal: 'unknown' | 'late' }> {
  const found = await behind(main, roundId, secret, now);
  if (!found) return { ok: false, refusal: (await isOver(main, roundId)) ? 'late' : 'unknown' };
  return {
    ok: true,
    group: found.group,
    draftKey: found.draftKey,
    state: found.blindedHash && !isCode(found) ? 'fetched' : 'ready',
    phase: Round.phase(found as Round.Round, now),
    opens: found.opensAt,
    stops: found.stopsAt,
  };
}

/** A drawn code belongs to nobody. One that is used is refused as one that is mistyped, so that finding it tells nothing. */
const isCode = ({ personId }: { personId: string | null }) => personId === null;

export type IssueRefusal = 'unknown' | 'early' | 'late' | 'fetched' | 'malformed';

/**
 * Signs the blinded message of an invitation's one ballot paper. The first blinded message is the only one ever
 * signed; the same one again gets the same signature. The group comes from the invitation, never from the request.
 */
export async function issue(
  main: Main,
  roundId: string,
  secret: Uint8Array,
  blinded: Uint8Array,
  now: Date,
): Promise<{ ok: true; signature: Uint8Array } | { ok: false; refusal: IssueRefusal }> {
  const found = await behind(main, roundId, secret, now);
  if (!found) return { ok: false, refusal: (await isOver(main, roundId)) ? 'late' : 'unknown' };
  const phase = Round.phase(found as Round.Round, now);
  if (phase !== 'open') return { ok: false, refusal: phase };
  const blindedHash = sha256(blinded);
  const used = { ok: false, refusal: isCode(found) ? 'unknown' : 'fetched' } as const;
  if (found.blindedHash && !equal(found.blindedHash, blindedHash)) return used;
  const key = await keyOf(main, roundId, found.group, now);
  if (!key) return { ok: false, refusal: 'late' };
  const signed = await sign(key, blinded);
  if (!signed.ok) return { ok: false, refusal: 'malformed' };
  if (!found.blindedHash) {
    const put = await prepared(main)
      .mark.execute({ id: found.id, roundId, group: found.group, blindedHash })
      .catch(unlessForgotten);
    if (put === null) return { ok: false, refusal: 'late' };
    if (put.length === 0) {
      const [first] = await main.select().from(issued).where(eq(issued.invitationId, found.id));
      if (!first || !equal(first.blindedHash, blindedHash)) return used;
    }
  }
  return { ok: true, signature: signed.signature };
}

/** The round ended since its invitation was looked up. */
function unlessForgotten(fault: unknown) {
  if (sqlState(fault) === foreignKeyViolation) return null;
  throw fault;
}

const keys = new Map<string, { key: KeyObject; until: number }>();
const keptFor = 60_000;

/** A group's signing key, held in memory for a minute, so that a closed round's keys are soon gone from every process. */
async function keyOf(main: Main, roundId: string, groupId: string, now: Date): Promise<KeyObject | null> {
  const at = `${roundId}/${groupId}`;
  const held = keys.get(at);
  if (held && held.until > now.getTime()) return held.key;
  for (const [old, { until }] of keys) if (until <= now.getTime()) keys.delete(old);
  const [found] = await main
    .select()
    .from(signingKey)
    .where(and(eq(signingKey.roundId, roundId), eq(signingKey.groupId, groupId)));
  if (!found) return null;
  const key = createPrivateKey({ key: Buffer.from(found.privateKey), format: 'der', type: 'pkcs8' });
  keys.set(at, { key, until: now.getTime() + keptFor });
  return key;
}

export const forgetKeys = () => keys.clear();
