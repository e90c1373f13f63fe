import { type Bytes, utf8 } from '#domain/bytes.ts';

/** Bytes of room for each open question in every ballot, in UTF-8, whether it is used or not. */
export const ROOM = 1000;

/** Behind a list of comments: so many who answered, and so many comments. Frozen with the round. */
export type Limits = { respondents: number; comments: number };

/** Design section 4, defaults: the limits are floors too. */
export const limits: Limits = { respondents: 10, comments: 5 };

/** Whether limits respect their floors. */
export const limitsHold = ({ respondents, comments }: Limits): boolean =>
  respondents >= limits.respondents && comments >= limits.comments;

/** What a tidied comment looks like: no control signs but line feeds, none that turn the direction of writing, no outer space. */
export const form =
  '^(?!\\s)(?![\\s\\S]*\\s$)[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]+$';

/**
 * A comment as it is sealed, read and published: one Unicode form, spacing evened out, and no longer than its room.
 * What is tidy stays as it is. Empty: nothing was written.
 */
export function tidy(words: string): string {
  const clean = words
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    // After what is removed: it may have stood between a letter and its accent.
    .normalize('NFC')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ *\n */g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return cut(clean).trimEnd();
}

/** The words as far as there is room, whole signs only. */
export function cut(words: string): string {
  const { read } = encoder.encodeInto(words, new Uint8Array(ROOM));
  return words.slice(0, read);
}

const encoder = new TextEncoder();

/** Whether there is room for the words. */
export const fits = (words: string): boolean => utf8(words).length <= ROOM;

/** About how many more words there is room for: Norwegian ones, with the space after them, take some seven bytes. */
export const wordsLeft = (words: string): number => Math.max(0, Math.floor((ROOM - utf8(words).length) / 7));

/** The words in a ballot's room for them; null where it is no text. */
export function read(room: Uint8Array): string | null {
  const end = room.findLastIndex((byte) => byte !== 0) + 1;
  try {
    return tidy(new TextDecoder('utf-8', { fatal: true }).decode(room.slice(0, end)));
  } catch {
    return null;
  }
}

/** A comment that has left its ballot: nothing says with which answers it came, nor with which other comment. */
export type Written = { group: string; text: string };

/**
 * What a reader's mark on a comment is: an HMAC under a key that follows from the round's closing key, so that the marks
 * that are kept between sittings tell nothing to whoever lacks that key (design section 3 step 7).
 */
export async function marker(
  privateKey: CryptoKey,
  fingerprint: Uint8Array,
): Promise<(question: string, of: Written) => Promise<Bytes>> {
  const { d } = await crypto.subtle.exportKey('jwk', privateKey);
  const scalar = await crypto.subtle.importKey('raw', utf8(d!), 'HKDF', false, ['deriveKey']);
  const info = utf8('medvirk comment mark');
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: fingerprint as Bytes, info },
    scalar,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  );
  return async (question, { group, text }) =>
    new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(`${question}\n${group}\n${text}`)));
}

/** Alphabetically by code unit: an order that follows from the words alone, as anybody can see, and so tells of nothing else. */
export const inOrder = (a: { text: string }, b: { text: string }): number =>
  a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
