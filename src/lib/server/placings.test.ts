import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as placings from '#server/placings.ts';
import { measure, meeting } from '#server/schema.ts';
import * as settling from '#server/settling.ts';
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

describe('measures', () => {
  it('that are ready are those within reach that stand not here, each with its point', async () => {
    const { pointIds } = await w.met('A', true);
    const both = await w.measured('A', { pointIds }, 'Both');
    const one = await w.measured('A', { pointIds: [pointIds[0]!] }, 'One');
    const over = await w.measured('A', { pointIds }, 'Over');
    await t.main.update(measure).set({ status: 'dropped' }).where(eq(measure.id, over));
    const own = await w.measured('A', {}, 'Own');
    const elsewhere = await w.measured('B', { pointIds: [] }, 'Elsewhere');
    const { of, first } = await w.planned('A');
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
    const above = await w.planned('H', { kind: 'business' });
    const seen = (await placings.ready(t.main, above.of, now)).points[0]!.measures[0]!;
    expect(seen).toMatchObject({ id: both, elsewhere: [{ kind: 'ia', year, unit: 'Unit A' }] });
  });

  it('are placed by row, refused out of reach, and two who place lose nothing', async () => {
    const { of, top, first, second } = await w.planned('A');
    const other = await w.planned('B');
    const [a, b] = [await w.measured('A'), await w.measured('A')];
    const place = (goalId: string, ...measureIds: string[]) =>
      placings.place(t.main, of.id, { goalId, measureIds }, now, permit());
    expect(await place(first)).toEqual({ ok: false, refusal: 'none' });
    expect(await place(top, a)).toEqual({ ok: false, refusal: 'not-a-sub-goal' });
    expect(await place(other.first, a)).toEqual({ ok: false, refusal: 'other-plan' });
    expect(await place(randomUUID(), a)).toEqual({ ok: false, refusal: 'gone' });
    expect(await place(first, a, await w.measured('B'))).toEqual({ ok: false, refusal: 'out-of-reach' });
    expect(await w.placedIn(of.id)).toEqual([]);
    await Promise.all([place(first, a, b), place(first, a), place(second, b)]);
    expect(await w.placedIn(of.id)).toHaveLength(3);
  });

  it('are moved by one of two', async () => {
    const { of, top, first, second } = await w.planned('A');
    const third = await w.added(of.id, 'Third', top);
    const measureId = await w.measured('A', { goalIds: [first] });
    const move = (to: string) => placings.move(t.main, of.id, { measureId, from: first, to }, now, permit());
    const both = await Promise.all([move(second), move(third)]);
    expect(both.filter((one) => one.ok)).toHaveLength(1);
    expect(both.find((one) => !one.ok)).toEqual({ ok: false, refusal: 'lifted' });
    expect(await w.placedIn(of.id)).toEqual([{ measureId, goalId: both[0].ok ? second : third }]);
    const taken = { measureId, from: both[0].ok ? second : third };
    expect(await placings.takeOut(t.main, of.id, taken, now, permit())).toEqual({ ok: true });
    expect(await placings.takeOut(t.main, of.id, taken, now, permit())).toEqual({
      ok: false,
      refusal: 'lifted',
    });
  });
});

describe('the step "planned"', () => {
  const twoMeasures = async (agreed: boolean) => {
    const { meetingId, pointIds } = await w.met('B', agreed);
    const a = await w.measured('B', { pointIds: [pointIds[0]!] });
    const b = await w.measured('B', { pointIds: [pointIds[1]!] });
    const { of, first, second } = await w.planned('B');
    const place = (id: string, goalId = first) =>
      placings.place(t.main, of.id, { goalId, measureIds: [id] }, now, permit());
    return { meetingId, of, first, second, a, b, place };
  };

  it('is taken when the last measure of the meeting is placed, and back when one is taken out', async () => {
    const { of, first, second, a, b, place } = await twoMeasures(true);
    await place(a);
    expect(await w.isPlanned('B')).toBe(false);
    await place(b);
    expect(await w.isPlanned('B')).toBe(true);
    await placings.move(t.main, of.id, { measureId: b, from: first, to: second }, now, permit());
    expect(await w.isPlanned('B')).toBe(true);
    await placings.takeOut(t.main, of.id, { measureId: b, from: second }, now, permit());
    expect(await w.isPlanned('B')).toBe(false);
  });

  it('stands while the measure is in another plan', async () => {
    const { of, first, a, b, place } = await twoMeasures(true);
    await place(a);
    await place(b);
    const above = await w.planned('H', { kind: 'business' });
    await placings.place(t.main, above.of.id, { goalId: above.first, measureIds: [a] }, now, permit());
    await placings.takeOut(t.main, of.id, { measureId: a, from: first }, now, permit());
    expect(await w.isPlanned('B')).toBe(true);
  });

  it('is taken by one of two who place the last two at once', async () => {
    for (let i = 0; i < 5; i++) {
      year = w.nextYear();
      const { a, b, place } = await twoMeasures(true);
      const elsewhere = await w.planned('B', { kind: 'hms' });
      await Promise.all([
        place(a),
        placings.place(t.main, elsewhere.of.id, { goalId: elsewhere.first, measureIds: [b] }, now, permit()),
      ]);
      expect(await w.isPlanned('B')).toBe(true);
    }
  });

  it('waits for the meeting to agree', async () => {
    const { meetingId, a, b, place } = await twoMeasures(false);
    await place(a);
    await place(b);
    expect(await w.isPlanned('B')).toBe(false);
    await t.main.transaction(async (tx) => {
      await tx.update(meeting).set({ agreedAt: now }).where(eq(meeting.id, meetingId));
      await settling.settle(tx, meetingId, now, null);
    });
    expect(await w.isPlanned('B')).toBe(true);
  });

  it('is taken when the last measure is written right in the plan', async () => {
    const { pointIds } = await w.met('B', true);
    const { first } = await w.planned('B');
    await w.measured('B', { pointIds: [pointIds[0]!] });
    expect(await w.isPlanned('B')).toBe(false);
    const again = await w.met('B', true);
    await w.measured('B', { pointIds: [again.pointIds[0]!], goalIds: [first] });
    expect(await w.isPlanned('B')).toBe(true);
  });

  it('is not taken by a meeting without measures', async () => {
    const { meetingId } = await w.met('C', true);
    await t.main.transaction((tx) => settling.settle(tx, meetingId, now, null));
    expect(await w.isPlanned('C')).toBe(false);
  });
});
