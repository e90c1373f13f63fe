import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { measuresOf } from '#domain/plan.ts';
import * as agreements from '#server/agreements.ts';
import * as goals from '#server/goals.ts';
import * as measures from '#server/measures.ts';
import * as placings from '#server/placings.ts';
import * as plans from '#server/plans.ts';
import * as remarks from '#server/remarks.ts';
import {
  goal,
  measure,
  measureGoal,
  measurePoint,
  meeting,
  person,
  plan,
  point,
  release,
  step,
  unit,
} from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { release as released } from '#tests/support/releases.ts';
import { approvedRound, permit, town } from '#tests/support/town.ts';

const now = new Date('2027-03-02T09:00:00Z');
let t: TestDatabases;
let ids: Map<string, string>;
let roundId: string;

beforeAll(async () => {
  t = await testDatabases();
  ({ ids } = await town(t.main));
  ({ id: roundId } = await approvedRound(t.main, new Date('2027-01-01T09:00:00Z')));
  const content = released();
  const bytes = JSON.stringify(content);
  await t.main
    .insert(release)
    .values({ roundId, content, bytes, sha256: randomUUID(), receipts: '', releasedAt: now });
});
afterAll(() => t.stop());

let year = 2030;
/** A year that no other test has plans in. */
beforeEach(() => void (year += 2));

const mustBegin = async (unitCode: string, over: Partial<plans.Begin> = {}) => {
  const wanted = { kind: 'ia', unitCode, year, fromEarlier: false, wished: false, ...over };
  const begun = await plans.begin(t.main, wanted, now, permit());
  if (!begun.ok) throw new Error(begun.refusals.join());
  return (await plans.find(t.main, begun.id))!;
};
const mustAdd = async (planId: string, text: string, parentId: string | null = null) => {
  const added = await goals.add(t.main, planId, { text, parentId }, permit());
  if (!added.ok) throw new Error(added.refusal);
  return added.id;
};
/** A plan with a goal and two sub-goals. */
const planned = async (unitCode: string, over: Partial<plans.Begin> = {}) => {
  const of = await mustBegin(unitCode, over);
  const top = await mustAdd(of.id, 'Presence');
  return { of, top, first: await mustAdd(of.id, 'Talk', top), second: await mustAdd(of.id, 'Plan', top) };
};
const mustMeasure = async (unitCode: string, places: measures.Places = {}, title = 'Talk each month') => {
  const written = {
    ...{ title, expected: 'Fewer away', ownerId: null, ownerRole: 'leader' },
    ...{ startsOn: '2027-01-01', dueOn: '2027-06-01' },
  };
  const made = await measures.add(t.main, ids.get(unitCode)!, written, places, now, permit());
  if (!made.ok) throw new Error(made.refusals.join());
  return made.id;
};
const met = async (unitCode: string, agreed: boolean) => {
  const unitId = ids.get(unitCode)!;
  await t.main.delete(step).where(eq(step.unitId, unitId));
  const [found] = await t.main.select().from(meeting).where(eq(meeting.unitId, unitId));
  const agreedAt = agreed ? now : null;
  if (found) await t.main.update(meeting).set({ agreedAt }).where(eq(meeting.id, found.id));
  const [made] = found
    ? [found]
    : await t.main
        .insert(meeting)
        .values({ roundId, unitId, stage: 'x', agreedAt, createdAt: now })
        .returning();
  const meetingId = made!.id;
  for (const old of await t.main.select().from(point).where(eq(point.meetingId, meetingId)))
    await t.main.delete(measurePoint).where(eq(measurePoint.pointId, old.id));
  const pointIds = [randomUUID(), randomUUID()];
  for (const [position, id] of pointIds.entries())
    await t.main.insert(point).values({
      id,
      meetingId,
      kind: 'improve',
      title: `Point ${position}`,
      source: 'own',
      ref: '',
      position,
    });
  return { meetingId, pointIds };
};
const isTaken = async (unitCode: string) =>
  (
    await t.main
      .select()
      .from(step)
      .where(and(eq(step.unitId, ids.get(unitCode)!), eq(step.step, 'planned')))
  ).length === 1;
