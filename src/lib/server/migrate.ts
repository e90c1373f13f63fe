import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as apply } from 'drizzle-orm/postgres-js/migrator';
import postgres, { type Sql, type TransactionSql } from 'postgres';
import type { Name } from '#server/embedded.ts';

type Migrated =
  { ok: true; applied: number } | { ok: false; refusal: 'database-newer-than-program'; database: Name };

/** Held by whoever changes a database's shape. */
export const LOCK = 7_100_010;
const folderOf = (database: Name) => fileURLToPath(new URL(`../../../drizzle/${database}`, import.meta.url));

type Journal = { entries: { when: number }[] };
const newest = (folder: string) => {
  const journal = JSON.parse(fs.readFileSync(`${folder}/meta/_journal.json`, 'utf8')) as Journal;
  return Math.max(0, ...journal.entries.map((entry) => entry.when));
};

const state = async (sql: Sql) => {
  const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') as found`;
  if (!table?.found) return { count: 0, last: 0 };
  const [row] = await sql`
    select count(*)::int as count, coalesce(max(created_at), 0)::float8 as last from drizzle.__drizzle_migrations`;
  return row as { count: number; last: number };
};

/** One connection, which asks for no types. */
export const connect = (url: string) => postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });

const one = async (database: Name, url: string): Promise<Migrated> => {
  const folder = folderOf(database);
  const sql = connect(url);
  try {
    await sql`select pg_advisory_lock(${LOCK})`;
    const before = await state(sql);
    if (before.last > newest(folder)) return { ok: false, refusal: 'database-newer-than-program', database };
    await apply(drizzle(sql), { migrationsFolder: folder });
    return { ok: true, applied: (await state(sql)).count - before.count };
  } finally {
    await sql.end();
  }
};

/** Brings both databases to the program's shape. Two processes take turns; a newer database is left alone. */
export const migrate = async (mainUrl: string, boxUrl: string): Promise<Migrated> => {
  const main = await one('main', mainUrl);
  if (!main.ok) return main;
  const box = await one('box', boxUrl);
  return box.ok ? { ok: true, applied: main.applied + box.applied } : box;
};

/** Gives a new box its tables. */
export const migrateBox = (url: string): Promise<Migrated> => one('box', url);

/** Whether both databases have exactly the program's shape. */
export const isCurrent = async (mainUrl: string, boxUrl: string): Promise<boolean> => {
  for (const [database, url] of [
    ['main', mainUrl],
    ['box', boxUrl],
  ] as const) {
    const sql = connect(url);
    const { last } = await state(sql).finally(() => sql.end());
    if (last !== newest(folderOf(database))) return false;
  }
  return true;
};

/** The migrations this program knows of a database, oldest first, by when they were made. */
export const known = (database: Name): number[] =>
  readMigrationFiles({ migrationsFolder: folderOf(database) }).map((one) => one.folderMillis);

/** The newest migration of a database; 0: none. */
export const shapeOf = async (sql: Sql): Promise<number> => (await state(sql)).last;

/** Brings main to the shape it had after a migration, or to the newest, in somebody's transaction. */
export const migrateWithin = async (tx: TransactionSql, upTo = Infinity): Promise<void> => {
  await tx.unsafe(`create schema if not exists drizzle`);
  await tx.unsafe(
    `create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
  );
  const { last } = await state(tx as unknown as Sql);
  for (const one of readMigrationFiles({ migrationsFolder: folderOf('main') })) {
    if (one.folderMillis <= last || one.folderMillis > upTo) continue;
    for (const statement of one.sql) await tx.unsafe(statement);
    await tx`insert into drizzle.__drizzle_migrations (hash, created_at) values (${one.hash}, ${one.folderMillis})`;
  }
};
