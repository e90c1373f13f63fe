import {
  type KeyObject,
  constants,
  createPublicKey,
  publicEncrypt,
  verify as verifySignature,
} from 'node:crypto';
import { privateOperation } from '#server/signer.ts';

type SigningRefusal = 'length' | 'range';

/**
 * BlindSign of RFC 9474 (section 4.3), natively: OpenSSL blinds the private operation against timing. Refuses what is
 * not as long as the modulus, what is not below it, and 0, 1 and n-1, which "sign" to themselves.
 */
export async function sign(
  privateKey: KeyObject,
  blinded: Uint8Array,
): Promise<{ ok: true; signature: Uint8Array } | { ok: false; refusal: SigningRefusal }> {
  const { publicKey, n, bits } = publicHalf(privateKey);
  if (blinded.length * 8 !== bits) {
    return { ok: false, refusal: 'length' };
  }
  const z = BigInt('0x' + Buffer.from(blinded).toString('hex'));
  if (z <= 1n || z >= n - 1n) return { ok: false, refusal: 'range' };

  const signature = await privateOperation(privateKey, blinded);
  // A faulty signature can give the key away: nothing leaves that does not verify.
  if (!publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signature).equals(blinded)) {
    throw new Error('signing fault');
  }
  return { ok: true, signature };
}

type PublicHalf = { publicKey: KeyObject; n: bigint; bits: number };
/** Worked out once per key, not at every signature. */
const publicHalves = new WeakMap<KeyObject, PublicHalf>();

function publicHalf(privateKey: KeyObject): PublicHalf {
  const known = publicHalves.get(privateKey);
  if (known) return known;
  const publicKey = createPublicKey(privateKey);
  const n = BigInt('0x' + Buffer.from(publicKey.export({ format: 'jwk' }).n!, 'base64url').toString('hex'));
  const half = { publicKey, n, bits: privateKey.asymmetricKeyDetails!.modulusLength! };
  publicHalves.set(privateKey, half);
  return half;
}

/** True when the signature is the key's on prefix and token (RSASSA-PSS, SHA-384, no salt). */
export function verify(
  publicKey: KeyObject,
  prefix: Uint8Array,
  token: Uint8Array,
  signature: Uint8Array,
): boolean {
  const message = Buffer.concat([prefix, token]);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verifySignature('sha384', message, { key: publicKey, padding, saltLength: 0 }, signature);
}
