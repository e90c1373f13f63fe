import type { Csv, CsvRow } from '#domain/csv.ts';
import * as Day from '#domain/day.ts';
import * as IdentityNumber from '#domain/identity-number.ts';
import { number } from '#domain/sms.ts';

export type ImportKind = 'units' | 'people';

/** What in a file stands in the way of confirming it. */
export type FaultName =
  | 'missing-column'
  | 'column-twice'
  | 'no-rows'
  | 'missing-value'
  | 'bad-characters'
  | 'too-long'
  | 'bad-code'
  | 'bad-date'
  | 'ends-before-start'
  /** Says since when somebody leads a unit, and not who. */
  | 'since-without-leader'
  | 'duplicate-unit'
  | 'unknown-parent'
  | 'parent-ended'
  | 'second-root'
  | 'cycle'
  | 'bad-email'
  | 'bad-mobile'
  | 'bad-percent'
  | 'bad-yes-no'
  | 'unknown-unit'
  | 'unit-ended'
  | 'duplicate-position'
  | 'many-positions'
  | 'two-main'
  | 'two-descriptions'
  | 'email-shared';

/** line: in the file. column: as the documentation names it. value: at most 60 signs of what stood there. other: another line it collides with. */
export type Fault = {
  fault: FaultName;
  line: number | null;
  column: string | null;
  value?: string;
  other?: number;
};

/** What can be confirmed as it is, but has a consequence. */
export type WarningName =
  | 'no-leader-column'
  | 'no-leader'
  | 'leader-unknown'
  | 'leader-gone'
  | 'gone-with-staff'
  | 'leader-ahead'
  | 'many-gone'
  | 'no-email'
  | 'main-chosen'
  | 'role-email'
  | 'operator-email';

/** subjects: the first fifty names it is about. count: how many in all. of: of how many (many-gone). */
export type Warning = { warning: WarningName; subjects: string[]; count: number; of?: number };

/** One field that differs; before and after as a person would read them. field: the column's name. */
type FieldChange = { field: string; before: string | null; after: string | null };
/** A row of an import by its key (code, employee number), with a name to show. */
export type Item = { key: string; name: string };
export type Change = Item & { fields: FieldChange[] };

/** What an import does to one sort of thing. Unchanged ones are only counted. */
export type Part = {
  of: 'unit' | 'person' | 'position' | 'leader';
  added: Item[];
  changed: Change[];
  gone: Item[];
  unchanged: number;
};

/** What an import would do, shown before anything is done. on: the day (ISO) new things start and gone things no longer stand. */
export type Preview = {
  kind: ImportKind;
  on: string;
  rows: number;
  parts: Part[];
  /** The first hundred. */
  faults: Fault[];
  faultCount: number;
  warnings: Warning[];
  /** Columns that were not read, as the file names them. */
  unread: string[];
};

/** A column of a file: its documented name, other names it may have, and whether it must be there. */
export type Column = { name: string; aliases: string[]; required?: true };

/** The most faults and names of a warning that are kept; the numbers beside them are of all. */
export const shown = { faults: 100, subjects: 50 };

/** A warning about these names, or none when there are none. */
export const warning = (name: WarningName, subjects: string[], of?: number): Warning[] =>
  subjects.length === 0
    ? []
    : [
        {
          warning: name,
          subjects: subjects.slice(0, shown.subjects),
          count: subjects.length,
          ...(of === undefined ? {} : { of }),
        },
      ];

/** A warning when at least 5 things, and a fifth of them all, would be gone: perhaps the file is not whole. */
export const manyGone = (gone: Item[], before: number): Warning[] =>
  gone.length >= 5 && gone.length * 5 >= before
    ? warning(
        'many-gone',
        gone.map((item) => item.name),
        before,
      )
    : [];

/**
 * Whether a file must not be read at all: a column is named as national identity numbers or holds one (design:
 * imports never take them). Gives the column's number from 1, and its name unless that is itself such a number.
 */
export function identityColumn(csv: Csv): { number: number; name: string | null } | null {
  for (const [i, name] of csv.columns.entries()) {
    if (IdentityNumber.isIn(name)) return { number: i + 1, name: null };
    if (IdentityNumber.isNamedBy(name) || csv.rows.some((row) => IdentityNumber.isIn(row.cells[i] ?? '')))
      return { number: i + 1, name: brief(name) };
  }
  return null;
}

const brief = (value: string) => (value.length > 60 ? `${value.slice(0, 59).toWellFormed()}…` : value);

