import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { and, eq, lt } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import type { Main } from '#server/db.ts';
import { person, session } from '#server/schema.ts';

const hour = 3600 * 1000;
const day = 24 * hour;
const idle = 10 * day;
const longest = 30 * day;

const hash = (secret: string) => createHash('sha256').update(secret).digest();

/** The name begins with __Host- wherever the browser accepts it: only this host over https can set such a cookie. */
export function cookie(url: URL) {
  const secure = url.protocol === 'https:';
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  return { name: secure ? '__Host-session' : 'session', options: { ...options, maxAge: longest / 1000 } };
}

/** A new session; gives the token for the cookie, "id.secret", which is kept nowhere here. */
export async function create(main: Main, personId: string, now: Date): Promise<string> {
  const id = randomBytes(15).toString('base64url');
  const secret = randomBytes(24).toString('base64url');
  await main
    .insert(session)
    .values({ id, secretHash: hash(secret), personId, lastVerifiedAt: now, createdAt: now });
  return `${id}.${secret}`;
}

/** Whose session this is; null when there is none, when it has run out, or when the person has left. */
export async function read(main: Main, token: string, now: Date): Promise<{ personId: string } | null> {
  const [id, secret, more] = token.split('.');
  if (!id || !secret || more !== undefined) return null;
  const [found] = await main
    .select({
      secretHash: session.secretHash,
      personId: session.personId,
      lastVerifiedAt: session.lastVerifiedAt,
      createdAt: session.createdAt,
      leftOn: person.leftOn,
    })
    .from(session)
    .innerJoin(person, eq(person.id, session.personId))
    .where(eq(session.id, id));
  if (!found || !timingSafeEqual(hash(secret), found.secretHash)) return null;

  const unused = now.getTime() - found.lastVerifiedAt.getTime();
  const age = now.getTime() - found.createdAt.getTime();
  const left = found.leftOn !== null && found.leftOn <= Day.at(now);
  if (unused >= idle || age >= longest || left) {
    await main.delete(session).where(eq(session.id, id));
    return null;
  }
  if (unused >= hour)
    await main
      .update(session)
      .set({ lastVerifiedAt: now })
      .where(and(eq(session.id, id), lt(session.lastVerifiedAt, now)));
  return { personId: found.personId };
}

export async function end(main: Main, token: string) {
  const [id = '', secret = ''] = token.split('.');
  await main.delete(session).where(and(eq(session.id, id), eq(session.secretHash, hash(secret))));
}

export async function endAll(main: Main, personId: string) {
  await main.delete(session).where(eq(session.personId, personId));
}

/** Takes away what nobody can use any more. */
export async function sweep(main: Main, now: Date) {
  await main.delete(session).where(lt(session.lastVerifiedAt, new Date(now.getTime() - idle)));
  await main.delete(session).where(lt(session.createdAt, new Date(now.getTime() - longest)));
}
