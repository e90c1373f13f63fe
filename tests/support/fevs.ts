import { readFileSync } from 'node:fs';
import * as csv from '#domain/csv.ts';
import { parse } from '#domain/questionnaire-faults.ts';
import { type Questionnaire, type Text } from '#domain/questionnaire.ts';

/**
 * Item banks in the form of the US Federal Employee Viewpoint Survey: item,text,index,sub_index,response_type, with
 * answers 1 to 5 in a file of one column per item. The files are not ours to publish: they are named when trying.
 */
const scales: Record<string, string[]> = {
  'Agree-disagree': ['Strongly disagree', 'Disagree', 'Neither', 'Agree', 'Strongly agree'],
  'Always-never': ['Never', 'Rarely', 'Sometimes', 'Most of the time', 'Always'],
  'Good-poor': ['Very poor', 'Poor', 'Fair', 'Good', 'Very good'],
  'Satisfied-dissatisfied': ['Very dissatisfied', 'Dissatisfied', 'Neither', 'Satisfied', 'Very satisfied'],
};

const same = (english: string): Text => ({ nb: english, en: english });
const idOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

function table(path: string): Record<string, string>[] {
  const read = csv.read(readFileSync(path));
  if (!read.ok) throw new Error(`${path}: ${read.refusal} on line ${read.line}`);
  return read.rows.map(({ cells }) =>
    Object.fromEntries(read.columns.map((name, i) => [name, cells[i] ?? ''])),
  );
}

const column = (row: Record<string, string>, name: string): string => {
  const cell = row[name];
  if (!cell) throw new Error(`an item has no ${name}`);
  return cell;
};

/** A factor per sub-index, asked in themes of at most five statements, which keep their item numbers as ids. */
export function questionnaireFrom(itemsPath: string): Questionnaire {
  const items = table(itemsPath);
  const factors = [...Map.groupBy(items, (item) => column(item, 'sub_index'))];
  const draft = {
    format: 'medvirk-questionnaire/1',
    key: 'fevs',
    version: 1,
    kind: 'employee',
    title: same('Federal Employee Viewpoint Survey'),
    languages: ['nb', 'en'],
    minutes: Math.ceil(items.length / 6),
    scales: [...new Set(items.map((item) => column(item, 'response_type')))].map((type) => {
      const words = scales[type];
      if (!words) throw new Error(`no words for answers of the type ${type}`);
      return { id: idOf(type), points: words.map((word, i) => ({ value: i + 1, text: same(word) })) };
    }),
    themes: factors.flatMap(([name, asked]) =>
      Array.from({ length: Math.ceil(asked.length / 5) }, (_, page) => ({
        id: page === 0 ? idOf(name) : `${idOf(name)}-${page + 1}`,
        title: same(page === 0 ? name : `${name} (${page + 1})`),
        statements: asked.slice(page * 5, page * 5 + 5).map((item) => ({
          id: column(item, 'item'),
          text: same(column(item, 'text')),
          scale: idOf(column(item, 'response_type')),
        })),
      })),
    ),
    factors: factors.map(([name, asked]) => ({
      id: idOf(name),
      title: same(name),
      statements: asked.map((item) => column(item, 'item')),
    })),
  };
  const parsed = parse(draft);
  if (!parsed.ok) throw new Error(`${itemsPath}: ${JSON.stringify(parsed.faults)}`);
  return parsed.questionnaire;
}
