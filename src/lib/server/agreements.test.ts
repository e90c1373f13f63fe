import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { measuresOf } from '#domain/plan.ts';
import * as agreements from '#server/agreements.ts';
import * as goals from '#server/goals.ts';
import * as remarks from '#server/remarks.ts';
import { measure, person, unit } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { now, planningTown } from '#tests/support/plans.ts';
import { permit } from '#tests/support/town.ts';

let t: TestDatabases;
let w: Awaited<ReturnType<typeof planningTown>>;
beforeAll(async () => {
  t = await testDatabases();
  w = await planningTown(t.main);
});
afterAll(() => t.stop());
beforeEach(() => void w.nextYear());

describe('an agreement', () => {
  const on = { agreedOn: '2027-03-02', forum: 'staff-meeting' };

  it('keeps what the plan said then', async () => {
    const { pointIds } = await w.met('A', true);
    const { of, first, second } = await w.planned('A');
    const measureId = await w.measured('A', { goalIds: [first], pointIds }, 'Talk each month');
    const agreed = await agreements.agree(t.main, of.id, on, now, permit());
    if (!agreed.ok) throw new Error(agreed.refusals.join());
    const before = await agreements.find(t.main, of.id, agreed.id);
    expect(measuresOf(before!.content)).toMatchObject([
      {
        ...{ id: measureId, title: 'Talk each month', status: 'not-started', ownerRole: 'leader' },
        points: [{ title: 'Point 0', unit: 'Unit A' }, { title: 'Point 1' }],
      },
    ]);

    await t.main.update(measure).set({ title: 'Otherwise', status: 'done' }).where(eq(measure.id, measureId));
    await goals.edit(t.main, of.id, second, { text: 'Otherwise', base: 'Plan', version: 1 }, permit());
    await t.main.update(unit).set({ name: 'Unit A' }).where(eq(unit.code, 'A'));
    expect(await agreements.find(t.main, of.id, agreed.id)).toEqual(before);
    expect(await agreements.find(t.main, (await w.begun('B')).id, agreed.id)).toBeNull();
  });

  it('sent in twice is one, and again after a change another', async () => {
    const { of, second } = await w.planned('A');
    const both = await Promise.all([1, 2].map(() => agreements.agree(t.main, of.id, on, now, permit())));
    expect(both[0]).toEqual(both[1]);
    await w.measured('A', { goalIds: [second] });
    await agreements.agree(t.main, of.id, on, now, permit());
    expect(await agreements.list(t.main, of.id)).toHaveLength(2);
  });

  it('is refused for a day to come, and for a plan that says nothing', async () => {
    const of = await w.begun('A');
    const asked = { agreedOn: '2027-03-03', forum: '' };
    const refusals = ['future', 'forum', 'nothing'];
    expect(await agreements.agree(t.main, of.id, asked, now, permit())).toEqual({ ok: false, refusals });
    expect(await agreements.list(t.main, of.id)).toEqual([]);
  });
});

it('a representative speaks beside the plan as what they are', async () => {
  const { of } = await w.planned('A');
  const [somebody] = await t.main.select().from(person).limit(1);
  const actor = { personId: somebody!.id, name: somebody!.name, leads: [], worksIn: [] };
  const say = (text: string, unit: string) =>
    remarks.say(
      t.main,
      { planId: of.id },
      { path: ['K', 'H', 'A'], text },
      { ...actor, roles: [{ role: 'safety', unit }] },
      now,
      permit(),
    );
  expect(await say(' ', 'A')).toEqual({ ok: false, refusal: 'empty' });
  expect(await say('Late', 'B')).toEqual({ ok: false, refusal: 'no-representative' });
  expect(await say(' We were part of it. ', 'H')).toEqual({ ok: true });
  expect(await remarks.list(t.main, { planId: of.id })).toMatchObject([
    { by: somebody!.name, role: 'safety', text: 'We were part of it.', at: now },
  ]);
});
