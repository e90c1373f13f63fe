import { and, asc, eq, gte, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import * as Evaluation from '#domain/evaluation.ts';
import { crowd, form, type Grouping, type GroupUnit } from '#domain/group.ts';
import * as Round from '#domain/round.ts';
import { mobile } from '#domain/sms.ts';
import { asksCrowd } from '#server/crowds.ts';
import type { Main } from '#server/db.ts';
import { isAddress } from '#server/mail.ts';
import { here } from '#server/people.ts';
import * as questionnaires from '#server/questionnaires.ts';
import type { RoundRow } from '#server/rounds.ts';
import { person, position, roundName, unit } from '#server/schema.ts';

/** Where somebody's link goes: one of the two at most; neither where it would reach nobody. */
export type Address = { email: string | null; mobile: string | null };

export type Invited = Grouping & {
  /** Residents or relatives, of whom only numbers are known here. */
  isCrowd: boolean;
  /** Invited, but without an address of either sort: they need a drawn code. */
  withoutMail: number;
  /** Invited by text message. */
  bySms: number;
  /** By code: the names of the units in the tree. */
  unitNames: Map<string, string>;
  people: ({ id: string } & Address)[];
  /** The round's units with those above them, parents anywhere. */
  units: GroupUnit[];
  /** The top of the tree has no unit above it. */
  whole: boolean;
  /** Whom the rule names, also those who are not invited. */
  named: ({ id: string; unit: string; leads: string[] } & Address)[];
  /** By unit code: those invited who work there and lead nothing in the round. */
  staff: Map<string, number>;
  /** Of a leader evaluation: what each leader gets. null: another survey. */
  leaders: Evaluation.Evaluated[] | null;
};

/** Who would be invited, and in which groups, if the round were frozen now. Shown with its counts before freezing. */
export async function invited(main: Main, of: RoundRow): Promise<Invited> {
  const on = of.rule.inPostOn;
  const current = (t: typeof unit | typeof position) =>
    and(lte(t.validFrom, on), or(isNull(t.validTo), gte(t.validTo, on)));
  const [units, positionsNow, named] = await Promise.all([
    main.select().from(unit).where(current(unit)).orderBy(asc(unit.code)),
    main
      .select({ position, email: person.email, mobile: person.mobile })
      .from(position)
      .innerJoin(person, eq(position.personId, person.id))
      .where(and(current(position), here(on))),
    main.select().from(roundName).where(eq(roundName.roundId, of.id)),
  ]);
  const byId = new Map(units.map((u) => [u.id, u]));
  const asked = new Set(of.unitIds);
  const isAsked = (id: string | null): boolean =>
    id !== null && (asked.has(id) || isAsked(byId.get(id)?.parentId ?? null));
  const scope = units.filter((u) => isAsked(u.id));
  const roots = scope.filter((u) => u.parentId === null || !isAsked(u.parentId));
  const tree = roots.length > 1 ? [...commonAncestors(roots, byId), ...scope] : scope;
  const inTree = new Set(tree.map((u) => u.id));

  const added = new Map(named.map((n) => [n.personId, n.added]));
  const addresses = new Map(positionsNow.map((p) => [p.position.personId, addressOf(p, of.sms)]));
  const reach = ({ id }: { id: string }) => addresses.get(id) ?? { email: null, mobile: null };
  const positions = new Map<string, Round.Candidate['positions']>();
  for (const { position: p } of positionsNow) {
    const at = byId.get(p.unitId);
    if (!at) continue;
    const { share, kind, main: isMain, onLeave } = p;
    if (!positions.has(p.personId)) positions.set(p.personId, []);
    positions.get(p.personId)!.push({ unit: at.code, share, kind, main: isMain, onLeave });
  }
  const inScope = new Set(scope.map((u) => u.code));
  const everybody: Round.InvitedRule = { ...of.rule, minimumShare: 0, kinds: [], includeOnLeave: true };
  const isCrowd = await asksCrowd(main, of);
  const counts = new Map(scope.map((u) => [u.code, of.counts[u.id] ?? 0]));
  const staff = () =>
    [...positions].flatMap(([personId, held]) => {
      const choice = added.get(personId);
      if (choice === false) return [];
      // An added name is asked where the main position is, whatever the rule says of its kind, share or leave.
      const at = Round.invitedIn({ personId, positions: held }, choice === true ? everybody : of.rule);
      if (at === null || !inScope.has(at)) return [];
      const leads = units.filter((u) => u.leaderId === personId).map((u) => u.code);
      return [{ id: personId, unit: at, leads }];
    });
  const people = isCrowd ? crowd(counts) : staff();

  const groupUnits: GroupUnit[] = tree.map((u) => ({
    code: u.code,
    name: u.name,
    parent: u.parentId && inTree.has(u.parentId) ? byId.get(u.parentId)!.code : null,
    level: u.level,
  }));
  const unitCodes = new Set(groupUnits.map((u) => u.code));
  const top = groupUnits.find((u) => u.parent === null);
  const isWhole = top !== undefined && units.find((u) => u.code === top.code)!.parentId === null;
  const limits = { invited: of.thresholds.invited, floor: Round.defaults.floors.invited };
  const isEvaluation = (await questionnaires.kindOf(main, of.questionnaireId)) === 'leader';
  const grouping = isEvaluation
    ? Evaluation.form(groupUnits, inScope, await posts(main, tree, on), people, limits, on)
    : { ...form(groupUnits, people, limits, of.merges, isWhole), leaders: null };
  const invitedPeople = people
    .filter((p) => grouping.groupOf.has(p.id))
    .map((p) => ({ id: p.id, ...reach(p) }));
  return {
    ...grouping,
    tree: { ...grouping.tree, ...(top && !isWhole ? { above: unitsAbove(top.code, units) } : {}) },
    unitNames: new Map(groupUnits.map((u) => [u.code, u.name])),
    units: groupUnits,
    whole: isWhole,
    named: people.map((p) => ({ ...p, ...reach(p) })),
    staff: countBy(people.filter((p) => !p.leads.some((code) => unitCodes.has(code))).map((p) => p.unit)),
    people: invitedPeople,
    isCrowd,
    withoutMail: invitedPeople.filter(isUnreached).length,
    bySms: invitedPeople.filter((p) => p.mobile !== null).length,
  };
}

/** The leaders of some units who were here on a day, and since when: as HR or an import has it, else their position there. */
async function posts(main: Main, units: UnitRow[], on: string): Promise<Evaluation.Post[]> {
  const rows = await main
    .select({
      unit: unit.code,
      leaderId: person.id,
      since: sql<string | null>`coalesce(${unit.leaderSince}, min(${position.validFrom}))::text`,
    })
    .from(unit)
    .innerJoin(person, eq(person.id, unit.leaderId))
    .leftJoin(
      position,
      and(
        eq(position.personId, person.id),
        eq(position.unitId, unit.id),
        lte(position.validFrom, on),
        or(isNull(position.validTo), gte(position.validTo, on)),
      ),
    )
    .where(
      and(
        inArray(
          unit.id,
          units.map(({ id }) => id),
        ),
        here(on),
      ),
    )
    .groupBy(unit.id, person.id)
    .orderBy(unit.name, unit.code);
  return rows;
}

const countBy = (keys: string[]) =>
  new Map([...Map.groupBy(keys, (key) => key)].map(([key, of]) => [key, of.length]));

/** Nothing can be sent there: a drawn code on paper is for them. */
export const isUnreached = ({ email, mobile }: Address): boolean => email === null && mobile === null;

const addressOf = (of: Address, sms: boolean): Address => {
  const email = of.email && isAddress(of.email) ? of.email : null;
  return { email, mobile: email === null && sms ? mobile(of.mobile) : null };
};

type UnitRow = typeof unit.$inferSelect;

/** How many units there are above one, so that a round knows which of its units are service areas. */
function unitsAbove(code: string, units: UnitRow[]): number {
  const parent = units.find((u) => u.code === code)?.parentId ?? null;
  const above = units.find((u) => u.id === parent);
  return above ? 1 + unitsAbove(above.code, units) : 0;
}

/** The units above several roots, up to and including the lowest one that all are under. */
function commonAncestors(roots: UnitRow[], byId: Map<string, UnitRow>): UnitRow[] {
  const lines = roots.map((root) => {
    const line: UnitRow[] = [];
    for (let at = root.parentId; at; at = byId.get(at)?.parentId ?? null)
      if (byId.has(at)) line.unshift(byId.get(at)!);
    return line;
  });
  let shared = 0;
  while (lines.every((l) => l[shared] && l[shared]!.id === lines[0]![shared]!.id)) shared++;
  return [...new Set(lines.flatMap((l) => l.slice(Math.max(0, shared - 1))))];
}
