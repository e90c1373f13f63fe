import { expect, test } from 'vitest';
import { base64url } from '#domain/bytes.ts';
import { readLink, writeLink } from './link.ts';

const secret = new Uint8Array(16).fill(7);
const seed = new Uint8Array(32).fill(9);
const fingerprint = '0123456789abcdefghjkmnpqrstvwxyz';
const hash = `#${base64url(secret)}.${fingerprint}`;

test('a link gives its secret and fingerprint', () => {
  expect(readLink(hash)).toEqual({ secret, fingerprint, seed: null });
});

test('a link copied by hand may have capitals and look-alikes in the fingerprint', () => {
  const typed = fingerprint.toUpperCase().replace('0', 'O').replace('1', 'I');
  expect(readLink(`#${base64url(secret)}.${typed}`)?.fingerprint).toBe(fingerprint);
});

test('a moved link carries the seed', () => {
  const link = readLink(hash)!;
  expect(readLink(writeLink(link, seed))).toEqual({ ...link, seed });
});

test('a link with a part missing, cut, too long or of other signs is refused', () => {
  const broken = [
    '',
    '#',
    hash.slice(0, -1),
    hash.replace('.', ''),
    hash.replace(/^#./, '#'),
    `${hash}.`,
    `${hash}.${base64url(seed).slice(0, -2)}`,
    `${hash}.${base64url(seed)}.x`,
    hash.replace('z', 'u'),
    hash.replace(/^#./, '#æ'),
  ];
  for (const one of broken) expect(readLink(one), one).toBeNull();
});
