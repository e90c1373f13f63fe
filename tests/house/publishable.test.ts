import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** A cast to figures that may leave the server: by name, or of anything to anything on the way to them. */
const cast =
  /\bas\s+(unknown\s+as\s+)?((\w+\.)?(Publishable|Derived)\b|Figures\b)|<(\w+\.)?Publishable<[^>]*>>\s*\(/;

test('a cast to publishable figures is seen', () => {
  for (const line of [
    'return counts as Publishable<Release>;',
    'x as unknown as Disclosure.Publishable<number>',
    'JSON.parse(bytes) as Figures',
  ])
    expect(line).toMatch(cast);
  expect('function result(release: Publishable<Release>): Publishable<NodeResult>').not.toMatch(cast);
});

test('only the disclosure rules make figures publishable', () => {
  const files = globSync('src/**/*.{ts,svelte}').filter((file) => !file.endsWith('.test.ts'));
  const casting = files.filter((file) => cast.test(readFileSync(file, 'utf8')));
  expect(files.length).toBeGreaterThan(10);
  expect(casting).toEqual(['src/lib/domain/disclosure.ts']);
});
