import { createHash, randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { type Actor, may } from '#domain/access.ts';
import * as actors from '#server/actors.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { calendarLink, person } from '#server/schema.ts';

const hash = (secret: string) => createHash('sha256').update(secret).digest();

/** When somebody's subscription was made; null: they have none. */
export async function since(main: Main, permit: Permit<'calendar.subscribe'>): Promise<Date | null> {
  if (permit.by === null) return null;
  const [kept] = await main
    .select({ at: calendarLink.createdAt })
    .from(calendarLink)
    .where(eq(calendarLink.personId, permit.by));
  return kept?.at ?? null;
}

/** Makes the one secret of somebody's subscription. It is handed out here, and only its hash stays. */
export async function make(
  main: Main,
  now: Date,
  permit: Permit<'calendar.subscribe'>,
): Promise<{ ok: true; secret: string } | { ok: false; refusal: 'has-one' | 'nobody' }> {
  const personId = permit.by;
  if (personId === null) return { ok: false, refusal: 'nobody' };
  return await main.transaction(async (tx) => {
    // Of two presses at once the second waits here, and then finds the first one's.
    await tx.select({ id: person.id }).from(person).where(eq(person.id, personId)).for('update');
    const [kept] = await tx.select().from(calendarLink).where(eq(calendarLink.personId, personId));
    if (kept) return { ok: false, refusal: 'has-one' };
    const secret = randomBytes(24).toString('base64url');
    await tx.insert(calendarLink).values({ secretHash: hash(secret), personId, createdAt: now });
    return { ok: true, secret };
  });
}

/** Takes the address back: from now on it leads nowhere. */
export async function takeBack(main: Main, permit: Permit<'calendar.subscribe'>) {
  if (permit.by !== null) await main.delete(calendarLink).where(eq(calendarLink.personId, permit.by));
}

/** Whose subscription a secret is; null when it is unknown or taken back, and when its owner has left or may no longer see the calendar. */
export async function owner(main: Main, secret: string, now: Date): Promise<Actor | null> {
  const [kept] = await main
    .select({ personId: calendarLink.personId })
    .from(calendarLink)
    .where(eq(calendarLink.secretHash, hash(secret)));
  const actor = kept ? await actors.actor(main, kept.personId, now) : null;
  return may(actor, 'calendar.subscribe', {}, now) ? actor : null;
}
