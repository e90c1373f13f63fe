import { type Draft, type Review, type Slot, slots, wordsAt } from '#domain/draft.ts';
import { type Hint, hints } from '#domain/plain-language.ts';
import type { Questionnaire } from '#domain/questionnaire.ts';

/**
 * How far a text has come in one language. missing: not written; draft: written, read by nobody, or the bokmål beside it is
 * another since; used: the same words and bokmål as in the version before; read: read and found good, and neither changed since.
 */
export type Standing = 'missing' | 'draft' | 'used' | 'read';

/** The words at each place and language of a questionnaire: "statement.mastery-1.nb". */
export function wordsOf(of: Questionnaire | null): Map<string, string> {
  if (!of) return new Map();
  return new Map(
    slots(of).flatMap((slot) =>
      [...new Set([...of.languages, 'nb'])].map(
        (one) => [`${slot.place}.${one}`, wordsAt(slot, one)] as const,
      ),
    ),
  );
}

/** The standing of a text. before: the words of the version before, by wordsOf. */
export function standing(draft: Draft, before: Map<string, string>, slot: Slot, language: string): Standing {
  const [words, nb, at] = [wordsAt(slot, language), wordsAt(slot, 'nb'), `${slot.place}.${language}`];
  if (words === '') return 'missing';
  if (isRead(draft.reviews[at], words, nb)) return 'read';
  return before.get(at) === words && before.get(`${slot.place}.nb`) === nb ? 'used' : 'draft';
}

const isRead = (review: Review | undefined, words: string, nb: string) =>
  review !== undefined && review.words === words && review.nb === nb;

/** Languages whose words are as before while the bokmål beside them is another: a translation of something else. */
export function stale(of: Questionnaire, before: Map<string, string>, slot: Slot): string[] {
  const same = (language: string) => before.get(`${slot.place}.${language}`) === wordsAt(slot, language);
  if (!before.has(`${slot.place}.nb`) || same('nb')) return [];
  return of.languages.filter((one) => one !== 'nb' && wordsAt(slot, one) !== '' && same(one));
}

/** Places that need words in a language: every text that must be there, and every optional one that is written in another. */
export const wanted = (of: Questionnaire): Slot[] =>
  slots(of).filter((slot) => !slot.isOptional || slot.key in slot.holder);

/** How many texts have each standing in a language. */
export function progress(
  draft: Draft,
  before: Map<string, string>,
  language: string,
): Record<Standing, number> {
  const counts = { missing: 0, draft: 0, used: 0, read: 0 };
  for (const slot of wanted(draft.content)) counts[standing(draft, before, slot, language)]++;
  return counts;
}

/** Marks the words that stand at these places and language as read, or takes the mark away. Changes what it is given. */
export function mark(
  draft: Draft,
  at: Slot[],
  language: string,
  read: boolean,
  who: { by: string | null; at: Date },
): void {
  for (const slot of at) {
    const [words, nb, key] = [wordsAt(slot, language), wordsAt(slot, 'nb'), `${slot.place}.${language}`];
    if (!read || words === '') delete draft.reviews[key];
    else if (!isRead(draft.reviews[key], words, nb))
      draft.reviews[key] = { words, nb, by: who.by, at: who.at.toISOString() };
  }
}

/** Hints about a text in every language of the questionnaire, and the languages that it is not written in. */
export function hintsAt(
  of: Questionnaire,
  slot: Slot,
): { hints: { language: string; hint: Hint }[]; missing: string[] } {
  return {
    hints: of.languages.flatMap((language) =>
      hints(wordsAt(slot, language), language).map((hint) => ({ language, hint })),
    ),
    missing: of.languages.filter((language) => wordsAt(slot, language) === ''),
  };
}

/** Seconds a statement takes, read and answered without hurry. */
const secondsEach = 11;

/** About how long the questionnaire takes, in whole minutes. */
export const minutesOf = (statements: number): number =>
  Math.max(1, Math.ceil((statements * secondsEach) / 60));
