import { createPublicKey, type KeyObject } from 'node:crypto';
import { sql } from 'drizzle-orm';
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
  const { group, prefix, token, signature, sealed } = ballot;
  if (!verify(groupKey, prefix, token, signature)) return { ok: false, refusal: 'invalid' };
  const table = ballotsOf(roundId);
  try {
    const [put] = await intake`
      insert into ${intake(table)} (group_id, token_hash, sealed)
      select ${group}, ${tokenHash}, ${sealed} where (select intake from round where id = ${roundId})
      on conflict (token_hash) do nothing returning true as put`;
    if (put) return { ok: true };
    const [held] =
      await intake`select group_id, sealed from ${intake(table)} where token_hash = ${tokenHash}`;
    if (!held) return { ok: false, refusal: 'late' };
    return held.group_id === group && equal(held.sealed, sealed)
      ? { ok: true }
      : { ok: false, refusal: 'used' };
  } catch (fault) {
    const { code } = fault as { code?: string };
    if (code === noSuchTable) return { ok: false, refusal: 'late' };
    if (code === checkViolation) return { ok: false, refusal: 'invalid' };
    throw fault;
  }
}

/** The round is closed and its ballots are gone; a ballot is not as long as every ballot of the round. */
const noSuchTable = '42P01';
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
      'issued', 'invitation', 'invitation_link', 'dispatch', 'signing_key', 'demo_closing_key', 'box_copy_key']::regclass[])`,
  )) as unknown as { owned: boolean }[];
  if (!rewritten!.owned)
    found.push('Brukeren i DATABASE_URL må eie tabellene i hoveddatabasen, ellers virker ikke VACUUM.');
  return found;
}
