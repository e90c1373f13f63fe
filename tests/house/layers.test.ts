import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

type Layer = { folder: string; may: RegExp; impure?: RegExp };
const packages = /^(?!#|\.|\$|node:)/;
const named = (...names: string[]) => `^#(${names.join('|')})(/|$)`;
const anyOf = (...patterns: (string | RegExp)[]) =>
  new RegExp(patterns.map((one) => `(?:${one instanceof RegExp ? one.source : one})`).join('|'));

const layers: Layer[] = [
  {
    folder: 'src/lib/domain',
    may: anyOf(named('domain'), '^highs$', '^\\./[a-z-]+\\.json$'),
    impure: /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\.|\bfetch\(/,
  },
  { folder: 'src/lib/server', may: anyOf(named('domain', 'server', 'messages'), packages, '^node:') },
  { folder: 'src/lib/ui', may: anyOf(named('domain', 'ui', 'messages'), packages) },
  { folder: 'src/answer', may: anyOf(named('domain'), '^\\./') },
  { folder: 'src/witness', may: anyOf(named('domain'), '^\\./') },
  {
    folder: 'src/routes',
    may: anyOf(named('domain', 'server', 'ui', 'messages'), packages, '^\\./', '^\\$app/', '^node:'),
  },
  {
    folder: 'src/commands',
    may: anyOf(named('domain', 'server', 'ui', 'messages'), packages, '^\\./', '^node:'),
  },
];

const imports =
  /(?:^|[;\s])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[;\s])import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
const withoutComments = (source: string) => source.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/[^\n]*/g, '$1');

/** Every way in which a file of this layer breaks the rule, as a person would say it. */
function faults(layer: Layer, file: string, source: string): string[] {
  const code = withoutComments(source);
  const wrong = [...code.matchAll(imports)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((name) => !layer.may.test(name) && !isOwnFolder(layer, file, name))
    .map((name) => `${file} imports ${name}`);
  const impure = layer.impure && code.match(new RegExp(layer.impure, 'g'));
  return [...wrong, ...(impure ?? []).map((found) => `${file} is not pure: ${found}`)];
}

/** A route may reach up to a page above it; a layer never leaves its own folder by a relative path. */
function isOwnFolder(layer: Layer, file: string, name: string) {
  if (layer.folder !== 'src/routes' || !name.startsWith('../')) return false;
  return path.posix.join(path.posix.dirname(file), name).startsWith('src/routes/');
}

const sourcesIn = (folder: string) =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js|svelte)$/.test(name) && !/\.test\.ts$|\.tmp\./.test(name))
    .map((name) => path.posix.join(folder, name));

test.each(layers)('$folder imports what it may, by name', (layer) => {
  const files = sourcesIn(layer.folder);
  expect(files.length).toBeGreaterThan(0);
  expect(
    files.flatMap((file) => faults(layer, file, fs.readFileSync(path.join(root, file), 'utf8'))),
  ).toEqual([]);
});

test.each([
  ['src/lib/domain', `import { db } from '#server/db.ts';`],
  ['src/lib/domain', `import fs from 'node:fs';`],
  ['src/lib/domain', `import { eq } from 'drizzle-orm';`],
  ['src/lib/domain', `export * from './round.ts';`],
  ['src/lib/domain', `const late = await import('#ui/Shell.svelte');`],
  ['src/lib/domain', `const at = new Date();`],
  ['src/lib/domain', `const at = Date.now();`],
  ['src/lib/domain', `const luck = Math.random();`],
  ['src/lib/server', `import Shell from '#ui/Shell.svelte';`],
  ['src/lib/server', `import { form } from '../domain/group.ts';`],
  ['src/lib/ui', `import { db } from '#server/db.ts';`],
  ['src/lib/ui', `import type { Main } from '#server/db.ts';`],
  ['src/answer', `import '#messages';`],
  ['src/answer', `import { z } from 'zod';`],
  ['src/witness', `import '#server/db.ts';`],
  ['src/routes', `import { db } from '../../lib/server/db.ts';`],
  ['src/routes', `import { db } from '$lib/server/db.ts';`],
  ['src/commands', `import { db } from '../lib/server/db.ts';`],
])('in %s, %s is found', (folder, source) => {
  const layer = layers.find((one) => one.folder === folder)!;
  expect(faults(layer, `${folder}/planted.ts`, `// first\n${source}\n`)).toHaveLength(1);
});

test('what a comment says is no fault', () => {
  expect(faults(layers[0]!, 'x.ts', `/** never new Date() */\n// import fs from 'node:fs'\n`)).toEqual([]);
});
