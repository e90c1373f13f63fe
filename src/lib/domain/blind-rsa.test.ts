import {
  type JsonWebKey,
  constants,
  createPrivateKey,
  generateKeyPairSync,
  privateDecrypt,
} from 'node:crypto';
import { expect, test } from 'vitest';
import * as BlindRsa from '#domain/blind-rsa.ts';
import { fromNumber, hex, join, utf8 } from '#domain/bytes.ts';
import rfc from '#domain/rfc9474.json' with { type: 'json' };

const bytes = (of: string) => new Uint8Array(Buffer.from(of, 'hex'));
const number = (of: string) => BigInt('0x' + of);
const key: BlindRsa.PublicKey = { n: number(rfc.key.n), e: number(rfc.key.e), bits: 4096 };

function inverse(of: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [of, modulus, 1n, 0n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}

function nativeSigner() {
  const [p, q, d] = [number(rfc.key.p), number(rfc.key.q), number(rfc.key.d)];
  const url = (of: bigint) => {
    const digits = of.toString(16);
    return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex').toString(
      'base64url',
    );
  };
  const parts = { n: key.n, e: key.e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, url(part)]));
  return createPrivateKey({ key: { kty: 'RSA', ...jwk } as JsonWebKey, format: 'jwk' });
}

test.each(rfc.vectors)('RFC 9474 appendix A, $name, byte for byte', async (vector) => {
  const message = join(bytes(vector.prefix), bytes(vector.msg));
  const salt = bytes(vector.salt);
  const r = inverse(number(vector.inv), key.n);
  const blinded = await BlindRsa.blind(key, message, salt, r);
  expect(hex(blinded.blinded)).toBe(vector.blinded_msg);
  expect(hex(fromNumber(blinded.inverse, 512))).toBe(vector.inv);

  const raw = { key: nativeSigner(), padding: constants.RSA_NO_PADDING };
  const blindSignature = privateDecrypt(raw, blinded.blinded);
  expect(hex(blindSignature)).toBe(vector.blind_sig);

  const signed = await BlindRsa.finalize(key, message, salt, blinded.inverse, blindSignature);
  if (!signed.ok) throw new Error(signed.refusal);
  expect(hex(signed.signature)).toBe(vector.sig);
});

const spki = (modulusLength: number, publicExponent = 65537) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent });
  return new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
};

test('a key of 3072 bits and exponent 65537 is taken', async () => {
  const read = await BlindRsa.publicKey(spki(3072));
  expect(read.ok && read.key.bits).toBe(3072);
  expect(read.ok && read.key.e).toBe(65537n);
});

test('a weaker key, or one whose exponent could mark a ballot, is refused', async () => {
  expect(await BlindRsa.publicKey(spki(2048))).toEqual({ ok: false, refusal: 'short' });
  expect(await BlindRsa.publicKey(spki(3064))).toEqual({ ok: false, refusal: 'short' });
  expect(await BlindRsa.publicKey(spki(3072, 3))).toEqual({ ok: false, refusal: 'exponent' });
});

test('what is no RSA key is refused', async () => {
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  for (const other of [new Uint8Array(), utf8('key'), spki(3072).slice(0, -1)]) {
    expect(await BlindRsa.publicKey(other)).toEqual({ ok: false, refusal: 'malformed' });
  }
  const its = new Uint8Array(curve.export({ type: 'spki', format: 'der' }));
  expect(await BlindRsa.publicKey(its)).toEqual({ ok: false, refusal: 'malformed' });
});

test('a blinding that the modulus shares a factor with is never used', async () => {
  await expect(BlindRsa.blind(key, utf8('m'), new Uint8Array(), number(rfc.key.p))).rejects.toThrow();
  await expect(BlindRsa.blind(key, utf8('m'), new Uint8Array(), 0n)).rejects.toThrow();
});

test('a signature verifies only for its message, its salt and its length', async () => {
  const vector = rfc.vectors[0]!;
  const message = join(bytes(vector.prefix), bytes(vector.msg));
  const [salt, signature] = [bytes(vector.salt), bytes(vector.sig)];
  expect(await BlindRsa.verify(key, message, salt, signature)).toBe(true);
  expect(await BlindRsa.verify(key, message, new Uint8Array(), signature)).toBe(false);
  expect(await BlindRsa.verify(key, message.slice(1), salt, signature)).toBe(false);
  expect(await BlindRsa.verify(key, message, salt, signature.slice(1))).toBe(false);
  expect(await BlindRsa.verify(key, message, salt, join(Uint8Array.of(0), signature))).toBe(false);
  const above = fromNumber(number(vector.sig) + key.n, 513);
  expect(await BlindRsa.verify(key, message, salt, above)).toBe(false);
});
