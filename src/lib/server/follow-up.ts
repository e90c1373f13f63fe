import { inArray, sql } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import * as FollowUp from '#domain/follow-up.ts';
import { over } from '#domain/measure.ts';
import * as Report from '#domain/report.ts';
import { inTreeOrder } from '#domain/unit.ts';
import type { Main } from '#server/db.ts';
import { isAddress } from '#server/mail.ts';
import { courses } from '#server/steps.ts';

/** Whether somebody may follow a unit, by its path. The gate answers. */
type Sees = (path: string[]) => boolean;

type Unit = FollowUp.Row['unit'] & Pick<FollowUp.Row, 'leader' | 'report' | 'effects'>;

type Overview = {
  /** Rounds that some of the units were in, newest first. */
  rounds: { id: string; name: string }[];
  round: { id: string; name: string } | null;
  /** The units that were in the round, in the order of the tree. */
  rows: FollowUp.Row[];
  /** Units with others below them. */
  areas: { code: string; name: string; depth: number }[];
};

/** How far every unit has come that somebody may follow, after a round; without one that is there, after the newest. */
export async function overview(main: Main, sees: Sees, roundId: string | null, now: Date): Promise<Overview> {
  const [units, released] = await Promise.all([standing(main, sees, now), releasedRounds(main, now)]);
  const codes = new Set(units.map(({ code }) => code));
  const rounds = released.filter((one) => one.codes.some((code) => codes.has(code)));
  const round = rounds.find(({ id }) => id === roundId) ?? rounds[0] ?? null;
  const found = round ? await courses(main, now, { roundId: round.id }) : [];
  const courseOf = new Map(found.map((one) => [one.unit.code, one]));
  const today = Day.at(now);
  const rows = units.flatMap(({ leader, report, effects, ...unit }): FollowUp.Row[] => {
    const course = courseOf.get(unit.code);
    if (!course) return [];
    const { steps, overtaken } = course;
    return [{ unit, leader, report, effects, steps, overtaken, over: FollowUp.over(course, today) }];
  });
  const above = new Set(units.map(({ path }) => path.at(-2)));
  return {
    rounds: rounds.map(({ id, name }) => ({ id, name })),
    round: round && { id: round.id, name: round.name },
    rows,
    areas: units
      .filter(({ code }) => above.has(code))
      .map(({ code, name, depth }) => ({ code, name, depth })),
  };
}

/** The units that stand today, in the order of the tree, with their leader, newest report and how many finished measures are answered for: one query for all. */
async function standing(main: Main, sees: Sees, now: Date): Promise<Unit[]> {
  const today = Day.at(now);
  const rows = await main.execute<{
    code: string;
    name: string;
    parent: string | null;
    leader: string | null;
    email: string | null;
    report: (Report.Period & { id: string; handedAt: string | null }) | null;
    effects: FollowUp.Effects;
  }>(sql`
    select u.code, u.name, above.code as parent, leader.name as leader, leader.email,
           (select jsonb_build_object('id', r.id, 'period', r.period, 'year', r.year, 'handedAt', r.handed_at)
            from report r where r.unit_id = u.id order by r.year desc, r.period <> 'annual', r.period desc limit 1) as report,
           (select jsonb_build_object('finished', count(*), 'answered', count(e.measure_id))
            from measure one left join measure_effect e on e.measure_id = one.id
            where one.unit_id = u.id and ${inArray(sql`one.status`, over)}) as effects
    from unit u
    left join unit above on above.id = u.parent_id
    left join person leader on leader.id = u.leader_id and (leader.left_on is null or leader.left_on > ${today})
    where u.valid_from <= ${today} and (u.valid_to is null or u.valid_to >= ${today})`);
  const paths = new Map<string, string[]>();
  return inTreeOrder([...rows]).flatMap(
    ({ unit: { code, name, parent, leader, email, report, effects }, depth }) => {
      const path = [...((parent !== null && paths.get(parent)) || []), code];
      paths.set(code, path);
      if (!sees(path)) return [];
      return [
        {
          ...{ code, name, depth, path, effects },
          leader: leader === null ? null : { name: leader, hasMail: email !== null && isAddress(email) },
          report: report && {
            ...{ id: report.id, period: report.period, year: report.year },
            handedOn: report.handedAt === null ? null : Day.at(new Date(report.handedAt)),
            late: report.handedAt === null && Report.isLate(report, now),
          },
        },
      ];
    },
  );
}

/** Released rounds that others than leaders are to talk about, newest first, with the codes of the units in them. */
async function releasedRounds(main: Main, now: Date) {
  const rows = await main.execute<{ id: string; name: string; codes: string[] }>(sql`
    select r.id, r.name,
           array(select distinct jsonb_array_elements_text(n->'units')
                 from jsonb_array_elements(r.tree->'nodes') n) as codes
    from release rel
    join round r on r.id = rel.round_id
    join questionnaire q on q.id = r.questionnaire_id
    where rel.withdrawn_at is null and not r.dry_run and q.kind <> 'leader' and rel.released_at <= ${now.toISOString()}
    order by rel.released_at desc, r.id`);
  return [...rows];
}
