import type { Limits } from '#domain/comment.ts';
import type { Publishable } from '#domain/disclosure.ts';
import * as Choice from '#domain/choice.ts';
import * as Disclosure from '#domain/disclosure.ts';
import type {
  Background,
  Questionnaire,
  QuestionnaireKind,
  ScalePoint,
  Text,
} from '#domain/questionnaire.ts';
import * as Questionnaires from '#domain/questionnaire.ts';
import { own } from '#domain/record.ts';
import type { RoundTree, Thresholds, TreeNode } from '#domain/round.ts';
import type { FactorCount, Tally } from '#domain/tally.ts';

/**
 * mean: of all answers to the factor's statements, exact in IEEE double of their sum over their number. n: persons who
 * answered at least one of them, at least the limit.
 */
export type FactorFigure =
  | { n: number; mean: number }
  /** Fewer than 10 answers and a mean within 0.2 of an end: no n, no mean. */
  | { bound: 'high' | 'low' };

/** distribution: answers per scale point, in the scale's order; sums to n. mean = sum(value x count) / n, exact in IEEE double of that quotient. */
export type StatementFigure = { n: number; mean: number; distribution: number[] };

/** Persons who answered, and of those who chose each answer, in its order. Where one is chosen, these sum to n. */
export type ChoiceFigure = { n: number; chosen: number[] };

/** What is published of one node. A factor or statement that is not here is withheld, whatever the cause. */
export type NodeResult = {
  /** Ballots counted under the node. */
  n: number;
  factors: Record<string, FactorFigure>;
  statements: Record<string, StatementFigure>;
  /** Where something is shown of a question of named answers. */
  choices?: Record<string, ChoiceFigure>;
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
  /** Questions of named answers, of which one or several are chosen: in no factor, and without a mean. */
  choices?: { id: string; text: Text; theme: string; choose: 'one' | 'several'; options: ScalePoint[] }[];
  /** By node id. A node that is not here is withheld entirely. */
  results: Record<string, NodeResult>;
  /** Where the questionnaire asks for role, or for mode of answering: at most one. */
  breakdowns?: Breakdown[];
  /** Answers on behalf of somebody: counted in nothing else, and nothing else in them. */
  onBehalf?: { results: Record<string, NodeResult> };
  /** Who helped those who answered with help or on behalf, in the whole round. */
  helpers?: { id: string; text: Text; categories: Category[]; counts: Record<string, number> };
  /** Where open questions were asked. */
  comments?: Comments;
};

/**
 * What was written in own words, as it was written: by node, then by question, alphabetically. A comment is in one list
 * only. Nothing ties it to figures, to other comments or to a time.
 */
export type Comments = {
  limits: Limits;
  questions: { id: string; text: Text }[];
  /** A node or a question that is not here: withheld, or nothing was written. */
  lists: Record<string, Record<string, string[]>>;
};

/** An option of a background question, or "none": not stated. */
export type Category = { id: string; text: Text };

/**
 * The same ballots as in `results`, by category; what is not stated is the last. A node or a factor is here for all
 * categories or for none of them; n is 0 where nobody is in a category. There are no statements.
 */
export type Breakdown = {
  id: string;
  kind: 'role' | 'mode';
  text: Text;
  categories: Category[];
  /** By node id, then by category. */
  results: Record<string, Record<string, NodeResult>>;
};

/** What a release is made of besides figures. */
type Closing = {
  round: Release['round'];
  questionnaire: Questionnaire;
  tree: RoundTree;
  thresholds: Thresholds;
  tally: Tally;
  ballots: Release['ballots'];
  /** SHA-256 of the published list of receipts, lower-case hex. */
  receiptsSha256: string;
  written?: Disclosure.WrittenIn;
};

/**
 * The release of a round, from the tally of its opened ballots (design section 3 step 7, and section 4). Throws when
 * the ballots do not add up: those of the tally are counted, and received is counted and unreadable together.
 */
