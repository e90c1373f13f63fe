import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as accounts from '#server/accounts.ts';
import { attempts } from '#server/attempts.ts';
import { permitForMachine } from '#server/gate.ts';
import { intoMemory, nowhere } from '#server/mail.ts';
import * as passwords from '#server/passwords.ts';
import { person, role, signInLink } from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';
import * as signIn from '#server/sign-in.ts';
import { type TestDatabases, testDatabases } from '../../../tests/support/databases.ts';

const now = new Date('2027-02-01T08:00:00Z');
const after = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const origin = 'https://medvirk.example';
const permit = permitForMachine<'person.invite'>();

let databases: TestDatabases;
beforeAll(async () => {
  databases = await testDatabases();
});
afterAll(() => databases.stop());

/** Opens all connections first, so that what is asked for at once runs at once. */
async function atOnce<T>(times: number, ask: () => Promise<T>): Promise<T[]> {
  await Promise.all(Array.from({ length: 10 }, () => databases.main.execute(sql`select pg_sleep(0.05)`)));
  return Promise.all(Array.from({ length: times }, ask));
}

let made = 0;
const somebody = async (more: Partial<typeof person.$inferInsert> = {}) => {
  const email = `person${++made}@fjordvik.example`;
  const [row] = await databases.main
    .insert(person)
    .values({ name: `Person ${made}`, email, ...more })
    .returning();
  return { id: row!.id, email, name: row!.name };
};
const secretIn = (text: string) => /\/sign-in\/([\w-]+)/.exec(text)?.[1] ?? '';
const asked = async (email: string, at = now) => {
  const post = intoMemory();
  await signIn.sendLink(databases.main, email, { post, origin, locale: 'nb' }, at);
  return post.kept;
};

describe('the first operator', () => {
  const by = permitForMachine<'role.give'>();
  const first = (name: string, email: string) =>
    signIn.firstOperator(databases.main, by, { name, email }, origin, now);

  test('gets a link that works once, and the role for the whole municipality', async () => {
    const answer = await first(' Ada Berg ', ' Ada@Fjordvik.example');
    if (!answer.ok) throw new Error(answer.refusal);
    expect(answer.link).toMatch(/^https:\/\/medvirk\.example\/sign-in\/[\w-]{32}$/);
    const secret = secretIn(answer.link);
    expect(await signIn.withLink(databases.main, secret, after(23 * 60))).toEqual({
      ok: true,
      personId: answer.personId,
    });
    expect(await signIn.withLink(databases.main, secret, after(23 * 60))).toEqual({
      ok: false,
      refusal: 'spent',
    });
    const given = await databases.main.select().from(role).where(eq(role.personId, answer.personId));
    expect(given.map((r) => [r.role, r.unitId])).toEqual([['operator', null]]);
    const [who] = await databases.main.select().from(person).where(eq(person.id, answer.personId));
    expect([who!.name, who!.email]).toEqual(['Ada Berg', 'ada@fjordvik.example']);
  });

  test('is refused without a name or an address, and when the address is known', async () => {
    const { email } = await somebody();
    expect(await first(' ', 'x@fjordvik.example')).toEqual({ ok: false, refusal: 'no-name' });
    expect(await first('Ada', 'x@a, y@b')).toEqual({ ok: false, refusal: 'no-address' });
    expect(await first('Ada', email.toUpperCase())).toEqual({ ok: false, refusal: 'known' });
  });

  test('asked for twice at the same time, is made once', async () => {
    const answers = await atOnce(8, () => first('Ada', 'once@fjordvik.example'));
    expect(new Set(answers.map((answer) => answer.ok && answer.personId)).size).toBe(1);
    const made = await databases.main.select().from(person).where(eq(person.email, 'once@fjordvik.example'));
    expect(made).toHaveLength(1);
  });

  test('gets another link when the first ran out', async () => {
    const [before, again] = [
      await first('Ada', 'late@fjordvik.example'),
      await first('Ada', 'late@fjordvik.example'),
    ];
    if (!before.ok || !again.ok) throw new Error('refused');
    const secret = again.link.split('/').at(-1)!;
    expect(await signIn.withLink(databases.main, secret, now)).toEqual({
      ok: true,
      personId: before.personId,
    });
  });
});

