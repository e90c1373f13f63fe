import { isOver, type Status } from '#domain/measure.ts';
import type { Kind as PointKind } from '#domain/point.ts';

/** An enterprise's business plan; a unit's plan for inclusive working life, and for health, safety and environment (domain.md section 6). */
export const kinds = ['business', 'ia', 'hms'] as const;
export type Kind = (typeof kinds)[number];
export const isKind = (text: unknown): text is Kind => kinds.includes(text as Kind);

/** First and last year a plan can be of. */
export const years = { first: 2000, last: 2100 };
/** Most signs in the text of a goal, in the name of a forum, and in a remark. */
export const most = { text: 300, forum: 120 };

export type BeginRefusal = 'kind' | 'unit' | 'year' | 'not-enterprise';

/**
 * What is wrong with a plan before it begins, in the order of the form. unit null: there is none such. A business plan
 * is an enterprise's: a unit with units below it, or one that somebody who answers for plans everywhere wishes it for.
 */
export function beginFaults(wanted: {
  kind: string;
  unit: { hasUnitsBelow: boolean } | null;
  year: number;
  wished: boolean;
}): BeginRefusal[] {
  const { kind, unit, year, wished } = wanted;
  const holds = Number.isInteger(year) && year >= years.first && year <= years.last;
  const tooSmall = kind === 'business' && unit !== null && !unit.hasUnitsBelow && !wished;
  return [
    ...(isKind(kind) ? [] : ['kind' as const]),
    ...(unit === null ? ['unit' as const] : []),
    ...(tooSmall ? ['not-enterprise' as const] : []),
    ...(holds ? [] : ['year' as const]),
  ];
}

/** Why a text cannot stand: nothing in it, or more signs than there is room for. null: it can. */
export function textFault(text: string, room: number = most.text): 'empty' | 'long' | null {
  const signs = [...text.trim()].length;
  return signs === 0 ? 'empty' : signs > room ? 'long' : null;
}

/** A goal, or with a parent a sub-goal, in its place among its sisters. */
export type Goal = { id: string; planId: string; parentId: string | null; position: number; text: string };

/** Goals in their order, each with its sub-goals in theirs. */
export function inOrder<G extends Goal>(goals: G[]): { goal: G; subGoals: G[] }[] {
  const under = Map.groupBy(
    goals.toSorted((a, b) => a.position - b.position || a.id.localeCompare(b.id)),
    ({ parentId }) => parentId,
  );
  return (under.get(null) ?? []).map((goal) => ({ goal, subGoals: under.get(goal.id) ?? [] }));
}

/** Why nothing can be put under a goal: it is not there, of another plan, or a sub-goal itself. null: it can. */
export function underFault(parent: Goal | undefined, planId: string): 'gone' | 'other-plan' | 'deep' | null {
  if (!parent) return 'gone';
  if (parent.planId !== planId) return 'other-plan';
  return parent.parentId === null ? null : 'deep';
}

/** A sub-goal moves to another goal of its plan. Refuses a goal, which has its own place, and what underFault refuses. */
export function moveFault(
  moved: Goal,
  under: Goal | undefined,
): 'gone' | 'other-plan' | 'deep' | 'not-a-sub-goal' | null {
  return moved.parentId === null ? 'not-a-sub-goal' : underFault(under, moved.planId);
}

/** Measures stand under sub-goals of the plan (domain.md section 4, step 5). null: they can stand here. */
export function placeFault(
  goal: Goal | undefined,
  planId: string,
): 'gone' | 'other-plan' | 'not-a-sub-goal' | null {
  if (!goal) return 'gone';
  if (goal.planId !== planId) return 'other-plan';
  return goal.parentId === null ? 'not-a-sub-goal' : null;
}

/** Why a goal cannot be removed: measures stand under it, or sub-goals do. null: it can. */
export const removeFault = (under: {
  measures: number;
  subGoals: number;
}): 'holds-measures' | 'holds-sub-goals' | null =>
  under.measures > 0 ? 'holds-measures' : under.subGoals > 0 ? 'holds-sub-goals' : null;

/** Ids in their order after one of them has changed places with its neighbour; null where it has none on that side. */
export function shifted(ids: string[], id: string, way: 'up' | 'down'): string[] | null {
  const at = ids.indexOf(id);
  const to = at + (way === 'up' ? -1 : 1);
  if (at === -1 || to < 0 || to >= ids.length) return null;
  const order = [...ids];
  [order[at], order[to]] = [ids[to]!, id];
  return order;
}

/** Whose measures a plan can hold: the unit's own, and in a business plan those of the units below. */
export const reachesBelow = (kind: Kind): boolean => kind === 'business';

