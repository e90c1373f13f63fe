import { and, asc, count, eq, ilike, notExists, or, sql } from 'drizzle-orm';
import * as Mandate from '#domain/mandate.ts';
import { type Conflict, merge } from '#domain/merge.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as measures from '#server/measures.ts';
import { mandate, mandateItem, measure, measureItem, unit } from '#server/schema.ts';
import { foreignKeyViolation, sqlState } from '#server/sql-state.ts';

/** What somebody writes of a record, and what they began from. */
export type Draft<F> = { fields: F; begun: F };

export type Conflicted<F extends Record<string, string>> = {
  ok: false;
  refusal: 'conflict';
  conflicts: Conflict<F>[];
  theirs: F;
  /** Theirs with what is mine in it. */
  merged: F;
};

/** What both wrote put together, or what they must settle. */
export function settle<F extends Record<string, string>>(theirs: F, draft: Draft<F>) {
  const { merged, conflicts } = merge(unix(draft.begun), unix(draft.fields), unix(theirs));
  return conflicts.length === 0
    ? { ok: true as const, fields: merged }
    : { ok: false as const, refusal: 'conflict' as const, conflicts, theirs, merged };
}

/** A form sends every line break as two signs, whatever it was given. */
const unix = <F extends Record<string, string>>(fields: F) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [name, text.replaceAll('\r\n', '\n')]),
  ) as F;

/** The points of a list in their order, as kept. */
export async function itemsOf(main: Main, mandateId: string) {
  const rows = await main
    .select()
    .from(mandateItem)
    .where(eq(mandateItem.mandateId, mandateId))
    .orderBy(asc(mandateItem.position));
  const numberOf = new Map(rows.map(({ id, number }) => [id, number]));
  return rows.map(({ id, parentId, number, text, area, version }) => ({
    ...{ id, parentId, number, text, version },
    area: area ?? '',
    parent: parentId === null ? '' : numberOf.get(parentId)!,
  }));
}

/** Adds points, whose numbers are free and whose parents are there or among them. */
export async function insert(tx: Main, mandateId: string, points: Mandate.Item[]) {
  const idOf = new Map((await itemsOf(tx, mandateId)).map(({ number, id }) => [number, id]));
  for (const isPart of [false, true]) {
    const wanted = points.filter(({ parent }) => (parent !== '') === isPart);
    if (wanted.length === 0) continue;
    const made = await tx
      .insert(mandateItem)
      .values(
        wanted.map(({ number, text, area, parent }) => ({
          ...{ mandateId, number, text, position: 0 },
          area: area || null,
          parentId: isPart ? idOf.get(parent)! : null,
        })),
      )
      .returning({ id: mandateItem.id, number: mandateItem.number });
    for (const { id, number } of made) idOf.set(number, id);
  }
  await renumber(tx, mandateId);
}

/** Puts the points in the order of their numbers. */
async function renumber(tx: Main, mandateId: string) {
  const ordered = Mandate.inOrder(await itemsOf(tx, mandateId));
  const rows = ordered.map(({ id }, at) => sql`(${id}::uuid, ${at}::smallint)`);
  if (rows.length === 0) return;
  await tx.execute(sql`
    update ${mandateItem} set position = o.at from (values ${sql.join(rows, sql`, `)}) o (id, at)
    where ${mandateItem.id} = o.id and position <> o.at`);
}

/** Locks a list, so that its points change one at a time. */
async function lock(tx: Main, mandateId: string): Promise<boolean> {
  const found = await tx
    .select({ id: mandate.id })
    .from(mandate)
    .where(eq(mandate.id, mandateId))
    .for('update');
  return found.length > 0;
}

/** Adds the points of a text to a list, all or none of them. */
export async function add(
  main: Main,
  mandateId: string,
  text: string,
  _permit: Permit<'mandate.change'>,
): Promise<
  | { ok: true; count: number }
  | { ok: false; refusal: 'unknown' }
  | { ok: false; refusal: 'faults'; faults: Mandate.Fault[] }
> {
  return await main.transaction(async (tx) => {
    if (!(await lock(tx, mandateId))) return { ok: false, refusal: 'unknown' };
    const { items: points, faults } = Mandate.parse(text, await itemsOf(tx, mandateId));
    if (faults.length > 0) return { ok: false, refusal: 'faults', faults };
    await insert(tx, mandateId, points);
    return { ok: true, count: points.length };
  });
}

/** Changes a point. As it is drafted, parent is the id of the point it is part of: numbers move. */
export async function change(
  main: Main,
  mandateId: string,
  id: string,
  draft: Draft<Mandate.Item>,
  _permit: Permit<'mandate.change'>,
): Promise<
  | { ok: true }
  | { ok: false; refusal: 'unknown' }
  | { ok: false; refusal: 'faults'; refusals: Mandate.ItemRefusal[] }
  | Conflicted<Mandate.Item>
