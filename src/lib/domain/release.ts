import type { QuestionnaireKind, Text } from '#domain/questionnaire.ts';
import type { Thresholds, TreeNode } from '#domain/round.ts';

/** mean of the shown persons; scores are never shown one by one. n: persons with a score, at least the limit. */
export type FactorFigure =
  | { n: number; mean: number }
  /** Fewer than 10 answers and a mean within 0.2 of an end: no n, no mean. */
  | { bound: 'high' | 'low' };

/** distribution: answers per scale point, in the scale's order; sums to n. mean = sum(value x count) / n, exact in IEEE double of that quotient. */
export type StatementFigure = { n: number; mean: number; distribution: number[] };

/** What is published of one node. A factor or statement that is not here is withheld, whatever the cause. */
export type NodeResult = {
  /** Ballots counted under the node. */
  n: number;
  factors: Record<string, FactorFigure>;
  statements: Record<string, StatementFigure>;
};

/** The frozen, published figures: the only source of any figure on any page (docs/release-format.md). */
export type Release = {
  format: 'medvirk-release/1';
  round: {
    id: string;
    name: string;
    kind: QuestionnaireKind;
    dryRun: boolean;
    /** ISO dates (days). */
    opened: string;
    stopped: string;
    fingerprint: string;
    questionnaire: { key: string; version: number };
  };
  thresholds: Thresholds;
  /** For the whole round. received = counted + unreadable. */
  ballots: { invited: number; received: number; counted: number; unreadable: number };
  receiptsSha256: string;
  tree: TreeNode[];
  scales: { id: string; points: { value: number; text: Text }[] }[];
  factors: { id: string; title: Text; statements: string[]; lowest: number; highest: number }[];
  statements: { id: string; text: Text; scale: string; factor: string | null; theme: string }[];
  /** By node id. A node that is not here is withheld entirely. */
  results: Record<string, NodeResult>;
};
