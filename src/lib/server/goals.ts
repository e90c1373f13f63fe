import { and, asc, count, eq, inArray, isNull, max } from 'drizzle-orm';
import { merge } from '#domain/merge.ts';
import * as Plan from '#domain/plan.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as plans from '#server/plans.ts';
import { goal, measureGoal } from '#server/schema.ts';

export type GoalRow = Plan.Goal & { version: number };

/** The goals of a plan in their order, each with its sub-goals. */
export async function list(main: Main, planId: string) {
  const rows: GoalRow[] = await main.select().from(goal).where(eq(goal.planId, planId));
  return Plan.inOrder(rows);
}

const find = async (tx: Main, id: string): Promise<GoalRow | undefined> => {
  const [found] = await tx.select().from(goal).where(eq(goal.id, id)).for('update');
  return found;
};

const among = (planId: string, parentId: string | null) =>
  and(eq(goal.planId, planId), parentId === null ? isNull(goal.parentId) : eq(goal.parentId, parentId));

const nextPosition = async (tx: Main, planId: string, parentId: string | null) => {
  const [last] = await tx
    .select({ at: max(goal.position) })
    .from(goal)
    .where(among(planId, parentId));
  return (last?.at ?? 0) + 1;
};

export type AddRefusal = 'empty' | 'long' | 'gone' | 'other-plan' | 'deep';

/** Adds a goal last, or (with a parent) a sub-goal last under it. */
export async function add(
  main: Main,
  planId: string,
  { text, parentId }: { text: string; parentId: string | null },
  _permit: Permit<'plan.change'>,
): Promise<{ ok: true; id: string } | { ok: false; refusal: AddRefusal }> {
  const fault = Plan.textFault(text);
  if (fault) return { ok: false, refusal: fault };
  return await main.transaction(async (tx) => {
    if (!(await plans.lock(tx, planId))) return { ok: false, refusal: 'gone' };
    const under = parentId === null ? null : Plan.underFault(await find(tx, parentId), planId);
    if (under) return { ok: false, refusal: under };
    const position = await nextPosition(tx, planId, parentId);
    const [made] = await tx
      .insert(goal)
      .values({ planId, parentId, position, text: text.trim() })
      .returning({ id: goal.id });
    return { ok: true, id: made!.id };
  });
}

/**
 * Gives a plan without goals some with sub-goals, as they are given: a first draft to write on. Texts are the program's own.
 * Of two presses one counts.
 */
export async function addSuggested(
  main: Main,
  planId: string,
  chosen: { text: string; subGoals: string[] }[],
  _permit: Permit<'plan.change'>,
): Promise<void> {
  await main.transaction(async (tx) => {
    if (!(await plans.lock(tx, planId))) return;
    if ((await tx.$count(goal, eq(goal.planId, planId))) > 0) return;
    for (const [i, { text, subGoals }] of chosen.entries()) {
      const [made] = await tx
        .insert(goal)
        .values({ planId, position: i + 1, text })
        .returning({ id: goal.id });
      const under = subGoals.map((sub, i) => ({ planId, parentId: made!.id, position: i + 1, text: sub }));
      if (under.length > 0) await tx.insert(goal).values(under);
    }
  });
}

export type Edit = {
  text: string;
  /** What the writer began from, and its version. */ base: string;
  version: number;
};
export type EditRefusal =
  | { refusal: 'empty' | 'long' | 'gone' }
  /** Somebody else wrote otherwise meanwhile: what stands now. */
  | { refusal: 'conflict'; theirs: string; version: number };