export function build(closing: Closing): Publishable<Release> {
  const { questionnaire, tree, thresholds, tally } = closing;
  const sum = (ballots: Uint32Array | undefined) => (ballots ?? new Uint32Array()).reduce((a, b) => a + b, 0);
  const behalf = sum(tally.onBehalf?.ballots);
  const counted = sum(tally.ballots) + behalf;
  const { ballots } = closing;
  if (ballots.counted !== counted || ballots.received !== counted + ballots.unreadable)
    throw new Error(`${counted} ballots in the tally do not agree with ${JSON.stringify(ballots)}`);
  const tooFew = behalf < thresholds.factor ? behalf : 0;
  // The round's number is everybody: from it and those on behalf, a few others would be told of.
  const isApart = counted === behalf || counted - behalf >= thresholds.factor;
  const figures = Disclosure.figures(tree, thresholds, tally);
  return Disclosure.from(figures, (results) => ({
    format: 'medvirk-release/1' as const,
    round: closing.round,
    thresholds,
    // The numbers of the round are published: a few on behalf would be told of by what is left.
    ballots: { ...ballots, counted: counted - tooFew, unreadable: ballots.unreadable + tooFew },
    receiptsSha256: closing.receiptsSha256,
    tree: tree.nodes,
    scales: questionnaire.scales.filter(({ choose }) => !choose).map(({ id, points }) => ({ id, points })),
    factors: questionnaire.factors.map(({ id, title, statements }, f) => {
      const { lowest, highest } = tally.factors[f] as FactorCount;
      return { id, title, statements, lowest, highest };
    }),
    statements: questionnaire.themes.flatMap((theme) =>
      theme.statements
        .filter((one) => !Choice.isChoice(questionnaire, one))
        .map(({ id, text, scale }) => {
          const factor = Questionnaires.factorOf(questionnaire, id)?.id ?? null;
          return { id, text, scale, factor, theme: theme.id };
        }),
    ),
    ...(tally.choices.length > 0 && { choices: choices(questionnaire) }),
    results,
    ...parts(closing, figures, tooFew === 0 && isApart),
    ...(closing.written && { comments: inOwnWords(closing, closing.written, figures) }),
  }));
}

const choices = (questionnaire: Questionnaire): Release['choices'] =>
  questionnaire.themes.flatMap((theme) =>
    theme.statements.flatMap((one) => {
      const { choose, points } = Questionnaires.scaleOf(questionnaire, one);
      return choose ? [{ id: one.id, text: one.text, theme: theme.id, choose, options: points }] : [];
    }),
  );

function inOwnWords(
  { questionnaire, tree, tally }: Closing,
  written: Disclosure.WrittenIn,
  figures: Publishable<Record<string, NodeResult>>,
): Comments {
  const questions = (questionnaire.comments ?? []).map(({ id, text }) => ({ id, text }));
  const ids = questions.map(({ id }) => id);
  const lists = Disclosure.comments(tree, tally, written, ids, figures);
  return { limits: written.limits, questions, lists };
}

const NOT_STATED: Text = { nb: 'Ikke oppgitt', nn: 'Ikkje oppgitt', en: 'Not stated' };

const category = ({ options }: Background, option: number): Category =>
  options[option - 1] ?? { id: Questionnaires.NONE, text: NOT_STATED };

/** Whether a release is broken down by, and has comments on, nothing but what the questionnaire asks, in its own words. */
export function isAsked(
  release: Publishable<Release>,
  { background = [], comments: open = [] }: Questionnaire,
): boolean {
  const { breakdowns = [], helpers, comments } = release;
  const questions = open.map(({ id, text }) => ({ id, text }));
  if (comments && (open.length === 0 || canonical(comments.questions) !== canonical(questions))) return false;
  const made = [...breakdowns, ...(helpers ? [{ ...helpers, kind: 'helper' }] : [])];
  return made.every(({ id, kind, text, categories }) => {
    const asked = background.find((one) => one.id === id);
    if (!asked || asked.kind !== kind || canonical(asked.text) !== canonical(text)) return false;
    const options = [...asked.options.keys(), asked.options.length].map((i) =>
      canonical(category(asked, i + 1)),
    );
    return categories.every((one) => options.includes(canonical(one)));
  });
}

/** The parts of a release that rest on background questions. */
function parts(
  { questionnaire, tree, thresholds, tally }: Closing,
  figures: Publishable<Record<string, NodeResult>>,
  isApart: boolean,
): Pick<Release, 'breakdowns' | 'onBehalf' | 'helpers'> {
  const { breakdown, onBehalf, helpers } = tally;
  const made: ReturnType<typeof parts> = {};
  const broken = breakdown && questionnaire.background?.[breakdown.index];
  if (broken && broken.kind !== 'helper') {
    const { id, kind, text } = broken;
    const categories = breakdown.options.map((option) => category(broken, option));
    const asked = { kind, categories: categories.map((one) => one.id) };
    const results = Disclosure.brokenDown(tree, thresholds, tally, asked, figures);
    made.breakdowns = [{ id, kind, text, categories, results }];
  }
  if (onBehalf) made.onBehalf = { results: isApart ? Disclosure.figures(tree, thresholds, onBehalf) : {} };
  const helper = helpers && questionnaire.background?.[helpers.index];
  const counts = helpers && Disclosure.helpers(thresholds, helpers);
  if (helper && counts) {
    const order = [...helper.options.map((_, i) => i + 1), 0];
    const categories = order.map((option) => category(helper, option));
    const byId = Object.fromEntries(categories.map(({ id }, i) => [id, counts[order[i]!]!]));
    made.helpers = { id: helper.id, text: helper.text, categories, counts: byId };
  }
  return made;
}

