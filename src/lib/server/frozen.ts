import type { KeyObject } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { publicKeyOf } from '#server/box.ts';
import type { Main } from '#server/db.ts';
import { roundFile } from '#server/schema.ts';

type FrozenFile = Pick<typeof roundFile.$inferSelect, 'contentType' | 'csp' | 'bytes' | 'brotli'>;

/** One of a round's frozen files, byte for byte as it was frozen, whatever version of the program runs. */
export async function file(main: Main, roundId: string, path: string): Promise<FrozenFile | null> {
  const [found] = await main
    .select()
    .from(roundFile)
    .where(and(eq(roundFile.roundId, roundId), eq(roundFile.path, path)));
  return found ?? null;
}

/** What one of a round's frozen files says; null when there is none. */
export async function json<T>(main: Main, roundId: string, path: string): Promise<T | null> {
  const found = await file(main, roundId, path);
  return found && (JSON.parse(Buffer.from(found.bytes).toString()) as T);
}

/** The same of a file that every freezing has. */
export async function frozen<T>(main: Main, roundId: string, path: string): Promise<T> {
  const found = await json<T>(main, roundId, path);
  if (!found) throw new Error(`The frozen file ${path} is gone`);
  return found;
}

const keys = new Map<string, { key: KeyObject; until: number }>();

/** The public key of a group, for the box. Held for a minute: a thawed round gets new ones. */
export async function groupKey(
  main: Main,
  roundId: string,
  group: string,
  now: Date,
): Promise<KeyObject | null> {
  const at = `${roundId}/${group}`;
  const held = keys.get(at);
  if (held && held.until > now.getTime()) return held.key;
  for (const [old, { until }] of keys) if (until <= now.getTime()) keys.delete(old);
  const found = await file(main, roundId, `key/${group}`);
  if (!found) return null;
  const key = publicKeyOf(found.bytes);
  keys.set(at, { key, until: now.getTime() + 60_000 });
  return key;
}
