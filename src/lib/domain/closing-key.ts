import { CURVE } from '#domain/ballot.ts';
import { base32 } from '#domain/base32.ts';
import { type Bytes, base64url, fromBase64url, join, sha256 } from '#domain/bytes.ts';

/** The private half that opens a round's ballots, and its public half as the keylist names it (raw point, base64url). */
type ClosingKey = { privateKey: CryptoKey; publicKey: string };

/** A new closing key, drawn from the generator handed in. */
export async function closingKeyPair(chance: Crypto): Promise<ClosingKey> {
  const pair = await chance.subtle.generateKey(CURVE, true, ['deriveBits']);
  return { privateKey: pair.privateKey, publicKey: await publicHalf(pair.privateKey) };
}

/** The key file's text, handed out once at freezing and kept nowhere (design section 3 step 7). `fingerprint` as in links. */
export async function writeClosingKey(key: ClosingKey, round: string, fingerprint: string): Promise<string> {
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', key.privateKey));
  const file = {
    format: 'medvirk-closing-key/1',
    round,
    fingerprint,
    privateKey: base64url(pkcs8),
    check: await checkSigns(pkcs8),
  };
  return JSON.stringify(file, null, 2) + '\n';
}

/**
 * The key in a key file. Refuses a text that is no key file ("malformed"), and one whose key was changed on the way
 * ("damaged"). Whether it is the key of the round at hand: compare round, fingerprint and public half.
 */
export async function readClosingKey(
  text: string,
): Promise<
  | { ok: true; key: ClosingKey; round: string; fingerprint: string }
  | { ok: false; refusal: 'malformed' | 'damaged' }
> {
  let file: Record<string, unknown> | null;
  try {
    file = JSON.parse(text);
  } catch {
    return { ok: false, refusal: 'malformed' };
  }
  if (
    file?.format !== 'medvirk-closing-key/1' ||
    typeof file.round !== 'string' ||
    typeof file.fingerprint !== 'string' ||
    typeof file.privateKey !== 'string'
  ) {
    return { ok: false, refusal: 'malformed' };
  }
  const pkcs8 = fromBase64url(file.privateKey);
  if (!pkcs8 || (await checkSigns(pkcs8)) !== file.check) return { ok: false, refusal: 'damaged' };
  try {
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, CURVE, true, ['deriveBits']);
    const key = { privateKey, publicKey: await publicHalf(privateKey) };
    return { ok: true, key, round: file.round, fingerprint: file.fingerprint };
  } catch {
    return { ok: false, refusal: 'damaged' };
  }
}

const checkSigns = async (pkcs8: Bytes) => base32((await sha256(pkcs8)).subarray(0, 5));

/** The public half of an extractable private half, as the keylist names it. */
export async function publicHalf(privateKey: CryptoKey): Promise<string> {
  const { x, y } = await crypto.subtle.exportKey('jwk', privateKey);
  return base64url(join(Uint8Array.of(4), fromBase64url(x)!, fromBase64url(y)!));
}
