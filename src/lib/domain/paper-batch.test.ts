import { describe, expect, it, test } from 'vitest';
import { boxes, faults, isUnused, type PaperForm } from '#domain/paper-batch.ts';
import { parse } from '#domain/questionnaire-faults.ts';
import { statements } from '#domain/questionnaire.ts';
import relative from '#domain/questionnaires/relative.json' with { type: 'json' };
import resident from '#domain/questionnaires/resident.json' with { type: 'json' };

const form = (code: string, answers = [3, 255], background = [0]): PaperForm => ({
  ...{ code, answers, background },
});

describe('faults', () => {
  const rows: [what: string, forms: PaperForm[], found: [number, string][]][] = [
    ['nothing', [form('7k2m-9xpq-4htr'), form('7k2m-9xpq-4hts')], []],
    [
      'no code',
      [form(''), form('7k2m')],
      [
        [0, 'code'],
        [1, 'code'],
      ],
    ],
    ['one code in two spellings', [form('7k2m-9xpq-4htr'), form('7K2M 9XPQ 4HTR')], [[1, 'twice']]],
    ['a form with no mark', [form('7k2m-9xpq-4htr', [255, 255])], [[0, 'empty']]],
    ['only a background mark is a mark', [form('7k2m-9xpq-4htr', [255, 255], [1])], []],
  ];
  it.each(rows)('finds %s', (_, forms, found) => {
    expect([...faults(forms)]).toEqual(found);
  });
});

test('a form is unused where nothing is typed', () => {
  expect(isUnused(form(' ', [255], [0]))).toBe(true);
  expect(isUnused(form('', [255], [1]))).toBe(false);
  expect(isUnused(form('7', [255], [0]))).toBe(false);
});

test('the boxes of a statement are its scale and what else it allows, with the marks of a ballot', () => {
  const marks = (json: unknown) => {
    const read = parse(json);
    if (!read.ok) throw new Error('no questionnaire');
    const [first] = statements(read.questionnaire);
    return boxes(read.questionnaire, first!).map(({ mark, text }) => [mark, text.nb]);
  };
  expect(marks(resident)).toEqual([
    [1, 'Nei'],
    [2, 'Det varierer'],
    [3, 'Ja'],
    [254, 'Vet ikke'],
  ]);
  expect(marks(relative).slice(0, 2)).toEqual([
    [1, 'Svært uenig'],
    [2, 'Uenig'],
  ]);
});
