import { randomBytes } from 'node:crypto';
import { and, asc, desc, eq, inArray, sql, type SQLWrapper } from 'drizzle-orm';
import { base32 } from '#domain/base32.ts';
import * as Code from '#domain/code.ts';
import * as Round from '#domain/round.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as house from '#server/house.ts';
import { person, questionnaire, round, roundEvent, roundName, unit } from '#server/schema.ts';
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
    await note(tx, id, 'plan', now, permit.by);
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
  // Who holds the key was said of the survey that was planned.
  const kept = (of: SQLWrapper) =>
    sql`case when ${round.questionnaireId} = ${plan.questionnaireId} then ${of} end`;
  return await main.transaction(async (tx) => {
    const changed = await tx
      .update(round)
      .set({
        ...checked.values,
        outsideBody: kept(round.outsideBody),
        holderId: kept(round.holderId),
        handedAt: kept(round.handedAt),
      })
      .where(and(eq(round.id, id), eq(round.state, 'planned')))
      .returning({ id: round.id });
    if (changed.length === 0) return { ok: false, refusal: 'wrong-state' };
    await note(tx, id, 'replan', now, permit.by);
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
  await note(tx, id, 'replan', now, permit.by);
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

/** One line of a round's list of events: what was done, when and by whom (null: the clock). */
export const note = (
  tx: Main,
  roundId: string,
  event: string,
  at: Date,
  byId: string | null,
  reason?: string,
) => tx.insert(roundEvent).values({ roundId, event, at, byId, reason });

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
    await note(tx, id, verb, now, by, reason?.trim());
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
