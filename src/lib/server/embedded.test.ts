import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '#server/embedded.ts';

const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk embedded-'));
fs.chmodSync(parent, 0o711);
const dataDir = path.join(parent, 'data');
afterAll(() => fs.rmSync(parent, { recursive: true }));

const connect = (url: string) =>
  postgres(url, { max: 1, fetch_types: false, backoff: () => 0.05, onnotice: () => {} });

/** Another process that holds the folder until it is killed. */
const another = async (options: object) => {
  const code = `const { startCluster } = await import('#server/embedded.ts');
    const it = await startCluster(${JSON.stringify(options)}).catch((e) => (console.log(e.message), process.exit(1)));
    console.log('up ' + it.pid()); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code]);
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data).trim())),
  );
  return { child, line };
};

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ dataDir, name: 'box' });
});
afterAll(() => cluster.stop());

test('the password is for its owner alone, and nobody else gets in', async () => {
  expect(fs.statSync(path.join(dataDir, 'box', 'password')).mode & 0o077).toBe(0);
  const stranger = connect(cluster.url.replace(/:[^:@]+@/, ':guess@'));
  await expect(stranger`select 1`).rejects.toMatchObject({ code: '28P01' });
  await stranger.end();
});

test('it listens on this machine alone and keeps commits on disk', async () => {
  const sql = connect(cluster.superUrl);
  const rows = await sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings where name in
      ('listen_addresses', 'fsync', 'synchronous_commit', 'full_page_writes', 'track_commit_timestamp', 'archive_mode')`;
  await sql.end();
  expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({
    listen_addresses: '127.0.0.1',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    track_commit_timestamp: 'off',
    archive_mode: 'off',
  });
});

test('no value, statement or moment of the box reaches its log', async () => {
  const sql = connect(cluster.url);
  await sql`create table kept (word text primary key)`;
  await sql`insert into kept values ('skjult-ord')`;
  await expect(sql`insert into kept values ('skjult-ord')`).rejects.toMatchObject({ code: '23505' });
  await expect(sql.unsafe(`select 'skjult-ord'::int`)).rejects.toMatchObject({ code: '22P02' });
  await expect(
    sql.unsafe(`do $$ begin raise log 'skjult-ord'; perform pg_sleep(0.01); end $$`),
  ).resolves.toBeDefined();
  await sql.end();
  const log = fs.readFileSync(path.join(dataDir, 'box', 'log'), 'utf8');
  expect(log).not.toMatch(/skjult|kept|\d\d:\d\d/);
});

test('a checkpoint leaves no old write-ahead log behind', async () => {
  const sql = connect(cluster.url);
  await sql`create table written (word text)`;
  await sql`insert into written values ('skrevet-ord')`;
  const wal = path.join(dataDir, 'box', 'cluster', 'pg_wal');
  const holds = () =>
    fs
      .readdirSync(wal, { withFileTypes: true })
      .some((file) => file.isFile() && fs.readFileSync(path.join(wal, file.name)).includes('skrevet-ord'));
  expect(holds()).toBe(true);
  await sql`vacuum written`;
  await sql`select pg_switch_wal()`;
  await sql`checkpoint`;
  expect(holds()).toBe(false);
  await sql.end();
});

test('a killed server comes back at the same address with what it had acknowledged', async () => {
  const sql = connect(cluster.url);
  await sql`create table held (n int)`;
  await sql`insert into held values (7)`;
  const before = cluster.pid()!;
  process.kill(before, 'SIGKILL');
  let found: unknown;
  for (let tries = 0; tries < 1200 && !found; tries++) {
    await sleep(50);
    found = await sql`select n from held`.then(
      (rows) => rows[0]?.n,
      () => undefined,
    );
  }
  await sql.end();
  expect(found).toBe(7);
  expect(cluster.pid()).not.toBe(before);
});

test('two first starts at once make one server', async () => {
  const both = path.join(parent, 'both');
  const [one, two] = await Promise.all([
    startCluster({ dataDir: both, name: 'main' }),
    startCluster({ dataDir: both, name: 'main' }),
  ]);
  expect(one.url).toBe(two.url);
  await one.stop();
  const sql = connect(two.url);
  expect(await sql`select 1 as still`).toEqual([{ still: 1 }]);
  await sql.end();
  const pid = two.pid()!;
  await two.stop();
  expect(isAlive(pid) && two.pid()).toBeFalsy();
});

test('who wants to serve alone is told when another does, and takes over when it was killed', async () => {
  const mine = path.join(parent, 'alone');
  const first = await another({ dataDir: mine, name: 'main', alone: true });
  expect(first.line).toMatch(/^up \d+$/);
  const second = await another({ dataDir: mine, name: 'main', alone: true });
  expect(second.line).toMatch(/^Medvirk kjører alt/);
  const guest = await startCluster({ dataDir: mine, name: 'main' });
  await guest.stop();

  const gone = new Promise((exit) => first.child.once('exit', exit));
  first.child.kill('SIGKILL');
  await gone;
  const third = await startCluster({ dataDir: mine, name: 'main', alone: true });
  expect(`up ${third.pid()}`).toBe(first.line);
  await third.stop();
  expect(third.pid()).toBeNull();
});

test('a process number that somebody else has by now does not stand in the way', async () => {
  const old = path.join(parent, 'old');
  await (await startCluster({ dataDir: old, name: 'main' })).stop();
  const file = path.join(old, 'main', 'cluster', 'postmaster.pid');
  const { uid, gid } = fs.statSync(path.dirname(file));
  const stranger = spawn('sleep', ['60'], { uid, gid });
  fs.writeFileSync(file, `${stranger.pid}\n${path.dirname(file)}\n1\n5432\n\n127.0.0.1\n0 0\nready\n`);
  fs.chownSync(file, uid, gid);
  const again = await startCluster({ dataDir: old, name: 'main' });
  expect(again.pid()).not.toBe(stranger.pid);
  await again.stop();
  stranger.kill();
});

test('a taken port is left to its holder', async () => {
  const taken = path.join(parent, 'taken');
  const first = await startCluster({ dataDir: taken, name: 'main' });
  const port = Number(new URL(first.url).port);
  await first.stop();
  const { createServer } = await import('node:net');
  // Where somebody else was quicker it is taken all the same.
  const holder = createServer()
    .on('error', () => {})
    .listen(port, '127.0.0.1');
  const second = await startCluster({ dataDir: taken, name: 'main' });
  expect(new URL(second.url).port).not.toBe(String(port));
  await second.stop();
  holder.close();
});

test.runIf(process.getuid?.() === 0)(
  'root is let in where the servers are not, and told where they live',
  async () => {
    const shut = path.join(parent, 'shut');
    fs.mkdirSync(shut, { mode: 0o700 });
    const said: string[] = [];
    const it = await startCluster({ dataDir: shut, name: 'main', say: (line) => said.push(line) });
    const elsewhere = fs.realpathSync(path.join(shut, 'elsewhere'));
    try {
      expect(said).toEqual([expect.stringContaining(elsewhere)]);
      expect(fs.statSync(shut).mode & 0o777).toBe(0o700);
      const owner = execFileSync('ps', ['-o', 'uid=', '-p', String(it.pid())], { encoding: 'utf8' }).trim();
      expect(owner).not.toBe('0');
    } finally {
      await it.stop();
      fs.rmSync(elsewhere, { recursive: true });
    }
  },
);
