import { DONT_KNOW, isNoAnswer, NO_ANSWER } from '#domain/ballot.ts';
import * as Choice from '#domain/choice.ts';
import { type Background, modes, type Questionnaire, type Statement } from '#domain/questionnaire.ts';
import * as Questionnaires from '#domain/questionnaire.ts';
import type { RoundTree } from '#domain/round.ts';

/**
 * Where a mark of a ballot is counted: one place per point of its statement's scale, from `at` in a group's row of
 * answers. Where several answers may be chosen, each of them is a mark with two places: not chosen, chosen.
 */
export type StatementCount = {
  id: string;
  /** The scale's values, in its order. */
  values: number[];
  at: number;
  /** By answer, 0 to 255: place among the points, NOT_COUNTED or REFUSED. */
  place: Int16Array;
};

/**
 * Where a factor's persons are counted by how alike they answer: one place per possible score, from `at` in a group's
 * row of scores. Scores serve that alone; a factor's mean is taken of the answers.
 */
export type FactorCount = {
  id: string;
  /** Places of the factor's statements in the questionnaire's order. */
  statements: number[];
  lowest: number;
  highest: number;
  /** The score of each place. */
  scores: number[];
  at: number;
  /** By number of statements answered (from half of them): place of each sum above the lowest possible one. */
  place: (Int32Array | undefined)[];
};

/** A question of named answers: the places of its marks among the statements. */
type ChoiceCount = { id: string; choose: 'one' | 'several'; marks: number[] };

/** Additive counts of some ballots, per group. */
export type Counts = {
  /** By mark of a ballot. */
  statements: StatementCount[];
  choices: ChoiceCount[];
  factors: FactorCount[];
  /** Row of each group. */
  groups: Map<string, number>;
  ballots: Uint32Array;
  answerWidth: number;
  answers: Uint32Array;
  scoreWidth: number;
  scores: Uint32Array;
  /** Per group and factor: persons who answered any, and all, of its statements. */
  some: Uint32Array;
  all: Uint32Array;
};

/**
 * The only thing that is kept of opened ballots. Never leaves the memory it is made in. The counts themselves are of
 * everybody but those who answered on behalf of somebody.
 */
export type Tally = Counts & {
  /**
   * The same ballots by role, or by mode of answering: which background question, the numbers that its categories
   * have in a ballot, and the counts of each. A category is never crossed with another.
   */
  breakdown: { index: number; options: number[]; parts: Counts[] } | null;
  /** Answers on behalf of somebody, where the questionnaire asks. */
  onBehalf: Counts | null;
  /** Who helped those who answered with help and on behalf, whole round: by mode, then by option, 0 not stated. */
  helpers: { index: number; help: number[]; behalf: number[] } | null;
};

const NOT_COUNTED = -1;
const REFUSED = -2;

/**
 * An empty tally. Memory grows with groups times points, not with answers. Throws where a factor names a statement
 * that is not asked, or joins scales with different ends: a mean over them would have no meaning.
 */
export function start(questionnaire: Questionnaire, tree: RoundTree): Tally {
  const background = questionnaire.background ?? [];
  const counts = () => startCounts(questionnaire, tree);
  const index = background.findIndex(({ kind }) => kind !== 'helper');
  const broken = background[index];
  const helper = background.findIndex(({ kind }) => kind === 'helper');
  const zeros = Array<number>((background[helper]?.options.length ?? 0) + 1).fill(0);
  // Last those who have not said.
  const options = (broken?.options ?? []).map((_, i) => i + 1).filter((i) => !isBehalf(broken, i));
  return {
    ...counts(),
    breakdown: broken ? { index, options: [...options, 0], parts: [...options, 0].map(counts) } : null,
    onBehalf: broken?.kind === 'mode' ? counts() : null,
    helpers: helper < 0 ? null : { index: helper, help: [...zeros], behalf: [...zeros] },
  };
}

const isBehalf = (of: Background | undefined, option: number) =>
  of?.kind === 'mode' && modes[option - 1] === 'behalf';

