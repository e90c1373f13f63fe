import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import * as Approval from '#domain/approval.ts';
import * as Day from '#domain/day.ts';
import type { State } from '#domain/round.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { approval, person, round, unit } from '#server/schema.ts';

export type ApprovalRow = Approval.Entry & { at: Date; by: string | null };

type Of = { id: string; questionnaireId: string; dryRun: boolean };

/** The kind of survey that a round is, and whether it asks anybody. */
const surveyOf = async (main: Main, of: Of) => ({
  kind: (await questionnaires.kindOf(main, of.questionnaireId))!,
  dryRun: of.dryRun,
});

/** Everything recorded of a round, oldest first: of each item the last one holds. */
export async function list(main: Main, roundId: string): Promise<ApprovalRow[]> {
  const { item, day, forum, caseNumber, text, at } = approval;
  const rows = await main
    .select({ item, day, forum, caseNumber, text, at, by: person.name })
    .from(approval)
    .leftJoin(person, eq(person.id, approval.byId))
    .where(eq(approval.roundId, roundId))
    .orderBy(asc(approval.id));
  return rows.flatMap((row) => (Approval.isItem(row.item) ? [{ ...row, item: row.item }] : []));
}

/** What a round demands that nobody has recorded, and which of it blocks freezing. */
export const missing = async (main: Main, of: Of) =>
  Approval.missing(await surveyOf(main, of), await list(main, of.id));

export type Refusal = 'unknown' | 'wrong-state';

/** Records an item, or records it anew; what stood before stays to be read. */
export async function record(
  main: Main,
  roundId: string,
  item: Approval.Item,
  said: Approval.Written,
  now: Date,
  permit: Permit<'approval.record'>,
): Promise<
  { ok: true } | { ok: false; refusal: Refusal } | { ok: false; refusal: 'faults'; faults: Approval.Fault[] }
> {
  const faults = Approval.faults(item, said, Day.at(now));
  if (faults.length > 0 || said.day === null) return { ok: false, refusal: 'faults', faults };
  const { day } = said;
  return await main.transaction(async (tx) => {
    const [found] = await tx.select().from(round).where(eq(round.id, roundId)).for('update');
    if (!found) return { ok: false, refusal: 'unknown' };
    const survey = await surveyOf(tx, found);
    if (!Approval.mayRecord(item, survey, found.state as State)) return { ok: false, refusal: 'wrong-state' };
    await tx.insert(approval).values({
      ...{ roundId, item, day, forum: said.forum.trim(), text: said.text.trim() },
      ...{ caseNumber: said.caseNumber.trim() || null, at: now, byId: permit.by },
    });
    return { ok: true };
  });
}

/** Codes of the units that a round asks, with all above and all below them. */
export async function concerned(main: Main, unitIds: string[]): Promise<string[]> {
  if (unitIds.length === 0) return [];
  const rows = await main.execute<{ code: string }>(sql`
    with recursive up as (
      select id, parent_id, code from ${unit} where ${inArray(unit.id, unitIds)}
      union select u.id, u.parent_id, u.code from ${unit} u join up on u.id = up.parent_id
    ), down as (
      select id, code from ${unit} where ${inArray(unit.id, unitIds)}
      union select u.id, u.code from ${unit} u join down on u.parent_id = down.id
    ) select code from up union select code from down`);
  return rows.map(({ code }) => code);
}

/** Rounds in earnest that are not open yet, with the units they concern: the drafts that may be commented on. */
export async function drafts(main: Main) {
  const rows = await main
    .select({ id: round.id, name: round.name, opensAt: round.opensAt, unitIds: round.unitIds })
    .from(round)
    .where(and(inArray(round.state, ['planned', 'approved', 'frozen']), eq(round.dryRun, false)))
    .orderBy(asc(round.opensAt), asc(round.id));
  return await Promise.all(
    rows.map(async ({ unitIds, ...row }) => ({ ...row, concerned: await concerned(main, unitIds) })),
  );
}
