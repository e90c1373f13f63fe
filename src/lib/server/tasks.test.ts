import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Permit } from '#server/gate.ts';
import { permitForMachine } from '#server/gate.ts';
import * as rounds from '#server/rounds.ts';
import { person, round, task } from '#server/schema.ts';
import * as tasks from '#server/tasks.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { approvedRound, town } from '#tests/support/town.ts';

let t: TestDatabases;
let id: string;
const at = (day: string) => new Date(`${day}T12:00:00Z`);
const planned = at('2027-05-01');
const hr = randomUUID();
const asHr = permitForMachine<'task.do'>(hr) satisfies Permit<'task.do'>;
const window = { opensAt: new Date('2027-09-06T06:00:00Z'), stopsAt: new Date('2027-09-27T18:00:00Z') };

beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
  await t.main.insert(person).values({ id: hr, name: 'Kari Personal' });
  ({ id } = await approvedRound(t.main, planned, window));
});
afterAll(() => t.stop());

const asked = async (day: string) =>
  (await tasks.open(t.main, at(day))).map(({ kind, overdue }) => [kind, overdue]);

it('a round planned by hand has its tasks, and a dry run none', async () => {
  const before = await t.main.select().from(task);
  expect(before.map(({ roundId }) => roundId)).toEqual(Array(8).fill(id));
  const dry = await approvedRound(t.main, planned, { ...window, dryRun: true });
  expect(await t.main.select().from(task).where(eq(task.roundId, dry.id))).toEqual([]);
  await tasks.keep(t.main, planned);
  expect(await t.main.select().from(task)).toHaveLength(8);
});

it('is asked for from four weeks before its day until ninety days after; what the round shows as done is not', async () => {
  expect(await asked('2027-07-25')).toEqual([]);
  expect(await asked('2027-07-26')).toEqual([['information', false]]);
  expect(await asked('2027-08-24')).toEqual([
    ['information', true],
    ['freezing', false],
    ['opening', false],
  ]);
  expect(await asked('2027-11-22')).not.toContainEqual(['information', true]);
});

it('is ticked off and taken back, with who and when; of two at once the first stands', async () => {
  const now = at('2027-08-20');
  const both = await Promise.all([1, 2].map(() => tasks.tick(t.main, id, 'information', true, now, asHr)));
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await asked('2027-08-20')).toEqual([
    ['freezing', false],
    ['opening', false],
  ]);
  const stands = await tasks.of(t.main, [id]);
  expect(stands.find(({ kind }) => kind === 'information')).toEqual({
    roundId: id,
    kind: 'information',
    done: { at: now, by: 'Kari Personal' },
    waits: false,
  });
  expect(stands.find(({ kind }) => kind === 'approval')).toMatchObject({ done: null, waits: false });
  expect(await tasks.tick(t.main, id, 'information', false, now, asHr)).toEqual({ ok: true });
  expect(await tasks.tick(t.main, id, 'information', false, now, asHr)).toEqual({
    ok: false,
    refusal: 'as-it-was',
  });
  expect(await asked('2027-08-20')).toContainEqual(['information', false]);
});

it('is of no round that does not exist', async () => {
  const done = await tasks.tick(t.main, 'zzzzzzzz', 'information', true, planned, asHr);
  expect(done).toEqual({ ok: false, refusal: 'as-it-was' });
});

it('follows its round to other days, and the clock keeps it there', async () => {
  await t.main
    .update(round)
    .set({ opensAt: new Date('2027-09-13T06:00:00Z') })
    .where(eq(round.id, id));
  await Promise.all([tasks.keep(t.main, planned), tasks.keep(t.main, planned)]);
  const days = await t.main.select().from(task).where(eq(task.roundId, id));
  expect(days.find(({ kind }) => kind === 'freezing')!.dueOn).toBe('2027-09-06');
});

it('of a withdrawn round is asked for no more', async () => {
  await rounds.take(t.main, id, 'withdraw', planned, null, { reason: 'No' });
  expect(await asked('2027-09-01')).toEqual([]);
});
