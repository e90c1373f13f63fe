import { and, asc, count, eq, gte, inArray, isNull, lte, or } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import { isHere } from '#domain/person.ts';
import { inTreeOrder } from '#domain/unit.ts';
import type { Main } from '#server/db.ts';
import { person, position, unit } from '#server/schema.ts';

/** A unit in the tree. depth: 0 at the top. own: people whose main position is here. below: those and everybody's under it. */
type TreeUnit = {
  id: string;
  code: string;
  name: string;
  shortName: string | null;
  level: string | null;
  parent: string | null;
  depth: number;
  leader: { id: string; name: string; here: boolean } | null;
  own: number;
  below: number;
};

/** The units that stand on a day (ISO), parents before children, with who leads them and how many work there. */
export async function tree(main: Main, on: string): Promise<TreeUnit[]> {
  const rows = await main
    .select({ unit, leader: { id: person.id, name: person.name, leftOn: person.leftOn } })
    .from(unit)
    .leftJoin(person, eq(unit.leaderId, person.id));
  const posts = await main
    .select({ unitId: position.unitId, staff: count() })
    .from(position)
    .where(
      and(
        eq(position.main, true),
        lte(position.validFrom, on),
        or(isNull(position.validTo), gte(position.validTo, on)),
      ),
    )
    .groupBy(position.unitId);
  const codeOf = new Map(rows.map((row) => [row.unit.id, row.unit.code]));
  const staff = new Map(posts.map((post) => [post.unitId, post.staff]));
  const standing = rows
    .filter((row) => Day.stands(row.unit, on))
    .map(({ unit: { id, code, name, shortName, level, parentId }, leader }) => ({
      id,
      code,
      name,
      shortName,
      level,
      parent: parentId === null ? null : (codeOf.get(parentId) ?? null),
      leader: leader && { id: leader.id, name: leader.name, here: isHere(leader, on) },
      own: staff.get(id) ?? 0,
      below: staff.get(id) ?? 0,
    }));
  const ordered = inTreeOrder(standing).map(({ unit: found, depth }) => ({ ...found, depth }));
  const byCode = new Map(ordered.map((found) => [found.code, found]));
  for (const found of ordered.toReversed()) {
    const above = found.parent === null ? undefined : byCode.get(found.parent);
    if (above) above.below += found.below;
  }
  return ordered;
}

/** Units by their codes. */
export const unitsOf = (main: Main, codes: string[]): Promise<{ id: string; code: string; name: string }[]> =>
  main
    .select({ id: unit.id, code: unit.code, name: unit.name })
    .from(unit)
    .where(inArray(unit.code, codes))
    .orderBy(asc(unit.code));

/** The codes of units, by their ids. */
export const codesOf = async (main: Main, ids: string[]): Promise<string[]> =>
  (await main.select({ code: unit.code }).from(unit).where(inArray(unit.id, ids))).map(({ code }) => code);

/** Every unit's name, by code. */
export async function unitNames(main: Main): Promise<Map<string, string>> {
  const all = await main.select({ code: unit.code, name: unit.name }).from(unit);
  return new Map(all.map((u) => [u.code, u.name]));
}

/** The units that a round may be planned for, parents before children, with their depth from the top. */
export async function unitsToAsk(main: Main, on: string) {
  const all = await main
    .select()
    .from(unit)
    .where(and(lte(unit.validFrom, on), or(isNull(unit.validTo), gte(unit.validTo, on))))
    .orderBy(asc(unit.name));
  const listed: { code: string; name: string; depth: number }[] = [];
  const walk = (parentId: string | null, depth: number) => {
    for (const u of all.filter((one) => one.parentId === parentId)) {
      listed.push({ code: u.code, name: u.name, depth });
      walk(u.id, depth + 1);
    }
  };
  walk(null, 0);
  return listed;
}
