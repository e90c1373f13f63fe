import { createHash, randomBytes } from 'node:crypto';
import { and, asc, desc, eq, exists, isNotNull, isNull, type SQL } from 'drizzle-orm';
import * as Code from '#domain/code.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';
import type { Main } from '#server/db.ts';
import { municipality } from '#server/demo/municipality.ts';
import * as house from '#server/house.ts';
import { newLink } from '#server/invitations.ts';
import {
  commentReader,
  invitation,
  invitationLink,
  issued,
  paperEnterer,
  person,
  questionnaire,
  round,
  unit,
} from '#server/schema.ts';

/** Whom a visitor to the demo can be, in the order the start page shows them: who answers, who reads the result, who runs it. */
export const groups = {
  answers: ['employee', 'sms', 'code', 'evaluator', 'resident', 'relative'],
  reads: ['leader', 'union', 'director', 'politician'],
  runs: ['hr', 'operator', 'enterer', 'reader'],
} as const;
export type Group = keyof typeof groups;
export type Part = (typeof groups)[Group][number];
export const parts: Part[] = Object.values(groups).flat();
export const isPart = (text: unknown): text is Part => parts.includes(text as Part);

/** Those who have a code on paper, of whom nobody knows more; and those who have a link. By the survey they are asked in. */
export const withCode = { code: 'employee', resident: 'resident', relative: 'relative' } as const;
const withLink = { employee: 'extraordinary', sms: 'employee', evaluator: 'leader' } as const;
export const answersByLink = (part: Part): part is keyof typeof withLink => Object.hasOwn(withLink, part);
export const answersByCode = (part: Part): part is keyof typeof withCode => Object.hasOwn(withCode, part);

/** personId: of those the house knows. name: of the person, or of the survey that a code is for. */
export type Member = { part: Part; personId: string | null; name: string; leads: string | null };

/** The demo's cast; null in any other house: there nobody can be anybody. */
export async function cast(main: Main): Promise<Member[] | null> {
  if (!(await house.read(main)).demo) return null;
  const who = municipality().cast;
  const members: Member[] = [];
  for (const part of parts) {
    if (answersByCode(part)) {
      const [asked] = await placesOf(main, withCode[part], 1);
      members.push({ part, personId: null, name: asked?.name ?? '', leads: null });
      continue;
    }
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

/** Invitations that nobody has begun to use, in open rounds that ask somebody; a dry run gives its links to a file alone. */
const waiting = (main: Main, kind: QuestionnaireKind, which: SQL | undefined, most: number) =>
  main
    .select({
      id: invitation.id,
      group: invitation.groupId,
      name: round.name,
      mobile: invitation.mobile,
      round,
    })
    .from(invitation)
    .innerJoin(round, eq(round.id, invitation.roundId))
    .innerJoin(questionnaire, eq(questionnaire.id, round.questionnaireId))
    .leftJoin(issued, eq(issued.invitationId, invitation.id))
    .where(
      and(
        eq(round.state, 'open'),
        eq(round.dryRun, false),
        eq(questionnaire.kind, kind),
        isNull(issued.invitationId),
        which,
      ),
    )
    .orderBy(asc(round.opensAt), asc(invitation.id))
    .limit(most);

/** A link for somebody who is asked and has not begun, or for somebody else when they have: the demo can be tried again. */
export async function answeringLink(
  main: Main,
  part: keyof typeof withLink,
  personId: string,
  origin: string,
  language: string,
): Promise<{ link: string; mobile: string | null; stopsAt: Date } | null> {
  const kind = withLink[part];
  const [own] = await waiting(main, kind, eq(invitation.personId, personId), 1);
  const others = part === 'sms' ? isNotNull(invitation.mobile) : undefined;
  const [found] = own ? [own] : await waiting(main, kind, others, 1);
  if (!found) return null;
  const link = await newLink(main, found.id, origin, language);
  return { link, mobile: found.mobile, stopsAt: found.round.stopsAt };
}

/** Places whose code has been printed and not been used. */
const placesOf = (main: Main, kind: QuestionnaireKind, most: number) => {
  const printed = main.select().from(invitationLink).where(eq(invitationLink.invitationId, invitation.id));
  return waiting(main, kind, and(isNull(invitation.personId), exists(printed)), most);
};

/** Codes in clear for so many who were handed a paper: new ones, as nobody has those that were printed. null: none wait. */
export async function papers(main: Main, kind: QuestionnaireKind, many: number) {
  const [first, ...others] = await placesOf(main, kind, many);
  if (!first?.round.fingerprint) return null;
  const places = [first, ...others].filter(({ round: { id } }) => id === first.round.id);
  const codes: string[] = [];
  for (const { id } of places) {
    const code = Code.draw(randomBytes(8));
    const secret = await Code.secretOf(code, first.round.id);
    const secretHash = createHash('sha256').update(secret).digest();
    await main.insert(invitationLink).values({ secretHash, invitationId: id });
    codes.push(Code.print(code));
  }
  return { round: { ...first.round, fingerprint: first.round.fingerprint }, group: first.group, codes };
}

/** Where somebody begins: at the one thing that the demo has for them, or at what is due. */
export async function beginsAt(main: Main, part: Part, personId: string): Promise<string> {
  if (part === 'operator') return '/rounds';
  const reads = part === 'reader' && (await toRead(main, personId));
  const enters = part === 'enterer' && (await toEnter(main, personId));
  if (reads) return `/rounds/${reads.id}/reading`;
  return enters ? `/rounds/${enters.id}/entry` : '/due';
}

async function toRead(main: Main, personId: string) {
  const [found] = await main
    .select({ id: round.id })
    .from(commentReader)
    .innerJoin(round, eq(round.id, commentReader.roundId))
    .where(and(eq(commentReader.personId, personId), eq(round.state, 'stopped'), eq(round.dryRun, false)))
    .orderBy(desc(round.stopsAt));
  return found;
}

async function toEnter(main: Main, personId: string) {
  const mine = and(eq(paperEnterer.personId, personId), isNull(paperEnterer.takenAt));
  const [found] = await main
    .select({ id: round.id })
    .from(paperEnterer)
    .innerJoin(round, eq(round.id, paperEnterer.roundId))
    .where(and(mine, eq(round.state, 'open'), eq(round.dryRun, false)));
  return found;
}
