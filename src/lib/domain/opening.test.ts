import { beforeAll, describe, expect, test } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import { base64url, type Bytes, sha256, utf8 } from '#domain/bytes.ts';
import * as Keylists from '#domain/keylist.ts';
import * as Opening from '#domain/opening.ts';
import * as Release from '#domain/release.ts';
import * as Sheet from '#domain/sheet.ts';
import { chance, questionnaire, thresholds, tree } from '../../../tests/support/survey.ts';

const next = chance(5);
const asked = questionnaire([2], 1);
const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }], staff: true }], 20);
const leaves = units.nodes.filter(({ group }) => group);
const json = (of: unknown) => utf8(JSON.stringify(of));
const hash = async (of: Bytes) => base64url(await sha256(of));

let halves: Sheet.Half[];
let keylist: Keylists.Keylist;
let signs: string;
let fingerprint: Bytes;
let files: Opening.Files;
let frame: Opening.Frame;
const sealed: Opening.SealedBallot[] = [];

beforeAll(async () => {
  halves = await Promise.all([0, 1, 2].map(() => Sheet.draw(crypto)));
  const [a, b, c] = halves.map(({ point }) => point);
  const frozen = { questionnaire: json(asked), tree: json(units) };
  keylist = {
    format: 'medvirk-keylist/1',
    round: 'abcdefgh',
    dryRun: true,
    promise: 'witnesses',
    files: {
      'questionnaire.json': await hash(frozen.questionnaire),
      'tree.json': await hash(frozen.tree),
    },
    thresholds,
    smallestGroup: 20,
    sealedPlain: 64,
    locks: Opening.locksOf([a!, b!, c!]),
    groups: leaves.map(({ id, name, invited }) => ({ id, name, invited, key: '', file: '' })),
  };
  const bytes = Keylists.canonicalBytes(keylist);
  fingerprint = await Keylists.fingerprint(bytes);
  signs = Keylists.fingerprintSigns(fingerprint);
  frame = {
    round: {
      id: 'abcdefgh',
      name: 'Prøve',
      kind: asked.kind,
      dryRun: true,
      opened: '2027-03-01',
      stopped: '2027-03-21',
      fingerprint: signs,
      questionnaire: { key: asked.key, version: asked.version },
    },
    questionnaire: asked,
    tree: units,
    thresholds,
  };
  for (let i = 0; i < 40; i++) {
    const tokenHash = await sha256(Uint8Array.of(i));
    const group = leaves[i % leaves.length]!.id;
    const plain = Ballot.write([1 + next(5), 1 + next(5), i === 3 ? 9 : 1 + next(5)], [], 64);
    const binding = { fingerprint, group, tokenHash };
    sealed.push({
      group,
      tokenHash,
      sealed: await Ballot.seal(plain, keylist.locks, binding, await Ballot.fresh(crypto)),
    });
  }
  // One that was copied under another token.
  sealed.push({ ...sealed[0]!, tokenHash: await sha256(Uint8Array.of(99)) });
  const head: Opening.BallotsHead = {
    format: 'medvirk-ballots/1',
    round: frame.round,
    added: [],
    ballots: sealed.length,
  };
  const ballots = `${JSON.stringify(head)}\n${sealed.map(Opening.ballotLine).join('')}`;
  files = { keylist: bytes, ...frozen, ballots };
});

async function openedBy(...who: [number, number]): Promise<string> {
  const read = await Opening.readFiles(files, signs);
  if (!read.ok) throw new Error(read.refusal);
  const pair = await Opening.keyOfPair(read, [halves[who[0]]!.secret, halves[who[1]]!.secret], crypto);
  if (!pair.ok) throw new Error(pair.refusal);
  const opening = Opening.begin(read.frame);
  await Opening.count(opening, read.ballots, pair.key);
  return await Opening.release(read.frame, opening);
}
const receipts = () => sealed.map(({ tokenHash }) => Buffer.from(tokenHash).toString('hex'));

