import { and, asc, eq, inArray } from 'drizzle-orm';
import * as Cause from '#domain/cause.ts';
import { merge } from '#domain/merge.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { hold } from '#server/meetings.ts';
import { cause, point } from '#server/schema.ts';

/** The causes of points, in the order they were added, by point. */
export async function list(main: Main, pointIds: string[]): Promise<Map<string, Cause.Cause[]>> {
  const rows = await main
    .select()
    .from(cause)
    .where(inArray(cause.pointId, pointIds))
    .orderBy(asc(cause.addedAt), asc(cause.id));
  const causes = rows.map((row) => ({ ...row, kind: row.kind as Cause.Kind }));
  return Map.groupBy(causes, ({ pointId }) => pointId);
}

/** A point's causes while nobody else can change them, and when its meeting agreed. null: the point is gone. */
async function held(tx: Main, pointId: string) {
  const [at] = await tx.select({ meetingId: point.meetingId }).from(point).where(eq(point.id, pointId));
  if (!at) return null;
  const { agreedAt } = (await hold(tx, at.meetingId))!;
  const [still] = await tx.select({ id: point.id }).from(point).where(eq(point.id, pointId));
  return still ? { agreedAt, causes: (await list(tx, [pointId])).get(pointId) ?? [] } : null;
}

export type AddRefusal = Cause.TextRefusal | 'gone' | 'deep';

/** Writes a cause of a point, or the next answer to "why?". Causes may be added after the meeting has agreed too. */
export async function add(
  main: Main,
  pointId: string,
  said: { kind: Cause.Kind; text: string; whyOfId: string | null },
  now: Date,
  _permit: Permit<'meeting.lead'>,
): Promise<{ ok: true; id: string } | { ok: false; refusal: AddRefusal }> {
  return await main.transaction(async (tx) => {
    const found = await held(tx, pointId);
    if (!found) return { ok: false, refusal: 'gone' };
    const written = Cause.add(found.causes, said);
    if (!written.ok) return written;
    const { kind, text } = written;
    const [made] = await tx
      .insert(cause)
      .values({ pointId, kind, text, whyOfId: said.whyOfId, addedAt: now })
      .returning({ id: cause.id });
    return { ok: true, id: made!.id };
  });
}

type ChangeRefusal =
  | { refusal: Cause.TextRefusal | 'gone' | 'agreed' }
  /** Somebody else has written something else meanwhile. */
  | { refusal: 'changed'; theirs: string; version: number };

/** Words a cause otherwise. base: the words the form began from. */
export async function change(
  main: Main,
  pointId: string,
  id: string,
  words: { base: string; mine: string },
  _permit: Permit<'meeting.lead'>,
): Promise<{ ok: true } | ({ ok: false } & ChangeRefusal)> {
  const wrong = Cause.fault(words.mine);
  if (wrong) return { ok: false, refusal: wrong };
  return await main.transaction(async (tx) => {
    const found = await held(tx, pointId);
    const now = found?.causes.find((one) => one.id === id);
    if (!found || !now) return { ok: false, refusal: 'gone' };
    if (Cause.isFixed(now, found.agreedAt)) return { ok: false, refusal: 'agreed' };
    const text = (of: string) => ({ text: of.trim() });
    const { merged, conflicts } = merge(text(words.base), text(words.mine), text(now.text));
    if (conflicts.length > 0)
      return { ok: false, refusal: 'changed', theirs: now.text, version: now.version };
    await tx
      .update(cause)
      .set({ text: merged.text, version: now.version + 1 })
      .where(and(eq(cause.id, id), eq(cause.version, now.version)));
    return { ok: true };
  });
}

/** What the person who removes has seen: the cause and everything under it, each in its version. */
export const seen = (chain: Cause.Cause[]): string =>
  chain.map(({ id, version }) => `${id} ${version}`).join('\n');

/** Removes a cause with all that answers "why?" under it, when that is still what was seen. */
export async function remove(
  main: Main,
  pointId: string,
  id: string,
  asSeen: string,
  _permit: Permit<'meeting.lead'>,
): Promise<{ ok: true } | { ok: false; refusal: 'gone' | 'agreed' | 'changed' }> {
  return await main.transaction(async (tx) => {
    const found = await held(tx, pointId);
    const chain = Cause.chain(found?.causes ?? [], id);
    if (!found || chain.length === 0) return { ok: false, refusal: 'gone' };
    if (chain.some((one) => Cause.isFixed(one, found.agreedAt))) return { ok: false, refusal: 'agreed' };
    if (seen(chain) !== asSeen) return { ok: false, refusal: 'changed' };
    await tx.delete(cause).where(eq(cause.id, id));
    return { ok: true };
  });
}
