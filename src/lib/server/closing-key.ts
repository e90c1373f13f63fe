import { and, eq } from 'drizzle-orm';
import { readClosingKey } from '#domain/closing-key.ts';
import { fingerprintSigns, type Keylist } from '#domain/keylist.ts';
import type { Main } from '#server/db.ts';
import { frozen } from '#server/frozen.ts';
import type { Permit } from '#server/gate.ts';
import { find, note, type RoundRow } from '#server/rounds.ts';
import { demoClosingKey, round } from '#server/schema.ts';

export type KeyRefusal =
  /** Not a key file, or changed on the way. */
  | 'key-malformed'
  | 'key-damaged'
  /** The key of another round or freezing. */
  | 'key-other';

/** The key in a file, if it is this freezing's own. */
export async function keyOf(
  main: Main,
  of: RoundRow,
  keyFile: string,
): Promise<{ ok: true; keylist: Keylist; privateKey: CryptoKey } | { ok: false; refusal: KeyRefusal }> {
  const read = await readClosingKey(keyFile);
  if (!read.ok) return { ok: false, refusal: read.refusal === 'damaged' ? 'key-damaged' : 'key-malformed' };
  const keylist = await frozen<Keylist>(main, of.id, 'keylist.json');
  const isThis =
    read.round === of.id &&
    read.fingerprint === fingerprintSigns(of.fingerprint!) &&
    keylist.locks.length === 1 &&
    keylist.locks[0]?.[0] === read.key.publicKey;
  return isThis
    ? { ok: true, keylist, privateKey: read.key.privateKey }
    : { ok: false, refusal: 'key-other' };
}

/**
 * Takes the key file for a moment, to know that it was kept and fits: it is handed out once, and without it every
 * answer would be lost. No round opens before. The key itself stays nowhere.
 */
export async function showKey(
  main: Main,
  roundId: string,
  keyFile: string,
  now: Date,
  permit: Permit<'round.freeze'>,
): Promise<{ ok: true } | { ok: false; refusal: KeyRefusal | 'unknown' | 'wrong-state' | 'witnesses' }> {
  const found = await find(main, roundId);
  if (!found) return { ok: false, refusal: 'unknown' };
  if (found.promise === 'witnesses') return { ok: false, refusal: 'witnesses' };
  if (found.state !== 'frozen') return { ok: false, refusal: 'wrong-state' };
  const fits = await keyOf(main, found, keyFile);
  if (!fits.ok) return fits;
  return await main.transaction(async (tx) => {
    const same = and(
      eq(round.id, roundId),
      eq(round.state, 'frozen'),
      eq(round.fingerprint, found.fingerprint!),
    );
    const shown = await tx.update(round).set({ keyShown: true }).where(same).returning({ id: round.id });
    if (shown.length === 0) return { ok: false, refusal: 'wrong-state' };
    await note(tx, roundId, 'show key', now, permit.by);
    return { ok: true };
  });
}

/** The key file of a round, which only a demo keeps; null everywhere else. */
export async function demoKey(main: Main, roundId: string): Promise<string | null> {
  const [kept] = await main.select().from(demoClosingKey).where(eq(demoClosingKey.roundId, roundId));
  return kept?.keyFile ?? null;
}
