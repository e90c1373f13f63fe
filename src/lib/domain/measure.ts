/** The states of a measure (design section 4, defaults). */
export const statuses = ['not-started', 'in-progress', 'on-hold', 'done', 'dropped'] as const;
export type Status = (typeof statuses)[number];

/** Answers to "did it help?", asked once of a measure that is done or dropped. */
export const effects = ['yes', 'partly', 'no', 'too-early'] as const;
export type Effect = (typeof effects)[number];

export const isStatus = (text: unknown): text is Status => statuses.includes(text as Status);
export const isEffect = (text: unknown): text is Effect => effects.includes(text as Effect);

/** Finished, in whichever way: then it is asked whether it helped. */
export const isOver = (status: Status): boolean => status === 'done' || status === 'dropped';

/** The states of what goes on, and of what is finished. */
export const open = statuses.filter((status) => !isOver(status));
export const over = statuses.filter(isOver);

/** Only what is over is asked whether it helped, and once: "too early" alone is asked again (design section 4). */
export const mayAnswer = (status: Status, answered: Effect | null): boolean =>
  isOver(status) && (answered === null || answered === 'too-early');

/** An answer to "did it help?" comes with words, except that it is too early to say; of at most 1,000 signs. */
export function answer(
  { status, effect }: { status: Status; effect: Effect | null },
  given: string,
  words: string,
): { ok: true; answer: Effect } | { ok: false; refusal: AnswerRefusal } {
  if (!isOver(status)) return { ok: false, refusal: 'not-over' };
  if (!mayAnswer(status, effect)) return { ok: false, refusal: 'answered' };
  if (!isEffect(given)) return { ok: false, refusal: 'answer' };
  if (given !== 'too-early' && !isSaid(words)) return { ok: false, refusal: 'words' };
  if ([...words].length > mostWords) return { ok: false, refusal: 'words' };
  return { ok: true, answer: given };
}

export type AnswerRefusal = 'not-over' | 'answered' | 'answer' | 'words';

/** Those that helped first, then partly, then those that did not, then those without an answer; otherwise as they came. */
export const helpfulFirst = <T extends { effect: { answer: Effect } | null }>(measures: T[]): T[] => {
  const place = ({ effect }: T) => (effect ? effects.indexOf(effect.answer) : effects.length);
  return measures.toSorted((a, b) => place(a) - place(b));
};

/** Whether a measure is past its day (ISO) and not finished. */
export const isLate = ({ status, dueOn }: { status: Status; dueOn: string }, today: string): boolean =>
  !isOver(status) && today > dueOn;

/** What somebody writes of a measure. Days are ISO. Who: a person, a role in words, or both. */
export type Written = {
  title: string;
  expected: string;
  ownerId: string | null;
  ownerRole: string | null;
  startsOn: string;
  dueOn: string;
};

const fields = ['title', 'expected', 'ownerId', 'ownerRole', 'startsOn', 'dueOn'] as const;
export type Field = (typeof fields)[number];

/** What was written as fields that can be compared and merged: '' for what is not there. */
export const asFields = (written: Written): Record<Field, string> => ({
  ...written,
  ownerId: written.ownerId ?? '',
  ownerRole: written.ownerRole ?? '',
});

/** A form's fields as a measure; empty for the owner or the role means none. */
export const fromFields = (of: Record<Field, string>): Written => ({
  ...of,
  ownerId: of.ownerId || null,
  ownerRole: of.ownerRole || null,
});

/** The fields that differ between two versions, in the order of the form. */
export const changed = (before: Record<Field, string>, after: Record<Field, string>): Field[] =>
  fields.filter((field) => before[field] !== after[field]);

const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .toWellFormed();

/** Words of several lines as they are kept: no control signs but the line break, nothing around. */
export const paragraphs = (text: string): string =>
  text
    .replace(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .trim()
    .toWellFormed();

/** What was written as it is kept: title and role in one line each. */
export const tidied = (written: Written): Written => ({
  title: oneLine(written.title),
  expected: paragraphs(written.expected),
  ownerId: written.ownerId,
  ownerRole: oneLine(written.ownerRole ?? '') || null,
  startsOn: written.startsOn,
  dueOn: written.dueOn,
});

export type Refusal =
  /** No words for what is to be done, or more than 300 signs. */
  | 'title'
  /** No words for what it is expected to lead to, or more than 1,000 signs. */
  | 'expected'
  /** Neither a person nor a role answers for it, or the role's name is over 120 signs. */
  | 'owner'
  /** No first day, no last day, or the last before the first. */
  | 'starts'
  | 'due'
  | 'order';

/** Whether there is anything to read in a text: one letter, number or sign. */
const isSaid = (text: string): boolean => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text);

/** The most signs of the sentence that goes with a status, and of the words about whether it helped. */
const mostWords = 1000;

/** What is missing in a measure as written, in the order of the form (domain.md section 4: who, when, what for). */
export function faults(written: Written): Refusal[] {
  const has = (text: string | null, most: number) => isSaid(text ?? '') && [...text!].length <= most;
  const owned = written.ownerRole ? has(written.ownerRole, 120) : written.ownerId !== null;
  return [
    ...(has(written.title, 300) ? [] : ['title' as const]),
    ...(has(written.expected, 1000) ? [] : ['expected' as const]),
    ...(owned ? [] : ['owner' as const]),
    ...(written.startsOn ? [] : ['starts' as const]),
    ...(written.dueOn ? [] : ['due' as const]),
    ...(written.startsOn && written.dueOn && written.dueOn < written.startsOn ? ['order' as const] : []),
  ];
}

export type StepRefusal = 'same' | 'over' | 'sentence';

/** From which status to which, and never without a sentence, of at most 1,000 signs. A finished measure is only taken up again. */
export function step(
  from: Status,
  to: Status,
  sentence: string,
): { ok: true } | { ok: false; refusal: StepRefusal } {
  if (from === to) return { ok: false, refusal: 'same' };
  if (isOver(from) && to !== 'in-progress') return { ok: false, refusal: 'over' };
  if (!isSaid(sentence) || [...sentence].length > mostWords) return { ok: false, refusal: 'sentence' };
  return { ok: true };
}

/** The statuses that a page offers from one. */
export const next = (from: Status): Status[] => statuses.filter((to) => step(from, to, 'x').ok);
