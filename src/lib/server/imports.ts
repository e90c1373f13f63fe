import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { and, desc, eq, gt, inArray, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm';
import * as Csv from '#domain/csv.ts';
import * as Day from '#domain/day.ts';
import { compareUnits, readUnits, type UnitRow } from '#domain/import-units.ts';
import { comparePeople, type PersonRow, readPeople } from '#domain/import-people.ts';
import { type Fault, identityColumn, type ImportKind, type Preview, shown } from '#domain/import.ts';
import { isHere, reachesOperator } from '#domain/person.ts';
import type { UnitState } from '#domain/unit.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as journals from '#server/import-journal.ts';
import { imported, person, position, role, round, session, signInLink, unit } from '#server/schema.ts';

/** Why a file was not read. column: number from 1 and, unless it is itself secret, its name. */
export type FileRefusal =
  | { refusal: Csv.CsvRefusal; line: number | null }
  | { refusal: 'identity-numbers'; column: { number: number; name: string | null } };
export type Previewed = { ok: true; id: string; preview: Preview } | ({ ok: false } & FileRefusal);

/** Old addresses of people with a role who now have another: each is told (accounts.tellOfAddress). */
export type Moved = { from: string[] };

export type Confirmed =
  | ({ ok: true; preview: Preview } & Moved)
  | { ok: false; refusal: 'not-found' | 'already-confirmed' | 'has-faults' | 'needs-operator' }
  /** id: of the new preview, which nobody has seen yet. */
  | { ok: false; refusal: 'changed-since-preview'; id: string };
export type UndoRefusal =
  | 'not-found'
  | 'not-confirmed'
  | 'already-undone'
  | 'newer-import'
  | 'changed-since-import'
  | 'in-use'
  | 'needs-operator';

type File = { faults: Fault[]; unread: string[] } & (
  { kind: 'units'; rows: UnitRow[] } | { kind: 'people'; rows: PersonRow[] }
);
type Content =
  | { preview: Preview; file: File }
  | { preview: Preview; journal: journals.Journal; waiting: [string, string][]; confirmedBy: string | null };

const content = (row: { content: unknown }) => row.content as Content;

/** Reads a file of units and keeps what it would change, to be confirmed. The file itself is not kept. */
export const previewUnits = (
  main: Main,
  permit: Permit<'import.do'>,
  bytes: Uint8Array,
  fileName: string,
  now: Date,
) => preview(main, permit, 'units', bytes, fileName, now);

/** Reads a file of people and positions and keeps what it would change, to be confirmed. The file itself is not kept. */
export const previewPeople = (
  main: Main,
  permit: Permit<'import.do'>,
  bytes: Uint8Array,
  fileName: string,
  now: Date,
) => preview(main, permit, 'people', bytes, fileName, now);

async function preview(
  main: Main,
  { by }: Permit<'import.do'>,
  kind: ImportKind,
  bytes: Uint8Array,
  fileName: string,
  now: Date,
): Promise<Previewed> {
  const csv = Csv.read(bytes);
  if (!csv.ok) return csv;
  const column = identityColumn(csv);
  if (column) return { ok: false, refusal: 'identity-numbers', column };
  const file: File = kind === 'units' ? { kind, ...readUnits(csv) } : { kind, ...readPeople(csv) };
  const { preview } = await compare(main, file, Day.at(now));
  const name = fileName
    .replace(/\p{Cc}/gu, '')
    .slice(0, 200)
    .toWellFormed();
  const [row] = await main
    .insert(imported)
    .values({
      kind,
      fileName: name,
      content: { preview, file } satisfies Content,
      previewedAt: now,
      previewedBy: by,
    })
    .returning({ id: imported.id });
  if (!row) throw new Error('the preview was not kept');
  return { ok: true, id: row.id, preview };
}

/** What the file would change now, and the rows to write for it. */
async function compare(main: Main, file: File, on: string) {
  const kept = await read(main);
  const codeOf = new Map(kept.units.map((u) => [u.id, u.code]));
  const numberOf = new Map(kept.people.map((p) => [p.id, p.employeeNumber]));
  const units: UnitState[] = kept.units.map(({ parentId, ...u }) => ({
    ...u,
    parent: parentId === null ? null : (codeOf.get(parentId) ?? null),
  }));
  const positions = kept.positions.map(({ personId, unitId, ...p }) => ({
    ...p,
    employeeNumber: numberOf.get(personId) ?? '',
    unit: codeOf.get(unitId) ?? '',
  }));
  const make = (parts: Preview['parts'], warnings: Preview['warnings'], faults: Fault[]): Preview => ({
    kind: file.kind,
    on,
    rows: file.rows.length,
    parts,
    faults: faults.slice(0, shown.faults),
    faultCount: faults.length,
    warnings,
    unread: file.unread,
  });
  if (file.kind === 'units') {
    const staff = new Map<string, number>();
    for (const post of positions)
      if (Day.stands(post, on)) staff.set(post.unit, (staff.get(post.unit) ?? 0) + 1);
    const found = compareUnits(file.rows, { units, people: kept.people, staff }, on);
    return {
      preview: make(found.parts, found.warnings, file.faults),
      journal: () => journals.journal(kept, { units: found.next, people: [], positions: [], leaders: [] }),
      waiting: found.waiting,
      withRole: kept.withRole,
    };
  }
  const { people, withRole, operators } = kept;
  const base = { people, positions, units, withRole, operators, waiting: kept.waiting };
  const found = comparePeople(file.rows, base, on);
  const faults = [...file.faults, ...found.faults].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return {
    preview: make(found.parts, found.warnings, faults),
    journal: () => journals.journal(kept, { units: [], ...found }),
    waiting: kept.waiting.filter(([code]) => !found.leaders.some(([done]) => done === code)),
    withRole,
  };
}

/** Whether only an operator may confirm it. */
export const needsOperator = ({ warnings }: Pick<Preview, 'warnings'>) =>
  warnings.some(({ warning }) => warning === 'operator-email');

type Kept = journals.Rows & {
  withRole: Set<string>;
  operators: Map<string, string | null>;
  waiting: [string, string][];
};

/** People with a role: all, and the addresses of operators. */
async function holders(main: Main): Promise<Pick<Kept, 'withRole' | 'operators'>> {
  const rows = await main
    .select({ id: person.id, email: person.email, role: role.role })
    .from(role)
    .innerJoin(person, eq(person.id, role.personId));
  const operators = rows.filter((row) => row.role === 'operator');
  return {
    withRole: new Set(rows.map((row) => row.id)),
    operators: new Map(operators.map((row) => [row.id, row.email])),
  };
}

const moved = (people: journals.Journal['people'], withRole: Set<string>) =>
  people.flatMap(({ before, after }) =>
    before?.email && before.email !== after.email && withRole.has(before.id) ? [before.email] : [],
  );

async function read(main: Main): Promise<Kept> {
  const [last] = await main
    .select({ waiting: sql<[string, string][] | null>`${imported.content} -> 'waiting'` })
    .from(imported)
    .where(and(isNotNull(imported.confirmedAt), isNull(imported.undoneAt)))
    .orderBy(desc(imported.confirmedAt))
    .limit(1);
  return {
    units: await main.select().from(unit),
    people: await main.select().from(person),
    positions: await main.select().from(position),
    ...(await holders(main)),
    waiting: last?.waiting ?? [],
  };
}

const lock = (tx: Main) =>
  tx.execute(sql`lock table ${unit}, ${person}, ${position}, ${imported} in share row exclusive mode`);

/**
 * Does what the preview showed, in one transaction, or nothing. When something has changed since the preview was
 * shown, a new preview takes its place and has to be looked at. People who are gone lose their sessions and links.
 * asOperator: proof that an operator does it, without which it may not reach an operator's address.
 */
export async function confirm(
  main: Main,
  { by }: Permit<'import.do'>,
  id: string,
  now: Date,
  asOperator: Permit<'operator.give'> | null = null,
): Promise<Confirmed> {
  return main.transaction(async (tx) => {
    await lock(tx);
    const [row] = await tx.select().from(imported).where(eq(imported.id, id));
    if (!row) return { ok: false, refusal: 'not-found' };
    const stored = content(row);
    if (row.confirmedAt || !('file' in stored)) return { ok: false, refusal: 'already-confirmed' };
    const { preview, journal, waiting, withRole } = await compare(tx, stored.file, Day.at(now));
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(preview)), stored.preview)) {
      const fresh = { id: randomUUID(), content: { preview, file: stored.file } satisfies Content };
      await tx
        .update(imported)
        .set({ ...fresh, previewedAt: now })
        .where(eq(imported.id, id));
      return { ok: false, refusal: 'changed-since-preview', id: fresh.id };
    }
    if (preview.faultCount > 0) return { ok: false, refusal: 'has-faults' };
    if (needsOperator(preview) && !asOperator) return { ok: false, refusal: 'needs-operator' };
    const written = journal();
    await journals.write(tx, written);
    const left = written.people
      .map(({ after }) => after)
      .filter((one) => !isHere(one, preview.on))
      .map(({ id }) => id);
    await tx.delete(session).where(inArray(session.personId, left));
    await tx.delete(signInLink).where(inArray(signInLink.personId, left));
    const done: Content = { preview, journal: written, waiting, confirmedBy: by };
    await tx.update(imported).set({ content: done, confirmedAt: now }).where(eq(imported.id, id));
    return { ok: true, preview, from: moved(written.people, withRole) };
  });
}

