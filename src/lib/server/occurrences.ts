import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm';
import * as Calendar from '#domain/calendar.ts';
import * as Day from '#domain/day.ts';
import * as Programme from '#domain/programme.ts';
import type { State } from '#domain/round.ts';
import type { Main } from '#server/db.ts';
import { type Permit, permitForMachine } from '#server/gate.ts';
import * as house from '#server/house.ts';
import * as programmes from '#server/programmes.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { occurrence, programme, questionnaire, release, round } from '#server/schema.ts';
import * as settings from '#server/settings.ts';
import * as tasks from '#server/tasks.ts';

/** Years ahead that the calendar shows. */
export const yearsAhead = 10;

/** One run of a programme, and the round it has become. With a round, its days are the round's own. */
export type Run = Programme.Run & {
  programme: programmes.ProgrammeRow;
  /** Where the rule puts it. */
  rule: string;
  round: { id: string; state: State } | null;
  releasedOn: string | undefined;
};

/** The runs of every programme in some years, both among them; of one that has ended only those that became a round. */
export async function runs(main: Main, from: number, to: number): Promise<Run[]> {
  const [all, kept] = await Promise.all([
    programmes.list(main),
    main
      .select({ occurrence, round, releasedAt: release.releasedAt })
      .from(occurrence)
      .leftJoin(round, eq(round.id, occurrence.roundId))
      .leftJoin(release, eq(release.roundId, round.id))
      .orderBy(asc(occurrence.year)),
  ]);
  return all.flatMap((of) => {
    const own = kept.filter((row) => row.occurrence.programmeId === of.id);
    const moves = movesOf(own.map((row) => row.occurrence));
    const ruled = of.ended ? [] : Programme.runs(of, from, to, moves);
    const others = own.filter(
      ({ round: became, occurrence: { year } }) =>
        became && year >= from && year <= to && !ruled.some((run) => run.year === year),
    );
    const outside = others.map(({ occurrence: { year } }) => ({
      ...Calendar.windowOf(of, year),
      year,
      moved: false,
    }));
    return [...ruled, ...outside].map((run): Run => {
      const { round: became = null, releasedAt = null } =
        own.find((row) => row.occurrence.year === run.year) ?? {};
      const window = became ? Calendar.windowAt(became) : run;
      const rule = Calendar.windowOf(of, run.year).opensOn;
      const moved = window.opensOn !== rule;
      return {
        ...{ ...run, ...window, rule, moved },
        why: moved ? null : run.why,
        programme: of,
        round: became && { id: became.id, state: became.state as State },
        releasedOn: releasedAt ? Day.at(releasedAt) : undefined,
      };
    });
  });
}

const movesOf = (kept: { year: number; movedTo: string | null }[]) =>
  new Map(kept.flatMap(({ year, movedTo }) => (movedTo === null ? [] : [[year, movedTo] as const])));

export type MoveRefusal = Calendar.MoveRefusal | 'gone' | 'approved';

/** Moves the opening of one run (null: back to the rule), and the round with it while that is only planned. */
export async function move(
  main: Main,
  id: string,
  year: number,
  to: string | null,
  now: Date,
  permit: Permit<'programme.change'>,
): Promise<{ ok: true } | { ok: false; refusal: MoveRefusal }> {
  return await main.transaction(async (tx) => {
    await tx.select({ id: programme.id }).from(programme).where(eq(programme.id, id)).for('update');
    const run = (await runs(tx, year, year)).find((one) => one.programme.id === id);
    if (!run || run.programme.ended) return { ok: false, refusal: 'gone' };
    const { windowDays } = run.programme;
    const opensOn = to ?? run.rule;
    const fault = Calendar.moveFault(opensOn, run.rule, windowDays, Day.at(now));
    if (fault) return { ok: false, refusal: fault };
    if (run.round) {
      const days = daysOf(Calendar.windowFrom(opensOn, windowDays));
      const moved = await rounds.reschedule(tx, run.round.id, days, now, permit);
      if (!moved.ok) return { ok: false, refusal: 'approved' };
    }
    const movedTo = opensOn === run.rule ? null : opensOn;
    await tx
      .insert(occurrence)
      .values({ programmeId: id, year, movedTo })
      .onConflictDoUpdate({ target: [occurrence.programmeId, occurrence.year], set: { movedTo } });
    return { ok: true };
  });
}

