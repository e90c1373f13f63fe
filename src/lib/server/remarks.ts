import { asc, eq } from 'drizzle-orm';
import type { Actor } from '#domain/access.ts';
import { speaksAs } from '#domain/remark.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { person, remark } from '#server/schema.ts';

export type RemarkRow = { id: string; by: string; role: 'union' | 'safety'; text: string; at: Date };

/** What a remark stands beside: a plan, or a meeting's minutes. */
export type Beside = { planId: string } | { meetingId: string };

/** What representatives have said, oldest first. */
export async function list(main: Main, beside: Beside): Promise<RemarkRow[]> {
  const rows = await main
    .select({ id: remark.id, by: person.name, role: remark.role, text: remark.text, at: remark.at })
    .from(remark)
    .innerJoin(person, eq(person.id, remark.personId))
    .where('planId' in beside ? eq(remark.planId, beside.planId) : eq(remark.meetingId, beside.meetingId))
    .orderBy(asc(remark.at), asc(remark.id));
  return rows.map((row) => ({ ...row, role: row.role as RemarkRow['role'] }));
}

/** Signs in a remark. */
export const mostSigns = 2000;

export type Refusal = 'empty' | 'long' | 'no-representative';

/** Says something beside it, as the representative one is for its unit (path). It stands as it was written. */
export async function say(
  main: Main,
  beside: Beside,
  said: { path: string[]; text: string },
  actor: Actor,
  now: Date,
  _permit: Permit<'plan.remark'> | Permit<'meeting.confirm'>,
): Promise<{ ok: true } | { ok: false; refusal: Refusal }> {
  const text = said.text.trim();
  if (!text) return { ok: false, refusal: 'empty' };
  if ([...text].length > mostSigns) return { ok: false, refusal: 'long' };
  const role = speaksAs(actor, said.path);
  if (!role) return { ok: false, refusal: 'no-representative' };
  await main.insert(remark).values({ ...beside, personId: actor.personId, role, text, at: now });
  return { ok: true };
}
