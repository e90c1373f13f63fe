import { describe, expect, test } from 'vitest';
import * as Draft from '#domain/draft.ts';
import { languagePart } from '#domain/draft-language.ts';
import {
  answerMove,
  commentsPart,
  factorsPart,
  scalePart,
  settingsPart,
  statementPart,
  themePart,
} from '#domain/draft-part.ts';
import { hintsAt, mark, progress, stale, standing, wanted, wordsOf } from '#domain/draft-review.ts';
import { parse } from '#domain/questionnaire-faults.ts';
import { canonical, factorOf, type Questionnaire, statements } from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';
import { readyFor, readyScales } from '#domain/ready-scale.ts';

const employee = own[0] as Questionnaire;
const resident = own[3] as Questionnaire;
const of = (content: Questionnaire): Draft.Draft => ({ content: structuredClone(content), reviews: {} });
const who = { by: 'somebody', at: new Date('2027-01-04T08:00:00Z') };
const first = statements(employee)[0]!;

function must(done: Draft.Listed | ReturnType<(typeof settingsPart)['write']>): Draft.Draft {
  if (!done.ok) throw new Error(JSON.stringify(done));
  return done.draft;
}
const ids = (draft: Draft.Draft) => statements(draft.content).map(({ id }) => id);

test.each(own.map((one) => [one.key, one] as const))(
  '%s comes through every form unchanged',
  (_, content) => {
    let draft = of(content);
    const parts = [
      ...content.themes.map(({ id }) => themePart(id, 'new')),
      ...[settingsPart, factorsPart('new'), languagePart('nb'), languagePart('en')],
      ...statements(content).map(({ id }) => statementPart(id)),
      ...content.scales.map(({ id }) => scalePart(id)),
    ];
    for (const part of parts) draft = must(part.write(draft, part.fields(draft)!, who));
    expect(canonical(draft.content)).toBe(canonical(content));
    expect(draft.reviews).toEqual({});
  },
);

test('a scale ready made has words on every point and can be used as it is', () => {
  const content = { ...structuredClone(employee), scales: readyScales };
  expect(parse(content)).toMatchObject({ ok: true });
  expect(readyScales.map(({ points }) => points.length)).toEqual([5, 5, 3, 11]);
});

test('from nothing to a questionnaire', () => {
  let draft = Draft.empty('night', 'employee', 'Nattvakter');
  expect(parse(draft.content)).toMatchObject({ ok: false });
  draft = must(Draft.addTheme(draft, 't1', ' Hvile\n '));
  draft = must(Draft.addStatement(draft, 't1', 's1', 'Jeg sover godt.'));
  draft = must(Draft.addFactor(draft, 'f1', 'Hvile'));
  const fields = statementPart('s1').fields(draft)!;
  draft = must(statementPart('s1').write(draft, { ...fields, factor: 'f1', dontKnow: 'yes' }, who));
  const made = parse(draft.content);
  expect(made).toMatchObject({ ok: true });
  expect(factorOf(draft.content, 's1')?.id).toBe('f1');
  expect(draft.content.themes[0]?.title.nb).toBe('Hvile');
});

