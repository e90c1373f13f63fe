import type { Role } from '#domain/access.ts';
import { mayBeOutside, most } from '#domain/approval.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';

/** Who outside the municipality operates a round and holds its key, and since when an operator has handed it over (null: not yet). */
export type Holder = { personId: string; handedAt: Date | null };

/** Somebody who could be it, as they stand today. */
export type Candidate = { roles: { role: Role; unit: string | null }[]; leads: string[]; worksIn: string[] };

export type Fault =
  /** No body, or a name longer than a forum's may be. */
  | 'body'
  /** Nobody here signs in with the address. */
  | 'person'
  /** Works or leads in the municipality, so is not outside it. */
  | 'employed'
  /** Has a role here, and would see more than this round. */
  | 'role';

/** Whether somebody stands outside the municipality: no post, no unit and no role in it. */
export const isOutside = (one: Candidate): boolean =>
  one.roles.length === 0 && one.leads.length === 0 && one.worksIn.length === 0;

/** What is wrong with a choice of holder, by field; empty when it holds. body: as written, spaces at its ends taken away. */
export function faults(body: string, chosen: Candidate | null): { body?: Fault; person?: Fault } {
  const signs = [...body].length;
  const named = signs > 0 && signs <= most.forum ? {} : { body: 'body' as const };
  if (!chosen) return { ...named, person: 'person' };
  if (chosen.worksIn.length > 0 || chosen.leads.length > 0) return { ...named, person: 'employed' };
  return isOutside(chosen) ? named : { ...named, person: 'role' };
}

/**
 * Whether a round may be frozen by this person (null: the command line). With a body outside only by the one who was
 * named and has been handed the round, whoever asks: the key's file is theirs alone.
 */
export function mayFreeze(
  of: { outsideBody: string | null; holder: Holder | null },
  by: string | null,
): boolean {
  if (of.outsideBody === null) return true;
  return of.holder !== null && of.holder.handedAt !== null && of.holder.personId === by;
}

/** Whether a round may have a body outside: it asks residents or relatives, and no witnesses hold its keys. */
export const mayHave = (kind: QuestionnaireKind, promise: 'operator' | 'witnesses'): boolean =>
  mayBeOutside(kind) && promise === 'operator';
