import { asc, eq } from 'drizzle-orm';
import type { Actor } from '#domain/access.ts';
import * as Remark from '#domain/remark.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { person, remark } from '#server/schema.ts';

export type RemarkRow = {
  id: string;
  by: string;
  role: (typeof Remark.commentators)[number];
  text: string;
  at: Date;
};

/** What a remark stands beside: a plan, a meeting's minutes, or a round's draft. */
export type Beside = { planId: string } | { meetingId: string } | { roundId: string };

/** What has been said, oldest first. */
export async function list(main: Main, beside: Beside): Promise<RemarkRow[]> {
  const rows = await main
    .select({ id: remark.id, by: person.name, role: remark.role, text: remark.text, at: remark.at })
    .from(remark)
    .innerJoin(person, eq(person.id, remark.personId))
    .where(
      'planId' in beside
        ? eq(remark.planId, beside.planId)
        : 'meetingId' in beside
          ? eq(remark.meetingId, beside.meetingId)
          : eq(remark.roundId, beside.roundId),
    )
    .orderBy(asc(remark.at), asc(remark.id));
  return rows.map((row) => ({ ...row, role: row.role as RemarkRow['role'] }));
}

export type Refusal = 'empty' | 'long' | 'no-representative';

/**
 * Says something beside it, as the representative one is for its unit (path), or of a round's draft as what one is for
 * the units that it concerns. It stands as it was written.
 */
export async function say(
  main: Main,
  beside: Beside,
  said: { path: string[]; text: string } | { concerned: string[]; text: string },
  actor: Actor,
  now: Date,
  _permit: Permit<'plan.remark'> | Permit<'meeting.confirm'> | Permit<'approval.comment'>,
): Promise<{ ok: true } | { ok: false; refusal: Refusal }> {
  const text = said.text.trim();
  if (!text) return { ok: false, refusal: 'empty' };
  if ([...text].length > Remark.mostSigns) return { ok: false, refusal: 'long' };
  const role =
    'path' in said
      ? Remark.speaksAs(actor, said.path, Remark.representatives)
      : Remark.speaksAs(actor, said.concerned, Remark.commentators);
  if (!role) return { ok: false, refusal: 'no-representative' };
  await main.insert(remark).values({ ...beside, personId: actor.personId, role, text, at: now });
  return { ok: true };
}
