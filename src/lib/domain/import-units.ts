import type { Csv } from '#domain/csv.ts';
import * as Day from '#domain/day.ts';
import {
  type Change,
  type Column,
  type Fault,
  changes,
  dayCell,
  faultAt,
  type Item,
  manyGone,
  neededCell,
  type Part,
  table,
  textCell,
  type Warning,
  warning,
} from '#domain/import.ts';
import { isHere, type PersonState } from '#domain/person.ts';
import { cycles, standing, type UnitState } from '#domain/unit.ts';

/** The columns of a file of units, by FINT's names for an organisasjonselement (docs/import.md). */
const unitColumns: Column[] = [
  { name: 'organisasjonsKode', aliases: ['kode'], required: true },
  { name: 'navn', aliases: [], required: true },
  { name: 'overordnet', aliases: ['overordnet.organisasjonsKode'], required: true },
  { name: 'kortnavn', aliases: [] },
  { name: 'nivå', aliases: ['nivaa', 'niva'] },
  { name: 'leder', aliases: ['leder.ansattnummer', 'lederansattnummer'] },
  { name: 'lederFra', aliases: ['leder.gyldighetsperiode.start', 'lederSiden'] },
  { name: 'gyldigFra', aliases: ['gyldighetsperiode.start', 'gyldighetsperiodestart'] },
  { name: 'gyldigTil', aliases: ['gyldighetsperiode.slutt', 'gyldighetsperiodeslutt'] },
];

/** One line of the file. A field is undefined where the file has no such column. leader: an employee number. */
export type UnitRow = {
  line: number;
  code: string;
  name: string;
  parent: string | null;
  shortName?: string | null;
  level?: string | null;
  leader?: string | null;
  leaderSince?: string | null;
  validFrom?: string | null;
  validTo?: string | null;
};

/**
 * Reads a file of units: the rows it could read, every fault by line and column, and the columns it did not read.
 * The file is the whole tree: every parent is in it, one unit stands at the top, there are no cycles.
 */
export function readUnits(csv: Csv): { rows: UnitRow[]; faults: Fault[]; unread: string[] } {
  const from = table(csv, unitColumns);
  const { faults, unread } = from;
  if (faults.length > 0) return { rows: [], faults, unread };
  const rows: UnitRow[] = [];
  const lineOf = new Map<string, number>();
  const read = new Map<string, UnitRow>();
  let top: number | null = null;
  for (const row of csv.rows) {
    const code = neededCell(from, row, 'organisasjonsKode', 'code');
    const name = neededCell(from, row, 'navn', 'text');
    const faultsBefore = faults.length;
    const parent = textCell(from, row, 'overordnet', 'code') ?? null;
    const parentIsBad = faults.length > faultsBefore;
    const validFrom = dayCell(from, row, 'gyldigFra');
    const validTo = dayCell(from, row, 'gyldigTil');
    const rest = {
      shortName: textCell(from, row, 'kortnavn'),
      level: textCell(from, row, 'nivå'),
      leader: textCell(from, row, 'leder', 'code'),
      leaderSince: dayCell(from, row, 'lederFra'),
    };
    if (rest.leaderSince && !rest.leader)
      faults.push(faultAt('since-without-leader', row.line, 'lederFra', rest.leaderSince));
    if (validFrom && validTo && validTo < validFrom)
      faults.push(faultAt('ends-before-start', row.line, 'gyldigTil', validTo));
    if (code === null) continue;
    const same = lineOf.get(code);
    if (same !== undefined) {
      faults.push(faultAt('duplicate-unit', row.line, 'organisasjonsKode', code, same));
      continue;
    }
    lineOf.set(code, row.line);
    if (parent === null && !parentIsBad) {
      if (top === null) top = row.line;
      else faults.push(faultAt('second-root', row.line, 'overordnet', code, top));
    }
    if (name === null) continue;
    const unit = { line: row.line, code, name, parent, ...rest, validFrom, validTo };
    rows.push(unit);
    read.set(code, unit);
  }
  for (const { line, parent, validTo } of rows) {
    if (parent === null) continue;
    if (!lineOf.has(parent)) faults.push(faultAt('unknown-parent', line, 'overordnet', parent));
    const above = read.get(parent);
    if (above?.validTo && (!validTo || validTo > above.validTo))
      faults.push(faultAt('parent-ended', line, 'overordnet', parent, above.line));
  }
  for (const cycle of cycles(rows)) {
    const [first = ''] = cycle;
    faults.push(faultAt('cycle', lineOf.get(first) ?? null, 'overordnet', [...cycle, first].join(' → ')));
  }
  return { rows, faults: faults.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)), unread };
}

/** What is kept before an import of units. staff: how many are in post in a unit, by code. */
export type UnitBase = { units: UnitState[]; people: PersonState[]; staff: Map<string, number> };

/**
 * A leader's first day as a unit's: as the file says; else the day of the import that saw them take over, from another
 * or after nobody. null: not known here, as of the first leaders that any file names, of a new unit's, and of nobody.
 */