/**
 * Puts units, people and positions back exactly as they were before the last confirmed import. Refuses when another
 * import came after, when a row has been changed since, and when something now stands on a row that would go.
 * asOperator: as for confirming.
 */
export async function undo(
  main: Main,
  _permit: Permit<'import.do'>,
  id: string,
  now: Date,
  asOperator: Permit<'operator.give'> | null = null,
): Promise<({ ok: true } & Moved) | { ok: false; refusal: UndoRefusal }> {
  try {
    return await main.transaction(async (tx) => {
      await lock(tx);
      const [row] = await tx.select().from(imported).where(eq(imported.id, id));
      if (!row) return { ok: false, refusal: 'not-found' };
      const stored = content(row);
      if (!row.confirmedAt || !('journal' in stored)) return { ok: false, refusal: 'not-confirmed' };
      if (row.undoneAt) return { ok: false, refusal: 'already-undone' };
      if (await newer(tx, id, row.confirmedAt)) return { ok: false, refusal: 'newer-import' };
      if (!(await journals.stands(tx, stored.journal))) return { ok: false, refusal: 'changed-since-import' };
      const back = stored.journal.people.flatMap(({ before, after }) =>
        before ? [{ before: after, after: before }] : [],
      );
      const { withRole, operators } = await holders(tx);
      if (!asOperator && back.some(({ before, after }) => reachesOperator(before, after, operators)))
        return { ok: false, refusal: 'needs-operator' };
      const added = new Set(journals.addedIds(stored.journal.units));
      const rounds = await tx.select({ unitIds: round.unitIds }).from(round);
      if (rounds.some(({ unitIds }) => unitIds.some((unitId) => added.has(unitId))))
        return { ok: false, refusal: 'in-use' };
      await journals.putBack(tx, stored.journal);
      await tx.update(imported).set({ undoneAt: now }).where(eq(imported.id, id));
      return { ok: true, from: moved(back, withRole) };
    });
  } catch (accident) {
    if (isForeignKey(accident)) return { ok: false, refusal: 'in-use' };
    throw accident;
  }
}

