import { RSABSSA } from '@cloudflare/blindrsa-ts';
import fc from 'fast-check';
import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import * as BlindRsa from '#domain/blind-rsa.ts';
import { type Bytes, equal, fromBase64url, join, utf8 } from '#domain/bytes.ts';
import { closingKeyPair } from '#domain/closing-key.ts';

const signer = generateKeyPairSync('rsa', { modulusLength: 3072 });
const spki = new Uint8Array(signer.publicKey.export({ type: 'spki', format: 'der' }));
const bytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const signNatively = (blinded: Uint8Array) =>
  new Uint8Array(privateDecrypt({ key: signer.privateKey, padding: constants.RSA_NO_PADDING }, blinded));

async function theKey() {
  const read = await BlindRsa.publicKey(spki);
  if (!read.ok) throw new Error(read.refusal);
  return read.key;
}

describe('a ballot paper', () => {
  test('is the same again from the same seed, and another from another seed, round or key', async () => {
    const [seed, fingerprint] = [bytes(32), bytes(32)];
    const key = await theKey();
    // Another modulus without small factors: 89 ones are a prime.
    const otherKey = { ...key, n: key.n * (2n ** 89n - 1n), bits: key.bits + 89 };
    const first = await Ballot.paper(seed, fingerprint);
    expect(await Ballot.paper(seed, fingerprint)).toEqual(first);
    expect(await Ballot.paper(bytes(32), fingerprint)).not.toEqual(first);
    expect(await Ballot.paper(seed, bytes(32))).not.toEqual(first);
    expect(first.token).not.toEqual(first.prefix);

    const blinded = await Ballot.blind(seed, fingerprint, key);
    expect(await Ballot.blind(seed, fingerprint, key)).toEqual(blinded);
    expect((await Ballot.blind(seed, fingerprint, otherKey)).inverse).not.toBe(blinded.inverse);
  });

  test('is signed blind, and the signature holds for it alone', async () => {
    const [seed, fingerprint] = [bytes(32), bytes(32)];
    const key = await theKey();
    const paper = await Ballot.paper(seed, fingerprint);
    const { blinded, inverse } = await Ballot.blind(seed, fingerprint, key);
    expect(blinded).toHaveLength(384);
    const blindSignature = signNatively(blinded);
    const signed = await Ballot.finalize(key, paper, inverse, blindSignature);
    if (!signed.ok) throw new Error(signed.refusal);
    expect(signed.signature).not.toEqual(blindSignature);
    expect(await Ballot.verify(key, paper, signed.signature)).toBe(true);
    expect(await Ballot.verify(key, { ...paper, token: bytes(32) }, signed.signature)).toBe(false);
    expect(await Ballot.verify(key, { ...paper, prefix: bytes(32) }, signed.signature)).toBe(false);

    const spoilt = blindSignature.slice();
    spoilt[200]! ^= 1;
    for (const bad of [spoilt, blindSignature.slice(1), new Uint8Array(384)]) {
      const refused = await Ballot.finalize(key, paper, inverse, bad);
      expect(refused).toEqual({ ok: false, refusal: 'signature' });
    }
  });

  test('agrees with an independent implementation, both ways', async () => {
    const suite = RSABSSA.SHA384.PSSZero.Randomized();
    const usage = { name: 'RSA-PSS', hash: 'SHA-384' };
    const theirKey = await crypto.subtle.importKey('spki', spki, usage, true, ['verify']);
    const [seed, fingerprint] = [bytes(32), bytes(32)];
    const key = await theKey();
    const paper = await Ballot.paper(seed, fingerprint);
    const { blinded, inverse } = await Ballot.blind(seed, fingerprint, key);
    const signed = await Ballot.finalize(key, paper, inverse, signNatively(blinded));
    if (!signed.ok) throw new Error(signed.refusal);
    expect(await suite.verify(theirKey, signed.signature, Ballot.message(paper))).toBe(true);

    const prepared = suite.prepare(bytes(32));
    const theirs = await suite.blind(theirKey, prepared);
    const signature = await suite.finalize(theirKey, prepared, signNatively(theirs.blindedMsg), theirs.inv);
    const same = { prefix: prepared.slice(0, 32) as Bytes, token: prepared.slice(32) as Bytes };
    expect(await Ballot.verify(key, same, signature)).toBe(true);
  });
});

