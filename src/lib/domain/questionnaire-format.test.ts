import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parse } from '#domain/questionnaire-faults.ts';
import { questionnaireFormat } from '#domain/questionnaire-format.ts';
import { own } from '#domain/questionnaires/own.ts';
import { faults } from '#domain/shape.ts';

const docs = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

test('the published schema is the one that the program checks against', () => {
  expect(JSON.parse(docs('questionnaire.schema.json'))).toEqual(questionnaireFormat);
});

test('the example in the documentation is a questionnaire', () => {
  const example = /```json\n([\s\S]+?)```/.exec(docs('questionnaire-format.md'))?.[1] ?? '';
  expect(parse(JSON.parse(example))).toMatchObject({ ok: true });
});

test('every pattern means the same with and without the u flag, which validators set differently', () => {
  const patterns = [...JSON.stringify(questionnaireFormat).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
    ([, found = '']) => JSON.parse(found) as string,
  );
  expect(patterns.length).toBeGreaterThan(2);
  fc.assert(
    fc.property(fc.constantFrom(...patterns), fc.string({ unit: 'grapheme' }), (pattern, words) => {
      expect(new RegExp(pattern).test(words)).toBe(new RegExp(pattern, 'u').test(words));
    }),
  );
});

test('another reader of JSON Schema agrees with ours on damaged files', () => {
  const other = z.fromJSONSchema(questionnaireFormat as never);
  const places: [object, string][] = [];
  const walk = (value: unknown, into: [object, string][]) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      into.push([value, key]);
      walk(inner, into);
    }
  };
  walk(own[0], places);
  const junk = fc.constantFrom<unknown>(
    null,
    '',
    ' x',
    'x',
    7,
    -1,
    0.5,
    true,
    [],
    ['nb', 'nb'],
    {},
    { nb: 'x' },
    'å'.repeat(501),
  );
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(places.length - 1), junk, fc.boolean(), fc.boolean(), (at, value, away, extra) => {
      const draft = structuredClone(own[0]);
      const found: [any, string][] = [];
      walk(draft, found);
      const [holder, key] = found[at] as [any, string];
      if (extra && !Array.isArray(holder)) holder.surplus = value;
      else if (away && !Array.isArray(holder)) delete holder[key];
      else holder[key] = value;
      const ours = faults(questionnaireFormat, draft).length === 0;
      if (!ours) refused++;
      expect(other.safeParse(draft).success, JSON.stringify([key, value, away, extra])).toBe(ours);
    }),
    { numRuns: 300 },
  );
  expect(refused).toBeGreaterThan(100);
});
