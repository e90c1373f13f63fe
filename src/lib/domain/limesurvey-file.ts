import { languageOf, plain } from '#domain/limesurvey-text.ts';
import type { Text } from '#domain/questionnaire.ts';

/** A row of one of the file's tables: text by column. */
export type Row = ReadonlyMap<string, string>;
/** A LimeSurvey survey file as tables, by name. languages: the codes that the file lists. */
export type Tables = { languages: string[]; tables: ReadonlyMap<string, Row[]> };

/** What is not carried over as it was, or must be looked at. where: the question, group or table; detail: its words. */
export type Note = { kind: NoteKind; where: string; detail?: string };
export type NoteKind =
  | 'type'
  | 'scale'
  | 'condition'
  | 'help'
  | 'other'
  | 'comment'
  | 'markup'
  | 'script'
  | 'expression'
  | 'language'
  | 'translation'
  | 'no-text'
  | 'split'
  | 'wordless'
  | 'numbered'
  | 'apart'
  | 'factor'
  | 'lead'
  | 'attributes'
  | 'table'
  | 'survey-text'
  | 'minutes'
  | 'required'
  | 'one'
  | 'several';

export type Refusal =
  /** No bokmål among the languages, which every questionnaire has. */
  | 'no-nb'
  /** Nothing of it can be asked here. */
  | 'nothing';

/** Signs of a detail; the file has the rest. */
const mostSigns = 300;

/** A column's text; empty where the row lacks it. */
export const get = (row: Row | undefined, column: string) => row?.get(column) ?? '';
/** Rows by the number in a column. */
export const order = (rows: Row[], column: string) =>
  rows.toSorted((a, b) => Number(get(a, column)) - Number(get(b, column)) || 0);

/** A survey file as it is read. */
export type SurveyFile = ReturnType<typeof surveyFile>;

/**
 * The rows of a file, its texts by language tag, and the notes on what was lost. once: one row for each value of some
 * columns; of those that stand once for each language, the last. group, question and sub give the rows that hold a
 * thing's texts, by its id: those of the newer tables of texts, else its own, one for each language.
 */
export function surveyFile({ languages: codes, tables }: Tables) {
  const notes: Note[] = [];
  const noted = new Set<string>();
  const note = (what: NoteKind, where: string, said?: string) => {
    const detail = said && (said.length > mostSigns ? `${said.slice(0, mostSigns).toWellFormed()}…` : said);
    const key = JSON.stringify([what, where, detail]);
    if (!noted.has(key)) notes.push({ kind: what, where, ...(detail && { detail }) });
    noted.add(key);
  };
  const rows = (table: string) => tables.get(table) ?? [];
  const once = (table: string, ...key: string[]): Row[] => [
    ...new Map(rows(table).map((row) => [key.map((k) => get(row, k)).join('\n'), row])).values(),
  ];

  const settings = rows('surveys_languagesettings');
  const listed = codes.length > 0 ? codes : settings.map((row) => get(row, 'surveyls_language'));
  const languages = new Map<string, string>();
  for (const code of new Set(listed)) {
    const tag = languageOf(code);
    if (tag === null || [...languages.values()].includes(tag)) note('language', code);
    else languages.set(code, tag);
  }

  /** A text in all languages from the rows of one thing; null where it has no bokmål. */
  const textOf = (of: Row[], language: string, column: string, where: string): Text | null => {
    const text: Record<string, string> = {};
    for (const row of of) {
      const code = get(row, language);
      const tag = languages.get(code);
      if (!tag) note('language', code);
      if (!tag) continue;
      const made = plain(get(row, column));
      for (const loss of made.losses) note(loss, where, made.text || undefined);
      if (made.text) text[tag] = made.text;
    }
    if (text.nb !== undefined) return text as Text;
    const [other] = Object.values(text);
    if (other) note('no-text', where, other);
    return null;
  };
  const textsOf = (table: string, beside: string, key: string) => {
    const own = tables.has(beside) ? rows(beside) : rows(table);
    const by = Map.groupBy(own, (row) => get(row, key));
    return (id: string) => by.get(id) ?? [];
  };
  return {
    languages: [...languages.values()],
    tables,
    rows,
    once,
    notes,
    note,
    textOf,
    group: textsOf('groups', 'group_l10ns', 'gid'),
    question: textsOf('questions', 'question_l10ns', 'qid'),
    sub: textsOf('subquestions', 'question_l10ns', 'qid'),
  };
}
