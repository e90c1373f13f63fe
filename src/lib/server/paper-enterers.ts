import { and, asc, eq, isNull, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Actor, Subject } from '#domain/access.ts';
import { may } from '#domain/access.ts';
import * as Day from '#domain/day.ts';
import { isHere } from '#domain/person.ts';
import { underWay } from '#domain/round.ts';
import * as actors from '#server/actors.ts';
import { asksCrowd } from '#server/crowds.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import type { RoundRow } from '#server/rounds.ts';
import { paperEnterer, person, round, roundEvent, unit } from '#server/schema.ts';

/* Who enters the paper forms of a round, and of which groups. */

const giver = alias(person, 'giver');
const held = (roundId: string) => and(eq(paperEnterer.roundId, roundId), isNull(paperEnterer.takenAt));

/** The ids that the gate asks about. */
export async function idsOf(main: Main, roundId: string): Promise<string[]> {
  const rows = await main.select({ id: paperEnterer.personId }).from(paperEnterer).where(held(roundId));
  return rows.map(({ id }) => id);
}

/** Those who enter a round's forms now: by whom and when they were named. */
export const list = (main: Main, roundId: string) =>
  main
    .select({
      id: paperEnterer.id,
      personId: paperEnterer.personId,
      name: person.name,
      givenAt: paperEnterer.givenAt,
      by: giver.name,
    })
    .from(paperEnterer)
    .innerJoin(person, eq(person.id, paperEnterer.personId))
    .leftJoin(giver, eq(giver.id, paperEnterer.givenBy))
    .where(held(roundId))
    .orderBy(asc(person.name));

/** The open rounds somebody enters forms of. */
export const mine = (main: Main, personId: string) =>
  main
    .select({ id: round.id, name: round.name })
    .from(paperEnterer)
    .innerJoin(round, eq(round.id, paperEnterer.roundId))
    .where(and(eq(paperEnterer.personId, personId), isNull(paperEnterer.takenAt), eq(round.state, 'open')))
    .orderBy(asc(round.stopsAt));

/**
 * Whose forms a group's are, for the rule of who may read them. Nobody who works in its units or leads in or over
 * them; of residents and relatives, who know the staff of every ward, nobody who works anywhere below either.
 */
export async function subjects(main: Main, of: RoundRow): Promise<Map<string, Subject>> {
  const pathOf = await actors.paths(main);
  const paths = (await main.select({ code: unit.code }).from(unit)).map(({ code }) => pathOf(code));
  const isCrowd = await asksCrowd(main, of);
  const enterers = await idsOf(main, of.id);
  return new Map(
    (of.tree?.nodes ?? [])
      .filter(({ group }) => group)
      .map(({ id, units }) => {
        const below = paths
          .filter((path) => path.some((one) => units.includes(one)))
          .map((path) => path.at(-1)!);
        const ledBy = [...units.flatMap(pathOf), ...below];
        return [id, { enterers, staffOf: isCrowd ? below : units, ledBy }];
      }),
  );
}

/** The groups whose forms somebody may enter, as the rules see them today. */
export async function groupsOf(main: Main, of: RoundRow, actor: Actor, now: Date): Promise<Set<string>> {
  const all = await subjects(main, of);
  const allowed = (subject: Subject) =>
    may(actor, 'paper.read', { ...subject, enterers: [actor.personId] }, now);
  return new Set([...all].flatMap(([id, subject]) => (allowed(subject) ? [id] : [])));
}

export type GiveRefusal =
  | 'wrong-state'
  | 'unknown-person'
  | 'to-oneself'
  | 'has-it'
  /** Has printed codes of the round, and could answer with those that are left. */
  | 'printed'
  /** Works with every group of the round, or leads it. */
  | 'every-group';

/** Lets somebody, by employee number or address, enter the forms of a round that is frozen or open. */
export async function give(
  main: Main,
  of: RoundRow,
  said: string,
  now: Date,
  { by }: Permit<'paper.give'>,
): Promise<{ ok: true } | { ok: false; refusal: GiveRefusal }> {
  if (!underWay.includes(of.state)) return { ok: false, refusal: 'wrong-state' };
  const typed = said.trim().toLowerCase();
  const found = await main
    .select()
    .from(person)
    .where(or(eq(person.employeeNumber, typed), eq(sql`lower(${person.email})`, typed)));
  const who = typed === '' ? undefined : found.find((one) => isHere(one, Day.at(now)));
  if (!who) return { ok: false, refusal: 'unknown-person' };
  if (who.id === by) return { ok: false, refusal: 'to-oneself' };
  const actor = await actors.actor(main, who.id, now);
  if (!actor || (await groupsOf(main, of, actor, now)).size === 0)
    return { ok: false, refusal: 'every-group' };
  return await main.transaction(async (tx) => {
    // Codes are printed under the same lock.
    await tx.select({ id: round.id }).from(round).where(eq(round.id, of.id)).for('update');
    const prints = and(eq(roundEvent.roundId, of.id), eq(roundEvent.event, 'print codes'));
    const [printed] = await tx
      .select({ at: roundEvent.at })
      .from(roundEvent)
      .where(and(prints, eq(roundEvent.byId, who.id)))
      .limit(1);
    if (printed) return { ok: false, refusal: 'printed' };
    const given = await tx
      .insert(paperEnterer)
      .values({ roundId: of.id, personId: who.id, givenAt: now, givenBy: by })
      .onConflictDoNothing()
      .returning({ id: paperEnterer.id });
    return given.length > 0 ? { ok: true } : { ok: false, refusal: 'has-it' };
  });
}

/** Takes it away again; who had it, and until when, stays. */
export async function take(main: Main, roundId: string, id: string, now: Date, { by }: Permit<'paper.give'>) {
  await main
    .update(paperEnterer)
    .set({ takenAt: now, takenBy: by })
    .where(and(held(roundId), sql`${paperEnterer.id}::text = ${id}`));
}
