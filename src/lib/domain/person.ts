import { type Role, roles } from '#domain/access.ts';

/** A person as they are kept. id null: not kept yet. employeeNumber null: from outside, never touched by an import. leftOn: the first day they are no longer here. */
export type PersonState = {
  id: string | null;
  employeeNumber: string | null;
  name: string;
  email: string | null;
  mobile: string | null;
  leftOn: string | null;
};

/** A position as it is kept. share: per cent, 0 to 100. Days are ISO; validTo is the last day. */
export type PositionState = {
  id: string | null;
  key: string;
  employeeNumber: string;
  unit: string;
  title: string | null;
  kind: string | null;
  share: number;
  main: boolean;
  onLeave: boolean;
  validFrom: string;
  validTo: string | null;
};

/** Roles that are given for the whole municipality only; the others may be for a unit and what is below it. */
const wholeOnly: readonly Role[] = ['hr', 'operator', 'dpo'];

/**
 * Whether a role may be given so. Refuses a role there is none of, and a unit with a role that is for the whole
 * municipality (design section 4: HR, data protection officer and operator answer for all of it).
 */
export function mayHold(
  role: string,
  unit: string | null,
): { ok: true; role: Role } | { ok: false; refusal: 'unknown-role' | 'role-is-for-the-whole' } {
  const known = roles.find((r) => r === role);
  if (!known) return { ok: false, refusal: 'unknown-role' };
  if (unit !== null && wholeOnly.includes(known)) return { ok: false, refusal: 'role-is-for-the-whole' };
  return { ok: true, role: known };
}

/** Whether somebody is here on a day: leftOn is the first day they are not. */
export const isHere = (person: { leftOn: string | null }, on: string): boolean =>
  person.leftOn === null || person.leftOn > on;

/**
 * Whether a change of one person touches who can sign in as an operator: an operator's e-mail address or employee
 * number changes, or somebody else comes to have an operator's address. operators: the address of each, by id. Only
 * an operator lets that happen (design section 3: those who plan never hold the key). before null: a new person.
 */
export function reachesOperator(
  before: PersonState | null,
  after: PersonState,
  operators: ReadonlyMap<string, string | null>,
): boolean {
  const same = before?.email?.toLowerCase() === after.email?.toLowerCase();
  if (before?.id && operators.has(before.id)) return !same || before.employeeNumber !== after.employeeNumber;
  const theirs = [...operators.values()].map((email) => email?.toLowerCase());
  return !same && after.email !== null && theirs.includes(after.email.toLowerCase());
}
