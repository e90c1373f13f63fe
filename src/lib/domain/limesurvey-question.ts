import { get, order, type Row, type SurveyFile } from '#domain/limesurvey-file.ts';
import { built, type Choice, fromChoices, type Made } from '#domain/limesurvey-scale.ts';
import {
  type Factor,
  mostPoints,
  type QuestionnaireKind,
  type Scale,
  type Statement,
  type Text,
} from '#domain/questionnaire.ts';

const single = ['L', '!', 'O', '5', 'Y'];
/** Of which several may be chosen: ticked, and ticked with a comment each. */
const ticked = ['M', 'P'];
const arrays = ['F', 'H', 'A', 'B', 'C', 'E'];

/** What comes of a question. isArray: it is a table, whose rows are the statements and whose own text is the intro. */
export type Brought = { statements: Statement[]; intro: Text | null; isArray: boolean };

/** The id as our format has them: signs it lacks become hyphens. */
const idOf = (...codes: string[]) =>
  codes
    .join('-')
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^(?![A-Za-z])/, 'q')
    .slice(0, 40);

/** Gives ids that are each for themselves, and none that JavaScript keeps. */
function freshIds() {
  const used = new Set<string>();
  return (wanted: string): string => {
    let id = wanted;
    for (let n = 2; used.has(id) || id in {}; n++) id = `${wanted.slice(0, 35)}-${n}`;
    used.add(id);
    return id;
  };
}

/** Gives the scale that a question's own answers make, by the question's id; null: none. */
function choices({ tables, rows, once, textOf }: SurveyFile) {
  const isNewer = tables.has('answer_l10ns');
  const keyOf = (row: Row) => (isNewer ? get(row, 'aid') : `${get(row, 'qid')}\n${get(row, 'code')}`);
  const answers = Map.groupBy(once('answers', 'qid', 'code', 'scale_id'), (row) => get(row, 'qid'));
  const texts = Map.groupBy(rows(isNewer ? 'answer_l10ns' : 'answers'), keyOf);
  return (qid: string, where: string): Made | null => {
    const all = order(answers.get(qid) ?? [], 'sortorder').map((row) => ({
      code: get(row, 'code'),
      weight: Number(get(row, 'assessment_value')) || 0,
      text: textOf(texts.get(keyOf(row)) ?? [], 'language', 'answer', where),
    }));
    const worded = all.filter((one): one is Choice => one.text !== null);
    return worded.length < all.length ? null : fromChoices(worded);
  };
}

/** Gives the scale of what was made, the same one for the same points, and notes what there is to look at in it. */
function kept(scales: Map<string, Scale>, note: SurveyFile['note']) {
  return ({ wordless, numbered, ...made }: Made, where: string): Scale => {
    if (wordless) note('wordless', where);
    const inOrder = (word: (point: Scale['points'][number]) => string) => made.points.map(word).join(', ');
    if (made.choose)
      note(
        made.choose,
        where,
        inOrder(({ text }) => text.nb),
      );
    else if (numbered)
      note(
        'numbered',
        where,
        inOrder(({ value, text }) => `${value} ${text.nb}`),
      );
    for (const words of [made.dontKnow, made.notRelevant]) if (words) note('apart', where, words.nb);
    const key = JSON.stringify(made);
    const scale = scales.get(key) ?? { id: `scale-${scales.size + 1}`, ...made };
    scales.set(key, scale);
    return scale;
  };
}

