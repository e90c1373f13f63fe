import { daysOver } from '#domain/due.ts';
import type { Period } from '#domain/report.ts';
import { next, type Step, type StepState, steps } from '#domain/step.ts';

/** A unit's newest report. late: not handed in, and past its day. */
export type ReportState = Period & { id: string; handedOn: string | null; late: boolean };

/** How many of a unit's measures are finished, and for how many of them somebody has said whether it helped. Never what. */
export type Effects = { finished: number; answered: number };

/**
 * A unit as HR follows it after a round: process, never scores (domain.md section 5). depth: 0 at the top. path: unit codes from the top
 * to the unit. leader null: none, or one who has left. over: whole days since the first undone step was due.
 */
export type Row = {
  unit: { code: string; name: string; depth: number; path: string[] };
  leader: { name: string; hasMail: boolean } | null;
  steps: StepState[];
  overtaken: boolean;
  over: number;
  report: ReportState | null;
  effects: Effects;
};

/** How many days the next step is over its day; 0 when it is not, when all are done, and when a later round has come. */
export const over = (of: { steps: StepState[]; overtaken: boolean }, today: string): number =>
  of.overtaken ? 0 : daysOver(next(of.steps)?.dueOn ?? null, today);

/** Whether a unit is past the day of its next step. */
export const isStuck = (row: Pick<Row, 'over'>): boolean => row.over > 0;

/** Most behind first, or as the tree stands. */
export const orders = ['behind', 'tree'] as const;
export type Order = (typeof orders)[number];

/** What somebody asks to see. area: a unit's code, with everything below it. */
export type Filter = { area: string | null; stuckOnly: boolean; order: Order };

/** The rows that fit, most behind first (then in the tree's order) or as they come, which is the tree's order. */
export function filtered(rows: Row[], { area, stuckOnly, order }: Filter): Row[] {
  const found = rows.filter(
    (row) => (area === null || row.unit.path.includes(area)) && (!stuckOnly || isStuck(row)),
  );
  return order === 'tree' ? found : found.toSorted((a, b) => b.over - a.over);
}

/** Units counted: all, stuck, without a leader here, those that have taken each step; and finished measures summed. */
export type Summary = {
  units: number;
  stuck: number;
  leaderless: number;
  done: Record<Step, number>;
  effects: Effects;
};

/** How many units have come how far. */
export function summary(rows: Row[]): Summary {
  const sum = (of: keyof Effects) => rows.reduce((all, { effects }) => all + effects[of], 0);
  const has = (step: Step) => (row: Row) => row.steps.some((s) => s.step === step && s.doneOn !== null);
  return {
    units: rows.length,
    stuck: rows.filter(isStuck).length,
    leaderless: rows.filter((row) => row.leader === null).length,
    done: Object.fromEntries(steps.map((step) => [step, rows.filter(has(step)).length])) as Record<
      Step,
      number
    >,
    effects: { finished: sum('finished'), answered: sum('answered') },
  };
}
