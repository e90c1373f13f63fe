import {
  changes,
  type Factor,
  factorOf,
  mayRequire,
  type Questionnaire,
  type QuestionnaireKind,
  type Scale,
  type Statement,
  statements,
  type Text,
  type Theme,
} from '#domain/questionnaire.ts';
import { readyFor, readyScales } from '#domain/ready-scale.ts';

/** Who has read a text and found it good, the words that were read, and the bokmål beside: other words are not read. */
export type Review = { words: string; nb: string; by: string | null; at: string };

/** A text in one language by its place: "statement.mastery-1.nb". */
type Reviews = Record<string, Review>;

/** A questionnaire under way. Its content has a questionnaire's shape, but texts may be missing and lists empty. */
export type Draft = { content: Questionnaire; reviews: Reviews };

/** Where a text stands: its place without the language, and what holds it. */
export type Slot = { place: string; holder: object; key: string; isOptional: boolean };

/** Most themes, statements on a page, scales, factors and open questions: as the format has it. */
export const most = { themes: 40, statements: 5, scales: 20, factors: 40, questions: 2, text: 500 };

/** Languages that HR may choose for a questionnaire, beside those it has. */
export const languagesOffered = ['nb', 'nn', 'en', 'se'];

/** An empty draft of a kind. key: the new questionnaire's own. */
export function empty(key: string, kind: QuestionnaireKind, title: string): Draft {
  const format = 'medvirk-questionnaire/1' as const;
  const scales = [
    structuredClone(readyScales.find(({ id }) => (kind === 'resident') === (id === 'yes-no'))!),
  ];
  return {
    content: {
      ...{ format, key, version: 1, kind, title: { nb: title } },
      ...{ languages: ['nb'], minutes: 5, scales, themes: [], factors: [] },
    },
    reviews: {},
  };
}

/** Every place for a text, in the order they are met, also those of optional texts that are not written. */
export function slots(of: Questionnaire): Slot[] {
  const slot = (place: string, holder: object, key: string, isOptional = false): Slot => ({
    ...{ place, holder, key, isOptional },
  });
  return [
    slot('title', of, 'title'),
    slot('intro', of, 'intro', true),
    ...of.themes.flatMap((theme) => [
      slot(`theme.${theme.id}.title`, theme, 'title'),
      slot(`theme.${theme.id}.intro`, theme, 'intro', true),
      ...theme.statements.map((one) => slot(`statement.${one.id}`, one, 'text')),
    ]),
    ...of.scales.flatMap((scale) => [
      ...scale.points.map((point) => slot(`scale.${scale.id}.${point.value}`, point, 'text')),
      slot(`scale.${scale.id}.dontKnow`, scale, 'dontKnow', true),
      slot(`scale.${scale.id}.notRelevant`, scale, 'notRelevant', true),
    ]),
    ...of.factors.map((factor) => slot(`factor.${factor.id}`, factor, 'title')),
    ...(of.background ?? []).flatMap((asked) => [
      slot(`background.${asked.id}`, asked, 'text'),
      ...asked.options.map((option) => slot(`background.${asked.id}.${option.id}`, option, 'text')),
    ]),
    ...(of.comments ?? []).flatMap((asked) => [
      slot(`comment.${asked.id}`, asked, 'text'),
      slot(`comment.${asked.id}.hint`, asked, 'hint', true),
    ]),
  ];
}

/** The text that stands at a place; null where an optional one is not written. */
export const textAt = ({ holder, key }: Slot): Text | null =>
  ((holder as Record<string, Text | undefined>)[key] ?? null) as Text | null;

/** The words at a place in a language; empty where there are none. */
export function wordsAt(slot: Slot, language: string): string {
  const text = textAt(slot);
  return (text && Object.hasOwn(text, language) ? text[language] : '') ?? '';
}

/** One line of plain text, as the format has it: no control signs, nothing that turns the direction of writing. */
export const line = (typed: string): string =>
  typed
    .replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Writes words at a place; no words: the text is taken away there. Changes what it is given. */
export function setWords(slot: Slot, language: string, typed: string): void {
  const holder = slot.holder as Record<string, Text | undefined>;
  const { [language]: _, ...others } = (holder[slot.key] ?? {}) as Record<string, string>;
  const words = line(typed);
  const text = (words ? { ...others, [language]: words } : others) as Text;
  if (Object.keys(text).length === 0 && slot.isOptional) delete holder[slot.key];
  else holder[slot.key] = text;
}

