import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Written } from '#domain/measure.ts';
import * as versions from '#server/measure-versions.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { by, measuringTown, now, written } from '#tests/support/measures.ts';

let test: TestDatabases;
let w: Awaited<ReturnType<typeof measuringTown>>;
const main = () => test.main;
beforeAll(async () => {
  test = await testDatabases();
  w = await measuringTown(main());
});
afterAll(() => test.stop());

describe('two who change the same measure', () => {
  const change = (id: string, from: number, over: Partial<Written>, who = 'A') =>
    versions.change(main(), id, from, written(over), now, by(w.leader.get(who)!));

  it('lose nothing where they changed different fields, even at once', async () => {
    const id = await w.add();
    const both = await Promise.all([
      change(id, 1, { title: 'Avvik hver uke' }),
      change(id, 1, { dueOn: '2027-08-01' }, 'H'),
    ]);
    expect(both).toEqual([{ ok: true }, { ok: true }]);
    expect(await w.find(id)).toMatchObject({ title: 'Avvik hver uke', dueOn: '2027-08-01', version: 3 });
    const kept = await versions.changes(main(), id);
    expect(kept.map(({ version }) => version)).toEqual([3, 2]);
    expect(kept.flatMap(({ fields }) => fields.map(({ field }) => field)).sort()).toEqual(['dueOn', 'title']);
    expect(kept.map(({ by }) => by)).not.toContain(null);
  });

  it('are asked where both changed one field, and the rest is carried along', async () => {
    const id = await w.add();
    await change(id, 1, { title: 'Hver uke', dueOn: '2027-08-01' }, 'H');
    const asked = await change(id, 1, { title: 'Hver måned', expected: 'Ro' });
    expect(asked).toMatchObject({
      ok: false,
      refusals: [],
      conflicts: [{ field: 'title', mine: 'Hver måned', theirs: 'Hver uke' }],
      merged: { title: 'Hver måned', expected: 'Ro', dueOn: '2027-08-01' },
      version: 2,
    });
    if (asked.ok || !('merged' in asked)) throw new Error();
    expect(await w.find(id)).toMatchObject({ title: 'Hver uke', version: 2 });
    expect(await change(id, asked.version, asked.merged)).toEqual({ ok: true });
    expect(await w.find(id)).toMatchObject({ title: 'Hver måned', expected: 'Ro', dueOn: '2027-08-01' });
  });

  it('are asked when their changes do not go together', async () => {
    const id = await w.add();
    await change(id, 1, { dueOn: '2027-04-01' }, 'H');
    expect(await change(id, 1, { startsOn: '2027-05-01' })).toMatchObject({
      refusals: ['order'],
      version: 2,
    });
    const owned = await w.add('A', { ownerId: w.leader.get('A')! });
    await change(owned, 1, { ownerId: w.leader.get('A')!, ownerRole: null }, 'H');
    expect(await change(owned, 1, { ownerId: null })).toMatchObject({ refusals: ['owner'] });
  });

  it('write no version where nothing was changed, and none from a version there is not', async () => {
    const id = await w.add();
    expect(await change(id, 1, {})).toEqual({ ok: true });
    expect((await w.find(id)).version).toBe(1);
    for (const from of [2, 0, 1.5, NaN, 1e12])
      expect(await change(id, from, { title: 'x' })).toEqual({ ok: false, refusals: ['unknown'] });
  });
});
