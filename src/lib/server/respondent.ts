import { randomBytes, webcrypto } from 'node:crypto';
import * as Ballot from '#domain/ballot.ts';
import * as BlindRsa from '#domain/blind-rsa.ts';
import { fromBase64url } from '#domain/bytes.ts';
import * as Comment from '#domain/comment.ts';
import * as Keylists from '#domain/keylist.ts';
import { publicKeyOf, type Sent, submit } from '#server/box.ts';
import type { Box, Main } from '#server/db.ts';
import { file } from '#server/frozen.ts';
import { issue, show } from '#server/issuing.ts';

/*
 * Somebody who answers, without a browser: the same client code as the answering page, against the same use cases as
 * its addresses. The page without JavaScript answers through here, and so do the demo's invented staff and the tests.
 */

export type Round = {
  id: string;
  keylist: Keylists.Keylist;
  fingerprint: Uint8Array<ArrayBuffer>;
  keys: Map<string, Uint8Array>;
};

/** What a browser would have fetched before Begin, checked against the link's fingerprint. */
export async function prepare(main: Main, roundId: string, signs: string): Promise<Round> {
  const bytes = (await file(main, roundId, 'keylist.json'))!.bytes;
  const read = await Keylists.readKeylist(bytes, signs, roundId);
  if (!read.ok) throw new Error(`The keylist is refused: ${read.refusal}`);
  return { id: roundId, keylist: read.keylist, fingerprint: read.fingerprint, keys: new Map() };
}

export type Answered = { ok: true; receipt: string } | { ok: false; refusal: string };

/** The parts of a link's fragment: the secret and the fingerprint's signs. */
export function partsOf(link: string): { secret: Uint8Array; signs: string } {
  const [secret, signs] = new URL(link).hash.slice(1).split('.');
  return { secret: fromBase64url(secret)!, signs: signs! };
}

/** Fetches a ballot paper and posts the answers: steps 3 to 5 of design section 3. */
export async function answer(
  main: Main,
  intake: Box,
  round: Round,
  secret: Uint8Array,
  answers: number[],
  now: Date,
  seed: Uint8Array = randomBytes(32),
  background: number[] = [],
  comments: string[] = [],
): Promise<Answered> {
  const fetched = await fetchPaper(main, round, secret, now, seed);
  return fetched.ok ? await cast(intake, round, fetched.paper, answers, background, comments) : fetched;
}

/** A ballot paper that was fetched and is not handed in yet. */
export type Fetched = Ballot.Paper & { group: string; signature: Uint8Array; key: Uint8Array };

/** Fetches the one paper of an invitation: step 3. With the same seed again: the same paper. */
export async function fetchPaper(
  main: Main,
  round: Round,
  secret: Uint8Array,
  now: Date,
  seed: Uint8Array,
): Promise<{ ok: true; paper: Fetched } | { ok: false; refusal: string }> {
  const shown = await show(main, round.id, secret, now);
  if (!shown.ok) return shown;
  const group = Keylists.groupOf(round.keylist, shown.group);
  if (!group.ok) return group;
  if (!round.keys.has(shown.group))
    round.keys.set(shown.group, (await file(main, round.id, `key/${shown.group}`))!.bytes);
  const spki = round.keys.get(shown.group)!;
  if (!(await Keylists.isListed(spki, group.group.key))) return { ok: false, refusal: 'key' };
  const key = await BlindRsa.publicKey(spki);
  if (!key.ok) return key;
  const paper = await Ballot.paper(seed, round.fingerprint);
  const { blinded, inverse } = await Ballot.blind(seed, round.fingerprint, key.key);
  const issued = await issue(main, round.id, secret, blinded, now);
  if (!issued.ok) return issued;
  const finalized = await Ballot.finalize(key.key, paper, inverse, issued.signature);
  if (!finalized.ok) return finalized;
  return {
    ok: true,
    paper: { ...paper, group: shown.group, signature: finalized.signature, key: spki },
  };
}

/** Seals the answers and hands them in: steps 4 and 5. */
export async function cast(
  intake: Box,
  round: Round,
  paper: Fetched,
  answers: number[],
  background: number[],
  comments: string[] = [],
): Promise<Answered> {
  const { ballot, tokenHash, groupKey } = await seal(round, paper, answers, background, comments);
  const kept = await submit(intake, round.id, ballot, tokenHash, groupKey);
  return kept.ok ? { ok: true, receipt: await Ballot.receipt(paper.token) } : kept;
}

/** The answers sealed, on their way to the box: step 4. */
export async function seal(
  round: Round,
  { group, key, signature, token, prefix }: Fetched,
  answers: number[],
  background: number[],
  comments: string[] = [],
): Promise<Sent> {
  const tokenHash = await Ballot.tokenHash(token);
  const binding = { fingerprint: round.fingerprint, group, tokenHash };
  const plain = Ballot.write(answers, background, round.keylist.sealedPlain, comments.map(Comment.tidy));
  const sealed = await Ballot.seal(
    plain,
    round.keylist.locks,
    binding,
    await Ballot.fresh(webcrypto as Crypto),
  );
  const ballot = { group, token, prefix, signature, sealed };
  return { ballot, tokenHash, groupKey: publicKeyOf(key) };
}