const placedIn = (planId: string) =>
  t.main
    .select({ measureId: measureGoal.measureId, goalId: measureGoal.goalId })
    .from(measureGoal)
    .innerJoin(goal, eq(goal.id, measureGoal.goalId))
    .where(eq(goal.planId, planId));
const texts = async (planId: string) =>
  (await goals.list(t.main, planId)).map((one) => [one.goal.text, ...one.subGoals.map((sub) => sub.text)]);

describe('a plan begins', () => {
  it('once for a kind, a unit and a year, whoever is first', async () => {
    const wanted = { kind: 'ia', unitCode: 'A', year, fromEarlier: false, wished: false };
    const both = await Promise.all([1, 2].map(() => plans.begin(t.main, wanted, now, permit())));
    const [made] = both.filter((one) => one.ok);
    expect(both.filter((one) => !one.ok)).toEqual([{ ok: false, refusals: ['exists'], existing: made!.id }]);
    await mustBegin('A', { kind: 'hms' });
    await mustBegin('B');
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
    await mustBegin('H', { kind: 'business' });
    await mustBegin('C', { kind: 'business', wished: true });
  });

  it('from the one before: its goals, and the measures that are not over', async () => {
    const { of, first, second } = await planned('A');
    const goes = await mustMeasure('A', { goalIds: [first] });
    const stays = await mustMeasure('A', { goalIds: [second] });
    await t.main.update(measure).set({ status: 'done' }).where(eq(measure.id, stays));
    const next = await mustBegin('A', { year: year + 1, fromEarlier: true });
    expect(await texts(next.id)).toEqual(await texts(of.id));
    const copied = (await goals.list(t.main, next.id))[0]!.subGoals[0]!;
    expect(await placedIn(next.id)).toEqual([{ measureId: goes, goalId: copied.id }]);
    expect(await placedIn(of.id)).toHaveLength(2);
  });

  it('from the one before, where there is none: empty', async () => {
    const begun = await mustBegin('B', { kind: 'hms', fromEarlier: true });
    expect(await goals.list(t.main, begun.id)).toEqual([]);
  });
});

it('the plans of a unit are listed with what stands in them', async () => {
  const { of, first, second } = await planned('C');
  await mustMeasure('C', { goalIds: [first, second] });
  await agreements.agree(t.main, of.id, { agreedOn: '2027-02-01', forum: 'x' }, now, permit());
  const found = (await plans.list(t.main, [ids.get('C')!])).find(({ id }) => id === of.id);
  expect(found).toMatchObject({ kind: 'ia', year, measures: 1, agreedOn: '2027-02-01', unit: { code: 'C' } });
});

