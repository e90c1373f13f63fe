import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isCurrent, migrate } from '#server/migrate.ts';
import { house } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';

let db: TestDatabases;
beforeAll(async () => {
  db = await testDatabases();
});
afterAll(() => db.stop());

test('main and box are two servers, not two databases of one', async () => {
  const [main] = await db.main.execute<{ id: string }>(
    'select system_identifier as id from pg_control_system()',
  );
  const [box] = await db.box<{ id: string }[]>`select system_identifier as id from pg_control_system()`;
  expect(main?.id).toMatch(/^\d+$/);
  expect(main?.id).not.toBe(box?.id);
});

test('both are migrated, and the owner is no superuser', async () => {
  expect(await db.main.select().from(house)).toEqual([]);
  for (const [row] of [
    await db.main.execute('select usesuper from pg_user where usename = current_user'),
    await db.box`select usesuper from pg_user where usename = current_user`,
  ])
    expect(row).toEqual({ usesuper: false });
});

test('intake may read and add, never change or remove', async () => {
  const [who] = await db.intake`select current_user as name`;
  expect(who?.name).toBe('box_intake');
  await expect(db.intake`delete from round`).rejects.toMatchObject({ code: '42501' });
});

test('letters beyond ASCII have upper and lower case', async () => {
  const [row] = await db.box`select lower('ÆØÅ') as small`;
  expect(row?.small).toBe('æøå');
});

test('a second time changes nothing', async () => {
  expect(await migrate(db.mainUrl, db.boxUrl)).toEqual({ ok: true, applied: 0 });
  expect(await isCurrent(db.mainUrl, db.boxUrl)).toBe(true);
});

test('a database newer than the program is left alone', async () => {
  const sql = postgres(db.boxUrl, { max: 1 });
  await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 9999999999999)`;
  await sql.end();
  expect(await migrate(db.mainUrl, db.boxUrl)).toEqual({
    ok: false,
    refusal: 'database-newer-than-program',
    database: 'box',
  });
  expect(await isCurrent(db.mainUrl, db.boxUrl)).toBe(false);
});
