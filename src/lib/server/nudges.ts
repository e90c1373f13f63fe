import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import { address, daysOver } from '#domain/due.ts';
import * as Nudge from '#domain/nudge.ts';
import { isHere } from '#domain/person.ts';
import type { Step } from '#domain/step.ts';
import { m } from '#messages';
import type { Main } from '#server/db.ts';
import { type ForLeader, nextSteps, openReports } from '#server/due.ts';
import { answerToAddress, isAddress, type Message, type Postman } from '#server/mail.ts';
import { nudge, person } from '#server/schema.ts';

/**
 * Reminds leaders of what is longest over its day, once a week at most. The row of person and week decides, also
 * between processes and after weeks of silence. Without a leader or an address nobody is reminded: HR sees the unit.
 */
export async function sendNudges(main: Main, postman: Postman, origin: string, now: Date) {
  if (!postman.works || !Nudge.isTime(now)) return;
  const week = Nudge.weekOf(now);
  for (const { id, email, due } of await overdue(main, week, now)) {
    const letter = { to: email, ...words(due, origin) };
    await main
      .transaction(async (tx) => {
        const [mine] = await tx
          .insert(nudge)
          .values({ personId: id, week, sentAt: now })
          .onConflictDoNothing()
          .returning({ week: nudge.week });
        if (mine) await send(postman, letter, now);
      })
      .catch((fault: unknown) => {
        // Not now, says this one address: the row is undone, and the next run tries again.
        if (answerToAddress(fault) !== 'later') throw fault;
      });
  }
}

/** An address that is refused for good has had its try this week. */
async function send(postman: Postman, letter: Message, now: Date) {
  try {
    await postman.send(letter, now);
  } catch (fault) {
    if (answerToAddress(fault) !== 'never') throw fault;
  }
}

/** Leaders with something over its day and no nudge this week, and the one thing to remind them of. */
async function overdue(main: Main, week: string, now: Date) {
  const today = Day.at(now);
  const all = [...(await nextSteps(main, now)), ...(await openReports(main, now))];
  const late = all.filter(({ due }) => daysOver(due.dueOn, today) > 0);
  const of = Map.groupBy(late, ({ leaderId }) => leaderId);
  const leaders = [...of.keys()].filter((id) => id !== null);
  if (leaders.length === 0) return [];
  const nudged = sql`exists (select from ${nudge} where ${and(eq(nudge.personId, person.id), eq(nudge.week, week))})`;
  const people = await main
    .select()
    .from(person)
    .where(and(inArray(person.id, leaders), isNotNull(person.email), sql`not ${nudged}`));
  return people.flatMap(({ id, email, leftOn }) => {
    const due = Nudge.about(
      of.get(id)!.map((one) => one.due),
      today,
    );
    return due && isHere({ leftOn }, today) && isAddress(email!) ? [{ id, email: email!, due }] : [];
  });
}

const locale = 'nb';
const inNorwegian = new Intl.DateTimeFormat('nb-NO', { dateStyle: 'long', timeZone: 'UTC' });
const stepWords: Record<Step, typeof m.due_step_received> = {
  received: m.due_step_received,
  prepared: m.due_step_prepared,
  presented: m.due_step_presented,
  agreed: m.due_step_agreed,
  planned: m.due_step_planned,
};
const reportWords = { t1: m.due_report_t1, t2: m.due_report_t2, annual: m.due_report_annual };

/** One thing and one link, in the municipality's language. */
function words(due: ForLeader['due'], origin: string): Omit<Message, 'to'> {
  const day = inNorwegian.format(new Date(`${due.dueOn}T00:00:00Z`));
  const of = { day, unit: due.unit.name, link: origin + address(due) };
  if (due.kind === 'step') {
    const said = { ...of, what: stepWords[due.step]({}, { locale }), round: due.round.name };
    return { subject: m.nudge_subject(said, { locale }), text: m.nudge_step_text(said, { locale }) };
  }
  const said = { ...of, what: reportWords[due.period]({ year: due.year }, { locale }) };
  return { subject: m.nudge_subject(said, { locale }), text: m.nudge_report_text(said, { locale }) };
}
