import { questionnaireFormat } from '#domain/questionnaire-format.ts';
import { ordered } from '#domain/shape.ts';

/** A text in one or more languages, keyed by language tag; bokmål (nb) is always there. */
export type Text = { nb: string } & Partial<Record<string, string>>;

/** One point of a scale: the number it counts as, and its words. */
export type ScalePoint = { value: number; text: Text };

/**
 * A scale with words on every point. Values are whole numbers, ascending, 0 to 10. choose: the points are named answers
 * without an order, each with its number, of which one or several are chosen (choice.ts).
 */
export type Scale = {
  id: string;
  choose?: 'one' | 'several';
  points: ScalePoint[];
  dontKnow?: Text;
  notRelevant?: Text;
};

/** One thing asked, answered on a scale or in a list of answers (docs/questionnaire-format.md). */
export type Statement = {
  /** Keeps its identity across versions, so that trends stay true. */
  id: string;
  text: Text;
  /** Id of a scale of the questionnaire. */
  scale: string;
  /** May be answered with the scale's "don't know" / "not relevant"; neither is an answer. */
  dontKnow?: boolean;
  notRelevant?: boolean;
  required?: boolean;
  /** Hard to be asked about: never required. */
  sensitive?: boolean;
  /** Asked in the simplified edition of a resident's page too. */
  simple?: boolean;
  about?: 'nearest-leader' | 'top-leadership';
  /** Psychosocial factors of the Working Environment Act section 4-3. */
  tags?: ('demands' | 'emotional' | 'workload' | 'support')[];
};

/** One page of the survey: at most five statements. */
export type Theme = { id: string; title: Text; intro?: Text; statements: Statement[] };

/** Statements that are counted together: their scales have the same values. A statement belongs to at most one factor. */
export type Factor = { id: string; title: Text; statements: string[] };

/**
 * What is asked of the one who answers, beside the statements; never required. role: which work one has. mode:
 * whether one answers alone, with help, or on behalf of somebody. helper: who helps.
 */
export type Background = {
  id: string;
  kind: 'role' | 'mode' | 'helper';
  text: Text;
  options: { id: string; text: Text }[];
};

/** A question that is answered in one's own words, if at all (design section 4, comments). */
type OpenQuestion = { id: string; text: Text; hint?: Text };

/** The category of those who have not said. */
export const NONE = 'none';

/** The options of a mode, in their order. */
export const modes = ['alone', 'help', 'behalf'];

/** How many options each background question has, in order: what a ballot's bytes after the answers may be. */
export const options = (of: Pick<Questionnaire, 'background'>): number[] =>
  (of.background ?? []).map((asked) => asked.options.length);

export type QuestionnaireKind = 'employee' | 'extraordinary' | 'leader' | 'resident' | 'relative';

/** One version of what is asked (docs/questionnaire-format.md). languages: tags, nb always among them. */
export type Questionnaire = {
  format: 'medvirk-questionnaire/1';
  key: string;
  version: number;
  kind: QuestionnaireKind;
  title: Text;
  intro?: Text;
  languages: string[];
  /** Honest estimate, minutes. */
  minutes: number;
  scales: Scale[];
  themes: Theme[];
  factors: Factor[];
  background?: Background[];
  /** Asked only in a round that has two readers for what is written. */
  comments?: OpenQuestion[];
};

/**
 * The questionnaire as a round asks it: without its open questions where nobody is to read what is written, and voluntary
 * where nobody may be made to answer, whatever a version says that was kept before parse refused it.
 */
export function askedBy(questionnaire: Questionnaire, withComments: boolean): Questionnaire {
  const { comments, ...rest } = questionnaire;
  const themes = rest.themes.map((theme) => ({
    ...theme,
    statements: theme.statements.map((one) => {
      const { required: _, ...voluntary } = one;
      return one.required && !mayRequire(rest, one) ? voluntary : one;
    }),
  }));
  return { ...rest, themes, ...(withComments && comments && { comments }) };
}

/** Points that any scale may have: 0 to 10. */
export const MOST_POINTS = 11;

/** How many points a scale may have. Residents choose among three or four large answers (design section 7). */
export const mostPoints = ({ kind }: Pick<Questionnaire, 'kind'>): number =>
  kind === 'resident' ? 4 : MOST_POINTS;

/** Whether an answer may be demanded: never of residents, and never to what is sensitive (issue 5). */
export const mayRequire = (
  of: Pick<Questionnaire, 'kind'>,
  statement: Pick<Statement, 'sensitive'>,
): boolean => of.kind !== 'resident' && !statement.sensitive;

/** The questionnaire as JSON, the same bytes for the same content: keys in the format's order, two spaces, one last newline. */
export function canonical(questionnaire: Questionnaire): string {
  return `${JSON.stringify(ordered(questionnaireFormat, questionnaire), null, 2)}\n`;
}

/** All statements in the order they are asked. */
export function statements(questionnaire: Questionnaire): Statement[] {
  return questionnaire.themes.flatMap((theme) => theme.statements);
}

/** The statements of the simplified edition, in order; none where there is no such edition. */
export const simplified = (questionnaire: Questionnaire): Statement[] =>
  statements(questionnaire).filter(({ simple }) => simple);

/** The scale of a statement of this questionnaire. Throws where it is missing, which parse refuses. */
export function scaleOf(questionnaire: Questionnaire, statement: Statement): Scale {
  const scale = questionnaire.scales.find((one) => one.id === statement.scale);
  if (!scale) throw new Error(`statement ${statement.id} has no scale ${statement.scale}`);
  return scale;
}

