import { randomBytes } from 'node:crypto';
import { and, asc, desc, eq, gte, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { base32 } from '#domain/base32.ts';
import * as Code from '#domain/code.ts';
import * as Evaluation from '#domain/evaluation.ts';
import { crowd, form, type Grouping, type GroupUnit } from '#domain/group.ts';
import * as Round from '#domain/round.ts';
import { mobile } from '#domain/sms.ts';
import { asksCrowd } from '#server/crowds.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as house from '#server/house.ts';
import { isAddress } from '#server/mail.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { person, position, questionnaire, round, roundEvent, roundName, unit } from '#server/schema.ts';
import * as settings from '#server/settings.ts';
import * as tasks from '#server/tasks.ts';

export type RoundRow = typeof round.$inferSelect & { state: Round.State };

export type Plan = {
  name: string;
  questionnaireId: string;
  /** Units asked, with all below them. */
  unitCodes: string[];
  opensAt: Date;
  stopsAt: Date;
  rule: Round.InvitedRule;
  reminders?: number[];
  thresholds?: Round.Thresholds;
  /** Codes beside those needed, per cent. */
  reserve?: number;
  dryRun?: boolean;
  /** Those without an e-mail address get a text message where they have a mobile number. */
  sms?: boolean;
};

export type PlanRefusal =
  /** The program's clock was started elsewhere than now: only dry runs and demos live in such a time. */
  | 'clock'
  | 'window'
  | 'thresholds'
  | 'unknown-unit'
  | 'no-unit'
  | 'unknown-questionnaire'
  | 'reminders'
  | 'reserve'
  | 'name';

const newId = () => base32(randomBytes(5));

/** Plans a round. It stays a plan until approved; nothing is sent, and nobody is asked. */
export async function plan(
  main: Main,
  plan: Plan,
  now: Date,
  permit: Permit<'round.plan'>,
): Promise<{ ok: true; id: string } | { ok: false; refusal: PlanRefusal }> {
  const checked = await check(main, plan, now);
  if (!checked.ok) return checked;
  const id = newId();
  const { demo } = await house.read(main);
  await main.transaction(async (tx) => {
    await tx.insert(round).values({ id, state: 'planned', demo, ...checked.values });
    await tx.insert(roundEvent).values({ roundId: id, event: 'plan', at: now, byId: permit.by });
    await tasks.keep(tx, now, id);
  });
  return { ok: true, id };
}

/** Changes what is planned. Only while planned: from approval on, a round is what was approved. */
export async function replan(
  main: Main,
  id: string,
  plan: Plan,
  now: Date,
  permit: Permit<'round.plan'>,
): Promise<{ ok: true } | { ok: false; refusal: PlanRefusal | 'wrong-state' }> {
  const checked = await check(main, plan, now);
  if (!checked.ok) return checked;
  return await main.transaction(async (tx) => {
    const changed = await tx
      .update(round)
      .set({
        ...checked.values,
        // Who holds the key was said of the survey that was planned.
        ...Object.fromEntries(
          (['outsideBody', 'holderId', 'handedAt'] as const).map((of) => [
            of,
            sql`case when ${round.questionnaireId} = ${plan.questionnaireId} then ${round[of]} end`,
          ]),
        ),
      })
      .where(and(eq(round.id, id), eq(round.state, 'planned')))
      .returning({ id: round.id });
    if (changed.length === 0) return { ok: false, refusal: 'wrong-state' };
    await tx.insert(roundEvent).values({ roundId: id, event: 'replan', at: now, byId: permit.by });
    await tasks.keep(tx, now, id);
    return { ok: true };
  });
}

/** Moves a planned round to other days, with who is in post. In the transaction of whoever moves what it belongs to. */
export async function reschedule(
  tx: Main,
  id: string,
  to: { opensAt: Date; stopsAt: Date; reminders: number[]; inPostOn: string },
  now: Date,
  permit: Permit<'programme.change'>,
): Promise<{ ok: true } | { ok: false; refusal: 'wrong-state' }> {
  const { opensAt, stopsAt, reminders, inPostOn } = to;
  const rule = sql`jsonb_set(${round.rule}, '{inPostOn}', to_jsonb(${inPostOn}::text))`;
  const changed = await tx
    .update(round)
    .set({ opensAt, stopsAt, reminders, rule })
    .where(and(eq(round.id, id), eq(round.state, 'planned')))
    .returning({ id: round.id });
  if (changed.length === 0) return { ok: false, refusal: 'wrong-state' };
  await tx.insert(roundEvent).values({ roundId: id, event: 'replan', at: now, byId: permit.by });
  await tasks.keep(tx, now, id);
  return { ok: true };
}

async function check(main: Main, plan: Plan, now: Date) {
  const refuse = (refusal: PlanRefusal) => ({ ok: false as const, refusal });
  const thresholds = plan.thresholds ?? Round.defaults.thresholds;
  const reminders = (plan.reminders ?? Round.defaults.reminders).toSorted((a, b) => a - b);
  const { demo } = await house.read(main);
  if (!demo && !plan.dryRun && settings.isMoved()) return refuse('clock');
  if (!plan.name.trim()) return refuse('name');
  if (Round.windowFault(plan, now) !== null) return refuse('window');
  if (!Round.thresholdsHold(thresholds)) return refuse('thresholds');
  if (reminders.length > 5 || reminders.some((d) => !Number.isInteger(d) || d < 1 || d > 90))
    return refuse('reminders');
  if (plan.reserve !== undefined && !Code.reserveHolds(plan.reserve)) return refuse('reserve');
  if (plan.unitCodes.length === 0) return refuse('no-unit');
  const units = await main.select({ id: unit.id }).from(unit).where(inArray(unit.code, plan.unitCodes));
  if (units.length !== new Set(plan.unitCodes).size) return refuse('unknown-unit');
  const [asked] = await main
    .select({ id: questionnaire.id })
    .from(questionnaire)
    .where(eq(questionnaire.id, plan.questionnaireId));
  if (!asked) return refuse('unknown-questionnaire');
  const { questionnaireId, opensAt, stopsAt, rule, dryRun = false, sms = false } = plan;
  const values = {
    name: plan.name.trim(),
    unitIds: units.map((u) => u.id),
    questionnaireId,
    opensAt,
    stopsAt,
    rule,
    reminders,
    thresholds,
    reserve: plan.reserve,
    dryRun,
    sms,
  };
  return { ok: true as const, values };
}

export async function find(main: Main, id: string): Promise<RoundRow | null> {
  const [found] = await main.select().from(round).where(eq(round.id, id));
  return (found as RoundRow | undefined) ?? null;
}

export async function list(main: Main): Promise<RoundRow[]> {
  return (await main.select().from(round).orderBy(desc(round.opensAt), asc(round.id))) as RoundRow[];
}

/** What was done to a round, oldest first. by: the person's name; null for the clock or the command line. */
export const events = (main: Main, id: string) =>
  main
    .select({ event: roundEvent.event, at: roundEvent.at, reason: roundEvent.reason, by: person.name })
    .from(roundEvent)
    .leftJoin(person, eq(roundEvent.byId, person.id))
    .where(eq(roundEvent.roundId, id))
    .orderBy(asc(roundEvent.id));

/** One line of a round's list of events: what was done, when and by whom. */
export const note = (tx: Main, roundId: string, event: string, at: Date, byId: string | null) =>
  tx.insert(roundEvent).values({ roundId, event, at, byId });

/**
 * Takes one step that is only a change of state. The row itself is the referee: whoever comes second finds it
 * changed, so that a step happens exactly once whichever process asks. `also` runs in the same transaction.
 */
export async function take(
  main: Main,
  id: string,
  verb: Round.Verb,
  now: Date,
  by: string | null,
  { reason, also }: { reason?: string; also?: (tx: Main, round: RoundRow) => Promise<void> } = {},
): Promise<{ ok: true; state: Round.State } | { ok: false; refusal: Round.Refusal | 'unknown' }> {
  return await main.transaction(async (tx) => {
    const [found] = (await tx.select().from(round).where(eq(round.id, id)).for('update')) as RoundRow[];
    if (!found) return { ok: false, refusal: 'unknown' };
    const stepped = Round.step(found, verb, now, reason);
    if (!stepped.ok) return stepped;
    await tx.update(round).set({ state: stepped.state }).where(eq(round.id, id));
    await tx
      .insert(roundEvent)
      .values({ roundId: id, event: verb, at: now, byId: by, reason: reason?.trim() });
    await also?.(tx, found);
    return stepped;
  });
}

/** Adds or leaves out one person by employee number, or (null) lets the rule decide again. No reason is stored. */
export async function setName(
  main: Main,
  id: string,
  employeeNumber: string,
  added: boolean | null,
  _permit: Permit<'round.names'>,
): Promise<{ ok: true } | { ok: false; refusal: 'wrong-state' | 'unknown-person' }> {
  return await main.transaction(async (tx) => {
    const [somebody] = await tx
      .select({ id: person.id })
      .from(person)
      .where(eq(person.employeeNumber, employeeNumber));
    if (!somebody) return { ok: false, refusal: 'unknown-person' };
    const personId = somebody.id;
    const [found] = await tx.select({ state: round.state }).from(round).where(eq(round.id, id)).for('update');
    if (!found || !Round.unfrozen.includes(found.state as Round.State))
      return { ok: false, refusal: 'wrong-state' };
    await tx.delete(roundName).where(and(eq(roundName.roundId, id), eq(roundName.personId, personId)));
    if (added !== null) await tx.insert(roundName).values({ roundId: id, personId, added });
    return { ok: true };
  });
}

export const names = (main: Main, id: string) =>
  main
    .select({ employeeNumber: person.employeeNumber, name: person.name, added: roundName.added })
    .from(roundName)
    .innerJoin(person, eq(roundName.personId, person.id))
    .where(eq(roundName.roundId, id))
    .orderBy(asc(person.name));

/** Every unit's name, by code. */
export async function unitNames(main: Main): Promise<Map<string, string>> {
  const all = await main.select({ code: unit.code, name: unit.name }).from(unit);
  return new Map(all.map((u) => [u.code, u.name]));
}

/** The names of people, for HR's eyes before freezing. */
export async function namesOf(main: Main, ids: string[]): Promise<Map<string, string>> {
  const found = await main
    .select({ id: person.id, name: person.name })
    .from(person)
    .where(inArray(person.id, ids));
  return new Map(found.map((p) => [p.id, p.name]));
}

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
      .where(and(current(position), or(isNull(person.leftOn), gte(person.leftOn, on)))),
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
        or(isNull(person.leftOn), gte(person.leftOn, on)),
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

/** The units that a round may be planned for, parents before children, with their depth from the top. */
export async function unitsToAsk(main: Main, on: string) {
  const all = await main
    .select()
    .from(unit)
    .where(and(lte(unit.validFrom, on), or(isNull(unit.validTo), gte(unit.validTo, on))))
    .orderBy(asc(unit.name));
  const listed: { code: string; name: string; depth: number }[] = [];
  const walk = (parentId: string | null, depth: number) => {
    for (const u of all.filter((one) => one.parentId === parentId)) {
      listed.push({ code: u.code, name: u.name, depth });
      walk(u.id, depth + 1);
    }
  };
  walk(null, 0);
  return listed;
}
