import type { Csv } from '#domain/csv.ts';
import * as Day from '#domain/day.ts';
import {
  type Change,
  changes,
  type Column,
  dayCell,
  type Fault,
  faultAt,
  type Item,
  manyGone,
  neededCell,
  type Part,
  type Table,
  table,
  textCell,
  type Warning,
  warning,
} from '#domain/import.ts';
import { isHere, type PersonState, type PositionState, reachesOperator } from '#domain/person.ts';

/** The columns of a file of people and positions, by FINT's names for personalressurs and arbeidsforhold (docs/import.md). */
const peopleColumns: Column[] = [
  { name: 'ansattnummer', aliases: ['ansattnr'], required: true },
  { name: 'navn', aliases: [] },
  { name: 'fornavn', aliases: ['navn.fornavn'] },
  { name: 'etternavn', aliases: ['navn.etternavn'] },
  { name: 'epost', aliases: ['epostadresse', 'e-postadresse', 'email'] },
  { name: 'mobil', aliases: ['mobiltelefonnummer', 'mobilnummer'] },
  { name: 'systemId', aliases: ['systemId.identifikatorverdi'] },
  { name: 'arbeidssted', aliases: ['arbeidssted.organisasjonsKode', 'organisasjonsKode'], required: true },
  { name: 'stillingskode', aliases: ['stillingskode.kode'] },
  { name: 'stillingstittel', aliases: [] },
  { name: 'ansettelsesprosent', aliases: ['stillingsprosent'] },
  { name: 'hovedstilling', aliases: [] },
  { name: 'permisjon', aliases: [] },
  { name: 'gyldigFra', aliases: ['gyldighetsperiode.start', 'gyldighetsperiodestart'] },
  { name: 'gyldigTil', aliases: ['gyldighetsperiode.slutt', 'gyldighetsperiodeslutt'] },
];

/** One line of the file: a person in a position. A field is undefined where the file has no such column. */
export type PersonRow = {
  line: number;
  employeeNumber: string;
  name: string;
  email?: string | null;
  mobile?: string | null;
  key: string;
  unit: string;
  kind?: string | null;
  title?: string | null;
  share?: number | null;
  main?: boolean | null;
  onLeave?: boolean | null;
  validFrom?: string | null;
  validTo?: string | null;
};

const words = new Map<string, boolean>([
  ...['ja', 'j', 'sann', 'true', '1', 'x', 'yes'].map((word) => [word, true] as const),
  ...['nei', 'n', 'usann', 'false', '0', 'no'].map((word) => [word, false] as const),
]);

function yesNoCell(from: Table, row: { line: number; cells: string[] }, column: string) {
  const value = from.cell(row, column);
  if (value === undefined) return undefined;
  if (value === '') return null;
  const word = words.get(value.toLowerCase());
  if (word === undefined) from.faults.push(faultAt('bad-yes-no', row.line, column, value));
  return word ?? null;
}

function percentCell(from: Table, row: { line: number; cells: string[] }, column: string) {
  const value = from.cell(row, column);
  if (value === undefined) return undefined;
  if (value === '') return null;
  const number = /^\d{1,3}([.,]\d+)?\s?%?$/.test(value) ? Number.parseFloat(value.replace(',', '.')) : 101;
  if (number <= 100) return Math.round(number);
  from.faults.push(faultAt('bad-percent', row.line, column, value));
  return null;
}

/**
 * Reads a file of people and their positions, one position a line: the rows it could read, every fault by line and
 * column, and the columns it did not read. A position is known by its systemId, else by employee number, unit and
 * stillingskode together. Shares are rounded to whole per cents.
 */
