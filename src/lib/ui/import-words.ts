import type { CsvRefusal } from '#domain/csv.ts';
import type { Fault, FaultName, Part, Warning, WarningName } from '#domain/import.ts';
import { m } from '#messages';

type FileRefusal =
  | { refusal: CsvRefusal; line: number | null }
  | { refusal: 'identity-numbers'; column: { number: number; name: string | null } };

/** Why a file was not read, and what to do about it. */
export function refusalSentence(file: FileRefusal): string {
  if (file.refusal === 'identity-numbers') {
    const { number, name } = file.column;
    return name === null
      ? m.import_refused_identity_number({ number })
      : m.import_refused_identity({ number, name });
  }
  const line = file.line ?? 1;
  switch (file.refusal) {
    case 'empty':
      return m.import_refused_empty();
    case 'too-large':
      return m.import_refused_too_large();
    case 'too-many-rows':
      return m.import_refused_too_many_rows();
    case 'too-many-columns':
      return m.import_refused_too_many_columns();
    case 'not-text':
      return m.import_refused_not_text();
    case 'odd-letters':
      return m.import_refused_odd_letters({ line });
    case 'broken-quotes':
      return m.import_refused_broken_quotes({ line });
    case 'uneven-row':
      return m.import_refused_uneven_row({ line });
  }
}

type Said = { value: string; other: number; column: string };
const faults: Record<FaultName, (said: Said) => string> = {
  'missing-column': m.import_fault_missing_column,
  'column-twice': m.import_fault_column_twice,
  'no-rows': m.import_fault_no_rows,
  'missing-value': m.import_fault_missing_value,
  'bad-characters': m.import_fault_bad_characters,
  'too-long': m.import_fault_too_long,
  'bad-code': m.import_fault_bad_code,
  'bad-date': m.import_fault_bad_date,
  'ends-before-start': m.import_fault_ends_before_start,
  'since-without-leader': m.import_fault_since_without_leader,
  'duplicate-unit': m.import_fault_duplicate_unit,
  'unknown-parent': m.import_fault_unknown_parent,
  'parent-ended': m.import_fault_parent_ended,
  'second-root': m.import_fault_second_root,
  cycle: m.import_fault_cycle,
  'bad-email': m.import_fault_bad_email,
  'bad-mobile': m.import_fault_bad_mobile,
  'bad-percent': m.import_fault_bad_percent,
  'bad-yes-no': m.import_fault_bad_yes_no,
  'unknown-unit': m.import_fault_unknown_unit,
  'unit-ended': m.import_fault_unit_ended,
  'duplicate-position': m.import_fault_duplicate_position,
  'many-positions': m.import_fault_many_positions,
  'two-main': m.import_fault_two_main,
  'two-descriptions': m.import_fault_two_descriptions,
  'email-shared': m.import_fault_email_shared,
};

/** What is wrong at a line, without the line and the column. */
export const faultSentence = ({ fault, value = '', other = 0, column }: Fault): string =>
  faults[fault]({ value, other, column: column ?? '' });

const warnings: Record<WarningName, (said: { count: number; of: number }) => string> = {
  'no-leader-column': m.import_warning_no_leader_column,
  'no-leader': m.import_warning_no_leader,
  'leader-unknown': m.import_warning_leader_unknown,
  'leader-gone': m.import_warning_leader_gone,
  'gone-with-staff': m.import_warning_gone_with_staff,
  'leader-ahead': m.import_warning_leader_ahead,
  'many-gone': m.import_warning_many_gone,
  'no-email': m.import_warning_no_email,
  'main-chosen': m.import_warning_main_chosen,
  'role-email': m.import_warning_role_email,
  'operator-email': m.import_warning_operator_email,
};

/** What a warning means for people. */
export const warningSentence = ({ warning, count, of = 0 }: Warning): string =>
  warnings[warning]({ count, of });

/** What a part of a preview is about, as a heading. */
export const partWords: Record<Part['of'], () => string> = {
  unit: m.import_units,
  person: m.import_people,
  position: m.import_positions,
  leader: m.import_leaders,
};
