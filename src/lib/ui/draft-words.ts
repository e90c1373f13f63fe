import type { ListRefusal } from '#domain/draft.ts';
import type { FieldRefusal } from '#domain/draft-part.ts';
import type { Standing } from '#domain/draft-review.ts';
import type { Hint } from '#domain/plain-language.ts';
import { m } from '#messages';
import { getLocale } from '#messages/runtime';

export const fieldRefusals: Record<FieldRefusal, () => string> = {
  'no-text': m.draft_refused_no_text,
  long: m.draft_refused_long,
  minutes: m.draft_refused_minutes,
  full: m.draft_refused_full,
  two: m.draft_refused_two,
  scale: m.draft_refused_scale,
  'no-words': m.draft_refused_no_words,
  used: m.draft_refused_used,
  named: m.choice_fault_factor,
  answers: m.choice_refused_answers,
  mixed: m.draft_refused_mixed,
};

export const listRefusals: Record<ListRefusal | 'closed', () => string> = {
  'no-text': m.draft_refused_no_text,
  long: m.draft_refused_long,
  full: m.draft_refused_list_full,
  used: m.draft_refused_scale_used,
  gone: m.draft_refused_gone,
  'not-empty': m.draft_refused_not_empty,
  closed: m.draft_refused_closed,
};

export const standings: Record<Standing, () => string> = {
  missing: m.draft_standing_missing,
  draft: m.draft_standing_draft,
  used: m.draft_standing_used,
  read: m.draft_standing_read,
};

export const standingColors = {
  missing: 'warning',
  draft: 'info',
  used: 'neutral',
  read: 'success',
} as const;

/** What makes a text hard to answer, in a sentence that says how to mend it. */
export function hintWords(of: Hint): string {
  switch (of.hint) {
    case 'negation':
      return m.draft_hint_negation({ word: of.word });
    case 'double':
      return m.draft_hint_double({ word: of.word });
    case 'long':
      return m.draft_hint_long({ words: of.words });
    case 'jargon':
      return m.draft_hint_jargon({ word: of.word, instead: of.instead });
  }
}

/** A language's name within a sentence of the reader's own: "nynorsk", "engelsk". */
export const languageWord = (tag: string): string =>
  (new Intl.DisplayNames([getLocale()], { type: 'language' }).of(tag) ?? tag).replace(/^norsk /, '');
