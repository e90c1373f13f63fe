import { sql } from 'drizzle-orm';
import type { Main } from '#server/db.ts';

/** Does what the database refuses, as its owner can: with the triggers of a table away meanwhile. */
export async function pastTheRules<T>(main: Main, table: 'round' | 'release', act: () => Promise<T>) {
  await main.execute(sql.raw(`alter table ${table} disable trigger user`));
  try {
    return await act();
  } finally {
    await main.execute(sql.raw(`alter table ${table} enable trigger user`));
  }
}
