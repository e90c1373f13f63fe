import { and, eq, sql } from 'drizzle-orm';
import type { Actor } from '#domain/access.ts';
import * as Day from '#domain/day.ts';
import * as Holders from '#domain/holder.ts';
import { unfrozen } from '#domain/round.ts';
import type { Main } from '#server/db.ts';
import * as actors from '#server/actors.ts';
import type { Permit } from '#server/gate.ts';
import * as people from '#server/people.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { note, type RoundRow } from '#server/rounds.ts';
import { commentReader, person, round } from '#server/schema.ts';

type Of = Pick<RoundRow, 'outsideBody' | 'holderId' | 'handedAt'>;

const holderOf = ({ holderId, handedAt }: Of): Holders.Holder | null =>
  holderId === null ? null : { personId: holderId, handedAt };

/** What the gate needs to know of a round to say who operates it; of one that is not there: the municipality's own. */
export const subject = (of: Of | null): { holder: Holders.Holder | null } => ({ holder: of && holderOf(of) });

export const mayFreeze = (of: Of, by: string | null): boolean =>
  Holders.mayFreeze({ outsideBody: of.outsideBody, holder: holderOf(of) }, by);

/** The body outside, and who there was named and handed the round; null: the municipality holds the key itself. */
export async function shown(main: Main, of: Of) {
  if (of.outsideBody === null) return null;
  const [named] = of.holderId
    ? await main
        .select({ name: person.name, email: person.email })
        .from(person)
        .where(eq(person.id, of.holderId))
    : [];
  return {
    body: of.outsideBody,
    name: named?.name ?? null,
    email: named?.email ?? '',
    handedAt: of.handedAt,
  };
}

/** Whoever is here with an address, as they could be chosen; null: nobody. */
async function candidate(main: Main, email: string, now: Date): Promise<Actor | null> {
  const [found] = await main
    .select({ id: person.id })
    .from(person)
    .where(and(eq(sql`lower(${person.email})`, email.trim().toLowerCase()), people.here(Day.at(now))))
    // Nobody gives them a role meanwhile: then they would be of the house.
    .for('update');
  return found ? await actors.actor(main, found.id, now) : null;
}

type NameRefusal =
  | { refusal: 'unknown' | 'wrong-state' }
  /** Of a survey that asks staff, or one whose keys three witnesses hold. */
  | { refusal: 'kind' }
  /** Comments are on, and their readers would need the key. */
  | { refusal: 'comments' }
  | { refusal: 'faults'; faults: { body?: Holders.Fault; person?: Holders.Fault } };

/** Names who outside holds the key of a round, a body and a person there by address, or (both empty) nobody. Until freezing. */
export async function name(
  main: Main,
  roundId: string,
  said: { body: string; email: string },
  now: Date,
  permit: Permit<'approval.outside'>,
): Promise<{ ok: true } | ({ ok: false } & NameRefusal)> {
  const body = said.body.replace(/\s+/g, ' ').trim();
  return await main.transaction(async (tx) => {
    const [found] = (await tx.select().from(round).where(eq(round.id, roundId)).for('update')) as RoundRow[];
    if (!found) return { ok: false, refusal: 'unknown' };
    const kind = await questionnaires.kindOf(tx, found.questionnaireId);
    if (kind === null || !Holders.mayHave(kind, found.promise)) return { ok: false, refusal: 'kind' };
    if (!unfrozen.includes(found.state)) return { ok: false, refusal: 'wrong-state' };
    if (body === '' && said.email.trim() === '') {
      await tx
        .update(round)
        .set({ outsideBody: null, holderId: null, handedAt: null })
        .where(eq(round.id, roundId));
      if (found.outsideBody !== null) await note(tx, roundId, 'outside none', now, permit.by);
      return { ok: true };
    }
    const [read] = await tx.select().from(commentReader).where(eq(commentReader.roundId, roundId)).limit(1);
    if (read) return { ok: false, refusal: 'comments' };
    const chosen = await candidate(tx, said.email, now);
    const faults = Holders.faults(body, chosen);
    if (!chosen || Object.keys(faults).length > 0) return { ok: false, refusal: 'faults', faults };
    const isSame = found.outsideBody === body && found.holderId === chosen.personId;
    if (isSame) return { ok: true };
    await tx
      .update(round)
      .set({ outsideBody: body, holderId: chosen.personId, handedAt: null })
      .where(eq(round.id, roundId));
    await note(tx, roundId, 'outside named', now, permit.by);
    return { ok: true };
  });
}

/** Hands a round over to whoever was named outside: from now on they operate it, and the municipality's operator does not. */
export async function hand(
  main: Main,
  roundId: string,
  to: string,
  now: Date,
  permit: Permit<'approval.hand'>,
): Promise<{ ok: true } | { ok: false; refusal: 'wrong-state' }> {
  return await main.transaction(async (tx) => {
    const [found] = (await tx.select().from(round).where(eq(round.id, roundId)).for('update')) as RoundRow[];
    // Whoever presses has seen a name; it may have become another's since.
    if (!found || found.holderId === null || found.holderId !== to || found.handedAt !== null)
      return { ok: false, refusal: 'wrong-state' };
    if (!unfrozen.includes(found.state)) return { ok: false, refusal: 'wrong-state' };
    await tx.update(round).set({ handedAt: now }).where(eq(round.id, roundId));
    await note(tx, roundId, 'outside handed', now, permit.by);
    return { ok: true };
  });
}
