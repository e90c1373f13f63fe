import { getTableName, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Main } from '#server/db.ts';

/**
 * Deleted rows leave their bytes in a table's pages, and their order too: writes tables anew without them. True when
 * nobody can look behind what had been deleted when it was called. What some other connection can still see, a copy
 * being taken for one, is copied along, so whoever gets false comes again: rewritten with freezing, a table says which
 * transaction is the oldest that anybody could look behind. Nothing is done while somebody has held one of them for
 * two seconds, for everybody else would wait behind us.
 */
export async function rewrite(main: Main, tables: PgTable[]): Promise<boolean> {
  const names = tables.map(getTableName);
  const [held] = await main.execute<{ n: number }>(sql`
    select count(*)::int as n from pg_locks l
    join pg_class c on c.oid = l.relation join pg_stat_activity a on a.pid = l.pid
    where c.relname in ${names} and a.pid <> pg_backend_pid() and a.datname = current_database()
      and a.xact_start < clock_timestamp() - interval '2 seconds'`);
  if (held!.n > 0) return false;
  const [by] = await main.execute<{ id: string }>(sql`select pg_current_xact_id()::xid::text as id`);
  for (const table of tables) await main.execute(sql`vacuum (full, freeze) ${table}`);
  const [left] = await main.execute<{ n: number }>(sql`
    select count(*)::int as n from pg_class
    where relname in ${names} and age(relfrozenxid) >= age(${by!.id}::text::xid)`);
  return left!.n === 0;
}
