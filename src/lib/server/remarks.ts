import { asc, eq, sql } from 'drizzle-orm';
import type { Actor } from '#domain/access.ts';
import { most, textFault } from '#domain/plan.ts';
import { speaksAs } from '#domain/remark.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { person, remark } from '#server/schema.ts';

export type RemarkRow = { id: string; by: string; role: 'union' | 'safety'; text: string; at: Date };

/** What representatives have said beside a plan, oldest first. */
export const besidePlan = (main: Main, planId: string): Promise<RemarkRow[]> =>
  main
    .select({
      id: remark.id,
      by: person.name,
      role: sql<RemarkRow['role']>`${remark.role}`,
      text: remark.text,
      at: remark.at,
    })
    .from(remark)
    .innerJoin(person, eq(person.id, remark.personId))
    .where(eq(remark.planId, planId))
    .orderBy(asc(remark.at), asc(remark.id));

/** Says something beside a plan, as the representative one is for its unit (path). It is never changed. */
export async function say(
  main: Main,
  { planId, path, text }: { planId: string; path: string[]; text: string },
  actor: Actor,
  now: Date,
  _permit: Permit<'plan.remark'>,
): Promise<{ ok: true } | { ok: false; refusal: 'empty' | 'long' | 'no-representative' }> {
  const fault = textFault(text, most.remark);
  if (fault) return { ok: false, refusal: fault };
  const role = speaksAs(actor, path);
  if (!role) return { ok: false, refusal: 'no-representative' };
  await main.insert(remark).values({ planId, personId: actor.personId, role, text: text.trim(), at: now });
  return { ok: true };
}
