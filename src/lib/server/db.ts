import { drizzle } from 'drizzle-orm/postgres-js';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import type { PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import * as schema from '#server/schema.ts';
import { settings } from '#server/settings.ts';

/** The main database, or a transaction in it. */
export type Main = PgDatabase<PostgresJsQueryResultHKT, typeof schema>;
/** The box, as its owner (freeze, shake, close) or as intake (select and insert only). */
export type Box = Sql;

/** Rows so many at a time: one statement takes no more. */
export function* chunks<T>(rows: T[], size: number) {
  for (let i = 0; i < rows.length; i += size) yield rows.slice(i, i + size);
}

const quiet = { onnotice: () => {}, debug: undefined };

/** Nothing waits for the disk: for what is begun again when the machine stops, as the filling of a demo is. */
export const hasty = { synchronous_commit: 'off' };

export const connectMain = (url: string, max = 10, connection = {}) => {
  const sql = postgres(url, { ...quiet, max, connection });
  return { main: drizzle(sql, { schema }) as Main, sql };
};
export const connectBox = (url: string): Box => postgres(url, { ...quiet, max: 2 });
/** Every connection runs as the role box_intake from its first statement: a guard against faults and injected SQL. */
export const connectIntake = (url: string, connection = {}): Box =>
  postgres(url, { ...quiet, max: 8, connection: { ...connection, role: 'box_intake' } as never });

/** postgres.js asks for types when it connects, and nobody hears its cry when the server goes just then. */
export const isLostConnection = (fault: unknown): boolean =>
  /^(CONNECTION_|ECONN|EPIPE$|57P0)/.test(String((fault as { code?: unknown } | null)?.code));

let opened: { main: Main; sql: Sql; box: Box; intake: Box } | undefined;

/** The connections of this process, opened at first use. */
export function db() {
  if (!opened) {
    const { DATABASE_URL, BOX_DATABASE_URL } = settings();
    opened = {
      ...connectMain(DATABASE_URL),
      box: connectBox(BOX_DATABASE_URL),
      intake: connectIntake(BOX_DATABASE_URL),
    };
  }
  return opened;
}

export async function closeDb() {
  if (!opened) return;
  const { sql, box, intake } = opened;
  opened = undefined;
  await Promise.all([sql.end(), box.end(), intake.end()]);
}
