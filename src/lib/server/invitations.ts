import { createHash, randomBytes } from 'node:crypto';
import { and, asc, eq, isNotNull, isNull, notInArray, or, sql } from 'drizzle-orm';
import { base64url } from '#domain/bytes.ts';
import * as Day from '#domain/day.ts';
import { fingerprintPrint, fingerprintSigns, type GroupFile } from '#domain/keylist.ts';
import type { House } from '#domain/language.ts';
import { isHere } from '#domain/person.ts';
import { mayGo, mobile } from '#domain/sms.ts';
import { m } from '#messages';
import type { Main } from '#server/db.ts';
import { json } from '#server/frozen.ts';
import { answerToAddress, isAddress, type Postman } from '#server/mail.ts';
import * as house from '#server/house.ts';
import * as sms from '#server/sms.ts';
import {
  byHand,
  dispatch,
  invitation,
  invitationLink,
  issued,
  person,
  questionnaire,
  round,
} from '#server/schema.ts';

/** A new link for an invitation. The secret is made here, kept nowhere, and only its hash stays. */
export async function newLink(
  main: Main,
  invitationId: string,
  origin: string,
  language: string,
): Promise<string> {
  const [found] = await main
    .select({ roundId: invitation.roundId, fingerprint: round.fingerprint })
    .from(invitation)
    .innerJoin(round, eq(invitation.roundId, round.id))
    .where(eq(invitation.id, invitationId));
  if (!found?.fingerprint) throw new Error('No such invitation');
  const secret = randomBytes(16);
  await main
    .insert(invitationLink)
    .values({ secretHash: createHash('sha256').update(secret).digest(), invitationId });
  const path = `/svar/${found.roundId}/${language}`;
  return `${origin}${path}#${base64url(secret)}.${fingerprintSigns(found.fingerprint)}`;
}

const isReached = or(isNotNull(invitation.email), isNotNull(invitation.mobile));

/** Asks for the invitation (occasion 0) to everybody with an address. Runs in the transaction that opens the round. */
export const inviteAll = (tx: Main, roundId: string) =>
  tx
    .insert(dispatch)
    .select(
      tx
        .select({
          invitationId: invitation.id,
          occasion: sql<number>`0::smallint`.as('occasion'),
          state: sql<string>`'due'`.as('state'),
        })
        .from(invitation)
        .where(and(eq(invitation.roundId, roundId), isReached)),
    )
    .onConflictDoNothing();

/**
 * Asks for reminder 1, 2 … to those who have not fetched a paper (design section 3 step 8), once. A round's reminder
 * is taken as asked for by its event, so that two processes and a restart ask for it once all the same.
 */
export const remindAll = (tx: Main, roundId: string, occasion: number) =>
  tx
    .insert(dispatch)
    .select(
      tx
        .select({
          invitationId: invitation.id,
          occasion: sql<number>`${occasion}::smallint`.as('occasion'),
          state: sql<string>`'due'`.as('state'),
        })
        .from(invitation)
        .leftJoin(issued, eq(issued.invitationId, invitation.id))
        .where(and(eq(invitation.roundId, roundId), isReached, isNull(issued.invitationId))),
    )
    .onConflictDoNothing();

/** What goes to one address. */
type Said = {
  invitationId: string;
  occasion: number;
  round: string;
  fingerprint: Uint8Array | null;
  stopsAt: Date;
  link: string;
  municipality: string;
  language: House;
  isLeader: boolean;
  /** Of a leader evaluation: whom one answers about and who will see it, as the answering page says. */
  about: string;
};

/** One of the two ways to somebody. answer: what was said of this one address; null: the fault is not the address's. */
type Way = {
  address: 'email' | 'mobile';
  isOpen: (now: Date) => boolean;
  isAddress: (text: string) => boolean;
  send: (to: string, said: Said, now: Date) => Promise<void>;
  answer: (fault: unknown) => 'never' | 'later' | null;
};

/** Sends the e-mails that are due. */
export const sendDue = (
  main: Main,
  postman: Postman,
  origin: string,
  now: () => Date,
  language: House = 'nb',
): Promise<Count> =>
  sendBy(
    {
      address: 'email',
      isOpen: () => true,
      isAddress,
      send: (to, said, at) => postman.send({ to, ...letter(said) }, at),
      answer: answerToAddress,
    },
    main,
    origin,
    now,
    language,
  );

