/** Bytes that WebCrypto takes as they are. */
export type Bytes = Uint8Array<ArrayBuffer>;

const text = new TextEncoder();

/** UTF-8. */
export const utf8 = (words: string): Bytes => text.encode(words);

/** The parts one after the other. */
export function join(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** True when length and every byte agree. Not constant-time: for public values only. */
export const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** SHA-256, 32 bytes (FIPS 180-4). */
export const sha256 = async (of: Uint8Array): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', of as Bytes));

/** Lower-case hexadecimal, two signs a byte. */
export const hex = (of: Uint8Array): string =>
  Array.from(of, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Signs as they are shown and printed: a space after every so many. */
export const spaced = (signs: string, every = 4): string =>
  signs.replace(new RegExp(`.{${every}}(?=.)`, 'g'), '$& ');

/** Base64 with the URL alphabet and without padding (RFC 4648 section 5). */
export function base64url(of: Uint8Array): string {
  let binary = '';
  for (const byte of of) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The bytes of a base64url text; null when it is not exactly what `base64url` writes. */
export function fromBase64url(of: unknown): Bytes | null {
  if (typeof of !== 'string' || !/^[\w-]*$/.test(of) || of.length % 4 === 1) return null;
  const binary = atob(of.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return base64url(bytes) === of ? bytes : null;
}

/** Big-endian bytes as a whole number. */
export const toNumber = (of: Uint8Array): bigint => BigInt('0x' + (hex(of) || '0'));

/** A whole number as exactly `length` big-endian bytes. Throws when it does not fit. */
export function fromNumber(of: bigint, length: number): Bytes {
  const digits = of.toString(16).padStart(length * 2, '0');
  if (digits.length !== length * 2) throw new RangeError('number does not fit');
  return Uint8Array.from({ length }, (_, i) => parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}