function startCounts(questionnaire: Questionnaire, tree: RoundTree): Counts {
  const asked = Questionnaires.statements(questionnaire);
  let answerWidth = 0;
  const choices: ChoiceCount[] = [];
  let mark = 0;
  const statements = asked.flatMap((statement) => {
    const scale = Questionnaires.scaleOf(questionnaire, statement);
    const own = Array.from({ length: Choice.width(scale) }, () => mark++);
    if (scale.choose) choices.push({ id: statement.id, choose: scale.choose, marks: own });
    return own.map((): StatementCount => {
      const isEach = scale.choose === 'several';
      const values = isEach ? [Choice.NOT_CHOSEN, Choice.CHOSEN] : scale.points.map(({ value }) => value);
      const count = { id: statement.id, values, at: answerWidth, place: places(statement, values) };
      answerWidth += values.length;
      return count;
    });
  });
  let scoreWidth = 0;
  const factors = questionnaire.factors.map((factor): FactorCount => {
    const indexes = factor.statements.map((id) => statements.findIndex((statement) => statement.id === id));
    if (factor.statements.some((id) => choices.some((choice) => choice.id === id)))
      throw new Error(`factor ${factor.id} names a question whose answers have no order`);
    const ends = indexes.map((index) => {
      const values = statements[index]?.values;
      if (!values) throw new Error(`factor ${factor.id} names a statement that is not asked`);
      return [values[0] as number, values.at(-1) as number] as const;
    });
    const [lowest, highest] = ends[0] ?? [0, 0];
    if (ends.some(([low, high]) => low !== lowest || high !== highest))
      throw new Error(`factor ${factor.id} joins scales with different ends`);
    const bins = scoreBins(indexes.length, lowest, highest);
    const count = { id: factor.id, statements: indexes, lowest, highest, at: scoreWidth, ...bins };
    scoreWidth += bins.scores.length;
    return count;
  });
  const groups = tree.nodes.filter((node) => node.group).map((node) => node.id);
  return {
    statements,
    choices,
    factors,
    groups: new Map(groups.map((id, row) => [id, row])),
    ballots: new Uint32Array(groups.length),
    answerWidth,
    answers: new Uint32Array(groups.length * answerWidth),
    scoreWidth,
    scores: new Uint32Array(groups.length * scoreWidth),
    some: new Uint32Array(groups.length * factors.length),
    all: new Uint32Array(groups.length * factors.length),
  };
}

/**
 * Whether the answers of an opened ballot fit the questionnaire: one for each statement in the order they are asked,
 * each a value of the statement's scale, NO_ANSWER, or a "don't know" or "not relevant" that the statement allows; where
 * several answers may be chosen, one for each of them (choice.ts).
 */
export function fits(questionnaire: Questionnaire, answers: ArrayLike<number>): boolean {
  const asked = Questionnaires.statements(questionnaire);
  const marks = Choice.apart(questionnaire, answers);
  return (
    answers.length === Choice.marks(questionnaire) &&
    asked.every((statement, i) => {
      const scale = Questionnaires.scaleOf(questionnaire, statement);
      if (scale.choose === 'several') return Choice.isSeveral(marks[i] as number[]);
      const [answer] = marks[i] as [number];
      return isNoAnswer(answer)
        ? allowed(statement, answer)
        : scale.points.some(({ value }) => value === answer);
    })
  );
}

/** Places of the statements that must be answered and are not, in the order they are asked; "don't know" is an answer here. */
export const lacking = (questionnaire: Questionnaire, answers: ArrayLike<number>): number[] =>
  Choice.apart(questionnaire, answers).flatMap((marks, i) =>
    Questionnaires.statements(questionnaire)[i]?.required && marks.every((mark) => mark === NO_ANSWER)
      ? [i]
      : [],
  );

/**
 * Counts one ballot, in the main counts and in those of its category, or else among those on behalf. background: as
 * in the ballot; what is left out is not stated. Throws on a group that is not in the tree and on answers that do not fit.
 */