/** A text for those who edit: in the language, else in the first it is written in; empty where nothing is written. */
export function shown(text: Text | undefined, language: string): string {
  return (text && (text[language] ?? text.nb ?? Object.values(text)[0])) ?? '';
}

/** The theme that a statement stands in; null: none. */
export const themeOf = (of: Questionnaire, statementId: string): Theme | null =>
  of.themes.find((theme) => theme.statements.some(({ id }) => id === statementId)) ?? null;
/** A statement by its id; null: there is none. */
export const statementBy = (of: Questionnaire, id: string): Statement | null =>
  statements(of).find((one) => one.id === id) ?? null;
/** A scale by its id; null: there is none. */
export const scaleBy = (of: Questionnaire, id: string): Scale | null =>
  of.scales.find((one) => one.id === id) ?? null;

/** Whether everybody must answer, of a whole questionnaire. some: of a file that was brought in so. */
export type Required = 'none' | 'all' | 'some';

/** Whether none, some or all of the statements that may be required are. */
export function requiredOf(of: Questionnaire): Required {
  const asked = statements(of).filter((one) => mayRequire(of, one));
  const required = asked.filter((one) => one.required);
  if (required.length === 0) return 'none';
  return required.length === asked.length ? 'all' : 'some';
}

/** Sets whether answers are required, of every statement that may be. Changes what it is given. */
export function setRequired(of: Questionnaire, required: Required): void {
  for (const one of statements(of)) {
    if (required === 'all') one.required = true;
    if (required === 'none' || !mayRequire(of, one)) delete one.required;
  }
}

/** Why a list is not changed. full: it holds as many as it may; used: statements use the scale; gone: no such thing. */
export type ListRefusal = 'full' | 'used' | 'gone' | 'not-empty' | 'no-text' | 'long';
/** A draft with a list changed, which is another than the one that was given, or why not. */
export type Listed = { ok: true; draft: Draft } | { ok: false; refusal: ListRefusal };

const worded = (title: string): ListRefusal | null => {
  if (line(title) === '') return 'no-text';
  return [...line(title)].length > most.text ? 'long' : null;
};

function edited(draft: Draft, edit: (content: Questionnaire) => ListRefusal | null | void): Listed {
  const next = structuredClone(draft);
  const refusal = edit(next.content);
  return refusal ? { ok: false, refusal } : { ok: true, draft: next };
}

const moved = <T extends { id: string }>(list: T[], id: string, by: number): void => {
  const from = list.findIndex((one) => one.id === id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= list.length) return;
  list.splice(to, 0, ...list.splice(from, 1));
};

/** Last, without statements. title: one line of up to `most.text` signs. */
export const addTheme = (draft: Draft, id: string, title: string): Listed =>
  edited(draft, ({ themes }) => {
    if (themes.length >= most.themes) return 'full';
    themes.push({ id, title: { nb: line(title) }, statements: [] });
    return worded(title);
  });

/** One place up (-1) or down (1); at the end of the list it stays. */
export const moveTheme = (draft: Draft, id: string, by: -1 | 1): Listed =>
  edited(draft, ({ themes }) => moved(themes, id, by));

/** Refuses a theme that has statements; one that is gone is gone. */
export const removeTheme = (draft: Draft, id: string): Listed =>
  edited(draft, (content) => {
    if (content.themes.find((one) => one.id === id)?.statements.length) return 'not-empty';
    content.themes = content.themes.filter((one) => one.id !== id);
  });

/** Last in a theme, answered as the one before it. id: one that no version has had, so that no trend is joined to it. */
export const addStatement = (draft: Draft, themeId: string, id: string, words: string): Listed =>
  edited(draft, (content) => {
    const theme = content.themes.find((one) => one.id === themeId);
    if (!theme) return 'gone';
    if (theme.statements.length >= most.statements) return 'full';
    // Named answers belong to their question: the next one begins on a scale.
    const isNamed = (scale: string) => scaleBy(content, scale)?.choose !== undefined;
    const before = [...statements(content), ...theme.statements].findLast(({ scale }) => !isNamed(scale));
    const first = content.scales.find(({ choose }) => !choose) ?? content.scales[0];
    const required = mayRequire(content, {}) && requiredOf(content) === 'all';
    theme.statements.push({
      id,
      text: { nb: line(words) },
      scale: before?.scale ?? first?.id ?? '',
      ...(before?.dontKnow && { dontKnow: true }),
      ...(before?.notRelevant && { notRelevant: true }),
      ...(required && { required }),
    });
    return worded(words);
  });

