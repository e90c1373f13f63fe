import { CURVE, RAW_POINT } from '#domain/ballot.ts';
import { base32, fromBase32, plainBase32 } from '#domain/base32.ts';
import { base64url, type Bytes, equal, fromBase64url, join, sha256, spaced, utf8 } from '#domain/bytes.ts';
import { publicHalf } from '#domain/closing-key.ts';

/*
 * A witness's sheet: the private half of a P-256 pair, written so that a person can print it, keep it and type it in
 * again (design section 3 step 7; docs/ballot-protocol.md). The public half alone is ever sent.
 */

/** secret: the private half, 32 bytes. point: the public half as the keylist names it (raw point, base64url). */
export type Half = { secret: Bytes; point: string };

/** A line holds eight bytes in 13 signs, and three check signs. */
const LINES = 4;
const SIGNS = 13;
const LINE = 16;

/** A new pair, drawn from the generator handed in. */
export async function draw(chance: Crypto): Promise<Half> {
  const { privateKey } = await chance.subtle.generateKey(CURVE, true, ['deriveBits']);
  const { d } = await chance.subtle.exportKey('jwk', privateKey);
  return { secret: fromBase64url(d)!, point: await publicHalf(privateKey) };
}

/** The sheet's four lines of 16 signs. */
export async function write(secret: Uint8Array): Promise<string[]> {
  const parts = Array.from({ length: LINES }, (_, line) => secret.slice(line * 8, line * 8 + 8));
  return await Promise.all(parts.map(async (part, line) => base32(part) + (await check(part, line))));
}

/** A line as it is printed: four signs, a space, four signs and so on. */
export const print = (line: string): string => spaced(line);

export type SheetRefusal =
  /** Not four lines of 16 signs. */
  | { refusal: 'length' }
  /** A sign in this line (1 to 4) is mistyped, or the lines have changed places. */
  | { refusal: 'line'; line: number };

/** The private half from what somebody typed, read as kindly as base32 is. One mistyped sign in 32,768 goes unseen here. */
export async function read(
  typed: string,
): Promise<{ ok: true; secret: Bytes } | ({ ok: false } & SheetRefusal)> {
  const lines = linesOf(typed);
  if (lines.length !== LINES) return { ok: false, refusal: 'length' };
  const parts: Bytes[] = [];
  for (const [line, signs] of lines.entries()) {
    const part = await readLine(signs, line);
    if (part === null) return { ok: false, refusal: 'line', line: line + 1 };
    parts.push(part);
  }
  return { ok: true, secret: join(...parts) };
}

/** Whether this is what stands in line number `line` (1 to 4) of the sheet. */
export async function isLine(typed: string, secret: Uint8Array, line: number): Promise<boolean> {
  const part = await readLine(typed, line - 1);
  return part !== null && equal(part, secret.subarray((line - 1) * 8, line * 8));
}

/** As they were typed on four lines, else every 16 signs are one. */
function linesOf(typed: string): string[] {
  const lines = typed.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === LINES) return lines;
  const signs = typed.replace(/[\s-]/g, '');
  return signs.length === LINES * LINE ? signs.match(/.{16}/g)! : [];
}

async function readLine(typed: string, line: number): Promise<Bytes | null> {
  const signs = plainBase32(typed);
  if (signs?.length !== LINE) return null;
  const part = fromBase32(signs.slice(0, SIGNS));
  return part && signs.slice(SIGNS) === (await check(part, line)) ? part : null;
}

/** The first 15 bits of a hash over the line's number and bytes. */
const check = async (part: Uint8Array, line: number) =>
  base32(await sha256(join(utf8('medvirk sheet'), Uint8Array.of(line + 1), part))).slice(0, LINE - SIGNS);

/**
 * The check word: eight signs that tell one sheet from another and give nothing away, for they are made from the
 * public half. It stands on the sheet, and wherever the round's keys are listed.
 */
export const checkWord = async (point: string): Promise<string> =>
  print(base32((await sha256(join(utf8('medvirk check word'), fromBase64url(point)!))).subarray(0, 5)));

/** True for a point of the curve: what a witness may hand in as a public half. */
export async function isPoint(point: unknown): Promise<boolean> {
  const raw = fromBase64url(point);
  if (raw?.length !== RAW_POINT) return false;
  const imported = crypto.subtle.importKey('raw', raw, CURVE, false, []);
  return await imported.then(
    () => true,
    () => false,
  );
}

type PastedRefusal =
  /** Not a point of the curve. */
  | 'malformed'
  /** A line of a sheet: the private half, which must never come here. */
  | 'private';

/** The public half that somebody pasted, made elsewhere; spaces and line breaks do not count. */
export async function pasted(
  text: string,
): Promise<{ ok: true; point: string } | { ok: false; refusal: PastedRefusal }> {
  const point = text.replace(/\s/g, '');
  if (await isPoint(point)) return { ok: true, point };
  for (const [typed] of text.matchAll(/(?:[0-9a-z]{4}[\s-]*){4}/gi))
    for (let line = 0; line < LINES; line++)
      if (await readLine(typed, line)) return { ok: false, refusal: 'private' };
  return { ok: false, refusal: 'malformed' };
}

/**
 * The private half made ready to open with, and which of the points it belongs to; null when it belongs to none. That
 * it does is proved by agreeing on a secret with a pair drawn for it, since not every browser checks what it imports.
 */
export async function keyOf(
  secret: Uint8Array,
  points: string[],
  chance: Crypto,
): Promise<{ privateKey: CryptoKey; point: string } | null> {
  const other = await chance.subtle.generateKey(CURVE, false, ['deriveBits']);
  const agree = (key: CryptoKey, with_: CryptoKey) =>
    chance.subtle.deriveBits({ name: 'ECDH', public: with_ }, key, 256).then((bits) => new Uint8Array(bits));
  for (const point of points) {
    const raw = fromBase64url(point);
    if (raw?.length !== RAW_POINT) continue;
    const [x, y] = [raw.slice(1, 33), raw.slice(33)].map(base64url);
    const jwk = { kty: 'EC', crv: 'P-256', d: base64url(secret), x, y };
    try {
      const privateKey = await chance.subtle.importKey('jwk', jwk, CURVE, false, ['deriveBits']);
      const publicKey = await chance.subtle.importKey('raw', raw, CURVE, false, []);
      const ours = await agree(privateKey, other.publicKey);
      if (equal(ours, await agree(other.privateKey, publicKey))) return { privateKey, point };
    } catch {
      // Refused at import: not this point's.
    }
  }
  return null;
}
