import { and, eq, gte, isNull, lte, or, sql } from 'drizzle-orm';
import type { Actor, Role } from '#domain/access.ts';
import * as Day from '#domain/day.ts';
import type { Leading } from '#domain/evaluation.ts';
import type { Main } from '#server/db.ts';
import { person, position, role, unit } from '#server/schema.ts';

/** Somebody as the access rules see them today; null when they have left or never were. */
export async function actor(main: Main, personId: string, now: Date): Promise<Actor | null> {
  const today = Day.at(now);
  const [found] = await main.select().from(person).where(eq(person.id, personId));
  if (!found || (found.leftOn !== null && found.leftOn <= today)) return null;
  const stands = and(lte(unit.validFrom, today), or(isNull(unit.validTo), gte(unit.validTo, today)));
  const [given, led, posts] = await Promise.all([
    main
      .select({ role: role.role, unit: unit.code })
      .from(role)
      .leftJoin(unit, eq(role.unitId, unit.id))
      .where(eq(role.personId, personId)),
    main
      .select({ code: unit.code })
      .from(unit)
      .where(and(eq(unit.leaderId, personId), stands)),
    main
      .select({ code: unit.code })
      .from(position)
      .innerJoin(unit, eq(position.unitId, unit.id))
      .where(
        and(
          eq(position.personId, personId),
          lte(position.validFrom, today),
          or(isNull(position.validTo), gte(position.validTo, today)),
        ),
      ),
  ]);
  return {
    personId,
    name: found.name,
    roles: given.map((r) => ({ role: r.role as Role, unit: r.unit })),
    leads: led.map((u) => u.code),
    worksIn: posts.map((u) => u.code),
  };
}

/** Unit codes from the top of the tree down to this unit; empty when there is no such unit. */
export async function path(main: Main, code: string): Promise<string[]> {
  const rows = await main.execute<{ code: string }>(sql`
    with recursive line as (
      select code, parent_id, 0 as up from unit where code = ${code}
      union all
      select u.code, u.parent_id, line.up + 1 from unit u join line on u.id = line.parent_id
    ) select code from line order by up desc`);
  return rows.map((row) => row.code);
}

/** Gives the unit codes from the top to a unit, for any unit, from one look at the tree. */
export async function paths(main: Main): Promise<(code: string) => string[]> {
  const rows = await main.select({ id: unit.id, code: unit.code, parentId: unit.parentId }).from(unit);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byCode = new Map(rows.map((row) => [row.code, row]));
  return (code) => {
    const path: string[] = [];
    for (let at = byCode.get(code); at; at = at.parentId === null ? undefined : byId.get(at.parentId))
      path.unshift(at.code);
    return path;
  };
}

/** Who leads each unit, by code, and until when: their own last day here, or the unit's. As one value in a query. */
export const leadings = sql<Record<string, Leading>>`(
  select coalesce(jsonb_object_agg(led_unit.code, jsonb_build_object(
    'personId', led_by.id, 'until', least(led_unit.valid_to, led_by.left_on - 1))), '{}')
  from ${unit} led_unit join ${person} led_by on led_by.id = led_unit.leader_id)`;
