import { and, asc, count, countDistinct, eq, isNotNull } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import { underWay } from '#domain/round.ts';
import * as actors from '#server/actors.ts';
import type { Main } from '#server/db.ts';
import type { Gate, Permit } from '#server/gate.ts';
import { here } from '#server/people.ts';
import type { RoundRow } from '#server/rounds.ts';
import { byHand, invitation, person, rollCheck } from '#server/schema.ts';

/** The names invited in one group, and what representatives have said of them. */
export type Roll = {
  group: string;
  names: string[];
  checks: { by: string; byMe: boolean; doubt: string | null; at: Date }[];
};

/** Everybody of a frozen round who has a name: invited by mail or handed a code. */
export const named = (main: Main, roundId: string) =>
  main
    .select({ roundId: invitation.roundId, groupId: invitation.groupId, personId: invitation.personId })
    .from(invitation)
    .where(and(eq(invitation.roundId, roundId), isNotNull(invitation.personId)))
    .union(
      main
        .select({ roundId: byHand.roundId, groupId: byHand.groupId, personId: byHand.personId })
        .from(byHand)
        .where(eq(byHand.roundId, roundId)),
    );

/**
 * The rolls of the groups that somebody represents, from freezing to close; then the names are gone. Never who has
 * fetched a paper: names alone are read, by name, and of those who have left none, fetched or not.
 */
export async function list(main: Main, gate: Gate, of: RoundRow, now: Date): Promise<Roll[]> {
  gate.ask('roll.list');
  const groups = (of.tree?.nodes ?? []).filter((node) => node.group);
  const pathOf = await actors.paths(main);
  const represents = (code: string) => gate.may('roll.see', { path: pathOf(code) });
  const mine = groups.filter(({ units }) => units.some(represents)).map(({ id }) => id);
  const invited = named(main, of.id).as('invited');
  const [names, checks] = await Promise.all([
    main
      .select({ group: invited.groupId, name: person.name })
      .from(invited)
      .innerJoin(person, eq(person.id, invited.personId))
      .where(here(Day.at(now)))
      .orderBy(asc(person.name)),
    main
      .select({ check: rollCheck, by: person.name })
      .from(rollCheck)
      .innerJoin(person, eq(person.id, rollCheck.personId))
      .where(eq(rollCheck.roundId, of.id))
      .orderBy(asc(rollCheck.at)),
  ]);
  const namesOf = Map.groupBy(names, (one) => one.group);
  const checksOf = Map.groupBy(checks, ({ check }) => check.groupId);
  return mine
    .filter((group) => namesOf.has(group))
    .map((group) => ({
      group,
      names: namesOf.get(group)!.map(({ name }) => name),
      checks: (checksOf.get(group) ?? []).map(({ check, by }) => ({
        by,
        byMe: check.personId === gate.actor?.personId,
        doubt: check.doubt,
        at: check.at,
      })),
    }));
}

export type Refusal =
  /** No such group, or nobody is invited in it any more. */
  | 'gone'
  /** Said once already; it stands. */
  | 'said'
  /** More than 500 signs. */
  | 'long';

/** What a representative says of a group's names: known (doubt empty), or what is wrong. Once each; it stands. */
export async function check(
  main: Main,
  gate: Gate,
  of: RoundRow,
  group: string,
  doubt: string,
  now: Date,
): Promise<{ ok: true } | { ok: false; refusal: Refusal }> {
  gate.ask('roll.list');
  const node = of.tree?.nodes.find(({ id, group: isGroup }) => id === group && isGroup);
  if (!node || !underWay.includes(of.state)) return { ok: false, refusal: 'gone' };
  const pathOf = await actors.paths(main);
  const path = node.units.map(pathOf).find((one) => gate.may('roll.see', { path: one }));
  const permit: Permit<'roll.see'> = gate.ask('roll.see', { path: path ?? [] });
  if (permit.by === null) throw new Error('The machine knows no colleagues');
  if ([...doubt].length > 500) return { ok: false, refusal: 'long' };
  const said = await main
    .insert(rollCheck)
    .values({ roundId: of.id, groupId: group, personId: permit.by, doubt: doubt.trim() || null, at: now })
    .onConflictDoNothing()
    .returning({ groupId: rollCheck.groupId });
  return said.length > 0 ? { ok: true } : { ok: false, refusal: 'said' };
}

/** How far the reading of names has come, for everybody: groups read by somebody, and doubts. */
export async function progress(main: Main, roundId: string): Promise<{ read: number; doubts: number }> {
  const [all] = await main
    .select({ read: countDistinct(rollCheck.groupId), doubts: count(rollCheck.doubt) })
    .from(rollCheck)
    .where(eq(rollCheck.roundId, roundId));
  return all ?? { read: 0, doubts: 0 };
}

/** The doubts in a round, for those who can thaw it. */
export const doubts = (main: Main, roundId: string) =>
  main
    .select({ group: rollCheck.groupId, doubt: rollCheck.doubt, by: person.name })
    .from(rollCheck)
    .innerJoin(person, eq(person.id, rollCheck.personId))
    .where(and(eq(rollCheck.roundId, roundId), isNotNull(rollCheck.doubt)))
    .orderBy(asc(rollCheck.groupId), asc(rollCheck.at));
