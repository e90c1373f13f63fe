import * as Change from '#domain/change.ts';
import type { Publishable } from '#domain/disclosure.ts';
import { groupOf } from '#domain/evaluation.ts';
import * as History from '#domain/history.ts';
import type { ScalePoint, Text } from '#domain/questionnaire.ts';
import { choices } from '#domain/reading-choice.ts';
import * as Release from '#domain/release.ts';
import type { FactorFigure, StatementFigure } from '#domain/release.ts';
import type { TreeNode } from '#domain/round.ts';

type Figures = Publishable<Release.Release>;

/** Why a figure has nothing to be compared with: those of change.ts, or "first" where there is no round before. */
export type NoEarlier = Change.Refusal | 'first';

/** What the same node had in the round before, or why it is not shown beside. */
type Earlier = {
  factor: (id: string) => FactorFigure | NoEarlier;
  statement: (id: string) => StatementFigure | NoEarlier;
};

/** The nodes a result is shown beside: the level above, and the top of the tree where that is another. */
export type Beside = { above: TreeNode | null; whole: TreeNode | null };

/** One factor as a reader meets it. null: withheld, or not there. above: the level above; whole: the top of the tree. */
export type FactorRow = {
  id: string;
  title: Text;
  /** Ends of the scale. */
  lowest: number;
  highest: number;
  ours: FactorFigure | null;
  above: FactorFigure | null;
  whole: FactorFigure | null;
  earlier: FactorFigure | null;
  noEarlier: NoEarlier | null;
};

/** One statement as a reader meets it. Shares are 0 to 1. */
export type StatementRow = {
  id: string;
  text: Text;
  factor: string | null;
  theme: string;
  points: ScalePoint[];
  /** Answered on the scale of agreement, so that "agree" may be said of it. */
  agreement: boolean;
  ours: StatementFigure | null;
  agree: number | null;
  aboveAgree: number | null;
  earlier: StatementFigure | null;
  earlierAgree: number | null;
  noEarlier: NoEarlier | null;
};

/** The points counted as agreeing: those above the middle of the scale, which on five points are the two upper. */
export const agreeing = (points: ScalePoint[]): ScalePoint[] => points.slice(Math.ceil(points.length / 2));

/** Share of the answers, 0 to 1, on the points above the middle of the scale. */
export function agree(figure: StatementFigure): number {
  const upper = figure.distribution.slice(Math.ceil(figure.distribution.length / 2));
  return upper.reduce((sum, count) => sum + count, 0) / figure.n;
}

/**
 * A share (0 to 1) in staff-room words: so many in ten, 1 to 9, or the word for where a rounded ten would say
 * "nobody" of somebody or "everybody" of nearly everybody.
 */
export function inTen(share: number): number | 'nobody' | 'few' | 'nearly-all' | 'all' {
  const tenths = Math.round(share * 10);
  if (share === 0) return 'nobody';
  if (share === 1) return 'all';
  if (tenths === 0) return 'few';
  if (tenths === 10) return 'nearly-all';
  return tenths;
}

/** How a share moved in staff-room numbers: compared as tenths, so that the sentence agrees with what it says. */
export function moved(now: number, earlier: number): { way: 'up' | 'down' | 'same'; from: number } {
  const [to, from] = [Math.round(now * 10), Math.round(earlier * 10)];
  return { way: to > from ? 'up' : to < from ? 'down' : 'same', from };
}

/** A mean with the one decimal it is shown with everywhere. */
export const shown = (mean: number): number => Math.round(mean * 10) / 10;

/** Difference of two means as a reader would work it out from what is shown: one decimal. */
export const difference = (now: number, then: number): number =>
  Math.round((shown(now) - shown(then)) * 10) / 10;

/** The mean of a figure; null where it is withheld or only a bound is shown. */
export const mean = (figure: FactorFigure | StatementFigure | null): number | null =>
  figure !== null && 'mean' in figure ? figure.mean : null;

/** Where a figure stands on its scale, 0 to 1; a bound stands at 0.2 from its end (design section 4). */
export function place(row: { lowest: number; highest: number }, figure: FactorFigure): number {
  const value =
    'mean' in figure ? figure.mean : figure.bound === 'high' ? row.highest - 0.2 : row.lowest + 0.2;
  return (value - row.lowest) / (row.highest - row.lowest);
}

/** The level above a node, and the top of its tree; null where the node is itself that. */
export function around(release: Figures, node: TreeNode): Beside {
  const above = release.tree.find((n) => n.id === node.parent) ?? null;
  const top = release.tree.find((n) => n.parent === null) ?? null;
  return { above, whole: top === null || top.id === node.id || top.id === above?.id ? null : top };
}

