import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { getTableColumns, inArray, sql } from 'drizzle-orm';
import type { PersonState, PositionState } from '#domain/person.ts';
import { inTreeOrder, type UnitState } from '#domain/unit.ts';
import { chunks, type Main } from '#server/db.ts';
import { person, position, unit } from '#server/schema.ts';

type UnitKept = typeof unit.$inferSelect;
type PersonKept = typeof person.$inferSelect;
type PositionKept = typeof position.$inferSelect;
/** A row as it was (null: was not there) and as the import left it. */
type Written<T> = { before: T | null; after: T };
/** What an import wrote. */
export type Journal = {
  units: Written<UnitKept>[];
  people: Written<PersonKept>[];
  positions: Written<PositionKept>[];
};

/** Units, people and positions as they stand. */
export type Rows = { units: UnitKept[]; people: PersonKept[]; positions: PositionKept[] };

/** The rows to write, each with what stood there before, in an order in which they can be written. */
export function journal(
  kept: Rows,
  next: {
    units: UnitState[];
    people: PersonState[];
    positions: PositionState[];
    leaders: [string, string][];
  },
): Journal {
  const was = <T extends { id: string }>(rows: T[]) => {
    const byId = new Map(rows.map((row) => [row.id, row]));
    return (after: T): Written<T> => ({ before: byId.get(after.id) ?? null, after });
  };
  const people: PersonKept[] = next.people.map((p) => ({ ...p, id: p.id ?? randomUUID() }));
  const idOfNumber = new Map([...kept.people, ...people].map((p) => [p.employeeNumber, p.id]));
  const idOfCode = new Map(kept.units.map((u) => [u.code, u.id]));
  const unitOfCode = new Map(kept.units.map((u) => [u.code, u]));
  const units: UnitKept[] = inTreeOrder(next.units).map(({ unit: { parent, ...u } }) => {
    const id = u.id ?? randomUUID();
    idOfCode.set(u.code, id);
    const parentId = parent === null ? null : need(idOfCode.get(parent));
    return { ...u, id, parentId };
  });
  const ledNow = next.leaders.map(([code, number]) => {
    // Since when was said by the file of units that named them.
    return { ...need(unitOfCode.get(code)), leaderId: need(idOfNumber.get(number)) };
  });
  const positions: PositionKept[] = next.positions.map(({ employeeNumber, unit: code, ...p }) => ({
    ...p,
    id: p.id ?? randomUUID(),
    personId: need(idOfNumber.get(employeeNumber)),
    unitId: need(idOfCode.get(code)),
  }));
  return {
    units: [...units, ...ledNow].map(was(kept.units)),
    people: people.map(was(kept.people)),
    positions: positions.map(was(kept.positions)),
  };
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a row of an import points to nothing');
  return value;
}

type Table = typeof unit | typeof person | typeof position;

async function put<T extends Table>(tx: Main, table: T, rows: T['$inferSelect'][]) {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key !== 'id');
  const set = Object.fromEntries(columns.map(([key, { name }]) => [key, sql.raw(`excluded."${name}"`)]));
  for (const some of chunks(rows, 2000))
    await tx
      .insert(table)
      .values(some as never)
      .onConflictDoUpdate({ target: table.id, set: set as never });
}

/** Writes the rows as the import leaves them. */
export async function write(tx: Main, { units, people, positions }: Journal) {
  await put(tx, person, people.map(after));
  await put(tx, unit, units.map(after));
  await put(tx, position, positions.map(after));
}

const after = <T>(written: Written<T>) => written.after;

/** Whether all rows still are as the import left them. */
export const stands = async (tx: Main, { units, people, positions }: Journal): Promise<boolean> =>
  (await stand(tx, unit, units)) &&
  (await stand(tx, person, people)) &&
  (await stand(tx, position, positions));

async function stand<T extends Table>(tx: Main, table: T, written: Written<T['$inferSelect']>[]) {
  for (const part of chunks(written, 2000)) {
    const ids = part.map(({ after }) => after.id);
    const rows = await tx
      .select()
      .from(table as Table)
      .where(inArray(table.id, ids));
    const byId = new Map(rows.map((row) => [row.id, row]));
    // A column that came after the import is not asked for.
    const stands = (row: object | undefined, after: object) =>
      row !== undefined && isDeepStrictEqual({ ...row, ...after }, row);
    if (part.some(({ after }) => !stands(byId.get(after.id), after))) return false;
  }
  return true;
}

/** Puts the rows back as they were, and takes away those that the import added. */
export async function putBack(tx: Main, { units, people, positions }: Journal) {
  await put(tx, unit, units.flatMap(before));
  await put(tx, person, people.flatMap(before));
  await put(tx, position, positions.flatMap(before));
  await take(tx, position, addedIds(positions));
  await take(tx, unit, addedIds(units));
  await take(tx, person, addedIds(people));
}

const before = <T>(written: Written<T>) => (written.before === null ? [] : [written.before]);

/** The rows that were not there before. */
export const addedIds = (written: Written<{ id: string }>[]) =>
  written.filter(({ before }) => before === null).map(({ after }) => after.id);

async function take(tx: Main, table: Table, ids: string[]) {
  if (ids.length > 0) await tx.delete(table).where(sql`${table.id} = any(${sql.param(ids)}::uuid[])`);
}