export function add(
  tally: Tally,
  groupId: string,
  answers: ArrayLike<number>,
  background: ArrayLike<number> = [],
): void {
  const { breakdown, onBehalf, helpers } = tally;
  const option = breakdown ? (background[breakdown.index] ?? 0) : 0;
  const part = breakdown?.parts[breakdown.options.indexOf(option)];
  const mode = onBehalf && modes[option - 1];
  if (breakdown && !part && mode !== 'behalf') throw new Error(`no category ${option}`);
  addTo(onBehalf && mode === 'behalf' ? onBehalf : tally, groupId, answers);
  if (part) addTo(part, groupId, answers);
  if (helpers && (mode === 'help' || mode === 'behalf')) helpers[mode][background[helpers.index] ?? 0]! += 1;
}

/**
 * A person's score of a factor is the mean of the statements answered, if at least half of them are (design section 4).
 */
function addTo(tally: Counts, groupId: string, answers: ArrayLike<number>): void {
  const { statements, factors } = tally;
  const group = tally.groups.get(groupId);
  if (group === undefined) throw new Error(`no group ${groupId}`);
  const refused = (count: StatementCount, i: number) =>
    (count.place[answers[i] as number] ?? REFUSED) === REFUSED;
  const contradicts = ({ choose, marks }: ChoiceCount) =>
    choose === 'several' && !Choice.isSeveral(marks.map((i) => answers[i] as number));
  if (answers.length !== statements.length || statements.some(refused) || tally.choices.some(contradicts))
    throw new Error('answers do not fit the questionnaire');

  tally.ballots[group]! += 1;
  for (let i = 0; i < statements.length; i++) {
    const { at, place } = statements[i] as StatementCount;
    const point = place[answers[i] as number] as number;
    if (point !== NOT_COUNTED) tally.answers[group * tally.answerWidth + at + point]! += 1;
  }
  for (let f = 0; f < factors.length; f++) {
    const factor = factors[f] as FactorCount;
    let answered = 0;
    let sum = 0;
    for (const i of factor.statements) {
      const answer = answers[i] as number;
      if (isNoAnswer(answer)) continue;
      answered += 1;
      sum += answer - factor.lowest;
    }
    if (answered > 0) tally.some[group * factors.length + f]! += 1;
    if (answered === factor.statements.length) tally.all[group * factors.length + f]! += 1;
    const score = factor.place[answered]?.[sum];
    if (score !== undefined) tally.scores[group * tally.scoreWidth + factor.at + score]! += 1;
  }
}

function allowed(statement: Statement, mark: number): boolean {
  if (mark === NO_ANSWER) return true;
  return (mark === DONT_KNOW ? statement.dontKnow : statement.notRelevant) === true;
}

function places(statement: Statement, values: number[]): Int16Array {
  const place = new Int16Array(256).fill(REFUSED);
  for (let mark = 0; mark < 256; mark++)
    if (isNoAnswer(mark) && allowed(statement, mark)) place[mark] = NOT_COUNTED;
  values.forEach((value, point) => (place[value] = point));
  return place;
}

/**
 * Every score that a person can get on a factor of so many statements, each once: 8/4 and 6/3 are the same double,
 * since a quotient is rounded by its value alone.
 */
function scoreBins(
  statements: number,
  lowest: number,
  highest: number,
): Pick<FactorCount, 'scores' | 'place'> {
  const half = Math.max(1, Math.ceil(statements / 2));
  const found = new Map<number, number>();
  const place: (Int32Array | undefined)[] = [];
  for (let answered = half; answered <= statements; answered++)
    place[answered] = Int32Array.from({ length: answered * (highest - lowest) + 1 }, (_, sum) => {
      const score = (answered * lowest + sum) / answered;
      if (!found.has(score)) found.set(score, found.size);
      return found.get(score) as number;
    });
  return { scores: [...found.keys()], place };
}