/** One place up (-1) or down (1) within its theme. */
export const moveStatement = (draft: Draft, id: string, by: -1 | 1): Listed =>
  edited(draft, (content) => moved(themeOf(content, id)?.statements ?? [], id, by));

/** Takes a statement out, of its factor too. */
export const removeStatement = (draft: Draft, id: string): Listed =>
  edited(draft, (content) => {
    for (const theme of content.themes) theme.statements = theme.statements.filter((one) => one.id !== id);
    place(content, id, null);
  });

/** A scale ready made, under its own id or, where that is taken, under the id given. */
export const addReadyScale = (draft: Draft, readyId: string, id: string): Listed =>
  edited(draft, (content) => {
    const ready = readyFor(content).find((one) => one.id === readyId);
    if (!ready) return 'gone';
    if (content.scales.length >= most.scales) return 'full';
    content.scales.push({ ...structuredClone(ready), id: scaleBy(content, readyId) ? id : readyId });
  });

/** Which of its numbers a scale cannot be made of: 2 to so many points, the lowest 0 or 1 and the highest at most 10. */
export function scaleFaults(points: number, lowest: number, most: number): ('points' | 'lowest')[] {
  const isCount = Number.isInteger(points) && points >= 2 && points <= most;
  const isLowest = (lowest === 0 || lowest === 1) && !(points + lowest > 11);
  return [...(isCount ? [] : ['points' as const]), ...(isLowest ? [] : ['lowest' as const])];
}

/**
 * A scale of so many points without words, from a lowest number; or a list of so many named answers, of which one or
 * several are chosen, numbered from 1 where there is room. The numbers are such as `scaleFaults` has nothing against.
 */
export const addScale = (
  draft: Draft,
  id: string,
  points: number,
  how: { lowest: number } | { choose: 'one' | 'several' },
): Listed =>
  edited(draft, (content) => {
    if (content.scales.length >= most.scales) return 'full';
    const lowest = 'lowest' in how ? how.lowest : Math.min(1, 11 - points);
    const values = Array.from({ length: points }, (_, i) => lowest + i);
    const choose = 'choose' in how && { choose: how.choose };
    content.scales.push({ id, ...choose, points: values.map((value) => ({ value, text: {} as Text })) });
  });

/** Refuses a scale that statements use; one that is gone is gone. */
export const removeScale = (draft: Draft, id: string): Listed =>
  edited(draft, (content) => {
    if (statements(content).some(({ scale }) => scale === id)) return 'used';
    content.scales = content.scales.filter((one) => one.id !== id);
  });

/** Last, with no statements yet. title: one line of up to `most.text` signs. */
export const addFactor = (draft: Draft, id: string, title: string): Listed =>
  edited(draft, ({ factors }) => {
    if (factors.length >= most.factors) return 'full';
    factors.push({ id, title: { nb: line(title) }, statements: [] });
    return worded(title);
  });

/** An open question, asked in rounds that have readers for what is written. */
export const addOpenQuestion = (draft: Draft, id: string, words: string): Listed =>
  edited(draft, (content) => {
    const { comments = [] } = content;
    if (comments.length >= most.questions) return 'full';
    content.comments = [...comments, { id, text: { nb: line(words) } }];
    return worded(words);
  });

/** Puts a statement in a factor, or in none, in the order of the questionnaire. Changes what it is given. */
export function place(content: Questionnaire, statementId: string, factorId: string | null): void {
  if ((factorOf(content, statementId)?.id ?? null) === factorId) return;
  const order = statements(content).map(({ id }) => id);
  for (const factor of content.factors) {
    const others = factor.statements.filter((id) => id !== statementId);
    factor.statements =
      factor.id === factorId
        ? [...others, statementId].sort((a, b) => order.indexOf(a) - order.indexOf(b))
        : others;
  }
}

/**
 * Factors of both versions whose trend is broken: other statements are in them, or one of these is asked in another way
 * (change.ts refuses to compare them).
 */
export function brokenFactors(before: Questionnaire, after: Questionnaire): Factor[] {
  const reworded = new Set(changes(before, after).reworded.map(({ id }) => id));
  return after.factors.filter((now) => {
    const then = before.factors.find(({ id }) => id === now.id);
    if (!then) return false;
    const same =
      then.statements.length === now.statements.length &&
      then.statements.every((id) => now.statements.includes(id));
    return !same || now.statements.some((id) => reworded.has(id));
  });
}