/** Brings over the questions of a file, one after the other. scales and factors fill up as they come. */
export function questions(file: SurveyFile, kind: QuestionnaireKind) {
  const { note, textOf } = file;
  const scales = new Map<string, Scale>();
  const factors: Factor[] = [];
  const fresh = freshIds();
  const choicesOf = choices(file);
  const scaleFor = kept(scales, note);
  const subsOf = Map.groupBy(file.once('subquestions', 'qid'), (row) => get(row, 'parent_qid'));
  const subText = (sub: Row, where: string) =>
    textOf(file.sub(get(sub, 'qid')), 'language', 'question', where);

  const statement = (id: string, text: Text, scale: Scale, question: Row): Statement => ({
    ...{ id: fresh(id), text, scale: scale.id },
    ...(scale.dontKnow && { dontKnow: true }),
    ...(scale.notRelevant && { notRelevant: true }),
    ...(get(question, 'mandatory') === 'Y' && { required: true }),
  });

  function noteLosses(question: Row, at: string) {
    const help = textOf(file.question(get(question, 'qid')), 'language', 'help', at);
    if (help) note('help', at, help.nb);
    noteCondition(file, question, 'relevance', at);
    if (get(question, 'other') === 'Y') note('other', at);
    if (['O', 'P'].includes(get(question, 'type'))) note('comment', at);
  }

  function noteLeft(question: Row, text: Text | null, at: string) {
    note('type', at, `${get(question, 'type')}: ${text?.nb ?? ''}`);
    for (const sub of subsOf.get(get(question, 'qid')) ?? [])
      note('type', `${at}, ${get(sub, 'title')}`, subText(sub, at)?.nb);
  }

  /** The rows of an array as statements on its scale. */
  const rowsOf = (question: Row, scale: Scale, at: string): Statement[] =>
    order(subsOf.get(get(question, 'qid')) ?? [], 'question_order').flatMap((sub) => {
      const where = `${at}, ${get(sub, 'title')}`;
      const text = subText(sub, where);
      noteCondition(file, sub, 'relevance', where);
      if (!text) note('no-text', where);
      return text ? [statement(idOf(get(question, 'title'), get(sub, 'title')), text, scale, question)] : [];
    });

  /** The answers of a question of which several may be chosen, as a list of named answers; null: too few or too many. */
  function tickedOf(question: Row, at: string): Made | null {
    const points = order(subsOf.get(get(question, 'qid')) ?? [], 'question_order').flatMap((sub) => {
      const where = `${at}, ${get(sub, 'title')}`;
      const text = subText(sub, where);
      noteCondition(file, sub, 'relevance', where);
      if (!text) note('no-text', where);
      return text ? [text] : [];
    });
    if (points.length < 2 || points.length > 11) return null;
    const start = points.length > 10 ? 0 : 1;
    return { choose: 'several', points: points.map((text, i) => ({ value: i + start, text })) };
  }

  /** Without numbers of their own the answers of a list are named, not a scale: nobody has said which is higher. */
  function madeOf(question: Row, at: string): Made | null {
    const [qid, type] = [get(question, 'qid'), get(question, 'type')];
    if (ticked.includes(type)) return tickedOf(question, at);
    const made = Object.hasOwn(built, type) ? (built[type] as Made) : choicesOf(qid, at);
    const isNamed = made?.numbered && single.includes(type) && kind !== 'resident';
    return made && isNamed ? { choose: 'one', ...made } : made;
  }

  /** A question in a group of this title; null: nothing of it can be asked. */
  function bring(question: Row, group: Text): Brought | null {
    const [qid, code, type] = [get(question, 'qid'), get(question, 'title'), get(question, 'type')];
    const at = `${group.nb}, ${code}`;
    const text = textOf(file.question(qid), 'language', 'question', at);
    noteLosses(question, at);
    const known = [...single, ...arrays, ...(kind === 'resident' ? [] : ticked)];
    if (!known.includes(type)) {
      noteLeft(question, text, at);
      return null;
    }
    const made = madeOf(question, at);
    if (!made || made.points.length > mostPoints({ kind })) {
      note('scale', at, text?.nb);
      const subs = ticked.includes(type) || arrays.includes(type) ? (subsOf.get(qid) ?? []) : [];
      for (const sub of subs) note('scale', `${at}, ${get(sub, 'title')}`, subText(sub, at)?.nb);
      return null;
    }
    const scale = scaleFor(made, at);
    if (get(question, 'mandatory') === 'S') note('attributes', at, 'mandatory: soft');
    if (!arrays.includes(type)) {
      if (!text) note('no-text', at);
      const statements = text ? [statement(idOf(code), text, scale, question)] : [];
      return { statements, intro: null, isArray: false };
    }
    const statements = rowsOf(question, scale, at);
    if (statements.length === 0) {
      note('no-text', at);
      return null;
    }
    if (statements.length > 1 && statements.length <= 20) {
      const ids = statements.map(({ id }) => id);
      factors.push({ id: fresh(idOf('factor', code)), title: text ?? group, statements: ids });
      note('factor', at);
    }
    return { statements, intro: text, isArray: true };
  }

  return { bring, fresh, subsOf, scales, factors };
}

/** Notes a condition for showing something: what has none says nothing, or 1. */
export function noteCondition({ note }: SurveyFile, row: Row, column: string, where: string) {
  if (!['', '1'].includes(get(row, column))) note('condition', where, get(row, column));
}
