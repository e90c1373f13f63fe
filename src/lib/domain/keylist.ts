import { base32, plainBase32 } from '#domain/base32.ts';
import { type Bytes, base64url, sha256, spaced, utf8 } from '#domain/bytes.ts';
import type { Limits } from '#domain/comment.ts';
import type { Thresholds } from '#domain/round.ts';

/** A group as everybody sees it (docs/ballot-protocol.md). */
export type KeylistGroup = {
  /** The node's id in the round's tree, four digits. */
  id: string;
  /** Unique in the round. */
  name: string;
  /** Invited at freezing. */
  invited: number;
  /** Where codes are drawn: how many of those invited get one, and how many more there may be. */
  codes?: { needed: number; reserve: number };
  /** SHA-256 of the SPKI DER bytes of the group's public key, base64url. */
  key: string;
  /** SHA-256 of the group file, base64url: one for all languages, since every answering page carries a hash of each group. */
  file: string;
};

/**
 * Everything that must be the same for all who answer a round (design section 3 step 1). Its SHA-256 is the
 * round's fingerprint. Holds only strings, booleans and whole numbers.
 */
export type Keylist = {
  format: 'medvirk-keylist/1';
  round: string;
  dryRun: boolean;
  promise: 'operator' | 'witnesses';
  /** The body outside the municipality that operates the round and holds the key, in its own words; left out: none. */
  holder?: string;
  /** Path under /svar/{round}/ to SHA-256, base64url: questionnaire.json, tree.json, answer.js, answer.css, and "nb/" and so on for each page. */
  files: Record<string, string>;
  thresholds: Thresholds;
  /** Where open questions are asked: what must stand behind a list, and who reads before anything is published. */
  comments?: Limits & { readers: string[] };
  /** No group has fewer invited; never under 5. */
  smallestGroup: number;
  /** Length of every ballot's padded plain text, bytes. */
  sealedPlain: number;
  /** Each lock is a list of raw P-256 public keys, base64url; the private halves of all of them open it. One opened lock opens a ballot. */
  locks: string[][];
  /** With witnesses: SHA-256, base64url, of the script they made their sheets with when the round was frozen. */
  witnessScript?: string;
  groups: KeylistGroup[];
};

/** By language tag, one for each language of the round: the group as the answering page shows it. */
export type GroupFile = Record<string, GroupWords>;

/** A group as whoever answers is told of it. */
export type GroupWords = {
  name: string;
  /** Names of the units counted together in this group. */
  together: string[];
  invited: number;
  /** Of a leader evaluation: whom one answers about, and who will see the report. Plain text. */
  about?: string;
  /** What came of last time, plain text in paragraphs with an empty line between; null when nothing is told. */
  last: string | null;
};

/** Whatever the keylist says, fewer than this are never asked as a group (design section 3 step 3). */
export const SMALLEST_GROUP_EVER = 5;

/** How many bytes of the fingerprint stand in links and print: 160 bits, 32 signs. */
const SHOWN = 20;

/** Canonical JSON, UTF-8: no space, object keys sorted by UTF-16 units (RFC 8785, for the kinds of value we use). */
export const canonicalBytes = (value: Keylist | GroupFile): Bytes => utf8(canonical(value));

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

/** The round's fingerprint, 32 bytes: SHA-256 of the keylist's bytes exactly as they are served. */
export const fingerprint = (keylistBytes: Uint8Array): Promise<Bytes> => sha256(keylistBytes);

/** The fingerprint as it stands in links: 32 lower-case base32 signs. */
export const fingerprintSigns = (of: Uint8Array): string => base32(of.subarray(0, SHOWN));

/** The fingerprint as it is printed: 8 groups of 4 signs with a space between. */
export const fingerprintPrint = (of: Uint8Array): string => spaced(fingerprintSigns(of));

type KeylistRefusal = 'fingerprint' | 'malformed';

/**
 * The keylist, when its bytes are the ones the link speaks of. Refuses bytes with another fingerprint, and a list
 * that is of another form or another round ("malformed").
 */
export async function readKeylist(
  bytes: Uint8Array,
  signs: string,
  round: string,
): Promise<{ ok: true; keylist: Keylist; fingerprint: Bytes } | { ok: false; refusal: KeylistRefusal }> {
  const found = await fingerprint(bytes);
  if (plainBase32(signs) !== fingerprintSigns(found)) return { ok: false, refusal: 'fingerprint' };
  let keylist: Keylist;
  try {
    keylist = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return { ok: false, refusal: 'malformed' };
  }
  const fits =
    keylist?.format === 'medvirk-keylist/1' &&
    keylist.round === round &&
    Number.isInteger(keylist.sealedPlain) &&
    Number.isInteger(keylist.smallestGroup) &&
    Array.isArray(keylist.groups) &&
    Array.isArray(keylist.locks) &&
    keylist.locks.length > 0 &&
    keylist.locks.every((lock) => Array.isArray(lock) && lock.length > 0);
  return fits ? { ok: true, keylist, fingerprint: found } : { ok: false, refusal: 'malformed' };
}

/** The group in the list. Refuses one that is not there or is there twice ("unlisted"), or is too small to hide in ("small"). */
export function groupOf(
  keylist: Keylist,
  id: string,
): { ok: true; group: KeylistGroup } | { ok: false; refusal: 'unlisted' | 'small' } {
  const found = keylist.groups.filter((group) => group.id === id);
  const group = found[0];
  if (!group || found.length > 1) return { ok: false, refusal: 'unlisted' };
  const smallest = Math.max(keylist.smallestGroup, SMALLEST_GROUP_EVER);
  // Written so that a number that is no number is refused too.
  return group.invited >= smallest ? { ok: true, group } : { ok: false, refusal: 'small' };
}

/** True when the bytes are those that the list names by this hash. */
export const isListed = async (bytes: Uint8Array, hash: string | undefined): Promise<boolean> =>
  base64url(await sha256(bytes)) === hash;
