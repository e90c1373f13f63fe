import { base32, plainBase32 } from '#domain/base32.ts';
import { kinds, ofEach, type Kind } from '#domain/point.ts';

/**
 * How far a meeting has come: the result is shown; each marks silently on a phone of one's own; what was proposed is
 * talked about together; each votes; the tallies are shown (domain.md section 4, design section 7).
 */
export const stages = ['waiting', 'alone', 'together', 'voting', 'ended'] as const;
export type Stage = (typeof stages)[number];

/** From stage to stage. Together and back to alone: the next sitting, day, evening and night. */
const ways: Record<Stage, readonly Stage[]> = {
  waiting: ['alone'],
  alone: ['together'],
  together: ['voting', 'alone'],
  voting: ['ended', 'together'],
  ended: [],
};

export type StageRefusal =
  /** No way leads there from here: somebody else was first, or it has ended. */
  | 'no-way'
  /** No phone has a code to join with yet. */
  | 'not-open'
  /** Nothing to vote on. */
  | 'no-candidates'
  /** Somebody has voted: the voting is ended, or goes on. */
  | 'votes';

/** What the step to another stage looks at. open: the code is out; candidates and votes: how many there are. */
export type Standing = { stage: Stage; open: boolean; candidates: number; votes: number };

/** Whether a meeting may go to a stage. After the first vote there is no way back to the talk (design section 7). */
export function go(from: Standing, to: Stage): { ok: true } | { ok: false; refusal: StageRefusal } {
  const refused = (refusal: StageRefusal) => ({ ok: false as const, refusal });
  if (!ways[from.stage].includes(to)) return refused('no-way');
  if (from.stage === 'waiting' && !from.open) return refused('not-open');
  if (to === 'voting' && from.candidates === 0) return refused('no-candidates');
  if (from.stage === 'voting' && to === 'together' && from.votes > 0) return refused('votes');
  return { ok: true };
}

/** The stages that a leader's page offers, the way on first. */
export const next = (from: Standing): Stage[] => ways[from.stage].filter((to) => go(from, to).ok);

/** Fewer voters than this and the tallies are deleted unseen (design section 7). */
export const fewestVoters = 5;

/** The code of a meeting from 4 bytes of chance: 6 signs, none of which looks like another. */
export const code = (chance: Uint8Array): string => base32(chance).slice(0, 6);

/** The code somebody typed, whatever the case, spaces and hyphens; null when it cannot be one. */
export function readCode(typed: string): string | null {
  const signs = plainBase32(typed);
  return signs?.length === 6 ? signs : null;
}

/** A code as it is shown: in two halves. */
export const codeWords = (of: string): string => `${of.slice(0, 3)} ${of.slice(3)}`.toUpperCase();

export type MarkRefusal =
  /** Nothing is marked. */
  | 'nothing'
  /** More than two of a kind (design section 4, defaults). */
  | 'keeps'
  | 'improves'
  /** Something that is not there to be marked. */
  | 'unknown';

/** What one phone sends: ids or offers, by kind. The same one twice counts once. */
export type Marks = Record<Kind, string[]>;

/** Whether a phone's marks hold: at most two of each kind, at least one in all, and all of them there. */
export function marks(
  marked: Marks,
  there: Record<Kind, ReadonlySet<string>>,
): { ok: true; marks: Marks } | { ok: false; refusal: MarkRefusal } {
  const refused = (refusal: MarkRefusal) => ({ ok: false as const, refusal });
  const once = { keep: [...new Set(marked.keep)], improve: [...new Set(marked.improve)] };
  if (kinds.every((kind) => once[kind].length === 0)) return refused('nothing');
  if (once.keep.length > ofEach) return refused('keeps');
  if (once.improve.length > ofEach) return refused('improves');
  if (kinds.some((kind) => once[kind].some((one) => !there[kind].has(one)))) return refused('unknown');
  return { ok: true, marks: once };
}

/** A sitting as a leader writes it. startsAt: null when it is no time. */
export type Planned = { startsAt: Date | null; place: string };
export type SittingRefusal =
  /** No time. */
  | 'time'
  /** No place, or more than 120 signs. */
  | 'place'
  /** No whole number of people, 1 to 2,000. */
  | 'took-part';

/** What is missing in a sitting as written, in the order of the form. */
export function sittingFaults({ startsAt, place }: Planned): SittingRefusal[] {
  const length = [...place.trim()].length;
  return [
    ...(startsAt === null ? ['time' as const] : []),
    ...(length === 0 || length > 120 ? ['place' as const] : []),
  ];
}

/** How many took part, as somebody typed it: counted, not named; null when it is no number of people. */
export function tookPart(typed: string): number | null {
  const count = /^\d{1,4}$/.test(typed.trim()) ? Number(typed) : 0;
  return count >= 1 && count <= 2000 ? count : null;
}

/** The room's own words for a candidate: tidied, 1 to 200 signs; null otherwise. */
export function ownWords(typed: string): string | null {
  const words = typed.trim().replace(/\s+/g, ' ');
  return words === '' || [...words].length > 200 ? null : words;
}
