import { afterAll, beforeAll, expect, test } from 'vitest';
import * as successions from '#server/successions.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { permit, town } from '#tests/support/town.ts';

const now = new Date('2027-03-01T12:00:00Z');
let databases: TestDatabases;
let ids: Map<string, string>;
const main = () => databases.main;
const say = (unit: string, fromCode: string, on = '2027-01-01') =>
  successions.say(main(), { unitId: ids.get(unit)!, fromCode, on }, now, permit());

beforeAll(async () => {
  databases = await testDatabases();
  ({ ids } = await town(main()));
});
afterAll(() => databases.stop());

test('what HR says of predecessors is kept, with the day, and can be taken back', async () => {
  expect(await say('C', 'A')).toEqual({ ok: true });
  expect(await say('C', 'B')).toEqual({ ok: true });
  expect(await successions.list(main())).toHaveLength(2);
  expect(await successions.list(main())).toContainEqual({ unit: 'C', from: 'A', on: '2027-01-01' });
  expect((await successions.find(main(), ids.get('C')!))!.from.map(({ code }) => code)).toEqual(['A', 'B']);
  await successions.unsay(main(), { unitId: ids.get('C')!, fromId: ids.get('B')! }, permit());
  expect(await successions.list(main())).toHaveLength(1);
});

test.each([
  ['C', 'A', '2027-01-01', 'said'],
  ['C', 'C', '2027-01-01', 'circle'],
  ['A', 'C', '2027-01-01', 'circle'],
  ['A', 'Z', '2027-01-01', 'unknown'],
  ['A', 'B', 'i fjor', 'day'],
])('%s from %s on %s is refused: %s', async (unit, from, on, refusal) => {
  expect(await say(unit, from, on)).toEqual({ ok: false, refusal });
});

test('there is no unit of an unknown id', async () => {
  expect(await successions.find(main(), '00000000-0000-4000-8000-000000000000')).toBeNull();
});
