import * as Plan from '#domain/plan.ts';
import { m } from '#messages';
import { kindWords as pointWords } from '#ui/point-words.ts';

export const kindWords: Record<Plan.Kind, () => string> = {
  business: m.plan_kind_business,
  ia: m.plan_kind_ia,
  hms: m.plan_kind_hms,
};

/** "IA-plan 2027" */
export const titleWords = ({ kind, year }: { kind: Plan.Kind; year: number }): string =>
  m.plan_named({ kind: kindWords[kind](), year });

const known: Record<Plan.Forum, () => string> = {
  'staff-meeting': m.plan_forum_staff_meeting,
  'hms-meeting': m.plan_forum_hms_meeting,
  'co-determination': m.plan_forum_co_determination,
  'quality-committee': m.plan_forum_quality_committee,
  'working-environment-committee': m.plan_forum_working_environment_committee,
  'leader-meeting': m.plan_forum_leader_meeting,
  'political-committee': m.plan_forum_political_committee,
};

/** A forum as it stands in a sentence; own words as they were written. */
export const forumWords = (forum: string): string => (Plan.isForum(forum) ? known[forum]() : forum);

/** Which point a measure serves, and whose it is where it is another unit's than the plan's. */
export const pointServed = (
  { kind, title, unit }: Plan.SaidMeasure['points'][number],
  plan: Plan.Said,
): string => {
  const words = { kind: pointWords[kind](), point: title };
  return unit === plan.unit ? m.plan_served(words) : m.plan_served_of({ ...words, unit });
};

/** What has changed, a phrase for each kind of change that there is. */
export const changeWords = ({ added, removed, changed, goals }: Plan.Changes): string[] =>
  (
    [
      [added, m.plan_since_added],
      [removed, m.plan_since_removed],
      [changed, m.plan_since_changed],
      [goals, m.plan_since_goals],
    ] as const
  )
    .filter(([count]) => count > 0)
    .map(([count, words]) => words({ count }));

/** First goals and sub-goals to choose from in a plan that is new. */
export const suggestions: Partial<Record<Plan.Kind, { text: () => string; subGoals: (() => string)[] }[]>> = {
  ia: [
    { text: m.plan_ia_1, subGoals: [m.plan_ia_1_1, m.plan_ia_1_2, m.plan_ia_1_3] },
    { text: m.plan_ia_2, subGoals: [m.plan_ia_2_1, m.plan_ia_2_2, m.plan_ia_2_3] },
  ],
  hms: [
    { text: m.plan_hms_1, subGoals: [m.plan_hms_1_1, m.plan_hms_1_2, m.plan_hms_1_3] },
    { text: m.plan_hms_2, subGoals: [m.plan_hms_2_1, m.plan_hms_2_2, m.plan_hms_2_3] },
  ],
};