function leaderSince(
  row: UnitRow,
  before: UnitState | undefined,
  leaderId: string | null,
  isFirst: boolean,
  on: string,
): string | null {
  const keeps = row.leader === undefined || (leaderId !== null && before?.leaderId === leaderId);
  if (keeps) return row.leaderSince ?? before?.leaderSince ?? null;
  if (!row.leader) return null;
  if (row.leaderSince) return row.leaderSince;
  const wasWaiting = leaderId === null && before?.leaderId === null;
  if (wasWaiting) return before.leaderSince;
  return before && !isFirst ? on : null;
}

/**
 * What a file of units would change, compared with what is kept. Units are the same when their codes are; a field
 * whose column is missing keeps its value; units that are not in the file end the day before. next: the new and
 * changed units whole. waiting: leaders that are not known as people yet, as [unit, employee number]; they become
 * leaders when the people are imported.
 */
export function compareUnits(
  rows: UnitRow[],
  base: UnitBase,
  on: string,
): { parts: Part[]; warnings: Warning[]; next: UnitState[]; waiting: [string, string][] } {
  const kept = new Map(base.units.map((unit) => [unit.code, unit]));
  const byNumber = new Map(base.people.map((person) => [person.employeeNumber, person]));
  const byId = new Map(base.people.map((person) => [person.id, person]));
  const nameOf = (id: string | null) => (id === null ? null : (byId.get(id)?.name ?? null));
  const label = (unit: { code: string; name: string }) => `${unit.name} (${unit.code})`;

  const added: Item[] = [];
  const changed: Change[] = [];
  const gone: Item[] = [];
  const next: UnitState[] = [];
  const waiting: [string, string][] = [];
  const leaderless: string[] = [];
  const unknown: string[] = [];
  const left: string[] = [];
  const ahead: string[] = [];
  const isFirst = base.units.every((unit) => unit.leaderId === null);
  let unchanged = 0;

  for (const row of rows) {
    const before = kept.get(row.code);
    const leader = row.leader ? byNumber.get(row.leader) : undefined;
    const leaderId = row.leader === undefined ? (before?.leaderId ?? null) : (leader?.id ?? null);
    const stillTo = before?.validTo && before.validTo >= on ? before.validTo : null;
    const after: UnitState = {
      id: before?.id ?? null,
      code: row.code,
      name: row.name,
      shortName: row.shortName === undefined ? (before?.shortName ?? null) : row.shortName,
      level: row.level === undefined ? (before?.level ?? null) : row.level,
      parent: row.parent,
      leaderId,
      leaderSince: leaderSince(row, before, leaderId, isFirst, on),
      validFrom: row.validFrom ?? before?.validFrom ?? on,
      validTo: row.validTo === undefined ? stillTo : row.validTo,
    };
    if (row.leader && !leader) waiting.push([row.code, row.leader]);
    if (row.leaderSince && row.leaderSince > on) ahead.push(label(row));
    if (Day.stands(after, on)) {
      const leads = after.leaderId === null ? undefined : byId.get(after.leaderId);
      if (row.leader && !leader) unknown.push(label(row));
      else if (leads && !isHere(leads, on)) left.push(label(row));
      else if (!leads && row.leader !== undefined) leaderless.push(label(row));
    }
    if (!before) {
      added.push({ key: row.code, name: row.name });
      next.push(after);
      continue;
    }
    const fields = changes([
      ['navn', before.name, after.name],
      ['kortnavn', before.shortName, after.shortName],
      ['nivå', before.level, after.level],
      ['overordnet', before.parent, after.parent],
      ['leder', nameOf(before.leaderId), nameOf(after.leaderId), before.leaderId !== after.leaderId],
      ['lederFra', before.leaderSince, after.leaderSince],
      ['gyldigFra', before.validFrom, after.validFrom],
      ['gyldigTil', before.validTo, after.validTo],
    ]);
    if (fields.length === 0) unchanged += 1;
    else {
      changed.push({ key: row.code, name: row.name, fields });
      next.push(after);
    }
  }
  const inFile = new Set(rows.map((row) => row.code));
  for (const unit of base.units) {
    if (inFile.has(unit.code) || (unit.validTo !== null && unit.validTo < on)) continue;
    gone.push({ key: unit.code, name: unit.name });
    next.push({ ...unit, validTo: Day.plus(on, -1) });
  }
  const staffed = gone.filter((unit) => (base.staff.get(unit.key) ?? 0) > 0);
  return {
    parts: [{ of: 'unit', added, changed, gone, unchanged }],
    warnings: [
      ...manyGone(gone, standing(base.units, on).length),
      ...warning('no-leader-column', rows.some((row) => row.leader === undefined) ? ['leder'] : []),
      ...warning('no-leader', leaderless),
      ...warning('leader-unknown', unknown),
      ...warning('leader-gone', left),
      ...warning('leader-ahead', ahead),
      ...warning(
        'gone-with-staff',
        staffed.map((unit) => label({ code: unit.key, name: unit.name })),
      ),
    ],
    next,
    waiting,
  };
}