/**
 * Whether the measures of a meeting are in plans: there is one at least, and each that is not over stands in some plan
 * (domain.md section 4, step 5).
 */
export const isPlanned = (measures: { status: Status; stands: boolean }[]): boolean =>
  measures.length > 0 && measures.every(({ status, stands }) => stands || isOver(status));

// ---- What a plan says ---------------------------------------------------------------------------------------

/** A measure as a plan says it. Days are ISO. points: those it serves, with whose they are and from which round. */
export type SaidMeasure = {
  id: string;
  title: string;
  expected: string;
  unit: string;
  owner: { name: string; here: boolean } | null;
  ownerRole: string | null;
  dueOn: string;
  status: Status;
  points: { kind: PointKind; title: string; unit: string; round: string }[];
};
/** A goal or a sub-goal, with the measures right under it. */
export type SaidGoal = { id: string; text: string; measures: SaidMeasure[] };

/** All that a plan says at a moment: what an agreement keeps, and what is shown, printed and written to files. */
export type Said = {
  kind: Kind;
  year: number;
  unit: string;
  goals: (SaidGoal & { subGoals: SaidGoal[] })[];
  /** Why a meeting chose fewer points than two of each, for the points that the measures serve. */
  fewer: { unit: string; round: string; reason: string }[];
};

/** Every goal and sub-goal, each before those under it. */
export const goalsOf = ({ goals }: Said): SaidGoal[] => goals.flatMap((goal) => [goal, ...goal.subGoals]);

/** Every measure once, in the order of the plan. */
export const measuresOf = (said: Said): SaidMeasure[] => [
  ...new Map(goalsOf(said).flatMap(({ measures }) => measures.map((of) => [of.id, of] as const))).values(),
];

/** How a plan differs from what was agreed. A measure is changed when it says something else or stands elsewhere. */
export type Changes = {
  added: number;
  removed: number;
  changed: number;
  /** Goals and sub-goals that came, went, or read otherwise. */
  goals: number;
};

/** What differs between a plan then and now: measures by what any reader sees of them, and goals by their words. */
export function changes(then: Said, now: Said): Changes {
  const [before, after] = [then, now].map((said) => ({
    measures: new Map(measuresOf(said).map((of) => [of.id, wordsOf(of, said)])),
    goals: new Map(goalsOf(said).map(({ id, text }) => [id, text])),
  })) as [Sides, Sides];
  const measures = differences(before.measures, after.measures);
  const goals = differences(before.goals, after.goals);
  return { ...measures, goals: goals.added + goals.removed + goals.changed };
}

type Sides = { measures: Map<string, string>; goals: Map<string, string> };

const wordsOf = ({ id, title, expected, owner, ownerRole, dueOn, status }: SaidMeasure, said: Said) =>
  JSON.stringify([
    ...[title, expected, owner?.name, ownerRole, dueOn, status],
    goalsOf(said)
      .filter(({ measures }) => measures.some((of) => of.id === id))
      .map((goal) => goal.id)
      .sort(),
  ]);

const differences = (before: Map<string, string>, after: Map<string, string>) => ({
  added: [...after.keys()].filter((id) => !before.has(id)).length,
  removed: [...before.keys()].filter((id) => !after.has(id)).length,
  changed: [...after].filter(([id, words]) => before.has(id) && before.get(id) !== words).length,
});

// ---- Agreeing -----------------------------------------------------------------------------------------------

/** Where a plan is agreed (domain.md section 2, arenas); others in own words. */
export const forums = [
  'staff-meeting',
  'hms-meeting',
  'co-determination',
  'quality-committee',
  'working-environment-committee',
  'leader-meeting',
  'political-committee',
] as const;
export type Forum = (typeof forums)[number];
export const isForum = (text: unknown): text is Forum => forums.includes(text as Forum);

export type AgreeRefusal = 'day' | 'future' | 'forum' | 'forum-long' | 'nothing';

/** What is wrong with an agreement, in the order of the form. Days are ISO; agreedOn null: no day that can be read. */
export function agreeFaults(
  { agreedOn, forum }: { agreedOn: string | null; forum: string },
  said: Said,
  today: string,
): AgreeRefusal[] {
  const named = textFault(forum, most.forum);
  return [
    ...(agreedOn === null ? ['day' as const] : agreedOn > today ? ['future' as const] : []),
    ...(named === 'empty' ? ['forum' as const] : named === 'long' ? ['forum-long' as const] : []),
    ...(said.goals.length === 0 ? ['nothing' as const] : []),
  ];
}
