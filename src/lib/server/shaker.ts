import { sql } from 'drizzle-orm';
import type { TransactionSql } from 'postgres';
import { ballotsOf } from '#server/box.ts';
import type { Box, Main } from '#server/db.ts';
import { noSuchTable, sqlState } from '#server/sql-state.ts';

/** At most this long after a write (design section 3 step 6); the shaker runs twice as often. */
export const withinSeconds = 60;

/*
 * Rows as PostgreSQL writes them tell their order: xmin, ctid and TOAST ids linked every answer to its person in our
 * measurements, however good the signatures. So every group that has been written to since it was last shaken is
 * taken out and put back in random order in one transaction, and what is left behind is vacuumed away. A group whose
 * rows all carry one xmin has been shaken since its last write: the rows themselves say what is left to do, and no
 * list of writes is kept.
 */

/** Whoever rewrites or deletes issued marks waits for the other to be done. */
export const takeTurns = sql`select pg_advisory_xact_lock(hashtext('shake issued'))`;

/** Shakes the issued marks of every round. */
export async function shakeIssued(main: Main) {
  await main.transaction(async (tx) => {
    await tx.execute(takeTurns);
    await tx.execute(sql`
      with touched as (
        select round_id, group_id from issued group by round_id, group_id having count(distinct xmin::text) > 1
      ), taken as (
        delete from issued using touched
        where issued.round_id = touched.round_id and issued.group_id = touched.group_id returning issued.*
      )
      insert into issued select * from taken order by gen_random_uuid()`);
  });
  await main.execute(sql`vacuum (truncate false, index_cleanup on) issued`);
}

/*
 * A vacuum frees the place of a row and leaves its bytes there, xmin and all: in the raw pages 96 of 100 answers were
 * still linked after it. One side without order is enough, so the box, whose tables nobody holds for long, is also
 * rewritten into new files, and its log of writes is cut off.
 */

/** The process before this one may have been killed between shaking and rewriting. */
let cold = true;
/**
 * Tables whose old rows may still be there, each with the transaction that took them out. What some other connection
 * can still see is copied along when a table is rewritten, so it is rewritten until nobody could.
 */
const unclean = new Map<string, string>();
/** Whether ballots may have been written since the log was last cut off. */
let uncut = false;

/** Shakes the ballots of every round in the box. */
export async function shakeBallots(box: Box) {
  const { tables, touched, by } = await box.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext('shake ballots'))`;
    const tables = await held(tx);
    const touched: string[] = [];
    for (const table of tables) {
      const { count } = await tx`
        with touched as (
          select group_id from ${tx(table)} group by group_id having count(distinct xmin::text) > 1
        ), taken as (
          delete from ${tx(table)} b using touched where b.group_id = touched.group_id returning b.*
        )
        insert into ${tx(table)} select * from taken order by gen_random_uuid()`;
      if (count > 0) touched.push(table);
    }
    // The server notes when an index was last read, and taking a ballot reads it: now it was read just now, always.
    await tx`set local enable_seqscan = off`;
    for (const table of tables) await tx`select from ${tx(table)} where token_hash = ''`;
    const [{ id: by }] = (await tx`select pg_current_xact_id()::xid::text as id`) as unknown as [
      { id: string },
    ];
    return { tables, touched, by };
  });
  for (const table of cold ? tables : touched) unclean.set(table, by);
  cold = false;
  for (const table of unclean.keys()) if (!tables.includes(table)) unclean.delete(table);
  uncut ||= unclean.size > 0;
  if (!uncut) return;
  for (const [table, since] of unclean)
    if ((await rewrite(box, table, since)) && unclean.get(table) === since) unclean.delete(table);
  await cutLog(box);
  uncut = unclean.size > 0;
}

/** Takes the ballots of a round away, and their order with them from the log of writes. */
export async function dropBallots(box: Box, roundId: string) {
  await box`drop table if exists ${box(ballotsOf(roundId))}`;
  await cutLog(box);
}

/** The tables of ballots, held until the transaction ends: whoever closes a round takes its table away at any time. */
async function held(tx: TransactionSql): Promise<string[]> {
  const rounds = await tx`select id from round`;
  const tables: string[] = [];
  for (const table of rounds.map((r) => ballotsOf(r.id))) {
    // In a block of its own: where the table is gone, the transaction goes on.
    await tx.unsafe(`do $$ begin
      lock table ${table} in row exclusive mode;
      exception when undefined_table then null;
    end $$`);
    const [found] = await tx`select to_regclass(${table}) is not null as stands`;
    if (found!.stands) tables.push(table);
  }
  return tables;
}

/**
 * Whether everything that a transaction took out of a table is gone from its file: rewritten with freezing, the table
 * says which transaction is the oldest that anybody could still look behind.
 */
async function rewrite(box: Box, table: string, by: string): Promise<boolean> {
  // Twice: who came in just then is gone by the second.
  for (let i = 0; i < 2; i++) {
    const isThere = await box`vacuum (full, freeze) ${box(table)}`.then(() => true, isGone);
    if (!isThere) return true;
    const [found] = await box<{ gone: boolean }[]>`
      select age(relfrozenxid) < age(${by}::text::xid) as gone from pg_class where relname = ${table}`;
    if (found?.gone) return true;
  }
  return false;
}

/** False where the table was taken away meanwhile, with all that was in it. */
function isGone(fault: unknown): false {
  if (sqlState(fault) === noSuchTable) return false;
  throw fault;
}

/** The rights to do so are asked for before any round is frozen or opened. */
async function cutLog(box: Box) {
  await box`select pg_switch_wal()`;
  await box`checkpoint`;
}

export const shake = (main: Main, box: Box) => Promise.all([shakeIssued(main), shakeBallots(box)]);
