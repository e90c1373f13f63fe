import * as BlindRsa from '#domain/blind-rsa.ts';
import { type Bytes, fromBase64url, hex, join, sha256, spaced, toNumber, utf8 } from '#domain/bytes.ts';
import * as Comment from '#domain/comment.ts';

/** Stands in a ballot where a scale value would: the statement has no answer. */
export const NO_ANSWER = 255;
/** "Don't know" was chosen: no answer either. */
export const DONT_KNOW = 254;
/** "Not relevant" was chosen: no answer either. */
export const NOT_RELEVANT = 253;

const VERSION = 1;
const HIGHEST_VALUE = 10;
const WRAPPED_KEY = 48;
const TAG = 16;
/** The ballot's RFC 9474 variant is PSSZERO: no salt. */
const NO_SALT = new Uint8Array();
/** Every AES-GCM key here encrypts one message only, so the nonce need not vary. */
const ONLY_NONCE = new Uint8Array(12);
/** The curve of every key that ballots are sealed to. */
export const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
/** Length in bytes of a public half, uncompressed. */
export const RAW_POINT = 65;

/** A ballot paper: 32 bytes each. The signed message is prefix, then token. */
export type Paper = { token: Bytes; prefix: Bytes };

/** The paper that a 32-byte seed gives under a fingerprint (HKDF-SHA-256, RFC 5869): always the same one. */
export async function paper(seed: Uint8Array, fingerprint: Uint8Array): Promise<Paper> {
  return {
    token: await derive(seed, fingerprint, utf8('medvirk token'), 32),
    prefix: await derive(seed, fingerprint, utf8('medvirk prefix'), 32),
  };
}

/** The message that is signed, 64 bytes (RFC 9474 section 4.1, PrepareRandomize). */
export const message = ({ prefix, token }: Paper): Bytes => join(prefix, token);

/** What the receipt and the box know a ballot by: SHA-256 of its token, 32 bytes. */
export const tokenHash = (token: Uint8Array): Promise<Bytes> => sha256(token);

/** The receipt: `tokenHash` in 64 hexadecimal signs. */
export const receipt = async (token: Uint8Array): Promise<string> => hex(await tokenHash(token));

/** The beginning of a receipt as it is shown: 16 signs in groups of four. */
export const receiptPrint = (of: string): string => spaced(of.slice(0, 16));

type Blinded = { blinded: Bytes; inverse: bigint };

/**
 * The paper blinded for a group's key: 384 bytes for 3072 bits, and what takes the blinding off again. The blinding
 * comes from the seed too: 128 bits more than the modulus has, reduced, so that it is as good as uniform.
 */
export async function blind(
  seed: Uint8Array,
  fingerprint: Uint8Array,
  key: BlindRsa.PublicKey,
): Promise<Blinded> {
  const info = join(utf8('medvirk blind'), await sha256(utf8(key.n.toString(16))));
  const drawn = toNumber(await derive(seed, fingerprint, info, Math.ceil(key.bits / 8) + 16));
  const made = message(await paper(seed, fingerprint));
  return BlindRsa.blind(key, made, NO_SALT, 1n + (drawn % (key.n - 1n)));
}

/** The signature on the paper, always verified. Refuses one that does not hold under the group's key. */
export const finalize = (
  key: BlindRsa.PublicKey,
  signed: Paper,
  inverse: bigint,
  blindSignature: Uint8Array,
) => BlindRsa.finalize(key, message(signed), NO_SALT, inverse, blindSignature);

/** True when the signature is the group key's on this paper. */
export const verify = (key: BlindRsa.PublicKey, signed: Paper, signature: Uint8Array): Promise<boolean> =>
  BlindRsa.verify(key, message(signed), NO_SALT, signature);

/** Length in bytes of the shortest plain ballot for so many statements, background and open questions. */
export const plainSize = (statements: number, background: number, comments = 0): number =>
  1 + statements + background + comments * Comment.ROOM;

/**
 * Answers as bytes: the version, one byte per statement in the questionnaire's order (a scale value 0 to 10, or one
 * of the three marks above), one per background question (0 not stated, else the option's number from 1), a room of
 * `Comment.ROOM` bytes per open question (UTF-8, then zeros), zeros up to `size`. Throws on what fits no byte or room, or
 * does not fit in `size`.
 */
export function write(answers: number[], background: number[], size: number, comments: string[] = []): Bytes {
  const fits = plainSize(answers.length, background.length, comments.length) <= size;
  if (!fits || !answers.every(isMark) || !background.every(isOption) || !comments.every(Comment.fits))
    throw new RangeError('answers do not fit');
  const plain = new Uint8Array(size);
  plain.set([VERSION, ...answers, ...background]);
  comments.forEach((words, i) => plain.set(utf8(words), plainSize(answers.length, background.length, i)));
  return plain;
}

/**
 * What a plain ballot of `statements` statements says, with as many options of each background question as `options`
 * tells; null when version, marks, options, texts or padding are not as `write` leaves them. comments: one for each of
 * so many open questions, empty where nothing is written; not there where nothing was asked.
 */
