import { createHash, randomBytes, webcrypto } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import * as BlindRsa from '#domain/blind-rsa.ts';
import * as Release from '#domain/release.ts';
import * as box from '#server/box.ts';
import { close } from '#server/closing.ts';
import { showKey } from '#server/closing-key.ts';
import { open, stop, tick } from '#server/clock.ts';
import { freeze } from '#server/freezing.ts';
import { groupKey } from '#server/frozen.ts';
import { newLink } from '#server/invitations.ts';
import { issue, show } from '#server/issuing.ts';
import { answer, partsOf, prepare, type Round } from '#server/respondent.ts';
import { release } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { approvedRound, invitationsOf, permit, someAnswers, town } from '#tests/support/town.ts';

/*
 * People with a ballot paper of their own who post what no browser of ours would post. The whole of one round, frozen
 * twice at the same moment as it begins.
 */
let t: TestDatabases;
const now = new Date('2027-03-01T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);

let roundId: string;
let keyFile: string;
let prepared: Round;
let answers: number[];
let people: { secret: Uint8Array; group: string }[];

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await town(t.main, { A: 9, B: 12 });
  const { id, questionnaire } = await approvedRound(t.main, now);
  roundId = id;
  answers = someAnswers(questionnaire, 1);
  const twice = await Promise.all([0, 1].map(() => freeze(t.main, t.box, roundId, now, permit())));
  expect(twice.map((f) => f.ok || f.refusal).sort()).toEqual([true, 'wrong-state'].sort());
  const frozen = twice.find((f) => f.ok)!;
  if (!frozen.ok) return;
  keyFile = frozen.keyFile;
  expect(await open(t.main, t.box, roundId, later(1), null)).toEqual({ ok: false, refusal: 'key' });
  expect(await showKey(t.main, roundId, keyFile, now, permit())).toEqual({ ok: true });
  await tick(t.main, t.box, later(1));
  prepared = await prepare(t.main, roundId, frozen.fingerprint);
  people = [];
  for (const { id } of await invitationsOf(t.main, roundId)) {
    const { secret } = partsOf(await newLink(t.main, id, 'http://localhost', 'nb'));
    const shown = await show(t.main, roundId, secret, later(2));
    if (shown.ok) people.push({ secret, group: shown.group });
  }
});
afterAll(() => t.stop());

/** A paper, fetched as a browser does, and everything but the answers. */
async function paper({ secret, group }: { secret: Uint8Array; group: string }) {
  const seed = randomBytes(32);
  const spki = new Uint8Array(
    (await groupKey(t.main, roundId, group, now))!.export({ type: 'spki', format: 'der' }),
  );
  const key = await BlindRsa.publicKey(spki);
  if (!key.ok) throw new Error(key.refusal);
  const mine = await Ballot.paper(seed, prepared.fingerprint);
  const { blinded, inverse } = await Ballot.blind(seed, prepared.fingerprint, key.key);
  const issued = await issue(t.main, roundId, secret, blinded, later(2));
  if (!issued.ok) throw new Error(issued.refusal);
  const finalized = await Ballot.finalize(key.key, mine, inverse, issued.signature);
  if (!finalized.ok) throw new Error(finalized.refusal);
  return { group, ...mine, signature: finalized.signature };
}
type Paper = Awaited<ReturnType<typeof paper>>;
const hash = (of: Paper) => createHash('sha256').update(of.token).digest();

async function seal(of: Paper, plain: Uint8Array, locks = prepared.keylist.locks, group = of.group) {
  const binding = { fingerprint: prepared.fingerprint, group, tokenHash: hash(of) };
  return await Ballot.seal(plain, locks, binding, await Ballot.fresh(webcrypto as Crypto));
}
async function post(of: Paper, sealed: Uint8Array, group = of.group) {
  const key = await groupKey(t.main, roundId, group, now);
  return await box.submit(t.intake, roundId, { ...of, group, sealed }, hash(of), key!);
}

it('counts what is a ballot, and tells only how many were none', async () => {
  const size = prepared.keylist.sealedPlain;
  const plain = Ballot.write(answers, [], size);
  const [first, ...rest] = people;
  const own = await paper(first!);
  const copied = await seal(own, plain);
  expect(await post(own, copied)).toEqual({ ok: true });

  // Somebody copies the first one's sealed answers under a paper of their own, to see their sum move.
  const sister = rest.findIndex((p) => p.group === first!.group);
  const [copier] = rest.splice(sister, 1);
  expect(await post(await paper(copier!), copied)).toEqual({ ok: true });

  // A paper of one group, posted in another.
  const stranger = rest.findIndex((p) => p.group !== first!.group);
  const [mover] = rest.splice(stranger, 1);
  const moved = await paper(mover!);
  const there = await seal(moved, plain, undefined, first!.group);
  expect(await post(moved, there, first!.group)).toEqual({ ok: false, refusal: 'invalid' });
  expect(await post(moved, there)).toEqual({ ok: true });

  // Sealed as it should be, and no answers inside.
  const elsewhere = await webcrypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ]);
  const otherLock = Buffer.from(await webcrypto.subtle.exportKey('raw', elsewhere.publicKey)).toString(
    'base64url',
  );
  const outside = answers.with(0, 9);
  const version = plain.slice().fill(2, 0, 1);
  const padded = plain.slice().fill(1, size - 1);
  const wrong: ((of: Paper) => Promise<Uint8Array>)[] = [
    (of) => seal(of, Ballot.write(outside, [], size)),
    (of) => seal(of, version),
    (of) => seal(of, padded),
    (of) => seal(of, plain, [[otherLock]]),
    async () => randomBytes(copied.length),
    // Changed on the way, by one bit.
    async (of) => (await seal(of, plain)).map((byte, i) => (i === 100 ? byte ^ 1 : byte)),
  ];
  for (const made of wrong) {
    const theirs = await paper(rest.pop()!);
    expect(await post(theirs, await made(theirs))).toEqual({ ok: true });
  }
  // The others answer as people do; one fetches a paper and posts nothing.
  await paper(rest.pop()!);
  const answered = [];
  for (const { secret } of rest)
    answered.push(await answer(t.main, t.intake, prepared, secret, answers, later(2)));
  expect(answered.every((a) => a.ok)).toBe(true);

  await stop(t.main, t.box, roundId, later(30), null);
  expect(await post(own, copied)).toEqual({ ok: true });
  expect(await close(t.main, t.box, roundId, keyFile, later(31), permit())).toEqual({ ok: true });
  const [stored] = await t.main.select().from(release);
  const read = Release.read(stored!.bytes);
  if (!read.ok) throw new Error('The release does not read');
  const unreadable = 1 + 1 + wrong.length;
  expect(read.release.ballots).toEqual({
    invited: people.length,
    received: people.length - 1,
    counted: people.length - 1 - unreadable,
    unreadable,
  });
  // Their receipts stand in the list like all others.
  expect(stored!.receipts).toContain(hash(own).toString('hex'));
  expect(stored!.receipts).toContain(hash(moved).toString('hex'));
  expect(await post(own, copied)).toEqual({ ok: false, refusal: 'late' });
});
