import type { Main } from '#server/db.ts';
import { house } from '#server/schema.ts';

/** Whose house this is. Without a row it is nobody's yet, and never a demo. */
export async function read(main: Main): Promise<{ name: string; demo: boolean }> {
  const [found] = await main.select({ name: house.name, demo: house.demo }).from(house);
  return found ?? { name: '', demo: false };
}

/** Gives an empty database its name, and marks it as a demo or not, once and for all. false: it has one already. */
export async function found(main: Main, name: string, demo: boolean): Promise<boolean> {
  const put = await main.insert(house).values({ name, demo }).onConflictDoNothing().returning();
  return put.length > 0;
}
