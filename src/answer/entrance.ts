import * as BlindRsa from '#domain/blind-rsa.ts';
import { type Bytes, base64url, fromBase64url } from '#domain/bytes.ts';
import * as Keylist from '#domain/keylist.ts';
import type { Link } from './link.ts';
import type { Service } from './service.ts';

/** What the page knows once everything it was given has been checked. */
export type Entered = {
  ok: true;
  keylist: Keylist.Keylist;
  fingerprint: Bytes;
  group: Keylist.KeylistGroup;
  told: Keylist.GroupWords;
  key: BlindRsa.PublicKey;
  draftKey: Bytes;
  fetched: boolean;
  stops: string;
  results: string | null;
};

type EntranceRefusal =
  | { ok: false; refusal: 'fingerprint' | 'unknown' | 'late' | 'key' | 'small' }
  | { ok: false; refusal: 'early'; opens: string };

/**
 * From the link to the first page. Runs on load, so it changes nothing: it reads the keylist and believes it only
 * under the link's fingerprint, asks which group the link belongs to, and takes that group's file and key only when
 * they are the listed ones.
 */
export async function enter(
  link: Link,
  round: string,
  language: string,
  { get, post }: Service,
): Promise<Entered | EntranceRefusal> {
  const read = await Keylist.readKeylist(await get('keylist.json'), link.fingerprint, round);
  if (!read.ok) return { ok: false, refusal: 'fingerprint' };
  const { keylist, fingerprint } = read;

  const { status, body } = await post(`/svar/${round}/invitation`, { secret: base64url(link.secret) });
  if (status === 404) return { ok: false, refusal: 'unknown' };
  if (status === 403 || body.phase === 'late') return { ok: false, refusal: 'late' };
  const draftKey = fromBase64url(body.draftKey);
  if (status !== 200 || draftKey === null) throw new Error(`invitation: ${status}`);
  if (body.phase !== 'open') return { ok: false, refusal: 'early', opens: String(body.opens) };

  const found = Keylist.groupOf(keylist, String(body.group));
  if (!found.ok) return { ok: false, refusal: found.refusal === 'small' ? 'small' : 'key' };
  const { group } = found;
  const [file, spki] = await Promise.all([get(`group/${group.id}`), get(`key/${group.id}`)]);
  const listed = (await Keylist.isListed(file, group.file)) && (await Keylist.isListed(spki, group.key));
  const key = await BlindRsa.publicKey(spki);
  if (!listed || !key.ok) return { ok: false, refusal: 'key' };

  return {
    ok: true,
    keylist,
    fingerprint,
    group,
    told: (JSON.parse(new TextDecoder().decode(file)) as Keylist.GroupFile)[language]!,
    key: key.key,
    draftKey,
    fetched: body.state === 'fetched',
    stops: String(body.stops),
    results: typeof body.results === 'string' ? body.results : null,
  };
}
