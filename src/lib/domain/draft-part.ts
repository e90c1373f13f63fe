import {
  addFactor,
  addOpenQuestion,
  addStatement,
  type Draft,
  languagesOffered,
  type Listed,
  most,
  place,
  type Required,
  requiredOf,
  scaleBy,
  setRequired,
  setWords,
  type Slot,
  slots,
  statementBy,
  themeOf,
  wordsAt,
  line,
} from '#domain/draft.ts';
import type { Fields } from '#domain/merge.ts';
import {
  factorOf,
  mayRequire,
  type Questionnaire,
  type Scale,
  type Statement,
  statements,
} from '#domain/questionnaire.ts';

/**
 * Why a field is not taken. no-text: words that must be there are not; long: over 500 signs; minutes: not 1 to 60; full:
 * the page has five statements; two: there are two open questions; scale: no such scale, or no such page; no-words: the
 * scale has no words for this way of answering; used: statements are answered in this way; named: the answers are named,
 * and in no factor; answers: a list of named answers has two at least and eleven at most; mixed: the statements of the
 * factor have scales with other numbers.
 */
export type FieldRefusal =
  | 'no-text'
  | 'long'
  | 'minutes'
  | 'full'
  | 'two'
  | 'scale'
  | 'no-words'
  | 'used'
  | 'named'
  | 'answers'
  | 'mixed';

export type Written = { ok: true; draft: Draft } | { ok: false; faults: Record<string, FieldRefusal> };
type Who = { by: string | null; at: Date };

/** A part of a draft that is edited in one form. fields: as they stand, null where it is gone. */
export type Part = {
  fields: (draft: Draft) => Fields | null;
  write: (draft: Draft, fields: Fields, who: Who) => Written;
  /** A part that is gone is made again by writing it. */
  comesBack?: boolean;
  /** What was sent, where one field says something of all: said of each. */
  spelled?: (sent: Fields) => Fields;
  /** Ticks are joined apart from what is typed: a tick is of the words that stood in the form, and of no others. */
  ticks?: (base: Fields, mine: Fields, theirs: Fields, merged: Fields) => Ticked;
};

/**
 * What is to be written when somebody else has changed texts in between; unseen: the texts that were ticked as read and
 * are others now, with their words. inNb: it is the bokmål beside that is another.
 */
export type Ticked = { merged: Fields; unseen: { field: string; inNb: boolean; now: string }[] };

/** A box as a form has it. */
export const yes = (is: boolean | undefined) => (is ? 'yes' : '');

/** Fields of the words at some places, by place and language. */
export const texts = (of: Questionnaire, at: Slot[], languages = of.languages): Fields =>
  Object.fromEntries(
    at.flatMap((slot) => languages.map((one) => [`${slot.place}.${one}`, wordsAt(slot, one)] as const)),
  );

/** Writes the words that the fields have for these places; what is left empty in bokmål and must not be, is told. */
export function writeTexts(
  of: Questionnaire,
  at: Slot[],
  fields: Fields,
  faults: Record<string, FieldRefusal>,
) {
  for (const slot of at)
    for (const language of of.languages) {
      const field = `${slot.place}.${language}`;
      const typed = fields[field];
      if (typed === undefined) continue;
      setWords(slot, language, typed);
      if ([...line(typed)].length > most.text) faults[field] = 'long';
      if (language === 'nb' && !slot.isOptional && line(typed) === '') faults[field] = 'no-text';
    }
}

const under = (of: Questionnaire, ...starts: string[]): Slot[] =>
  slots(of).filter(({ place }) => starts.some((start) => place === start || place.startsWith(`${start}.`)));

/** The draft with its content changed, or what is wrong at each field. */
export function written(
  draft: Draft,
  edit: (content: Questionnaire, faults: Record<string, FieldRefusal>) => void,
): Written {
  const next = structuredClone(draft);
  const faults: Record<string, FieldRefusal> = {};
  edit(next.content, faults);
  return Object.keys(faults).length > 0 ? { ok: false, faults } : { ok: true, draft: next };
}

const known = ({ languages }: Questionnaire) => [...new Set([...languagesOffered, ...languages])];

/** Title, introduction, minutes, languages, and whether answers are required. */
export const settingsPart: Part = {
  fields: ({ content }) => ({
    ...texts(content, under(content, 'title', 'intro')),
    minutes: String(content.minutes),
    languages: known(content)
      .filter((one) => content.languages.includes(one))
      .join(' '),
    required: requiredOf(content),
  }),
  write: (draft, fields) =>
    written(draft, (content, faults) => {
      writeTexts(content, under(content, 'title', 'intro'), fields, faults);
      const minutes = Number(fields.minutes);
      if (!Number.isInteger(minutes) || minutes < 1 || minutes > 60) faults.minutes = 'minutes';
      content.minutes = minutes;
      const chosen = (fields.languages ?? '').split(' ');
      content.languages = known(content).filter((one) => one === 'nb' || chosen.includes(one));
      if (fields.required !== undefined) setRequired(content, fields.required as Required);
    }),
};