describe('lists', () => {
  test('a theme holds five statements, and is taken away only when it is empty', () => {
    let draft = must(Draft.addTheme(of(employee), 't1', 'Nytt'));
    for (const i of [1, 2, 3, 4, 5]) draft = must(Draft.addStatement(draft, 't1', `s${i}`, 'Ord.'));
    expect(Draft.addStatement(draft, 't1', 's6', 'Ord.')).toEqual({ ok: false, refusal: 'full' });
    expect(Draft.removeTheme(draft, 't1')).toEqual({ ok: false, refusal: 'not-empty' });
    for (const i of [1, 2, 3, 4, 5]) draft = must(Draft.removeStatement(draft, `s${i}`));
    expect(must(Draft.removeTheme(draft, 't1')).content).toEqual(employee);
  });

  test('a statement moves within its theme and to another, and keeps its factor', () => {
    const draft = must(Draft.moveStatement(of(employee), first.id, 1));
    expect(ids(draft).indexOf(first.id)).toBe(1);
    expect(ids(must(Draft.moveStatement(draft, ids(draft)[0]!, -1)))).toEqual(ids(draft));
    const fields = statementPart(first.id).fields(draft)!;
    const last = employee.themes.at(-1)!;
    const there = statementPart(first.id).write(draft, { ...fields, theme: last.id }, who);
    expect(ids(must(there)).at(-1)).toBe(first.id);
    expect(factorOf(must(there).content, first.id)?.id).toBe(factorOf(employee, first.id)?.id);
  });

  test('a scale that is used stays', () => {
    expect(Draft.removeScale(of(employee), 'agreement')).toEqual({ ok: false, refusal: 'used' });
    const two = must(Draft.addReadyScale(of(employee), 'agreement', 'other'));
    expect(two.content.scales.map(({ id }) => id)).toEqual(['agreement', 'other']);
    expect(must(Draft.removeScale(two, 'other')).content).toEqual(employee);
  });

  test.each(['', '  \n', 'x'.repeat(501)])('a theme is not called %j', (title) => {
    expect(Draft.addTheme(of(employee), 't', title).ok).toBe(false);
  });
});

describe('what a statement’s form refuses', () => {
  const part = statementPart(first.id);
  const draft = must(Draft.addReadyScale(of(employee), 'yes-no', 'x'));
  const fields = part.fields(draft)!;
  const text = `statement.${first.id}`;
  test.each([
    [{ [`${text}.nb`]: ' ' }, { [`${text}.nb`]: 'no-text' }],
    [{ [`${text}.en`]: 'x'.repeat(501) }, { [`${text}.en`]: 'long' }],
    [{ scale: 'nothing' }, { scale: 'scale' }],
    [{ scale: 'yes-no' }, { factor: 'mixed' }],
    [{ scale: 'yes-no', factor: '', notRelevant: 'yes' }, { notRelevant: 'no-words' }],
    [{ theme: 'nowhere' }, { theme: 'scale' }],
  ])('%j', (typed, faults) => {
    expect(part.write(draft, { ...fields, ...(typed as Record<string, string>) }, who)).toEqual({
      ok: false,
      faults,
    });
  });

  test('what an answer’s words are used for is not emptied', () => {
    const used = must(part.write(draft, { ...fields, dontKnow: 'yes' }, who));
    const scale = scalePart('agreement');
    const none = Object.fromEntries(['nb', 'nn', 'en'].map((one) => [`scale.agreement.dontKnow.${one}`, '']));
    const written = scale.write(used, { ...scale.fields(used)!, ...none }, who);
    expect(written).toEqual({ ok: false, faults: { 'scale.agreement.dontKnow.nb': 'used' } });
  });

  test('one that another took out comes back where it is put', () => {
    const gone = must(Draft.removeStatement(draft, first.id));
    expect(part.fields(gone)).toBeNull();
    expect(must(part.write(gone, fields, who)).content.themes[0]!.statements.at(-1)).toEqual(first);
  });
});

describe('required', () => {
  test('of all but what is sensitive, also of what is added later', () => {
    const part = statementPart(first.id);
    const fields = part.fields(of(employee))!;
    let draft = must(part.write(of(employee), { ...fields, sensitive: 'yes' }, who));
    draft = must(settingsPart.write(draft, { ...settingsPart.fields(draft)!, required: 'all' }, who));
    draft = must(Draft.addTheme(draft, 't', 'Nytt'));
    draft = must(Draft.addStatement(draft, 't', 's', 'Ord.'));
    expect(
      statements(draft.content)
        .filter(({ required }) => !required)
        .map(({ id }) => id),
    ).toEqual([first.id]);
    expect(Draft.requiredOf(draft.content)).toBe('all');
  });

  test('never of residents', () => {
    const draft = of(resident);
    const all = must(settingsPart.write(draft, { ...settingsPart.fields(draft)!, required: 'all' }, who));
    expect(all.content).toEqual(resident);
  });
});

