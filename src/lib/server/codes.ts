import { createHash, randomBytes } from 'node:crypto';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import * as Code from '#domain/code.ts';
import type { Keylist } from '#domain/keylist.ts';
import { phase } from '#domain/round.ts';
import * as actors from '#server/actors.ts';
import { chunks, type Main } from '#server/db.ts';
import { json } from '#server/frozen.ts';
import type { Gate, Permit } from '#server/gate.ts';
import { type Invited, isUnreached } from '#server/invited.ts';
import * as enterers from '#server/paper-enterers.ts';
import { note, type RoundRow } from '#server/rounds.ts';
import { byHand, invitation, invitationLink, person, round } from '#server/schema.ts';

/*
 * Drawn codes: invitations without a person (design section 3). At freezing each group gets as many places as it has
 * people without an address, and some in reserve. A place has no code until one is printed: the code is made then,
 * stands in what is handed out once, and only the hash of the secret it stands for is kept.
 */

/** By group: how many need a code, and how many more there may be. */
export type Needs = Map<string, { needed: number; reserve: number }>;

/**
 * What each group needs: a code for everybody without an address, and some in reserve; also for those who get a text
 * message, whose number may be wrong. share: per cent.
 */
export function needs({ people, groupOf }: Pick<Invited, 'people' | 'groupOf'>, share: number): Needs {
  const withoutMail = people.filter(({ email }) => email === null);
  const byGroup = Map.groupBy(withoutMail, ({ id }) => groupOf.get(id)!);
  return new Map(
    [...byGroup].flatMap(([group, its]) => {
      const [needed, reserve] = [its.filter(isUnreached).length, Code.reserve(its.length, share)];
      return needed + reserve > 0 ? [[group, { needed, reserve }]] : [];
    }),
  );
}

/** Makes the places at freezing, and writes down who is to be handed a code of which group; never which code. */
export async function deal(tx: Main, roundId: string, who: Invited, needed: Needs) {
  const places = [...needed].flatMap(([groupId, { needed, reserve }]) =>
    Array.from({ length: needed + reserve }, () => ({ roundId, groupId, draftKey: randomBytes(32) })),
  );
  for (const rows of chunks(places, 1000)) await tx.insert(invitation).values(rows);
  const handed = who.people
    .filter((one) => !who.isCrowd && isUnreached(one))
    .map(({ id }) => ({ roundId, personId: id, groupId: who.groupOf.get(id)! }));
  for (const rows of chunks(handed, 1000)) await tx.insert(byHand).values(rows);
}

const ofRound = (roundId: string) => and(eq(invitation.roundId, roundId), isNull(invitation.personId));
const isMade = sql<boolean>`exists (select from ${invitationLink} where ${invitationLink.invitationId} = ${invitation.id})`;

/** How the codes of a frozen round stand, by group. Nothing of whether any has been used. */
export async function stock(main: Main, of: RoundRow): Promise<Map<string, Code.Stock>> {
  const keylist = await json<Keylist>(main, of.id, 'keylist.json');
  if (!keylist) return new Map();
  const rows = await main
    .select({ group: invitation.groupId, made: sql<number>`(count(*) filter (where ${isMade}))::int` })
    .from(invitation)
    .where(ofRound(of.id))
    .groupBy(invitation.groupId);
  const made = new Map(rows.map((row) => [row.group, row.made]));
  return new Map(
    keylist.groups.flatMap(({ id, codes }) => (codes ? [[id, { ...codes, made: made.get(id) ?? 0 }]] : [])),
  );
}

/** How many codes more than needed were made, by group: those of the reserve. */
export async function beyond(main: Main, of: RoundRow): Promise<Map<string, number>> {
  const all = [...(await stock(main, of))];
  return new Map(all.flatMap(([group, { needed, made }]) => (made > needed ? [[group, made - needed]] : [])));
}

/** What the keylist says of a round's codes: public, and still there after close. */
export async function numbers(main: Main, of: RoundRow): Promise<{ needed: number; reserve: number }> {
  const all = [...(await stock(main, of)).values()];
  const sum = (which: 'needed' | 'reserve') => all.reduce((total, one) => total + one[which], 0);
  return { needed: sum('needed'), reserve: sum('reserve') };
}

/** The groups whose codes somebody may print: HR, and never one's own unit nor one under oneself. */
export async function mine(main: Main, gate: Gate, of: RoundRow): Promise<Set<string>> {
  gate.ask('code.list');
  const pathOf = await actors.paths(main);
  const groups = (of.tree?.nodes ?? []).filter(({ group }) => group);
  const may = (code: string) => gate.may('code.print', { path: pathOf(code) });
  return new Set(groups.filter(({ units }) => units.every(may)).map(({ id }) => id));
}

/** Who is to be handed a code, by group and name. Kept apart from the codes, and gone at close. */
export async function handed(main: Main, roundId: string): Promise<Map<string, string[]>> {
  const rows = await main
    .select({ group: byHand.groupId, name: person.name })
    .from(byHand)
    .innerJoin(person, eq(person.id, byHand.personId))
    .where(eq(byHand.roundId, roundId))
    .orderBy(asc(person.name));
  const byGroup = Map.groupBy(rows, ({ group }) => group);
  return new Map([...byGroup].map(([group, all]) => [group, all.map(({ name }) => name)]));
}

/** A code in clear, for the paper it is about to be printed on. */
export type Drawn = { group: string; code: string };

/** Codes of one group that are needed and not made yet, of all that somebody may print ("all"), or some in reserve. */
export type Wanted = { group: string; reserve: number | null };

