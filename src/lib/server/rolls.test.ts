import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor, Role } from '#domain/access.ts';
import { thaw } from '#server/freezing.ts';
import * as gate from '#server/gate.ts';
import * as rolls from '#server/rolls.ts';
import * as rounds from '#server/rounds.ts';
import { invitation, person } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { approvedRound, frozen, permit, town } from '#tests/support/town.ts';

const now = new Date('2027-02-01T08:00:00Z');
let test: TestDatabases;
let roundId: string;

beforeAll(async () => {
  test = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: test.mainUrl, BOX_DATABASE_URL: test.boxUrl });
  await town(test.main);
  ({ id: roundId } = await approvedRound(test.main, now));
  await frozen(test, roundId, now);
});
afterAll(() => test.stop());

class Refused extends Error {}
const end = () => {
  throw new Refused();
};
const gateOf = (actor: Actor) => gate.open(actor, () => now, { stranger: end, refused: end });

async function representative(unit: string | null, role: Role = 'union') {
  const personId = randomUUID();
  await test.main.insert(person).values({ id: personId, name: `Representative ${role} ${unit}` });
  return gateOf({ personId, name: 'R', roles: [{ role, unit }], leads: [], worksIn: [] });
}
const found = async () => (await rounds.find(test.main, roundId))!;
const groupOf = async (code: string) =>
  (await found()).tree!.nodes.find((n) => n.group && n.part === 'whole' && n.units.includes(code))!.id;

it('shows a representative the names of the groups they represent, and of no other', async () => {
  const mine = await rolls.list(test.main, await representative('A'), await found(), now);
  expect(mine.map((roll) => roll.group)).toEqual([await groupOf('A')]);
  const invited = await test.main
    .select({ name: person.name })
    .from(invitation)
    .innerJoin(person, eq(person.id, invitation.personId))
    .where(eq(invitation.groupId, await groupOf('A')));
  expect(mine[0]!.names.toSorted()).toEqual(invited.map((p) => p.name).sort());
  const all = await rolls.list(test.main, await representative(null, 'safety'), await found(), now);
  expect(all.length).toBe((await found()).tree!.nodes.filter((n) => n.group).length);
});

it('is no page for HR, an operator or a leader', async () => {
  for (const role of ['hr', 'operator', 'quality', 'dpo', 'committee'] as const) {
    const somebody = await representative(null, role);
    await expect(rolls.list(test.main, somebody, await found(), now)).rejects.toThrow(Refused);
  }
});

it('takes what each says once, also of two presses at once, and counts it', async () => {
  const me = await representative('A', 'safety');
  const group = await groupOf('A');
  const twice = await Promise.all(
    ['', 'Hvem er Person 1001?'].map(async (doubt) =>
      rolls.check(test.main, me, await found(), group, doubt, now),
    ),
  );
  expect(twice.filter((one) => one.ok)).toHaveLength(1);
  expect(twice).toContainEqual({ ok: false, refusal: 'said' });
  const other = await representative('B');
  const theirs = await groupOf('B');
  expect(await rolls.check(test.main, other, await found(), theirs, 'Ukjent navn', now)).toEqual({
    ok: true,
  });
  const { read, doubts } = await rolls.progress(test.main, roundId);
  expect(read).toBe(2);
  expect((await rolls.doubts(test.main, roundId)).map((d) => d.doubt)).toContain('Ukjent navn');
  expect(doubts).toBeGreaterThan(0);
});

it('refuses a group of others, one that is none, and a novel', async () => {
  const me = await representative('A');
  await expect(rolls.check(test.main, me, await found(), await groupOf('B'), '', now)).rejects.toThrow(
    Refused,
  );
  expect(await rolls.check(test.main, me, await found(), '9999', '', now)).toEqual({
    ok: false,
    refusal: 'gone',
  });
  const long = await rolls.check(test.main, me, await found(), await groupOf('A'), 'x'.repeat(501), now);
  expect(long).toEqual({ ok: false, refusal: 'long' });
});

it('forgets what was said when the round is thawed: the next names are others', async () => {
  expect(await thaw(test.main, roundId, now, permit())).toMatchObject({ ok: true });
  expect(await rolls.progress(test.main, roundId)).toEqual({ read: 0, doubts: 0 });
});
