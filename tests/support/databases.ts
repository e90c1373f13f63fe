import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres, { type Sql } from 'postgres';
import { type Box, connectBox, connectIntake, connectMain, type Main } from '#server/db.ts';
import { type Cluster, startCluster } from '#server/embedded.ts';
import { connect, migrate } from '#server/migrate.ts';
import { must } from './must.ts';
import { repository } from './program.ts';

export type TestDatabases = {
  main: Main;
  mainUrl: string;
  /** The owner's connection to the box. */
  box: Box;
  /** The box as the role box_intake. */
  intake: Box;
  boxUrl: string;
  /** As the superuser: for those who attack from inside the server. */
  superUrls: { main: string; box: string };
  stop(): Promise<void>;
};

const shape = () => {
  const hash = createHash('sha256');
  const folder = path.join(repository, 'drizzle');
  for (const file of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (/\.sql$|_journal\.json$/.test(file))
      hash.update(file).update(fs.readFileSync(path.join(folder, file)));
  return hash.digest('hex').slice(0, 12);
};

/** The address of another database on the same server. */
export const inDatabase = (url: string, database: string) =>
  Object.assign(new URL(url), { pathname: `/${database}` }).href;

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** What killed runs and older shapes left behind. */
const sweep = async (sql: Sql, template: string) => {
  const rows = await sql<{ name: string }[]>`
    select datname as name from pg_database where datname ~ '^(test|template)_' and datname <> ${template}`;
  for (const { name } of rows) {
    const pid = Number(/^test_(\d+)_/.exec(name)?.[1]);
    const left = pid
      ? !isAlive(pid)
      : !(await sql`select 1 from pg_stat_activity where datname = ${name}`).length;
    if (left) await sql.unsafe(`drop database if exists ${name} with (force)`);
  }
};

/** One migrated database per shape of the migrations; every test file gets a copy. */
const template = async (main: Cluster, box: Cluster): Promise<string> => {
  const name = `template_${shape()}`;
  const sqls = [connect(main.superUrl), connect(box.superUrl)] as const;
  await sqls[0]`select pg_advisory_lock(7200001)`;
  try {
    const found = await Promise.all(
      sqls.map((sql) => sql`select 1 from pg_database where datname = ${name}`),
    );
    if (found.every((rows) => rows.length)) return name;
    const half = `${name}_half`;
    for (const sql of sqls) {
      await sweep(sql, name);
      await sql.unsafe(`drop database if exists ${half} with (force)`);
      await sql.unsafe(`drop database if exists ${name} with (force)`);
      await sql.unsafe(`create database ${half} owner medvirk`);
    }
    const inside = postgres(inDatabase(box.superUrl, half), { max: 1 });
    await inside`grant execute on function pg_switch_wal() to medvirk`;
    await inside.end();
    must(await migrate(inDatabase(main.url, half), inDatabase(box.url, half)));
    for (const sql of sqls) await sql.unsafe(`alter database ${half} rename to ${name}`);
    return name;
  } finally {
    await Promise.all(sqls.map((sql) => sql.end()));
  }
};

let made = 0;

/**
 * Two real servers, shared by all test files (brought up by the first, stopped by the last), and in them two fresh,
 * migrated databases of this file's own. Ask in beforeAll; call stop in afterAll.
 */
export async function testDatabases(): Promise<TestDatabases> {
  const dataDir = path.join(repository, 'node_modules', '.cache', `medvirk-test-${process.getuid?.() ?? 0}`);
  // Nothing here outlives a power cut, so main waits for no disk. The box is as in earnest: it is asked for its settings.
  const settings = { fsync: 'off', full_page_writes: 'off' };
  const clusters = await Promise.all([
    startCluster({ dataDir, name: 'main', settings }),
    startCluster({ dataDir, name: 'box' }),
  ]);
  const [mainCluster, boxCluster] = clusters;
  const from = await template(mainCluster, boxCluster);
  const name = `test_${process.pid}_${process.hrtime.bigint().toString(36)}${made++}`;
  for (const cluster of clusters) {
    const sql = connect(cluster.superUrl);
    await sql.unsafe(`create database ${name} owner medvirk template ${from}`);
    await sql.end();
  }
  const mainUrl = inDatabase(mainCluster.url, name);
  const boxUrl = inDatabase(boxCluster.url, name);
  const { main, sql } = connectMain(mainUrl);
  const box = connectBox(boxUrl);
  const intake = connectIntake(boxUrl);
  return {
    main,
    mainUrl,
    box,
    intake,
    boxUrl,
    superUrls: { main: inDatabase(mainCluster.superUrl, name), box: inDatabase(boxCluster.superUrl, name) },
    stop: async () => {
      await Promise.all([sql.end(), box.end(), intake.end()]);
      for (const cluster of clusters) {
        const owner = connect(cluster.superUrl);
        await owner.unsafe(`drop database ${name} with (force)`);
        await owner.end();
        await cluster.stop();
      }
    },
  };
}

/** Two servers of one's own, migrated, as durable as in earnest: for tests that kill them. */
export async function ownClusters(settings: Record<string, string> = {}) {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk-'));
  fs.chmodSync(dataDir, 0o711);
  const [main, box] = await Promise.all([
    startCluster({ dataDir, name: 'main', settings }),
    startCluster({ dataDir, name: 'box', settings }),
  ]);
  must(await migrate(main.url, box.url));
  return {
    dataDir,
    main,
    box,
    stop: async () => {
      await Promise.all([main.stop(), box.stop()]);
      fs.rmSync(dataDir, { recursive: true });
    },
  };
}
