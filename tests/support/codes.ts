import { sql } from 'drizzle-orm';
import type { Actor } from '#domain/access.ts';
import * as codes from '#server/codes.ts';
import type { Main } from '#server/db.ts';
import * as gates from '#server/gate.ts';
import type { RoundRow } from '#server/rounds.ts';
import type { TestDatabases } from '#tests/support/databases.ts';

/** The gate of somebody in HR, who works at the top; or of somebody else. */
export const hrGate = (personId: string, now: Date, over: Partial<Actor> = {}) =>
  gates.open(
    { personId, name: 'HR', roles: [{ role: 'hr', unit: null }], leads: [], worksIn: ['K'], ...over },
    () => now,
    {
      stranger: () => {
        throw new Error('stranger');
      },
      refused: () => {
        throw new Error('refused');
      },
    },
  );

export const inClear = async (drawn: codes.Drawn[]) => drawn;

/** Prints codes, and reads them off the paper. */
export async function printed(main: Main, gate: gates.Gate, of: RoundRow, wanted: codes.Wanted, now: Date) {
  const done = await codes.print(main, gate, of, wanted, inClear, now);
  if (!done.ok) throw new Error(done.refusal);
  return done.file;
}

/** Everything that either database holds, as text. */
export async function everything(t: Pick<TestDatabases, 'main' | 'box'>): Promise<string> {
  const out: string[] = [];
  const tables = (await t.main.execute(
    sql`select schemaname || '.' || quote_ident(tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`,
  )) as unknown as { name: string }[];
  for (const { name } of tables)
    out.push(JSON.stringify(await t.main.execute(sql.raw(`select t::text as row from ${name} t`))));
  const boxes = await t.box`select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`;
  for (const { name } of boxes)
    out.push(JSON.stringify(await t.box.unsafe(`select t::text as row from ${name as string} t`)));
  return out.join('\n');
}
