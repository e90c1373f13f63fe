import { eq } from 'drizzle-orm';
import { m } from '#messages';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { isAddress, type Postman } from '#server/mail.ts';
import * as passwords from '#server/passwords.ts';
import { person } from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';

/** What somebody sees of their own account. */
export async function of(main: Main, { by }: Permit<'account.see'>) {
  const [found] = await main
    .select({ name: person.name, email: person.email })
    .from(person)
    .where(eq(person.id, by ?? ''));
  if (!found) throw new Error('No account of one’s own');
  return { ...found, hasPassword: await passwords.exists(main, by ?? '') };
}

/** Sets one's own password and ends every session one has: whoever was signed in with the old one is out. */
export async function setPassword(main: Main, { by }: Permit<'account.change'>, text: string) {
  if (by === null) throw new Error('The machine has no password');
  await main.transaction(async (tx) => {
    await passwords.set(tx, by, text);
    await sessions.endAll(tx, by);
  });
  return by;
}

export async function signOutEverywhere(main: Main, { by }: Permit<'session.end'>) {
  if (by !== null) await sessions.endAll(main, by);
}

/** So that a new address, to which sign-in links now go, does not go unnoticed. A mail that fails stops nothing. */
export async function tellOfAddress(old: string[], post: Postman, locale: 'nb' | 'nn' | 'en', now: Date) {
  if (!post.works) return;
  const subject = m.mail_address_subject({}, { locale });
  const text = m.mail_address_text({}, { locale });
  for (const to of old)
    if (isAddress(to))
      await post
        .send({ to, subject, text }, now)
        .catch((fault: unknown) => console.error('A mail about a new address could not be sent:', fault));
}

/** So that a password set by somebody else at an open machine does not go unnoticed. */
export async function tellOfPassword(
  main: Main,
  personId: string,
  post: Postman,
  locale: 'nb' | 'nn' | 'en',
  now: Date,
) {
  const [who] = await main.select({ email: person.email }).from(person).where(eq(person.id, personId));
  if (!post.works || !who?.email || !isAddress(who.email)) return;
  const subject = m.mail_password_subject({}, { locale });
  await post.send({ to: who.email, subject, text: m.mail_password_text({}, { locale }) }, now);
}
