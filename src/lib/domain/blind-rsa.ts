import { type Bytes, base64url, fromBase64url, fromNumber, join, toNumber } from '#domain/bytes.ts';

/**
 * The client's half of RFC 9474 (RSA blind signatures), SHA-384. The ballot uses the variant
 * RSABSSA-SHA384-PSSZERO-Randomized; salt and blinding are arguments, so that the RFC's own vectors run here.
 */
export type PublicKey = { n: bigint; e: bigint; bits: number };

const HASH_LENGTH = 48;
const SMALLEST_BITS = 3072;

/**
 * A public key from its SPKI DER bytes. Refuses what is no RSA key ("malformed"), another exponent than 65537
 * ("exponent": with a chosen one the signer could mark ballots), and under 3072 bits or an even modulus ("short").
 */
export async function publicKey(
  spki: Uint8Array,
): Promise<{ ok: true; key: PublicKey } | { ok: false; refusal: 'malformed' | 'exponent' | 'short' }> {
  let jwk: JsonWebKey;
  try {
    const imported = await crypto.subtle.importKey(
      'spki',
      spki as Bytes,
      { name: 'RSA-PSS', hash: 'SHA-384' },
      true,
      ['verify'],
    );
    jwk = await crypto.subtle.exportKey('jwk', imported);
  } catch {
    return { ok: false, refusal: 'malformed' };
  }
  if (jwk.e !== base64url(Uint8Array.of(1, 0, 1))) return { ok: false, refusal: 'exponent' };
  const n = toNumber(fromBase64url(jwk.n) ?? new Uint8Array());
  const bits = n.toString(2).length;
  if (bits < SMALLEST_BITS || n % 2n === 0n) return { ok: false, refusal: 'short' };
  return { ok: true, key: { n, e: 65537n, bits } };
}

/** EMSA-PSS-ENCODE (RFC 8017 section 9.1.1) of a message under SHA-384 for a modulus of `bits` bits. */
export async function encode(message: Uint8Array, salt: Uint8Array, bits: number): Promise<Bytes> {
  const length = Math.ceil((bits - 1) / 8);
  const hash = await sha384(join(new Uint8Array(8), await sha384(message), salt));
  const block = new Uint8Array(length - HASH_LENGTH - 1);
  block[block.length - salt.length - 1] = 1;
  block.set(salt, block.length - salt.length);
  const mask = await maskOf(hash, block.length);
  const masked = block.map((byte, i) => byte ^ mask[i]!);
  masked[0]! &= 0xff >> (8 * length - (bits - 1));
  return join(masked, hash, Uint8Array.of(0xbc));
}

/** Blind (RFC 9474 section 4.2): the prepared message times r^e. r: 1 to n-1, coprime with n. Throws if it is not. */
export async function blind(
  key: PublicKey,
  message: Uint8Array,
  salt: Uint8Array,
  r: bigint,
): Promise<{ blinded: Bytes; inverse: bigint }> {
  const m = toNumber(await encode(message, salt, key.bits));
  inverseOf(m, key.n);
  const inverse = inverseOf(r, key.n);
  return { blinded: fromNumber((m * power(r, key.e, key.n)) % key.n, size(key)), inverse };
}

/** Finalize (RFC 9474 section 4.4): the signature without its blinding, always verified. Refuses one that does not hold. */
export async function finalize(
  key: PublicKey,
  message: Uint8Array,
  salt: Uint8Array,
  inverse: bigint,
  blindSignature: Uint8Array,
): Promise<{ ok: true; signature: Bytes } | { ok: false; refusal: 'signature' }> {
  if (blindSignature.length !== size(key)) return { ok: false, refusal: 'signature' };
  const signature = fromNumber((toNumber(blindSignature) * inverse) % key.n, size(key));
  if (!(await verify(key, message, salt, signature))) return { ok: false, refusal: 'signature' };
  return { ok: true, signature };
}

/** RSASSA-PSS verification (RFC 8017 section 8.1.2) for a known salt: s^e must be exactly the encoded message. */
export async function verify(
  key: PublicKey,
  message: Uint8Array,
  salt: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const s = toNumber(signature);
  if (signature.length !== size(key) || s >= key.n) return false;
  return power(s, key.e, key.n) === toNumber(await encode(message, salt, key.bits));
}

const size = (key: PublicKey) => Math.ceil(key.bits / 8);

const sha384 = async (of: Uint8Array): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-384', of as Bytes));

/** MGF1 (RFC 8017 appendix B.2.1). */
async function maskOf(seed: Bytes, length: number): Promise<Bytes> {
  const blocks: Bytes[] = [];
  for (let i = 0; i * HASH_LENGTH < length; i++)
    blocks.push(await sha384(join(seed, fromNumber(BigInt(i), 4))));
  return join(...blocks).slice(0, length);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let b = base % modulus, e = exponent; e > 0n; e >>= 1n, b = (b * b) % modulus) {
    if (e & 1n) result = (result * b) % modulus;
  }
  return result;
}

function inverseOf(number: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [number % modulus, modulus, 1n, 0n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  if (a !== 1n) throw new RangeError('not coprime with the modulus');
  return ((x % modulus) + modulus) % modulus;
}
