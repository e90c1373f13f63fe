import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Outcome } from '#domain/outcome.ts';
import * as outcomes from '#server/outcomes.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
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

test('are written once, for every group, and give the coverage of the whole round', async () => {
  expect(await outcomes.coverage(t.main, await of())).toBeNull();
  const [first, ...others] = Object.entries(await written({ brokenOff: 0, unwilling: 1, unable: 0 }));
  const write = async (numbers: Record<string, Outcome>) =>
    outcomes.write(t.main, await of(), numbers, now, permit());
  expect(await write(Object.fromEntries(others))).toEqual({ ok: false, refusal: 'number' });
  const all = Object.fromEntries([first!, ...others]);
  const most = outcomes.groups(await of()).find(({ id }) => id === first![0])!.invited;
  const many = { ...all, [first![0]]: { brokenOff: 1, unwilling: most, unable: 0 } };
  expect(await write(many)).toEqual({ ok: false, refusal: 'many' });

  expect(await write(all)).toEqual({ ok: true });
  expect(await write(all)).toEqual({ ok: false, refusal: 'written' });
  expect((await rounds.events(t.main, 'aaaaaaaa')).map(({ event }) => event)).toEqual(['outcomes']);
  const unwilling = others.length + 1;
  expect(unwilling).toBeGreaterThanOrEqual(5);
  const found = (await outcomes.coverage(t.main, await of()))!;
  expect(found).toMatchObject({ brokenOff: 0, unable: 0, unwilling, ofAble: found.ofAll });
});
