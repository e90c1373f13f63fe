/** planned → approved → frozen → open → stopped → closed; withdrawn from any of them. */
export type State = 'planned' | 'approved' | 'frozen' | 'open' | 'stopped' | 'closed' | 'withdrawn';

/** Until freezing: the states of a round that has no keys yet, and whose preparations may still change. */
export const unfrozen: readonly State[] = ['planned', 'approved'];

/** From freezing until it is counted: the states of a round that has keys and a place in the box. */
export const underWay: readonly State[] = ['frozen', 'open', 'stopped'];

/** Every way between states, and the whole of it. Read: verb, from where, to where. */
export const ways = {
  approve: { from: ['planned'], to: 'approved' },
  reconsider: { from: ['approved'], to: 'planned' },
  freeze: { from: ['approved'], to: 'frozen' },
  thaw: { from: ['frozen'], to: 'approved' },
  open: { from: ['frozen'], to: 'open' },
  stop: { from: ['open'], to: 'stopped' },
  close: { from: ['stopped'], to: 'closed' },
  withdraw: { from: ['planned', 'approved', 'frozen', 'open', 'stopped', 'closed'], to: 'withdrawn' },
} as const satisfies Record<string, { from: readonly State[]; to: State }>;

export type Verb = keyof typeof ways;

export type Refusal =
  /** The round is in a state that this verb does not lead from. */
  | 'wrong-state'
  /** The window does not open before it stops, or is shorter than a day or longer than a year. */
  | 'window'
  /** The window is already past. */
  | 'past'
  /** A withdrawal needs a reason, which stays visible. */
  | 'reason';

/** Where a round is, and its window as moments. */
export type Round = { state: State; opensAt: Date; stopsAt: Date };

/**
 * The state a verb leads to, or why not. Approving and freezing ask that the window lies ahead; the clock opens and
 * stops by itself, a person may do it before. No round freezes by itself, and closing always waits for a person with
 * the key (design section 3, steps 1 and 7).
 */
export function step(
  round: Round,
  verb: Verb,
  now: Date,
  reason?: string,
): { ok: true; state: State } | { ok: false; refusal: Refusal } {
  const way: { from: readonly State[]; to: State } = ways[verb];
  if (!way.from.includes(round.state)) return { ok: false, refusal: 'wrong-state' };
  if (verb === 'approve' || verb === 'freeze') {
    const refusal = windowFault(round, now);
    if (refusal) return { ok: false, refusal };
  }
  if (verb === 'withdraw' && !reason?.trim()) return { ok: false, refusal: 'reason' };
  return { ok: true, state: way.to };
}

const day = 24 * 3600 * 1000;

/** What is wrong with a window for answers, if anything. */
export function windowFault(round: Pick<Round, 'opensAt' | 'stopsAt'>, now: Date): 'window' | 'past' | null {
  const length = round.stopsAt.getTime() - round.opensAt.getTime();
  if (length < day || length > 366 * day) return 'window';
  return round.stopsAt <= now ? 'past' : null;
}

/** Whether a name can stand in a subject line and on a letter: one to 120 signs, none of them a control sign or one that turns the writing. */
export const nameHolds = (name: string): boolean =>
  name.trim() !== '' &&
  [...name.trim()].length <= 120 &&
  !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(name.trim());

/** The reminders, as days after opening, that nobody would get: the round has stopped by then. */
export const remindersTooLate = (round: Pick<Round, 'opensAt' | 'stopsAt'>, reminders: number[]): number[] =>
  reminders.filter((days) => round.opensAt.getTime() + days * day >= round.stopsAt.getTime());

/** The verbs that lead on from a state, in the order a page offers them. */
export const next = (state: State): Verb[] =>
  (Object.keys(ways) as Verb[]).filter((verb) => (ways[verb].from as readonly State[]).includes(state));

/** What the clock asks for: frozen rounds open, open rounds stop. At most one step at a time. */
export function due(round: Round, now: Date): 'open' | 'stop' | null {
  // A window that passed while everything was down is not opened to be shut at once: a person thaws it and plans anew.
  if (round.state === 'frozen' && now >= round.opensAt && now < round.stopsAt) return 'open';
  if (round.state === 'open' && now >= round.stopsAt) return 'stop';
  return null;
}

