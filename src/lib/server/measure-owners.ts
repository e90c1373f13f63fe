import { sql } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import type { Main } from '#server/db.ts';
import { measure, person, position, unit } from '#server/schema.ts';

/** Somebody who may answer for a measure. */
export type Candidate = { id: string; name: string; title: string | null };

/**
 * Who may own a unit's measures (a code): those who work in it, and those who lead it, a unit above or one below. By
 * name; personId: that person only.
 */
export async function candidates(
  main: Main,
  code: string,
  now: Date,
  personId?: string,
): Promise<Candidate[]> {
  const today = Day.at(now);
  return await main.execute<Candidate>(sql`
    with recursive above as (
      select u.id, u.parent_id, u.leader_id, 0 as up from ${unit} u where u.code = ${code}
      union all
      select u.id, u.parent_id, u.leader_id, above.up + 1 from ${unit} u join above on u.id = above.parent_id
    ), below as (
      select id, leader_id from above where up = 0
      union
      select u.id, u.leader_id from ${unit} u join below on u.parent_id = below.id
      where u.valid_from <= ${today} and (u.valid_to is null or u.valid_to >= ${today})
    ), current as (
      select * from ${position} where valid_from <= ${today} and (valid_to is null or valid_to >= ${today})
    )
    select p.id, p.name, (
      select c.title from current c where c.person_id = p.id order by c.main desc, c.key limit 1) as title
    from ${person} p
    where (p.left_on is null or p.left_on > ${today})
      and (p.id in (select leader_id from above) or p.id in (select leader_id from below)
        or p.id in (select c.person_id from current c join above on above.id = c.unit_id and above.up = 0))
      ${personId === undefined ? sql`` : sql`and p.id::text = ${personId}`}
    order by p.name, p.id`);
}

export const mayOwn = async (main: Main, code: string, personId: string, now: Date): Promise<boolean> =>
  (await candidates(main, code, now, personId)).length > 0;

/**
 * Whether a measure's owner could be chosen for it on this day: the same rule as the candidates, asked of one measure
 * after the other. False where no person owns it.
 */
export const isCandidate = (today: string) => sql<boolean>`(
  exists (
    select from ${position} c
    where c.person_id = ${measure.ownerId} and c.unit_id = ${measure.unitId}
      and c.valid_from <= ${today} and (c.valid_to is null or c.valid_to >= ${today}))
  or exists (
    with recursive above as (
      select u.parent_id, u.leader_id from ${unit} u where u.id = ${measure.unitId}
      union all
      select u.parent_id, u.leader_id from ${unit} u join above on u.id = above.parent_id
    ) select from above where leader_id = ${measure.ownerId})
  or exists (
    with recursive above as (
      select u.id, u.parent_id from ${unit} u
      where u.leader_id = ${measure.ownerId}
        and u.valid_from <= ${today} and (u.valid_to is null or u.valid_to >= ${today})
      union all
      select u.id, u.parent_id from ${unit} u join above on u.id = above.parent_id
      where u.valid_from <= ${today} and (u.valid_to is null or u.valid_to >= ${today})
    ) select from above where id = ${measure.unitId}))`;
