import { createHash, randomBytes } from 'node:crypto';
import { and, count, eq, gt, isNull, lte, sql } from 'drizzle-orm';
import { m } from '#messages';
import type { Attempts } from '#server/attempts.ts';
import * as Day from '#domain/day.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { isAddress, type Postman } from '#server/mail.ts';
import * as passwords from '#server/passwords.ts';
import { here } from '#server/people.ts';
import { password, person, role, signInLink } from '#server/schema.ts';

type Locale = 'nb' | 'nn' | 'en';

const minute = 60_000;
const day = 24 * 60 * minute;
/** How long a link works: asked for by mail, as an invitation, for the first operator. */
const lives = { asked: 15 * minute, invited: 7 * day, first: day };
const mostAtOnce = 3;

const hash = (secret: string) => createHash('sha256').update(secret).digest();
const stays = (now: Date) => here(Day.at(now));

/** As people write it: spaces around it and capitals in it make no other address. */
export const plainAddress = (email: string) => email.trim().toLowerCase();

/** The one person with this address. An address that two share signs nobody in: it would let one be the other. */
async function byAddress(main: Main, email: string, now: Date) {
  const found = await main
    .select({ id: person.id, email: person.email, hash: password.hash })
    .from(person)
    .leftJoin(password, eq(password.personId, person.id))
    .where(and(eq(sql`lower(${person.email})`, plainAddress(email)), stays(now)))
    .limit(2);
  return found.length === 1 ? found[0] : undefined;
}

async function link(main: Main, personId: string, life: number, origin: string, now: Date) {
  const secret = randomBytes(24).toString('base64url');
  const expiresAt = new Date(now.getTime() + life);
  await main.insert(signInLink).values({ secretHash: hash(secret), personId, expiresAt });
  return `${origin}/sign-in/${secret}`;
}

export type FirstOperator =
  { ok: true; personId: string; link: string } | { ok: false; refusal: 'no-name' | 'no-address' | 'known' };

/** An operator from the command line, or another link for one made so before. The link works once, for a day. */
export async function firstOperator(
  main: Main,
  by: Permit<'role.give'>,
  { name, email }: { name: string; email: string },
  origin: string,
  now: Date,
): Promise<FirstOperator> {
  if (name.trim() === '') return { ok: false, refusal: 'no-name' };
  const address = plainAddress(email);
  if (!isAddress(address)) return { ok: false, refusal: 'no-address' };
  return main.transaction(async (tx) => {
    await tx.execute(sql`lock table ${person} in share row exclusive mode`);
    const known = await tx
      .select({ id: person.id })
      .from(person)
      .where(eq(sql`lower(${person.email})`, address))
      .limit(1);
    // Whoever holds the database may let its operator in again; nobody else is made one this way.
    const [before] = known;
    if (before) {
      const [held] = await tx
        .select({ id: role.id })
        .from(role)
        .where(and(eq(role.personId, before.id), eq(role.role, 'operator')));
      if (!held) return { ok: false, refusal: 'known' };
      return { ok: true, personId: before.id, link: await link(tx, before.id, lives.first, origin, now) };
    }
    const [made] = await tx
      .insert(person)
      .values({ name: name.trim(), email: address })
      .returning({ id: person.id });
    if (!made) throw new Error('The person was not inserted');
    await tx
      .insert(role)
      .values({ personId: made.id, role: 'operator', unitId: null, givenAt: now, givenBy: by.by });
    return { ok: true, personId: made.id, link: await link(tx, made.id, lives.first, origin, now) };
  });
}

export type Invited =
  { ok: true } | { ok: false; refusal: 'not-found' | 'no-address' | 'shared-address' | 'no-mail' };

