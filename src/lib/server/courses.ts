import { eq, inArray, sql } from 'drizzle-orm';
import type { Main } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as releases from '#server/releases.ts';
import { unit } from '#server/schema.ts';
import * as steps from '#server/steps.ts';

/** The course of one unit after one round; null: it has none (see steps.courses). */
export async function ofUnit(
  main: Main,
  roundId: string,
  unitCode: string,
  now: Date,
): Promise<steps.Course | null> {
  const [at] = await main.select({ id: unit.id }).from(unit).where(eq(unit.code, unitCode));
  const [found] = at ? await steps.courses(main, now, { roundId, unitIds: [at.id] }) : [];
  return found ?? null;
}

/** The courses of the units somebody leads, works in or represents, which they may see, newest first. */
export async function mine(main: Main, gate: Gate, now: Date): Promise<steps.Course[]> {
  const visible = await releases.list(main, gate);
  const { leads, worksIn, roles } = gate.actor!;
  const spokenFor = roles.filter(({ role }) => role === 'union' || role === 'safety');
  const tops = sql.join(
    [sql`null`, ...spokenFor.flatMap((r) => (r.unit === null ? [] : sql`${r.unit}`))],
    sql`, `,
  );
  const all = spokenFor.some((r) => r.unit === null);
  const represented = await main.execute<{ id: string; code: string }>(sql`
    with recursive line as (
      select id, code from ${unit} where ${all} or code in (${tops})
      union select u.id, u.code from ${unit} u join line on u.parent_id = line.id
    ) select id, code from line`);
  const own = await main
    .select({ id: unit.id })
    .from(unit)
    .where(inArray(unit.code, [...leads, ...worksIn]));
  const seen = new Set(visible.map(({ head, unit: at }) => `${head.roundId} ${at.code}`));
  const speaks = new Set(represented.map(({ code }) => code));
  const found = await steps.courses(main, now, { unitIds: [...own, ...represented].map(({ id }) => id) });
  return found.filter(({ round, unit: at }) => speaks.has(at.code) || seen.has(`${round.id} ${at.code}`));
}
