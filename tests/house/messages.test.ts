import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { answering, house } from '#domain/language.ts';

const root = path.resolve(import.meta.dirname, '../..');
type Texts = Record<string, unknown>;
const nouns = (language: string) =>
  fs
    .readdirSync(path.join(root, 'messages', language))
    .filter((name) => name.endsWith('.json'))
    .sort();
const texts = (language: string, noun: string): Texts =>
  JSON.parse(fs.readFileSync(path.join(root, 'messages', language, noun), 'utf8'));

const all = nouns('nb').flatMap((noun) => Object.keys(texts('nb', noun)).map((key) => ({ noun, key })));
/** The names between braces, wherever they stand in a text or its variants. */
const gaps = (text: unknown) => [...new Set(JSON.stringify(text)?.match(/\{\w+\}/g))].sort();

test('every language has the same texts, with the same gaps', () => {
  for (const language of house) {
    expect(nouns(language)).toEqual(nouns('nb'));
    for (const noun of nouns('nb')) {
      const own = texts(language, noun);
      expect(Object.keys(own).sort(), `${language}/${noun}`).toEqual(Object.keys(texts('nb', noun)).sort());
      for (const [key, text] of Object.entries(texts('nb', noun)))
        expect(gaps(own[key]), `${language}: ${key}`).toEqual(gaps(text));
    }
  }
});

/**
 * What is said on the answering pages: whoever writes for them builds on answer-parts.ts or names the type. A draft's
 * preview does too, and is read by HR.
 */
const onAnsweringPages = (): string[] => {
  const folder = path.join(root, 'src/lib/server');
  const writers = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.includes('.test.') && name !== 'draft-preview.ts')
    .map((name) => ({ name, text: fs.readFileSync(path.join(folder, name), 'utf8') }))
    .filter(({ name, text }) => name === 'answer-parts.ts' || /answer-parts\.ts|\bAnswering\b/.test(text));
  return [
    ...new Set(writers.flatMap(({ text }) => [...text.matchAll(/\bm\.([a-z]\w*_\w+)/g)].map(([, k]) => k!))),
  ];
};

test('what is said on the answering pages is said in every language of theirs, and nothing more', () => {
  const asked = onAnsweringPages();
  expect(asked).toContain('answer_begin');
  expect(asked).toContain('code_plain_title');
  for (const language of answering.filter((one) => !(house as readonly string[]).includes(one))) {
    const own = Object.assign({}, ...nouns(language).map((noun) => texts(language, noun))) as Texts;
    expect(Object.keys(own).sort(), language).toEqual(asked.toSorted());
    for (const noun of nouns(language))
      for (const [key, text] of Object.entries(texts(language, noun)))
        expect(gaps(text), `${language}: ${key}`).toEqual(gaps(texts('nb', noun)[key]));
  }
});

test('no text is empty, and none raises its voice', () => {
  for (const language of answering)
    for (const noun of nouns(language))
      for (const [key, text] of Object.entries(texts(language, noun))) {
        expect(JSON.stringify(text), key).not.toBe('""');
        // The greeting of a letter excepted.
        expect(JSON.stringify(text).replace(/"(Hei|Hello)!/, ''), key).not.toMatch(/[a-zæøå]!/);
      }
});

test('a key begins with its noun, and its file is read', () => {
  const settings = JSON.parse(fs.readFileSync(path.join(root, 'project.inlang/settings.json'), 'utf8'));
  const read = settings['plugin.inlang.messageFormat'].pathPattern as string[];
  expect(read.map((pattern) => path.basename(pattern)).sort()).toEqual(nouns('nb'));
  for (const { noun, key } of all)
    expect(key.startsWith(`${path.basename(noun, '.json').replaceAll('-', '_')}_`), key).toBe(true);
});

const sources = fs
  .readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(
    (name) => /\.(ts|svelte)$/.test(name) && !name.includes('paraglide') && !/\.test\.ts$|\.tmp\./.test(name),
  )
  .map((name) => fs.readFileSync(path.join(root, 'src', name), 'utf8'))
  .join('\n');
/** m['round_state_' + x] and m[`round_state_${x}`] use every key that begins so; a bare key in quotes counts too. */
const prefixes = [...sources.matchAll(/[`'"]([a-z]+(?:_[a-z0-9]+)*_)(?:\$\{|['"`]\s*\+)/g)].map(
  (found) => found[1]!,
);
const words = new Set(
  [...sources.matchAll(/\bm\.(\w+)|['"`](\w+)['"`]/g)].map((found) => found[1] ?? found[2]!),
);
const isUsed = (key: string) => words.has(key) || prefixes.some((start) => key.startsWith(start));

test('every text is used', () => {
  expect(all.map(({ key }) => key).filter((key) => !isUsed(key))).toEqual([]);
});

test('every text that is asked for exists', () => {
  const keys = new Set(all.map(({ key }) => key));
  const asked = [...sources.matchAll(/\bm\.([a-z]\w*)\b/g)].map((found) => found[1]!);
  expect(asked.length).toBeGreaterThan(0);
  expect([...new Set(asked)].filter((key) => key.includes('_') && !keys.has(key))).toEqual([]);
});

test('a text that nobody uses is noticed', () => {
  expect(isUsed('common_nobody_uses_this')).toBe(false);
  expect(isUsed(all[0]!.key)).toBe(true);
});
