import { and, eq, isNull } from 'drizzle-orm';
import type { Main } from '#server/db.ts';
import { municipality } from '#server/demo/municipality.ts';
import * as house from '#server/house.ts';
import { newLink } from '#server/invitations.ts';
import { invitation, issued, person, round, unit } from '#server/schema.ts';

/** Whom a visitor to the demo can be, in the order the start page shows them. */
export const parts = ['employee', 'leader', 'union', 'hr', 'director', 'politician', 'operator'] as const;
export type Part = (typeof parts)[number];
export const isPart = (text: unknown): text is Part => parts.includes(text as Part);

export type Member = { part: Part; personId: string; name: string; leads: string | null };

/** The demo's cast; null in any other house: there nobody can be anybody. */
export async function cast(main: Main): Promise<Member[] | null> {
  if (!(await house.read(main)).demo) return null;
  const who = municipality().cast;
  const members: Member[] = [];
  for (const part of parts) {
    const key = who[part];
    const is = key.includes('@') ? eq(person.email, key) : eq(person.employeeNumber, key);
    const [found] = await main
      .select({ id: person.id, name: person.name, leads: unit.name })
      .from(person)
      .leftJoin(unit, and(eq(unit.leaderId, person.id), isNull(unit.validTo)))
      .where(is);
    if (found) members.push({ part, personId: found.id, name: found.name, leads: found.leads });
  }
  return members;
}

/** Not begun, in an open round; a dry run gives its links to a file alone. */
const waits = and(eq(round.state, 'open'), eq(round.dryRun, false), isNull(issued.invitationId));

/** A link for somebody who has an open invitation and has not begun; a new one each time, as a reminder carries. */
export async function answeringLink(
  main: Main,
  personId: string,
  origin: string,
  language: string,
): Promise<string | null> {
  const open = main
    .select({ id: invitation.id })
    .from(invitation)
    .innerJoin(round, eq(round.id, invitation.roundId))
    .leftJoin(issued, eq(issued.invitationId, invitation.id))
    .where(and(eq(invitation.personId, personId), waits));
  const [found] = await open;
  return found ? await newLink(main, found.id, origin, language) : null;
}

/** Somebody else who has not begun, when the cast's own employee has answered: the demo can be tried again. */
export async function anotherEmployee(main: Main): Promise<string | null> {
  const [found] = await main
    .select({ personId: invitation.personId })
    .from(invitation)
    .innerJoin(round, eq(round.id, invitation.roundId))
    .leftJoin(issued, eq(issued.invitationId, invitation.id))
    .where(waits)
    .limit(1);
  return found?.personId ?? null;
}