describe('goals', () => {
  it('stand where they are put, and never deeper than a sub-goal', async () => {
    const { of, top, first } = await planned('A');
    const other = await planned('B');
    const add = (text: string, parentId: string | null) =>
      goals.add(t.main, of.id, { text, parentId }, permit());
    expect(await add('  ', top)).toEqual({ ok: false, refusal: 'empty' });
    expect(await add('x'.repeat(301), top)).toEqual({ ok: false, refusal: 'long' });
    expect(await add('Deep', first)).toEqual({ ok: false, refusal: 'deep' });
    expect(await add('Away', other.top)).toEqual({ ok: false, refusal: 'other-plan' });
    expect(await add('Nowhere', randomUUID())).toEqual({ ok: false, refusal: 'gone' });
    const move = (id: string, under: string) => goals.move(t.main, of.id, id, under, permit());
    expect(await move(first, other.top)).toEqual({ ok: false, refusal: 'other-plan' });
    expect(await move(other.first, top)).toEqual({ ok: false, refusal: 'gone' });
    expect(await move(top, top)).toEqual({ ok: false, refusal: 'not-a-sub-goal' });
    const next = await mustAdd(of.id, 'Health');
    expect(await move(first, next)).toEqual({ ok: true });
    expect(await texts(of.id)).toEqual([
      ['Presence', 'Plan'],
      ['Health', 'Talk'],
    ]);
  });

  it('change places, also when two press at once', async () => {
    const of = await mustBegin('A');
    const [a, b, c] = [await mustAdd(of.id, 'a'), await mustAdd(of.id, 'b'), await mustAdd(of.id, 'c')];
    const shift = (id: string, way: 'up' | 'down') => goals.shift(t.main, of.id, id, way, permit());
    await Promise.all([shift(c, 'up'), shift(a, 'down'), shift(c, 'up')]);
    const found = (await texts(of.id)).flat();
    expect(found.toSorted()).toEqual(['a', 'b', 'c']);
    await shift(b, 'down');
    await shift(b, 'down');
    expect((await texts(of.id)).flat().at(-1)).toBe('b');
    expect(new Set((await goals.list(t.main, of.id)).map((one) => one.goal.position)).size).toBe(3);
  });

  it('two who add at once both find theirs', async () => {
    const of = await mustBegin('A');
    await Promise.all(['a', 'b', 'c', 'd'].map((text) => mustAdd(of.id, text)));
    expect((await goals.list(t.main, of.id)).map((one) => one.goal.position)).toEqual([1, 2, 3, 4]);
  });

  it('two who write the same goal lose nothing', async () => {
    const { of, first } = await planned('A');
    const edit = (text: string, base = 'Talk', version = 1) =>
      goals.edit(t.main, of.id, first, { text, base, version }, permit());
    const both = await Promise.all([edit('Talk often'), edit('Talk early')]);
    const [won, lost] = both[0].ok ? ['Talk often', both[1]] : ['Talk early', both[0]];
    expect(lost).toEqual({ ok: false, refusal: 'conflict', theirs: won, version: 2 });
    expect((await texts(of.id))[0]![1]).toBe(won);
    // Sent in unchanged by somebody who has not seen it: what the other wrote stands.
    expect(await edit('Talk')).toEqual({ ok: true });
    expect((await texts(of.id))[0]![1]).toBe(won);
    expect(await edit('Talk both', won, 2)).toEqual({ ok: true });
    expect((await texts(of.id))[0]![1]).toBe('Talk both');
    await goals.remove(t.main, of.id, first, permit());
    expect(await edit('Late')).toEqual({ ok: false, refusal: 'gone' });
  });

  it('are not removed while something stands under them', async () => {
    const { of, top, first, second } = await planned('A');
    const placed = await mustMeasure('A', { goalIds: [first] });
    const remove = (id: string) => goals.remove(t.main, of.id, id, permit());
    expect(await remove(top)).toEqual({ ok: false, refusal: 'holds-measures' });
    expect(await remove(first)).toEqual({ ok: false, refusal: 'holds-measures' });
    await placings.takeOut(t.main, of.id, { measureId: placed, from: first }, permit());
    expect(await remove(top)).toEqual({ ok: false, refusal: 'holds-sub-goals' });
    for (const id of [first, second, top]) expect(await remove(id)).toEqual({ ok: true });
    expect(await remove(top)).toEqual({ ok: false, refusal: 'gone' });
  });

  it('a measure placed while its goal is removed is either placed or refused, never lost', async () => {
    for (let i = 0; i < 5; i++) {
      const { of, first } = await planned('A', { year: 2010 + i });
      const [removed, added] = await Promise.all([
        goals.remove(t.main, of.id, first, permit()),
        mustMeasure('A', { goalIds: [first] }).then(
          () => 'placed',
          () => 'refused',
        ),
      ]);
      expect([removed.ok, added]).toEqual(added === 'placed' ? [false, 'placed'] : [true, 'refused']);
    }
  });
});

