import type { Stage } from '#domain/meeting.ts';
import type { Text } from '#domain/questionnaire.ts';
import type { FactorRow, Notice, StatementRow } from '#domain/reading.ts';

/** One thing at a time on the wall. */
export type Slide =
  | { what: 'join' }
  | { what: 'questions' }
  | { what: 'response' }
  | { what: 'notices'; notices: Notice[] }
  | { what: 'factors'; rows: FactorRow[] }
  /** title: that of the factor; null: statements outside any. */
  | { what: 'statements'; title: Text | null; rows: StatementRow[] };

type Reading = {
  n: number | null;
  factors: FactorRow[];
  statements: StatementRow[];
  notices: Notice[];
};

const mostFactors = 4;
const mostStatements = 3;

/** As even parts as can be, none above the most. */
function parted<T>(rows: T[], most: number): T[][] {
  const parts = Math.ceil(rows.length / most);
  const size = Math.ceil(rows.length / parts);
  return Array.from({ length: parts }, (_, part) => rows.slice(part * size, (part + 1) * size));
}

/** What there is to leaf through while the result is shown, and while each marks alone. */
export function slides(stage: Stage, reading: Reading | null): Slide[] {
  const first: Slide = { what: stage === 'alone' ? 'questions' : 'join' };
  if (reading === null) return [first];
  const shownFactors = reading.factors.filter((row) => row.ours !== null);
  const shown = reading.statements.filter((row) => row.ours !== null);
  const groups = [
    ...reading.factors.map(({ id, title }) => ({ title, rows: shown.filter((row) => row.factor === id) })),
    { title: null, rows: shown.filter((row) => row.factor === null) },
  ];
  return [
    first,
    ...(reading.n === null ? [] : [{ what: 'response' as const }]),
    ...(reading.notices.length === 0 ? [] : [{ what: 'notices' as const, notices: reading.notices }]),
    ...parted(shownFactors, mostFactors).map((rows) => ({ what: 'factors' as const, rows })),
    ...groups.flatMap(({ title, rows }) =>
      parted(rows, mostStatements).map((rows) => ({ what: 'statements' as const, title, rows })),
    ),
  ];
}
