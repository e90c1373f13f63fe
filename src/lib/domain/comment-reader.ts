import type { Role } from '#domain/access.ts';
import type { Limits } from '#domain/comment.ts';
import type { TreeNode } from '#domain/round.ts';
import { isKeeper } from '#domain/witness.ts';

/** The offices whose holders may read what is written in a round before it is published. */
export const offices = ['dpo', 'quality', 'union', 'safety'] as const satisfies Role[];

/** Somebody who could read. leads: a unit in the round, above it or below it. worksIn: units in the round, by code. */
export type Candidate = {
  personId: string;
  roles: Role[];
  leads: boolean;
  worksIn: string[];
  hasSignIn: boolean;
};

export type Fault =
  /** Nobody is chosen, or somebody without such an office. */
  | 'missing'
  /** Is the other reader too. */
  | 'same'
  /** Plans or operates surveys. */
  | 'keeper'
  /** Leads a unit that the round concerns. */
  | 'line'
  /** Works in the same unit as the other reader: nobody could read what is written there. */
  | 'together'
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
  const isTogether = one?.worksIn.some((unit) => two?.worksIn.includes(unit));
  return [alone(one), isSame ? 'same' : (alone(two) ?? (isTogether ? 'together' : null))];
}

/**
 * The groups that a reader works in, by id: the one they were invited in, and for each of their units the groups
 * where it is counted, or the nearest unit above that is counted anywhere. paths: unit codes from the top to each unit.
 */
export function groupsOf(nodes: TreeNode[], paths: string[][], invitedIn: string | null): Set<string> {
  const groups = nodes.filter(({ group }) => group);
  const found = paths.flatMap((path) => {
    const unit = path.findLast((code) => groups.some(({ units }) => units.includes(code)));
    return unit === undefined ? [] : groups.filter(({ units }) => units.includes(unit));
  });
  return new Set([...found.map(({ id }) => id), ...(invitedIn === null ? [] : [invitedIn])]);
}

/** A list that would be published, and how many answered in each group whose comments would be in it. */
type List<T extends { group: string }> = {
  comments: T[];
  answered: { group: string; respondents: number }[];
};

/**
 * Whether a list may be put before a reader: nobody of their own group has written in it, and without that group as
 * many answered as must stand behind a list, for whoever is shown it learns that all writers are among the others. It
 * is all of it or nothing, for what is left out of a list that is published could be subtracted.
 */
export const mayRead = (
  { comments, answered }: List<{ group: string }>,
  own: ReadonlySet<string>,
  { respondents }: Pick<Limits, 'respondents'>,
): boolean =>
  !comments.some(({ group }) => own.has(group)) &&
  answered.reduce((sum, one) => sum + (own.has(one.group) ? 0 : one.respondents), 0) >= respondents;

/**
 * What is not published because of who could read it: what neither reader may; and of a list that was open to one of
 * them alone, the rest where too few are left. Else that rest would join a list above, which the other has read, and
 * stand out in it as the comments of the other's own group. own: the groups of each.
 */
export const unreadable = <T extends { group: string }>(
  lists: List<T>[],
  own: readonly ReadonlySet<string>[],
  limits: Limits,
  isWithheld: (comment: T) => boolean,
): T[] =>
  lists.flatMap((list) => {
    const open = own.filter((of) => mayRead(list, of, limits)).length;
    if (open === 0) return list.comments;
    const left = list.comments.filter((one) => !isWithheld(one));
    return open < own.length && left.length < limits.comments ? left : [];
  });

/** How far a reader has come. */
export type Progress = { readAt: Date | null; doneAt: Date | null };

/** Whether what is written may be published: both have read what they may, and said that they are done. */
export const areDone = (readers: Progress[]): boolean =>
  readers.length === 2 && readers.every(({ doneAt }) => doneAt !== null);

/** Most marks that one reader can leave. */
const most = 20_000;

/** Whether something a page sent can be marks: HMACs as base64url. Whose comments they are is seen at closing. */
export const areMarks = (of: unknown[]): of is string[] =>
  of.length <= most && of.every((mark) => typeof mark === 'string' && /^[\w-]{43}$/.test(mark));
