import { built, fromChoices, type Made } from '#domain/limesurvey-scale.ts';
import {
  get,
  type Note,
  order,
  type Refusal,
  type Row,
  type Tables,
  unique,
  wordsOf,
} from '#domain/limesurvey-file.ts';
import {
  type Factor,
  type Questionnaire,
  type QuestionnaireKind,
  type Scale,
  type Statement,
  type Text,
  type Theme,
  translated,
} from '#domain/questionnaire.ts';

const single = ['L', '!', 'O', '5', 'Y'];
const arrays = ['F', 'H', 'A', 'B', 'C', 'E'];
/** Tables that are read; of the others, what has rows is noted. */
const read = [
  ...['groups', 'questions', 'subquestions', 'answers', 'group_l10ns', 'question_l10ns', 'answer_l10ns'],
  ...['question_attributes', 'surveys', 'surveys_languagesettings', 'conditions'],
];
const secondsEach = 12;

/** The id as our format has them: signs it lacks become hyphens. */
const idOf = (...codes: string[]) =>
  codes
    .join('-')
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^(?![A-Za-z])/, 'q')
    .slice(0, 40);

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
  const { tables } = given;
  const file = wordsOf(given);
  const { languages, note, notes, textOf } = file;
  const rows = (table: string) => tables.get(table) ?? [];
  const once = (table: string, ...key: string[]) => unique(rows(table), key);
  if (!languages.includes('nb')) return { ok: false, refusal: 'no-nb', notes };

  const answersOf = Map.groupBy(once('answers', 'qid', 'code', 'scale_id'), (row) => get(row, 'qid'));
  const answerTexts = tables.has('answer_l10ns')
    ? Map.groupBy(rows('answer_l10ns'), (row) => get(row, 'aid'))
    : Map.groupBy(rows('answers'), (row) => `${get(row, 'qid')}\n${get(row, 'code')}`);
  const choicesOf = (qid: string, where: string): Made | null => {
    const choices = order(answersOf.get(qid) ?? [], 'sortorder').map((row) => {
      const key = tables.has('answer_l10ns') ? get(row, 'aid') : `${qid}\n${get(row, 'code')}`;
      const text = textOf(answerTexts.get(key) ?? [], 'language', 'answer', where);
      return { code: get(row, 'code'), weight: Number(get(row, 'assessment_value')) || 0, text };
    });
    const worded = choices.filter((one) => one.text !== null);
    if (worded.length < choices.length) return null;
    return fromChoices(worded as { code: string; weight: number; text: Text }[]);
  };

  const scales = new Map<string, Scale>();
  const scaleFor = ({ wordless, numbered, ...made }: Made, where: string): Scale => {
    if (wordless) note('wordless', where);
    if (numbered)
      note('numbered', where, made.points.map(({ value, text }) => `${value} ${text.nb}`).join(', '));
    for (const words of [made.dontKnow, made.notRelevant]) if (words) note('apart', where, words.nb);
    const key = JSON.stringify(made);
    const scale = scales.get(key) ?? { id: `scale-${scales.size + 1}`, ...made };
    scales.set(key, scale);
    return scale;
  };

  const used = new Set<string>();
  const fresh = (wanted: string): string => {
    let id = wanted;
    for (let n = 2; used.has(id) || id in {}; n++) id = `${wanted.slice(0, 35)}-${n}`;
    used.add(id);
    return id;
  };
  const statement = (id: string, text: Text, scale: Scale, mandatory: boolean): Statement => ({
    ...{ id: fresh(id), text, scale: scale.id },
    ...(scale.dontKnow && { dontKnow: true }),
    ...(scale.notRelevant && { notRelevant: true }),
    ...(mandatory && { required: true }),
  });

  const themes: Theme[] = [];
  const factors: Factor[] = [];
  const subsOf = Map.groupBy(once('subquestions', 'qid'), (row) => get(row, 'parent_qid'));
  const isMain = (row: Row) => ['', '0'].includes(get(row, 'parent_qid'));
  const questionsOf = Map.groupBy(once('questions', 'qid').filter(isMain), (row) => get(row, 'gid'));

  const groups = once('groups', 'gid');
  // Of a group that the file does not have: asked all the same.
  const known = new Set(groups.map((row) => get(row, 'gid')));
  const strays = [...questionsOf.keys()].filter((gid) => !known.has(gid));
  const asked = new Set([...questionsOf.values()].flat().map((row) => get(row, 'qid')));
  for (const [parent, all] of subsOf)
    if (!asked.has(parent)) note('table', 'subquestions', String(all.length));

  for (const group of [...order(groups, 'group_order'), ...strays.map((gid) => new Map([['gid', gid]]))]) {
    const gid = get(group, 'gid');
    const title = textOf(file.group(gid), 'language', 'group_name', gid) ?? {
      nb: `Del ${themes.length + 1}`,
    };
    const where = title.nb;
    const description = textOf(file.group(gid), 'language', 'description', where);
    if (!['', '1'].includes(get(group, 'grelevance'))) note('condition', where, get(group, 'grelevance'));
    const pages: Pick<Theme, 'intro' | 'statements'>[] = [];
    const add = (statements: Statement[], intro: Text | null, anew: boolean) => {
      for (const one of statements) {
        const last = pages.at(-1);
        const isFirst = one === statements[0];
        if (last && last.statements.length < 5 && !(isFirst && anew)) last.statements.push(one);
        else pages.push({ ...(isFirst && intro && { intro }), statements: [one] });
      }
    };
    let afterArray = false;
    for (const question of order(questionsOf.get(gid) ?? [], 'question_order')) {
      const [qid, code, type] = [get(question, 'qid'), get(question, 'title'), get(question, 'type')];
      const at = `${where}, ${code}`;
      const text = textOf(file.question(qid), 'language', 'question', at);
      const help = textOf(file.question(qid), 'language', 'help', at);
      if (help) note('help', at, help.nb);
      if (!['', '1'].includes(get(question, 'relevance'))) note('condition', at, get(question, 'relevance'));
      if (get(question, 'other') === 'Y') note('other', at);
      if (type === 'O') note('comment', at);
      if (![...single, ...arrays].includes(type)) {
        note('type', at, `${type}: ${text?.nb ?? ''}`);
        for (const sub of subsOf.get(qid) ?? [])
          note(
            'type',
            `${at}, ${get(sub, 'title')}`,
            textOf(file.sub(get(sub, 'qid')), 'language', 'question', at)?.nb,
          );
        continue;
      }
      const made = Object.hasOwn(built, type) ? (built[type] as Made) : choicesOf(qid, at);
      if (!made) {
        note('scale', at, text?.nb);
        continue;
      }
      const scale = scaleFor(made, at);
      const mandatory = get(question, 'mandatory') === 'Y';
      if (get(question, 'mandatory') === 'S') note('attributes', at, 'mandatory: soft');
      if (single.includes(type)) {
        if (!text) note('no-text', at);
        else add([statement(idOf(code), text, scale, mandatory)], null, afterArray);
        afterArray = false;
        continue;
      }
      const among = order(subsOf.get(qid) ?? [], 'question_order').flatMap((sub) => {
        const place = `${at}, ${get(sub, 'title')}`;
        const words = textOf(file.sub(get(sub, 'qid')), 'language', 'question', place);
        if (!['', '1'].includes(get(sub, 'relevance'))) note('condition', place, get(sub, 'relevance'));
        if (!words) note('no-text', place);
        return words ? [statement(idOf(code, get(sub, 'title')), words, scale, mandatory)] : [];
      });
      if (among.length === 0) {
        note('no-text', at);
        continue;
      }
      add(among, text, true);
      afterArray = true;
      if (among.length > 1 && among.length <= 20) {
        factors.push({
          id: fresh(idOf('factor', code)),
          title: text ?? title,
          statements: among.map(({ id }) => id),
        });
        note('factor', at);
      }
    }
    if (pages.length > 1) note('split', where, String(pages.length));
    const first = pages[0];
    if (first && description && first.intro) note('lead', where, description.nb);
    if (first && description && !first.intro) first.intro = description;
    if (!first && description) note('lead', where, description.nb);
    for (const page of pages) themes.push({ id: fresh(`theme-${themes.length + 1}`), title, ...page });
  }
  if (themes.length === 0) return { ok: false, refusal: 'nothing', notes };

  const settings = rows('surveys_languagesettings');
  const surveyText = (column: string) => textOf(settings, 'surveyls_language', column, column);
  const title = surveyText('surveyls_title') ?? { nb: 'LimeSurvey' };
  const [described, welcome] = [surveyText('surveyls_description'), surveyText('surveyls_welcometext')];
  const intro = described ?? welcome;
  if (described && welcome) note('survey-text', 'surveyls_welcometext', welcome.nb);
  const told = ['surveyls_language', 'surveyls_title', 'surveyls_description', 'surveyls_welcometext'];
  for (const column of new Set(settings.flatMap((row) => [...row.keys()])))
    if (
      !told.includes(column) &&
      settings.some((row) => get(row, column).length > 1 && /^surveyls_(endtext|policy)/.test(column))
    )
      note('survey-text', column, surveyText(column)?.nb);
  for (const row of rows('conditions')) note('condition', get(row, 'qid'), get(row, 'value'));
  const attributes = new Set(
    rows('question_attributes')
      .filter((r) => get(r, 'value') !== '')
      .map((r) => get(r, 'attribute')),
  );
  if (attributes.size > 0) note('attributes', [...attributes].sort().join(', '));
  for (const [table, all] of tables)
    if (!read.includes(table) && all.length > 0) note('table', table, String(all.length));
  if (settings.length > 0 || rows('surveys').length > 0)
    note('table', 'surveys', String(rows('surveys').length + settings.length));

  const sid = get(rows('surveys')[0] ?? rows('questions')[0], 'sid')
    .replace(/\D/g, '')
    .slice(0, 12);
  const count = themes.reduce((sum, theme) => sum + theme.statements.length, 0);
  const minutes = Math.min(60, Math.ceil((count * secondsEach) / 60));
  note('minutes', String(minutes));
  const inUse = new Set(themes.flatMap((theme) => theme.statements.map((one) => one.scale)));
  const questionnaire: Questionnaire = {
    format: 'medvirk-questionnaire/1',
    key: `limesurvey-${sid || '1'}`,
    version: 1,
    kind,
    title,
    ...(intro && { intro }),
    languages: [],
    minutes,
    scales: [...scales.values()].filter(({ id }) => inUse.has(id)),
    themes,
    factors,
  };
  const tags = languages.toSorted((a, b) => Number(b === 'nb') - Number(a === 'nb'));
  questionnaire.languages = tags.filter((tag) => tag === 'nb' || translated(questionnaire, tag)).slice(0, 12);
  for (const tag of tags) if (!questionnaire.languages.includes(tag)) note('translation', tag);
  return { ok: true, questionnaire, notes };
}
