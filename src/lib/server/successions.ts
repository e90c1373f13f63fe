import { and, asc, eq } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import * as Day from '#domain/day.ts';
import { comesFrom, formerly, type Succession } from '#domain/history.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { person, succession, unit } from '#server/schema.ts';

const older = alias(unit, 'older');

/** All that has been said of which unit took over from which. */
export const list = (main: Main): Promise<Succession> =>
  main
    .select({ unit: unit.code, from: older.code, on: succession.on })
    .from(succession)
    .innerJoin(unit, eq(unit.id, succession.unitId))
    .innerJoin(older, eq(older.id, succession.fromId));

export type UnitRow = Pick<typeof unit.$inferSelect, 'id' | 'code' | 'name' | 'validFrom' | 'validTo'>;
/** before: the first day (ISO) that a unit which took over from this one stood. */
export type Former = UnitRow & { before: string };

/** Gives, for any unit, those that it is the same people as today (domain/history.ts), newest first. */
export async function former(main: Main, now: Date): Promise<(of: UnitRow) => Former[]> {
  const moves = (await list(main)).filter(({ on }) => on <= Day.at(now));
  const units: UnitRow[] = await main.select().from(unit);
  const byCode = new Map(units.map((one) => [one.code, one]));
  const hasEnded = (code: string) => !Day.stands(byCode.get(code)!, Day.at(now));
  return (of) => {
    let before = of.validFrom;
    return formerly(moves, of.code, hasEnded).map((code) => {
      const found = { ...byCode.get(code)!, before };
      if (found.validFrom < before) before = found.validFrom;
      return found;
    });
  };
}

/** A unit with those it took over from; null: there is none. */
export async function find(main: Main, id: string) {
  const [found] = await main
    .select({ unit, leader: person.name })
    .from(unit)
    .leftJoin(person, eq(person.id, unit.leaderId))
    .where(eq(unit.id, id));
  if (!found) return null;
  const from = await main
    .select({ id: older.id, name: older.name, code: older.code, validTo: older.validTo, on: succession.on })
    .from(succession)
    .innerJoin(older, eq(older.id, succession.fromId))
    .where(eq(succession.unitId, id))
    .orderBy(asc(older.name), asc(older.code));
  return { ...found.unit, leader: found.leader, from };
}

/** Every unit there has been, those that have ended first, by name. */
export const all = (main: Main) =>
  main
    .select({ id: unit.id, code: unit.code, name: unit.name, validTo: unit.validTo })
    .from(unit)
    .orderBy(asc(unit.validTo), asc(unit.name), asc(unit.code));

export type SayRefusal =
  | 'unknown'
  /** A unit does not come from itself, nor from what came from it. */
  | 'circle'
  | 'day'
  | 'said';

/** HR says that a unit took over the staff of another on a day, all of them or some. */
export async function say(
  main: Main,
  of: { unitId: string; fromCode: string; on: string },
  now: Date,
  { by }: Permit<'unit.succeed'>,
): Promise<{ ok: true } | { ok: false; refusal: SayRefusal }> {
  const on = Day.parse(of.on);
  if (on === null) return { ok: false, refusal: 'day' };
  return await main.transaction(async (tx) => {
    const units = await tx.select({ id: unit.id, code: unit.code }).from(unit).for('update');
    const taker = units.find(({ id }) => id === of.unitId);
    const from = units.find(({ code }) => code === of.fromCode);
    if (!taker || !from) return { ok: false, refusal: 'unknown' };
    if (comesFrom(await list(tx), from.code, taker.code)) return { ok: false, refusal: 'circle' };
    const said = await tx
      .insert(succession)
      .values({ unitId: taker.id, fromId: from.id, on, at: now, byId: by })
      .onConflictDoNothing()
      .returning({ on: succession.on });
    return said.length > 0 ? { ok: true } : { ok: false, refusal: 'said' };
  });
}

/** Takes back what was said. Nothing is stored of figures, so that every page is right again at once. */
export async function unsay(
  main: Main,
  of: { unitId: string; fromId: string },
  _permit: Permit<'unit.succeed'>,
): Promise<void> {
  const same = and(eq(succession.unitId, of.unitId), eq(succession.fromId, of.fromId));
  await main.delete(succession).where(same);
}