/** A window as a round is kept: moments, reminders, and in post on the day it is frozen. */
const daysOf = (window: Calendar.Window) => ({
  ...Calendar.momentsOf(window),
  reminders: window.reminders,
  inPostOn: Calendar.deadlines(window).find(({ kind }) => kind === 'freezing')!.day,
});

/**
 * Plans the rounds whose time has come (domain: Programme.isDue), each exactly once: the programme's row is locked
 * while it is looked at, and the occurrence's key is the second referee. A run that was missed while everything was
 * down is planned as long as its opening is ahead. Also keeps the days of every round's tasks. What fails for one
 * programme keeps no other waiting.
 */
export async function plan(main: Main, now: Date): Promise<{ roundId: string }[]> {
  const planned: { roundId: string }[] = [];
  const faults: Error[] = [];
  const { demo } = await house.read(main);
  const living = demo || !settings.isMoved() ? await main.select().from(programme) : [];
  for (const { id } of living.filter(({ endedAt }) => endedAt === null))
    await main
      .transaction((tx) => planOne(tx, id, now))
      .then((made) => planned.push(...made))
      .catch((fault: Error) => faults.push(fault));
  await tasks.keep(main, now);
  if (faults.length > 0) throw new AggregateError(faults, faults.map((f) => f.message).join('; '));
  return planned;
}

async function planOne(tx: Main, id: string, now: Date): Promise<{ roundId: string }[]> {
  await tx.select({ id: programme.id }).from(programme).where(eq(programme.id, id)).for('update');
  const today = Day.at(now);
  const year = Number(today.slice(0, 4));
  const planned: { roundId: string }[] = [];
  for (const run of await runs(tx, year - 1, year + 2)) {
    if (run.programme.id !== id || run.round) continue;
    const byHand = await alreadyPlanned(tx, run);
    if (byHand === null && !Programme.isDue(run, today)) continue;
    const roundId = byHand ?? (await planRound(tx, run, now));
    const kept = await tx
      .insert(occurrence)
      .values({ programmeId: id, year: run.year, roundId })
      .onConflictDoUpdate({
        target: [occurrence.programmeId, occurrence.year],
        set: { roundId },
        setWhere: isNull(occurrence.roundId),
      })
      .returning({ year: occurrence.year });
    if (kept.length === 0) throw new Error(`${run.programme.name} ${run.year} has a round already`);
    if (byHand === null) planned.push({ roundId });
  }
  return planned;
}

/** A round that HR planned by hand for the same survey, units and year: it is the run, and no second one is planned. */
async function alreadyPlanned(tx: Main, { programme: of, year }: Run): Promise<string | null> {
  const unitIds = JSON.stringify(of.units.map(({ id }) => id));
  const [found] = await tx
    .select({ id: round.id })
    .from(round)
    .innerJoin(questionnaire, eq(questionnaire.id, round.questionnaireId))
    .leftJoin(occurrence, eq(occurrence.roundId, round.id))
    .where(
      and(
        eq(questionnaire.key, of.questionnaireKey),
        eq(round.dryRun, false),
        ne(round.state, 'withdrawn'),
        isNull(occurrence.roundId),
        sql`${round.unitIds} @> ${unitIds}::jsonb and ${round.unitIds} <@ ${unitIds}::jsonb`,
        sql`extract(year from ${round.opensAt} at time zone 'Europe/Oslo') = ${year}`,
      ),
    )
    .orderBy(asc(round.opensAt), asc(round.id))
    .limit(1);
  return found?.id ?? null;
}

async function planRound(tx: Main, run: Run, now: Date): Promise<string> {
  const { programme: of, year } = run;
  const asked = await questionnaires.latest(tx, of.questionnaireKey);
  const { inPostOn, ...days } = daysOf(run);
  const made = await rounds.plan(
    tx,
    {
      name: `${of.name} ${year}`,
      questionnaireId: asked!.id,
      unitCodes: of.unitCodes,
      ...days,
      rule: { inPostOn, minimumShare: 0, kinds: [], includeOnLeave: false },
    },
    now,
    permitForMachine<'round.plan'>(),
  );
  if (!made.ok) throw new Error(`${of.name} ${year} was not planned: ${made.refusal}`);
  return made.id;
}
