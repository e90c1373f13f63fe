import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stop, tick } from '#server/clock.ts';
import { intoMemory } from '#server/mail.ts';
import { person, role } from '#server/schema.ts';
import { remindOfWaiting } from '#server/waiting.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { approvedRound, frozen, town } from '#tests/support/town.ts';

let t: TestDatabases;
const now = new Date('2027-03-01T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);

beforeAll(async () => {
  t = await testDatabases();
  process.env.DATABASE_URL = t.mainUrl;
  process.env.BOX_DATABASE_URL = t.boxUrl;
  await town(t.main);
});
afterAll(() => t.stop());

it('reminds HR of a round that waits for its key, once a day', async () => {
  const [hr] = await t.main.select().from(person).limit(1);
  await t.main.insert(role).values({ personId: hr!.id, role: 'hr', unitId: null, givenAt: now });
  const { id } = await approvedRound(t.main, now);
  await frozen(t, id, now);
  await tick(t.main, t.box, later(2));
  const post = intoMemory();
  await remindOfWaiting(t.main, post, 'https://medvirk.example', later(3));
  expect(post.kept).toEqual([]);
  await stop(t.main, t.box, id, later(24), null);
  await Promise.all([1, 2, 3].map(() => remindOfWaiting(t.main, post, 'https://medvirk.example', later(25))));
  expect(post.kept.map((k) => k.to)).toEqual([hr!.email]);
  expect(post.kept[0]!.text).toContain(`https://medvirk.example/rounds/${id}`);
  await remindOfWaiting(t.main, post, 'https://medvirk.example', later(49));
  expect(post.kept.length).toBe(2);
});

it('passes by an address that is refused, and those who have left', async () => {
  const people = await t.main.select().from(person).limit(3);
  const [hr, refused, left] = people.map(({ id, email }) => ({ id, email: email! }));
  for (const { id } of [refused!, left!])
    await t.main.insert(role).values({ personId: id, role: 'hr', unitId: null, givenAt: now });
  await t.main.update(person).set({ leftOn: '2027-03-02' }).where(eq(person.id, left!.id));
  const post = intoMemory();
  const picky = {
    ...post,
    send: (...[message, at]: Parameters<typeof post.send>) =>
      message.to === refused!.email
        ? Promise.reject(Object.assign(new Error('No such user'), { responseCode: 550, command: 'RCPT TO' }))
        : post.send(message, at),
  };
  await remindOfWaiting(t.main, picky, 'https://medvirk.example', later(73));
  expect(post.kept.map(({ to }) => to)).toEqual([hr!.email]);
});
