import { plainBase32 } from '#domain/base32.ts';
import { type Bytes, base64url, fromBase64url } from '#domain/bytes.ts';

/** What stands after # in an invitation's link: secret, fingerprint, and on a moved link the seed. */
export type Link = { secret: Bytes; fingerprint: string; seed: Bytes | null };

/** The link's parts; null when one is missing or not as long as it must be. */
export function readLink(hash: string): Link | null {
  const [secretPart, fingerprintPart, seedPart, ...more] = hash.replace(/^#/, '').split('.');
  const secret = fromBase64url(secretPart);
  const fingerprint = plainBase32(fingerprintPart ?? '');
  const seed = seedPart === undefined ? null : fromBase64url(seedPart);
  if (secret?.length !== 16 || fingerprint?.length !== 32 || more.length > 0) return null;
  if (seedPart !== undefined && seed?.length !== 32) return null;
  return { secret, fingerprint, seed };
}

/** The same link for another device: it carries the seed, and so the ballot paper. */
export const writeLink = ({ secret, fingerprint }: Link, seed: Uint8Array): string =>
  `#${base64url(secret)}.${fingerprint}.${base64url(seed)}`;
