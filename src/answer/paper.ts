import * as Ballot from '#domain/ballot.ts';
import { base64url, fromBase64url } from '#domain/bytes.ts';
import * as Comment from '#domain/comment.ts';
import type { Entered } from './entrance.ts';
import type { Link } from './link.ts';
import type { Service } from './service.ts';

type FetchRefusal = 'elsewhere' | 'late' | 'unknown' | 'signature';

/**
 * Fetches the ballot paper: the issuer sees the invitation and a blinded number, signs it, and learns nothing else.
 * The same seed asks for the same paper, so it may be asked again.
 */
export async function fetchPaper(
  seed: Uint8Array,
  { secret }: Link,
  round: string,
  { fingerprint, key }: Entered,
  { post }: Service,
): Promise<{ ok: true; signature: string } | { ok: false; refusal: FetchRefusal }> {
  const paper = await Ballot.paper(seed, fingerprint);
  const { blinded, inverse } = await Ballot.blind(seed, fingerprint, key);
  const asked = { secret: base64url(secret), blinded: base64url(blinded) };
  const { status, body } = await post(`/svar/${round}/issue`, asked);
  if (status === 409) return { ok: false, refusal: 'elsewhere' };
  if (status === 404) return { ok: false, refusal: 'unknown' };
  if (status === 403 && body.refusal === 'late') return { ok: false, refusal: 'late' };
  if (status !== 200) throw new Error(`issue: ${status}`);
  const signed = await Ballot.finalize(
    key,
    paper,
    inverse,
    fromBase64url(body.signature) ?? new Uint8Array(),
  );
  return signed.ok ? { ok: true, signature: base64url(signed.signature) } : signed;
}

/** What the box is sent: no secret, no person. */
export type Post = { group: string; prefix: string; token: string; signature: string; sealed: string };

/** As the ballot has them: the marks of every statement, one number per background question, the words on each open one. */
export type Answers = { answers: number[]; background: number[]; comments?: string[] };

/** The answers sealed, with the paper they are handed in on. */
export async function sealed(
  { answers, background, comments = [] }: Answers,
  seed: Uint8Array,
  signature: string,
  { fingerprint, group, keylist }: Entered,
): Promise<Post> {
  const { token, prefix } = await Ballot.paper(seed, fingerprint);
  const binding = { fingerprint, group: group.id, tokenHash: await Ballot.tokenHash(token) };
  const plain = Ballot.write(answers, background, keylist.sealedPlain, comments.map(Comment.tidy));
  const bytes = await Ballot.seal(plain, keylist.locks, binding, await Ballot.fresh(crypto));
  return {
    group: group.id,
    prefix: base64url(prefix),
    token: base64url(token),
    signature,
    sealed: base64url(bytes),
  };
}

type HandInRefusal = 'used' | 'missed' | 'invalid';

/** Hands the ballot in. The same bytes may be handed in again and count once. */
export async function handIn(
  ballot: Post,
  address: string,
  { post }: Service,
): Promise<{ ok: true; receipt: string } | { ok: false; refusal: HandInRefusal }> {
  const { status, body } = await post(address, ballot);
  if (status === 409) return { ok: false, refusal: 'used' };
  if (status === 403) return { ok: false, refusal: 'missed' };
  if (status >= 500) throw new Error(`box: ${status}`);
  const receipt = await Ballot.receipt(fromBase64url(ballot.token)!);
  return status === 200 && body.receipt === receipt
    ? { ok: true, receipt }
    : { ok: false, refusal: 'invalid' };
}
