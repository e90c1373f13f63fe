import { and, asc, desc, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Actor } from '#domain/access.ts';
import * as Day from '#domain/day.ts';
import { type Evaluated, type Leading, newOtherwise, type Outcome } from '#domain/evaluation.ts';
import { type State, unfrozen } from '#domain/round.ts';
import * as actors from '#server/actors.ts';
import type { Main } from '#server/db.ts';
import type { Gate, Permit } from '#server/gate.ts';
import type { Invited } from '#server/invited.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { note, type RoundRow } from '#server/rounds.ts';
import { assessment, evaluated, person, round, unit } from '#server/schema.ts';

/** Writes down whom a round is of, in the transaction that freezes it. */
export async function keep(tx: Main, roundId: string, leaders: Evaluated[]): Promise<void> {
  if (leaders.length === 0) return;
  const ids = new Map((await tx.select().from(unit)).map(({ id, code }) => [code, id]));
  await tx
    .insert(evaluated)
    .values(
      leaders.map(({ unit, leaderId, outcome }) => ({ roundId, unitId: ids.get(unit)!, leaderId, outcome })),
    );
}

/** Forgets it where the round is thawed, with the notes beside: the next freezing may be of others. */
export async function forget(tx: Main, roundId: string): Promise<void> {
  await tx.delete(assessment).where(eq(assessment.roundId, roundId));
  await tx.delete(evaluated).where(eq(evaluated.roundId, roundId));
}

/** Whom a frozen round is of, by name of unit. */
export const ofRound = (main: Main, roundId: string) =>
  main
    .select({ unit: unit.code, name: unit.name, leader: person.name, outcome: evaluated.outcome })
    .from(evaluated)
    .innerJoin(unit, eq(unit.id, evaluated.unitId))
    .innerJoin(person, eq(person.id, evaluated.leaderId))
    .where(eq(evaluated.roundId, roundId))
    .orderBy(asc(unit.name), asc(unit.code));

/**
 * How many leaders get figures, a guide, and neither; and for how many that differs between the plan's day and today. who: as
 * it would be frozen now; null: it is frozen. null: another survey.
 */
export async function counts(main: Main, of: RoundRow, who: Invited | null, now: Date) {
  if ((await questionnaires.kindOf(main, of.questionnaireId)) !== 'leader') return null;
  const found = who?.leaders ?? (await ofRound(main, of.id));
  const otherwise = newOtherwise(who?.leaders ?? [], Day.at(now)).length;
  const count = (...wanted: Outcome[]) => found.filter(({ outcome }) => wanted.includes(outcome)).length;
  return { figures: count('figures'), guide: count('guide'), exempt: count('new', 'unknown'), otherwise };
}

/** One evaluation, for those it is for. mine: the reader is the leader. */
export type Evaluation = {
  round: { id: string; name: string; questionnaireId: string; state: State; dryRun: boolean };
  unit: { id: string; code: string; name: string };
  leader: string;
  mine: boolean;
  outcome: Outcome;
  subject: { path: string[]; line: (Leading | null)[]; evaluated: string };
};

const columns = {
  round: {
    ...{ id: round.id, name: round.name, questionnaireId: round.questionnaireId },
    ...{ state: round.state, dryRun: round.dryRun },
  },
  unit: { id: unit.id, code: unit.code, name: unit.name },
  leader: person.name,
  leaderId: evaluated.leaderId,
  outcome: evaluated.outcome,
};

/** The evaluation of a unit's leader. Not found and not allowed are the same answer, and the gate gives it. */
export async function find(
  main: Main,
  gate: Gate,
  roundId: string,
  code: string,
): Promise<Evaluation | null> {
  gate.ask('result.list');
  const [row] = await main
    .select({ ...columns, leadings: actors.leadings })
    .from(evaluated)
    .innerJoin(round, eq(round.id, evaluated.roundId))
    .innerJoin(unit, eq(unit.id, evaluated.unitId))
    .innerJoin(person, eq(person.id, evaluated.leaderId))
    .where(
      and(
        eq(evaluated.roundId, roundId),
        eq(unit.code, code),
        inArray(evaluated.outcome, ['figures', 'guide']),
        ne(round.state, 'withdrawn'),
      ),
    );
  if (!row) return null;
  const { leadings, ...about } = row;
  const path = await actors.path(main, code);
  const subject = { path, line: path.map((at) => leadings[at] ?? null), evaluated: row.leaderId };
  gate.ask('evaluation.see', subject);
  return {
    ...about,
    round: { ...row.round, state: row.round.state as State },
    mine: row.leaderId === (gate.actor as Actor).personId,
    subject,
  };
}

/** The evaluations that somebody is in, and those of the leaders whose leader they are: own first, newest round first. */
export async function list(main: Main, gate: Gate) {
  gate.ask('result.list');
  const { personId, leads } = gate.actor as Actor;
  const rows = await main
    .select(columns)
    .from(evaluated)
    .innerJoin(round, eq(round.id, evaluated.roundId))
    .innerJoin(unit, eq(unit.id, evaluated.unitId))
    .innerJoin(person, eq(person.id, evaluated.leaderId))
    .where(
      and(
        inArray(evaluated.outcome, ['figures', 'guide']),
        ne(round.state, 'withdrawn'),
        leads.length > 0 ? undefined : eq(evaluated.leaderId, personId),
      ),
    )
    .orderBy(desc(round.opensAt), asc(unit.name));
  const [pathOf, [now]] = await Promise.all([
    actors.paths(main),
    main.select({ leadings: actors.leadings }).from(sql`(select 1) one`),
  ]);
  const isTheirs = ({ unit: { code }, leaderId }: (typeof rows)[number]) => {
    const path = pathOf(code);
    const line = path.map((at) => now?.leadings[at] ?? null);
    return gate.may('evaluation.see', { path, line, evaluated: leaderId });
  };
  return rows
    .filter(isTheirs)
    .map(({ leaderId, ...row }) => ({ ...row, mine: leaderId === personId }))
    .sort((a, b) => Number(b.mine) - Number(a.mine));
}

export type SinceRefusal = 'day' | 'future' | 'unknown-unit' | 'wrong-state';

/** Writes down since when a unit has had its leader, until the round is frozen. since: as typed. */
export async function setSince(
  main: Main,
  roundId: string,
  code: string,
  since: string,
  now: Date,
  { by }: Permit<'round.names'>,
): Promise<{ ok: true } | { ok: false; refusal: SinceRefusal }> {
  const day = Day.parse(since.trim());
  if (day === null) return { ok: false, refusal: 'day' };
  if (day > Day.at(now)) return { ok: false, refusal: 'future' };
  return await main.transaction(async (tx) => {
    const [found] = await tx.select().from(round).where(eq(round.id, roundId)).for('update');
    if (!found || !unfrozen.includes(found.state as State)) return { ok: false, refusal: 'wrong-state' };
    const [changed] = await tx
      .update(unit)
      .set({ leaderSince: day })
      .where(eq(unit.code, code))
      .returning({ name: unit.name });
    if (!changed) return { ok: false, refusal: 'unknown-unit' };
    await note(tx, roundId, 'leader since', now, by, `${changed.name}: ${day}`);
    return { ok: true };
  });
}