describe('two sheets of three', () => {
  test('open the same, whichever two and in whichever order', async () => {
    const first = await openedBy(0, 1);
    for (const [a, b] of [[1, 0], [0, 2], [2, 1]] as const) expect(await openedBy(a, b)).toBe(first); // prettier-ignore
    const { ballots } = JSON.parse(first) as Release.Release;
    expect(ballots).toEqual({ invited: 60, received: 41, counted: 39, unreadable: 2 });
    expect(await Opening.check(first, frame, receipts())).toMatchObject({ ok: true });
  });

  test('are two, and of this round', async () => {
    const [a, b] = halves.map(({ secret }) => secret) as [Bytes, Bytes, Bytes];
    const other = (await Sheet.draw(crypto)).secret;
    const of = { keylist, fingerprint };
    expect(await Opening.keyOfPair(of, [a, a], crypto)).toEqual({ ok: false, refusal: 'same' });
    expect(await Opening.keyOfPair(of, [a, other], crypto)).toEqual({
      ok: false,
      refusal: 'other',
      sheet: 2,
    });
    expect(await Opening.keyOfPair(of, [other, b], crypto)).toEqual({
      ok: false,
      refusal: 'other',
      sheet: 1,
    });
    expect(await Opening.keyOfPair(of, [a, b], crypto)).toMatchObject({ ok: true, key: { lock: 0 } });
  });

  test('one alone opens nothing, whichever lock it is held against', async () => {
    const { privateKey } = (await Sheet.keyOf(halves[0]!.secret, [halves[0]!.point], crypto))!;
    for (const privateKeys of [[privateKey], [privateKey, privateKey]])
      for (const lock of [0, 1, 2]) {
        const opening = Opening.begin(frame);
        await Opening.count(opening, sealed, { fingerprint, privateKeys, lock, locks: 3 });
        expect(opening.unreadable).toBe(sealed.length);
      }
  });
});

describe('files are refused', () => {
  test.each<[string, (of: Opening.Files) => Opening.Files, Opening.FilesRefusal]>([
    ['with another keylist', (of) => ({ ...of, keylist: json({ ...keylist, sealedPlain: 128 }) }), 'keylist'],
    ['with another tree', (of) => ({ ...of, tree: json({ nodes: units.nodes.slice(1) }) }), 'frozen'],
    ['with another questionnaire', (of) => ({ ...of, questionnaire: json({}) }), 'frozen'],
    ['with a ballot too few', (of) => ({ ...of, ballots: of.ballots.replace(/.+\n$/, '') }), 'ballots'],
    ['cut off', (of) => ({ ...of, ballots: of.ballots.slice(0, -20) }), 'ballots'],
    [
      'with a ballot that is none',
      (of) => ({ ...of, ballots: of.ballots.replace(/\n0/, '\nx x 0') }),
      'ballots',
    ],
    ['that are none', (of) => ({ ...of, ballots: 'hello' }), 'ballots'],
  ])('%s', async (_, changed, refusal) => {
    expect(await Opening.readFiles(changed(files), signs)).toEqual({ ok: false, refusal });
  });

  test('under another fingerprint', async () => {
    expect(await Opening.readFiles(files, '0'.repeat(32))).toEqual({ ok: false, refusal: 'keylist' });
  });
});

describe('a release that somebody else built is refused', () => {
  const change = (of: string, how: (release: any) => void) => {
    const release = JSON.parse(of);
    how(release);
    return Release.serialize(release);
  };
  test.each<[string, (release: any) => void, Opening.CheckRefusal]>([
    ['of another round', (r) => (r.round.id = 'zzzzzzzz'), 'other'],
    ['with another fingerprint', (r) => (r.round.fingerprint = '0'.repeat(32)), 'other'],
    ['with another tree', (r) => (r.tree[1].name = 'Z'), 'other'],
    ['with another question', (r) => (r.statements[0].text = { nb: 'Et annet' }), 'other'],
    ['with other limits', (r) => (r.thresholds.invited = 8), 'other'],
    ['with others invited', (r) => (r.ballots.invited = 61), 'other'],
    ['with other receipts', (r) => (r.receiptsSha256 = '0'.repeat(64)), 'receipts'],
    ['with a ballot hidden', (r) => Object.assign(r.ballots, { received: 40, unreadable: 1 }), 'receipts'],
    ['with a number that gives somebody away', (r) => (r.results['0002'].n = 4), 'audit'],
    ['with something of its own', (r) => (r.note = 'x'), 'form'],
  ])('%s', async (_, how, refusal) => {
    const forged = change(await openedBy(0, 1), how);
    expect(await Opening.check(forged, frame, receipts())).toEqual({ ok: false, refusal });
  });

  test('written otherwise', async () => {
    const built = await openedBy(0, 1);
    expect(await Opening.check(`${built} `, frame, receipts())).toEqual({ ok: false, refusal: 'form' });
    expect(await Opening.check('{', frame, receipts())).toEqual({ ok: false, refusal: 'form' });
  });

  test('of other ballots than the box holds', async () => {
    const built = await openedBy(0, 1);
    const others = receipts().with(0, 'f'.repeat(64));
    expect(await Opening.check(built, frame, others)).toEqual({ ok: false, refusal: 'receipts' });
  });
});
