import { base32, plainBase32 } from '#domain/base32.ts';
import { type Bytes, base64url, utf8 } from '#domain/bytes.ts';

/** Signs in a drawn code: 60 bits, five a sign (design section 3). */
const LENGTH = 12;

/**
 * Rounds of PBKDF2 between a code and its secret. Whoever holds a copy of main could otherwise try all codes against
 * all hashes at once; so it takes 2^74 steps, and 10 ms on the device of who has the code (docs/decisions/codes.md).
 */
const ITERATIONS = 20_000;

/** A code of 12 base32 signs from 8 bytes of chance, of which it takes the first 60 bits. */
export function draw(chance: Uint8Array): string {
  if (chance.length !== 8) throw new RangeError('a code is drawn from 8 bytes');
  return base32(chance).slice(0, LENGTH);
}

/** The code as it is printed: three groups of four, in capitals, which no fingerprint is. */
export const print = (code: string): string => code.toUpperCase().replace(/.{4}(?=.)/g, '$&-');

/** What somebody typed as the 12 signs of a code; null when it cannot be one. As kindly as `plainBase32` reads. */
export function read(typed: string): string | null {
  const signs = plainBase32(typed.replace(/[.,·–—_]/g, ' '));
  return signs?.length === LENGTH ? signs : null;
}

/**
 * The secret that a code stands for in a round, 16 bytes, exactly like that of a link: PBKDF2-HMAC-SHA-256 of the 12
 * plain signs, salted with "medvirk code" and the round's id.
 */
export async function secretOf(code: string, round: string): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', utf8(code), 'PBKDF2', false, ['deriveBits']);
  const salt = utf8(`medvirk code${round}`);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ITERATIONS };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 128));
}

/** A link's fragment with a code in the place of the secret, as the fragment it stands for; any other as it is. */
export async function unfold(fragment: string, round: string): Promise<{ fragment: string; code: boolean }> {
  const [first, ...rest] = fragment.replace(/^#/, '').split('.');
  const code = read(first ?? '');
  if (code === null) return { fragment, code: false };
  return { fragment: `#${[base64url(await secretOf(code, round)), ...rest].join('.')}`, code: true };
}

/** Largest reserve of codes that a plan may have, per cent. */
export const mostReserve = 50;

/** Whether a reserve is one that a plan may have: whole per cent. */
export const reserveHolds = (share: number): boolean =>
  Number.isInteger(share) && share >= 0 && share <= mostReserve;

/** How many codes a group has beside those it needs: so many per cent, rounded up; none where none are needed. */
export const reserve = (needed: number, share: number): number => Math.ceil((needed * share) / 100);

/** How a group's codes stand: how many need one, how many more there may be, how many are made already. */
export type Stock = { needed: number; reserve: number; made: number };

/** How many codes of a group can be made next: those needed and not made yet, else those left in reserve. */
export const left = ({ needed, reserve, made }: Stock): { needed: number; reserve: number } => ({
  needed: Math.max(0, needed - made),
  reserve: Math.max(0, Math.min(reserve, needed + reserve - made)),
});
