import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GroupFile } from '#domain/keylist.ts';
import { freeze } from '#server/freezing.ts';
import { file } from '#server/frozen.ts';
import * as rounds from '#server/rounds.ts';
import { position, round, unit } from '#server/schema.ts';
import * as smallUnits from '#server/small-units.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { storeRelease } from '#tests/support/stored.ts';
import { approvedRound, permit, town } from '#tests/support/town.ts';

const now = new Date('2027-03-01T12:00:00Z');
let databases: TestDatabases;
let ids: Map<string, string>;
let id: string;
const main = () => databases.main;
const found = async () => (await rounds.find(main(), id))!;
const view = async () => await smallUnits.view(main(), await found());
const shows = async (code: string) => (await view()).outlooks.find(({ unit: of }) => of.code === code)?.shows;
const choose = (unit: string, choice: 'together' | 'borrow' | 'without' | 'rule', ...sisters: string[]) =>
  smallUnits.choose(main(), id, { unit, choice, sisters, anyway: false }, now, permit());

beforeAll(async () => {
  databases = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: databases.mainUrl, BOX_DATABASE_URL: databases.boxUrl });
  ({ ids } = await town(main(), { A: 8, B: 8, C: 20, D: 20 }));
  ({ id } = await approvedRound(main(), now));
});
afterAll(() => databases.stop());

test('the share is a rule of thumb, then that of the last release, then what HR writes', async () => {
  expect(await view()).toMatchObject({ share: 60, from: 'usual' });
  await storeRelease(main(), 'before23', 'employee', new Date('2025-03-01T12:00:00Z'));
  const last = await view();
  expect(last.from).toBe('last');
  expect(last.share).toBeGreaterThan(60);
  expect((await smallUnits.expect(main(), id, 0, now, permit())).ok).toBe(false);
  expect((await smallUnits.expect(main(), id, 60, now, permit())).ok).toBe(true);
  expect(await view()).toMatchObject({ share: 60, from: 'chosen' });
});

test('two small units that are put together get figures, and the choice is kept', async () => {
  expect([await shows('A'), await shows('B')]).toEqual(['nothing', 'nothing']);
  expect(await choose('A', 'together', 'B')).toMatchObject({ ok: true });
  expect([await shows('A'), await shows('B')]).toEqual(['factors', 'factors']);
  expect((await found()).merges).toEqual([['A', 'B']]);
  expect((await rounds.events(main(), id)).filter(({ event }) => event === 'small units')).toHaveLength(2);
});

test('a large unit is put together only when that is said', async () => {
  expect(await choose('A', 'together', 'C')).toMatchObject({ refusal: 'large', units: ['C'] });
  expect((await found()).merges).toEqual([['A', 'B']]);
});

test('staff who come make a choice a misfit, which is shown and stops the freezing until HR chooses again', async () => {
  const some = await main()
    .select({ id: position.id })
    .from(position)
    .where(eq(position.unitId, ids.get('D')!))
    .limit(12);
  const move = (to: string) =>
    main()
      .update(position)
      .set({ unitId: ids.get(to)! })
      .where(
        inArray(
          position.id,
          some.map((row) => row.id),
        ),
      );
  await move('B');
  expect((await view()).misfits).toEqual([{ why: 'large', units: ['B'] }]);
  expect(await freeze(main(), databases.box, id, now, permit())).toEqual({
    ok: false,
    refusal: 'small-units',
  });
  await move('D');
  expect((await view()).misfits).toEqual([]);
  await main().update(unit).set({ validTo: '2027-01-01' }).where(eq(unit.code, 'B'));
  expect((await view()).misfits).toEqual([{ why: 'gone', units: ['A', 'B'] }]);
  await main().update(unit).set({ validTo: null }).where(eq(unit.code, 'B'));
});

test('frozen: the answering page names the two, and nothing can be chosen any more', async () => {
  expect(await freeze(main(), databases.box, id, now, permit())).toMatchObject({ ok: true });
  const { tree, choices } = await found();
  const group = tree!.nodes.find(({ part }) => part === 'merged')!;
  const told = JSON.parse(
    new TextDecoder().decode((await file(main(), id, `group/${group.id}`))!.bytes),
  ) as GroupFile;
  expect(told.nb!.together).toEqual(['Unit A', 'Unit B']);
  expect(await choose('A', 'rule')).toMatchObject({ refusal: 'wrong-state' });
  expect(choices).toEqual((await main().select().from(round).where(eq(round.id, id)))[0]!.choices);
});
