import {
  and,
  asc,
  count,
  eq,
  gt,
  gte,
  ilike,
  inArray,
  isNotNull,
  isNull,
  lte,
  ne,
  or,
  sql,
} from 'drizzle-orm';
import type { Actor, Role } from '#domain/access.ts';
import * as Day from '#domain/day.ts';
import * as IdentityNumber from '#domain/identity-number.ts';
import { isHere, mayHold } from '#domain/person.ts';
import { underWay } from '#domain/round.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { isAddress } from '#server/mail.ts';
import { password, person, position, role, round, session, signInLink, unit } from '#server/schema.ts';

const most = 50;
/** Has not left by that day. */
export const here = (on: string) => or(isNull(person.leftOn), gt(person.leftOn, on));

/** Everybody here who holds a role, by name, with all their roles, the units they are for, and whether they can sign in. */
export async function candidates(main: Main, now: Date) {
  const found = await main
    .select({
      id: person.id,
      name: person.name,
      email: person.email,
      password: password.personId,
      roles: sql<Role[]>`array_agg(distinct ${role.role})`,
      given: sql<Actor['roles']>`jsonb_agg(jsonb_build_object('role', ${role.role}, 'unit', ${unit.code}))`,
    })
    .from(person)
    .innerJoin(role, eq(role.personId, person.id))
    .leftJoin(unit, eq(unit.id, role.unitId))
    .leftJoin(password, eq(password.personId, person.id))
    .where(here(Day.at(now)))
    .groupBy(person.id, password.personId)
    .orderBy(asc(person.name));
  return found.map(({ id, name, email, password: secret, roles, given }) => ({
    ...{ personId: id, name, roles, given },
    hasSignIn: email !== null || secret !== null,
  }));
}

const current = (on: string) =>
  and(lte(position.validFrom, on), or(isNull(position.validTo), gte(position.validTo, on)));

export type Found = { id: string; name: string; email: string | null; unit: string | null };

/** People who are here whose name, address or employee number holds the text: the first fifty, and how many in all. */
export async function search(
  main: Main,
  _permit: Permit<'person.see'>,
  text: string,
  now: Date,
): Promise<{ people: Found[]; count: number }> {
  const on = Day.at(now);
  const like = `%${text.trim().replace(/[\\%_]/g, '\\$&')}%`;
  const matches = and(
    here(on),
    or(ilike(person.name, like), ilike(person.email, like), eq(person.employeeNumber, text.trim())),
  );
  const [counted] = await main.select({ count: count() }).from(person).where(matches);
  const people = await main
    .select({ id: person.id, name: person.name, email: person.email, unit: unit.name })
    .from(person)
    .leftJoin(position, and(eq(position.personId, person.id), eq(position.main, true), current(on)))
    .leftJoin(unit, eq(unit.id, position.unitId))
    .where(matches)
    .orderBy(asc(person.name), asc(person.id))
    .limit(most);
  return { people, count: counted?.count ?? 0 };
}

/** Everybody here who holds a role, by role and name. */
export const withRoles = (main: Main, _permit: Permit<'person.see'>, now: Date) =>
  main
    .select({ id: person.id, name: person.name, role: sql<Role>`${role.role}`, unit: unit.name })
    .from(role)
    .innerJoin(person, eq(person.id, role.personId))
    .leftJoin(unit, eq(unit.id, role.unitId))
    .where(here(Day.at(now)))
    .orderBy(asc(role.role), asc(person.name), asc(unit.code));

