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

/** What is missing in a measure as written, in the order of the form (domain.md section 4: who, when, what for). */
export function faults(written: Written): Refusal[] {
  const has = (text: string | null, most: number) => !!text?.trim() && [...text].length <= most;
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

/** From which status to which, and never without a sentence. A finished measure is only taken up again. */
export function step(
  from: Status,
  to: Status,
  sentence: string,
): { ok: true } | { ok: false; refusal: 'same' | 'over' | 'sentence' } {
  if (from === to) return { ok: false, refusal: 'same' };
  if (isOver(from) && to !== 'in-progress') return { ok: false, refusal: 'over' };
  if (!sentence.trim()) return { ok: false, refusal: 'sentence' };
  return { ok: true };
}

/** The statuses that a page offers from one. */
export const next = (from: Status): Status[] => statuses.filter((to) => step(from, to, 'x').ok);
