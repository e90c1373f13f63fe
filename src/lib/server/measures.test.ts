import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as owners from '#server/measure-owners.ts';
import * as versions from '#server/measure-versions.ts';
import * as measures from '#server/measures.ts';
import { measure, person, position } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { measuringTown, now, written } from '#tests/support/measures.ts';
import { permit } from '#tests/support/town.ts';

let test: TestDatabases;
let w: Awaited<ReturnType<typeof measuringTown>>;
const main = () => test.main;
beforeAll(async () => {
  test = await testDatabases();
  w = await measuringTown(main());
});
afterAll(() => test.stop());

describe('who may own a unit’s measures', () => {
  it('is who works there, who leads it, a unit above or one below, and nobody who has left', async () => {
    const ofA = (await owners.candidates(main(), 'A', now)).map(({ id }) => id);
    expect(ofA).toContain(w.employee.get('A'));
    for (const code of ['A', 'H', 'K']) expect(ofA).toContain(w.leader.get(code));
    expect(ofA).not.toContain(w.leader.get('B'));
    expect(ofA).not.toContain(w.employee.get('K'));
    const ofH = (await owners.candidates(main(), 'H', now)).map(({ id }) => id);
    expect(ofH).toEqual(expect.arrayContaining([w.leader.get('A'), w.leader.get('B'), w.leader.get('K')]));
    expect(ofH).not.toContain(w.employee.get('A'));
  });

  it.each([
    ['no such person', randomUUID()],
    ['no id', "'; drop table measure"],
  ])('is not %s', async (_, ownerId) => {
    const added = await measures.add(main(), w.units.get('A')!, written({ ownerId }), {}, now, permit());
    expect(added).toEqual({ ok: false, refusals: ['unknown-owner'] });
  });
});

describe('what is written', () => {
  it.each([
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['Lunsj\r\nute\u0000', 'Lunsj ute'],
    ['خطة \u202eعمل', 'خطة \u202eعمل'],
    ['🌱'.repeat(300), '🌱'.repeat(300)],
  ])('is kept as it is read: %j', async (title, kept) => {
    const id = await w.add('A', { title, expected: `${title}\n${title}`.slice(0, 900) });
    expect((await w.find(id)).title).toBe(kept);
  });

  it('is refused where something is missing, and nothing is kept of it', async () => {
    const before = await measures.count(main(), {});
    expect(await measures.add(main(), w.units.get('A')!, written({ title: '' }), {}, now, permit())).toEqual({
      ok: false,
      refusals: ['title'],
    });
    const nowhere = { pointIds: [randomUUID()] };
    expect(await measures.add(main(), w.units.get('A')!, written(), nowhere, now, permit())).toEqual({
      ok: false,
      refusals: ['unknown-place'],
    });
    expect(await measures.count(main(), {})).toBe(before);
  });
});

describe('somebody who leaves', () => {
  it('leaves measures that show up with the unit, and may stay on the form until changed', async () => {
    const going = w.employee.get('B')!;
    const id = await w.add('B', { ownerId: going });
    const over = await w.add('B', { ownerId: going });
    await w.set(over, 'dropped');
    const ids = async () =>
      (await w.waits('ownerless', { unitIds: [w.units.get('B')!] })).map(({ id }) => id);
    expect(await ids()).toEqual([]);
    await main().update(person).set({ leftOn: '2027-03-01' }).where(eq(person.id, going));
    expect(await ids()).toEqual([id]);
    expect((await w.find(id)).owner).toMatchObject({ id: going, here: false });
    const kept = written({ ownerId: going, title: 'Nytt navn' });
    expect(await versions.change(main(), id, 1, kept, now, permit())).toEqual({ ok: true });
    const handed = { ...kept, ownerId: w.leader.get('B')! };
    expect(await versions.change(main(), id, 2, handed, now, permit())).toEqual({ ok: true });
    expect(await ids()).toEqual([]);
    const back = { ...kept, ownerId: going };
    expect(await versions.change(main(), id, 3, back, now, permit())).toMatchObject({
      refusals: ['unknown-owner'],
    });
    const [last] = await versions.changes(main(), id);
    expect(last!.fields[0]).toMatchObject({ field: 'ownerId', after: expect.stringMatching(/^Person/) });
  });
});

