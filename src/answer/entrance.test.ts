import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import { base64url, fromBase64url, sha256, utf8 } from '#domain/bytes.ts';
import { closingKeyPair } from '#domain/closing-key.ts';
import * as Keylist from '#domain/keylist.ts';
import { sign, verify } from '#server/blind-signing.ts';
import { type Entered, enter } from './entrance.ts';
import type { Link } from './link.ts';
import { fetchPaper, handIn, sealed } from './paper.ts';
import type { Service } from './service.ts';

const round = 'h7k2m9qd';
const pair = generateKeyPairSync('rsa', { modulusLength: 3072 });
const spki = (of = pair) => new Uint8Array(of.publicKey.export({ type: 'spki', format: 'der' }));
const closing = await closingKeyPair(crypto);
const told: Keylist.GroupWords = { name: 'Nord', together: ['Nord'], invited: 23, last: null };
const groupFile = Keylist.canonicalBytes({ en: { ...told, name: 'North' }, nb: told });
const hash = async (of: Uint8Array) => base64url(await sha256(of));
const secret = new Uint8Array(16).fill(1);
const seed = new Uint8Array(32).fill(2);

/** A frozen round as the server would serve it. Tests change what is served, never what was frozen. */
async function frozen(change: Partial<Keylist.Keylist> = {}, invited = 23) {
  const keylist = Keylist.canonicalBytes({
    format: 'medvirk-keylist/1',
    round,
    dryRun: false,
    promise: 'operator',
    files: {},
    thresholds: { factor: 5, statement: 10, invited: 7 },
    smallestGroup: 7,
    sealedPlain: 64,
    locks: [[closing.publicKey]],
    groups: [{ id: '0001', name: 'Nord', invited, key: await hash(spki()), file: await hash(groupFile) }],
    ...change,
  });
  const fingerprint = Keylist.fingerprintSigns(await Keylist.fingerprint(keylist));
  return { keylist, link: { secret, fingerprint, seed: null } satisfies Link };
}

let served: Record<string, Uint8Array>;
let replies: Record<string, { status: number; body: Record<string, unknown> }>;
let sent: [string, Record<string, unknown>][];
const server: Service = {
  get: async (path) => {
    if (!served[path]) throw new Error(path);
    return served[path];
  },
  post: async (address, body) => {
    sent.push([address, body as Record<string, unknown>]);
    return replies[address]!;
  },
};
const invitation = {
  group: '0001',
  draftKey: base64url(new Uint8Array(32)),
  state: 'ready',
  phase: 'open',
  opens: '2026-11-09T07:00:00Z',
  stops: '2026-11-30T22:59:00Z',
  results: '2026-12-28',
};

async function arrive(change: Partial<Keylist.Keylist> = {}, invited = 23) {
  const { keylist, link } = await frozen(change, invited);
  served = { 'keylist.json': keylist, 'group/0001': groupFile, 'key/0001': spki() };
  return link;
}
const invite = (body: object, status = 200) =>
  (replies = { [`/svar/${round}/invitation`]: { status, body: { ...body } } });
const entering = async (link: Link) => enter(link, round, 'nb', server);

beforeEach(() => {
  sent = [];
  invite(invitation);
});

test('a true link to an open round leads in, and tells the server its secret alone', async () => {
  const entered = await entering(await arrive());
  expect(entered).toMatchObject({ ok: true, told, fetched: false, results: '2026-12-28' });
  expect(sent).toEqual([[`/svar/${round}/invitation`, { secret: base64url(secret) }]]);
});

test('a keylist that is not the link’s is refused before the secret is shown', async () => {
  const link = await arrive();
  served['keylist.json'] = (await frozen({ smallestGroup: 5 })).keylist;
  expect(await entering(link)).toEqual({ ok: false, refusal: 'fingerprint' });
  expect(sent).toEqual([]);
});

test.each([
  ['unknown', {}, 404, 'unknown'],
  ['of a closed round', { refusal: 'late' }, 403, 'late'],
  ['late', { ...invitation, phase: 'late' }, 200, 'late'],
])('a link that is %s is told so', async (_, body, status, refusal) => {
  const link = await arrive();
  invite(body, status);
  expect(await entering(link)).toEqual({ ok: false, refusal });
});

test('a link that comes early is told when', async () => {
  const link = await arrive();
  invite({ ...invitation, phase: 'early' });
  expect(await entering(link)).toEqual({ ok: false, refusal: 'early', opens: invitation.opens });
});

test('another key than the listed one is refused', async () => {
  const link = await arrive();
  served['key/0001'] = spki(generateKeyPairSync('rsa', { modulusLength: 3072 }));
  expect(await entering(link)).toEqual({ ok: false, refusal: 'key' });
});

test('a listed key that is too weak is refused', async () => {
  const weak = spki(generateKeyPairSync('rsa', { modulusLength: 2048 }));
  const file = await hash(groupFile);
  const group = { id: '0001', name: 'Nord', invited: 23, key: await hash(weak), file };
  const link = await arrive({ groups: [group] });
  served['key/0001'] = weak;
  expect(await entering(link)).toEqual({ ok: false, refusal: 'key' });
});

