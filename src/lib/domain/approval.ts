import type { QuestionnaireKind } from '#domain/questionnaire.ts';
import { type State, underWay, unfrozen } from '#domain/round.ts';

/** What is done before a survey, with whom (domain.md section 3, "Before, during, after"), in the order it is done. */
const items = ['purpose', 'users-council', 'basis', 'information', 'meetings'] as const;
export type Item = (typeof items)[number];

/** Whether a posted text names an item. */
export const isItem = (text: unknown): text is Item => items.includes(text as Item);

/** One item as it was recorded: the day (ISO), the forum in words, the case number where it has one, what was said or adopted. */
export type Entry = { item: Item; day: string; forum: string; caseNumber: string | null; text: string };

/** A record as it stands in the form: empty texts for what was not written. day is an ISO day, or null. */
export type Written = { day: string | null; forum: string; caseNumber: string; text: string };

export type Fault = 'day' | 'later' | 'forum' | 'case-number' | 'text';

export type Survey = { kind: QuestionnaireKind; dryRun: boolean };

const asksHouse: QuestionnaireKind[] = ['resident', 'relative'];

/** The items that a survey of this kind demands. A dry run demands none: it asks nobody. */
export function demanded({ kind, dryRun }: Survey): Item[] {
  if (dryRun) return [];
  return items.filter((item) => {
    if (item === 'users-council') return asksHouse.includes(kind);
    // The basis of the extraordinary survey, and who may help residents, are up for political decision.
    if (item === 'basis') return kind === 'extraordinary' || kind === 'resident';
    return true;
  });
}

/** Whether the round cannot be frozen without it: the case number of the extraordinary survey's basis. */
const blocks = (item: Item, survey: Survey): boolean =>
  item === 'basis' && survey.kind === 'extraordinary' && !survey.dryRun;

/** What is demanded and not recorded, all in one place, in the order it is done. */
export const missing = (survey: Survey, recorded: Pick<Entry, 'item'>[]): { item: Item; blocks: boolean }[] =>
  demanded(survey)
    .filter((item) => !recorded.some((one) => one.item === item))
    .map((item) => ({ item, blocks: blocks(item, survey) }));

/** Whether an item may be recorded, or recorded anew: what blocks freezing stands from then on as it was frozen. */
export const mayRecord = (item: Item, survey: Survey, state: State): boolean =>
  demanded(survey).includes(item) &&
  (unfrozen.includes(state) || (underWay.includes(state) && !blocks(item, survey)));

/** Signs in a forum, and in the words. */
export const most = { forum: 120, text: 2000 };

/**
 * What is wrong with a record. Everything has a day and a forum; the basis a case number such as 24/25. What has been
 * discussed or decided lies before today; information and meetings may be planned.
 */
export function faults(item: Item, { day, forum, caseNumber, text }: Written, today: string): Fault[] {
  const ahead = item === 'information' || item === 'meetings';
  const number = caseNumber.trim();
  const forumSigns = [...forum.trim()].length;
  return [
    ...(day === null ? (['day'] as const) : day > today && !ahead ? (['later'] as const) : []),
    ...(forumSigns === 0 || forumSigns > most.forum ? (['forum'] as const) : []),
    ...((item === 'basis' ? /^\d{1,6}\/\d{2}(\d{2})?$/ : /^(\d{1,6}\/\d{2}(\d{2})?)?$/).test(number)
      ? []
      : (['case-number'] as const)),
    ...([...text.trim()].length > most.text ? (['text'] as const) : []),
  ];
}

/** Whether an outside body may hold the key of such a survey: of those that ask residents or relatives. */
export const mayBeOutside = (kind: QuestionnaireKind): boolean => asksHouse.includes(kind);
