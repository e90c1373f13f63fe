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
  /** Codes of the units whose own staff are counted here: exactly one for "whole". */
  units: string[];
  /** Depth word of the unit, to show. */
  level: string | null;
  /** Number invited under the node at freezing. */
  invited: number;
  /** True for leaves: has a key, and ballots. */
  group: boolean;
};
export type RoundTree = { nodes: TreeNode[] };