test('another group file than the listed one is refused', async () => {
  const link = await arrive();
  served['group/0001'] = Keylist.canonicalBytes({ nb: { ...told, invited: 60 } });
  expect(await entering(link)).toEqual({ ok: false, refusal: 'key' });
});

test('a group outside the list is refused', async () => {
  const link = await arrive();
  invite({ ...invitation, group: '0002' });
  expect(await entering(link)).toEqual({ ok: false, refusal: 'key' });
});

test('a group under the list’s own smallest size is refused, and one under 5 whatever it says', async () => {
  expect(await entering(await arrive({}, 6))).toEqual({ ok: false, refusal: 'small' });
  expect(await entering(await arrive({ smallestGroup: 1 }, 4))).toEqual({ ok: false, refusal: 'small' });
  expect(await entering(await arrive({ smallestGroup: 1 }, 5))).toMatchObject({ ok: true });
});

test('a reply that is neither answer nor refusal is no refusal', async () => {
  const link = await arrive();
  invite({}, 500);
  await expect(entering(link)).rejects.toThrow();
});

async function inside() {
  const link = await arrive();
  return { link, entered: (await entering(link)) as Entered };
}
const signing = async (blinded: unknown) => {
  const signed = await sign(pair.privateKey, fromBase64url(blinded)!);
  return signed.ok
    ? { status: 200, body: { signature: base64url(signed.signature) } }
    : { status: 400, body: {} };
};
const signer: Service = {
  ...server,
  post: async (at, body) => (sent.push([at, body as never]), signing((body as never)['blinded'])),
};

test('the whole way: a paper is fetched, answers are sealed, and only the closing key opens them', async () => {
  const { link, entered } = await inside();
  const paper = await fetchPaper(seed, link, round, entered, signer);
  if (!paper.ok) throw new Error(paper.refusal);
  const ballot = await sealed({ answers: [4, 255, 254], background: [2] }, seed, paper.signature, entered);
  const [prefix, token, signature, bytes] = [
    ballot.prefix,
    ballot.token,
    ballot.signature,
    ballot.sealed,
  ].map((part) => fromBase64url(part)!);
  expect(verify(pair.publicKey, prefix!, token!, signature!)).toBe(true);

  const binding = { fingerprint: entered.fingerprint, group: '0001', tokenHash: await sha256(token!) };
  const opened = await Ballot.open(bytes!, [closing.privateKey], 0, 1, binding);
  expect(Ballot.read(opened!, 3, [2])).toEqual({ answers: [4, 255, 254], background: [2] });

  const told = JSON.stringify(sent.at(-1));
  expect(Object.keys(ballot).sort()).toEqual(['group', 'prefix', 'sealed', 'signature', 'token']);
  for (const part of [ballot.token, ballot.prefix, ballot.signature]) expect(told).not.toContain(part);
  expect(JSON.stringify(ballot)).not.toContain(base64url(secret));
});

test('the same seed asks for the same paper again', async () => {
  const { link, entered } = await inside();
  const first = await fetchPaper(seed, link, round, entered, signer);
  const again = await fetchPaper(seed, link, round, entered, signer);
  expect(again).toEqual(first);
  expect(sent.at(-1)).toEqual(sent.at(-2));
});

test.each([
  [409, { refusal: 'fetched' }, 'elsewhere'],
  [403, { refusal: 'late' }, 'late'],
  [404, { refusal: 'unknown' }, 'unknown'],
  [200, { signature: base64url(new Uint8Array(384).fill(5)) }, 'signature'],
  [200, {}, 'signature'],
])('the issuer’s %i is understood', async (status, body, refusal) => {
  const { link, entered } = await inside();
  replies[`/svar/${round}/issue`] = { status, body };
  expect(await fetchPaper(seed, link, round, entered, server)).toEqual({ ok: false, refusal });
});

test.each([
  [409, { refusal: 'used' }, 'used'],
  [403, { refusal: 'late' }, 'missed'],
  [400, { refusal: 'invalid' }, 'invalid'],
  [200, { receipt: '00' }, 'invalid'],
])('the box’s %i is understood', async (status, body, refusal) => {
  const { entered } = await inside();
  const ballot = await sealed({ answers: [4], background: [] }, seed, 'AA', entered);
  replies.box = { status, body };
  expect(await handIn(ballot, 'box', server)).toEqual({ ok: false, refusal });
});

test('a receipt is believed only when it is the token’s own', async () => {
  const { entered } = await inside();
  const ballot = await sealed({ answers: [4], background: [] }, seed, 'AA', entered);
  const receipt = await Ballot.receipt(fromBase64url(ballot.token)!);
  replies.box = { status: 200, body: { receipt } };
  expect(await handIn(ballot, 'box', server)).toEqual({ ok: true, receipt });
  replies.box = { status: 503, body: {} };
  await expect(handIn(ballot, 'box', server)).rejects.toThrow();
  expect(utf8(receipt)).toHaveLength(64);
});
