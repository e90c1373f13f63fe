import { expect, test } from 'vitest';
import { closingKeyPair, readClosingKey, writeClosingKey } from '#domain/closing-key.ts';

const signs = '0'.repeat(32);

test('a key file gives back the same key, its round and its fingerprint', async () => {
  const key = await closingKeyPair(crypto);
  const read = await readClosingKey(await writeClosingKey(key, 'h7k2m9qd', signs));
  if (!read.ok) throw new Error(read.refusal);
  expect(read.round).toBe('h7k2m9qd');
  expect(read.fingerprint).toBe(signs);
  expect(read.key.publicKey).toBe(key.publicKey);
  expect(await crypto.subtle.exportKey('pkcs8', read.key.privateKey)).toEqual(
    await crypto.subtle.exportKey('pkcs8', key.privateKey),
  );
});

test('a key that was changed on the way is refused', async () => {
  const file = JSON.parse(await writeClosingKey(await closingKeyPair(crypto), 'h7k2m9qd', signs));
  const other = JSON.parse(await writeClosingKey(await closingKeyPair(crypto), 'h7k2m9qd', signs));
  for (const damaged of [
    { ...file, privateKey: other.privateKey },
    { ...file, privateKey: file.privateKey.slice(0, -4) },
    { ...file, check: '00000000' },
    { ...file, check: undefined },
  ]) {
    expect(await readClosingKey(JSON.stringify(damaged))).toEqual({ ok: false, refusal: 'damaged' });
  }
});

test('what is no key file is refused', async () => {
  for (const text of ['', '{', 'null', '[]', '{"format":"medvirk-closing-key/2"}']) {
    expect(await readClosingKey(text)).toEqual({ ok: false, refusal: 'malformed' });
  }
});