describe('answers as bytes', () => {
  const mark = fc.oneof(
    fc.integer({ min: 0, max: 10 }),
    fc.constantFrom(Ballot.NO_ANSWER, Ballot.DONT_KNOW, Ballot.NOT_RELEVANT),
  );

  test('are read as they were written, and all as long', () => {
    fc.assert(
      fc.property(
        fc.array(mark, { maxLength: 61 }),
        fc.array(fc.nat(12), { maxLength: 2 }),
        (answers, about) => {
          const plain = Ballot.write(answers, about, 64);
          expect(plain).toHaveLength(64);
          const read = Ballot.read(
            plain,
            answers.length,
            about.map(() => 12),
          );
          expect(read).toEqual({ answers, background: about });
        },
      ),
    );
  });

  test('are the same bytes where nothing is said of the one who answers, asked or not', () => {
    const plain = Ballot.write([5, 1], [], 64);
    expect([...plain.subarray(0, 4)]).toEqual([1, 5, 1, 0]);
    expect(Ballot.write([5, 1], [0, 0], 64)).toEqual(plain);
    expect(Ballot.read(plain, 2, [])).toEqual({ answers: [5, 1], background: [] });
    expect(Ballot.read(plain, 2, [7])).toEqual({ answers: [5, 1], background: [0] });
  });

  test('with an option that there is none of are not read', () => {
    const plain = Ballot.write([5, 1], [3, 2], 64);
    expect(Ballot.read(plain, 2, [3, 2])).toEqual({ answers: [5, 1], background: [3, 2] });
    expect(Ballot.read(plain, 2, [2, 2])).toBeNull();
    expect(Ballot.read(plain, 2, [3, 1])).toBeNull();
    expect(Ballot.read(plain, 2, [3])).toBeNull();
    expect(() => Ballot.write([5], [256], 64)).toThrow();
    expect(() => Ballot.write([5], [-1], 64)).toThrow();
    expect(() => Ballot.write(Array<number>(62).fill(1), [1, 1], 64)).toThrow();
  });

  test('that fit no byte, or not the size, are no ballot', () => {
    for (const answers of [[11], [-1], [1.5], [252], [256], [NaN], Array<number>(64).fill(1)]) {
      expect(() => Ballot.write(answers, [], 64)).toThrow();
    }
  });

  test('of another version, with an unknown mark, or with something in the padding are not read', () => {
    const plain = Ballot.write([1, 2, 3], [], 8);
    const changed = (at: number, to: number) => plain.map((byte, i) => (i === at ? to : byte));
    expect(Ballot.read(changed(0, 2), 3, [])).toBeNull();
    expect(Ballot.read(changed(2, 11), 3, [])).toBeNull();
    expect(Ballot.read(changed(7, 1), 3, [])).toBeNull();
    expect(Ballot.read(plain, 2, [])).toBeNull();
    expect(Ballot.read(plain, 8, [])).toBeNull();
  });
});

describe('a sealed ballot', () => {
  const binding = (): Ballot.Binding => ({ fingerprint: bytes(32), group: '0007', tokenHash: bytes(32) });
  const sealFor = async (locks: string[][], bound: Ballot.Binding, plain = Ballot.write([1, 2, 3], [], 64)) =>
    Ballot.seal(plain, locks, bound, await Ballot.fresh(crypto));

  test('opens with the key of its only lock, and not with another', async () => {
    const [key, other] = [await closingKeyPair(crypto), await closingKeyPair(crypto)];
    const bound = binding();
    const sealed = await sealFor([[key.publicKey]], bound);
    expect(sealed).toHaveLength(Ballot.sealedSize(1, 64));
    const opened = await Ballot.open(sealed, [key.privateKey], 0, 1, bound);
    expect(opened && Ballot.read(opened, 3, [])?.answers).toEqual([1, 2, 3]);
    expect(await Ballot.open(sealed, [other.privateKey], 0, 1, bound)).toBeNull();
  });

  test('opens for any two of three witnesses, in the order of the lock, and for none alone', async () => {
    const [a, b, c] = await Promise.all([1, 2, 3].map(() => closingKeyPair(crypto)));
    const pairs = [[a!, b!], [a!, c!], [b!, c!]]; // prettier-ignore
    const locks = pairs.map((pair) => pair.map(({ publicKey }) => publicKey));
    const bound = binding();
    const sealed = await sealFor(locks, bound);
    expect(sealed).toHaveLength(Ballot.sealedSize(3, 64));
    for (const [lock, pair] of pairs.entries()) {
      const [one, two] = pair.map(({ privateKey }) => privateKey) as [CryptoKey, CryptoKey];
      expect(await Ballot.open(sealed, [one, two], lock, 3, bound)).not.toBeNull();
      for (const keys of [[one], [two], [one, one], [two, one]]) {
        expect(await Ballot.open(sealed, keys, lock, 3, bound)).toBeNull();
      }
      expect(await Ballot.open(sealed, [one, two], (lock + 1) % 3, 3, bound)).toBeNull();
    }
  });

  test('does not open when any byte of it is changed, or one is missing', async () => {
    const key = await closingKeyPair(crypto);
    const bound = binding();
    const sealed = await sealFor([[key.publicKey]], bound);
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.slice();
      changed[at]! ^= 1 << (at % 8);
      expect(await Ballot.open(changed, [key.privateKey], 0, 1, bound), `byte ${at}`).toBeNull();
    }
    for (const cut of [0, 1, 66, sealed.length - 1]) {
      expect(await Ballot.open(sealed.slice(0, cut), [key.privateKey], 0, 1, bound)).toBeNull();
    }
    expect(await Ballot.open(join(sealed, bytes(1)), [key.privateKey], 0, 1, bound)).toBeNull();
  });

  test('does not open under another token, group or round: a copy is worth nothing', async () => {
    const key = await closingKeyPair(crypto);
    const bound = binding();
    const sealed = await sealFor([[key.publicKey]], bound);
    for (const elsewhere of [
      { ...bound, tokenHash: bytes(32) },
      { ...bound, group: '0008' },
      { ...bound, fingerprint: bytes(32) },
    ]) {
      expect(await Ballot.open(sealed, [key.privateKey], 0, 1, elsewhere)).toBeNull();
    }
  });

  test('says nothing by its length, and is never the same twice', async () => {
    const key = await closingKeyPair(crypto);
    const bound = binding();
    const none = await sealFor([[key.publicKey]], bound, Ballot.write([], [], 64));
    const all = await sealFor([[key.publicKey]], bound, Ballot.write(Array<number>(63).fill(10), [], 64));
    const again = await sealFor([[key.publicKey]], bound, Ballot.write([], [], 64));
    expect(all).toHaveLength(none.length);
    expect(equal(none, again)).toBe(false);
  });

  test('is not made for a lock that is no key', async () => {
    await expect(sealFor([['AAAA']], binding())).rejects.toThrow();
    await expect(sealFor([['?']], binding())).rejects.toThrow();
  });
});

test('the receipt is the SHA-256 of the token in hexadecimal', async () => {
  expect(await Ballot.receipt(utf8('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  expect(fromBase64url('AAA')).toEqual(new Uint8Array(2));
});
