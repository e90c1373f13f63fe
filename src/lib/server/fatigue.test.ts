import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as clock from '#server/clock.ts';
import * as fatigue from '#server/fatigue.ts';
import { invited } from '#server/invited.ts';
import * as occurrences from '#server/occurrences.ts';
import * as programmes from '#server/programmes.ts';
import * as rounds from '#server/rounds.ts';
import { asked, occurrence, person, position, programme, round, roundEvent, task } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { approvedRound, frozen, invitationsOf, permit, town } from '#tests/support/town.ts';

let t: TestDatabases;
let ids: Map<string, string>;
const now = new Date('2026-11-25T12:00:00Z');

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  ({ ids } = await town(t.main));
});
afterAll(() => t.stop());

describe('what has been asked', () => {
  it('is written when a round opens: everybody invited, once, and nothing of which round or answer', async () => {
    const { id } = await approvedRound(t.main, now);
    await frozen(t, id, now);
    const opened = await Promise.all([1, 2].map(() => clock.open(t.main, t.box, id, now, null)));
    expect(opened.filter(({ ok }) => ok)).toHaveLength(1);
    const rows = await t.main.select().from(asked);
    const invited = await invitationsOf(t.main, id);
    expect(rows.map(({ personId }) => personId).sort()).toEqual(
      invited.map(({ personId }) => personId).sort(),
    );
    expect(new Set(rows.map(({ openedOn, minutes }) => `${openedOn} ${minutes}`))).toEqual(
      new Set(['2026-11-25 8']),
    );
    expect(Object.keys(rows[0]!)).toEqual(['personId', 'openedOn', 'minutes']);
  });

  it('is nothing for a dry run, and forgets what is two years old', async () => {
    const [somebody] = await t.main.select().from(person).limit(1);
    const later = new Date('2027-03-01T12:00:00Z');
    await t.main.delete(asked);
    await t.main.insert(asked).values({ personId: somebody!.id, openedOn: '2025-01-01', minutes: 8 });
    const { id } = await approvedRound(t.main, later, { dryRun: true });
    await frozen(t, id, later);
    expect(await clock.open(t.main, t.box, id, later, null)).toMatchObject({ ok: true });
    expect(await t.main.select().from(asked)).toEqual([]);
  });
});

describe('what would be too much', () => {
  beforeEach(async () => {
    for (const table of [asked, occurrence, programme]) await t.main.delete(table);
    await t.main.update(round).set({ state: 'withdrawn' });
  });
  const plan = (over: Partial<rounds.Plan>) => approvedRound(t.main, now, over);
  const window = (opens: string) => ({
    opensAt: new Date(`${opens}T07:00:00Z`),
    stopsAt: new Date(new Date(`${opens}T07:00:00Z`).getTime() + 21 * 86_400_000),
  });
  const add = async (key: string, units: string[], month: number, firstYear: number) => {
    const added = await programmes.add(
      t.main,
      { name: key, questionnaireKey: key, unitCodes: units, firstYear, everyYears: 2, month, windowDays: 21 },
      now,
      permit(),
    );
    if (!added.ok) throw new Error(added.refusals.join());
    return added.id;
  };

  it('is a round too soon after one that was: for so many, with the nearest day', async () => {
    const staff = await t.main.select().from(position);
    const inA = staff.filter(({ unitId }) => unitId === ids.get('A'));
    await t.main
      .insert(asked)
      .values(inA.map(({ personId }) => ({ personId, openedOn: '2026-09-07', minutes: 6 })));
    const { id } = await plan(window('2027-02-01'));
    const warning = await fatigue.ofRound(t.main, now, id);
    expect(warning).toMatchObject({ people: 10, limits: ['one-in-180'] });
    expect(warning!.of).toBe((await invited(t.main, (await rounds.find(t.main, id))!)).people.length);
    // 180 days after 7 September is 6 March, a Saturday; from the Monday on, three weeks would meet Easter.
    expect(warning!.nearest).toBe('2027-03-30');
  });

  it('is nothing when the limits are kept', async () => {
    await add('employee', ['K'], 9, 2027);
    await add('extraordinary', ['H'], 9, 2026);
    expect([...(await fatigue.warnings(t.main, now))]).toEqual([]);
  });

  it('is counted over programmes and planned rounds alike', async () => {
    const ordinary = await add('employee', ['K'], 9, 2027);
    const { id } = await plan({ ...window('2027-06-07'), unitCodes: ['H'] });
    const found = await fatigue.warnings(t.main, now);
    expect([...found.keys()].sort()).toEqual(
      [fatigue.keyOf.round(id), fatigue.keyOf.run(ordinary, 2027)].sort(),
    );
    const ofRun = found.get(fatigue.keyOf.run(ordinary, 2027))!;
    expect(ofRun.limits).toEqual(['one-in-180']);
    expect(ofRun.people).toBeLessThan(ofRun.of);
    expect(await occurrences.move(t.main, ordinary, 2027, ofRun.nearest, now, permit())).toEqual({
      ok: true,
    });
    expect([...(await fatigue.warnings(t.main, now))]).toEqual([]);
  });

  it('never counts residents and relatives among the staff', async () => {
    await add('resident', ['H'], 3, 2027);
    await add('relative', ['H'], 3, 2027);
    await add('extraordinary', ['H'], 4, 2027);
    expect([...(await fatigue.warnings(t.main, now))]).toEqual([]);
  });

  it('takes a frozen round’s invitations as they are', async () => {
    const { id } = await plan({ ...window('2027-02-01'), unitCodes: ['H'] });
    await frozen(t, id, now);
    const other = await plan({ ...window('2027-05-10'), unitCodes: ['A'] });
    expect(await fatigue.ofRound(t.main, now, other.id)).toMatchObject({ limits: ['one-in-180'] });
  });

  it('is quick for four thousand people', async () => {
    const people = Array.from({ length: 4000 }, () => ({ id: randomUUID(), name: 'Somebody' }));
    for (let i = 0; i < people.length; i += 1000) {
      const some = people.slice(i, i + 1000);
      await t.main.insert(person).values(some);
      await t.main.insert(position).values(
        some.map(({ id }, j) => ({
          key: id,
          personId: id,
          unitId: ids.get(['A', 'B', 'C'][j % 3]!)!,
          validFrom: '2020-01-01',
        })),
      );
      for (const day of ['2025-09-08', '2026-09-07'])
        await t.main
          .insert(asked)
          .values(some.map(({ id }) => ({ personId: id, openedOn: day, minutes: 8 })));
    }
    await add('employee', ['K'], 9, 2027);
    await add('extraordinary', ['H'], 9, 2026);
    await add('leader', ['K'], 3, 2028);
    await plan({ ...window('2027-02-01'), unitCodes: ['H'] });
    const start = performance.now();
    const found = await fatigue.warnings(t.main, now);
    const took = performance.now() - start;
    console.log(`Warnings for 4,000 people: ${Math.round(took)} ms, ${found.size} found`);
    expect(found.size).toBeGreaterThan(0);
    expect(took).toBeLessThan(5000);
    await t.main.delete(task);
    await t.main.delete(roundEvent);
  });
});
