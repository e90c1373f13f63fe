import { isDeepStrictEqual } from 'node:util';
import { and, desc, eq } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import * as Plan from '#domain/plan.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as plans from '#server/plans.ts';
import { agreement, person } from '#server/schema.ts';

/** A plan as it was agreed. forum: one of the known ones, or own words. */
type AgreementRow = {
  id: string;
  agreedOn: string;
  forum: string;
  content: Plan.Said;
  at: Date;
  by: string | null;
};

const rows = (main: Main) =>
  main.select({ agreement, by: person.name }).from(agreement).leftJoin(person, eq(person.id, agreement.byId));

const read = ({ agreement: of, by }: Awaited<ReturnType<typeof rows>>[number]): AgreementRow => ({
  id: of.id,
  agreedOn: of.agreedOn,
  forum: of.forum,
  content: of.content as Plan.Said,
  at: of.at,
  by,
});

/** The agreements of a plan, newest day first. */
export async function list(main: Main, planId: string): Promise<AgreementRow[]> {
  const found = await rows(main)
    .where(eq(agreement.planId, planId))
    .orderBy(desc(agreement.agreedOn), desc(agreement.at));
  return found.map(read);
}

export async function find(main: Main, planId: string, id: string): Promise<AgreementRow | null> {
  const [found] = await rows(main).where(and(eq(agreement.planId, planId), eq(agreement.id, id)));
  return found ? read(found) : null;
}

/**
 * Keeps what the plan says now as agreed on a day, in a forum. Sent in twice with nothing changed between, it is the
 * same agreement.
 */
export async function agree(
  main: Main,
  planId: string,
  { agreedOn, forum }: { agreedOn: string | null; forum: string },
  now: Date,
  permit: Permit<'plan.change'>,
): Promise<{ ok: true; id: string } | { ok: false; refusals: Plan.AgreeRefusal[] }> {
  return await main.transaction(async (tx) => {
    await plans.lock(tx, planId);
    const of = await plans.find(tx, planId);
    if (!of) throw new Error(`no plan ${planId} to agree on`);
    const content = await plans.said(tx, of, now);
    const refusals = Plan.agreeFaults({ agreedOn, forum }, content, Day.at(now));
    if (agreedOn === null || refusals.length > 0) return { ok: false, refusals };
    const agreed = { agreedOn, forum: forum.trim() };
    const [last] = await list(tx, planId);
    if (last && last.agreedOn === agreedOn && last.forum === agreed.forum && isSame(last.content, content))
      return { ok: true, id: last.id };
    const [made] = await tx
      .insert(agreement)
      .values({ planId, ...agreed, content, at: now, byId: permit.by })
      .returning({ id: agreement.id });
    return { ok: true, id: made!.id };
  });
}

const isSame = (then: Plan.Said, now: Plan.Said) => isDeepStrictEqual(then, JSON.parse(JSON.stringify(now)));