export function readPeople(csv: Csv): { rows: PersonRow[]; faults: Fault[]; unread: string[] } {
  const from = table(csv, peopleColumns);
  const { faults, unread } = from;
  if (!from.has('navn') && !(from.has('fornavn') && from.has('etternavn')))
    faults.push(faultAt('missing-column', 1, 'navn'));
  if (faults.length > 0) return { rows: [], faults, unread };
  const rows: PersonRow[] = [];
  for (const row of csv.rows) {
    const employeeNumber = neededCell(from, row, 'ansattnummer', 'code');
    const name = from.has('navn')
      ? neededCell(from, row, 'navn', 'text')
      : [neededCell(from, row, 'fornavn', 'text'), neededCell(from, row, 'etternavn', 'text')]
          .filter((part) => part !== null)
          .join(' ');
    const unit = neededCell(from, row, 'arbeidssted', 'code');
    const kind = textCell(from, row, 'stillingskode');
    const systemId = textCell(from, row, 'systemId', 'code');
    const rest = {
      email: textCell(from, row, 'epost', 'email'),
      mobile: textCell(from, row, 'mobil', 'mobile'),
      title: textCell(from, row, 'stillingstittel'),
      share: percentCell(from, row, 'ansettelsesprosent'),
      main: yesNoCell(from, row, 'hovedstilling'),
      onLeave: yesNoCell(from, row, 'permisjon'),
      validFrom: dayCell(from, row, 'gyldigFra'),
      validTo: dayCell(from, row, 'gyldigTil'),
    };
    if (rest.validFrom && rest.validTo && rest.validTo < rest.validFrom)
      faults.push(faultAt('ends-before-start', row.line, 'gyldigTil', rest.validTo));
    if (employeeNumber === null || !name || unit === null) continue;
    const key = systemId ?? `${employeeNumber}/${unit}/${kind ?? ''}`;
    rows.push({ line: row.line, employeeNumber, name, key, unit, kind, ...rest });
  }
  faults.push(...collisions(rows));
  return { rows, faults: faults.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)), unread };
}

const overlap = (a: PersonRow, b: PersonRow) =>
  (!a.validTo || !b.validFrom || b.validFrom <= a.validTo) &&
  (!b.validTo || !a.validFrom || a.validFrom <= b.validTo);

const mostPositions = 50;

/** What two lines say against each other. */
function collisions(rows: PersonRow[]): Fault[] {
  const faults: Fault[] = [];
  const byKey = new Map<string, PersonRow>();
  const byEmail = new Map<string, PersonRow>();
  const byPerson = new Map<string, PersonRow[]>();
  for (const row of rows) {
    const same = byKey.get(row.key);
    if (same) faults.push(faultAt('duplicate-position', row.line, 'arbeidssted', row.unit, same.line));
    else byKey.set(row.key, row);
    const others = byPerson.get(row.employeeNumber) ?? [];
    const [first] = others;
    others.push(row);
    byPerson.set(row.employeeNumber, others);
    if (others.length > mostPositions) {
      faults.push(faultAt('many-positions', row.line, 'ansattnummer', row.employeeNumber));
      continue;
    }
    for (const [column, field] of [
      ['navn', 'name'],
      ['epost', 'email'],
      ['mobil', 'mobile'],
    ] as const)
      if (first && first[field] !== row[field])
        faults.push(faultAt('two-descriptions', row.line, column, row[field] ?? '', first.line));
    if (row.email && !first) {
      const shared = byEmail.get(row.email);
      if (shared) faults.push(faultAt('email-shared', row.line, 'epost', row.email, shared.line));
      else byEmail.set(row.email, row);
    }
    const main = row.main
      ? others.find((other) => other !== row && other.main && overlap(other, row))
      : undefined;
    if (main) faults.push(faultAt('two-main', row.line, 'hovedstilling', row.employeeNumber, main.line));
  }
  return faults;
}

/**
 * What is kept before an import of people. withRole: ids of people who hold a role. operators: the e-mail address of
 * each operator, by id. waiting: units without a leader whose file of units named one, as [unit, employee number].
 */
export type PeopleBase = {
  people: PersonState[];
  positions: PositionState[];
  units: { code: string; name: string; validTo: string | null; leaderId: string | null }[];
  withRole: Set<string>;
  operators: Map<string, string | null>;
  waiting: [string, string][];
};