/** The words a statement may be answered with: every point of its scale, then "don't know" and "not relevant" where it allows them. */
export function answers(questionnaire: Questionnaire, statement: Statement): Text[] {
  const scale = scaleOf(questionnaire, statement);
  const others = (['dontKnow', 'notRelevant'] as const).flatMap((way) => {
    const words = statement[way] ? scale[way] : undefined;
    return words ? [words] : [];
  });
  return [...scale.points.map((point) => point.text), ...others];
}

/** The factor a statement is counted in, or null. */
export function factorOf(questionnaire: Questionnaire, statementId: string): Factor | null {
  return questionnaire.factors.find((factor) => factor.statements.includes(statementId)) ?? null;
}

/** The text in a language, in bokmål where it is not written in that language. */
export function text(t: Text, language: string): string {
  return t[languageOf(t, language)] as string;
}

/** The language that a text is shown in to those who chose a language: that one, or bokmål. */
export function languageOf(t: Text, language: string): string {
  return Object.hasOwn(t, language) && t[language] !== undefined ? language : 'nb';
}

/** Whether every text of the questionnaire is written in the language. */
export function translated(questionnaire: Questionnaire, language: string): boolean {
  return texts(questionnaire).every(({ text }) => Object.hasOwn(text, language));
}

/**
 * Whether two texts read differently in a language that both have. Spacing and Unicode form do not count: nobody
 * sees them.
 */
export function differs(a: Text, b: Text): boolean {
  const seen = (words: string) => words.normalize('NFC').replace(/\s+/g, ' ').trim();
  return Object.keys(a).some(
    (language) => Object.hasOwn(b, language) && seen(a[language] as string) !== seen(b[language] as string),
  );
}

/** Statements of a leader evaluation that are about others than the nearest leader, in whose report their answers are all the same. */
export const aboutOthers = (of: Questionnaire): Statement[] =>
  of.kind === 'leader'
    ? statements(of).filter(({ about }) => about !== undefined && about !== 'nearest-leader')
    : [];

/**
 * Ids of the statements that are in both questionnaires and were not asked in the same way: other words in a
 * language that both have, or a scale with other values or words. A trend has a gap there (look.md, "over time").
 */
export function wordingChanged(a: Questionnaire, b: Questionnaire): string[] {
  const before = new Map(statements(a).map((statement) => [statement.id, statement]));
  return statements(b)
    .filter((now) => {
      const then = before.get(now.id);
      return (
        then !== undefined &&
        (differs(then.text, now.text) || scaleDiffers(scaleOf(a, then), scaleOf(b, now)))
      );
    })
    .map((statement) => statement.id);
}

/** What became of the statements from one version to the next: new, taken out, and asked in another way. */
export function changes(
  before: Questionnaire,
  after: Questionnaire,
): { added: Statement[]; gone: Statement[]; reworded: Statement[] } {
  const idsOf = (questionnaire: Questionnaire) => new Set(statements(questionnaire).map(({ id }) => id));
  const [then, now, reworded] = [idsOf(before), idsOf(after), new Set(wordingChanged(before, after))];
  return {
    added: statements(after).filter(({ id }) => !then.has(id)),
    gone: statements(before).filter(({ id }) => !now.has(id)),
    reworded: statements(after).filter(({ id }) => reworded.has(id)),
  };
}

/** Whether two scales have other values, other words on a point, or another way to choose. */
export function scaleDiffers(
  a: Pick<Scale, 'points' | 'choose'>,
  b: Pick<Scale, 'points' | 'choose'>,
): boolean {
  return (
    a.choose !== b.choose ||
    a.points.length !== b.points.length ||
    a.points.some((point, i) => {
      const other = b.points[i] as ScalePoint;
      return point.value !== other.value || differs(point.text, other.text);
    })
  );
}

type Place = { path: string; text: Text };

/** Every text with its place, in file order. */
export function texts(q: Questionnaire): Place[] {
  const place = (path: string, text: Text | undefined): Place[] => (text ? [{ path, text }] : []);
  return [
    ...place('title', q.title),
    ...place('intro', q.intro),
    ...q.scales.flatMap((scale, i) => [
      ...scale.points.flatMap((point, j) => place(`scales[${i}].points[${j}].text`, point.text)),
      ...place(`scales[${i}].dontKnow`, scale.dontKnow),
      ...place(`scales[${i}].notRelevant`, scale.notRelevant),
    ]),
    ...q.themes.flatMap((theme, i) => [
      ...place(`themes[${i}].title`, theme.title),
      ...place(`themes[${i}].intro`, theme.intro),
      ...theme.statements.flatMap((s, j) => place(`themes[${i}].statements[${j}].text`, s.text)),
    ]),
    ...q.factors.flatMap((factor, i) => place(`factors[${i}].title`, factor.title)),
    ...(q.background ?? []).flatMap((asked, i) => [
      ...place(`background[${i}].text`, asked.text),
      ...asked.options.flatMap((option, j) => place(`background[${i}].options[${j}].text`, option.text)),
    ]),
    ...(q.comments ?? []).flatMap((asked, i) => [
      ...place(`comments[${i}].text`, asked.text),
      ...place(`comments[${i}].hint`, asked.hint),
    ]),
  ];
}
