import { and, count, desc, eq, gt, isNull, lte, or } from 'drizzle-orm';
import * as Code from '#domain/code.ts';
import * as Day from '#domain/day.ts';
import { fingerprintSigns } from '#domain/keylist.ts';
import type { Drawn } from '#server/codes.ts';
import type { Box, Main } from '#server/db.ts';
import { municipality } from '#server/demo/municipality.ts';
import { chance } from '#server/demo/names.ts';
import { answers, opinion } from '#server/demo/opinions.ts';
import { leaderTitles } from '#server/demo/tree.ts';
import { newLink } from '#server/invitations.ts';
import { byId } from '#server/questionnaires.ts';
import { answer, partsOf, prepare } from '#server/respondent.ts';
import { find, type RoundRow } from '#server/rounds.ts';
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
const { cast } = municipality();

let last: Promise<unknown> = Promise.resolve();

/** Several surveys are filled at once, and shaking reads the table that counting another drops: one after the other. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
}

type Answering = { id: string; group: string; number: string; role: number };
type Willing = { group: string; number: string; secret: () => Promise<Uint8Array>; about: number[] };

/**
 * Those who got a link and work here still, with the role they say they have; about one in twenty says none. Whoever
 * tries the demo can be the one with the text message, who therefore has not answered; likewise the first with a code.
 */
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
    .where(and(eq(invitation.roundId, id), or(isNull(person.leftOn), gt(person.leftOn, today))))
    .orderBy(invitation.id, desc(position.main), desc(position.validFrom));
  const others = rows.filter(({ number }) => number !== cast.sms);
  return others.map(({ id, group, number, title }) => ({
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
      .slice(1, needed)
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
  words: (group: string, number: string) => string[] = () => [],
) {
  const { main, origin, say } = world;
  const found = (await find(main, id))!;
  const invited = [...(await byMail(main, id, now)), ...(await byCode(main, id))];
  const unitOf = unitsOf(found);
  const willing = invited.filter((i) => answers(unitOf.get(i.group)!, i.number, name, share));
  say(`${found.name}: ${willing.length} av ${invited.length} svarer …`);
  const asks = ((await byId(main, found.questionnaireId))!.content.background ?? []).length > 0;
  await handIn(
    world,
    found,
    willing.map(({ id, group, number, role }) => ({
      ...{ group, number, about: asks ? [role] : [] },
      secret: async () => partsOf(await newLink(main, id, origin, 'nb')).secret,
    })),
    { lift, name, now, words },
  );
}

/** Residents or relatives answer, each with the code on a paper; how many did in each group. */
export async function respondByCode(
  world: World,
  id: string,
  drawn: Drawn[],
  {
    lift,
    share,
    now,
    about,
  }: { lift: number; share: number; now: Date; about: (number: string) => number[] },
): Promise<Map<string, number>> {
  const found = (await find(world.main, id))!;
  const unitOf = unitsOf(found);
  const holders = drawn.map(({ group, code }, i) => ({ group, code, number: `${group} ${i}` }));
  const willing = holders.filter((one) => answers(unitOf.get(one.group)!, one.number, found.name, share));
  world.say(`${found.name}: ${willing.length} av ${drawn.length} svarer …`);
  await handIn(
    world,
    found,
    willing.map(({ group, code, number }) => ({
      ...{ group, number, about: about(number) },
      secret: () => Code.secretOf(code, id),
    })),
    { lift, name: found.name, now, words: () => [] },
  );
  const byGroup = Map.groupBy(willing, ({ group }) => group);
  return new Map([...byGroup].map(([group, all]) => [group, all.length]));
}

const unitsOf = (of: RoundRow) => new Map(of.tree!.nodes.map((n) => [n.id, n.units[0]!]));

async function handIn(
  { main, box, intake }: World,
  of: RoundRow,
  willing: Willing[],
  how: { lift: number; name: string; now: Date; words: (group: string, number: string) => string[] },
) {
  const asked = (await byId(main, of.questionnaireId))!.content;
  const unitOf = unitsOf(of);
  const prepared = await prepare(main, of.id, fingerprintSigns(of.fingerprint!));
  const { lift, name, now } = how;
  const one = async ({ group, number, secret, about }: Willing) => {
    const said = opinion(asked, unitOf.get(group)!, number, name, lift);
    const words = how.words(group, number);
    const done = await answer(main, intake, prepared, await secret(), said, now, undefined, about, words);
    if (!done.ok) throw new Error(`An answer of the demo was refused: ${done.refusal}`);
  };
  const waiting = willing.toReversed();
  const work = async () => {
    for (let i = waiting.pop(); i; i = waiting.pop()) await one(i);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await inTurn(() => shake(main, box));
}