/** One person, with positions (newest first), roles and the units they lead today; null when there is none. */
export async function find(main: Main, _permit: Permit<'person.see'>, id: string, now: Date) {
  const on = Day.at(now);
  const [found] = await main.select().from(person).where(eq(person.id, id));
  if (!found) return null;
  const positions = await main
    .select({ position, unit: unit.name })
    .from(position)
    .innerJoin(unit, eq(unit.id, position.unitId))
    .where(eq(position.personId, id))
    .orderBy(sql`${position.validTo} desc nulls first`, sql`${position.main} desc`);
  const roles = await main
    .select({ id: role.id, role: sql<Role>`${role.role}`, unit: unit.name })
    .from(role)
    .leftJoin(unit, eq(unit.id, role.unitId))
    .where(eq(role.personId, id))
    .orderBy(asc(role.role), asc(unit.code));
  const led = await main.select().from(unit).where(eq(unit.leaderId, id)).orderBy(asc(unit.code));
  return {
    ...found,
    here: isHere(found, on),
    positions: positions.map((row) => ({ ...row.position, unit: row.unit })),
    roles,
    leads: led.filter((u) => Day.stands(u, on)).map((u) => u.name),
  };
}

/** Names by id. */
export async function namesOf(main: Main, ids: string[]): Promise<Map<string, string>> {
  const found = await main
    .select({ id: person.id, name: person.name })
    .from(person)
    .where(inArray(person.id, ids));
  return new Map(found.map((p) => [p.id, p.name]));
}

/** Everybody with one of these employee numbers, by number. */
export async function byNumber(main: Main, numbers: string[]): Promise<Map<string, string>> {
  const rows = await main
    .select({ id: person.id, number: person.employeeNumber })
    .from(person)
    .where(and(isNotNull(person.employeeNumber), inArray(person.employeeNumber, numbers)));
  return new Map(rows.map((row) => [row.number ?? '', row.id]));
}

export type GiveRefusal =
  | 'unknown-role'
  | 'role-is-for-the-whole'
  | 'unknown-unit'
  | 'unknown-person'
  | 'has-left'
  | 'to-oneself'
  | 'has-role'
  /** Holds the key of a round under way, for a body outside; whoever has a role is not outside. */
  | 'holds-key';

/** Gives somebody a role, for a unit (a code) and what is below it or for the whole (null). Nobody gives themselves one. */
export async function giveRole(
  main: Main,
  { by }: Permit<'role.give'>,
  wanted: { personId: string; role: string; unit: string | null },
  now: Date,
): Promise<{ ok: true } | { ok: false; refusal: GiveRefusal }> {
  const on = Day.at(now);
  const held = mayHold(wanted.role, wanted.unit);
  if (!held.ok) return held;
  if (wanted.personId === by) return { ok: false, refusal: 'to-oneself' };
  return await main.transaction(async (tx) => {
    // Nor is the key of a round given to them meanwhile: that is only for whoever is outside.
    const [found] = await tx.select().from(person).where(eq(person.id, wanted.personId)).for('update');
    if (!found) return { ok: false, refusal: 'unknown-person' };
    if (!isHere(found, on)) return { ok: false, refusal: 'has-left' };
    if (await holdsKey(tx, found.id)) return { ok: false, refusal: 'holds-key' };
    let unitId: string | null = null;
    if (wanted.unit !== null) {
      const [given] = await tx.select().from(unit).where(eq(unit.code, wanted.unit));
      if (!given || !Day.stands(given, on)) return { ok: false, refusal: 'unknown-unit' };
      unitId = given.id;
    }
    const given = await tx
      .insert(role)
      .values({ personId: found.id, role: held.role, unitId, givenAt: now, givenBy: by })
      .onConflictDoNothing()
      .returning({ id: role.id });
    return given.length > 0 ? { ok: true } : { ok: false, refusal: 'has-role' };
  });
}

/** Whether somebody holds the key of a round under way, for a body outside the municipality. */
async function holdsKey(main: Main, personId: string): Promise<boolean> {
  const mine = and(eq(round.holderId, personId), inArray(round.state, [...underWay]));
  return (await main.select({ id: round.id }).from(round).where(mine).limit(1)).length > 0;
}

/** Whatever was posted as an id: what is no id is nobody's. */
const isRole = (id: string) => sql`${role.id}::text = ${id}`;

/** What role this is; null when there is none of that id. */
export async function roleOf(main: Main, id: string): Promise<string | null> {
  const [held] = await main.select({ role: role.role }).from(role).where(isRole(id));
  return held?.role ?? null;
}