/**
 * What a file of people would change, compared with what is kept. People are the same when their employee numbers
 * are; somebody from outside with the same e-mail address becomes the employee. A field whose column is missing keeps
 * its value. People who are not in the file are gone from this day, positions end the day before; somebody whose
 * every position has an end leaves the day after the last. Of several positions that stand, the one marked is the
 * main one, else the largest. next: new and changed ones whole. leaders: the units that get the leader they waited
 * for, as [unit, employee number].
 */
export function comparePeople(
  rows: PersonRow[],
  base: PeopleBase,
  on: string,
): {
  parts: Part[];
  warnings: Warning[];
  faults: Fault[];
  people: PersonState[];
  positions: PositionState[];
  leaders: [string, string][];
} {
  const faults: Fault[] = [];
  const units = new Map(base.units.map((unit) => [unit.code, unit]));
  const keptPeople = new Map(base.people.map((person) => [person.employeeNumber, person]));
  const keptPositions = new Map(base.positions.map((position) => [position.key, position]));
  const outside = new Map(
    base.people.filter((p) => p.employeeNumber === null && p.email).map((p) => [p.email, p]),
  );
  const rowsOf = Map.groupBy(rows, (row) => row.employeeNumber);

  const person = empty('person');
  const position = empty('position');
  const leader = empty('leader');
  const nextPeople: PersonState[] = [];
  const nextPositions: PositionState[] = [];
  const noEmail: string[] = [];
  const chosen: string[] = [];
  const roleEmail: string[] = [];
  const operatorEmail: string[] = [];

  for (const [employeeNumber, own] of rowsOf) {
    const [first] = own;
    if (!first) continue;
    const posts = own.map((row) => post(row, keptPositions.get(row.key), on));
    const current = posts.filter((p) => p.validTo === null || p.validTo >= on);
    const [largest] = current.toSorted((a, b) => b.share - a.share);
    if (largest && !current.some((p) => p.main)) {
      largest.main = true;
      if (current.length > 1) chosen.push(first.name);
    }
    for (const [i, after] of posts.entries()) {
      const row = own[i] ?? first;
      const unit = units.get(after.unit);
      if (!unit) faults.push(faultAt('unknown-unit', row.line, 'arbeidssted', after.unit));
      else if (unit.validTo && unit.validTo < on && (after.validTo === null || after.validTo >= on))
        faults.push(faultAt('unit-ended', row.line, 'arbeidssted', after.unit));
      const before = keptPositions.get(after.key);
      const item = { key: after.key, name: `${first.name}, ${unit?.name ?? after.unit}` };
      if (sort(position, item, before, before && positionChanges(before, after))) nextPositions.push(after);
    }
    const before = keptPeople.get(employeeNumber) ?? (first.email ? outside.get(first.email) : undefined);
    const ends = posts.map((p) => p.validTo).toSorted();
    const last = ends.includes(null) ? null : (ends.at(-1) ?? null);
    const after: PersonState = {
      id: before?.id ?? null,
      employeeNumber,
      name: first.name,
      email: first.email === undefined ? (before?.email ?? null) : first.email,
      mobile: first.mobile === undefined ? (before?.mobile ?? null) : first.mobile,
      leftOn: last === null ? null : Day.plus(last, 1),
    };
    if (after.email === null && isHere(after, on)) noEmail.push(after.name);
    if (before?.id && before.email !== after.email && base.withRole.has(before.id))
      roleEmail.push(after.name);
    if (reachesOperator(before ?? null, after, base.operators)) operatorEmail.push(after.name);
    const differ = before && personChanges(before, after);
    if (sort(person, { key: employeeNumber, name: after.name }, before, differ)) nextPeople.push(after);
  }

  const inFile = new Set(rows.map((row) => row.key));
  for (const kept of base.positions) {
    if (inFile.has(kept.key) || (kept.validTo !== null && kept.validTo < on)) continue;
    const holder = keptPeople.get(kept.employeeNumber)?.name ?? kept.employeeNumber;
    position.gone.push({ key: kept.key, name: `${holder}, ${units.get(kept.unit)?.name ?? kept.unit}` });
    nextPositions.push({ ...kept, validTo: Day.plus(on, -1) });
  }
  const here = base.people.filter((p) => p.employeeNumber !== null && isHere(p, on));
  for (const kept of here) {
    if (kept.employeeNumber === null || rowsOf.has(kept.employeeNumber)) continue;
    person.gone.push({ key: kept.employeeNumber, name: kept.name });
    nextPeople.push({ ...kept, leftOn: on });
  }

  const leaders = base.waiting.filter(([code, number]) => {
    const unit = units.get(code);
    return unit && unit.leaderId === null && rowsOf.has(number);
  });
  for (const [code, number] of leaders) {
    const name = rowsOf.get(number)?.[0]?.name ?? null;
    const fields = [{ field: 'leder', before: null, after: name }];
    leader.changed.push({ key: code, name: units.get(code)?.name ?? code, fields });
  }
  const leaving = new Set(nextPeople.filter((p) => p.id !== null && !isHere(p, on)).map((p) => p.id));
  const leaderGone = base.units.filter(
    (unit) => leaving.has(unit.leaderId) && (unit.validTo === null || unit.validTo >= on),
  );
  return {
    parts: [person, position, ...(leaders.length > 0 ? [leader] : [])],
    warnings: [
      ...manyGone(person.gone, here.length),
      ...warning('no-email', noEmail),
      ...warning('main-chosen', chosen),
      ...warning(
        'leader-gone',
        leaderGone.map((unit) => `${unit.name} (${unit.code})`),
      ),
      ...warning('role-email', roleEmail),
      ...warning('operator-email', operatorEmail),
    ],
    faults,
    people: nextPeople,
    positions: nextPositions,
    leaders,
  };
}

