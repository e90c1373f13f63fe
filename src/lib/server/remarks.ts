import { asc, eq } from 'drizzle-orm';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { person, remark } from '#server/schema.ts';

export type RemarkRow = { id: string; by: string; role: 'union' | 'safety'; text: string; at: Date };

/** What representatives have said beside a meeting's minutes, oldest first. */
export async function besideMeeting(main: Main, meetingId: string): Promise<RemarkRow[]> {
  const rows = await main
    .select({ id: remark.id, by: person.name, role: remark.role, text: remark.text, at: remark.at })
    .from(remark)
    .innerJoin(person, eq(person.id, remark.personId))
    .where(eq(remark.meetingId, meetingId))
    .orderBy(asc(remark.at), asc(remark.id));
  return rows.map((row) => ({ ...row, role: row.role as RemarkRow['role'] }));
}

/** Signs in a remark. */
export const mostSigns = 2000;

/** Writes a remark beside a meeting's minutes. It stands as it was written. */
export async function sayBesideMeeting(
  main: Main,
  meetingId: string,
  said: { as: RemarkRow['role']; text: string },
  now: Date,
  permit: Permit<'meeting.confirm'>,
): Promise<{ ok: true } | { ok: false; refusal: 'text' | 'long' }> {
  const text = said.text.trim();
  if (!text) return { ok: false, refusal: 'text' };
  if ([...text].length > mostSigns) return { ok: false, refusal: 'long' };
  await main.insert(remark).values({ meetingId, personId: permit.by!, role: said.as, text, at: now });
  return { ok: true };
}
