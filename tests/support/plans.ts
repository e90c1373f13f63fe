import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Main } from '#server/db.ts';
import * as goals from '#server/goals.ts';
import * as measures from '#server/measures.ts';
import * as plans from '#server/plans.ts';
import { goal, measureGoal, measurePoint, meeting, point, release, round, step } from '#server/schema.ts';
import { must } from './must.ts';
import { release as released } from './releases.ts';
import { approvedRound, permit, town } from './town.ts';

export const now = new Date('2027-03-02T09:00:00Z');

/** The small town after a released round, where plans are made: what is asked for is there, or the test fails. */
export async function planningTown(main: Main) {
  const { ids } = await town(main);
  const { id: roundId } = await approvedRound(main, new Date('2027-01-01T09:00:00Z'));
  const content = released();
  const kept = { bytes: JSON.stringify(content), sha256: randomUUID(), receipts: '', releasedAt: now };
  await main.update(round).set({ state: 'closed' }).where(eq(round.id, roundId));
  await main.insert(release).values({ roundId, content, ...kept });
  let year = 2030;

  async function begun(unitCode: string, over: Partial<plans.Begin> = {}) {
    const wanted = { kind: 'ia', unitCode, year, fromEarlier: false, wished: false, ...over };
    const made = must(await plans.begin(main, wanted, now, permit()));
    return (await plans.find(main, made.id))!;
  }

  async function added(planId: string, text: string, parentId: string | null = null) {
    return must(await goals.add(main, planId, { text, parentId }, permit())).id;
  }

  /** A plan with a goal and two sub-goals. */
  async function planned(unitCode: string, over: Partial<plans.Begin> = {}) {
    const of = await begun(unitCode, over);
    const top = await added(of.id, 'Presence');
    return { of, top, first: await added(of.id, 'Talk', top), second: await added(of.id, 'Plan', top) };
  }

  async function measured(unitCode: string, places: measures.Places = {}, title = 'Talk each month') {
    const written = {
      ...{ title, expected: 'Fewer away', ownerId: null, ownerRole: 'leader' },
      ...{ startsOn: '2027-01-01', dueOn: '2027-06-01' },
    };
    return must(await measures.add(main, ids.get(unitCode)!, written, places, now, permit())).id;
  }

  /** The unit's meeting, anew: two points that no measure serves, no step taken. */
  async function met(unitCode: string, agreed: boolean) {
    const unitId = ids.get(unitCode)!;
    const agreedAt = agreed ? now : null;
    await main.delete(step).where(eq(step.unitId, unitId));
    const [held] = await main
      .insert(meeting)
      .values({ roundId, unitId, stage: 'points', agreedAt, createdAt: now })
      .onConflictDoUpdate({ target: [meeting.roundId, meeting.unitId], set: { agreedAt } })
      .returning({ id: meeting.id });
    const meetingId = held!.id;
    for (const { id } of await main.select().from(point).where(eq(point.meetingId, meetingId)))
      await main.delete(measurePoint).where(eq(measurePoint.pointId, id));
    const pointIds = [randomUUID(), randomUUID()];
    const own = { meetingId, kind: 'improve', source: 'own', ref: '' };
    for (const [position, id] of pointIds.entries())
      await main.insert(point).values({ id, ...own, title: `Point ${position}`, position });
    return { meetingId, pointIds };
  }

  return {
    ids,
    /** The year of plans that are asked for without one: each call gives one that has no plans. */
    nextYear: () => (year += 2),
    ...{ begun, added, planned, measured, met },
    /** Whether the unit has taken the step "planned". */
    isPlanned: async (unitCode: string) => {
      const taken = and(eq(step.unitId, ids.get(unitCode)!), eq(step.step, 'planned'));
      return (await main.select().from(step).where(taken)).length === 1;
    },
    placedIn: (planId: string) =>
      main
        .select({ measureId: measureGoal.measureId, goalId: measureGoal.goalId })
        .from(measureGoal)
        .innerJoin(goal, eq(goal.id, measureGoal.goalId))
        .where(eq(goal.planId, planId)),
    /** The texts of a plan: of each goal, and after it those of its sub-goals. */
    texts: async (planId: string) =>
      (await goals.list(main, planId)).map((one) => [one.goal.text, ...one.subGoals.map((sub) => sub.text)]),
  };
}