/** What a node of the later release is compared with in the earlier one (null: there is none), figure by figure. */
export function since(
  earlier: Figures | null,
  later: Figures,
  node: TreeNode,
  succession: History.Succession = [],
): Earlier {
  if (earlier === null) return { factor: () => 'first', statement: () => 'first' };
  const then = <F>(change: Change.Change<F>): F | NoEarlier => (change.ok ? change.before : change.refusal);
  return {
    factor: (id) => then(Change.ofFactor(earlier, later, node.id, id, succession)),
    statement: (id) => then(Change.ofStatement(earlier, later, node.id, id, succession)),
  };
}

/**
 * Where the earlier figures of a node come from when it was not there then: the names of the groups that they are added
 * up from, or why there are none. null: it was there, or there is no earlier round.
 */
export function history(
  earlier: Figures | null,
  later: Figures,
  node: TreeNode,
  succession: History.Succession,
): { from: string[] } | { why: History.Why } | null {
  if (earlier === null || Change.counterpart(later, node.id, earlier)) return null;
  const origin = History.origin(later, node.id, earlier, succession);
  if (!origin.ok) return { why: origin.why };
  return { from: earlier.tree.filter(({ id }) => origin.groups.includes(id)).map(({ name }) => name) };
}

/** Every factor of the release, in the order asked, as seen from a node. */
export function factors(release: Figures, node: TreeNode, beside: Beside, earlier: Earlier): FactorRow[] {
  const of = (at: TreeNode | null, id: string) => at && Release.factor(release, at.id, id);
  return release.factors.map(({ id, title, lowest, highest }) => {
    const before = earlier.factor(id);
    return {
      id,
      title,
      lowest,
      highest,
      ours: of(node, id),
      above: of(beside.above, id),
      whole: of(beside.whole, id),
      ...(typeof before === 'string'
        ? { earlier: null, noEarlier: before }
        : { earlier: before, noEarlier: null }),
    };
  });
}

/** Every statement of the release, in the order asked, as seen from a node. */
export function statements(
  release: Figures,
  node: TreeNode,
  beside: Beside,
  earlier: Earlier,
): StatementRow[] {
  const points = new Map(release.scales.map((s) => [s.id, s.points]));
  return release.statements.map(({ id, text, factor, theme, scale }) => {
    const ours = Release.statement(release, node.id, id);
    const over = beside.above && Release.statement(release, beside.above.id, id);
    const before = earlier.statement(id);
    return {
      id,
      text,
      factor,
      theme,
      points: points.get(scale) ?? [],
      agreement: scale === 'agreement',
      ours,
      agree: ours && agree(ours),
      aboveAgree: over && agree(over),
      ...(typeof before === 'string'
        ? { earlier: null, earlierAgree: null, noEarlier: before }
        : { earlier: before, earlierAgree: agree(before), noEarlier: null }),
    };
  });
}

/** How factors may be sorted: as asked, highest first, or most changed first. */
export const sortings = ['asked', 'highest', 'changed'] as const;
export type Sorting = (typeof sortings)[number];

/** How far a factor has moved since the last round; null where either side has no mean. */
export function change(row: FactorRow): number | null {
  const [now, then] = [mean(row.ours), mean(row.earlier)];
  return now === null || then === null ? null : difference(now, then);
}

/** Rows by the reader's choice; withheld and unchanged last, otherwise in the order asked. */
export function sorted(rows: FactorRow[], sorting: Sorting): FactorRow[] {
  if (sorting === 'asked') return rows;
  const moved = (by: number | null) => (by === null ? -1 : Math.abs(by));
  const weight = (row: FactorRow) =>
    sorting === 'changed' ? moved(change(row)) : row.ours ? place(row, row.ours) : -1;
  return [...rows].sort((a, b) => weight(b) - weight(a));
}

/** Smaller differences between two means are not worth a meeting's time, nor more than chance in a small group. */
export const worthNoticing = 0.2;

/** One thing to notice: which factor, and beside what. It says where something is, never why. */
export type Notice =
  | { what: 'highest' | 'lowest'; row: FactorRow }
  | { what: 'up' | 'down' | 'above' | 'below'; row: FactorRow; now: number; then: number };

/**
 * Up to three things to notice: the highest factor, the lowest, and what has moved most since the last round or,
 * where nothing has, stands farthest from the level above. Ties go to the one asked first.
 */
export function notices(rows: FactorRow[]): Notice[] {
  const ranked = sorted(
    rows.filter((r) => r.ours !== null),
    'highest',
  );
  const found: Notice[] = [];
  const [first, last] = [ranked[0], ranked.at(-1)];
  if (first && last && place(first, first.ours!) > place(last, last.ours!)) {
    const lowest = ranked.find((r) => place(r, r.ours!) === place(last, last.ours!))!;
    found.push({ what: 'highest', row: first }, { what: 'lowest', row: lowest });
  }
  const third = farthest(rows, 'earlier') ?? farthest(rows, 'above');
  if (third) found.push(third);
  return found;
}

