import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as codes from '#server/codes.ts';
import * as crowds from '#server/crowds.ts';
import { thaw } from '#server/freezing.ts';
import { dryRunLinks } from '#server/invitations.ts';
import { invited } from '#server/invited.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { person } from '#server/schema.ts';
import { hrGate, printed } from '#tests/support/codes.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { approvedRound, frozen, invitationsOf, permit, town } from '#tests/support/town.ts';

let t: TestDatabases;
const now = new Date('2027-03-03T20:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);
const fresh = async (id: string) => (await rounds.find(t.main, id))!;

let hr: string;
/** Numbers of staff without an address. */
let lacking: string[];

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await town(t.main, { A: 9, B: 24, C: 8 });
  const people = await t.main.select().from(person).orderBy(person.employeeNumber);
  hr = people[0]!.id;
  // By number: a leader each of K, H, A, B and C, six in K, then nine in A, 24 in B, eight in C.
  const without = [...people.slice(11, 14), ...people.slice(20, 40)];
  lacking = without.map(({ employeeNumber }) => employeeNumber!);
  const ids = without.map(({ id }) => id);
  await t.main.update(person).set({ email: null }).where(inArray(person.id, ids));
  await t.main.update(person).set({ email: 'none' }).where(eq(person.id, ids[0]!));
  await questionnaires.shipOwn(t.main, now);
});
afterAll(() => t.stop());

test('residents and relatives are asked by numbers: groups, codes and nobody’s name', async () => {
  const asked = (await questionnaires.latest(t.main, 'resident'))!;
  const { id } = await approvedRound(t.main, now, { questionnaireId: asked.id, unitCodes: ['H'] });
  expect((await invited(t.main, await fresh(id))).people).toEqual([]);
  const count = async (counts: Record<string, number>) =>
    crowds.count(t.main, await fresh(id), new Map(Object.entries(counts)), now, permit());
  expect(await count({ A: 20 })).toEqual({ ok: false, refusal: 'wrong-state' });
  await rounds.take(t.main, id, 'reconsider', now, null);
  for (const wrong of [-1, 1.5, 2001, NaN])
    expect(await count({ A: wrong })).toEqual({ ok: false, refusal: 'number' });
  // K is outside what is asked, and is not counted.
  expect(await count({ A: 22, B: 14, C: 3, K: 50 })).toEqual({ ok: true });
  expect((await crowds.list(t.main, await fresh(id))).map(({ code, count }) => [code, count])).toEqual([
    ['H', 0],
    ['A', 22],
    ['B', 14],
    ['C', 3],
  ]);
  const who = await invited(t.main, await fresh(id));
  expect(who.notInvited).toHaveLength(3);
  await count({ A: 22, B: 14, C: 3, H: 4 });
  await rounds.take(t.main, id, 'approve', now, null);
  await frozen(t, id, now);
  const its = await fresh(id);
  expect(its.tree!.nodes.filter((n) => n.group).map((n) => [n.name, n.invited])).toEqual([
    ['Unit A', 22],
    ['Unit B', 14],
    ['Unit H, øvrige', 7],
  ]);
  expect(await codes.numbers(t.main, its)).toEqual({ needed: 43, reserve: 6 });
  expect(await codes.handed(t.main, id)).toEqual(new Map());
  const drawn = await printed(t.main, hrGate(hr, now), its, { group: 'all', reserve: null }, now);
  expect(drawn).toHaveLength(43);
  expect(new Set(drawn.map(({ code }) => code)).size).toBe(43);
  expect((await thaw(t.main, id, later(1), permit())).ok).toBe(true);
  expect(await invitationsOf(t.main, id)).toEqual([]);
});

test('a dry run’s file has as many links as are invited, by name where there are names', async () => {
  for (const [key, units] of [
    ['resident', ['A', 'B']],
    ['employee', ['H']],
  ] as const) {
    const asked = (await questionnaires.latest(t.main, key))!;
    const { id } = await approvedRound(t.main, now, {
      questionnaireId: asked.id,
      unitCodes: [...units],
      dryRun: true,
    });
    await rounds.take(t.main, id, 'reconsider', now, null);
    await crowds.count(
      t.main,
      await fresh(id),
      new Map([
        ['A', 10],
        ['B', 8],
      ]),
      now,
      permit(),
    );
    await rounds.take(t.main, id, 'approve', now, null);
    await frozen(t, id, now);
    const nodes = (await fresh(id)).tree!.nodes.filter((n) => n.group);
    const links = await dryRunLinks(t.main, id, 'http://localhost');
    if (!links.ok) throw new Error(links.refusal);
    expect(links.rows).toHaveLength(nodes.reduce((sum, n) => sum + n.invited, 0));
    expect(new Set(links.rows.map(({ link }) => link)).size).toBe(links.rows.length);
    const people = links.rows.map(({ person }) => person);
    if (key === 'resident') expect(new Set(people)).toEqual(new Set(['']));
    else {
      expect(new Set(people).size).toBe(people.length);
      expect(people).toEqual(expect.arrayContaining(lacking));
    }
  }
});
