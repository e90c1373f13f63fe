import type { Role } from '#domain/access.ts';
import { isKeeper } from '#domain/witness.ts';

/** The offices whose holders may read what is written in a round before it is published. */
export const offices = ['dpo', 'quality', 'union', 'safety'] as const satisfies Role[];

/** Somebody who could read. leads: a unit in the round, above it or below it. */
export type Candidate = { personId: string; roles: Role[]; leads: boolean; hasSignIn: boolean };

export type Fault =
  /** Nobody is chosen, or somebody without such an office. */
  | 'missing'
  /** Is the other reader too. */
  | 'same'
  /** Plans or operates surveys. */
  | 'keeper'
  /** Leads a unit that the round concerns. */
  | 'line'
  /** Has no way to sign in. */
  | 'sign-in';

/** What is wrong with two readers, in their order; null where nothing is (design section 4: two people outside the line). */
export function faults(chosen: [Candidate | null, Candidate | null]): [Fault | null, Fault | null] {
  const [one, two] = chosen;
  const alone = (of: Candidate | null): Fault | null => {
    if (!of || !offices.some((office) => of.roles.includes(office))) return 'missing';
    if (isKeeper(of.roles)) return 'keeper';
    if (of.leads) return 'line';
    return of.hasSignIn ? null : 'sign-in';
  };
  const isSame = one !== null && one.personId === two?.personId;
  return [alone(one), isSame ? 'same' : alone(two)];
}

/** How far a reader has come. */
export type Progress = { readAt: Date | null; doneAt: Date | null };

/** Whether what is written may be published: both have read it, and said that they are done. */
export const areDone = (readers: Progress[]): boolean =>
  readers.length === 2 && readers.every(({ doneAt }) => doneAt !== null);

/** Most marks that one reader can leave. */
const most = 20_000;

/** Whether something a page sent can be marks: HMACs as base64url. Whose comments they are is seen at closing. */
export const areMarks = (of: unknown[]): of is string[] =>
  of.length <= most && of.every((mark) => typeof mark === 'string' && /^[\w-]{43}$/.test(mark));
