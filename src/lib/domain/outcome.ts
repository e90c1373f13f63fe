/**
 * What became of residents who did not answer, by group: numbers that whoever is responsible writes down after the window.
 * brokenOff: began and stopped; unwilling: did not want to; unable: could not answer, and nobody answered on their behalf.
 */
export type Outcome = { brokenOff: number; unwilling: number; unable: number };
export const kinds = ['brokenOff', 'unwilling', 'unable'] as const;

export type Refusal =
  /** Not a whole number from 0. */
  | 'number'
  /** More than were invited in the group. */
  | 'many';

/** What is wrong with a group's numbers; null when they hold. invited: in the group, at freezing. */
export function fault(of: Outcome, invited: number): Refusal | null {
  const numbers = kinds.map((kind) => of[kind]);
  if (!numbers.every((n) => Number.isInteger(n) && n >= 0)) return 'number';
  return numbers.reduce((sum, n) => sum + n, 0) > invited ? 'many' : null;
}

/** All groups together. */
export const total = (all: Outcome[]): Outcome => ({
  brokenOff: all.reduce((sum, one) => sum + one.brokenOff, 0),
  unwilling: all.reduce((sum, one) => sum + one.unwilling, 0),
  unable: all.reduce((sum, one) => sum + one.unable, 0),
});

/**
 * The coverage of a whole round: shares, 0 to 1, of all and of those able, and the numbers behind. null: withheld. The
 * numbers are shown when each is 0 or at least the limit, else none of them, for with those who answered they may add up
 * to those invited. Only of the whole round: of smaller units, one could be subtracted from another (design section 4).
 */
export function coverage(
  ballots: { invited: number; counted: number },
  outcomes: Outcome,
  limit: number,
): { ofAll: number; ofAble: number | null } & { [K in keyof Outcome]: number | null } {
  const isShown = kinds.every((kind) => outcomes[kind] === 0 || outcomes[kind] >= limit);
  const shown = (n: number) => (isShown ? n : null);
  const able = ballots.invited - outcomes.unable;
  return {
    ofAll: ballots.counted / ballots.invited,
    // Somebody called unable may have answered after all: a share is never over the whole.
    ofAble: !isShown || able <= 0 ? null : Math.min(1, ballots.counted / able),
    brokenOff: shown(outcomes.brokenOff),
    unwilling: shown(outcomes.unwilling),
    unable: shown(outcomes.unable),
  };
}