/** A theme's title and introduction, and `new`: a statement to add last in it, which gets the id. */
export const themePart = (id: string, newId: string): Part => ({
  fields: ({ content }) =>
    content.themes.some((theme) => theme.id === id)
      ? { ...texts(content, under(content, `theme.${id}`)), new: '' }
      : null,
  write: (draft, fields) => {
    const done = written(draft, (content, faults) =>
      writeTexts(content, under(content, `theme.${id}`), fields, faults),
    );
    if (!done.ok || line(fields.new ?? '') === '') return done;
    return asWritten(addStatement(done.draft, id, newId, fields.new!), 'new');
  },
});

const asWritten = (done: Listed, field: string, full: FieldRefusal = 'full'): Written => {
  if (done.ok) return done;
  return { ok: false, faults: { [field]: done.refusal === 'long' ? 'long' : full } };
};

const flags = ['dontKnow', 'notRelevant', 'sensitive'] as const;
const abouts = ['nearest-leader', 'top-leadership'] as const;
const tags = ['demands', 'emotional', 'workload', 'support'] as const;

export const statementPart = (id: string): Part => ({
  comesBack: true,
  fields: ({ content }) => {
    const one = statementBy(content, id);
    if (!one) return null;
    return {
      ...texts(content, under(content, `statement.${id}`)),
      theme: themeOf(content, id)!.id,
      scale: one.scale,
      ...Object.fromEntries(flags.map((flag) => [flag, yes(one[flag])])),
      // Residents alone have a simplified edition.
      ...(content.kind === 'resident' && { simple: yes(one.simple) }),
      factor: factorOf(content, id)?.id ?? '',
      about: one.about ?? '',
      tags: tags.filter((tag) => one.tags?.includes(tag)).join(' '),
    };
  },
  write: (draft, fields) =>
    written(draft, (content, faults) => {
      const theme = content.themes.find((one) => one.id === fields.theme);
      const from = themeOf(content, id);
      if (!theme) return void (faults.theme = 'scale');
      if (theme !== from && theme.statements.length >= most.statements) faults.theme = 'full';
      const before = statementBy(content, id);
      const isRequired = before ? before.required : requiredOf(content) === 'all';
      const one: Statement = {
        id,
        text: before?.text ?? ({} as Statement['text']),
        scale: fields.scale ?? '',
      };
      if (theme === from) theme.statements = theme.statements.map((old) => (old.id === id ? one : old));
      else {
        if (from) from.statements = from.statements.filter((old) => old.id !== id);
        theme.statements.push(one);
      }
      writeTexts(content, under(content, `statement.${id}`), fields, faults);
      for (const flag of flags) if (fields[flag] === 'yes') one[flag] = true;
      if (isRequired && mayRequire(content, one)) one.required = true;
      if ('simple' in fields ? fields.simple === 'yes' : before?.simple) one.simple = true;
      const [about] = abouts.filter((about) => about === fields.about);
      if (about) one.about = about;
      const chosen = tags.filter((tag) => (fields.tags ?? '').split(' ').includes(tag));
      if (chosen.length > 0) one.tags = chosen;
      place(content, id, fields.factor || null);

      const scale = scaleBy(content, one.scale);
      if (!scale) return void (faults.scale = 'scale');
      for (const way of ['dontKnow', 'notRelevant'] as const)
        if (one[way] && !scale[way]) faults[way] = 'no-words';
      const fault = factorFault(content, id);
      if (fault) faults.factor = fault;
    }),
});

/** Why a statement cannot be counted in its factor: its answers are named, or the factor has scales with other numbers. */
function factorFault(content: Questionnaire, id: string): FieldRefusal | null {
  const factor = factorOf(content, id);
  if (!factor) return null;
  if (scaleBy(content, statementBy(content, id)!.scale)?.choose) return 'named';
  const numbers = statements(content)
    .filter((one) => factor.statements.includes(one.id))
    .map(({ scale }) => String(scaleBy(content, scale)?.points.map(({ value }) => value)));
  return new Set(numbers).size > 1 ? 'mixed' : null;
}

/**
 * The words of a scale. Its numbers stay as they were made. Of named answers also which to take away (`gone.` and the
 * answer's number), and `new`: one to add last.
 */