export function read(
  plain: Uint8Array,
  statements: number,
  options: number[],
  open = 0,
): { answers: number[]; background: number[]; comments?: string[] } | null {
  const answers = [...plain.subarray(1, statements + 1)];
  const rooms = plainSize(statements, options.length);
  const end = plainSize(statements, options.length, open);
  const background = [...plain.subarray(statements + 1, rooms)];
  const fits =
    plain[0] === VERSION &&
    plain.length >= end &&
    answers.every(isMark) &&
    background.every((option, i) => option <= options[i]!) &&
    plain.subarray(end).every((byte) => byte === 0);
  if (!fits) return null;
  if (open === 0) return { answers, background };
  const comments = Array.from({ length: open }, (_, i) => {
    const from = rooms + i * Comment.ROOM;
    return Comment.read(plain.subarray(from, from + Comment.ROOM));
  });
  return comments.every((words) => words !== null) ? { answers, background, comments } : null;
}

const isOption = (option: number) => Number.isInteger(option) && option >= 0 && option <= 255;

const isMark = (mark: number) =>
  Number.isInteger(mark) && mark >= 0 && (mark <= HIGHEST_VALUE || isNoAnswer(mark));

/** True for "no answer", "don't know" and "not relevant". */
export const isNoAnswer = (mark: number): boolean => mark >= NOT_RELEVANT && mark <= NO_ANSWER;

/** What a sealed ballot is bound to: it opens nowhere else. */
export type Binding = { fingerprint: Uint8Array; group: string; tokenHash: Uint8Array };

/** What must be new for every sealing: an ephemeral P-256 pair and a 32-byte content key. */
type Fresh = { pair: CryptoKeyPair; key: Bytes };

/** Draws what one sealing needs, from the generator handed in. */
export async function fresh(chance: Crypto): Promise<Fresh> {
  return {
    pair: await chance.subtle.generateKey(CURVE, false, ['deriveBits']),
    key: chance.getRandomValues(new Uint8Array(32)),
  };
}

/** Length in bytes of every sealed ballot of a round with so many locks and so long a plain text. */
export const sealedSize = (locks: number, sealedPlain: number): number =>
  1 + RAW_POINT + locks * WRAPPED_KEY + sealedPlain + TAG;

/**
 * The plain ballot sealed to the closing keys (design section 3 step 5): version, ephemeral public key, the content
 * key wrapped once per lock, ciphertext. `locks` as in the keylist. Throws on a lock that is no P-256 key.
 */
export async function seal(
  plain: Uint8Array,
  locks: string[][],
  binding: Binding,
  { pair, key }: Fresh,
): Promise<Bytes> {
  const ephemeral = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const bound = boundTo(binding);
  const wraps: Bytes[] = [];
  for (const [index, lock] of locks.entries()) {
    const secrets: Bytes[] = [];
    for (const half of lock)
      secrets.push(await agree(pair.privateKey, fromBase64url(half) ?? new Uint8Array()));
    wraps.push(await encrypt(await lockKey(secrets, binding, index, ephemeral), key, bound));
  }
  return join(Uint8Array.of(VERSION), ephemeral, ...wraps, await encrypt(key, plain, bound));
}

/**
 * The plain bytes of a sealed ballot, with the private halves of lock number `lock` in the keylist's order. null when
 * it does not open: wrong key, changed bytes, or bound to another fingerprint, group or token.
 */
export async function open(
  sealed: Uint8Array,
  privateKeys: CryptoKey[],
  lock: number,
  locks: number,
  binding: Binding,
): Promise<Bytes | null> {
  if (sealed[0] !== VERSION || sealed.length < sealedSize(locks, 0)) return null;
  const ephemeral = sealed.slice(1, 1 + RAW_POINT);
  const wraps = sealed.subarray(1 + RAW_POINT, 1 + RAW_POINT + locks * WRAPPED_KEY);
  const bound = boundTo(binding);
  try {
    const secrets: Bytes[] = [];
    for (const half of privateKeys) secrets.push(await agree(half, ephemeral));
    const wrap = wraps.subarray(lock * WRAPPED_KEY, (lock + 1) * WRAPPED_KEY);
    const key = await decrypt(await lockKey(secrets, binding, lock, ephemeral), wrap, bound);
    return await decrypt(key, sealed.subarray(1 + RAW_POINT + wraps.length), bound);
  } catch {
    return null;
  }
}

/** fingerprint (32), group id in ASCII, SHA-256 of the token (32). */
const boundTo = ({ fingerprint, group, tokenHash }: Binding) => join(fingerprint, utf8(group), tokenHash);

const lockKey = (secrets: Bytes[], { fingerprint }: Binding, index: number, ephemeral: Bytes) =>
  derive(join(...secrets), fingerprint, join(utf8('medvirk lock'), Uint8Array.of(index), ephemeral), 32);

async function agree(privateKey: CryptoKey, publicPoint: Bytes): Promise<Bytes> {
  const other = await crypto.subtle.importKey('raw', publicPoint, CURVE, false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, privateKey, 256));
}

async function derive(from: Uint8Array, salt: Uint8Array, info: Bytes, length: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', from as Bytes, 'HKDF', false, ['deriveBits']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: salt as Bytes, info };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, length * 8));
}

const gcm = (bound: Bytes) => ({ name: 'AES-GCM', iv: ONLY_NONCE, additionalData: bound });

async function encrypt(key: Bytes, plain: Uint8Array, bound: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt(gcm(bound), imported, plain as Bytes));
}

async function decrypt(key: Bytes, sealed: Uint8Array, bound: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  return new Uint8Array(await crypto.subtle.decrypt(gcm(bound), imported, sealed as Bytes));
}
