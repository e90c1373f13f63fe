import { readFile } from 'node:fs/promises';
import { base64url, hex, sha256, spaced } from '#domain/bytes.ts';
import type { Keylist } from '#domain/keylist.ts';
import type { Main } from '#server/db.ts';
import { json } from '#server/frozen.ts';

/** The one script that makes sheets and opens the box: this version of the program's own, the same for everybody. */
export const bytes = async () => new Uint8Array(await readFile('build-answer/witness.js'));

/** Its SHA-256 as the keylist has it, base64url. */
export const hash = async (): Promise<string> => base64url(await sha256(await bytes()));

/** What a page says of the script: its SHA-256 in print and as the page's own integrity attribute has it. */
export async function shown(): Promise<{ print: string; integrity: string }> {
  const own = await sha256(await bytes());
  return { print: spaced(hex(own), 8), integrity: `sha256-${Buffer.from(own).toString('base64')}` };
}

/**
 * The script of today beside the one of the freezing, which the fingerprint stands for: whether they are the same,
 * null where the round was frozen before keylists named it.
 */
export async function sinceFreezing(
  main: Main,
  roundId: string,
): Promise<{ print: string; integrity: string; isSame: boolean | null }> {
  const frozen = (await json<Keylist>(main, roundId, 'keylist.json'))?.witnessScript;
  return { ...(await shown()), isSame: frozen === undefined ? null : frozen === (await hash()) };
}
