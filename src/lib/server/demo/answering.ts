import { and, count, desc, eq, isNull, lte } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import type { Box, Main } from '#server/db.ts';
import { chance } from '#server/demo/names.ts';
import { answers, opinion } from '#server/demo/opinions.ts';
import { leaderTitles } from '#server/demo/tree.ts';
import { newLink } from '#server/invitations.ts';
import { byId } from '#server/questionnaires.ts';
import { answer, partsOf, prepare } from '#server/respondent.ts';
import { find } from '#server/rounds.ts';
import { byHand, invitation, person, position } from '#server/schema.ts';
import { shake } from '#server/shaker.ts';

export type World = {
  main: Main;
  box: Box;
  intake: Box;
  origin: string;
  now: Date;
  say: (line: string) => void;
};

/** The options of the role question of our own questionnaires, by number. */
const [professional, skilled, support, leader] = [1, 2, 3, 4] as const;
const atWork: [titles: string[], role: number][] = [
  [Object.values(leaderTitles), leader],
  [['Helsefagarbeider', 'Assistent', 'Barne- og ungdomsarbeider', 'Helsesekretær', 'Fritidsleder'], skilled],
  [['Rådgiver', 'Konsulent', 'Saksbehandler', 'Kokk', 'Renholder', 'Fagarbeider', 'Driftsoperatør'], support],
];
const roleOf = (title: string) => atWork.find(([titles]) => titles.includes(title))?.[1] ?? professional;

const atOnce = 8;

type Answering = { id: string; group: string; number: string; role: number };

/** Those who got a link, with the role they say they have; about one in twenty says none. */
async function byMail(main: Main, id: string, now: Date): Promise<Answering[]> {
  const today = Day.at(now);
  const rows = await main
    .selectDistinctOn([invitation.id], {
      ...{ id: invitation.id, group: invitation.groupId, number: person.employeeNumber },
      title: position.title,
    })
    .from(invitation)
    .innerJoin(person, eq(invitation.personId, person.id))
    .leftJoin(position, and(eq(position.personId, person.id), lte(position.validFrom, today)))
    .where(eq(invitation.roundId, id))
    .orderBy(invitation.id, desc(position.main), desc(position.validFrom));
  return rows.map(({ id, group, number, title }) => ({
    ...{ id, group, number: number! },
    role: chance(Number(number))() < 0.05 ? 0 : roleOf(title ?? ''),
  }));
}

/** Those without an address, who were each handed a code; which, nobody knows. */
async function byCode(main: Main, id: string): Promise<Answering[]> {
  const handed = await main
    .select({ group: byHand.groupId, count: count() })
    .from(byHand)
    .where(eq(byHand.roundId, id))
    .groupBy(byHand.groupId);
  const places = await main
    .select({ id: invitation.id, group: invitation.groupId })
    .from(invitation)
    .where(and(eq(invitation.roundId, id), isNull(invitation.personId)));
  return handed.flatMap(({ group, count: needed }) =>
    places
      .filter((place) => place.group === group)
      .slice(0, needed)
      .map((place, i) => ({ id: place.id, group, number: `${group} ${i}`, role: support })),
  );
}

/** The invented staff answer, each through a link of their own, a ballot paper and the box. */
export async function respond(
  world: World,
  id: string,
  lift: number,
  share: number,
  now: Date,
  name: string,
) {
  const { main, box, intake, origin, say } = world;
  const found = (await find(main, id))!;
  const asked = (await byId(main, found.questionnaireId))!.content;
  const invited = [...(await byMail(main, id, now)), ...(await byCode(main, id))];
  const unitOf = new Map(found.tree!.nodes.map((n) => [n.id, n.units[0]!]));
  const willing = invited.filter((i) => answers(unitOf.get(i.group)!, i.number, name, share));
  say(`${found.name}: ${willing.length} av ${invited.length} svarer …`);
  let prepared: Awaited<ReturnType<typeof prepare>> | undefined;
  const one = async (i: (typeof willing)[number]) => {
    const { secret, signs } = partsOf(await newLink(main, i.id, origin, 'nb'));
    prepared ??= await prepare(main, id, signs);
    const said = opinion(asked, unitOf.get(i.group)!, i.number, name, lift);
    const about = asked.background?.map(() => i.role) ?? [];
    const done = await answer(main, intake, prepared, secret, said, now, undefined, about);
    if (!done.ok) throw new Error(`An answer of the demo was refused: ${done.refusal}`);
  };
  const waiting = willing.toReversed();
  const work = async () => {
    for (let i = waiting.pop(); i; i = waiting.pop()) await one(i);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await shake(main, box);
}
