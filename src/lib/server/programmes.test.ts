import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as Programme from '#domain/programme.ts';
import * as programmes from '#server/programmes.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { occurrence, programme, round, roundEvent, task } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { permit, town } from '#tests/support/town.ts';

let t: TestDatabases;
const at = (written: string) => new Date(written);
const made = at('2026-11-25T12:00:00Z');
const written = (over: Partial<Programme.Written> = {}): Programme.Written => ({
  name: 'Medarbeiderundersøkelsen',
  questionnaireKey: 'employee',
  unitCodes: ['K'],
  firstYear: 2027,
  everyYears: 2,
  month: 9,
  windowDays: 21,
  ...over,
});

beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
  await questionnaires.shipOwn(t.main, made);
});
afterAll(() => t.stop());
beforeEach(async () => {
  for (const table of [occurrence, task, roundEvent, round, programme]) await t.main.delete(table);
});

const add = async (over: Partial<Programme.Written> = {}) => {
  const added = await programmes.add(t.main, written(over), made, permit());
  if (!added.ok) throw new Error(added.refusals.join());
  return added.id;
};

describe('two change a programme at once', () => {
  const from = { version: 1, base: Programme.fieldsOf(written()) };

  it('and nothing is lost when they changed different things', async () => {
    const id = await add();
    await programmes.change(t.main, id, from, written({ month: 10 }), permit());
    expect(await programmes.change(t.main, id, from, written({ name: 'Ny' }), permit())).toEqual({
      ok: true,
    });
    expect(await programmes.find(t.main, id)).toMatchObject({ name: 'Ny', month: 10, version: 3 });
  });

  it('and the second is asked when both changed the same', async () => {
    const id = await add();
    await programmes.change(t.main, id, from, written({ month: 10, windowDays: 14 }), permit());
    const asked = await programmes.change(t.main, id, from, written({ month: 11 }), permit());
    expect(asked).toMatchObject({
      ok: false,
      conflicts: [{ field: 'month', mine: '11', theirs: '10' }],
      merged: { month: '11', windowDays: '14' },
      version: 2,
    });
    expect(await programmes.find(t.main, id)).toMatchObject({ month: 10, windowDays: 14 });
  });

  it('and at the very same moment one waits for the other', async () => {
    const id = await add();
    await Promise.all([
      programmes.change(t.main, id, from, written({ name: 'Ny' }), permit()),
      programmes.change(t.main, id, from, written({ everyYears: 3 }), permit()),
    ]);
    expect(await programmes.find(t.main, id)).toMatchObject({ name: 'Ny', everyYears: 3, version: 3 });
  });

  it('but not one that has ended', async () => {
    const id = await add();
    await programmes.end(t.main, id, made, permit());
    const refused = await programmes.change(t.main, id, from, written(), permit());
    expect(refused).toEqual({ ok: false, refusals: ['gone'] });
  });
});

it.each([
  [{ unitCodes: ['K', 'NOWHERE'] }, ['unknown-unit']],
  [{ questionnaireKey: 'weather' }, ['unknown-questionnaire']],
  [{ name: '' }, ['name']],
])('written with %o it is not added: %o', async (over, refusals) => {
  expect(await programmes.add(t.main, written(over), made, permit())).toEqual({ ok: false, refusals });
});

it('the standard programmes come with one press, once, and only those that are missing', async () => {
  await add();
  const press = () => programmes.addStandard(t.main, { whole: 'K', health: 'H' }, made, permit());
  const pressed = await Promise.all([press(), press()]);
  expect(pressed.map((one) => one.ok && one.added).sort()).toEqual([0, 4]);
  const all = await programmes.list(t.main);
  expect(all.map((one) => [one.kind, one.unitCodes, one.firstYear, one.everyYears])).toEqual(
    expect.arrayContaining([
      ['employee', ['K'], 2027, 2],
      ['extraordinary', ['H'], 2026, 2],
      ['leader', ['K'], null, null],
      ['resident', ['H'], 2027, 2],
      ['relative', ['H'], 2027, 2],
    ]),
  );
  expect(all).toHaveLength(5);
  const refused = await programmes.addStandard(t.main, { whole: 'NOWHERE', health: 'H' }, made, permit());
  expect(refused).toEqual({ ok: true, added: 0 });
});
