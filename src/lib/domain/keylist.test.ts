import { expect, test } from 'vitest';
import { base64url, sha256, utf8 } from '#domain/bytes.ts';
import * as Keylist from '#domain/keylist.ts';

const list: Keylist.Keylist = {
  format: 'medvirk-keylist/1',
  round: 'h7k2m9qd',
  dryRun: false,
  promise: 'operator',
  files: { 'questionnaire.json': 'q', 'nb/': 'p' },
  thresholds: { factor: 5, statement: 10, invited: 7 },
  smallestGroup: 7,
  sealedPlain: 64,
  locks: [['k']],
  groups: [
    { id: '0001', name: 'Nord og Sør', invited: 23, key: 'a', file: 'b' },
    { id: '0002', name: 'Øvrige', invited: 6, key: 'c', file: 'd' },
  ],
};
const bytes = Keylist.canonicalBytes(list);
const signs = async (of = bytes) => Keylist.fingerprintSigns(await Keylist.fingerprint(of));

test('the bytes do not depend on the order the list was built in', () => {
  const turned = Object.fromEntries(Object.entries(list).reverse()) as Keylist.Keylist;
  expect(Keylist.canonicalBytes(turned)).toEqual(bytes);
  expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(list);
});

test('the fingerprint is 32 signs in links and 8 groups of 4 in print', async () => {
  const fingerprint = await Keylist.fingerprint(bytes);
  expect(fingerprint).toHaveLength(32);
  expect(await signs()).toMatch(/^\S{32}$/);
  expect(Keylist.fingerprintPrint(fingerprint)).toMatch(/^(\S{4} ){7}\S{4}$/);
  expect(Keylist.fingerprintPrint(fingerprint).replaceAll(' ', '')).toBe(await signs());
});

test('the list that the link speaks of is read', async () => {
  const read = await Keylist.readKeylist(bytes, await signs(), list.round);
  expect(read).toEqual({ ok: true, keylist: list, fingerprint: await Keylist.fingerprint(bytes) });
});

test('one changed byte anywhere in the list is refused', async () => {
  const promised = await signs();
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 1;
    expect(await Keylist.readKeylist(changed, promised, list.round)).toEqual({
      ok: false,
      refusal: 'fingerprint',
    });
  }
});

test('a shortened, empty or foreign fingerprint is refused', async () => {
  const promised = await signs();
  for (const wrong of ['', promised.slice(0, 28), promised + '0', '0'.repeat(32)]) {
    expect(await Keylist.readKeylist(bytes, wrong, list.round)).toEqual({
      ok: false,
      refusal: 'fingerprint',
    });
  }
});

test.each([
  ['another round', { ...list, round: 'aaaaaaaa' }],
  ['another format', { ...list, format: 'medvirk-keylist/2' }],
  ['no lock', { ...list, locks: [] }],
  ['a lock that nobody holds', { ...list, locks: [[]] }],
  ['no groups', { ...list, groups: undefined }],
  ['no size', { ...list, sealedPlain: '64' }],
])('a list with %s is refused, fingerprint or not', async (_, other) => {
  const its = utf8(JSON.stringify(other));
  expect(await Keylist.readKeylist(its, await signs(its), list.round)).toEqual({
    ok: false,
    refusal: 'malformed',
  });
});

test('bytes that are no list are refused', async () => {
  for (const its of [utf8('{'), utf8('null'), Uint8Array.of(0xff, 0xfe)]) {
    const refused = await Keylist.readKeylist(its, await signs(its), list.round);
    expect(refused).toEqual({ ok: false, refusal: 'malformed' });
  }
});

test('a group is found; one that is missing, listed twice or too small is refused', () => {
  const twice = { ...list, groups: [...list.groups, list.groups[0]!] };
  expect(Keylist.groupOf(list, '0001')).toEqual({ ok: true, group: list.groups[0] });
  expect(Keylist.groupOf(list, '0003')).toEqual({ ok: false, refusal: 'unlisted' });
  expect(Keylist.groupOf(twice, '0001')).toEqual({ ok: false, refusal: 'unlisted' });
  expect(Keylist.groupOf(list, '0002')).toEqual({ ok: false, refusal: 'small' });
});

test('a group under 5 is refused whatever the list says', () => {
  const lenient = (smallestGroup: number, invited: number) =>
    Keylist.groupOf({ ...list, smallestGroup, groups: [{ ...list.groups[0]!, invited }] }, '0001').ok;
  expect(lenient(5, 5)).toBe(true);
  expect(lenient(1, 5)).toBe(true);
  expect(lenient(1, 4)).toBe(false);
  expect(lenient(NaN, 23)).toBe(false);
  expect(lenient(5, NaN)).toBe(false);
});

test('bytes are listed only under their own hash', async () => {
  const file = utf8('{"name":"Nord"}');
  const hash = base64url(await sha256(file));
  expect(await Keylist.isListed(file, hash)).toBe(true);
  expect(await Keylist.isListed(utf8('{"name":"Sør"}'), hash)).toBe(false);
  expect(await Keylist.isListed(file, undefined)).toBe(false);
});
