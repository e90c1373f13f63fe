import type { Main } from '#server/db.ts';
import { house } from '#server/schema.ts';

/** Whose house this is. Without a row it is nobody's yet, and never a demo. */
export async function read(main: Main): Promise<{ name: string; demo: boolean }> {
  const [found] = await main.select({ name: house.name, demo: house.demo }).from(house);
  return found ?? { name: '', demo: false };
}
