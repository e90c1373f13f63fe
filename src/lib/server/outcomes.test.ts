import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Outcome } from '#domain/outcome.ts';
import * as outcomes from '#server/outcomes.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { round } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { storeRelease } from '#tests/support/stored.ts';
import { permit } from '#tests/support/town.ts';

let t: TestDatabases;
const now = new Date('2027-03-01T08:00:00Z');
const of = async () => (await rounds.find(t.main, 'aaaaaaaa'))!;
const written = async (each: Outcome) =>
  Object.fromEntries(outcomes.groups(await of()).map(({ id }) => [id, each]));

beforeAll(async () => {
  t = await testDatabases();
  await questionnaires.shipOwn(t.main, now);
  await storeRelease(t.main, 'aaaaaaaa', 'resident', now);
});
afterAll(() => t.stop());

const write = async (numbers: Record<string, Outcome>, to = 'aaaaaaaa') =>
  outcomes.write(t.main, (await rounds.find(t.main, to))!, numbers, now, permit());
const kept = async () => {
  const [{ outcomes: row }] = (await t.main.execute(
    sql`select outcomes from round where id = 'aaaaaaaa'`,
  )) as unknown as [{ outcomes: unknown }];
  return row;
};

test('are written once, for every group, and kept as the sums of the round, which add up', async () => {
  expect(await outcomes.coverage(t.main, await of())).toBeNull();
  const [first, ...others] = Object.entries(await written({ brokenOff: 0, unwilling: 1, unable: 0 }));
  expect(await write(Object.fromEntries(others))).toEqual({ ok: false, refusal: 'number' });
  const all = Object.fromEntries([first!, ...others]);
  const most = outcomes.groups(await of()).find(({ id }) => id === first![0])!.invited;
  const many = { ...all, [first![0]]: { brokenOff: 1, unwilling: most, unable: 0 } };
  expect(await write(many)).toEqual({ ok: false, refusal: 'many' });
  const invited = outcomes.groups(await of()).map((one) => [one.id, one.invited] as const);
  const over = invited.map(([id, n]) => [id, { brokenOff: 0, unwilling: 0, unable: n }] as const);
  expect(await write(Object.fromEntries(over))).toEqual({ ok: false, refusal: 'over' });
  await t.main.update(round).set({ outcomes: null });

  expect(await write(all)).toEqual({ ok: true });
  expect(await write(all)).toEqual({ ok: false, refusal: 'written' });
  expect((await rounds.events(t.main, 'aaaaaaaa')).map(({ event }) => event)).toEqual(['outcomes']);
  const unwilling = others.length + 1;
  expect(unwilling).toBeGreaterThanOrEqual(5);
  expect(await kept()).toEqual({ brokenOff: 0, unwilling, unable: 0 });
  const found = (await outcomes.coverage(t.main, await of()))!;
  expect(found).toMatchObject({ ofAble: found.ofAll, numbers: { brokenOff: 0, unable: 0, unwilling } });
  expect(found.counted + unwilling + found.numbers!.unknown).toBe(found.invited);
});

test('a sum that is few is kept nowhere, and neither are the others', async () => {
  await t.main.update(round).set({ outcomes: null });
  const each = await written({ brokenOff: 0, unwilling: 1, unable: 0 });
  const [first] = Object.keys(each);
  each[first!] = { brokenOff: 0, unwilling: 1, unable: 1 };
  expect(await write(each)).toEqual({ ok: true });
  expect(await kept()).toEqual({ withheld: true });
  expect(await outcomes.coverage(t.main, await of())).toMatchObject({ ofAble: null, numbers: null });
});

test('wait until the answers are counted', async () => {
  const [row] = await t.main.select().from(round);
  const stopped = { ...row!, id: 'bbbbbbbb', state: 'stopped', fingerprint: null, outcomes: null };
  await t.main.insert(round).values(stopped);
  const numbers = await written({ brokenOff: 0, unwilling: 0, unable: 0 });
  expect(await write(numbers, 'bbbbbbbb')).toEqual({ ok: false, refusal: 'wrong-state' });
});
