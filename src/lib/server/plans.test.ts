import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as agreements from '#server/agreements.ts';
import * as goals from '#server/goals.ts';
import * as plans from '#server/plans.ts';
import { measure, unit } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { now, planningTown } from '#tests/support/plans.ts';
import { permit } from '#tests/support/town.ts';

let t: TestDatabases;
let w: Awaited<ReturnType<typeof planningTown>>;
let year: number;
beforeAll(async () => {
  t = await testDatabases();
  w = await planningTown(t.main);
});
afterAll(() => t.stop());
beforeEach(() => void (year = w.nextYear()));

describe('a plan begins', () => {
  it('once for a kind, a unit and a year, whoever is first', async () => {
    const wanted = { kind: 'ia', unitCode: 'A', year, fromEarlier: false, wished: false };
    const both = await Promise.all([1, 2].map(() => plans.begin(t.main, wanted, now, permit())));
    const [made] = both.filter((one) => one.ok);
    expect(both.filter((one) => !one.ok)).toEqual([{ ok: false, refusals: ['exists'], existing: made!.id }]);
    await w.begun('A', { kind: 'hms' });
    await w.begun('B');
  });

  it.each([
    [{ kind: 'business' }, ['not-enterprise']],
    [{ kind: 'strategy' }, ['kind']],
    [{ unitCode: 'Z' }, ['unit']],
    [{ year: 1999 }, ['year']],
  ])('not with %j', async (over, refusals) => {
    const wanted = { kind: 'ia', unitCode: 'A', year, fromEarlier: false, wished: false, ...over };
    expect(await plans.begin(t.main, wanted, now, permit())).toEqual({ ok: false, refusals });
  });

  it('not for a unit that has ended', async () => {
    await t.main
      .insert(unit)
      .values({ code: 'OLD', name: 'Old', validFrom: '2020-01-01', validTo: '2026-12-31' });
    const wanted = { kind: 'ia', unitCode: 'OLD', year, fromEarlier: false, wished: true };
    expect(await plans.begin(t.main, wanted, now, permit())).toEqual({ ok: false, refusals: ['unit'] });
  });

  it('as an enterprise’s business plan, or where it is wished', async () => {
    await w.begun('H', { kind: 'business' });
    await w.begun('C', { kind: 'business', wished: true });
  });

  it('from the one before: its goals, and the measures that are not over', async () => {
    const { of, first, second } = await w.planned('A');
    const goes = await w.measured('A', { goalIds: [first] });
    const stays = await w.measured('A', { goalIds: [second] });
    await t.main.update(measure).set({ status: 'done' }).where(eq(measure.id, stays));
    const next = await w.begun('A', { year: year + 1, fromEarlier: true });
    expect(await w.texts(next.id)).toEqual(await w.texts(of.id));
    const copied = (await goals.list(t.main, next.id))[0]!.subGoals[0]!;
    expect(await w.placedIn(next.id)).toEqual([{ measureId: goes, goalId: copied.id }]);
    expect(await w.placedIn(of.id)).toHaveLength(2);
  });

  it('from the one before, where there is none: empty', async () => {
    const begun = await w.begun('B', { kind: 'hms', fromEarlier: true });
    expect(await goals.list(t.main, begun.id)).toEqual([]);
  });
});

it('the plans of a unit are listed with what stands in them', async () => {
  const { of, first, second } = await w.planned('C');
  await w.measured('C', { goalIds: [first, second] });
  await agreements.agree(t.main, of.id, { agreedOn: '2027-02-01', forum: 'x' }, now, permit());
  const found = (await plans.list(t.main, [w.ids.get('C')!])).find(({ id }) => id === of.id);
  expect(found).toMatchObject({ kind: 'ia', year, measures: 1, agreedOn: '2027-02-01', unit: { code: 'C' } });
});
