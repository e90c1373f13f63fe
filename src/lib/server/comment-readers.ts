import { and, asc, eq, gte, inArray, isNotNull, isNull, or } from 'drizzle-orm';
import * as Reader from '#domain/comment-reader.ts';
import * as Day from '#domain/day.ts';
import type { Questionnaire } from '#domain/questionnaire.ts';
import type { RoundTree } from '#domain/round.ts';
import * as actors from '#server/actors.ts';
import * as approvals from '#server/approvals.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import type { Invited } from '#server/invited.ts';
import * as people from '#server/people.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { note, type RoundRow } from '#server/rounds.ts';
import { commentReader, invitation, person, position, round, unit } from '#server/schema.ts';
import { codesOf } from '#server/units.ts';

/** The two who read what is written in a round, in the order they were named; none where comments are off. */
export const rows = (main: Main, roundId: string) =>
  main
    .select()
    .from(commentReader)
    .where(eq(commentReader.roundId, roundId))
    .orderBy(asc(commentReader.place));

/** The same with their names and how far they have come; not what they marked. */
export const list = (main: Main, roundId: string) =>
  main
    .select({
      personId: commentReader.personId,
      name: person.name,
      readAt: commentReader.readAt,
      doneAt: commentReader.doneAt,
    })
    .from(commentReader)
    .innerJoin(person, eq(person.id, commentReader.personId))
    .where(eq(commentReader.roundId, roundId))
    .orderBy(asc(commentReader.place));

/** What the gate needs to know to say who reads the comments of a round. */
export async function subject(main: Main, of: Pick<RoundRow, 'id' | 'unitIds'>) {
  const [readers, concerned] = await Promise.all([rows(main, of.id), approvals.concerned(main, of.unitIds)]);
  return { readers: readers.map(({ personId }) => personId), concerned };
}

/** Those who hold an office that readers are chosen from, with what speaks for and against them in this round. */
export async function candidates(main: Main, of: Pick<RoundRow, 'unitIds'>, now: Date) {
  const concerned = await approvals.concerned(main, of.unitIds);
  const leading = await main
    .selectDistinct({ id: unit.leaderId })
    .from(unit)
    .where(and(inArray(unit.code, concerned), isNotNull(unit.leaderId), isNull(unit.validTo)));
  const leaders = new Set(leading.map(({ id }) => id));
  const found = (await people.candidates(main, now)).filter(({ roles }) =>
    Reader.offices.some((office) => roles.includes(office)),
  );
  const asked = await codesOf(main, of.unitIds);
  const pathOf = await actors.paths(main);
  const isAsked = (path: string[]) => asked.some((code) => path.includes(code));
  return await Promise.all(
    found.map(async ({ personId, name, roles, hasSignIn }) => ({
      ...{ personId, name, roles, hasSignIn, leads: leaders.has(personId) },
      worksIn: (await worked(main, personId, Day.at(now))).filter((code) => isAsked(pathOf(code))),
    })),
  );
}

/** The codes of the units that somebody works in or has worked in since a day. */
async function worked(main: Main, personId: string, since: string): Promise<string[]> {
  const posts = await main
    .selectDistinct({ code: unit.code })
    .from(position)
    .innerJoin(unit, eq(unit.id, position.unitId))
    .where(and(eq(position.personId, personId), or(isNull(position.validTo), gte(position.validTo, since))));
  return posts.map(({ code }) => code);
}

/** The groups of a round that a reader works in, or has worked in since the day that settled who is asked. */
async function ownGroups(
  main: Main,
  { rule }: Pick<RoundRow, 'rule'>,
  { nodes }: RoundTree,
  personId: string,
  invitedIn: string | null,
): Promise<Set<string>> {
  const pathOf = await actors.paths(main);
  const posts = await worked(main, personId, rule.inPostOn);
  return Reader.groupsOf(nodes, posts.map(pathOf), invitedIn);
}

/**
 * The same for a frozen round, for both of its readers in their order, and kept. They only grow, also when an import is
 * taken back: a list that is open to one of the two at the end was open to that one all the time.
 */