/** Writes a goal anew. Two who write at once lose nothing: the second is shown what the first wrote. */
export async function edit(
  main: Main,
  planId: string,
  id: string,
  { text, base, version }: Edit,
  _permit: Permit<'plan.change'>,
): Promise<{ ok: true } | ({ ok: false } & EditRefusal)> {
  const fault = Plan.textFault(text);
  if (fault) return { ok: false, refusal: fault };
  return await main.transaction(async (tx) => {
    const found = await find(tx, id);
    if (found?.planId !== planId) return { ok: false, refusal: 'gone' };
    const theirs = { text: found.text };
    const began = found.version === version ? theirs : { text: base };
    const { merged, conflicts } = merge(began, { text: text.trim() }, theirs);
    if (conflicts.length > 0)
      return { ok: false, refusal: 'conflict', theirs: found.text, version: found.version };
    if (merged.text !== found.text)
      await tx
        .update(goal)
        .set({ text: merged.text, version: found.version + 1 })
        .where(eq(goal.id, id));
    return { ok: true };
  });
}

/** Changes places with the goal above or below among its sisters. At an end nothing happens. */
export async function shift(
  main: Main,
  planId: string,
  id: string,
  way: 'up' | 'down',
  _permit: Permit<'plan.change'>,
): Promise<{ ok: true } | { ok: false; refusal: 'gone' }> {
  return await main.transaction(async (tx) => {
    await plans.lock(tx, planId);
    const found = await find(tx, id);
    if (found?.planId !== planId) return { ok: false, refusal: 'gone' };
    const sisters = await tx
      .select({ id: goal.id })
      .from(goal)
      .where(among(planId, found.parentId))
      .orderBy(asc(goal.position), asc(goal.id));
    const order = Plan.shifted(
      sisters.map((one) => one.id),
      id,
      way,
    );
    for (const [i, sister] of (order ?? []).entries())
      await tx
        .update(goal)
        .set({ position: i + 1 })
        .where(eq(goal.id, sister));
    return { ok: true };
  });
}

export type MoveRefusal = 'gone' | 'other-plan' | 'deep' | 'not-a-sub-goal';

/** Moves a sub-goal, with the measures under it, last under another goal of the plan. */
export async function move(
  main: Main,
  planId: string,
  id: string,
  under: string,
  _permit: Permit<'plan.change'>,
): Promise<{ ok: true } | { ok: false; refusal: MoveRefusal }> {
  return await main.transaction(async (tx) => {
    await plans.lock(tx, planId);
    const found = await find(tx, id);
    if (found?.planId !== planId) return { ok: false, refusal: 'gone' };
    const fault = Plan.moveFault(found, await find(tx, under));
    if (fault) return { ok: false, refusal: fault };
    const position = await nextPosition(tx, planId, under);
    await tx.update(goal).set({ parentId: under, position }).where(eq(goal.id, id));
    return { ok: true };
  });
}

export type RemoveRefusal = 'gone' | 'holds-measures' | 'holds-sub-goals';

/** Removes a goal under which nothing stands. */
export async function remove(
  main: Main,
  planId: string,
  id: string,
  _permit: Permit<'plan.change'>,
): Promise<{ ok: true } | { ok: false; refusal: RemoveRefusal }> {
  return await main.transaction(async (tx) => {
    await plans.lock(tx, planId);
    // A measure that is being placed here holds this row until it stands.
    const found = await find(tx, id);
    if (found?.planId !== planId) return { ok: false, refusal: 'gone' };
    const subGoals = await tx.select({ id: goal.id }).from(goal).where(eq(goal.parentId, id));
    const [placed] = await tx
      .select({ count: count() })
      .from(measureGoal)
      .where(inArray(measureGoal.goalId, [id, ...subGoals.map((sub) => sub.id)]));
    const fault = Plan.removeFault({ measures: placed?.count ?? 0, subGoals: subGoals.length });
    if (fault) return { ok: false, refusal: fault };
    await tx.delete(goal).where(eq(goal.id, id));
    return { ok: true };
  });
}

/** What a goal says; null: it is gone. */
export async function textOf(main: Main, id: string): Promise<string | null> {
  const [found] = await main.select({ text: goal.text }).from(goal).where(eq(goal.id, id));
  return found?.text ?? null;
}
