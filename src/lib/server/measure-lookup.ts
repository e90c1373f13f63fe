import { sql } from 'drizzle-orm';
import * as Measure from '#domain/measure.ts';
import type { Main } from '#server/db.ts';
import * as measures from '#server/measures.ts';
import { measure, measurePoint, meeting, point, questionnaire, round } from '#server/schema.ts';

/** Found for the same theme, or by words. sameTheme: it serves a point about the same factor or statement. */
export type Found = measures.MeasureRow & { sameTheme: boolean };

/**
 * What others have done about the same: measures that serve points about the same factor or statement of the same
 * questionnaire (carried over or not), and those whose words are alike. The nearest are taken, those that helped first.
 * Without the units in `not` (ids).
 */
export async function alike(
  main: Main,
  about: { pointId?: string | null; text?: string; not?: string[] },
  now: Date,
  most = 12,
): Promise<Found[]> {
  const { pointId = null, text = '', not = [] } = about;
  const own = sql.join([sql`null`, ...not.map((id) => sql`${id}::uuid`)], sql`, `);
  const rows = await main.execute<{ id: string; same: boolean }>(sql`
    with recursive root as (
      select p.id, p.source, p.ref, p.meeting_id from ${point} p where p.id = ${pointId}::uuid
      union
      select p.id, p.source, p.ref, p.meeting_id from ${point} p join root on root.source = 'earlier' and p.id::text = root.ref
    ), about as (
      select p.id, p.source, p.ref, q.key from ${point} p
      join ${meeting} met on met.id = p.meeting_id
      join ${round} r on r.id = met.round_id
      join ${questionnaire} q on q.id = r.questionnaire_id
    ), same as (
      select a.id from about a
      join root on root.source in ('factor', 'statement') and root.source = a.source and root.ref = a.ref
      join about mine on mine.id = root.id and mine.key = a.key
      union
      select p.id from ${point} p join same on p.source = 'earlier' and p.ref = same.id::text
    ), found as (
      select mp.measure_id as id, true as same, 0::real as rank from ${measurePoint} mp join same on same.id = mp.point_id
      union all
      select ${measure.id}, false, ts_rank(${measures.searched}, asked.words)
      from ${measure}, (select ${measures.anyWord(text)} as words) asked where ${measures.searched} @@ asked.words
    )
    select found.id, bool_or(found.same) as same from found join ${measure} on ${measure.id} = found.id
    where (${measure.unitId} in (${own})) is not true
    group by found.id order by bool_or(found.same) desc, max(found.rank) desc, found.id limit ${most}`);
  const same = new Map(rows.map((row) => [row.id, row.same]));
  const listed = await measures.list(main, { ids: [...same.keys()] }, now);
  const nearest = [...same.keys()].flatMap((id) => listed.filter((one) => one.id === id));
  return Measure.helpfulFirst(nearest.map((one) => ({ ...one, sameTheme: same.get(one.id) ?? false })));
}
