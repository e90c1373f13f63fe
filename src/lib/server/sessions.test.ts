import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { person, session } from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';
import { type TestDatabases, testDatabases } from '../../../tests/support/databases.ts';

const now = new Date('2027-02-01T08:00:00Z');
const later = (days: number, hours = 0) => new Date(now.getTime() + (days * 24 + hours) * 3600_000);

let databases: TestDatabases;
beforeAll(async () => {
  databases = await testDatabases();
});
afterAll(() => databases.stop());

const somebody = async (leftOn: string | null = null) => {
  const [made] = await databases.main.insert(person).values({ name: 'Ada', leftOn }).returning();
  return made!.id;
};
const rows = (personId: string) =>
  databases.main.select().from(session).where(eq(session.personId, personId));

describe('a session', () => {
  test('is read by its token and by no other', async () => {
    const personId = await somebody();
    const token = await sessions.create(databases.main, personId, now);
    const [id, secret] = token.split('.');
    expect(await sessions.read(databases.main, token, now)).toEqual({ personId });
    for (const other of ['', '.', id!, `${id}.`, `${id}.${secret}x`, `${id}.${secret}.x`, `x.${secret}`])
      expect(await sessions.read(databases.main, other, now), other).toBeNull();
    expect(await sessions.read(databases.main, token, now)).toEqual({ personId });
  });

  test('keeps nothing that a reader of the database could sign in with', async () => {
    const personId = await somebody();
    const token = await sessions.create(databases.main, personId, now);
    const [row] = await rows(personId);
    const secret = token.split('.')[1]!;
    expect(Buffer.from(row!.secretHash)).toHaveLength(32);
    expect(JSON.stringify(row) + Buffer.from(row!.secretHash).toString('latin1')).not.toContain(secret);
    const stolen = `${row!.id}.${Buffer.from(row!.secretHash).toString('base64url')}`;
    expect(await sessions.read(databases.main, stolen, now)).toBeNull();
  });

  test('runs out after ten days without use', async () => {
    const personId = await somebody();
    const token = await sessions.create(databases.main, personId, now);
    expect(await sessions.read(databases.main, token, later(9, 23))).not.toBeNull();
    expect(await sessions.read(databases.main, token, later(19, 22))).not.toBeNull();
    const idle = await sessions.create(databases.main, personId, now);
    expect(await sessions.read(databases.main, idle, later(10))).toBeNull();
    expect(await rows(personId)).toHaveLength(1);
  });

  test('runs out after thirty days however much it is used', async () => {
    const token = await sessions.create(databases.main, await somebody(), now);
    for (const day of [8, 16, 24, 29]) await sessions.read(databases.main, token, later(day));
    expect(await sessions.read(databases.main, token, later(29, 23))).not.toBeNull();
    expect(await sessions.read(databases.main, token, later(30))).toBeNull();
  });

  test('is written to at most once an hour', async () => {
    const personId = await somebody();
    const token = await sessions.create(databases.main, personId, now);
    await sessions.read(databases.main, token, new Date(now.getTime() + 59 * 60_000));
    expect((await rows(personId))[0]!.lastVerifiedAt).toEqual(now);
    await sessions.read(databases.main, token, later(0, 1));
    expect((await rows(personId))[0]!.lastVerifiedAt).toEqual(later(0, 1));
  });

  test('ends on the day its person leaves', async () => {
    const token = await sessions.create(databases.main, await somebody('2027-02-03'), now);
    expect(await sessions.read(databases.main, token, later(1))).not.toBeNull();
    expect(await sessions.read(databases.main, token, later(2))).toBeNull();
    expect(await sessions.read(databases.main, token, now)).toBeNull();
  });

  test('is ended by whoever has its token; the others go on', async () => {
    const personId = await somebody();
    const [one, other] = [
      await sessions.create(databases.main, personId, now),
      await sessions.create(databases.main, personId, now),
    ];
    await sessions.end(databases.main, `${one.split('.')[0]}.guess`);
    expect(await sessions.read(databases.main, one, now)).not.toBeNull();
    await sessions.end(databases.main, one);
    expect(await sessions.read(databases.main, one, now)).toBeNull();
    expect(await sessions.read(databases.main, other, now)).not.toBeNull();
    await sessions.endAll(databases.main, personId);
    expect(await sessions.read(databases.main, other, now)).toBeNull();
  });

  test('is swept away when nobody can use it', async () => {
    const personId = await somebody();
    await sessions.create(databases.main, personId, now);
    const used = await sessions.create(databases.main, personId, later(5));
    await sessions.sweep(databases.main, later(11));
    expect((await rows(personId)).map((row) => row.id)).toEqual([used.split('.')[0]]);
  });
});

test('the cookie is bound to the host wherever there is https', () => {
  const safe = sessions.cookie(new URL('https://medvirk.example/x'));
  expect(safe.name).toBe('__Host-session');
  expect(safe.options).toMatchObject({ secure: true, httpOnly: true, sameSite: 'lax', path: '/' });
  expect(sessions.cookie(new URL('http://localhost:3000/')).name).toBe('session');
});
