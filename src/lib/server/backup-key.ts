import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';

/*
 * Two files, made once: the public half stays where copies are taken every night, and can only shut; the private half
 * opens them and lies elsewhere. X25519, so that no passphrase stands in a script (docs/decisions/backup.md).
 */

const format = 'medvirk-backup-key/1';
const KeyFile = z.object({
  format: z.literal(format),
  half: z.enum(['public', 'private']),
  key: z.base64url(),
});

const written = (half: 'public' | 'private', der: Buffer) =>
  `${JSON.stringify({ format, half, key: der.toString('base64url') }, null, 2)}\n`;

/** The texts of two new key files. */
export function make(): { publicFile: string; privateFile: string } {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return {
    publicFile: written('public', publicKey.export({ type: 'spki', format: 'der' })),
    privateFile: written('private', privateKey.export({ type: 'pkcs8', format: 'der' })),
  };
}

/** The key in a file's text; null when it is no such half. */
export function read(text: string, half: 'public' | 'private'): KeyObject | null {
  try {
    const { data } = KeyFile.safeParse(JSON.parse(text));
    if (data?.half !== half) return null;
    const key = Buffer.from(data.key, 'base64url');
    return half === 'public'
      ? createPublicKey({ key, format: 'der', type: 'spki' })
      : createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } catch {
    return null;
  }
}

const raw = (publicKey: KeyObject) => publicKey.export({ type: 'spki', format: 'der' });
const publicHalf = (key: KeyObject) => (key.type === 'private' ? createPublicKey(key) : key);

/** Tells one key pair from another: the same for both halves. */
export const nameOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(raw(publicHalf(key)))
    .digest('base64url')
    .slice(0, 10);

const contentKey = (own: KeyObject, other: KeyObject, ephemeral: KeyObject, to: KeyObject) => {
  const secret = diffieHellman({ privateKey: own, publicKey: other });
  const salt = Buffer.concat([raw(ephemeral), raw(to)]);
  return Buffer.from(hkdfSync('sha256', secret, salt, 'medvirk backup', 32));
};

/** A new content key that only the holder of the private half can find again, and what they need for it. */
export function shut(to: KeyObject): { key: Buffer; ephemeral: string } {
  const pair = generateKeyPairSync('x25519');
  const key = contentKey(pair.privateKey, to, pair.publicKey, to);
  return { key, ephemeral: raw(pair.publicKey).toString('base64url') };
}

/** The content key again; null when the ephemeral half is none. */
export function opened(privateKey: KeyObject, ephemeral: string): Buffer | null {
  try {
    const half = createPublicKey({ key: Buffer.from(ephemeral, 'base64url'), format: 'der', type: 'spki' });
    return contentKey(privateKey, half, half, createPublicKey(privateKey));
  } catch {
    return null;
  }
}
