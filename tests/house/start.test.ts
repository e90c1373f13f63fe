import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '#tests/support/program.ts';

const root = path.resolve(import.meta.dirname, '../..');
const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk start-'));
fs.chmodSync(parent, 0o711);
/** What is filled here may be of use to others (tests/run.js). */
const DATA_DIR = process.env.START_DATA_DIR ?? path.join(parent, 'data');
let PORT = 0;
const started: ChildProcess[] = [];

beforeAll(async () => {
  PORT = await freePort();
});
afterAll(async () => {
  for (const child of started) child.kill('SIGINT');
  await until(() => postmasters().length === 0, 20_000).catch(() => {});
  fs.rmSync(parent, { recursive: true });
});

const environment = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  DATA_DIR,
  PORT: String(PORT),
  ...more,
});

const until = async (holds: () => boolean, patience = 300_000) => {
  for (const end = performance.now() + patience; !holds(); await sleep(50))
    if (performance.now() > end) throw new Error('It did not come to that');
};

const start = async (waitFor = 'Ctrl-C stopper alt') => {
  const child = spawn(process.execPath, ['start.js'], { cwd: root, env: environment() });
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += String(data)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await until(() => said.includes(waitFor) || child.exitCode !== null);
  return { child, ended, said: () => said };
};

/** Running, not only waiting for its parent to notice its end. */
const isAlive = (pid: number) =>
  /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());
const postmasters = () =>
  ['main', 'box']
    .map((name) => path.join(DATA_DIR, name, 'cluster', 'postmaster.pid'))
    .filter((file) => fs.existsSync(file))
    .map((file) => parseInt(fs.readFileSync(file, 'utf8')))
    .filter(isAlive);
const childOf = (pid: number) =>
  Number(
    spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .stdout.trim()
      .split(/\s+/)[0],
  );
const ready = async () => {
  const answer = await fetch(`http://localhost:${PORT}/readyz`).catch(() => undefined);
  return answer?.status === 200;
};

test('one command serves; a second is told so; Ctrl-C stops all of it', { timeout: 600_000 }, async () => {
  const it = await start();
  expect(it.said()).toMatch(
    new RegExp(
      `\nMedvirk er klar: http://localhost:${PORT}\n.* ansatt, beboer, .* eller driftsansvarlig\\.\n.*\n$`,
    ),
  );
  expect(await ready()).toBe(true);
  expect(postmasters()).toHaveLength(2);

  const taken = await start('nothing');
  expect(await taken.ended).toBe(1);
  expect(taken.said()).toContain(`Porten ${PORT} er i bruk`);

  const servers = postmasters();
  it.child.kill('SIGINT');
  expect(await it.ended).toBe(0);
  expect(servers.filter(isAlive)).toEqual([]);
});

test('who is killed without a word leaves nothing running', { timeout: 600_000 }, async () => {
  const it = await start();
  const serving = childOf(it.child.pid!);
  const servers = postmasters();
  expect(servers).toHaveLength(2);
  it.child.kill('SIGKILL');
  await until(() => ![serving, ...servers].some(isAlive), 60_000);
  expect(postmasters()).toEqual([]);
});

test('a killed server is taken over by the next start', { timeout: 600_000 }, async () => {
  const first = await start();
  const servers = postmasters();
  process.kill(childOf(first.child.pid!), 'SIGKILL');
  await first.ended;
  expect(postmasters()).toEqual(servers);
  const second = await start();
  expect(await ready()).toBe(true);
  expect(postmasters()).toEqual(servers);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  expect(servers.filter(isAlive)).toEqual([]);
});

test('stopped while it starts, it leaves nothing running', { timeout: 600_000 }, async () => {
  const it = await start('Starter databasene');
  it.child.kill('SIGINT');
  expect(await it.ended).toBe(0);
  expect(postmasters()).toEqual([]);
});

test('all faults of the settings at once, and exit code 78', () => {
  const env = environment({ PORT: 'many', ORIGIN: 'http://medvirk.example', MEDVIRK_NOW: '2026-01-01' });
  const done = spawnSync(process.execPath, ['src/serve.ts'], { cwd: root, env, encoding: 'utf8' });
  expect(done.status).toBe(78);
  for (const name of ['PORT', 'ORIGIN', 'MEDVIRK_NOW'])
    expect(done.stderr).toMatch(new RegExp(`^ {2}${name} må .*\\.$`, 'm'));
});

const medvirk = (...words: string[]) =>
  spawnSync(process.execPath, ['src/medvirk.ts', ...words], {
    cwd: root,
    env: environment(),
    encoding: 'utf8',
  });

test('the command line says done, refused and wrong with its exit codes', () => {
  const done = medvirk('admin', 'create', '--name', 'Kari Øy', '--email', 'kari@example.no', '--json');
  expect(done.stderr).toBe('');
  expect(done.status).toBe(0);
  expect(JSON.parse(done.stdout).link).toMatch(/^http:\/\/localhost:\d+\/sign-in\/\S+$/);

  const refused = medvirk('admin', 'create', '--name', 'Kari Øy', '--email', 'kari');
  expect(refused).toMatchObject({ status: 1, stdout: '' });
  expect(refused.stderr).toMatch(/\.\n$/);

  for (const wrong of [['admin'], ['admin', 'create'], ['migrate', 'twice'], ['help', '--loud'], ['sing']])
    expect(medvirk(...wrong)).toMatchObject({ status: 2, stdout: '' });
  expect(postmasters()).toEqual([]);
});