function farthest(rows: FactorRow[], from: 'earlier' | 'above'): Notice | null {
  let best: Notice | null = null;
  let most = worthNoticing - 0.05;
  for (const row of rows) {
    const [now, then] = [mean(row.ours), mean(row[from])];
    if (now === null || then === null) continue;
    const by = difference(now, then);
    if (Math.abs(by) <= most) continue;
    most = Math.abs(by);
    const words = from === 'earlier' ? (['up', 'down'] as const) : (['above', 'below'] as const);
    best = { what: by > 0 ? words[0] : words[1], row, now, then };
  }
  return best;
}

/** On how many factors a node stands above, below and level with the level over it, as shown with one decimal. */
export function beside(rows: FactorRow[]): { above: number; below: number; level: number } {
  const count = { above: 0, below: 0, level: 0 };
  for (const row of rows) {
    const [ours, theirs] = [mean(row.ours), mean(row.above)];
    if (ours === null || theirs === null) continue;
    const by = difference(ours, theirs);
    count[by > 0 ? 'above' : by < 0 ? 'below' : 'level'] += 1;
  }
  return count;
}

/** The nearest level above that shows a result of its own: what a unit without one can talk about. */
export function nearestShown(release: Figures, node: TreeNode): TreeNode | null {
  for (let at = around(release, node).above; at !== null; at = around(release, at).above)
    if (Release.isShown(release, at.id)) return at;
  return null;
}

/**
 * Which node of a release a unit finds its result in. group: the group it is counted in together with others; lent:
 * the level above stands in, because the unit's own result is withheld, unless it was chosen to meet without figures.
 * null: the unit was not in the round.
 */
export function ofUnit(
  release: Figures,
  unit: string,
  without = false,
): { group: string | null; node: TreeNode | null; lent: boolean } | null {
  const own = Release.nodeOfUnit(release, unit);
  if (own === null) return null;
  if (release.round.kind === 'leader') return ofLeader(release, unit);
  const group = own.part === 'whole' ? null : own.name;
  if (Release.isShown(release, own.id)) return { group, node: own, lent: false };
  return { group, node: without ? null : nearestShown(release, own), lent: true };
}

/** The report of a unit's leader: their own group's alone. What is said of several leaders is not for each of them to read. */
function ofLeader(release: Figures, unit: string): ReturnType<typeof ofUnit> {
  const found = groupOf({ nodes: release.tree }, unit);
  if (found === null) return null;
  const shown = found.own && Release.isShown(release, found.group.id);
  return { group: found.own ? null : found.group.name, node: shown ? found.group : null, lent: !shown };
}

/**
 * What a page, a file or a meeting says of a node: the same figures in the same order. before: the release before;
 * lent: it stands in for a unit under it, and then its factors alone are read.
 */
export function ofNode(
  release: Figures,
  before: Figures | null,
  node: TreeNode,
  lent: boolean,
  beside: Beside = around(release, node),
  succession: History.Succession = [],
) {
  const earlier = since(before, release, node, succession);
  const rows = factors(release, node, beside, earlier);
  return {
    node,
    lent,
    beside,
    n: Release.result(release, node.id)?.n ?? null,
    rate: Release.rate(release, node.id),
    history: history(before, release, node, succession),
    factors: rows,
    statements: lent ? [] : statements(release, node, beside, earlier),
    choices: lent ? [] : choices(release, node, beside.above, before, succession),
    notices: lent ? [] : notices(rows),
  };
}

/** A unit in the table of units: depth counts from the node the reader stands on, whose children are 1. */
export type Below = { node: TreeNode; depth: number };

/**
 * The nodes under a node, parents before children, sisters sorted by a factor's mean or the number of answers
 * (highest first, withheld last) or as in the tree. levels: how far down to go.
 */
export function below(release: Figures, node: TreeNode, by: string | null, levels = Infinity): Below[] {
  const children = Map.groupBy(release.tree, (n) => n.parent);
  const factor = release.factors.find((f) => f.id === by);
  const weight = (n: TreeNode): number => {
    const result = Release.result(release, n.id);
    if (!result) return -Infinity;
    if (by === 'answered') return result.n;
    const figure = factor && Release.factor(release, n.id, factor.id);
    if (!factor || !figure) return -Infinity;
    return place(factor, figure);
  };
  const walk = (parent: TreeNode, depth: number): Below[] => {
    if (depth > levels) return [];
    const sisters = children.get(parent.id) ?? [];
    const ordered = by === null ? sisters : [...sisters].sort((a, b) => compare(weight(b), weight(a)));
    return ordered.flatMap((n) => [{ node: n, depth }, ...walk(n, depth + 1)]);
  };
  return walk(node, 1);
}

const compare = (a: number, b: number) => (a === b ? 0 : a - b);