export async function groupsOfReaders(main: Main, of: RoundRow): Promise<[personId: string, Set<string>][]> {
  return await Promise.all(
    (await rows(main, of.id)).map(async ({ personId, groups }): Promise<[string, Set<string>]> => {
      const mine = and(eq(invitation.roundId, of.id), eq(invitation.personId, personId));
      const [invited] = await main.select({ group: invitation.groupId }).from(invitation).where(mine);
      const now = await ownGroups(main, of, of.tree!, personId, invited?.group ?? null);
      const own = now.union(new Set(groups));
      await keepGroups(main, of.id, personId, own);
      return [personId, own];
    }),
  );
}

const keepGroups = (main: Main, roundId: string, personId: string, groups: Set<string>) =>
  main
    .update(commentReader)
    .set({ groups: [...groups].sort() })
    .where(and(eq(commentReader.roundId, roundId), eq(commentReader.personId, personId)));

async function faultsOf(main: Main, of: Pick<RoundRow, 'unitIds'>, ids: [string, string], now: Date) {
  const all = await candidates(main, of, now);
  const [one, two] = ids.map((id) => all.find(({ personId }) => personId === id) ?? null);
  return Reader.faults([one!, two!]);
}

export type ChooseRefusal =
  /** From approval on, a round is what was approved. */
  | { refusal: 'wrong-state' }
  /** Witnesses hold the keys, and comments are read with the operator's. */
  | { refusal: 'witnesses' }
  /** A body outside the municipality holds the key, and readers would need it. */
  | { refusal: 'outside' }
  /** The questionnaire asks nothing that is answered in own words. */
  | { refusal: 'questions' }
  | { refusal: 'unfit'; faults: [Reader.Fault | null, Reader.Fault | null] };

/** Turns comments on with two readers, or (null) off. */
export async function choose(
  main: Main,
  roundId: string,
  persons: [string, string] | null,
  now: Date,
  permit: Permit<'comment.name'>,
): Promise<{ ok: true } | ({ ok: false } & ChooseRefusal)> {
  return await main.transaction(async (tx) => {
    const [found] = (await tx.select().from(round).where(eq(round.id, roundId)).for('update')) as RoundRow[];
    if (found?.state !== 'planned') return { ok: false, refusal: 'wrong-state' };
    if (persons && found.promise === 'witnesses') return { ok: false, refusal: 'witnesses' };
    if (persons && found.outsideBody !== null) return { ok: false, refusal: 'outside' };
    const asked = await questionnaires.byId(tx, found.questionnaireId);
    if (persons && !asked?.content.comments) return { ok: false, refusal: 'questions' };
    if (persons) {
      const faults = await faultsOf(tx, found, persons, now);
      if (faults.some((fault) => fault !== null)) return { ok: false, refusal: 'unfit', faults };
    }
    await tx.delete(commentReader).where(eq(commentReader.roundId, roundId));
    for (const [place, personId] of (persons ?? []).entries())
      await tx.insert(commentReader).values({ roundId, place, personId });
    await note(tx, roundId, persons ? 'comments on' : 'comments off', now, permit.by);
    return { ok: true };
  });
}

/**
 * The two who will read, when a round is frozen: their names, null where comments are off. Refuses where they may no
 * longer read, work in one group, others than the operator hold the keys, or nothing open is asked.
 */
export async function atFreezing(
  main: Main,
  of: RoundRow,
  asked: Questionnaire,
  { tree, groupOf }: Pick<Invited, 'tree' | 'groupOf'>,
  now: Date,
): Promise<{ ok: true; readers: { personId: string; name: string }[] | null } | { ok: false }> {
  const readers = (await list(main, of.id)).map(({ personId, name }) => ({ personId, name }));
  if (readers.length === 0) return { ok: true, readers: null };
  const [one, two] = readers.map(({ personId }) => personId) as [string, string];
  const faults = await faultsOf(main, of, [one, two], now);
  const groups = (id: string) => ownGroups(main, of, tree, id, groupOf.get(id) ?? null);
  const [mine, others] = [await groups(one), await groups(two)];
  const fits =
    of.promise === 'operator' &&
    of.outsideBody === null &&
    asked.comments &&
    faults.every((fault) => fault === null) &&
    mine.isDisjointFrom(others);
  await keepGroups(main, of.id, one, mine);
  await keepGroups(main, of.id, two, others);
  return fits ? { ok: true, readers } : { ok: false };
}
