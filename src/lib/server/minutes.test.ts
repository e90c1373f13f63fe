import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '#domain/access.ts';
import * as confirmations from '#server/confirmations.ts';
import * as courses from '#server/courses.ts';
import * as gates from '#server/gate.ts';
import * as meetings from '#server/meetings.ts';
import * as minutes from '#server/minutes.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as remarks from '#server/remarks.ts';
import { candidate, meeting, person } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { ends } from '#tests/support/ends.ts';
import { storeRelease, storeUnits } from '#tests/support/stored.ts';
import { permit } from '#tests/support/town.ts';

const now = new Date('2027-04-14T12:00:00Z');
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
let t: TestDatabases;
let ids: Map<string, string>;
let meetingId: string;
let speaker: gates.Gate;
const main = () => t.main;

const gate = (who: Partial<Actor>) =>
  gates.open(
    { personId: randomUUID(), name: '', roles: [], leads: [], worksIn: [], ...who },
    () => now,
    ends,
  );

beforeAll(async () => {
  t = await testDatabases();
  ids = await storeUnits(main(), ['F', 'H', 'S', 'S1', 'S2']);
  await questionnaires.shipOwn(main(), later(-1e6));
  await storeRelease(main(), 'current1', 'employee', later(-30_000));
  const made = await meetings.ensure(main(), 'current1', 'S1', now, permit());
  if (!made.ok) throw new Error(made.refusal);
  meetingId = made.id;
  const [kari] = await main().insert(person).values({ name: 'Kari' }).returning();
  speaker = gate({ personId: kari!.id, roles: [{ role: 'safety', unit: 'S' }] });
});
afterAll(() => t.stop());

const read = async () => (await minutes.ofUnit(main(), 'current1', ids.get('S1')!, now))!;
const allowed = () => speaker.ask('meeting.confirm', { path: ['F', 'H', 'S', 'S1'] });

it('a representative confirms once: the first time stands, also of two presses at once', async () => {
  await Promise.all([1, 2].map((n) => confirmations.add(main(), meetingId, 'safety', later(n), allowed())));
  await confirmations.add(main(), meetingId, 'safety', later(9), allowed());
  const { confirmations: all } = await read();
  expect(all).toMatchObject([{ by: 'Kari', role: 'safety' }]);
  expect(all[0]!.at.getTime()).toBeLessThan(later(9).getTime());
});

it.each([
  [' \n', { ok: false, refusal: 'empty' }],
  ['x'.repeat(2001), { ok: false, refusal: 'long' }],
  [' Husk nattevakta ', { ok: true }],
])('a remark %j gives %o', async (text, expected) => {
  const said = { path: ['F', 'H', 'S', 'S1'], text };
  const by = speaker.actor!;
  expect(await remarks.say(main(), { meetingId }, said, by, now, allowed())).toEqual(expected);
});

it('remarks stand in the minutes as they were written', async () => {
  expect((await read()).remarks).toMatchObject([{ by: 'Kari', role: 'safety', text: 'Husk nattevakta' }]);
});

it.each([
  [null, 0],
  [4, 0],
  [5, 2],
])('with %s voters there are %i tallies, most votes first', async (voters, shown) => {
  await main().delete(candidate);
  const one = { meetingId, kind: 'keep', source: 'own' };
  await main()
    .insert(candidate)
    .values([
      { ...one, ref: 'a', title: { nb: 'a' }, votes: 1 },
      { ...one, ref: 'b', title: { nb: 'b' }, votes: 4 },
    ]);
  await main().update(meeting).set({ voters });
  expect((await read()).tallies.map(({ votes }) => votes)).toEqual([4, 1].slice(0, shown));
});

it('a unit without a meeting has no minutes', async () => {
  expect(await minutes.ofUnit(main(), 'current1', ids.get('S2')!, now)).toBeNull();
});

it.each<[string, Partial<Actor>, string[]]>([
  ['leads', { leads: ['S'] }, ['S']],
  ['speaks for, and what is below', { roles: [{ role: 'union', unit: 'S' }] }, ['S', 'S1', 'S2']],
  ['speaks for as chief', { roles: [{ role: 'safety', unit: null }] }, ['F', 'H', 'S', 'S1', 'S2']],
  ['works in, before its meeting', { worksIn: ['S1'] }, []],
  ['has nothing to do with', {}, []],
])('somebody finds the ways of the units one %s', async (_, who, codes) => {
  const found = await courses.mine(main(), gate(who), now);
  expect(found.map(({ unit }) => unit.code)).toEqual(codes);
});