describe('measures', () => {
  it('that are ready are those within reach that stand not here, each with its point', async () => {
    const { pointIds } = await met('A', true);
    const both = await mustMeasure('A', { pointIds }, 'Both');
    const one = await mustMeasure('A', { pointIds: [pointIds[0]!] }, 'One');
    const over = await mustMeasure('A', { pointIds }, 'Over');
    await t.main.update(measure).set({ status: 'dropped' }).where(eq(measure.id, over));
    const own = await mustMeasure('A', {}, 'Own');
    const elsewhere = await mustMeasure('B', { pointIds: [] }, 'Elsewhere');
    const { of, first } = await planned('A');
    const found = await placings.ready(t.main, of, now);
    expect(found.points.map(({ point, measures }) => [point.id, measures.map(({ id }) => id)])).toEqual([
      [pointIds[0], [both, one]],
      [pointIds[1], [both]],
    ]);
    expect(found.others.map(({ id }) => id)).toContain(own);
    const all = [...found.points.flatMap((one) => one.measures), ...found.others].map(({ id }) => id);
    expect(all).not.toContain(over);
    expect(all).not.toContain(elsewhere);

    await placings.place(t.main, of.id, { goalId: first, measureIds: [both] }, now, permit());
    const left = await placings.ready(t.main, of, now);
    expect(left.points.map(({ measures }) => measures.map(({ id }) => id))).toEqual([[one]]);
    const above = await planned('H', { kind: 'business' });
    const seen = (await placings.ready(t.main, above.of, now)).points[0]!.measures[0]!;
    expect(seen).toMatchObject({ id: both, elsewhere: [{ kind: 'ia', year, unit: 'Unit A' }] });
  });

  it('are placed by row, refused out of reach, and two who place lose nothing', async () => {
    const { of, top, first, second } = await planned('A');
    const other = await planned('B');
    const [a, b] = [await mustMeasure('A'), await mustMeasure('A')];
    const place = (goalId: string, ...measureIds: string[]) =>
      placings.place(t.main, of.id, { goalId, measureIds }, now, permit());
    expect(await place(first)).toEqual({ ok: false, refusal: 'none' });
    expect(await place(top, a)).toEqual({ ok: false, refusal: 'not-a-sub-goal' });
    expect(await place(other.first, a)).toEqual({ ok: false, refusal: 'other-plan' });
    expect(await place(randomUUID(), a)).toEqual({ ok: false, refusal: 'gone' });
    expect(await place(first, a, await mustMeasure('B'))).toEqual({ ok: false, refusal: 'out-of-reach' });
    expect(await placedIn(of.id)).toEqual([]);
    await Promise.all([place(first, a, b), place(first, a), place(second, b)]);
    expect(await placedIn(of.id)).toHaveLength(3);
  });

  it('are moved by one of two', async () => {
    const { of, first, second } = await planned('A');
    const third = await mustAdd(of.id, 'Third', (await goals.list(t.main, of.id))[0]!.goal.id);
    const measureId = await mustMeasure('A', { goalIds: [first] });
    const move = (to: string) => placings.move(t.main, of.id, { measureId, from: first, to }, now, permit());
    const both = await Promise.all([move(second), move(third)]);
    expect(both.filter((one) => one.ok)).toHaveLength(1);
    expect(both.find((one) => !one.ok)).toEqual({ ok: false, refusal: 'lifted' });
    expect(await placedIn(of.id)).toEqual([{ measureId, goalId: both[0].ok ? second : third }]);
    const taken = { measureId, from: both[0].ok ? second : third };
    expect(await placings.takeOut(t.main, of.id, taken, permit())).toEqual({ ok: true });
    expect(await placings.takeOut(t.main, of.id, taken, permit())).toEqual({ ok: false, refusal: 'lifted' });
  });
});

