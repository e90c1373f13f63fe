import { text } from '#domain/questionnaire.ts';
import { byShare, type ChoiceRow, share } from '#domain/reading-choice.ts';
import { m } from '#messages';
import { getLocale } from '#messages/runtime';
import * as figures from '#ui/figures.ts';

/** How a question of named answers is answered, as those who read its result need to know. */
export const ways = { one: m.choice_one_each, several: m.choice_several_each } satisfies Record<
  ChoiceRow['choose'],
  () => string
>;

const reasons = {
  first: () => null,
  withheld: m.choice_last_withheld,
  'not-asked': m.choice_last_not_asked,
  wording: m.choice_last_wording,
  reorganised: () => null,
} satisfies Record<NonNullable<ChoiceRow['noEarlier']>, () => string | null>;

/** Why there is nothing to compare with, in a sentence; null where that goes without saying. */
export const noEarlier = ({ noEarlier: why }: ChoiceRow): string | null => why && reasons[why]();

/** The answer that most have chosen, and how many answered. */
export function sentence(row: ChoiceRow): string {
  if (row.ours === null) return m.common_withheld();
  const [first, second] = byShare(row) as [number, number];
  const said = { n: figures.count(row.ours.n), share: figures.percent(share(row.ours, first)!) };
  const isTie = row.ours.chosen[first] === row.ours.chosen[second];
  return isTie
    ? m.choice_answered({ n: said.n })
    : m.choice_most({ ...said, answer: text(row.options[first]!, getLocale()) });
}