test('languages and review: used before, read by somebody, and only as long as the words are the same', () => {
  const before = wordsOf(employee);
  const draft = of(employee);
  const slot = wanted(draft.content).find(({ place }) => place === `statement.${first.id}`)!;
  const at = (language: string) => standing(draft, before, slot, language);
  expect(at('nn')).toBe('used');
  Draft.setWords(slot, 'nn', 'Noko anna.');
  expect([at('nn'), at('nb'), at('se')]).toEqual(['draft', 'used', 'missing']);
  mark(draft, [slot], 'nn', true, who);
  expect(at('nn')).toBe('read');
  expect(progress(draft, before, 'nn')).toMatchObject({ read: 1, draft: 0, missing: 0 });
  Draft.setWords(slot, 'nb', 'Noe annet.');
  expect([at('nn'), at('en'), at('nb')]).toEqual(['draft', 'draft', 'draft']);
  expect(stale(draft.content, before, slot)).toEqual(['en']);
  Draft.setWords(slot, 'nb', first.text.nb);
  expect([at('nn'), at('en')]).toEqual(['read', 'used']);
  expect(stale(draft.content, before, slot)).toEqual([]);
  Draft.setWords(slot, 'nn', 'Noko heilt anna.');
  expect(at('nn')).toBe('draft');
  expect(hintsAt({ ...draft.content, languages: ['nb', 'nn', 'se'] }, slot)).toEqual({
    hints: [],
    missing: ['se'],
  });
});

test('a text in a language that is not listed is kept, and a language that is taken away keeps its texts', () => {
  const draft = of(employee);
  const only = { ...settingsPart.fields(draft)!, languages: 'nb' };
  const next = must(settingsPart.write(draft, only, who));
  expect(next.content.languages).toEqual(['nb']);
  expect(statements(next.content)[0]?.text.nn).toBe(first.text.nn);
  const part = statementPart(first.id);
  const again = must(part.write(next, part.fields(next)!, who));
  expect(statements(again.content)[0]?.text.nn).toBe(first.text.nn);
});

test('the factors’ form adds, takes away, and counts no statements together that have other numbers', () => {
  const part = factorsPart('f-new');
  const draft = must(Draft.addReadyScale(of(employee), 'yes-no', 'x'));
  const [own, other] = employee.factors;
  const fields = part.fields(draft)!;
  const next = must(part.write(draft, { ...fields, [`gone.${own!.id}`]: 'yes', new: ' Ny ' }, who));
  expect(next.content.factors.map(({ id }) => id)).toEqual([
    ...employee.factors.slice(1).map(({ id }) => id),
    'f-new',
  ]);
  expect(factorOf(next.content, own!.statements[0]!)).toBeNull();
  const [free] = own!.statements;
  const form = statementPart(free!);
  const apart = must(form.write(next, { ...form.fields(next)!, scale: 'yes-no' }, who));
  const mixed = part.write(apart, { ...part.fields(apart)!, [`of.${free}`]: other!.id }, who);
  expect(mixed.ok ? {} : mixed.faults).toMatchObject({ [`of.${free}`]: 'mixed' });
});

test('a theme’s form adds a statement, and says when there is no room', () => {
  const part = themePart(employee.themes[0]!.id, 's-new');
  let draft = of(employee);
  const write = (words: string) => part.write(draft, { ...part.fields(draft)!, new: words }, who);
  draft = must(write('Jeg får nok søvn.'));
  expect(employee.themes[0]!.statements.length + 1).toBe(draft.content.themes[0]!.statements.length);
  while (draft.content.themes[0]!.statements.length < 5) draft = must(write('En til.'));
  expect(write('En for mye.')).toEqual({ ok: false, faults: { new: 'full' } });
});

