import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const read = (file: string) => readFileSync(file, 'utf8');

describe('packages', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, object>;
  const declared = [...Object.keys(dependencies!), ...Object.keys(devDependencies!)].sort();

  test('each has its reason in docs/dependencies.md, and no other has one', () => {
    const rows = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` +\| *\S.{20,}\|$/gm)];
    expect(rows.map(([, name]) => name).sort()).toEqual(declared);
  });

  test('each that a file imports is declared, and not there only by way of another', () => {
    const files = globSync(['src/**/*.{ts,svelte}', 'tests/**/*.ts', 'drizzle/*.ts', '*.{js,ts}'], {
      exclude: ['src/lib/paraglide/**'],
    });
    const from = /(?:\bfrom |\bimport\(|^import )'(@[\w.-]+\/[\w.-]+|[a-z][\w.-]*)(?:\/[^']*)?'/gm;
    const imported = files.flatMap((file) => [...read(file).matchAll(from)].map(([, name]) => name!));
    expect(imported).toEqual(expect.arrayContaining(['vitest', 'svelte', 'postgres', '@sveltejs/kit']));
    expect(imported.filter((name) => !declared.includes(name))).toEqual([]);
  });
});

/** A heading's anchor, as GitHub makes it. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const code = /^```[\s\S]*?^```$|`[^`\n]*`/gm;

/** The links of a page to files of ours that lead nowhere: no such file, or no such heading in it. */
function dead(page: string, text: string): string[] {
  const found = text.replace(code, '').matchAll(/\]\(([^)\s]+)\)|\bsrc="([^"]+)"|\bhref="([^"]+)"/g);
  const links = [...found].map(([, ...at]) => at.find((one) => one !== undefined)!);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file, heading] = link.split('#') as [string, string?];
    const target = file && path.join(path.dirname(page), file);
    if (target && !existsSync(target)) return true;
    if (!heading) return false;
    const body = target ? read(target) : text;
    const anchors = [...body.matchAll(/^#+ (.+)$/gm)].map(([, words]) => anchor(words!));
    return !anchors.includes(heading);
  });
}

describe('links', () => {
  test('one that leads nowhere is seen', () => {
    const page =
      '# Om å svare\n[a](README.md) [b](gone.md) [c](#om-å-svare) [d](#borte) `[e](code.md)` <img src="no.png" />';
    expect(dead('here.md', page)).toEqual(['gone.md', '#borte', 'no.png']);
  });

  const pages = ['README.md', ...globSync('docs/**/*.md')];
  test.each(pages)('%s leads everywhere it says', (page) => {
    expect(dead(page, read(page))).toEqual([]);
  });

  test('every page of docs can be found from the README, by way of the others', () => {
    const seen = new Set(['README.md']);
    for (const page of seen)
      for (const [, link] of read(page).matchAll(/\]\(([^)\s#]+\.md)[^)\s]*\)/g))
        if (!/^[a-z]+:/.test(link!)) seen.add(path.join(path.dirname(page), link!));
    expect(pages.filter((page) => !seen.has(page))).toEqual([]);
  });
});
