import type { Deadline } from '#domain/calendar.ts';
import { type State, unfrozen } from '#domain/round.ts';

/** What HR does, or sees to, for a round: those of its days that ask somebody to act (domain.md section 3, before, during and after). */
export const kinds = [
  'approval',
  'information',
  'freezing',
  'opening',
  'close',
  'first-meeting',
  'second-meeting',
  'plan',
] as const;
export type Kind = (typeof kinds)[number];

export const isKind = (text: unknown): text is Kind => kinds.includes(text as Kind);

const before: State[] = ['planned', 'approved', 'frozen'];

/** The states of a round in which a task still waits; in the others it was done, or has no meaning any more. */
const waitsIn: Record<Kind, readonly State[]> = {
  approval: ['planned'],
  information: before,
  freezing: unfrozen,
  opening: [...before, 'open'],
  close: [...before, 'open', 'stopped'],
  'first-meeting': [...before, 'open', 'stopped', 'closed'],
  'second-meeting': [...before, 'open', 'stopped', 'closed'],
  plan: [...before, 'open', 'stopped', 'closed'],
};

/** Whether a task still asks for something, by the state its round is in: what the round itself shows as done needs no tick. */
export const waits = (kind: Kind, state: State): boolean => waitsIn[kind].includes(state);

/** The tasks among the days of a round. */
export const among = (days: Deadline[]): { kind: Kind; dueOn: string }[] =>
  days.flatMap(({ kind, day }) => (isKind(kind) ? [{ kind, dueOn: day }] : []));

/** Days after its day when a task that nobody ticked is asked for no more: the next round has its own. */
export const askedFor = 90;
/** Days before its day when a task is first asked for. */
export const askedBefore = 28;