describe('a link by mail', () => {
  test('signs in whoever has the address, once, for a quarter of an hour', async () => {
    const { id, email } = await somebody();
    const [mail] = await asked(` ${email.toUpperCase()} `);
    expect(mail!.to).toBe(email);
    const secret = secretIn(mail!.text);
    expect(await signIn.withLink(databases.main, secret, after(15))).toEqual({ ok: false, refusal: 'spent' });
    expect(await signIn.withLink(databases.main, secret, after(14))).toEqual({ ok: true, personId: id });
    expect(await signIn.withLink(databases.main, secret, after(14))).toEqual({ ok: false, refusal: 'spent' });
  });

  test('is not used up by looking at it', async () => {
    const { id, email, name } = await somebody();
    const secret = secretIn((await asked(email))[0]!.text);
    for (let i = 0; i < 3; i++)
      expect(await signIn.linkHolder(databases.main, secret, now)).toEqual({ name });
    expect(await signIn.withLink(databases.main, secret, now)).toEqual({ ok: true, personId: id });
    expect(await signIn.linkHolder(databases.main, secret, now)).toBeNull();
  });

  test('pressed twice at once signs in once', async () => {
    const { email } = await somebody();
    const secret = secretIn((await asked(email))[0]!.text);
    const answers = await atOnce(8, () => signIn.withLink(databases.main, secret, now));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
  });

  test('is kept as a hash alone', async () => {
    const { id, email } = await somebody();
    const secret = secretIn((await asked(email))[0]!.text);
    const [row] = await databases.main.select().from(signInLink).where(eq(signInLink.personId, id));
    expect(Buffer.from(row!.secretHash)).toHaveLength(32);
    expect(Buffer.from(row!.secretHash).toString('base64url')).not.toContain(secret);
  });

  test('is not sent for an unknown address, to one who has left, or to an address two share', async () => {
    expect(await asked('nobody@fjordvik.example')).toEqual([]);
    const gone = await somebody({ leftOn: '2027-02-01' });
    expect(await asked(gone.email)).toEqual([]);
    const shared = await somebody();
    await somebody({ email: shared.email.toUpperCase() });
    expect(await asked(shared.email)).toEqual([]);
  });

  test('opens nothing once its holder has left', async () => {
    const { id, email } = await somebody();
    const secret = secretIn((await asked(email))[0]!.text);
    await databases.main.update(person).set({ leftOn: '2027-02-01' }).where(eq(person.id, id));
    expect(await signIn.linkHolder(databases.main, secret, now)).toBeNull();
    expect(await signIn.withLink(databases.main, secret, now)).toEqual({ ok: false, refusal: 'spent' });
  });

  test('comes three times in a quarter of an hour at most, also when asked for all at once', async () => {
    const { email } = await somebody();
    const sent = await atOnce(8, () => asked(email));
    expect(sent.flat()).toHaveLength(3);
    expect(await asked(email, after(14))).toHaveLength(0);
    expect(await asked(email, after(15))).toHaveLength(1);
  });

  test('is swept away when it is out of date', async () => {
    const { id, email } = await somebody();
    await asked(email);
    await signIn.sweep(databases.main, after(14));
    const left = () => databases.main.select().from(signInLink).where(eq(signInLink.personId, id));
    expect(await left()).toHaveLength(1);
    await signIn.sweep(databases.main, after(15));
    expect(await left()).toHaveLength(0);
  });
});

