import {
  get,
  type Note,
  order,
  type Refusal,
  type Row,
  type SurveyFile,
  surveyFile,
  type Tables,
} from '#domain/limesurvey-file.ts';
import { type Brought, noteCondition, questions } from '#domain/limesurvey-question.ts';
import {
  mayRequire,
  type Questionnaire,
  type QuestionnaireKind,
  type Theme,
  translated,
} from '#domain/questionnaire.ts';

/** Tables that are read; of the others, what has rows is noted. */
const read = [
  ...['groups', 'questions', 'subquestions', 'answers', 'group_l10ns', 'question_l10ns', 'answer_l10ns'],
  ...['question_attributes', 'surveys', 'surveys_languagesettings', 'conditions'],
];
const secondsEach = 12;
const mostOnPage = 5;

/**
 * A questionnaire from a LimeSurvey survey file, and everything that was not carried over. Older files have a row for
 * each language, newer ones tables of texts (…_l10ns) beside: both are read. The questionnaire has still to be parsed:
 * too long a text or too many pages are faults there.
 */
export function questionnaireFrom(
  given: Tables,
  kind: QuestionnaireKind,
):
  { ok: true; questionnaire: Questionnaire; notes: Note[] } | { ok: false; refusal: Refusal; notes: Note[] } {
  const file = surveyFile(given);
  const { note, notes } = file;
  if (!file.languages.includes('nb')) return { ok: false, refusal: 'no-nb', notes };
  const { themes, scales, factors } = asked(file, kind);
  if (themes.length === 0) return { ok: false, refusal: 'nothing', notes };
  const about = introduced(file);
  noteRest(file);
  const statements = themes.flatMap((theme) => theme.statements);
  const minutes = Math.min(60, Math.ceil((statements.length * secondsEach) / 60));
  note('minutes', String(minutes));
  const inUse = new Set(statements.map((one) => one.scale));
  const questionnaire: Questionnaire = {
    format: 'medvirk-questionnaire/1',
    key: `limesurvey-${surveyNumber(file) || '1'}`,
    version: 1,
    kind,
    ...about,
    languages: [],
    minutes,
    scales: [...scales.values()].filter(({ id }) => inUse.has(id)),
    themes,
    factors,
  };
  for (const one of statements)
    if (one.required && !mayRequire(questionnaire, one)) {
      delete one.required;
      note('required', one.id, one.text.nb);
    }
  const tags = file.languages.toSorted((a, b) => Number(b === 'nb') - Number(a === 'nb'));
  questionnaire.languages = tags.filter((tag) => tag === 'nb' || translated(questionnaire, tag)).slice(0, 12);
  for (const tag of tags) if (!questionnaire.languages.includes(tag)) note('translation', tag);
  return { ok: true, questionnaire, notes };
}

/** All that is asked: the groups in their order as themes, with the scales and factors that come of them. */
function asked(file: SurveyFile, kind: QuestionnaireKind) {
  const { note, once, textOf } = file;
  const { bring, fresh, subsOf, scales, factors } = questions(file, kind);
  const isMain = (row: Row) => ['', '0'].includes(get(row, 'parent_qid'));
  const questionsOf = Map.groupBy(once('questions', 'qid').filter(isMain), (row) => get(row, 'gid'));
  const mains = new Set([...questionsOf.values()].flat().map((row) => get(row, 'qid')));
  for (const [parent, all] of subsOf)
    if (!mains.has(parent)) note('table', 'subquestions', String(all.length));

  const groups = once('groups', 'gid');
  // Of a group that the file does not have: asked all the same.
  const known = new Set(groups.map((row) => get(row, 'gid')));
  const strays = [...questionsOf.keys()].filter((gid) => !known.has(gid));

  const themes: Theme[] = [];
  for (const group of [...order(groups, 'group_order'), ...strays.map((gid) => new Map([['gid', gid]]))]) {
    const gid = get(group, 'gid');
    const named = textOf(file.group(gid), 'language', 'group_name', gid);
    const title = named ?? { nb: `Del ${themes.length + 1}` };
    const description = textOf(file.group(gid), 'language', 'description', title.nb);
    noteCondition(file, group, 'grelevance', title.nb);
    const drawn = get(group, 'randomization_group');
    if (drawn) note('attributes', title.nb, `randomization_group: ${drawn}`);
    const brought = order(questionsOf.get(gid) ?? [], 'question_order').flatMap(
      (question) => bring(question, title) ?? [],
    );
    const pages = pagesOf(brought);
    if (pages.length > 1) note('split', title.nb, String(pages.length));
    const [first] = pages;
    if (description && first && !first.intro) first.intro = description;
    else if (description) note('lead', title.nb, description.nb);
    for (const page of pages) themes.push({ id: fresh(`theme-${themes.length + 1}`), title, ...page });
  }
  return { themes, scales, factors };
}

/** Statements on pages of a few; an array begins a page, and so does what comes after it. */
function pagesOf(brought: Brought[]): Pick<Theme, 'intro' | 'statements'>[] {
  const pages: Pick<Theme, 'intro' | 'statements'>[] = [];
  let afterArray = false;
  for (const { statements, intro, isArray } of brought) {
    for (const [i, one] of statements.entries()) {
      const last = pages.at(-1);
      const anew = i === 0 && (isArray || afterArray);
      if (last && last.statements.length < mostOnPage && !anew) last.statements.push(one);
      else pages.push({ ...(i === 0 && intro && { intro }), statements: [one] });
    }
    afterArray = isArray;
  }
  return pages;
}

/** The survey's title, and its description as an introduction, else its welcome. */
function introduced({ rows, note, textOf }: SurveyFile): Pick<Questionnaire, 'title' | 'intro'> {
  const settings = rows('surveys_languagesettings');
  const text = (column: string) => textOf(settings, 'surveyls_language', column, column);
  const title = text('surveyls_title') ?? { nb: 'LimeSurvey' };
  const [described, welcome] = [text('surveyls_description'), text('surveyls_welcometext')];
  if (described && welcome) note('survey-text', 'surveyls_welcometext', welcome.nb);
  for (const column of new Set(settings.flatMap((row) => [...row.keys()])))
    if (/^surveyls_(endtext|policy)/.test(column) && settings.some((row) => get(row, column).length > 1))
      note('survey-text', column, text(column)?.nb);
  const intro = described ?? welcome;
  return { title, ...(intro && { intro }) };
}

/** Notes what nobody has read: conditions, settings of questions, other tables, and the settings of the survey. */
function noteRest({ tables, rows, note }: SurveyFile) {
  for (const row of rows('conditions')) note('condition', get(row, 'qid'), get(row, 'value'));
  const set = rows('question_attributes').filter((row) => get(row, 'value') !== '');
  const attributes = new Set(set.map((row) => get(row, 'attribute')));
  if (attributes.size > 0) note('attributes', [...attributes].sort().join(', '));
  for (const [table, all] of tables)
    if (!read.includes(table) && all.length > 0) note('table', table, String(all.length));
  const settings = rows('surveys').length + rows('surveys_languagesettings').length;
  if (settings > 0) note('table', 'surveys', String(settings));
}

const surveyNumber = ({ rows }: SurveyFile) =>
  get(rows('surveys')[0] ?? rows('questions')[0], 'sid')
    .replace(/\D/g, '')
    .slice(0, 12);