/** Sends the text messages that are due, by day. What falls due at night waits for the morning. */
export const sendTexts = (
  main: Main,
  texter: sms.Texter,
  origin: string,
  now: () => Date,
  language: House = 'nb',
): Promise<Count> =>
  sendBy(
    {
      address: 'mobile',
      isOpen: mayGo,
      isAddress: (text) => mobile(text) === text,
      send: (to, { invitationId, occasion, link, stopsAt, isLeader }, at) => {
        const text = sms.words(occasion, link, stopsAt, language, isLeader);
        const reference = createHash('sha256').update(`${invitationId} ${occasion}`).digest('hex');
        return texter.send({ to, text, reference }, at);
      },
      answer: sms.answerToNumber,
    },
    main,
    origin,
    now,
    language,
  );

type Count = { sent: number; failed: number };

/**
 * Sends what is due, one at a time, until nothing is. Each is locked while it is sent, so that processes share the
 * work; the link is kept before the mail goes and the mark set after: a crash in between sends once more, and no link
 * that was ever sent is dead. An address that is refused for good is counted as failed, one that will not be taken
 * just now keeps nobody else waiting; when the mail server or provider cannot be reached, all waits for the next try.
 */
async function sendBy(
  way: Way,
  main: Main,
  origin: string,
  now: () => Date,
  language: House,
): Promise<Count> {
  const count = { sent: 0, failed: 0 };
  const later: string[] = [];
  const { name: municipality } = await house.read(main);
  const address = invitation[way.address];
  while (way.isOpen(now())) {
    const outcome = await main.transaction(async (tx) => {
      const [due] = await tx
        .select({
          invitationId: dispatch.invitationId,
          occasion: dispatch.occasion,
          to: address,
          roundId: round.id,
          groupId: invitation.groupId,
          kind: questionnaire.kind,
          round: round.name,
          fingerprint: round.fingerprint,
          state: round.state,
          dryRun: round.dryRun,
          stopsAt: round.stopsAt,
          fetched: issued.invitationId,
          leftOn: person.leftOn,
        })
        .from(dispatch)
        .innerJoin(invitation, eq(dispatch.invitationId, invitation.id))
        .innerJoin(round, eq(invitation.roundId, round.id))
        .innerJoin(questionnaire, eq(questionnaire.id, round.questionnaireId))
        .leftJoin(issued, eq(issued.invitationId, invitation.id))
        .leftJoin(person, eq(person.id, invitation.personId))
        .where(and(eq(dispatch.state, 'due'), isNotNull(address), notInArray(dispatch.invitationId, later)))
        .orderBy(asc(dispatch.occasion))
        .limit(1)
        .for('update', { of: dispatch, skipLocked: true });
      if (!due) return null;
      const row = and(eq(dispatch.invitationId, due.invitationId), eq(dispatch.occasion, due.occasion));
      // Of a reminder nothing is kept: that it was sent or not tells when its receiver fetched a paper.
      const mark = (state: string) =>
        due.occasion > 0 ? tx.delete(dispatch).where(row) : tx.update(dispatch).set({ state }).where(row);
      const moot =
        due.state !== 'open' ||
        now() >= due.stopsAt ||
        due.dryRun ||
        !due.to ||
        !isHere(due, Day.at(now())) ||
        (due.occasion > 0 && due.fetched);
      if (moot) {
        await mark('moot');
        return 'moot';
      }
      if (!way.isAddress(due.to!)) {
        await mark('failed');
        return 'failed';
      }
      const link = await newLink(main, due.invitationId, origin, language);
      const isLeader = due.kind === 'leader';
      const about = isLeader ? await aboutOf(tx, due, language) : '';
      try {
        await way.send(due.to!, { ...due, link, municipality, language, isLeader, about }, now());
      } catch (fault) {
        const answer = way.answer(fault);
        if (answer === null) throw fault;
        if (answer === 'later') {
          later.push(due.invitationId);
          return 'later';
        }
        await mark('failed');
        return 'failed';
      }
      await mark('sent');
      return 'sent';
    });
    if (outcome === null) break;
    if (outcome === 'sent' || outcome === 'failed') count[outcome]++;
  }
  return count;
}

