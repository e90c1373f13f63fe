import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { outAt } from '#domain/access.ts';
import * as Day from '#domain/day.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';
import * as Reading from '#domain/reading.ts';
import * as Release from '#domain/release.ts';
import * as Said from '#domain/said.ts';
import type { Main } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as releases from '#server/releases.ts';
import { programme, questionnaire, round, unit } from '#server/schema.ts';
import * as successions from '#server/successions.ts';

/** The round that a meeting is about. questionnaire: its key. */
export type MeetingRound = {
  id: string;
  name: string;
  questionnaire: string;
  kind: QuestionnaireKind;
  opensAt: Date;
  releasedAt: Date;
};

/** What a point came to in the next round of the same questionnaire, as a reading of its release. */
export type Outcome =
  { of: 'factor'; row: Reading.FactorRow } | { of: 'statement'; row: Reading.StatementRow };

/** When a next round comes: it is open now, opens on a day (ISO), comes some year, or nothing is known. */
export type Ahead = { open: true } | { day: string } | { year: number } | null;

/**
 * The next released round of the same questionnaire. ahead: there is none yet. unseen: this reader sees the unit's
 * figures in it later, at the latest from a day on. shown: group names those whom the unit is counted together with.
 */
export type Next =
  | { state: 'ahead'; ahead: Ahead }
  | { state: 'unseen'; round: string; from: Date }
  | { state: 'shown'; round: string; before: string; group: string | null };

type Following = {
  next: Next;
  outcome: (origin: { source: 'factor' | 'statement'; id: string }) => Outcome | null;
};

/**
 * The round after a meeting's own, and what a unit's figures in it say beside those the meeting had. before: the round
 * that the meeting was about. Those of a unit that this one took over from are compared as on the page of the result:
 * where what was shown then adds up to just this unit.
 */
export async function following(
  main: Main,
  gate: Gate,
  of: MeetingRound,
  { before, released }: { before: releases.InTime | null; released: releases.InTime[] },
  code: string,
  path: string[],
  now: Date,
): Promise<Following> {
  const same = released.filter((one) => one.questionnaire === of.questionnaire);
  const after = same.find(({ head }) => head.releasedAt > of.releasedAt && head.releasedAt <= now);
  const nothing = { outcome: () => null };
  if (!after) return { next: { state: 'ahead', ahead: await ahead(main, of, path, now) }, ...nothing };
  const name = after.head.name;
  const later = await releases.seen(main, gate, after, path);
  const node = later && Release.nodeOfUnit(later, code);
  if (!node) {
    const from = outAt({ ...after.head, promisedBy: releases.subject(after.head, path).promisedBy });
    return { next: { state: 'unseen', round: name, from }, ...nothing };
  }
  const earlier = before ? await releases.seen(main, gate, before, path) : null;
  const since = Reading.since(earlier, later, node, await successions.list(main));
  const beside = { above: null, whole: null };
  return {
    next: {
      state: 'shown',
      round: name,
      before: of.name,
      group: node.part === 'whole' ? null : node.name,
    },
    outcome: ({ source, id }) => {
      if (source === 'factor') {
        const row = Reading.factors(later, node, beside, since).find((one) => one.id === id);
        return row ? { of: source, row } : null;
      }
      const row = Reading.statements(later, node, beside, since).find((one) => one.id === id);
      return row ? { of: source, row } : null;
    },
  };
}

/** When a unit is next asked the same: from the first round to come (its day once approved), else from the programmes. */
async function ahead(main: Main, of: MeetingRound, path: string[], now: Date): Promise<Ahead> {
  const reaches = (ids: typeof round.unitIds | typeof programme.unitIds) =>
    sql`exists (select from ${unit} where ${inArray(unit.code, path)} and ${ids} ? ${unit.id}::text)`;
  const year = (at: Date) => Number(Day.at(at).slice(0, 4));
  const [coming] = await main
    .select({ state: round.state, opensAt: round.opensAt })
    .from(round)
    .innerJoin(questionnaire, eq(questionnaire.id, round.questionnaireId))
    .where(
      and(
        eq(questionnaire.key, of.questionnaire),
        eq(round.dryRun, false),
        inArray(round.state, ['planned', 'approved', 'frozen', 'open']),
        reaches(round.unitIds),
      ),
    )
    .orderBy(round.opensAt)
    .limit(1);
  if (coming?.state === 'planned') return { year: year(coming.opensAt) };
  if (coming?.state === 'open') return { open: true };
  if (coming && coming.opensAt > now) return { day: Day.at(coming.opensAt) };
  const planned = await main
    .select()
    .from(programme)
    .where(
      and(
        eq(programme.questionnaireKey, of.questionnaire),
        isNull(programme.endedAt),
        reaches(programme.unitIds),
      ),
    );
  const years = planned.flatMap((one) =>
    one.firstYear === null
      ? []
      : (Said.yearOfNext({ ...one, firstYear: one.firstYear }, year(of.releasedAt), year(now)) ?? []),
  );
  return years.length > 0 ? { year: Math.min(...years) } : null;
}
