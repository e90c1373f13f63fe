import { asc, eq } from 'drizzle-orm';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { confirmation, person } from '#server/schema.ts';

export type ConfirmationRow = { personId: string; by: string; role: 'union' | 'safety'; at: Date };

/** The representatives who have confirmed that they took part in a meeting, first to last. */
export async function ofMeeting(main: Main, meetingId: string): Promise<ConfirmationRow[]> {
  const rows = await main
    .select({
      personId: confirmation.personId,
      by: person.name,
      role: confirmation.role,
      at: confirmation.at,
    })
    .from(confirmation)
    .innerJoin(person, eq(person.id, confirmation.personId))
    .where(eq(confirmation.meetingId, meetingId))
    .orderBy(asc(confirmation.at), asc(person.name));
  return rows.map((row) => ({ ...row, role: row.role as ConfirmationRow['role'] }));
}

/** A representative confirms having taken part, once: the first time stands. */
export async function add(
  main: Main,
  meetingId: string,
  as: ConfirmationRow['role'],
  now: Date,
  permit: Permit<'meeting.confirm'>,
) {
  await main
    .insert(confirmation)
    .values({ meetingId, personId: permit.by!, role: as, at: now })
    .onConflictDoNothing();
}