/**
 * The release as text, the same bytes for the same release: the canonical JSON of RFC 8785 (keys sorted, no spaces,
 * numbers as ECMAScript writes them).
 */
export function serialize(release: Publishable<Release>): string {
  return canonical(release);
}

/** A stored or received release, publishable if the auditor passes it; else what the auditor found. */
export function read(text: string): ReturnType<typeof Disclosure.audited> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, findings: [{ rule: 'shape', node: null, figure: null, detail: 'not JSON' }] };
  }
  return Disclosure.audited(json);
}

/** A release's bytes without its breakdowns: the tree, which the residual rule proves, is what stays. */
export function withoutBreakdowns(bytes: string): string {
  const found = read(bytes);
  return found.ok
    ? serialize(Disclosure.from(found.release, ({ breakdowns: _, ...rest }): Release => rest))
    : bytes;
}

/**
 * The node where a unit finds its result: its own, else the one that its staff are counted in together with others;
 * null when the unit was not in the round.
 */
export function nodeOfUnit(release: Pick<Release, 'tree'>, unit: string): TreeNode | null {
  const has = release.tree.filter((node) => node.units.includes(unit));
  const rank = { whole: 0, merged: 1, others: 2, leaders: 3 };
  return has.toSorted((a, b) => rank[a.part] - rank[b.part])[0] ?? null;
}

/** Whether anything is published of a node: at least its number of answers. */
export function isShown(release: Release, nodeId: string): boolean {
  return own(release.results, nodeId) !== null;
}

/** What is published of a node; null: withheld. */
export function result(release: Publishable<Release>, nodeId: string): Publishable<NodeResult> | null {
  return Disclosure.from(release, ({ results }) => own(results, nodeId));
}

/**
 * How many answers stand behind what a node shows, by any node's id: those counted there, then those behind each factor and
 * statement that this node shows; null where another one withholds it.
 */
export function counts(release: Publishable<Release>, nodeId: string): ((nodeId: string) => number | null)[] {
  const n = (figure: object | undefined) => (figure && 'n' in figure ? Number(figure.n) : null);
  const at = result(release, nodeId);
  return [
    (id) => n(result(release, id) ?? undefined),
    ...Object.keys(at?.factors ?? {}).map((one) => (id: string) => n(factor(release, id, one) ?? undefined)),
    ...Object.keys(at?.statements ?? {}).map(
      (one) => (id: string) => n(statement(release, id, one) ?? undefined),
    ),
  ];
}

/** A factor's figure of a node; null: withheld. */
export function factor(
  release: Publishable<Release>,
  nodeId: string,
  factorId: string,
): Publishable<FactorFigure> | null {
  return Disclosure.from(release, ({ results }) => own(own(results, nodeId)?.factors, factorId));
}

/** A statement's figure of a node; null: withheld. */
export function statement(
  release: Publishable<Release>,
  nodeId: string,
  statementId: string,
): Publishable<StatementFigure> | null {
  return Disclosure.from(release, ({ results }) => own(own(results, nodeId)?.statements, statementId));
}

/** A figure of a question of named answers at a node; null: withheld. */
export function choice(
  release: Publishable<Release>,
  nodeId: string,
  id: string,
): Publishable<ChoiceFigure> | null {
  return Disclosure.from(release, ({ results }) => own(own(results, nodeId)?.choices, id));
}

/** What was written on each open question and is listed at a node; null: nothing is. */
export function comments(
  release: Publishable<Release>,
  nodeId: string,
): Publishable<{ id: string; text: Text; comments: string[] }[]> | null {
  return Disclosure.from(release, ({ comments }) => {
    const listed = own(comments?.lists, nodeId);
    return (
      listed && comments!.questions.map((asked) => ({ ...asked, comments: own(listed, asked.id) ?? [] }))
    );
  });
}

/** The share of the invited who answered, 0 to 1; null where the number of answers is withheld. */
export function rate(release: Publishable<Release>, nodeId: string): Publishable<number> | null {
  return Disclosure.from(release, ({ results, tree }) => {
    const n = own(results, nodeId)?.n;
    const invited = tree.find((node) => node.id === nodeId)?.invited;
    return n === undefined || !invited ? null : n / invited;
  });
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}
