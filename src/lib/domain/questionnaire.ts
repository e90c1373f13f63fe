/** A text in one or more languages, keyed by language tag; bokmål (nb) is always there. */
export type Text = { nb: string } & Partial<Record<string, string>>;

/** One point of a scale: the number it counts as, and its words. */
export type ScalePoint = { value: number; text: Text };

/** A scale with words on every point. Values are whole numbers, ascending, 0 to 10. */
export type Scale = { id: string; points: ScalePoint[]; dontKnow?: Text; notRelevant?: Text };

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
  about?: 'nearest-leader' | 'top-leadership';
  /** Psychosocial factors of the Working Environment Act section 4-3. */
  tags?: ('demands' | 'emotional' | 'workload' | 'support')[];
};

/** One page of the survey: at most five statements. */
export type Theme = { id: string; title: Text; intro?: Text; statements: Statement[] };

/** Statements that are counted together. A statement belongs to at most one factor. */
export type Factor = { id: string; title: Text; statements: string[] };

export type QuestionnaireKind = 'employee' | 'extraordinary' | 'leader' | 'resident' | 'relative';

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
};