describe('an invitation to sign in', () => {
  const invite = (personId: string, post = intoMemory()) => {
    const by = { post, origin, municipality: 'Fjordvik', locale: 'nn' as const };
    return signIn.invite(databases.main, permit, personId, by, now);
  };

  test('is mailed in the language asked for, and works for a week', async () => {
    const { id, email } = await somebody();
    const post = intoMemory();
    expect(await invite(id, post)).toEqual({ ok: true });
    expect(post.kept[0]).toMatchObject({ to: email, subject: 'Du har fått tilgang til Medvirk i Fjordvik' });
    expect(post.kept[0]!.text).toContain('Lenkja verkar éin gong');
    const secret = secretIn(post.kept[0]!.text);
    expect(await signIn.withLink(databases.main, secret, after(7 * 24 * 60 - 1))).toMatchObject({ ok: true });
  });

  test('is refused in words when it could not arrive', async () => {
    const shared = await somebody();
    await somebody({ email: shared.email });
    const answer = async (id: string) => {
      const invited = await invite(id);
      return invited.ok || invited.refusal;
    };
    expect(await answer((await somebody({ email: null })).id)).toBe('no-address');
    expect(await answer(shared.id)).toBe('shared-address');
    expect(await answer((await somebody({ leftOn: '2027-01-01' })).id)).toBe('not-found');
    const by = { post: nowhere, origin, municipality: 'Fjordvik', locale: 'nb' as const };
    expect(await signIn.invite(databases.main, permit, (await somebody()).id, by, now)).toEqual({
      ok: false,
      refusal: 'no-mail',
    });
  });
});

describe('a password', () => {
  const text = 'fire ord på rad';
  const withOne = async (more = {}) => {
    const who = await somebody(more);
    await passwords.set(databases.main, who.id, text);
    return who;
  };
  const tryOne = (email: string, given = text, slow = attempts(), at = now) =>
    signIn.withPassword(databases.main, slow, { email, text: given }, at);

  test('signs in its owner', async () => {
    const { id, email } = await withOne();
    expect(await tryOne(` ${email.toUpperCase()}`)).toEqual({ ok: true, personId: id });
  });

  test('gives one answer for wrong, unknown, without password, left and shared', async () => {
    const wrong = { ok: false, refusal: 'wrong' };
    const shared = await withOne();
    await somebody({ email: shared.email });
    expect(await tryOne((await withOne()).email, 'noe helt annet')).toEqual(wrong);
    expect(await tryOne('nobody@fjordvik.example')).toEqual(wrong);
    expect(await tryOne((await somebody()).email)).toEqual(wrong);
    expect(await tryOne((await withOne({ leftOn: '2027-02-01' })).email)).toEqual(wrong);
    expect(await tryOne(shared.email)).toEqual(wrong);
  });

  test.each(['known', 'unknown'])(
    'is slowed after five wrong answers for an address that is %s',
    async (is) => {
      const { email } = is === 'known' ? await withOne() : { email: 'nobody2@fjordvik.example' };
      const slow = attempts();
      for (let i = 0; i < 6; i++)
        expect(await tryOne(email, 'noe helt annet', slow)).toEqual({ ok: false, refusal: 'wrong' });
      expect(await tryOne(email, text, slow)).toMatchObject({ ok: false, refusal: 'wait' });
      const signed = await tryOne(email, text, slow, after(1));
      expect(signed.ok).toBe(is === 'known');
    },
  );

  test('tried many times at once is slowed all the same', async () => {
    const { email } = await withOne();
    const slow = attempts();
    const answers = await atOnce(12, () => tryOne(email, 'noe helt annet', slow));
    expect(answers.filter((answer) => !answer.ok && answer.refusal === 'wrong')).toHaveLength(6);
  });

  test('that is changed signs everybody out and is told by mail', async () => {
    const { id, email } = await withOne();
    const token = await sessions.create(databases.main, id, now);
    await accounts.setPassword(databases.main, permitForMachine<'account.change'>(id), 'et helt nytt ord');
    expect(await sessions.read(databases.main, token, now)).toBeNull();
    expect(await tryOne(email)).toMatchObject({ ok: false });
    expect(await tryOne(email, 'et helt nytt ord')).toMatchObject({ ok: true });
    const post = intoMemory();
    await accounts.tellOfPassword(databases.main, id, post, 'en', now);
    expect(post.kept[0]).toMatchObject({ to: email, subject: 'Your password has been changed' });
  });
});
