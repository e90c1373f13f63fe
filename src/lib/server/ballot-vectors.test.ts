import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import * as BlindRsa from '#domain/blind-rsa.ts';
import * as Code from '#domain/code.ts';
import { type Bytes, base64url, fromBase64url, hex, utf8 } from '#domain/bytes.ts';
import { readClosingKey } from '#domain/closing-key.ts';
import * as Keylist from '#domain/keylist.ts';
import * as Sheet from '#domain/sheet.ts';
import { sign } from '#server/blind-signing.ts';

// The vectors of docs/ballot-protocol.md, on which other people's clients and checkers rest.
const vectors = JSON.parse(readFileSync('docs/ballot-vectors.json', 'utf8'));
const bytes = (of: string): Bytes => fromBase64url(of)!;
const { paper: made, sealing, signingKey, answers } = vectors;
const curve = { name: 'ECDH', namedCurve: 'P-256' };
const privateHalf = (pkcs8: string) =>
  crypto.subtle.importKey('pkcs8', bytes(pkcs8), curve, true, ['deriveBits']);

async function fingerprint() {
  const { signs } = vectors.fingerprint;
  const read = await Keylist.readKeylist(utf8(vectors.keylist), signs, 'h7k2m9qd');
  if (!read.ok) throw new Error(read.refusal);
  return read;
}

test('keylist and fingerprint', async () => {
  const read = await fingerprint();
  expect(hex(read.fingerprint)).toBe(vectors.fingerprint.sha256);
  expect(Keylist.fingerprintPrint(read.fingerprint)).toBe(vectors.fingerprint.print);
  expect(new TextDecoder().decode(Keylist.canonicalBytes(read.keylist))).toBe(vectors.keylist);
  const { group } = Keylist.groupOf(read.keylist, '0001') as { group: Keylist.KeylistGroup };
  expect(await Keylist.isListed(bytes(signingKey.spki), group.key)).toBe(true);
  expect(await Keylist.isListed(utf8(vectors.groupFile), group.file)).toBe(true);
  expect(vectors.link).toBe(`/svar/h7k2m9qd/nb#${vectors.secret}.${vectors.fingerprint.signs}`);
});

test('a drawn code and its secret', async () => {
  const { printed, signs, link, secret } = vectors.code;
  expect(Code.read(printed)).toBe(signs);
  expect(Code.print(signs)).toBe(printed);
  expect(base64url(await Code.secretOf(signs, 'h7k2m9qd'))).toBe(secret);
  const print = vectors.fingerprint.signs;
  expect(link).toBe(`/svar/h7k2m9qd/nb#${signs}.${print}`);
  expect(await Code.unfold(`#${signs}.${print}`, 'h7k2m9qd')).toEqual({
    fragment: `#${secret}.${print}`,
    code: true,
  });
});

test('paper, blinding, signature and receipt', async () => {
  const { fingerprint: of } = await fingerprint();
  const read = await BlindRsa.publicKey(bytes(signingKey.spki));
  if (!read.ok) throw new Error(read.refusal);
  const paper = await Ballot.paper(bytes(vectors.seed), of);
  expect({ token: base64url(paper.token), prefix: base64url(paper.prefix) }).toEqual({
    token: made.token,
    prefix: made.prefix,
  });
  const { blinded, inverse } = await Ballot.blind(bytes(vectors.seed), of, read.key);
  expect(base64url(blinded)).toBe(made.blinded);
  const der = { key: Buffer.from(bytes(signingKey.pkcs8)), format: 'der', type: 'pkcs8' } as const;
  const signed = await sign(createPrivateKey(der), blinded);
  expect(signed.ok && base64url(signed.signature)).toBe(made.blindSignature);
  const finished = await Ballot.finalize(read.key, paper, inverse, bytes(made.blindSignature));
  expect(finished.ok && base64url(finished.signature)).toBe(made.signature);
  expect(await Ballot.receipt(paper.token)).toBe(made.receipt);
});

test.each(['operator', 'witnesses'])('sealing to the key of the %s', async (promise) => {
  const { locks, pkcs8, sealed } = vectors[promise] as { locks: string[][]; pkcs8: string[]; sealed: string };
  const tokenHash = await Ballot.tokenHash(bytes(made.token));
  const binding = { fingerprint: (await fingerprint()).fingerprint, group: '0001', tokenHash };
  const plain = Ballot.write(answers, [], 64);
  expect(base64url(plain)).toBe(vectors.plain);

  const publicKey = await crypto.subtle.importKey('raw', bytes(sealing.ephemeral.publicKey), curve, true, []);
  const pair = { publicKey, privateKey: await privateHalf(sealing.ephemeral.pkcs8) };
  const again = await Ballot.seal(plain, locks, binding, { pair, key: bytes(sealing.contentKey) });
  expect(base64url(again)).toBe(sealed);

  const halves = await Promise.all(pkcs8.map(privateHalf));
  const pairs = promise === 'operator' ? [[0]] : [[0, 1], [0, 2], [1, 2]]; // prettier-ignore
  for (const [lock, holders] of pairs.entries()) {
    const keys = holders.map((holder) => halves[holder]!);
    const opened = await Ballot.open(bytes(sealed), keys, lock, locks.length, binding);
    expect(opened && Ballot.read(opened, answers.length, [])).toEqual({ answers, background: [] });
  }
});

test('what is asked of the one who answers', () => {
  const { options, background, plain } = vectors.withBackground;
  expect(base64url(Ballot.write(answers, background, 64))).toBe(plain);
  expect(Ballot.read(bytes(plain), answers.length, options)).toEqual({ answers, background });
});

test('what is written in own words', () => {
  const { options, background, comments, size, plain } = vectors.withComments;
  expect(base64url(Ballot.write(answers, background, size, comments))).toBe(plain);
  expect(Ballot.read(bytes(plain), answers.length, options, 2)).toEqual({ answers, background, comments });
});

test('sheets and check words of the witnesses', async () => {
  const { pkcs8, sheets, checkWords, locks } = vectors.witnesses as Record<string, any>;
  const points = [...new Set((locks as string[][]).flat())];
  for (const [i, key] of pkcs8.entries()) {
    const { d } = await crypto.subtle.exportKey('jwk', await privateHalf(key));
    expect(await Sheet.write(bytes(d!))).toEqual(sheets[i]);
    const read = await Sheet.read(sheets[i].map(Sheet.print).join('\n').toUpperCase());
    expect(read.ok && base64url(read.secret)).toBe(d);
    expect((await Sheet.keyOf(bytes(d!), points, crypto))?.point).toBe(points[i]);
    expect(await Sheet.checkWord(points[i]!)).toBe(checkWords[i]);
  }
});

test('closing key file', async () => {
  const read = await readClosingKey(vectors.closingKeyFile);
  if (!read.ok) throw new Error(read.refusal);
  expect(read.key.publicKey).toBe(vectors.operator.locks[0][0]);
  expect(read.fingerprint).toBe(vectors.fingerprint.signs);
});
