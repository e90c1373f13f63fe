import { type Bytes, base64url, fromBase64url, hex, join, sha256, utf8 } from '#domain/bytes.ts';
import type { Post } from './paper.ts';

/** What stays in this browser until the ballot is accepted. */
export type Held = {
  /** The paper's seed, base64url. */
  seed: string;
  /** The signature on the paper, once fetched. */
  signature?: string;
  /** Where one was: index of the theme; as many as there are themes for the overview. */
  at?: number;
  /** The marks of every statement, as in the ballot. */
  answers?: number[];
  /** The simplified edition is what is answered. */
  simple?: boolean;
  /** One number per background question, as in the ballot. */
  background?: number[];
  /** What is written on each open question. */
  comments?: string[];
  /** The sealed ballot: from now on the answers are locked, and only this is posted. */
  post?: Post;
};

/**
 * The browser's own storage, encrypted under the invitation's draft key, which the server hands to whoever shows the
 * link and deletes when the round closes. Every link of an invitation finds the same place.
 */
export async function openStore(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  round: string,
  draftKey: Bytes,
) {
  const place = `medvirk.${round}.${hex(await sha256(join(utf8('medvirk draft'), draftKey))).slice(0, 8)}`;
  const key = await crypto.subtle.importKey('raw', draftKey, 'AES-GCM', false, ['encrypt', 'decrypt']);
  let last: Promise<unknown> = Promise.resolve();

  return {
    /** What is held; null when there is nothing, or nothing that this key opens. */
    async read(): Promise<Held | null> {
      const kept = fromBase64url(storage.getItem(place));
      if (!kept) return null;
      try {
        const opened = { name: 'AES-GCM', iv: kept.slice(0, 12) };
        const plain = await crypto.subtle.decrypt(opened, key, kept.slice(12));
        return JSON.parse(new TextDecoder().decode(plain)) as Held;
      } catch {
        return null;
      }
    },
    /** Writes in the order asked. Rejects where the browser keeps nothing. */
    write(held: Held): Promise<void> {
      const text = utf8(JSON.stringify(held));
      const written = last.then(async () => {
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const encrypted = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, text);
        storage.setItem(place, base64url(join(iv, new Uint8Array(encrypted))));
      });
      last = written.catch(() => undefined);
      return written;
    },
    /** Removes everything, after what is being written. */
    wipe(): Promise<void> {
      const wiped = last.then(() => storage.removeItem(place));
      last = wiped.catch(() => undefined);
      return wiped;
    },
  };
}

export type Store = Awaited<ReturnType<typeof openStore>>;
