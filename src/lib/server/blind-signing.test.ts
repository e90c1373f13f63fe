import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import * as BlindRsa from '#domain/blind-rsa.ts';
import { fromNumber } from '#domain/bytes.ts';
import { sign, verify } from '#server/blind-signing.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
const spki = publicKey.export({ type: 'spki', format: 'der' });

async function keyOfBrowser() {
  const read = await BlindRsa.publicKey(spki);
  if (!read.ok) throw new Error(read.refusal);
  return read.key;
}

test('a paper from the browser is signed, and verified by the box', async () => {
  const [seed, fingerprint] = [randomBytes(32), randomBytes(32)];
  const key = await keyOfBrowser();
  const paper = await Ballot.paper(seed, fingerprint);
  const { blinded, inverse } = await Ballot.blind(seed, fingerprint, key);
  const signed = await sign(privateKey, blinded);
  if (!signed.ok) throw new Error(signed.refusal);
  const finished = await Ballot.finalize(key, paper, inverse, signed.signature);
  if (!finished.ok) throw new Error(finished.refusal);

  expect(verify(publicKey, paper.prefix, paper.token, finished.signature)).toBe(true);
  expect(verify(publicKey, paper.token, paper.prefix, finished.signature)).toBe(false);
  expect(verify(publicKey, paper.prefix, paper.token, signed.signature)).toBe(false);
  expect(verify(publicKey, paper.prefix, paper.token, new Uint8Array())).toBe(false);
  const other = generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey;
  expect(verify(other, paper.prefix, paper.token, finished.signature)).toBe(false);
});

test('the same blinded message gets the same signature', async () => {
  const { blinded } = await Ballot.blind(randomBytes(32), randomBytes(32), await keyOfBrowser());
  expect(await sign(privateKey, blinded)).toEqual(await sign(privateKey, blinded));
});

test('numbers that sign to themselves, and numbers the modulus does not hold, are refused', async () => {
  const { n } = await keyOfBrowser();
  for (const number of [0n, 1n, n - 1n, n, n + 1n, 2n ** 3072n - 1n]) {
    expect(await sign(privateKey, fromNumber(number, 384))).toEqual({ ok: false, refusal: 'range' });
  }
  expect(await sign(privateKey, fromNumber(n - 2n, 384))).toMatchObject({ ok: true });
  expect(await sign(privateKey, fromNumber(2n, 384))).toMatchObject({ ok: true });
});

test('another length is refused', async () => {
  for (const length of [0, 383, 385]) {
    expect(await sign(privateKey, new Uint8Array(length).fill(2))).toEqual({ ok: false, refusal: 'length' });
  }
});

test('the key may come from its stored bytes', async () => {
  const stored = privateKey.export({ type: 'pkcs8', format: 'der' });
  const read = createPrivateKey({ key: stored, format: 'der', type: 'pkcs8' });
  expect(await sign(read, fromNumber(2n, 384))).toEqual(await sign(privateKey, fromNumber(2n, 384)));
});