/** Takes a role away. The last one here with HR or operator keeps it: nobody could give it again. */
export async function takeRole(
  main: Main,
  _permit: Permit<'role.give'>,
  id: string,
  now: Date,
): Promise<{ ok: true } | { ok: false; refusal: 'role-gone' | 'last-one' }> {
  return main.transaction(async (tx) => {
    await tx.execute(sql`lock table ${role} in share row exclusive mode`);
    const [held] = await tx.select().from(role).where(isRole(id));
    if (!held) return { ok: false, refusal: 'role-gone' };
    if (held.role === 'hr' || held.role === 'operator') {
      const others = await tx
        .select({ id: role.id })
        .from(role)
        .innerJoin(person, eq(person.id, role.personId))
        .where(and(eq(role.role, held.role), ne(role.personId, held.personId), here(Day.at(now))))
        .limit(1);
      if (others.length === 0) return { ok: false, refusal: 'last-one' };
    }
    await tx.delete(role).where(eq(role.id, id));
    return { ok: true };
  });
}

/** Adds somebody who has no position, such as a politician; imports of people never touch them. */
export async function addExternal(
  main: Main,
  _permit: Permit<'role.give'>,
  who: { name: string; email: string },
  now: Date,
): Promise<
  { ok: true; id: string } | { ok: false; refusal: 'no-name' | 'identity-number' | 'bad-email' | 'known' }
> {
  const name = who.name
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 200)
    .toWellFormed();
  const email = who.email.trim().toLowerCase();
  if (name === '') return { ok: false, refusal: 'no-name' };
  if (IdentityNumber.isIn(name)) return { ok: false, refusal: 'identity-number' };
  if (!isAddress(email)) return { ok: false, refusal: 'bad-email' };
  return main.transaction(async (tx) => {
    await tx.execute(sql`lock table ${person} in share row exclusive mode`);
    const known = await tx
      .select({ id: person.id })
      .from(person)
      .where(and(eq(sql`lower(${person.email})`, email), here(Day.at(now))))
      .limit(1);
    if (known.length > 0) return { ok: false, refusal: 'known' };
    const [added] = await tx.insert(person).values({ name, email }).returning({ id: person.id });
    if (!added) throw new Error('the person was not added');
    return { ok: true, id: added.id };
  });
}

/**
 * Lets somebody go whom no import knows: they leave today, and their sessions and links end. Not who holds the key of a
 * round under way: its answers would wait for nobody.
 */
export async function endExternal(
  main: Main,
  { by }: Permit<'role.give'>,
  id: string,
  now: Date,
): Promise<
  | { ok: true }
  | { ok: false; refusal: 'unknown-person' | 'employed' | 'to-oneself' | 'last-one' | 'holds-key' }
> {
  if (id === by) return { ok: false, refusal: 'to-oneself' };
  return main.transaction(async (tx) => {
    await tx.execute(sql`lock table ${role} in share row exclusive mode`);
    const [found] = await tx.select().from(person).where(eq(person.id, id));
    if (!found) return { ok: false, refusal: 'unknown-person' };
    if (found.employeeNumber !== null) return { ok: false, refusal: 'employed' };
    if (await holdsKey(tx, id)) return { ok: false, refusal: 'holds-key' };
    const on = Day.at(now);
    const holders = await tx
      .select({ role: role.role, personId: role.personId })
      .from(role)
      .innerJoin(person, eq(person.id, role.personId))
      .where(and(inArray(role.role, ['hr', 'operator']), here(on)));
    const own = holders.filter((holder) => holder.personId === id);
    if (own.some((o) => !holders.some((h) => h.role === o.role && h.personId !== id)))
      return { ok: false, refusal: 'last-one' };
    await tx.update(person).set({ leftOn: on }).where(eq(person.id, id));
    await tx.delete(session).where(eq(session.personId, id));
    await tx.delete(signInLink).where(eq(signInLink.personId, id));
    return { ok: true };
  });
}
