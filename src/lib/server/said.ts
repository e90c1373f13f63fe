import { and, desc, eq, inArray, isNotNull, isNull, ne } from 'drizzle-orm';
import type { Actor } from '#domain/access.ts';
import * as Day from '#domain/day.ts';
import type { Answering } from '#domain/language.ts';
import type { Kind } from '#domain/point.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';
import type { TreeNode } from '#domain/round.ts';
import * as Said from '#domain/said.ts';
import { m } from '#messages';
import * as actors from '#server/actors.ts';
import type { Main } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as measures from '#server/measures.ts';
import * as points from '#server/points.ts';
import * as releases from '#server/releases.ts';
import { following, type MeetingRound, type Next, type Outcome } from '#server/said-next.ts';
import { measurePoint, meeting, questionnaire, release, round, unit } from '#server/schema.ts';
import * as successions from '#server/successions.ts';

/** A meeting that has agreed, about a result that stands. */
type Agreed = {
  id: string;
  unitId: string;
  agreedAt: Date;
  fewerReason: string | null;
  round: MeetingRound;
};

/** The agreed meetings of every unit, newest release first. */
async function agreed(main: Main): Promise<Agreed[]> {
  const rows = await main
    .select({
      id: meeting.id,
      unitId: meeting.unitId,
      agreedAt: meeting.agreedAt,
      fewerReason: meeting.fewerReason,
      round: {
        id: round.id,
        name: round.name,
        questionnaire: questionnaire.key,
        kind: questionnaire.kind,
        opensAt: round.opensAt,
        releasedAt: release.releasedAt,
      },
    })
    .from(meeting)
    .innerJoin(round, eq(round.id, meeting.roundId))
    .innerJoin(release, eq(release.roundId, round.id))
    .innerJoin(questionnaire, eq(questionnaire.id, round.questionnaireId))
    .where(
      and(
        isNotNull(meeting.agreedAt),
        isNull(release.withdrawnAt),
        eq(round.dryRun, false),
        ne(questionnaire.kind, 'leader'),
      ),
    )
    .orderBy(desc(release.releasedAt), desc(meeting.agreedAt), meeting.id);
  return rows as Agreed[];
}

/** former: the unit whose meeting it was, where another took over from it. */
type Told = Agreed & { former: successions.Former | null };

/**
 * Gives those of some meetings that speak of just the people who are in a unit now: its own (former null), and those of a
 * unit that it is the same people as, about rounds that opened before any that took over stood.
 */
async function telling(main: Main, now: Date) {
  const formerOf = await successions.former(main, now);
  return (of: successions.UnitRow, meetings: Agreed[]): Told[] => {
    const olders = formerOf(of);
    return meetings.flatMap((one): Told[] => {
      if (one.unitId === of.id) return [{ ...one, former: null }];
      const former = olders.find(({ id }) => id === one.unitId);
      return former && Day.at(one.round.opensAt) < former.before ? [{ ...one, former }] : [];
    });
  };
}

/** The points of some meetings with the measures that serve each. */
async function chosen(main: Main, meetings: Agreed[], now: Date) {
  const found = await points.list(main, { meetingIds: meetings.map(({ id }) => id) });
  const pointIds = found.map(({ id }) => id);
  const [tied, rows] = await Promise.all([
    main.select().from(measurePoint).where(inArray(measurePoint.pointId, pointIds)),
    measures.list(main, { pointIds }, now),
  ]);
  return found.map((point) => ({
    ...point,
    measures: rows.filter(({ id }) => tied.some((t) => t.pointId === point.id && t.measureId === id)),
  }));
}

/** A meeting as those who work in the unit are told of it: what was chosen, what is done, what came of it. */
export type MeetingSaid = Omit<Agreed, 'unitId'> & {
  /** The name of the unit whose meeting it was, where this one took over from it. */
  former: string | null;
  next: Next;
  points: {
    id: string;
    kind: Kind;
    title: string;
    measures: measures.MeasureRow[];
    /** null: the point is in the room's own words, or there is nothing to show yet. */
    outcome: Outcome | null;
    /** Whether its figure can show what came of it, now or later. */
    measured: boolean;
  }[];
};

type UnitSaid = {
  unit: { code: string; name: string };
  /** The newest meeting of each questionnaire, and those before, both newest first. */
  newest: MeetingSaid[];
  older: MeetingSaid[];
};