export const scalePart = (id: string): Part => ({
  fields: ({ content }) => {
    const scale = scaleBy(content, id);
    if (!scale) return null;
    const gone = scale.choose ? scale.points.map(({ value }) => [`gone.${value}`, ''] as const) : [];
    return {
      ...texts(content, under(content, `scale.${id}`)),
      ...(scale.choose && { ...Object.fromEntries(gone), new: '', move: '' }),
    };
  },
  write: (draft, fields) =>
    written(draft, (content, faults) => {
      const scale = scaleBy(content, id);
      if (scale?.choose) takeAway(scale, fields, faults);
      const move = scale?.choose && moveIn(scale, fields.move ?? '');
      writeTexts(content, under(content, `scale.${id}`), fields, faults);
      if (move) move();
      if (scale?.choose) addAnswer(scale, line(fields.new ?? ''), faults);
      const answered = statements(content).filter((one) => one.scale === id);
      for (const way of ['dontKnow', 'notRelevant'] as const)
        if (!scale?.[way] && answered.some((one) => one[way])) faults[`scale.${id}.${way}.nb`] = 'used';
    }),
});

function takeAway(scale: Scale, fields: Fields, faults: Record<string, FieldRefusal>) {
  const isGone = ({ value }: Scale['points'][number]) => fields[`gone.${value}`] === 'yes';
  const gone = scale.points.filter(isGone);
  if (gone[0] && scale.points.length - gone.length < 2 && !line(fields.new ?? ''))
    faults[`gone.${gone[0].value}`] = 'answers';
  scale.points = scale.points.filter((point) => !isGone(point));
}

/**
 * What changes places in a list: an answer with the one above it or below, as `answerMove` has it. null where the answer is
 * not there any more: whoever presses twice, or comes after another, moves nothing else.
 */
function moveIn({ points }: Scale, move: string): (() => void) | null {
  const from = points.findIndex(({ value, text }) =>
    [-1, 1].some((by) => move === answerMove(value, text.nb ?? '', by as -1 | 1)),
  );
  const one = points[from];
  const other = points[from + (move.startsWith('up ') ? -1 : 1)];
  if (!one || !other) return null;
  return () => {
    [one.text, other.text] = [other.text, one.text];
  };
}

/** What a list's form sends in `move`, where the answer with a number and these words goes one place up (-1) or down (1). */
export const answerMove = (value: number, words: string, by: -1 | 1): string =>
  `${by === -1 ? 'up' : 'down'} ${value} ${words}`.trim();

/** After the others, or under a number that is free. */
function addAnswer({ points }: Scale, words: string, faults: Record<string, FieldRefusal>) {
  if (words === '') return;
  if ([...words].length > most.text) faults.new = 'long';
  const taken = points.map(({ value }) => value);
  const after = Math.max(0, ...taken) + 1;
  const value = after <= 10 ? after : Array.from({ length: 11 }, (_, i) => i).find((i) => !taken.includes(i));
  if (value === undefined) return void (faults.new = 'answers');
  points.push({ value, text: { nb: words } });
  points.sort((a, b) => a.value - b.value);
}

/**
 * The factors' names, which of them each statement is in (`of.` and the statement's id), which to take away (`gone.` and the
 * factor's id), and `new`: the name of one to add, which gets the id.
 */
export const factorsPart = (newId: string): Part => ({
  fields: ({ content }) => ({
    ...texts(content, under(content, 'factor')),
    ...Object.fromEntries(content.factors.map(({ id }) => [`gone.${id}`, ''])),
    ...Object.fromEntries(statements(content).map(({ id }) => [`of.${id}`, factorOf(content, id)?.id ?? ''])),
    new: '',
  }),
  write: (draft, fields) => {
    const done = written(draft, (content, faults) => {
      content.factors = content.factors.filter(({ id }) => fields[`gone.${id}`] !== 'yes');
      writeTexts(content, under(content, 'factor'), fields, faults);
      const known = new Set(content.factors.map(({ id }) => id));
      for (const { id } of statements(content)) {
        const wanted = fields[`of.${id}`];
        if (wanted !== undefined) place(content, id, known.has(wanted) ? wanted : null);
      }
      for (const { id } of statements(content)) {
        const fault = factorFault(content, id);
        if (fault) faults[`of.${id}`] = fault;
      }
    });
    if (!done.ok || line(fields.new ?? '') === '') return done;
    return asWritten(addFactor(done.draft, newId, fields.new!), 'new');
  },
});

/**
 * The open questions with their hints, which of them to take away (`gone.` and its id), and `new`: the words of one to add,
 * which gets the id.
 */
export const commentsPart = (newId: string): Part => ({
  fields: ({ content }) => ({
    ...texts(content, under(content, 'comment')),
    ...Object.fromEntries((content.comments ?? []).map(({ id }) => [`gone.${id}`, ''])),
    new: '',
  }),
  write: (draft, fields) => {
    const done = written(draft, (content, faults) => {
      const kept = (content.comments ?? []).filter(({ id }) => fields[`gone.${id}`] !== 'yes');
      if (kept.length > 0) content.comments = kept;
      else delete content.comments;
      writeTexts(content, under(content, 'comment'), fields, faults);
    });
    if (!done.ok || line(fields.new ?? '') === '') return done;
    return asWritten(addOpenQuestion(done.draft, newId, fields.new!), 'new', 'two');
  },
});
