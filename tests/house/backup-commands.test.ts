import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectMain } from '#server/db.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { person } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { storeRelease } from '#tests/support/stored.ts';
import { town } from '#tests/support/town.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk-backup-'));
const at = (name: string) => path.join(folder, name);

let t: TestDatabases;
let there: TestDatabases;
beforeAll(async () => {
  [t, there] = await Promise.all([testDatabases(), testDatabases()]);
  await town(t.main);
  await questionnaires.shipOwn(t.main, new Date());
  await storeRelease(t.main, 'abcdefgh', 'employee', new Date());
});
afterAll(async () => {
  await Promise.all([t.stop(), there.stop()]);
  fs.rmSync(folder, { recursive: true });
});

const medvirk = (of: TestDatabases, words: string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/medvirk.ts', ...words], {
    cwd: root,
    input,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATABASE_URL: of.mainUrl,
      BOX_DATABASE_URL: of.boxUrl,
    },
  });
  return { status, stdout, stderr };
};

it(
  'takes a copy with the public half, and puts it back when the house is named',
  { timeout: 300_000 },
  async () => {
    expect(medvirk(t, ['backup', 'key', '--out', at('key')])).toMatchObject({ status: 0 });
    expect(medvirk(t, ['backup'])).toMatchObject({ status: 2 });
    const backup = (...words: string[]) =>
      medvirk(t, ['backup', '--out', folder, '--key', at('key.public'), ...words]);
    const taken = backup('--json');
    expect(taken).toMatchObject({ status: 0, stderr: '' });
    const { main, box } = JSON.parse(taken.stdout) as { main: string; box: string | null };
    expect(box).toBeNull();
    expect(fs.readdirSync(folder).toSorted()).toEqual(['key', 'key.public', path.basename(main)]);

    const restore = (words: string[], input = '') =>
      medvirk(there, ['restore', main, '--key', at('key'), ...words], input);
    const unnamed = restore([], 'Nabokommunen\n');
    expect(unnamed).toMatchObject({ status: 1, stdout: '' });
    expect(unnamed.stderr).toContain('Kopien er av hoveddatabasen til Testvik');
    expect(unnamed.stderr).toContain('Databasen er tom.');
    expect(unnamed.stderr).toContain('Navnet stemte ikke. Ingenting er gjort.');
    expect(restore([], 'Testvik\n')).toMatchObject({
      status: 0,
      stdout: 'Hoveddatabasen er gjenopprettet.\n',
    });
    expect(restore(['--yes'])).toMatchObject({ status: 1 });
    const again = restore(['--yes', '--replace', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ restored: 'main', rounds: [], withdrawn: [] });

    const shown = (of: TestDatabases) => medvirk(of, ['release', 'show', 'abcdefgh', '--json']);
    expect(shown(t)).toMatchObject({ status: 0 });
    expect(shown(there)).toEqual(shown(t));
  },
);

it('says in a sentence why not', async () => {
  const main = at(fs.readdirSync(folder).find((name) => name.startsWith('medvirk-main'))!);
  const restore = (file: string, key: string) =>
    medvirk(there, ['restore', file, '--key', key, '--yes', '--replace']);
  expect(restore(at('gone'), at('key')).stderr).toContain('Finner ikke filen');
  expect(restore(main, at('key.public')).stderr).toContain('åpner ingenting');
  const { main: other, sql } = connectMain(there.mainUrl, 1);
  await other.select().from(person).limit(1);
  const used = restore(main, at('key'));
  await sql.end();
  expect(used).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'Noen bruker databasen nå. Stopp Medvirk først.\n',
  });
});