describe('somebody who moves to another unit', () => {
  it('leaves measures that show up with the unit, until somebody there answers for them', async () => {
    const moving = w.employee.get('B')!;
    const unitIds = [w.units.get('A')!, w.units.get('B')!];
    await main().update(person).set({ leftOn: null }).where(eq(person.id, moving));
    const id = await w.add('B', { ownerId: moving, ownerRole: 'Fagleder' });
    const ofRole = await w.add('B');
    await main()
      .update(position)
      .set({ unitId: w.units.get('A')! })
      .where(eq(position.personId, moving));
    expect((await w.find(id)).owner).toMatchObject({ id: moving, here: true, moved: true });
    expect((await w.waits('ownerless', { unitIds })).map((one) => one.id)).toEqual([id]);
    const personless = await measures.list(main(), { unitIds, personless: '2027-03-01' }, now);
    expect(personless.map((one) => one.id)).toEqual(expect.arrayContaining([id, ofRole]));
    const handed = written({ ownerId: w.leader.get('B')! });
    expect(await versions.change(main(), id, 1, handed, now, permit())).toEqual({ ok: true });
    expect((await w.find(id)).owner).toMatchObject({ here: true, moved: false });
    expect(await w.waits('ownerless', { unitIds })).toEqual([]);
  });

  it('is everybody who could not be chosen as an owner now, and nobody else', async () => {
    for (const code of ['K', 'H', 'A', 'B']) {
      const id = await w.add(code);
      const chosen = new Set((await owners.candidates(main(), code, now)).map((one) => one.id));
      for (const of of [...w.leader.values(), ...w.employee.values()].filter((one) => one)) {
        await main().update(measure).set({ ownerId: of }).where(eq(measure.id, id));
        expect((await w.find(id)).owner?.moved, `${code} ${of}`).toBe(!chosen.has(of));
      }
      await main().update(measure).set({ ownerId: null }).where(eq(measure.id, id));
    }
  });
});

describe('lists', () => {
  it('of what is late end the day before today', async () => {
    const ownerId = w.employee.get('C')!;
    const of = { ownerId };
    const days = ['2027-02-28', '2027-03-01', '2027-03-15', '2027-03-16'];
    for (const dueOn of days) await w.add('C', { ownerId, startsOn: '2027-01-01', dueOn });
    const due = (rows: measures.MeasureRow[]) => rows.map((one) => one.dueOn);
    expect(due(await w.waits('late', of))).toEqual(['2027-02-28']);
    expect(due(await measures.list(main(), of, now, 2))).toEqual(days.slice(0, 2));
    expect(await measures.count(main(), of)).toBe(4);
    for (const { id } of await w.waits('late', of)) await w.set(id, 'done');
    expect(await w.waits('late', of)).toEqual([]);
    expect(due(await measures.list(main(), of, now, 4)), 'open before over').toEqual([
      ...days.slice(1),
      days[0],
    ]);
  });

  it.each([
    ['kaffe', 'Kaffekopp', true],
    ['KAFFEN', 'Felles kaffe', true],
    ['te eller kaffe', 'Kaffe hver dag', true],
    ['og i på', 'Kaffe og kake', false],
    ["kaf'fe & | ! \\ :*", 'Kaffe', true],
    ['', 'Kaffe', false],
    ['\u0627\u0644', 'Kaffe', false],
  ])('searched for %j: finds "%s" %s', async (words, title, expected) => {
    const id = await w.add('C', { title, expected: '-' });
    const found = await measures.list(main(), { words, ids: [id] }, now);
    expect(found.length > 0).toBe(expected);
  });
});
