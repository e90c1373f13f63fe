import { asc, desc, eq, inArray, sql } from 'drizzle-orm';
import * as Mandate from '#domain/mandate.ts';
import type { Status } from '#domain/measure.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { type Conflicted, type Draft, insert, itemsOf, settle } from '#server/mandate-items.ts';
import * as measures from '#server/measures.ts';
import { mandate, mandateItem, measure, measureItem } from '#server/schema.ts';

type MandateRow = Mandate.Head & { id: string; version: number };

const shown = {
  id: mandate.id,
  title: mandate.title,
  origin: mandate.origin,
  caseNumber: sql<string>`coalesce(${mandate.caseNumber}, '')`,
  decidedOn: mandate.decidedOn,
  version: mandate.version,
};

/** Every list, the newest decision first, with how many of its points (parts not counted) stand how. */
export async function list(main: Main): Promise<(MandateRow & { tally: Mandate.Tally })[]> {
  const heads = await main.select(shown).from(mandate).orderBy(desc(mandate.decidedOn), asc(mandate.title));
  const items = await main
    .select({
      id: mandateItem.id,
      mandateId: mandateItem.mandateId,
      parentId: mandateItem.parentId,
      statuses: sql<Status[]>`array_remove(array_agg(${measure.status}), null)`,
    })
    .from(mandateItem)
    .leftJoin(measureItem, eq(measureItem.itemId, mandateItem.id))
    .leftJoin(measure, eq(measure.id, measureItem.measureId))
    .groupBy(mandateItem.id);
  const parts = Map.groupBy(items, ({ parentId }) => parentId);
  const standing = ({ id, statuses }: (typeof items)[number]): Mandate.Standing =>
    Mandate.standing(statuses, (parts.get(id) ?? []).map(standing));
  const points = Map.groupBy(parts.get(null) ?? [], ({ mandateId }) => mandateId);
  return heads.map((head) => ({ ...head, tally: Mandate.tally((points.get(head.id) ?? []).map(standing)) }));
}

export async function find(main: Main, id: string): Promise<MandateRow | null> {
  const [found] = await main.select(shown).from(mandate).where(eq(mandate.id, id));
  return found ?? null;
}

/** A point with what is done about it. standing counts its parts in. */
type ItemRow = Mandate.Item & {
  id: string;
  version: number;
  measures: measures.MeasureRow[];
  standing: Mandate.Standing;
};

/** The points of a list by number, each with its parts after it, from the measures as they stand. */
export async function items(main: Main, mandateId: string, now: Date): Promise<ItemRow[]> {
  const kept = await itemsOf(main, mandateId);
  const ties = await main
    .select()
    .from(measureItem)
    .where(
      inArray(
        measureItem.itemId,
        kept.map(({ id }) => id),
      ),
    );
  const tied = await measures.list(main, { ids: ties.map(({ measureId }) => measureId) }, now);
  const ofItem = Map.groupBy(ties, ({ itemId }) => itemId);
  const measuresOf = (id: string) => {
    const ids = new Set((ofItem.get(id) ?? []).map(({ measureId }) => measureId));
    return tied.filter((one) => ids.has(one.id));
  };
  const rows = kept.map(({ parentId: _, ...row }) => ({ ...row, measures: measuresOf(row.id) }));
  const parts = Map.groupBy(rows, ({ parent }) => parent);
  const standing = (row: (typeof rows)[number]): Mandate.Standing =>
    Mandate.standing(
      row.measures.map(({ status }) => status),
      (parts.get(row.number) ?? []).map(standing),
    );
  return rows.map((row) => ({ ...row, standing: standing(row) }));
}

/** Takes on a list with its points. */
export async function add(
  main: Main,
  head: Mandate.Head,
  points: Mandate.Item[],
  now: Date,
  permit: Permit<'mandate.change'>,
): Promise<{ ok: true; id: string } | { ok: false; refusals: Mandate.HeadRefusal[] }> {
  const refusals = Mandate.headFaults(head);
  if (refusals.length > 0) return { ok: false, refusals };
  const id = await main.transaction(async (tx) => {
    const [made] = await tx
      .insert(mandate)
      .values({ ...headValues(head), createdAt: now, createdBy: permit.by })
      .returning({ id: mandate.id });
    await insert(tx, made!.id, points);
    return made!.id;
  });
  return { ok: true, id };
}

const headValues = ({ title, origin, caseNumber, decidedOn }: Mandate.Head) => ({
  ...{ title: title.trim(), origin: origin.trim(), caseNumber: caseNumber.trim() || null, decidedOn },
});

/** Changes what a list says of itself. What two people changed at once to different things is asked about, and nothing is kept until then. */
export async function change(
  main: Main,
  id: string,
  draft: Draft<Mandate.Head>,
  _permit: Permit<'mandate.change'>,
): Promise<
  | { ok: true }
  | { ok: false; refusal: 'unknown' }
  | { ok: false; refusal: 'faults'; refusals: Mandate.HeadRefusal[] }
  | Conflicted<Mandate.Head>
> {
  return await main.transaction(async (tx) => {
    const [kept] = await tx.select(shown).from(mandate).where(eq(mandate.id, id)).for('update');
    if (!kept) return { ok: false, refusal: 'unknown' };
    const { id: _, version, ...theirs } = kept;
    const settled = settle(theirs, draft);
    if (!settled.ok) return settled;
    const refusals = Mandate.headFaults(settled.fields);
    if (refusals.length > 0) return { ok: false, refusal: 'faults', refusals };
    await tx
      .update(mandate)
      .set({ ...headValues(settled.fields), version: version + 1 })
      .where(eq(mandate.id, id));
    return { ok: true };
  });
}