export type PrintRefusal =
  /** Not frozen yet, or over. */
  | 'wrong-state'
  /** All that is needed has been printed; of the reserve there are fewer left, or none. */
  | 'nothing'
  /** Whoever enters the paper forms of the round holds no codes of it. */
  | 'enters';

/**
 * Makes codes and hands them out once, on what `build` makes of them: of two who print at once the second finds the
 * places taken, and a fault on the way keeps no code. A group's codes are all chance and its places all alike, so the
 * order on paper means nothing.
 */
export async function print<File>(
  main: Main,
  gate: Gate,
  of: RoundRow,
  wanted: Wanted,
  build: (drawn: Drawn[]) => Promise<File>,
  now: Date,
): Promise<{ ok: true; file: File } | { ok: false; refusal: PrintRefusal }> {
  const allowed = await mine(main, gate, of);
  const permit: Permit<'code.list'> = gate.ask('code.list');
  const isAll = wanted.group === 'all';
  const plan = [...(await stock(main, of))].flatMap(([group, its]) => {
    if (!allowed.has(group) || !(isAll || group === wanted.group)) return [];
    const { needed, reserve } = Code.left(its);
    if (wanted.reserve === null) return needed > 0 ? [{ group, count: needed }] : [];
    const fits = Number.isInteger(wanted.reserve) && wanted.reserve > 0 && wanted.reserve <= reserve;
    return fits && !isAll && needed === 0 ? [{ group, count: wanted.reserve }] : [];
  });
  const drawn = plan.flatMap(({ group, count }) =>
    Array.from({ length: count }, () => ({ group, code: Code.draw(randomBytes(8)) })),
  );
  if (drawn.length === 0) return { ok: false, refusal: 'nothing' };
  const secrets = await Promise.all(drawn.map(({ code }) => Code.secretOf(code, of.id)));

  return await main.transaction(async (tx) => {
    const [locked] = (await tx.select().from(round).where(eq(round.id, of.id)).for('update')) as RoundRow[];
    if (!locked || !isPrintable(locked, now) || !locked.fingerprint)
      return { ok: false, refusal: 'wrong-state' };
    if (permit.by !== null && (await enterers.idsOf(tx, of.id)).includes(permit.by))
      return { ok: false, refusal: 'enters' };
    const links: (typeof invitationLink.$inferInsert)[] = [];
    for (const { group, count } of plan) {
      const free = await tx
        .select({ id: invitation.id })
        .from(invitation)
        .where(and(ofRound(of.id), eq(invitation.groupId, group), sql`not ${isMade}`))
        .limit(count);
      if (free.length < count) return { ok: false, refusal: 'nothing' };
      for (const { id } of free)
        links.push({
          invitationId: id,
          secretHash: createHash('sha256').update(secrets[links.length]!).digest(),
        });
    }
    const file = await build(drawn);
    // By their hashes: the order of the rows says nothing of the order on paper.
    links.sort((a, b) => Buffer.compare(Buffer.from(a.secretHash), Buffer.from(b.secretHash)));
    for (const rows of chunks(links, 1000)) await tx.insert(invitationLink).values(rows);
    await note(tx, of.id, 'print codes', now, permit.by, String(drawn.length));
    return { ok: true, file };
  });
}

/** Frozen or open. The time counts, also when the clock's job is late. */
const isPrintable = (of: RoundRow, now: Date) =>
  of.state === 'frozen' ? now < of.stopsAt : phase(of, now) === 'open';

/**
 * The groups of as many reminders on paper as have an answer by code, used or not: of those that somebody may print,
 * all or one. No code is in them: none is kept that could be.
 */
export async function reminded(
  main: Main,
  gate: Gate,
  of: RoundRow,
  group: string,
  now: Date,
): Promise<{ ok: true; groups: string[] } | { ok: false; refusal: PrintRefusal }> {
  const allowed = await mine(main, gate, of);
  if (!isPrintable(of, now)) return { ok: false, refusal: 'wrong-state' };
  const groups = [...(await stock(main, of))]
    .filter(([id]) => allowed.has(id) && (group === 'all' || group === id))
    .flatMap(([id, { needed, made }]) => Array.from({ length: Math.max(needed, made) }, () => id));
  return groups.length > 0 ? { ok: true, groups } : { ok: false, refusal: 'nothing' };
}

/**
 * Makes printed codes void, so that they can be printed anew: paper that got lost or spoilt. Only before the round
 * opens: later nobody may know which of them have been used, and so which to replace. Then there is the reserve.
 */
export async function voidPrinted(
  main: Main,
  gate: Gate,
  of: RoundRow,
  group: string,
  now: Date,
): Promise<{ ok: true } | { ok: false; refusal: 'wrong-state' | 'nothing' }> {
  const permit: Permit<'code.list'> = gate.ask('code.list');
  if (!(await mine(main, gate, of)).has(group)) return { ok: false, refusal: 'nothing' };
  return await main.transaction(async (tx) => {
    const [locked] = (await tx.select().from(round).where(eq(round.id, of.id)).for('update')) as RoundRow[];
    if (locked?.state !== 'frozen') return { ok: false, refusal: 'wrong-state' };
    const places = tx
      .select({ id: invitation.id })
      .from(invitation)
      .where(and(ofRound(of.id), eq(invitation.groupId, group)));
    const gone = await tx
      .delete(invitationLink)
      .where(sql`${invitationLink.invitationId} in ${places}`)
      .returning({ id: invitationLink.invitationId });
    if (gone.length === 0) return { ok: false, refusal: 'nothing' };
    await note(tx, of.id, 'void codes', now, permit.by, String(gone.length));
    return { ok: true };
  });
}
