import { and, asc, eq, gte, sql } from 'drizzle-orm';
import type { Actor } from '#domain/access.ts';
import * as Calendar from '#domain/calendar.ts';
import * as Day from '#domain/day.ts';
import type { Main } from '#server/db.ts';
import * as occurrences from '#server/occurrences.ts';
import { occurrence, release, round, unit } from '#server/schema.ts';

/** Something in the calendar. name: of the round or the programme; null: the same for all (a tertial report). */
export type Entry = {
  /** Stable: the same when a run becomes a round, and when its day moves. */
  uid: string;
  day: string;
  kind: Calendar.Kind;
  nth: number;
  name: string | null;
  roundId: string | null;
  run: { programmeId: string; year: number } | null;
};

/** Whether something that asks some units (ids) concerns somebody. */
type Concern = (unitIds: string[]) => boolean;

/**
 * What of the calendar concerns somebody: everything for HR, operators, data protection officers and whoever has a role
 * for the whole municipality; for others what asks a unit they lead or have a role for, one above it or one below.
 */
export async function concerns(main: Main, actor: Actor): Promise<Concern> {
  const isWhole = actor.roles.some(
    ({ role, unit: at }) => ['hr', 'operator', 'dpo'].includes(role) || (at === null && role !== 'committee'),
  );
  if (isWhole) return () => true;
  const units = await main.select({ id: unit.id, code: unit.code, parentId: unit.parentId }).from(unit);
  const parentOf = new Map(units.map(({ id, parentId }) => [id, parentId]));
  const line = (id: string) => {
    const up = new Set<string>();
    for (let at: string | null = id; at !== null && !up.has(at); at = parentOf.get(at) ?? null) up.add(at);
    return up;
  };
  const codes = [...actor.leads, ...actor.roles.flatMap(({ unit: at }) => at ?? [])];
  const own = units.filter(({ code }) => codes.includes(code)).map(({ id }) => id);
  const near = new Set(own.flatMap((id) => [...line(id)]));
  for (const { id } of units) if (own.some((mine) => line(id).has(mine))) near.add(id);
  return (unitIds) => unitIds.some((id) => near.has(id));
}

/** The days from one to another, both among them, of every round in earnest and every run to come that concern somebody. */
export async function entries(
  main: Main,
  now: Date,
  concern: Concern,
  { from, to }: { from: string; to: string },
): Promise<Entry[]> {
  const found = [...(await ofRounds(main, from, concern)), ...(await ofRuns(main, now, concern))];
  const within = found.filter(({ day }) => day >= from && day <= to);
  const once = new Map(within.map((entry) => [entry.uid, entry]));
  const rank = ({ kind }: Entry) => Calendar.kinds.indexOf(kind);
  return [...once.values()].sort(
    (a, b) =>
      compare(a.day, b.day) ||
      rank(a) - rank(b) ||
      compare(a.name ?? '', b.name ?? '') ||
      compare(a.uid, b.uid),
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

async function ofRounds(main: Main, from: string, concern: Concern): Promise<Entry[]> {
  // The last report that follows a round comes within two years of its stop.
  const since = new Date(`${Day.plus(from, -730)}T00:00:00Z`);
  const rows = await main
    .select({ round, releasedAt: release.releasedAt, run: occurrence })
    .from(round)
    .leftJoin(release, eq(release.roundId, round.id))
    .leftJoin(occurrence, eq(occurrence.roundId, round.id))
    .where(and(eq(round.dryRun, false), sql`${round.state} <> 'withdrawn'`, gte(round.stopsAt, since)))
    .orderBy(asc(round.id));
  return rows
    .filter(({ round: { unitIds } }) => concern(unitIds))
    .flatMap(({ round: of, releasedAt, run }) => {
      const days = Calendar.deadlines(Calendar.windowAt(of), releasedAt ? Day.at(releasedAt) : undefined);
      return days.map((one) =>
        entry(one, {
          name: of.name,
          roundId: of.id,
          run: run && { programmeId: run.programmeId, year: run.year },
        }),
      );
    });
}

async function ofRuns(main: Main, now: Date, concern: Concern): Promise<Entry[]> {
  const today = Day.at(now);
  const year = Number(today.slice(0, 4));
  const all = await occurrences.runs(main, year - 1, year + occurrences.yearsAhead);
  return all
    .filter((run) => run.round === null && run.opensOn > today)
    .filter(({ programme: of }) => concern(of.units.map(({ id }) => id)))
    .flatMap((run) =>
      Calendar.deadlines(run).map((one) =>
        entry(one, {
          name: `${run.programme.name} ${run.year}`,
          roundId: null,
          run: { programmeId: run.programme.id, year: run.year },
        }),
      ),
    );
}

function entry(one: Calendar.Deadline, of: Pick<Entry, 'name' | 'roundId' | 'run'>): Entry {
  const { kind, nth, day } = one;
  if (kind === 't1' || kind === 't2' || kind === 'annual')
    return { uid: `${day.slice(0, 4)}-${kind}`, day, kind, nth, name: null, roundId: null, run: null };
  const whose = of.run ? `${of.run.programmeId}-${of.run.year}` : of.roundId;
  return { uid: `${whose}-${kind}${nth || ''}`, day, kind, nth, ...of };
}