const isForeignKey = (accident: unknown) =>
  accident instanceof Error && (accident.cause as { code?: string } | undefined)?.code === '23503';

async function newer(main: Main, id: string, confirmedAt: Date): Promise<boolean> {
  const found = await main
    .select({ id: imported.id })
    .from(imported)
    .where(and(gt(imported.confirmedAt, confirmedAt), isNull(imported.undoneAt), ne(imported.id, id)))
    .limit(1);
  return found.length > 0;
}

export type Import = {
  id: string;
  kind: ImportKind;
  fileName: string;
  previewedAt: Date;
  confirmedAt: Date | null;
  undoneAt: Date | null;
};

const head = {
  id: imported.id,
  kind: sql<ImportKind>`${imported.kind}`,
  fileName: imported.fileName,
  previewedAt: imported.previewedAt,
  confirmedAt: imported.confirmedAt,
  undoneAt: imported.undoneAt,
};

/** One import with its preview. last: it is the newest confirmed one, so that undoing it may be offered. */
export async function find(
  main: Main,
  _permit: Permit<'import.do'>,
  id: string,
): Promise<(Import & { preview: Preview; last: boolean }) | null> {
  const [row] = await main
    .select({ ...head, preview: sql<Preview>`${imported.content} -> 'preview'` })
    .from(imported)
    .where(eq(imported.id, id));
  if (!row) return null;
  const last = row.confirmedAt !== null && row.undoneAt === null && !(await newer(main, id, row.confirmedAt));
  return { ...row, last };
}

/** Newest first. */
export const list = (main: Main, _permit: Permit<'import.do'>): Promise<Import[]> =>
  main.select(head).from(imported).orderBy(desc(imported.previewedAt));

/** Forgets previews that nobody confirmed within a week. Gives how many. */
export async function sweep(main: Main, now: Date): Promise<number> {
  const weekAgo = new Date(now.getTime() - 7 * 24 * 3600 * 1000);
  const gone = await main
    .delete(imported)
    .where(and(isNull(imported.confirmedAt), lt(imported.previewedAt, weekAgo)))
    .returning({ id: imported.id });
  return gone.length;
}
