import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { eq } from 'drizzle-orm';
import type { Main } from '#server/db.ts';
import { password } from '#server/schema.ts';

export const shortest = 12;
export const longest = 1000;

type Cost = { memory: number; passes: number; parallelism: number };
/** OWASP's password storage advice for argon2id: 19 MiB, 2 passes, 1 lane. */
const cost: Cost = { memory: 19 * 1024, passes: 2, parallelism: 1 };

const argon2id = promisify(argon2);
const derive = (text: string, nonce: Uint8Array, by: Cost) =>
  argon2id('argon2id', { message: text.normalize('NFKC'), nonce, tagLength: 32, ...by });

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** "$argon2id$v=19$m=…,t=…,p=…$salt$hash": carries its own cost, so that the cost can be raised later. */
export async function hash(text: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive(text, nonce, cost);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(nonce)}$${base64(tag)}`;
}

const nobodys = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(Buffer.alloc(16))}$${base64(Buffer.alloc(32))}`;

/** Whether the text is the password. Without a hash (nobody, or no password) it is wrong after the same work. */
export async function matches(text: string, stored: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, nonce, tag] = phc.exec(stored ?? nobodys) ?? [];
  if (!nonce || !tag) throw new Error('A stored password is not an argon2id string');
  const by = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const same = timingSafeEqual(
    await derive(text, Buffer.from(nonce, 'base64'), by),
    Buffer.from(tag, 'base64'),
  );
  return stored !== null && same;
}

export type Weak = 'short' | 'long';

/** Long enough is the only rule: no signs that must be there, none that may not. */
export function weakness(text: string): Weak | null {
  const length = [...text.normalize('NFKC')].length;
  return length < shortest ? 'short' : length > longest ? 'long' : null;
}

export async function set(main: Main, personId: string, text: string) {
  const stored = await hash(text);
  await main
    .insert(password)
    .values({ personId, hash: stored })
    .onConflictDoUpdate({ target: password.personId, set: { hash: stored } });
}

export async function remove(main: Main, personId: string) {
  await main.delete(password).where(eq(password.personId, personId));
}

export async function exists(main: Main, personId: string): Promise<boolean> {
  const found = await main
    .select({ id: password.personId })
    .from(password)
    .where(eq(password.personId, personId));
  return found.length > 0;
}
