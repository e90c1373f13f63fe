import { describe, expect, test } from 'vitest';
import { type Questionnaire, simplified, statements, text } from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';

const byKey = (key: string) => own.find((questionnaire) => questionnaire.key === key) as Questionnaire;
const languages = ['nb', 'nn', 'en'];
const negations: Record<string, RegExp> = {
  nb: /\b(ikke|aldri|ingen|ingenting|intet|uten|verken)\b/i,
  nn: /\b(ikkje|aldri|ingen|inga|inkje|ingenting|utan|verken)\b/i,
  en: /\b(not|never|no|none|nothing|without|neither|cannot)\b|n’t\b/i,
};
/** Bokmål's commonest words that nynorsk does not have. */
const bokmålOnly =
  /\b(jeg|ikke|hvordan|hva|hvem|hvor|noen|noe|en|et|egne|eget|fra|blir tatt|gjør|ser ut|leder\w*|oppgave\w*|mye|ønsker|selv|hverandre)\b/i;

test('one for each kind of survey, in three languages', () => {
  expect(own.map(({ key, kind }) => [key, kind])).toEqual(
    ['employee', 'extraordinary', 'leader', 'resident', 'relative'].map((kind) => [kind, kind]),
  );
  for (const questionnaire of own) expect(questionnaire.languages).toEqual(languages);
});

describe.each(own.map((questionnaire) => [questionnaire.key, questionnaire] as const))('%s', (_, whole) => {
  test.each(languages)('has no negation and at most 16 words in a statement: %s', (language) => {
    for (const statement of statements(whole)) {
      const words = text(statement.text, language);
      expect(words).not.toMatch(negations[language] as RegExp);
      expect(words.split(' ').length, words).toBeLessThanOrEqual(16);
      expect(words).toMatch(/\.$/);
    }
  });

  test('is nynorsk in nynorsk', () => {
    for (const statement of statements(whole)) expect(text(statement.text, 'nn')).not.toMatch(bokmålOnly);
  });

  test('asks nothing twice, and forces nobody', () => {
    for (const language of languages) {
      const asked = statements(whole).map((statement) => text(statement.text, language));
      expect(new Set(asked).size).toBe(asked.length);
    }
    expect(statements(whole).filter((statement) => statement.required)).toEqual([]);
  });

  test('counts every statement in one factor of at least three', () => {
    expect(whole.factors.flatMap((factor) => factor.statements).sort()).toEqual(
      statements(whole)
        .map(({ id }) => id)
        .sort(),
    );
    expect(Math.min(...whole.factors.map((factor) => factor.statements.length))).toBeGreaterThanOrEqual(3);
  });
});

test('residents have a simplified edition, of which every factor is counted', () => {
  const short = simplified(byKey('resident')).map(({ id }) => id);
  expect(short).toHaveLength(8);
  for (const factor of byKey('resident').factors)
    expect(factor.statements.filter((id) => short.includes(id)).length * 2).toBeGreaterThanOrEqual(
      factor.statements.length,
    );
  for (const other of own.filter(({ kind }) => kind !== 'resident')) expect(simplified(other)).toEqual([]);
});

test('the surveys of staff touch the four psychosocial factors of section 4-3', () => {
  for (const key of ['employee', 'extraordinary']) {
    const tags = new Set(statements(byKey(key)).flatMap((statement) => statement.tags ?? []));
    expect([...tags].sort(), key).toEqual(['demands', 'emotional', 'support', 'workload']);
  }
});

test('statements about leaders are marked, and stand in factors of their own', () => {
  const employee = byKey('employee');
  const about = (id: string) => statements(employee).find((statement) => statement.id === id)?.about;
  const kinds = employee.factors.map((factor) => [...new Set(factor.statements.map(about))]);
  expect(kinds.filter((kind) => kind.length > 1)).toEqual([]);
  expect(kinds.flat().filter(Boolean)).toEqual(['nearest-leader', 'nearest-leader', 'top-leadership']);
  for (const questionnaire of own)
    for (const statement of statements(questionnaire)) {
      if (/\bmy leader\b/i.test(statement.text.en ?? ''))
        expect(statement.about, statement.id).toBe('nearest-leader');
      if (/\btop management\b/i.test(statement.text.en ?? '')) expect(statement.about).toBe('top-leadership');
    }
});

test('residents get ten to twelve short statements with don’t know on each', () => {
  const asked = statements(byKey('resident'));
  expect(asked.length).toBeGreaterThanOrEqual(10);
  expect(asked.length).toBeLessThanOrEqual(12);
  expect(asked.every((statement) => statement.dontKnow)).toBe(true);
  expect(byKey('resident').scales[0]?.points.map((point) => point.text.nb)).toEqual([
    'Nei',
    'Det varierer',
    'Ja',
  ]);
  for (const statement of asked) expect(statement.text.nb.split(' ').length).toBeLessThanOrEqual(8);
});