describe('the step "planned"', () => {
  const twoMeasures = async (agreed: boolean) => {
    const { meetingId, pointIds } = await met('B', agreed);
    const a = await mustMeasure('B', { pointIds: [pointIds[0]!] });
    const b = await mustMeasure('B', { pointIds: [pointIds[1]!] });
    const { of, first, second } = await planned('B');
    const place = (id: string, goalId = first) =>
      placings.place(t.main, of.id, { goalId, measureIds: [id] }, now, permit());
    return { meetingId, of, first, second, a, b, place };
  };

  it('is taken when the last measure of the meeting is placed, and back when one is taken out', async () => {
    const { of, first, second, a, b, place } = await twoMeasures(true);
    await place(a);
    expect(await isTaken('B')).toBe(false);
    await place(b);
    expect(await isTaken('B')).toBe(true);
    await placings.move(t.main, of.id, { measureId: b, from: first, to: second }, now, permit());
    expect(await isTaken('B')).toBe(true);
    await placings.takeOut(t.main, of.id, { measureId: b, from: second }, permit());
    expect(await isTaken('B')).toBe(false);
  });

  it('stands while the measure is in another plan', async () => {
    const { of, first, a, b, place } = await twoMeasures(true);
    await place(a);
    await place(b);
    const above = await planned('H', { kind: 'business' });
    await placings.place(t.main, above.of.id, { goalId: above.first, measureIds: [a] }, now, permit());
    await placings.takeOut(t.main, of.id, { measureId: a, from: first }, permit());
    expect(await isTaken('B')).toBe(true);
  });

  it('is taken by one of two who place the last two at once', async () => {
    for (let i = 0; i < 5; i++) {
      year += 1;
      const { a, b, place } = await twoMeasures(true);
      const elsewhere = await planned('B', { kind: 'hms' });
      await Promise.all([
        place(a),
        placings.place(t.main, elsewhere.of.id, { goalId: elsewhere.first, measureIds: [b] }, now, permit()),
      ]);
      expect(await isTaken('B')).toBe(true);
    }
  });

  it('waits for the meeting to agree', async () => {
    const { meetingId, a, b, place } = await twoMeasures(false);
    await place(a);
    await place(b);
    expect(await isTaken('B')).toBe(false);
    await t.main.transaction(async (tx) => {
      await tx.update(meeting).set({ agreedAt: now }).where(eq(meeting.id, meetingId));
      await plans.settle(tx, meetingId, now, null);
    });
    expect(await isTaken('B')).toBe(true);
  });

  it('is not taken by a meeting without measures', async () => {
    const { meetingId } = await met('C', true);
    await t.main.transaction((tx) => plans.settle(tx, meetingId, now, null));
    expect(await isTaken('C')).toBe(false);
  });
});

describe('an agreement', () => {
  const on = { agreedOn: '2027-03-02', forum: 'staff-meeting' };

  it('keeps what the plan said then', async () => {
    const { pointIds } = await met('A', true);
    const { of, first, second } = await planned('A');
    const measureId = await mustMeasure('A', { goalIds: [first], pointIds }, 'Talk each month');
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
    expect(await agreements.find(t.main, (await mustBegin('B')).id, agreed.id)).toBeNull();
  });

  it('sent in twice is one, and again after a change another', async () => {
    const { of, second } = await planned('A');
    const both = await Promise.all([1, 2].map(() => agreements.agree(t.main, of.id, on, now, permit())));
    expect(both[0]).toEqual(both[1]);
    await mustMeasure('A', { goalIds: [second] });
    await agreements.agree(t.main, of.id, on, now, permit());
    expect(await agreements.list(t.main, of.id)).toHaveLength(2);
  });

  it('is refused for a day to come, and for a plan that says nothing', async () => {
    const of = await mustBegin('A');
    const asked = { agreedOn: '2027-03-03', forum: '' };
    const refusals = ['future', 'forum', 'nothing'];
    expect(await agreements.agree(t.main, of.id, asked, now, permit())).toEqual({ ok: false, refusals });
    expect(await agreements.list(t.main, of.id)).toEqual([]);
  });
});

it('a representative speaks beside the plan as what they are', async () => {
  const { of } = await planned('A');
  const [somebody] = await t.main.select().from(person).limit(1);
  const actor = { personId: somebody!.id, name: somebody!.name, leads: [], worksIn: [] };
  const say = (text: string, unit: string) =>
    remarks.say(
      t.main,
      { planId: of.id, path: ['K', 'H', 'A'], text },
      { ...actor, roles: [{ role: 'safety', unit }] },
      now,
      permit(),
    );
  expect(await say(' ', 'A')).toEqual({ ok: false, refusal: 'empty' });
  expect(await say('Late', 'B')).toEqual({ ok: false, refusal: 'no-representative' });
  expect(await say(' We were part of it. ', 'H')).toEqual({ ok: true });
  expect(await remarks.besidePlan(t.main, of.id)).toMatchObject([
    { by: somebody!.name, role: 'safety', text: 'We were part of it.', at: now },
  ]);
});

it('a plan that is not there has nothing', async () => {
  expect(await plans.find(t.main, randomUUID())).toBeNull();
  expect(await t.main.select().from(plan).where(eq(plan.id, randomUUID()))).toEqual([]);
});