/** What came of a unit's answers, as somebody may see it. null: no such unit. */
export async function ofUnit(main: Main, gate: Gate, code: string, now: Date): Promise<UnitSaid | null> {
  const path = await actors.path(main, code);
  gate.ask('said.see', { path });
  const [about] = await main.select().from(unit).where(eq(unit.code, code));
  if (!about) return null;
  const meetings = (await telling(main, now))(about, await agreed(main));
  const [all, released] = await Promise.all([chosen(main, meetings, now), releases.inTime(main, code)]);
  const keys = new Map(meetings.map(({ id, round }) => [id, round.questionnaire]));
  const known = new Map(all.map((p) => [p.id, { ...p, questionnaire: keys.get(p.meeting.id)! }]));

  const said: MeetingSaid[] = [];
  // One after the other: neighbours share a release, and few are kept as they were parsed.
  for (const { unitId: _, former, ...one } of meetings) {
    const olds = former ? await releases.inTime(main, former.code) : released;
    const before = olds.find(({ head }) => head.roundId === one.round.id) ?? null;
    const found = await following(main, gate, one.round, { before, released }, code, path, now);
    const own = all.filter((p) => p.meeting.id === one.id);
    said.push({
      ...one,
      former: former?.name ?? null,
      next: found.next,
      points: own.map(({ id, kind, title, measures }) => {
        const origin = Said.origin(known.get(id)!, known);
        const outcome = origin && found.outcome(origin);
        return { id, kind, title, measures, outcome, measured: origin !== null };
      }),
    });
  }
  return { unit: { code, name: about.name }, ...Said.shelved(said) };
}

/** A unit in somebody's list. newest: the round whose meeting agreed last; null: none has. */
type ListedUnit = {
  unit: { code: string; name: string };
  /** Led by the reader, or where they work or have a role. */
  own: boolean;
  newest: { round: string; agreedAt: Date } | null;
};

/** The units that somebody may read of: their own, and those they follow in which something has been agreed; by name. */
export async function list(main: Main, gate: Gate, now: Date): Promise<ListedUnit[]> {
  gate.ask('said.list');
  const actor = gate.actor as Actor;
  const own = new Set([...actor.leads, ...actor.worksIn, ...actor.roles.flatMap((r) => r.unit ?? [])]);
  const today = Day.at(now);
  const [units, pathOf, meetings, told] = await Promise.all([
    main.select().from(unit),
    actors.paths(main),
    agreed(main),
    telling(main, now),
  ]);
  return units
    .filter((one) => Day.stands(one, today) && gate.may('said.see', { path: pathOf(one.code) }))
    .map((one) => {
      const [newest] = told(one, meetings);
      return {
        unit: { code: one.code, name: one.name },
        own: own.has(one.code),
        newest: newest ? { round: newest.round.name, agreedAt: newest.agreedAt } : null,
      };
    })
    .filter((one) => one.own || one.newest !== null)
    .sort((a, b) => a.unit.name.localeCompare(b.unit.name, 'nb'));
}

const words = (locale: Answering): Said.Words => ({
  kind: { keep: m.point_keep({}, { locale }), improve: m.point_improve({}, { locale }) },
  status: {
    'not-started': m.measure_not_started({}, { locale }),
    'in-progress': m.measure_in_progress({}, { locale }),
    'on-hold': m.measure_on_hold({}, { locale }),
    done: m.measure_done({}, { locale }),
    dropped: m.measure_dropped({}, { locale }),
  },
  more: (count) => m.said_more({ count }, { locale }),
});

/**
 * What each group of a round is told of last time, in each language: from the newest agreed meeting of each of its
 * units, or of a unit that it was before, about a survey that asked the same people. A group has one text, whoever reads it.
 */
export async function last(
  main: Main,
  nodes: TreeNode[],
  kind: QuestionnaireKind,
  now: Date,
): Promise<(node: TreeNode, locale: Answering) => string | null> {
  const codes = [...new Set(nodes.flatMap(({ units }) => units))];
  const units = await main.select().from(unit).where(inArray(unit.code, codes));
  const [meetings, told] = await Promise.all([agreed(main), telling(main, now)]);
  const newest = units.flatMap((of) => {
    const found = told(of, meetings).find((one) => Said.askSame(one.round.kind, kind));
    return found ? [{ code: of.code, name: (found.former ?? of).name, meeting: found }] : [];
  });
  const all = await chosen(
    main,
    newest.map((one) => one.meeting),
    now,
  );
  const texts = new Map(
    newest.map(({ code, name, meeting: { id, round } }): [string, Said.Told] => [
      code,
      { unit: name, round: round.name, points: all.filter((p) => p.meeting.id === id) },
    ]),
  );
  return (node, locale) =>
    Said.last(
      node.units.flatMap((code) => texts.get(code) ?? []),
      words(locale),
    );
}
