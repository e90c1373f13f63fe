import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import * as backupKey from '#server/backup-key.ts';
import { boxFile, mainFile, take } from '#server/backups.ts';
import { connectMain } from '#server/db.ts';
import { planMain, restoreMain, type Urls } from '#server/restoring.ts';
import { testDatabases } from './databases.ts';
import { must } from './must.ts';
import { now } from './papers.ts';
import { town } from './town.ts';

export type Copying = Awaited<ReturnType<typeof copying>>;

/**
 * A town on two servers that copies are taken of, into a folder, and another pair of databases that nobody is connected
 * to, where they are put back. Ask in beforeAll; call stop in afterAll.
 */
export async function copying() {
  const keys = backupKey.make();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk-copies-'));
  const mainCopy = path.join(folder, mainFile('2027-03-01'));
  const boxCopy = path.join(folder, boxFile);
  const [t, there] = await Promise.all([testDatabases(), testDatabases()]);
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await town(t.main);
  return {
    ...{ t, there, keys, folder, mainCopy, boxCopy },
    /** Main was lost, the box stands. */
    mainLost: { main: there.mainUrl, box: t.boxUrl },
    async backup() {
      must(await take(t, folder, keys.publicFile, now));
    },
    async restore(urls: Urls) {
      const planned = must(await planMain(mainCopy, keys.privateFile, urls, true));
      must(await restoreMain(mainCopy, planned, urls, now));
      return planned.plan;
    },
    async stop() {
      await Promise.all([t.stop(), there.stop()]);
      fs.rmSync(folder, { recursive: true });
    },
  };
}

/** Does something on a connection that is gone afterwards. */
export async function inside<T>(
  url: string,
  run: (at: ReturnType<typeof connectMain>) => Promise<T>,
): Promise<T> {
  const at = connectMain(url, 1);
  return await run(at).finally(() => at.sql.end());
}

/** Every row of every table, as PostgreSQL writes it. */
export async function rowsOf(url: string): Promise<Record<string, string[]>> {
  const all = postgres(url, { max: 1 });
  const tables =
    await all`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  const rows: Record<string, string[]> = {};
  for (const { name } of tables)
    rows[name] = (await all.unsafe(`select t::text as row from "${name}" t order by 1`)).map((r) => r.row);
  await all.end();
  return rows;
}
