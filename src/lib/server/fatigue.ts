import { and, asc, eq, gt, gte, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm';
import * as Calendar from '#domain/calendar.ts';
import * as Day from '#domain/day.ts';
import * as Fatigue from '#domain/fatigue.ts';
import { asksStaff } from '#domain/programme.ts';
import type { Main } from '#server/db.ts';
import { invited } from '#server/invited.ts';
import * as occurrences from '#server/occurrences.ts';
import { here } from '#server/people.ts';
import type * as programmes from '#server/programmes.ts';
import * as rolls from '#server/rolls.ts';
import type * as rounds from '#server/rounds.ts';
import { asked, person, position, questionnaire, round, unit } from '#server/schema.ts';

/** Days that a past asking is kept: a year counts, and as long again for a round that is moved back. */
const keptDays = 730;

/**
 * Writes down who is asked, on the day a round opens: everybody invited, in one statement, in the transaction that
 * opens it. It tells that somebody was invited to something of so many minutes, which their leader and HR know anyway;
 * nothing of whether they answered, and not by which round. A dry run asks nobody. personIds: only these, who joined later.
 */
export async function note(tx: Main, roundId: string, now: Date, personIds?: string[]) {
  const on = Day.at(now);
  const invited = rolls.named(tx, roundId).as('invited');
  await tx.delete(asked).where(lt(asked.openedOn, Day.plus(on, -keptDays)));
  await tx
    .insert(asked)
    .select(
      tx
        .select({
          personId: sql<string>`${invited.personId}`.as('asked_id'),
          openedOn: sql<string>`${on}::date`.as('opened_on'),
          minutes: sql<number>`(${questionnaire.content}->>'minutes')::smallint`.as('minutes'),
        })
        .from(invited)
        .innerJoin(round, eq(round.id, invited.roundId))
        .innerJoin(questionnaire, eq(questionnaire.id, round.questionnaireId))
        .where(
          and(
            eq(round.id, roundId),
            eq(round.dryRun, false),
            personIds && inArray(invited.personId, personIds),
          ),
        )
        .orderBy(asc(invited.personId)),
    )
    .onConflictDoNothing();
}

/** An asking that was, or will be: whom, and (to be weighed) the days it may have. */
type Source = Fatigue.Asking & {
  key: string;
  people: () => Promise<string[]>;
  fits: ((day: string) => boolean) | null;
};

/** How an asking to come weighs: for how many which limits are broken, and the nearest day that keeps them; null: none. */
export type Warning = Fatigue.Weight & { nearest: string | null };

export const keyOf = {
  round: (id: string) => `round ${id}`,
  run: (programmeId: string, year: number) => `programme ${programmeId} ${year}`,
};

/**
 * The askings to come that break a limit (design section 4, defaults), by keyOf: rounds that are planned, approved or
 * frozen, and the runs of programmes that are no rounds yet, for who stands in their units today. Weighed against each
 * other and against what has been asked. Residents and relatives are nobody we know, and are not counted.
 * only: one of them alone.
 */
export async function warnings(main: Main, now: Date, only?: string): Promise<Map<string, Warning>> {
  const sources = [
    ...(await past(main, now)),
    ...(await roundsToCome(main, now)),
    ...(await runsToCome(main, now)),
  ];
  // Nobody is looked up where the days alone, were all asked by all, break no limit: so it is in a rotation that holds.
  const close = sources.filter((source) => {
    const others = sources.filter((one) => one !== source);
    const isWanted = only === undefined || source.key === only;
    return source.fits && isWanted && Fatigue.broken(others, source).length > 0;
  });
  const found = new Map<string, Warning>();
  if (close.length === 0) return found;
  const groups = await histories(sources);
  for (const source of close) {
    const concerned = groups.filter(({ of }) => of.includes(source));
    const others = concerned.map(({ of, people }) => ({
      people,
      others: of.filter((one) => one !== source),
    }));
    const weight = Fatigue.weigh(others, source);
    if (weight.people > 0)
      found.set(source.key, { ...weight, nearest: Fatigue.nearest(others, source, source.fits!) });
  }
  return found;
}

export const ofRound = async (main: Main, now: Date, roundId: string): Promise<Warning | null> =>
  (await warnings(main, now, keyOf.round(roundId))).get(keyOf.round(roundId)) ?? null;

/** People by which of the sources ask them: those with the same history are weighed once. */
async function histories(sources: Source[]): Promise<{ of: Source[]; people: number }[]> {
  const byPerson = new Map<string, number[]>();
  for (const [index, source] of sources.entries())
    for (const id of await source.people()) {
      const of = byPerson.get(id);
      if (of) of.push(index);
      else byPerson.set(id, [index]);
    }
  const alike = Map.groupBy(byPerson.values(), (of) => of.join(' '));
  return [...alike.values()].map((all) => ({
    of: all[0]!.map((index) => sources[index]!),
    people: all.length,
  }));
}

async function past(main: Main, now: Date): Promise<Source[]> {
  const rows = await main
    .selectDistinct({ openedOn: asked.openedOn, minutes: asked.minutes })
    .from(asked)
    .where(gt(asked.openedOn, Day.plus(Day.at(now), -keptDays)))
    .orderBy(asc(asked.openedOn), asc(asked.minutes));
  return rows.map(({ openedOn, minutes }) => ({
    ...{ openedOn, minutes, key: 'past', fits: null },
    people: async () => {
      const whom = and(eq(asked.openedOn, openedOn), eq(asked.minutes, minutes));
      return (await main.select({ id: asked.personId }).from(asked).where(whom)).map(({ id }) => id);
    },
  }));
}

async function roundsToCome(main: Main, now: Date): Promise<Source[]> {
  const rows = await main
    .select({ round, content: questionnaire.content })
    .from(round)
    .innerJoin(questionnaire, eq(questionnaire.id, round.questionnaireId))
    .where(
      and(
        inArray(round.state, ['planned', 'approved', 'frozen']),
        eq(round.dryRun, false),
        gte(round.stopsAt, now),
      ),
    )
    .orderBy(asc(round.id));
  return rows
    .filter(({ content }) => asksStaff(content.kind))
    .map(({ round: row, content }) => {
      const { opensOn, stopsOn } = Calendar.windowAt(row);
      const length = Day.between(opensOn, stopsOn);
      return {
        key: keyOf.round(row.id),
        openedOn: opensOn,
        minutes: content.minutes,
        people: () => invitedTo(main, row as rounds.RoundRow),
        fits: (day) => day > Day.at(now) && Calendar.fits(day, length),
      };
    });
}

async function invitedTo(main: Main, of: rounds.RoundRow): Promise<string[]> {
  if (of.state !== 'frozen') return (await invited(main, of)).people.map(({ id }) => id);
  return (await rolls.named(main, of.id)).flatMap(({ personId }) => personId ?? []);
}

async function runsToCome(main: Main, now: Date): Promise<Source[]> {
  const today = Day.at(now);
  const year = Number(today.slice(0, 4));
  const staff = new Map<string, Promise<string[]>>();
  const staffOf = (of: programmes.ProgrammeRow) => {
    const known = staff.get(of.id);
    const units = of.units.map(({ id }) => id);
    const found = known ?? staffUnder(main, units, today);
    staff.set(of.id, found);
    return found;
  };
  const all = await occurrences.runs(main, year - 1, year + occurrences.yearsAhead);
  return all
    .filter((run) => run.round === null && run.opensOn > today && asksStaff(run.programme.kind))
    .map((run) => ({
      key: keyOf.run(run.programme.id, run.year),
      openedOn: run.opensOn,
      minutes: run.programme.minutes,
      people: () => staffOf(run.programme),
      fits: (day) => Calendar.moveFault(day, run.rule, run.programme.windowDays, today) === null,
    }));
}

/** Who has their main position in some units or under them on a day. */
async function staffUnder(main: Main, unitIds: string[], on: string): Promise<string[]> {
  const rows = await main
    .selectDistinct({ id: position.personId })
    .from(position)
    .innerJoin(person, eq(person.id, position.personId))
    .where(
      and(
        eq(position.main, true),
        eq(position.onLeave, false),
        lte(position.validFrom, on),
        or(isNull(position.validTo), gte(position.validTo, on)),
        here(on),
        sql`${position.unitId} in (
          with recursive under as (
            select id from ${unit} where id in (${sql.join([sql`null`, ...unitIds.map((id) => sql`${id}::uuid`)], sql`, `)})
            union select u.id from ${unit} u join under on u.parent_id = under.id
          ) select id from under)`,
      ),
    )
    .orderBy(asc(position.personId));
  return rows.map(({ id }) => id);
}
