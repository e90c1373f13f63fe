import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// start.js beside sources of one file, and a build that copies it.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk build-'));
const at = (...parts: string[]) => path.join(folder, ...parts);

beforeAll(() => {
  fs.copyFileSync(path.resolve(import.meta.dirname, '../../start.js'), at('start.js'));
  for (const name of ['src', 'messages', 'static', 'project.inlang']) fs.mkdirSync(at(name));
  fs.writeFileSync(at('project.inlang/settings.json'), '{}');
  const make = 'mkdir -p build/.making && cp src/words build/.making/handler.js && echo made >> made';
  fs.writeFileSync(at('package.json'), JSON.stringify({ type: 'module', scripts: { make } }));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Makes ready from these sources; gives the folder of the build. */
function ready(words: string): string {
  fs.writeFileSync(at('src/words'), words);
  const done = spawnSync(process.execPath, ['start.js', 'ready'], { cwd: folder, encoding: 'utf8' });
  expect(done.status, done.stderr).toBe(0);
  expect(fs.readFileSync(at('build/current/handler.js'), 'utf8')).toBe(words);
  return fs.realpathSync(at('build/current'));
}
const times = () => fs.readFileSync(at('made'), 'utf8').split('\n').length - 1;

test('a build has its own folder and outlives the next one', () => {
  const first = ready('one');
  expect(path.basename(first)).toMatch(/^[0-9a-f]{12}$/);
  expect(ready('one')).toBe(first);
  expect(times()).toBe(1);

  const second = ready('two');
  expect(second).not.toBe(first);
  expect(fs.readFileSync(path.join(first, 'handler.js'), 'utf8')).toBe('one');

  expect(ready('one')).toBe(first);
  const third = ready('three');
  expect(fs.readdirSync(at('build')).sort()).toEqual(
    [path.basename(first), path.basename(third), 'current'].sort(),
  );
});

test('who was killed while building holds nobody up', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  fs.writeFileSync(at('build/.turn'), String(pid));
  ready('killed');
});

test('those that begin at once build one after the other, and only once', async () => {
  const before = times();
  fs.writeFileSync(at('src/words'), 'four');
  const starts = [1, 2, 3].map(() => spawn(process.execPath, ['start.js', 'ready'], { cwd: folder }));
  const ends = starts.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  expect(await Promise.all(ends)).toEqual([0, 0, 0]);
  expect(times()).toBe(before + 1);
  expect(fs.readFileSync(at('build/current/handler.js'), 'utf8')).toBe('four');
  expect(fs.readdirSync(at('build')).filter((name) => name.startsWith('.'))).toEqual([]);
});
