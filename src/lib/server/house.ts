import { eq } from 'drizzle-orm';
import type { Main } from '#server/db.ts';
import { house } from '#server/schema.ts';
import * as settings from '#server/settings.ts';

/** Whose house this is: the name of the database's own, else of the setting. Without a row it is never a demo. */
export async function read(
  main: Main,
): Promise<{ name: string; demo: boolean; filled: boolean; own: boolean }> {
  const [found] = await main.select({ name: house.name, demo: house.demo, filled: house.filled }).from(house);
  if (found) return { ...found, own: true };
  const set = settings.read(process.env);
  return { name: set.ok ? set.settings.MUNICIPALITY : '', demo: false, filled: false, own: false };
}

/** Gives an empty database its name, and marks it as a demo or not, once and for all. false: it has one already. */
export async function found(main: Main, name: string, demo: boolean): Promise<boolean> {
  const put = await main.insert(house).values({ name, demo }).onConflictDoNothing().returning();
  return put.length > 0;
}

/** A demo is filled to the end. */
export const fill = (main: Main) => main.update(house).set({ filled: true }).where(eq(house.demo, true));
