import type { Bytes } from '#domain/bytes.ts';

/**
 * Crockford's alphabet in lower case: no i, l, o or u, so that nobody must tell 1 from l or 0 from o on a
 * poster, and so that few words appear by accident. Five bits a sign, the most significant first.
 */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Base32 in lower case without padding: 8 signs for 5 bytes; the last sign is filled with zero bits. */
export function base32(of: Uint8Array): string {
  let signs = '';
  let bits = 0;
  let held = 0;
  for (const byte of of) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      signs += ALPHABET[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? signs : signs + ALPHABET[(held << (5 - bits)) & 31];
}

/**
 * What a person read and typed, as plain signs: case, spaces and hyphens do not count, o is 0, i and l are 1.
 * null when another sign is in it.
 */
export function plainBase32(typed: string): string | null {
  const signs = typed.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');
  return [...signs].every((sign) => ALPHABET.includes(sign)) ? signs : null;
}

/** The bytes of signs that `base32` wrote, read as kindly as `plainBase32`; null when they are not such signs. */
export function fromBase32(typed: string): Bytes | null {
  const signs = plainBase32(typed);
  if (signs === null) return null;
  const bytes = new Uint8Array(Math.floor((signs.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const sign of signs) {
    held = (held << 5) | ALPHABET.indexOf(sign);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  return base32(bytes) === signs ? bytes : null;
}