test('the open questions’ form adds up to two, with a hint or without, and takes away', () => {
  const part = commentsPart('c-new');
  const once = must(
    part.write(of(employee), { ...part.fields(of(employee))!, new: ' Hva savner du? ' }, who),
  );
  expect(once.content.comments).toEqual([{ id: 'c-new', text: { nb: 'Hva savner du?' } }]);
  const hinted = { ...part.fields(once)!, 'comment.c-new.hint.nb': 'Kort.' };
  expect(must(part.write(once, hinted, who)).content.comments![0]!.hint).toEqual({ nb: 'Kort.' });
  const other = commentsPart('c-other');
  const twice = must(other.write(once, { ...other.fields(once)!, new: 'Hva er bra?' }, who));
  const third = commentsPart('c-third');
  expect(third.write(twice, { ...third.fields(twice)!, new: 'Mer?' }, who)).toEqual({
    ok: false,
    faults: { new: 'two' },
  });
  const instead = { ...third.fields(twice)!, 'gone.c-new': 'yes', new: 'Mer?' };
  expect(must(third.write(twice, instead, who)).content.comments!.map(({ id }) => id)).toEqual([
    ...['c-other', 'c-third'],
  ]);
  const none = must(part.write(once, { ...part.fields(once)!, 'gone.c-new': 'yes' }, who));
  expect(none.content).toEqual(employee);
});

test('residents choose among four answers at most: other scales are not offered, nor let in', () => {
  const draft = of(resident);
  expect(readyFor(resident).map(({ id }) => id)).toEqual(['yes-no']);
  expect(Draft.addReadyScale(draft, 'zero-to-ten', 'new')).toEqual({ ok: false, refusal: 'gone' });
  const wide = structuredClone(resident);
  const points = Array.from({ length: 4 }, (_, i) => ({ value: i + 1, text: { nb: 'a', nn: 'b', en: 'c' } }));
  wide.scales.push({ id: 'four', points });
  expect(parse(wide).ok).toBe(true);
  points.push({ ...points[3]!, value: 5 });
  expect(parse(wide)).toEqual({
    ok: false,
    faults: [{ path: 'scales[1].points', fault: 'resident-points' }],
  });
  expect(parse({ ...wide, kind: 'relative' })).not.toMatchObject({ faults: [{ fault: 'resident-points' }] });
});

test('residents’ statements are of the simplified edition or not, others’ stay as they are', () => {
  const [one] = statements(resident);
  const part = statementPart(one!.id);
  const fields = part.fields(of(resident))!;
  const changed = must(part.write(of(resident), { ...fields, simple: one!.simple ? '' : 'yes' }, who));
  expect(Boolean(statements(changed.content)[0]!.simple)).toBe(!one!.simple);
  expect(statementPart(first.id).fields(of(employee))).not.toHaveProperty('simple');
});

test('which factors’ trends break: other words, or other statements', () => {
  const after = of(employee);
  const slot = Draft.slots(after.content).find(({ place }) => place === `statement.${first.id}`)!;
  Draft.setWords(slot, 'nb', 'Helt andre ord.');
  const [own, other] = employee.factors;
  expect(Draft.brokenFactors(employee, after.content).map(({ id }) => id)).toEqual([own!.id]);
  const less = must(Draft.removeStatement(of(employee), other!.statements[0]!));
  expect(Draft.brokenFactors(employee, less.content).map(({ id }) => id)).toEqual([other!.id]);
  expect(Draft.brokenFactors(employee, employee)).toEqual([]);
});

test.each<[points: number, lowest: number, faults: string[]]>([
  [2, 0, []],
  [2, 1, []],
  [10, 1, []],
  [11, 0, []],
  [11, 1, ['lowest']],
  [5, 2, ['lowest']],
  [5, NaN, ['lowest']],
  [1, 1, ['points']],
  [2.5, 1, ['points']],
  [NaN, 1, ['points']],
  [12, 0, ['points', 'lowest']],
])('a scale of %d points from %d: %j', (points, lowest, faults) => {
  expect(Draft.scaleFaults(points, lowest, 11)).toEqual(faults);
  if (faults.length > 0) return;
  const { content } = must(Draft.addScale(of(employee), 'own', points, { lowest }));
  const values = Draft.scaleBy(content, 'own')!.points.map(({ value }) => value);
  expect(values).toEqual(Array.from({ length: points }, (_, i) => lowest + i));
});