/** A fault at a line, with no more of the value than can be shown. */
export const faultAt = (
  fault: FaultName,
  line: number | null,
  column: string | null,
  value?: string,
  other?: number,
): Fault => ({
  fault,
  line,
  column,
  ...(value === undefined ? {} : { value: brief(value) }),
  ...(other === undefined ? {} : { other }),
});

const prefix = /^(organisasjonselement|personalressurs|arbeidsforhold|kontaktinformasjon|person)\./;

/** A column's name without case, spaces and FINT's names of the thing it belongs to. */
function plain(name: string): string {
  let rest = name.toLowerCase().replace(/[\s_-]/g, '');
  while (prefix.test(rest)) rest = rest.replace(prefix, '');
  return rest;
}

/** A table whose columns have been recognised. cell: undefined where the file has no such column. */
export type Table = {
  has: (column: string) => boolean;
  cell: (row: CsvRow, column: string) => string | undefined;
  unread: string[];
  faults: Fault[];
};

/** Recognises the columns of a file. Refuses by fault a required column that is missing and a column that comes twice. */
export function table(csv: Csv, columns: Column[]): Table {
  const byName = new Map(
    columns.flatMap(({ name, aliases }) => [name, ...aliases].map((n) => [plain(n), name] as const)),
  );
  const at = new Map<string, number>();
  const unread: string[] = [];
  const faults: Fault[] = [];
  for (const [i, header] of csv.columns.entries()) {
    const name = byName.get(plain(header));
    if (name === undefined) {
      if (header !== '') unread.push(brief(header));
    } else if (at.has(name)) faults.push(faultAt('column-twice', 1, name));
    else at.set(name, i);
  }
  for (const { name, required } of columns)
    if (required && !at.has(name)) faults.push(faultAt('missing-column', 1, name));
  if (csv.rows.length === 0) faults.push(faultAt('no-rows', null, null));
  return {
    has: (column) => at.has(column),
    cell: (row, column) => {
      const i = at.get(column);
      return i === undefined ? undefined : (row.cells[i] ?? '');
    },
    unread,
    faults,
  };
}

/** What text in a file may not hold: line ends and other control signs, and signs that turn the writing direction. */
const unfit = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const code = /^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,39}$/u;
const email = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+\.[^\s@<>()[\]\\,;:".]+$/;

/**
 * Reads one cell as text of a sort. undefined: no such column. null: empty. A fault is added to the list, and null
 * given, where the text is no such thing. Texts are at most 200 signs, codes 40, e-mail addresses (lower case) 254,
 * telephone numbers E.164.
 */
export function textCell(
  { cell, faults }: Table,
  row: CsvRow,
  column: string,
  sort: 'text' | 'code' | 'email' | 'mobile' = 'text',
): string | null | undefined {
  const value = cell(row, column);
  if (value === undefined) return undefined;
  if (value === '') return null;
  const bad = (fault: FaultName) => {
    faults.push(faultAt(fault, row.line, column, value.replace(new RegExp(unfit, 'gu'), '?')));
    return null;
  };
  if (unfit.test(value)) return bad('bad-characters');
  if (sort === 'code') return code.test(value) ? value : bad('bad-code');
  if (sort === 'email')
    return value.length <= 254 && email.test(value) ? value.toLowerCase() : bad('bad-email');
  if (sort === 'mobile') return number(value) ?? bad('bad-mobile');
  return value.length <= 200 ? value : bad('too-long');
}

/** Reads a cell that must not be empty; adds the fault where it is. */
export function neededCell(table: Table, row: CsvRow, column: string, sort: 'text' | 'code'): string | null {
  if (table.cell(row, column) === '') table.faults.push(faultAt('missing-value', row.line, column));
  return textCell(table, row, column, sort) ?? null;
}

/** An ISO day from a cell; adds the fault where it is none. undefined: no such column. */
export function dayCell(from: Table, row: CsvRow, column: string): string | null | undefined {
  const value = from.cell(row, column);
  if (value === undefined) return undefined;
  const day = Day.parse(value);
  if (value !== '' && day === null) from.faults.push(faultAt('bad-date', row.line, column, value));
  return day;
}

/** The fields that differ, by their texts, or where the fourth value says so (two people of one name). */
export const changes = (
  fields: [field: string, before: string | null, after: string | null, differ?: boolean][],
): FieldChange[] =>
  fields
    .filter(([, before, after, differ]) => differ ?? before !== after)
    .map(([field, before, after]) => ({ field, before, after }));