/** How a round meets somebody who wants to answer. The time counts, also when the clock's job is late. */
export function phase(round: Round, now: Date): 'early' | 'open' | 'late' {
  if (['planned', 'approved', 'frozen'].includes(round.state)) return 'early';
  return round.state === 'open' && now < round.stopsAt ? 'open' : 'late';
}

/** The reminders that are due by now: numbers from 1. reminders: whole days after opening, ascending. */
export function dueReminders(round: Round, reminders: number[], now: Date): number[] {
  if (phase(round, now) !== 'open') return [];
  return reminders.flatMap((days, i) =>
    now.getTime() >= round.opensAt.getTime() + days * day ? [i + 1] : [],
  );
}

/** Defaults and floors of design section 4. */
export const defaults = {
  thresholds: { factor: 5, statement: 10, invited: 7 },
  floors: { factor: 5, statement: 7, invited: 5 },
  windowDays: 21,
  reminders: [7, 14],
};

/** Whether thresholds respect their floors. Whole numbers, at most 50. */
export const thresholdsHold = (t: Thresholds): boolean =>
  (['factor', 'statement', 'invited'] as const).every(
    (k) => Number.isInteger(t[k]) && t[k] >= defaults.floors[k] && t[k] <= 50,
  ) && t.statement >= t.factor;

/** One who could be invited: a person's positions on the rule's date. */
export type Candidate = {
  personId: string;
  positions: { unit: string; share: number; kind: string | null; main: boolean; onLeave: boolean }[];
};

/**
 * The unit in which somebody is invited, or null when the rule does not reach them: that of the main position, else
 * of the largest, among those that the rule takes. One ballot per person and round.
 */
export function invitedIn(candidate: Candidate, rule: InvitedRule): string | null {
  const taken = candidate.positions.filter(
    (p) =>
      p.share >= rule.minimumShare &&
      (rule.kinds.length === 0 || (p.kind !== null && rule.kinds.includes(p.kind))) &&
      (rule.includeOnLeave || !p.onLeave),
  );
  return mainPosition(taken)?.unit ?? null;
}

/** The position that counts: the one marked main, else the largest, else the first by unit. */
const mainPosition = (positions: Candidate['positions']) =>
  positions.toSorted(
    (a, b) => Number(b.main) - Number(a.main) || b.share - a.share || (a.unit < b.unit ? -1 : 1),
  )[0];

/** Who is invited: a rule, shown with its count before freezing. */
export type InvitedRule = {
  /** In post on this date (ISO). */
  inPostOn: string;
  /** Smallest share of position, per cent. */
  minimumShare: number;
  /** Kinds of position (stillingskode) that are asked; empty: all. */
  kinds: string[];
  includeOnLeave: boolean;
};

/** Frozen with the round. Floors in design section 4. */
export type Thresholds = { factor: number; statement: number; invited: number };

/**
 * A node of the round's own copy of the tree. Leaves are the groups: the smallest sets an answer is counted under.
 * part: "whole" a unit of its own; "others" the direct staff of an inner unit (and small units put with them);
 * "leaders" those who lead units under it; "merged" small sisters together.
 */
export type TreeNode = {
  /** Four digits, "0001" and up, in tree order (parents before children). */
  id: string;
  parent: string | null;
  part: 'whole' | 'others' | 'leaders' | 'merged';
  /** Unique in the round. */
  name: string;
  /** Codes of the units whose own staff are counted here: exactly one for "whole"; for "leaders" the unit they lead in. */
  units: string[];
  /** Depth word of the unit, to show. */
  level: string | null;
  /** Number invited under the node at freezing. */
  invited: number;
  /** True for leaves: has a key, and ballots. */
  group: boolean;
};
/** above: units above the top one in the organisation, none where it is left out. */
export type RoundTree = { nodes: TreeNode[]; above?: number };

/** The day by which a department has its result at the latest: 28 days after answers stop (design section 4, defaults). */
export const resultsBy = (stopsAt: Date): string =>
  new Date(stopsAt.getTime() + 28 * day).toISOString().slice(0, 10);