describe('a list of named answers', () => {
  const words = (draft: Draft.Draft) =>
    Draft.scaleBy(draft.content, 'places')!.points.map(({ value, text }) => `${value} ${text.nb}`);
  const write = (draft: Draft.Draft, fields: Record<string, string>) =>
    scalePart('places').write(draft, { ...scalePart('places').fields(draft)!, ...fields }, who);
  const listed = (count = 3) => {
    const draft = must(Draft.addScale(of(employee), 'places', count, { choose: 'several' }));
    const typed = Draft.scaleBy(draft.content, 'places')!.points.map(
      ({ value }) => [`scale.places.${value}.nb`, `Sted ${value}`] as const,
    );
    return must(write(draft, Object.fromEntries(typed)));
  };

  test('is made, written, and changed by taking away and adding', () => {
    expect(words(listed())).toEqual(['1 Sted 1', '2 Sted 2', '3 Sted 3']);
    const draft = must(write(listed(), { 'gone.2': 'yes', new: ' Gangen ' }));
    expect(words(draft)).toEqual(['1 Sted 1', '3 Sted 3', '4 Gangen']);
    expect(words(must(write(listed(11), { 'gone.4': 'yes', new: 'Gangen' })))[4]).toBe('4 Gangen');
    expect(words(must(write(listed(2), { 'gone.1': 'yes', new: 'Gangen' })))).toEqual([
      '2 Sted 2',
      '3 Gangen',
    ]);
  });

  test('is put in another order, with what else was typed', () => {
    const third = answerMove(3, 'Sted 3', -1);
    const draft = must(write(listed(), { move: third, 'scale.places.3.nb': 'Gangen' }));
    expect(words(draft)).toEqual(['1 Sted 1', '2 Gangen', '3 Sted 2']);
    expect(words(must(write(draft, { move: answerMove(1, 'Sted 1', 1) })))[0]).toBe('1 Gangen');
    const end = [answerMove(1, 'Sted 1', -1), answerMove(3, 'Sted 3', 1), 'up', 'up 9 Sted 9', ''];
    for (const move of end) expect(must(write(listed(), { move }))).toEqual(listed());
  });

  test('moves once, when one presses twice', () => {
    const once = must(write(listed(), { move: answerMove(3, 'Sted 3', -1) }));
    expect(must(write(once, { move: answerMove(3, 'Sted 3', -1) }))).toEqual(once);
  });

  test.each<[string, number, Record<string, string>, Record<string, string>]>([
    ['fewer than two', 2, { 'gone.1': 'yes' }, { 'gone.1': 'answers' }],
    ['more than eleven', 11, { new: 'Gangen' }, { new: 'answers' }],
    ['too long', 3, { new: 'a'.repeat(501) }, { new: 'long' }],
    ['without words', 3, { 'scale.places.2.nb': ' ' }, { 'scale.places.2.nb': 'no-text' }],
  ])('is not %s', (_, count, fields, faults) =>
    expect(write(listed(count), fields)).toEqual({ ok: false, faults }),
  );

  test('answers a question outside every factor, and the next statement begins on a scale', () => {
    const { id, scale: before } = first;
    const draft = listed();
    const part = statementPart(id);
    const fields = { ...part.fields(draft)!, scale: 'places', dontKnow: '', notRelevant: '' };
    expect(part.write(draft, fields, who)).toEqual({ ok: false, faults: { factor: 'named' } });
    const asked = must(part.write(draft, { ...fields, factor: '' }, who));
    expect(Draft.statementBy(asked.content, id)?.scale).toBe('places');
    const all = factorsPart('new');
    const factor = employee.factors[0]!.id;
    expect(all.write(asked, { ...all.fields(asked)!, [`of.${id}`]: factor }, who)).toMatchObject({
      faults: { [`of.${id}`]: 'named' },
    });
    let alone = must(Draft.addTheme(asked, 'other', 'Annet'));
    alone = must(Draft.addStatement(alone, 'other', 'a', 'Jeg trives.'));
    alone = must(
      statementPart('a').write(
        alone,
        { ...statementPart('a').fields(alone)!, scale: 'places', dontKnow: '', notRelevant: '' },
        who,
      ),
    );
    alone = must(Draft.addStatement(alone, 'other', 'b', 'Jeg blir hørt.'));
    expect(Draft.statementBy(alone.content, 'b')?.scale).toBe(before);
  });
});