/** Mails somebody who is known a link to their first sign-in. It works once, for a week. */
export async function invite(
  main: Main,
  _by: Permit<'person.invite'>,
  personId: string,
  {
    post,
    origin,
    municipality,
    locale,
  }: { post: Postman; origin: string; municipality: string; locale: Locale },
  now: Date,
): Promise<Invited> {
  if (!post.works) return { ok: false, refusal: 'no-mail' };
  const [who] = await main
    .select({ email: person.email })
    .from(person)
    .where(and(eq(person.id, personId), stays(now)));
  if (!who) return { ok: false, refusal: 'not-found' };
  if (!who.email || !isAddress(who.email)) return { ok: false, refusal: 'no-address' };
  const alone = await byAddress(main, who.email, now);
  if (!alone) return { ok: false, refusal: 'shared-address' };
  const to = await link(main, personId, lives.invited, origin, now);
  const subject = m.mail_invited_subject({ municipality }, { locale });
  const text = m.mail_invited_text({ municipality, link: to, promise: `${origin}/promise` }, { locale });
  await post.send({ to: who.email, subject, text }, now);
  return { ok: true };
}

/**
 * Mails a link to whoever has the address. Says nothing about whether anybody has: the caller answers the same
 * either way, and does not wait for this.
 */
export async function sendLink(
  main: Main,
  email: string,
  { post, origin, locale }: { post: Postman; origin: string; locale: Locale },
  now: Date,
): Promise<void> {
  const who = await byAddress(main, email, now);
  if (!who?.email || !isAddress(who.email)) return;
  const to = await main.transaction(async (tx) => {
    await tx.select({ id: person.id }).from(person).where(eq(person.id, who.id)).for('update');
    const soon = new Date(now.getTime() + lives.asked);
    const [waiting] = await tx
      .select({ links: count() })
      .from(signInLink)
      .where(
        and(eq(signInLink.personId, who.id), gt(signInLink.expiresAt, now), lte(signInLink.expiresAt, soon)),
      );
    const enough = (waiting?.links ?? 0) >= mostAtOnce;
    return enough ? null : link(tx, who.id, lives.asked, origin, now);
  });
  if (!to) return;
  const subject = m.mail_link_subject({}, { locale });
  await post.send({ to: who.email, subject, text: m.mail_link_text({ link: to }, { locale }) }, now);
}

/** Who a link would sign in, without using it; null when it is unknown, used or out of date. */
export async function linkHolder(main: Main, secret: string, now: Date): Promise<{ name: string } | null> {
  const [found] = await main
    .select({ name: person.name })
    .from(signInLink)
    .innerJoin(person, eq(person.id, signInLink.personId))
    .where(
      and(
        eq(signInLink.secretHash, hash(secret)),
        isNull(signInLink.usedAt),
        gt(signInLink.expiresAt, now),
        stays(now),
      ),
    );
  return found ?? null;
}

export type SignedIn<Refusal> = { ok: true; personId: string } | { ok: false; refusal: Refusal };

/** Uses a link up. Of two at once one wins. */
export async function withLink(main: Main, secret: string, now: Date): Promise<SignedIn<'spent'>> {
  return main.transaction(async (tx) => {
    const [used] = await tx
      .update(signInLink)
      .set({ usedAt: now })
      .where(
        and(
          eq(signInLink.secretHash, hash(secret)),
          isNull(signInLink.usedAt),
          gt(signInLink.expiresAt, now),
        ),
      )
      .returning({ personId: signInLink.personId });
    if (!used) return { ok: false, refusal: 'spent' };
    const [who] = await tx
      .select({ id: person.id })
      .from(person)
      .where(and(eq(person.id, used.personId), stays(now)));
    return who ? { ok: true, personId: who.id } : { ok: false, refusal: 'spent' };
  });
}

/** The same answer after the same work, whoever is asked for. */
export async function withPassword(
  main: Main,
  attempts: Attempts,
  { email, text }: { email: string; text: string },
  now: Date,
): Promise<SignedIn<'wrong'> | { ok: false; refusal: 'wait'; until: Date }> {
  const account = plainAddress(email);
  const until = attempts.waitUntil(account, now);
  if (until) return { ok: false, refusal: 'wait', until };
  attempts.failed(account, now);
  const who = await byAddress(main, account, now);
  const right = await passwords.matches(text, who?.hash ?? null);
  if (!who || !right) return { ok: false, refusal: 'wrong' };
  attempts.succeeded(account);
  return { ok: true, personId: who.id };
}

/** Links that nobody can use any more. */
export async function sweep(main: Main, now: Date) {
  await main.delete(signInLink).where(lte(signInLink.expiresAt, now));
}
