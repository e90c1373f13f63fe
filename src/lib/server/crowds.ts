import { and, eq } from 'drizzle-orm';
import { asksStaff } from '#domain/programme.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { note, type RoundRow } from '#server/rounds.ts';
import { round, unit } from '#server/schema.ts';
import * as units from '#server/units.ts';

/** Whether a round asks residents or relatives, of whom only numbers are known here. */
export async function asksCrowd(main: Main, of: Pick<RoundRow, 'questionnaireId'>): Promise<boolean> {
  const kind = await questionnaires.kindOf(main, of.questionnaireId);
  return kind !== null && !asksStaff(kind);
}

/** The units that a round asks, with those below, parents first, and how many HR has said there are in each. */
export async function list(main: Main, of: RoundRow) {
  const asked = new Set(of.unitIds);
  const tree = await units.tree(main, of.rule.inPostOn);
  const under = new Set<string>();
  for (const one of tree)
    if (asked.has(one.id) || (one.parent !== null && under.has(one.parent))) under.add(one.code);
  const listed = tree.filter((one) => under.has(one.code));
  const top = Math.min(...listed.map(({ depth }) => depth));
  return listed.map(({ id, code, name, depth }) => ({
    id,
    code,
    name,
    depth: depth - top,
    count: of.counts[id] ?? 0,
  }));
}

/** Most people of whom a unit may be said to have. */
export const most = 2000;

/** Writes down how many residents or relatives each unit has, by its code. Only while planned. */
export async function count(
  main: Main,
  of: RoundRow,
  counts: ReadonlyMap<string, number>,
  now: Date,
  permit: Permit<'round.plan'>,
): Promise<{ ok: true } | { ok: false; refusal: 'wrong-state' | 'number' }> {
  const holds = (n: number) => Number.isInteger(n) && n >= 0 && n <= most;
  if (![...counts.values()].every(holds)) return { ok: false, refusal: 'number' };
  const ids = new Map((await main.select().from(unit)).map(({ id, code }) => [code, id]));
  const known = [...counts].flatMap(([code, n]) => (ids.has(code) && n > 0 ? [[ids.get(code)!, n]] : []));
  return await main.transaction(async (tx) => {
    const changed = await tx
      .update(round)
      .set({ counts: Object.fromEntries(known) })
      .where(and(eq(round.id, of.id), eq(round.state, 'planned')))
      .returning({ id: round.id });
    if (changed.length === 0) return { ok: false, refusal: 'wrong-state' };
    await note(tx, of.id, 'replan', now, permit.by);
    return { ok: true };
  });
}
