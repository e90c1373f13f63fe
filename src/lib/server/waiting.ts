import { and, eq, gte, inArray, isNotNull, or } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import { fromOslo } from '#domain/oslo.ts';
import { resultsBy } from '#domain/round.ts';
import { m } from '#messages';
import type { Main } from '#server/db.ts';
import { answerToAddress, isAddress, type Postman } from '#server/mail.ts';
import { here } from '#server/people.ts';
import { note } from '#server/rounds.ts';
import { person, role, round, roundEvent, witness } from '#server/schema.ts';

/** Reminds HR, operators, witnesses and who holds the key outside once a day of rounds that have stopped and wait for the key (design section 3 step 7). */
export async function remindOfWaiting(main: Main, postman: Postman, origin: string, now: Date) {
  const today = fromOslo(`${Day.at(now)}T00:00`)!;
  const waiting = await main
    .select()
    .from(round)
    .where(and(eq(round.state, 'stopped'), eq(round.dryRun, false)));
  for (const of of waiting) {
    const mine = await main.transaction(async (tx) => {
      await tx.select({ id: round.id }).from(round).where(eq(round.id, of.id)).for('update');
      const event = and(
        eq(roundEvent.roundId, of.id),
        eq(roundEvent.event, 'remind waiting'),
        gte(roundEvent.at, today),
      );
      const [done] = await tx.select({ id: roundEvent.id }).from(roundEvent).where(event);
      if (!done) await note(tx, of.id, 'remind waiting', now, null);
      return !done;
    });
    if (!mine) continue;
    const keepers = main
      .select({ id: role.personId })
      .from(role)
      .where(inArray(role.role, ['hr', 'operator']));
    const holders = main.select({ id: witness.personId }).from(witness).where(eq(witness.roundId, of.id));
    const told = await main
      .selectDistinct({ email: person.email })
      .from(person)
      .where(
        and(
          or(
            inArray(person.id, keepers),
            inArray(person.id, holders),
            of.holderId ? eq(person.id, of.holderId) : undefined,
          ),
          isNotNull(person.email),
          here(Day.at(now)),
        ),
      );
    const locale = 'nb';
    const said = { round: of.name, by: resultsBy(of.stopsAt), link: `${origin}/rounds/${of.id}` };
    for (const { email } of told)
      if (email && isAddress(email))
        await postman
          .send(
            {
              to: email,
              subject: m.invitation_waiting_subject(said, { locale }),
              text: m.invitation_waiting_text(said, { locale }),
            },
            now,
          )
          .catch((fault: unknown) => {
            // One address that is refused keeps nobody else from being told.
            if (answerToAddress(fault) === null) throw fault;
          });
  }
}
