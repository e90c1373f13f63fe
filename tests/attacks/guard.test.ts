import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ballotsOf } from '#server/box.ts';
import { settings } from '#server/box-memory.ts';
import { open } from '#server/clock.ts';
import { connectBox } from '#server/db.ts';
import { type Cluster, startCluster } from '#server/embedded.ts';
import { connect, migrate } from '#server/migrate.ts';
import { round } from '#server/schema.ts';
import { inDatabase, testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { must } from '#tests/support/must.ts';
import { now, openRound } from '#tests/support/papers.ts';
import { town } from '#tests/support/town.ts';

/*
 * Whoever runs the box's server sets it to remember, one thing at a time. Each time the round that is about to open
 * must refuse, in a sentence that names what to change; and open when all is as it was.
 */
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk-guard-'));
fs.chmodSync(dataDir, 0o711);
let t: TestDatabases;
let cluster: Cluster;
let roundId: string;
let table: string;

const start = async () => (cluster = await startCluster({ dataDir, name: 'box' }));

/** As the superuser, inside the box's database. */
async function asSuperuser(run: (sql: Sql) => Promise<unknown>) {
  const sql = connect(inDatabase(cluster.superUrl, 'medvirk'));
  await run(sql).finally(() => sql.end());
}

/** What opening the round says: nothing, or why not. */
async function faults(before: (box: Sql) => Promise<unknown> = async () => {}): Promise<string[]> {
  const box = postgres(cluster.url, { max: 1, onnotice: () => {} });
  try {
    await before(box);
    const opened = await open(t.main, box, roundId, now, null);
    if (opened.ok) {
      await t.main.update(round).set({ state: 'frozen' }).where(eq(round.id, roundId));
      return [];
    }
    expect(opened.refusal).toBe('servers');
    return ('faults' in opened && opened.faults) || [];
  } finally {
    await box.end();
  }
}

beforeAll(async () => {
  t = await testDatabases();
  await start();
  must(await migrate(t.mainUrl, cluster.url));
  await town(t.main);
  const box = connectBox(cluster.url);
  ({ roundId } = await openRound({ main: t.main, box }, { groups: 1, each: 5 }));
  await box.end();
  table = ballotsOf(roundId);
  await t.main.update(round).set({ state: 'frozen' }).where(eq(round.id, roundId));
});
afterAll(async () => {
  await cluster?.stop();
  await t.stop();
  fs.rmSync(dataDir, { recursive: true });
});

/** A value that remembers; and what else the server must have for it to start. */
const wrong: Record<string, string> = {
  log_statement: 'all',
  log_min_duration_statement: '0',
  log_min_duration_sample: '0',
  log_transaction_sample_rate: '1',
  log_parameter_max_length: '-1',
  log_parameter_max_length_on_error: '-1',
  log_min_error_statement: 'error',
  log_error_verbosity: 'default',
  max_wal_senders: '3',
  wal_keep_size: '16',
  synchronous_commit: 'off',
  shared_preload_libraries: 'auto_explain',
  session_preload_libraries: 'auto_explain',
  local_preload_libraries: 'auto_explain',
};
const needsReplica = ['archive_mode', 'max_wal_senders', 'summarize_wal'];
const valueOf = (name: string, allowed: string[]) => wrong[name] ?? (allowed[0] === 'on' ? 'off' : 'on');

it('opens when nothing is set to remember', async () => {
  expect(await faults()).toEqual([]);
});

describe('a round does not open', () => {
  it.each(settings)('where %s is changed', async (name, allowed) => {
    const value = valueOf(name, allowed);
    let context = '';
    await asSuperuser(async (sql) => {
      [{ context }] = (await sql`select context from pg_settings where name = ${name}`) as unknown as [
        { context: string },
      ];
    });
    const restart = async () => {
      await cluster.stop();
      await start();
    };
    const system = (what: string) => asSuperuser((sql) => sql.unsafe(`alter system ${what}`));
    const reload = () =>
      asSuperuser(async (sql) => {
        const loaded = async () => String((await sql`select pg_conf_load_time()::text as at`)[0]!.at);
        const before = await loaded();
        await sql`select pg_reload_conf()`;
        await expect.poll(loaded).not.toBe(before);
      });
    const found = async () => {
      const named = (await faults()).filter((fault) => fault.startsWith(`Sett ${name} = `));
      expect(named, name).toHaveLength(1);
      expect(named[0]).toContain(value);
    };

    if (name === 'local_preload_libraries') {
      const said = await faults((box) => box.unsafe(`set ${name} = '${value}'`));
      expect(said).toEqual([expect.stringContaining(`Sett ${name} = `)]);
    } else if (context === 'postmaster' || needsReplica.includes(name)) {
      await system(`set ${name} = '${value}'`);
      if (needsReplica.includes(name)) await system(`set wal_level = 'replica'`);
      await restart();
      await found();
      await system(`reset all`);
      await restart();
    } else if (context === 'sighup') {
      await system(`set ${name} = '${value}'`);
      await reload();
      await found();
      await system(`reset all`);
      await reload();
    } else {
      await asSuperuser((sql) => sql.unsafe(`alter database medvirk set ${name} = '${value}'`));
      await found();
      await asSuperuser((sql) => sql`alter database medvirk reset all`);
    }
  });

  it('where the table of ballots, or anything beside it, could tell when or by whom', async () => {
    const here = (sql: string) => sql.replaceAll('BALLOTS', table);
    const additions: [what: string, add: string, remove: string][] = [
      ['a time', 'alter table BALLOTS add at timestamptz', 'alter table BALLOTS drop at'],
      ['a time that fills itself in', `alter table round add at timestamptz default now()`, 'alter table round drop at'], // prettier-ignore
      ['a day', 'create table days (day date) with (autovacuum_enabled = false)', 'drop table days'],
      [
        'a time-ordered id',
        'alter table BALLOTS add id uuid default uuidv7()',
        'alter table BALLOTS drop id',
      ],
      ['a sequence', 'create sequence numbers', 'drop sequence numbers'],
      [
        'an identity',
        'alter table round add n integer generated always as identity',
        'alter table round drop n',
      ],
      ['a counting default', `alter table round alter intake set default false`, 'alter table round alter intake drop default'], // prettier-ignore
      ['an address', 'alter table round add address inet', 'alter table round drop address'],
      ['a key to people', 'create table people (id text primary key references round (id)) with (autovacuum_enabled = false)', 'drop table people'], // prettier-ignore
      ['a trigger', 'create trigger t before insert on BALLOTS for each row execute function suppress_redundant_updates_trigger()', 'drop trigger t on BALLOTS'], // prettier-ignore
      ['a rule', 'create rule r as on insert to BALLOTS do also notify ballots', 'drop rule r on BALLOTS'],
      ['a view', 'create view seen as select group_id from BALLOTS', 'drop view seen'],
      ['a column of people in ballots', 'alter table BALLOTS add who text', 'alter table BALLOTS drop who'],
      ['statistics of values', 'alter table BALLOTS alter sealed set statistics 100', 'alter table BALLOTS alter sealed set statistics 0'], // prettier-ignore
      [
        'statistics of more values',
        'create statistics s on group_id, sealed from BALLOTS',
        'drop statistics s',
      ],
      ['autovacuum', 'alter table BALLOTS reset (autovacuum_enabled)', 'alter table BALLOTS set (autovacuum_enabled = false)'], // prettier-ignore
      ['a publication', 'create publication p for all tables', 'drop publication p'],
      ['an extension', 'create extension pageinspect', 'drop extension pageinspect'],
      [
        'a right to change',
        'grant update on BALLOTS to box_intake',
        'revoke update on BALLOTS from box_intake',
      ],
      ['a right for everybody', 'grant delete on BALLOTS to public', 'revoke delete on BALLOTS from public'],
      ['a right to open', 'grant insert on round to box_intake', 'revoke insert on round from box_intake'],
    ];
    for (const [what, add, remove] of additions) {
      await asSuperuser((sql) => sql.unsafe(here(add)));
      const said = await faults();
      expect(said.length, what).toBeGreaterThan(0);
      for (const fault of said)
        expect(fault, what).toMatch(/^(Stemmeboksen har .*: .*\. .*Ta den bort|Brukeren i .*)\.$/);
      await asSuperuser((sql) => sql.unsafe(here(remove)));
    }
    expect(await faults()).toEqual([]);
  });

  it('where the box belongs to somebody else, or its log of writes may not be cut', async () => {
    await asSuperuser((sql) => sql`alter table round owner to postgres`);
    expect(await faults()).toContainEqual(expect.stringContaining('må eie tabellene i stemmeboksen'));
    await asSuperuser((sql) => sql`alter table round owner to medvirk`);
    await asSuperuser((sql) => sql`revoke pg_checkpoint from medvirk`);
    expect(await faults()).toEqual([expect.stringContaining('rollen pg_checkpoint')]);
    await asSuperuser((sql) => sql`grant pg_checkpoint to medvirk`);
    expect(await faults()).toEqual([]);
  });
});