> {
  return await main.transaction(async (tx) => {
    await lock(tx, mandateId);
    const all = await itemsOf(tx, mandateId);
    const kept = all.find((one) => one.id === id);
    if (!kept) return { ok: false, refusal: 'unknown' };
    const { number, text, area, parentId, version } = kept;
    const settled = settle<Mandate.Item>({ number, text, area, parent: parentId ?? '' }, draft);
    if (!settled.ok) return settled;
    const above = all.find((one) => one.id === settled.fields.parent);
    const wanted = {
      ...settled.fields,
      number: Mandate.spelled(settled.fields.number),
      parent: above?.number ?? settled.fields.parent,
    };
    const others = all
      .filter((one) => one.id !== id)
      .map((one) => ({ ...one, parent: one.parentId === id ? wanted.number : one.parent }));
    const refusals = Mandate.itemFaults(wanted, others);
    if (refusals.length > 0) return { ok: false, refusal: 'faults', refusals };
    await tx
      .update(mandateItem)
      .set({
        number: wanted.number,
        text: wanted.text.trim(),
        area: wanted.parent === '' ? wanted.area.trim() || null : null,
        parentId: above?.id ?? null,
        version: version + 1,
      })
      .where(eq(mandateItem.id, id));
    await renumber(tx, mandateId);
    return { ok: true };
  });
}

/** Takes a point out of its list. One that has measures or parts stays: they would stand nowhere. */
export async function remove(
  main: Main,
  mandateId: string,
  id: string,
  _permit: Permit<'mandate.change'>,
): Promise<{ ok: true } | { ok: false; refusal: 'unknown' | 'has-measures' | 'has-parts' }> {
  try {
    return await main.transaction(async (tx) => {
      await lock(tx, mandateId);
      const gone = await tx
        .delete(mandateItem)
        .where(and(eq(mandateItem.id, id), eq(mandateItem.mandateId, mandateId)))
        .returning({ id: mandateItem.id });
      return gone.length > 0 ? { ok: true } : { ok: false, refusal: 'unknown' };
    });
  } catch (fault) {
    const held = heldBy(fault);
    if (held === null) throw fault;
    return { ok: false, refusal: held.includes('parent') ? 'has-parts' : 'has-measures' };
  }
}

/** The name of the key that PostgreSQL would have broken; null for any other fault. */
function heldBy(fault: unknown): string | null {
  if (sqlState(fault) !== foreignKeyViolation) return null;
  return String((fault as { cause?: { constraint_name?: string } }).cause?.constraint_name);
}

/** Lets a measure (an id, as it was posted) count for a point. Once or twice is the same. */
export async function tie(
  main: Main,
  itemId: string,
  measureId: string,
  _permit: Permit<'mandate.change'>,
): Promise<{ ok: true } | { ok: false; refusal: 'unknown' }> {
  const known = await main.execute<{ found: boolean }>(sql`
    with one as (select m.id from ${measure} m, ${mandateItem} i where m.id::text = ${measureId} and i.id = ${itemId}),
    tied as (insert into ${measureItem} (measure_id, item_id) select id, ${itemId}::uuid from one on conflict do nothing)
    select exists (select from one) as found`);
  return known[0]?.found ? { ok: true } : { ok: false, refusal: 'unknown' };
}

/** Lets it count no longer. */
export async function untie(
  main: Main,
  itemId: string,
  measureId: string,
  _permit: Permit<'mandate.change'>,
): Promise<void> {
  await main
    .delete(measureItem)
    .where(and(eq(measureItem.itemId, itemId), eq(sql`${measureItem.measureId}::text`, measureId)));
}

const mostFound = 30;

/** Measures not yet tied to a point that hold every word and are of a unit (id) or one below it: the first thirty by deadline, and how many in all. */
export async function search(
  main: Main,
  itemId: string,
  { words, unitId }: { words: string; unitId: string | null },
  now: Date,
): Promise<{ measures: measures.MeasureRow[]; count: number }> {
  const holds = words
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 10)
    .map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
    .map((like) => or(ilike(measure.title, like), ilike(measure.expected, like)));
  const below = sql`${measure.unitId} in (with recursive below (id) as (
    select id from ${unit} u where u.id = ${unitId} union select u.id from ${unit} u join below b on u.parent_id = b.id
  ) select id from below)`;
  const tied = main
    .select({ one: sql`1` })
    .from(measureItem)
    .where(and(eq(measureItem.measureId, measure.id), eq(measureItem.itemId, itemId)));
  const where = and(notExists(tied), ...holds, unitId === null ? undefined : below);
  const [counted] = await main.select({ count: count() }).from(measure).where(where);
  const found = await main
    .select({ id: measure.id })
    .from(measure)
    .where(where)
    .orderBy(asc(measure.dueOn), asc(measure.title))
    .limit(mostFound);
  const ids = found.map(({ id }) => id);
  return { measures: await measures.list(main, { ids }, now), count: counted?.count ?? 0 };
}
