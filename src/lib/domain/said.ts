import type { Status } from '#domain/measure.ts';
import type { Kind, Source } from '#domain/point.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';

/** A point as far as it can be traced. questionnaire: the key of the one its meeting was about. */
export type Traced = {
  id: string;
  source: Source;
  ref: string;
  carriedFromId: string | null;
  questionnaire: string;
};

/**
 * The factor or statement whose figure shows what came of a point, through the meetings that carried it over. null:
 * it is in the room's own words, comes from another questionnaire, or its beginning is not among those known (by id).
 */
export function origin(
  point: Traced,
  known: ReadonlyMap<string, Traced>,
): { source: 'factor' | 'statement'; id: string } | null {
  const passed = new Set<string>();
  let at: Traced | undefined = point;
  while (at?.source === 'earlier' && !passed.has(at.id)) {
    passed.add(at.id);
    at = known.get(at.carriedFromId ?? at.ref);
  }
  if (at?.questionnaire !== point.questionnaire) return null;
  return at.source === 'factor' || at.source === 'statement' ? { source: at.source, id: at.ref } : null;
}

/** Meetings, newest first, as a reader meets them: the newest of each questionnaire, and those before. */
export function shelved<T extends { round: { questionnaire: string } }>(
  meetings: T[],
): { newest: T[]; older: T[] } {
  const isNewest = (one: T) =>
    one === meetings.find(({ round }) => round.questionnaire === one.round.questionnaire);
  return { newest: meetings.filter(isNewest), older: meetings.filter((one) => !isNewest(one)) };
}

/**
 * The first year of a programme that is later than its last round (a year) and not past. null: none is to come. A
 * programme without a rhythm runs in its first year alone.
 */
export function yearOfNext(
  { firstYear, everyYears }: { firstYear: number; everyYears: number | null },
  lastYear: number,
  thisYear: number,
): number | null {
  const from = Math.max(lastYear + 1, thisYear);
  if (firstYear >= from) return firstYear;
  if (everyYears === null) return null;
  return firstYear + Math.ceil((from - firstYear) / everyYears) * everyYears;
}

const ofStaff: QuestionnaireKind[] = ['employee', 'extraordinary', 'leader'];

/** Whether two surveys ask the same people: what came of the one may then be told before the other. */
export const askSame = (a: QuestionnaireKind, b: QuestionnaireKind): boolean =>
  ofStaff.includes(a) === ofStaff.includes(b);

/** What a unit's newest meeting agreed, as it is told before the next survey. Nobody is named. */
export type Told = {
  unit: string;
  round: string;
  points: { kind: Kind; title: string; measures: { title: string; status: Status }[] }[];
};

/** Our own words, in the group's language. more: so many measures that are left out. */
export type Words = {
  kind: Record<Kind, string>;
  status: Record<Status, string>;
  more: (count: number) => string;
};

/** Signs of a title before it is cut; points of a unit; units of a group. A group's file is read on a phone. */
const signs = 90;
const mostPoints = 4;
const mostUnits = 6;
/** Measures of a point: fewer where several units share the page. */
const mostMeasures = (units: number) => Math.max(1, 4 - units);

/** On one line, without signs that turn the line around; what is cut ends in "…". Signs are code points. */
export function short(words: string, most = signs): string {
  const line = words.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').replace(/[\s\p{Cc}]+/gu, ' ');
  const all = [...line.trim()];
  return all.length <= most
    ? all.join('')
    : `${all
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}

const order: Record<Status, number> = {
  done: 0,
  'in-progress': 1,
  'on-hold': 2,
  'not-started': 3,
  dropped: 4,
};

/**
 * What came of last time, frozen into a group's file (design section 3 step 1): plain text, a line each for the unit,
 * its points and their measures, an empty line between points. Measures that are farthest come first. null: nothing
 * has been agreed. The same for everybody in the group.
 */
export function last(told: Told[], words: Words): string | null {
  const units = told.filter(({ points }) => points.length > 0);
  const most = mostMeasures(units.length);
  const parts = units.slice(0, mostUnits).map(({ unit, round, points }) => {
    const said = points.slice(0, mostPoints).map(({ kind, title, measures }) => {
      const sorted = measures.toSorted((a, b) => order[a.status] - order[b.status]);
      const done = sorted.slice(0, most).map((one) => `– ${short(one.title)}: ${words.status[one.status]}`);
      const rest = sorted.length - done.length;
      return [`${words.kind[kind]}: ${short(title)}`, ...done, ...(rest > 0 ? [words.more(rest)] : [])];
    });
    return [`${short(unit)}, ${short(round)}`, ...said.map((lines) => lines.join('\n'))].join('\n\n');
  });
  if (units.length > mostUnits) parts.push('…');
  return parts.length > 0 ? parts.join('\n\n') : null;
}