const empty = (of: Part['of']): Part => ({ of, added: [], changed: [], gone: [], unchanged: 0 });

/** Puts a thing where it belongs in its part; true when it has to be written. */
function sort(part: Part, item: Item, before: unknown, fields: Change['fields'] | undefined): boolean {
  if (before === undefined) part.added.push(item);
  else if (fields && fields.length > 0) part.changed.push({ ...item, fields });
  else part.unchanged += 1;
  return before === undefined || (fields?.length ?? 0) > 0;
}

function post(row: PersonRow, before: PositionState | undefined, on: string): PositionState {
  const stillTo = before?.validTo && before.validTo >= on ? before.validTo : null;
  return {
    id: before?.id ?? null,
    key: row.key,
    employeeNumber: row.employeeNumber,
    unit: row.unit,
    title: row.title === undefined ? (before?.title ?? null) : row.title,
    kind: row.kind === undefined ? (before?.kind ?? null) : row.kind,
    share: row.share === undefined ? (before?.share ?? 100) : (row.share ?? 100),
    main: row.main === undefined ? (before?.main ?? false) : row.main === true,
    onLeave: row.onLeave === undefined ? (before?.onLeave ?? false) : row.onLeave === true,
    validFrom: row.validFrom ?? before?.validFrom ?? on,
    validTo: row.validTo === undefined ? stillTo : row.validTo,
  };
}

const yesNo = (value: boolean) => (value ? 'ja' : 'nei');

const positionChanges = (before: PositionState, after: PositionState) =>
  changes([
    ['ansattnummer', before.employeeNumber, after.employeeNumber],
    ['arbeidssted', before.unit, after.unit],
    ['stillingstittel', before.title, after.title],
    ['stillingskode', before.kind, after.kind],
    ['ansettelsesprosent', String(before.share), String(after.share)],
    ['hovedstilling', yesNo(before.main), yesNo(after.main)],
    ['permisjon', yesNo(before.onLeave), yesNo(after.onLeave)],
    ['gyldigFra', before.validFrom, after.validFrom],
    ['gyldigTil', before.validTo, after.validTo],
  ]);

const personChanges = (before: PersonState, after: PersonState) =>
  changes([
    ['ansattnummer', before.employeeNumber, after.employeeNumber],
    ['navn', before.name, after.name],
    ['epost', before.email, after.email],
    ['mobil', before.mobile, after.mobile],
    ['sluttet', before.leftOn, after.leftOn],
  ]);