function letter(of: Said) {
  const { language: locale, municipality, link, about } = of;
  const stops = of.stopsAt.toLocaleString(`${locale}-NO`, {
    timeZone: 'Europe/Oslo',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
  const fingerprint = fingerprintPrint(of.fingerprint!);
  const said = { round: of.round, municipality, stops, link, fingerprint, about };
  const [first, again] = of.isLeader
    ? [m.invitation_leader_text, m.invitation_leader_reminder_text]
    : [m.invitation_text, m.invitation_reminder_text];
  return of.occasion === 0
    ? { subject: m.invitation_subject(said, { locale }), text: first(said, { locale }) }
    : { subject: m.invitation_reminder_subject(said, { locale }), text: again(said, { locale }) };
}

/** What a group was told when it was frozen of whom it answers about, word for word. */
async function aboutOf(
  main: Main,
  { roundId, groupId }: { roundId: string; groupId: string },
  language: House,
): Promise<string> {
  const about = (await json<GroupFile>(main, roundId, `group/${groupId}`))?.[language]?.about;
  if (!about) throw new Error('The group was not told whom it answers about');
  return about;
}

/** How the mails of a round stand. Counts for the whole round only, and nothing of who has fetched a paper. */
export const mailState = (main: Main, roundId: string) => stateOf(main, roundId, 'email');

/** How its text messages stand, likewise. */
export const smsState = (main: Main, roundId: string) => stateOf(main, roundId, 'mobile');

async function stateOf(main: Main, roundId: string, by: Way['address']) {
  const rows = await main
    .select({ state: dispatch.state, count: sql<number>`count(*)::int` })
    .from(dispatch)
    .innerJoin(invitation, eq(dispatch.invitationId, invitation.id))
    .where(and(eq(invitation.roundId, roundId), eq(dispatch.occasion, 0), isNotNull(invitation[by])))
    .groupBy(dispatch.state);
  const of = (state: string) => rows.find((r) => r.state === state)?.count ?? 0;
  return { due: of('due'), sent: of('sent'), failed: of('failed') };
}

/** The links of a dry run, to a file (design section 6). Refuses a round that is no dry run. */
export async function dryRunLinks(
  main: Main,
  roundId: string,
  origin: string,
): Promise<
  | { ok: true; rows: { unit: string; group: string; person: string; link: string }[] }
  | { ok: false; refusal: 'unknown' | 'not-dry-run' | 'not-frozen' }
> {
  const [found] = await main.select().from(round).where(eq(round.id, roundId));
  if (!found) return { ok: false, refusal: 'unknown' };
  if (!found.dryRun) return { ok: false, refusal: 'not-dry-run' };
  if (!['frozen', 'open'].includes(found.state)) return { ok: false, refusal: 'not-frozen' };
  const nodes = new Map(found.tree!.nodes.map((n) => [n.id, n]));
  const all = await main
    .select({
      id: invitation.id,
      group: invitation.groupId,
      person: person.employeeNumber,
      name: person.name,
    })
    .from(invitation)
    .leftJoin(person, eq(invitation.personId, person.id))
    .where(eq(invitation.roundId, roundId))
    .orderBy(asc(invitation.groupId), asc(person.employeeNumber), asc(invitation.id));
  const handed = await main
    .select({ group: byHand.groupId, person: person.employeeNumber, name: person.name })
    .from(byHand)
    .innerJoin(person, eq(byHand.personId, person.id))
    .where(eq(byHand.roundId, roundId))
    .orderBy(asc(person.employeeNumber));
  const rows = [];
  for (const [group, invited] of Map.groupBy(all, (i) => i.group)) {
    const node = nodes.get(group)!;
    const waiting = handed.filter((one) => one.group === group);
    // Whoever would be handed a code has one of its places here, as many as are invited: the reserve stays out.
    for (const i of invited.slice(0, node.invited)) {
      const who = i.name === null ? waiting.shift() : i;
      const link = await newLink(main, i.id, origin, 'nb');
      rows.push({ unit: node.units[0]!, group, person: who?.person ?? who?.name ?? '', link });
    }
  }
  return { ok: true, rows };
}
