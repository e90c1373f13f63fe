import type { Role } from '#domain/access.ts';

/** The offices whose holders may keep a round's closing keys (design section 1). */
export const offices = ['dpo', 'union', 'safety'] as const satisfies Role[];
export type Office = (typeof offices)[number];

/** Somebody who could be a witness. forAll: which of the roles they have for every unit that the round asks. */
export type Candidate = { personId: string; roles: Role[]; forAll: Role[]; hasSignIn: boolean };

export type Fault =
  /** Nobody is chosen. */
  | 'missing'
  /** Does not hold the office. */
  | 'office'
  /** Holds the office for some of those who are asked: the chief representatives speak for all of them. */
  | 'part'
  /** Is chosen for another office too: two sheets with one person would be one. */
  | 'same'
  /** Plans or operates surveys: whoever does must not hold a key. */
  | 'keeper'
  /** Has no way to sign in. */
  | 'sign-in';

/** What is wrong with a choice of three, by office; empty when it holds. */
export function faults(chosen: Record<Office, Candidate | null>): Partial<Record<Office, Fault>> {
  const found: Partial<Record<Office, Fault>> = {};
  for (const office of offices) {
    const one = chosen[office];
    const isElsewhere = offices.some(
      (other) => other !== office && chosen[other]?.personId === one?.personId,
    );
    if (!one) found[office] = 'missing';
    else if (isKeeper(one.roles)) found[office] = 'keeper';
    else if (!one.roles.includes(office)) found[office] = 'office';
    else if (!one.forAll.includes(office)) found[office] = 'part';
    else if (isElsewhere) found[office] = 'same';
    else if (!one.hasSignIn) found[office] = 'sign-in';
  }
  return found;
}

/** Whether somebody plans or operates surveys. */
export const isKeeper = (roles: Role[]): boolean => roles.includes('hr') || roles.includes('operator');

/** How a witness's key stands. */
export type Key = { point: string | null; lostAt: Date | null };

/** Whether all three have made their keys: no round with witnesses freezes before. */
export const isReady = (keys: Key[]): boolean =>
  keys.length === offices.length && keys.every(({ point }) => point !== null);

/** Whether two sheets are left. When they are not, nobody can ever count the answers. */
export const canOpen = (keys: Key[]): boolean =>
  keys.filter(({ point, lostAt }) => point !== null && lostAt === null).length >= 2;
