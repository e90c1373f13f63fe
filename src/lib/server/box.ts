import { createPublicKey, type KeyObject } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { TransactionSql } from 'postgres';
import { equal } from '#domain/bytes.ts';
import { verify } from '#server/blind-signing.ts';
import { memories, wrongSettings } from '#server/box-memory.ts';
import type { Box, Main } from '#server/db.ts';

export type Ballot = {
  group: string;
  prefix: Uint8Array;
  token: Uint8Array;
  signature: Uint8Array;
  sealed: Uint8Array;
};

export const ballotsOf = (roundId: string) => {
  if (!/^[0-9a-z]{8}$/.test(roundId)) throw new Error('No such round');
  return `ballots_${roundId}`;
};

/** Makes a round's own table. A table left by a thawed freezing holds no ballot and is made anew. */
export async function make(box: Box, roundId: string, sealedSize: number) {
  await box.begin(async (tx) => {
    const table = ballotsOf(roundId);
    const [left] = await tx`select to_regclass(${table}) is not null as there`;
    if (left!.there) {
      await tx`lock table ${tx(table)} in access exclusive mode`;
      const [held] = await tx`select exists (select from ${tx(table)}) as ballots`;
      if (held!.ballots) throw new Error('This round already holds ballots');
      await tx`drop table ${tx(table)}`;
      await tx`delete from round where id = ${roundId}`;
    }
    await tx`select make_ballots(${roundId}, ${sealedSize})`;
  });
}

export const setIntake = (box: Box, roundId: string, open: boolean) =>
  box`update round set intake = ${open} where id = ${roundId}`;

/** A ballot on its way, with the hash of its token and its group's key. */
export type Sent = { ballot: Ballot; tokenHash: Uint8Array; groupKey: KeyObject };
type Put = { ok: true; isNew: boolean } | { ok: false; refusal: 'used' | 'late' };

async function put(intake: Box | TransactionSql, roundId: string, { ballot, tokenHash }: Sent): Promise<Put> {
  const { group, sealed } = ballot;
  const table = ballotsOf(roundId);
  const [isNew] = await intake`
    insert into ${intake(table)} (group_id, token_hash, sealed)
    select ${group}, ${tokenHash}, ${sealed} where (select intake from round where id = ${roundId})
    on conflict (token_hash) do nothing returning true as put`;
  if (isNew) return { ok: true, isNew: true };
  const [held] = await intake`select group_id, sealed from ${intake(table)} where token_hash = ${tokenHash}`;
  if (!held) return { ok: false, refusal: 'late' };
  return held.group_id === group && equal(held.sealed, sealed)
    ? { ok: true, isNew: false }
    : { ok: false, refusal: 'used' };
}

const isValid = ({ ballot: { prefix, token, signature }, groupKey }: Sent) =>
  verify(groupKey, prefix, token, signature);

/** A fault of the box as what it says of a ballot. */
function refusalOf(fault: unknown): { ok: false; refusal: 'late' | 'invalid' } {
  const { code } = fault as { code?: string };
  if (code === noSuchTable) return { ok: false, refusal: 'late' };
  if (code === checkViolation) return { ok: false, refusal: 'invalid' };
  throw fault;
}

/**
 * Puts one ballot in the box (design section 3 step 5). The same one again is accepted again and counted once; the
 * same token with other content is refused. Nothing about the request but these bytes is looked at or kept.
 */
export async function submit(
  intake: Box,
  roundId: string,
  ballot: Ballot,
  tokenHash: Uint8Array,
  groupKey: KeyObject,
): Promise<{ ok: true } | { ok: false; refusal: 'invalid' | 'used' | 'late' }> {
  const sent = { ballot, tokenHash, groupKey };
  if (!isValid(sent)) return { ok: false, refusal: 'invalid' };
  try {
    const done = await put(intake, roundId, sent);
    return done.ok ? { ok: true } : done;
  } catch (fault) {
    return refusalOf(fault);
  }
}

/**
 * Puts several ballots in the box in one transaction, all or none. Those whose token is there already stay as they are; where the
 * others are fewer than `fewest`, none is put ("few"). In the order of their tokens' hashes, which is chance, and the same for two who send
 * at once.
 */
export async function submitTogether(
  intake: Box,
  roundId: string,
  sent: Sent[],
  fewest: number,
): Promise<{ ok: true } | { ok: false; refusal: 'invalid' | 'late' | 'few' }> {
  if (!sent.every(isValid)) return { ok: false, refusal: 'invalid' };
  let refusal: 'late' | 'few' | null = null;
  try {
    await intake.begin(async (tx) => {
      let fresh = 0;
      for (const one of sent.toSorted((a, b) => Buffer.compare(a.tokenHash, b.tokenHash))) {
        const done = await put(tx, roundId, one);
        if (done.ok && done.isNew) fresh++;
        else if (!done.ok && done.refusal === 'late') refusal = 'late';
        if (refusal) break;
      }
      if (fresh > 0 && fresh < fewest) refusal ??= 'few';
      if (refusal) throw new Error('None of them is put');
    });
  } catch (fault) {
    return refusal ? { ok: false, refusal } : refusalOf(fault);
  }
  return { ok: true };
}

/** The round is closed and its ballots are gone; a ballot is not as long as every ballot of the round. */
export const noSuchTable = '42P01';
const checkViolation = '23514';

export const publicKeyOf = (spki: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });

/**
 * Why no round may be frozen or opened on these two servers: sentences that say what to set; empty when all is well.
 * Two clusters always (design section 3): one would share transaction ids, log and superuser.
 */
export async function faults(main: Main, box: Box): Promise<string[]> {
  const found: string[] = [];
  const [here] = (await main.execute(
    sql`select system_identifier::text as id from pg_control_system()`,
  )) as unknown as { id: string }[];
  const [there] = await box`select system_identifier::text as id from pg_control_system()`;
  if (here!.id === there!.id)
    return [
      'DATABASE_URL og BOX_DATABASE_URL peker på samme PostgreSQL-tjener. Stemmeboksen må ha sin egen tjener.',
    ];
  found.push(...(await wrongSettings(box)), ...(await memories(box)));
  const [slots] = await box`select count(*)::int as n from pg_replication_slots`;
  if (slots!.n > 0) found.push('Fjern replikeringssporene på stemmeboksens PostgreSQL-tjener.');
  const [rights] = await box`
    select pg_has_role(c.relowner, 'USAGE') as owns,
      has_function_privilege('pg_switch_wal()', 'execute') and pg_has_role('pg_checkpoint', 'usage') as cuts
    from pg_class c where c.oid = 'round'::regclass`;
  if (!rights!.owns)
    found.push('Brukeren i BOX_DATABASE_URL må eie tabellene i stemmeboksen, ellers virker ikke VACUUM.');
  if (!rights!.cuts)
    found.push(
      'Gi brukeren i BOX_DATABASE_URL rollen pg_checkpoint og EXECUTE på pg_switch_wal(), ellers blir loggen liggende.',
    );
  const [rewritten] = (await main.execute(
    sql`select bool_and(pg_has_role(relowner, 'USAGE')) as owned from pg_class where oid = any(array[
      'issued', 'invitation', 'invitation_link', 'dispatch', 'signing_key', 'demo_closing_key', 'box_copy_key',
      'comment_reader', 'used_ticket', 'candidate', 'meeting']::regclass[])`,
  )) as unknown as { owned: boolean }[];
  if (!rewritten!.owned)
    found.push('Brukeren i DATABASE_URL må eie tabellene i hoveddatabasen, ellers virker ikke VACUUM.');
  return found;
}
