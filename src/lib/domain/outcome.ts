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

/** What is kept of them: the sums of the whole round, or that some of them are few. */
export type Kept = Outcome | { withheld: true };

/**
 * No finer than what is shown. A sum is 0 or at least the limit, else none of them is kept, for with those who answered they
 * may add up to those invited. Only of the whole round: of smaller units, one could be subtracted from another (design section 4).
 */
export const keep = (all: Outcome, limit: number): Kept =>
  kinds.every((kind) => all[kind] === 0 || all[kind] >= limit) ? all : { withheld: true };

type Ballots = { invited: number; counted: number };

/** Whether outcomes and answers can stand beside one another: together they are no more than those invited. */
export const isWithin = ({ invited, counted }: Ballots, all: Outcome): boolean =>
  kinds.reduce((sum, kind) => sum + all[kind], counted) <= invited;

/** How far the answers of a round reach; those counted are of those invited. */
export type Coverage = Ballots & {
  /** Shares, 0 to 1, of all invited and of those able. null: withheld, or nobody was able. */
  ofAll: number;
  ofAble: number | null;
  /** The outcomes, and those of whom nobody knows; with those counted they add up to those invited. null: withheld. */
  numbers: (Outcome & { unknown: number }) | null;
};

/** The coverage of a whole round, of all and of those able. */
export function coverage({ invited, counted }: Ballots, kept: Kept): Coverage {
  const of = { invited, counted, ofAll: counted / invited };
  if ('withheld' in kept) return { ...of, ofAble: null, numbers: null };
  const { brokenOff, unwilling, unable } = kept;
  const able = invited - unable;
  const unknown = invited - counted - brokenOff - unwilling - unable;
  return { ...of, ofAble: able > 0 ? counted / able : null, numbers: { ...kept, unknown } };
}
