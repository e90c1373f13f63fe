import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres, { type Sql } from 'postgres';
import { binaries, home, runAs, type RunAs, SetupFault } from '#server/binaries.ts';

export type Name = 'main' | 'box';
export type Cluster = {
  /** The owner of the database medvirk: may make roles, is no superuser. */
  url: string;
  /** The superuser, for tests and repairs. */
  superUrl: string;
  /** The postmaster's process id. */
  pid(): number | null;
  /** Lets go. The last one that uses the folder stops the server. */
  stop(): Promise<void>;
};
export type Options = {
  dataDir: string;
  name: Name;
  /** Refuse when another process already has the folder this way. */
  alone?: boolean;
  settings?: Record<string, string>;
  say?: (line: string) => void;
};

/** Advisory locks in the database "postgres": whoever uses the server, and the one that serves from it. */
const [IN_USE, SERVING] = [7_100_001, 7_100_002];

/** No statement, value, address or moment of a ballot may reach a log, and no old WAL stays behind a checkpoint. */
const settings = (name: Name, more: Record<string, string> = {}): Record<string, string> => ({
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  createrole_self_grant: 'set, inherit',
  fsync: 'on',
  synchronous_commit: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  archive_mode: 'off',
  wal_recycle: 'off',
  min_wal_size: '2MB',
  max_wal_size: '256MB',
  track_commit_timestamp: 'off',
  track_activities: name === 'box' ? 'off' : 'on',
  logging_collector: 'off',
  log_line_prefix: name === 'box' ? '' : '%m ',
  log_min_messages: name === 'box' ? 'fatal' : 'warning',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_duration: 'off',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_autovacuum_min_duration: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
  log_connections: '',
  log_disconnections: 'off',
  log_lock_waits: 'off',
  log_temp_files: '-1',
  ...more,
});

type Place = { folder: string; cluster: string; bin: string; user: RunAs; password: string };

const readIf = (file: string): string | null => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
};

const place = (options: Options): Place => {
  const base = home(path.resolve(options.dataDir), options.say ?? (() => {}));
  const folder = path.join(base, options.name);
  const cluster = path.join(folder, 'cluster');
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o711 });
    const user = runAs(cluster);
    const secret = path.join(folder, 'password');
    if (!fs.existsSync(secret) && !fs.existsSync(cluster)) {
      const half = `${secret}.${process.pid}`;
      fs.writeFileSync(half, randomBytes(24).toString('base64url'), { mode: 0o600 });
      // A link, not a rename: of two first starts the earlier one's password stands.
      try {
        fs.linkSync(half, secret);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      fs.unlinkSync(half);
    }
    return { folder, cluster, bin: binaries(base, user), user, password: fs.readFileSync(secret, 'utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOENT') throw error;
    throw new SetupFault(
      `Får ikke brukt ${folder}: den tilhører en annen bruker, eller passordfilen mangler (${code}).`,
    );
  }
};

const initialise = (at: Place) => {
  const half = fs.mkdtempSync(path.join(at.folder, 'half-'));
  const fresh = path.join(half, 'cluster');
  const pwfile = path.join(half, 'pw');
  fs.writeFileSync(pwfile, at.password, { mode: 0o600 });
  if (at.user) for (const file of [half, pwfile]) fs.chownSync(file, at.user.uid, at.user.gid);
  const args = ['-D', fresh, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${pwfile}`, '-E', 'UTF8'];
  // Order by code point; upper and lower case of every letter.
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--wal-segsize=1');
  const done = spawnSync(path.join(at.bin, 'initdb'), args, { ...at.user, cwd: '/', encoding: 'utf8' });
  if (done.status !== 0) {
    fs.rmSync(half, { recursive: true });
    throw new SetupFault(
      `Fikk ikke laget databasen i ${at.folder}: ${done.error?.message ?? done.stderr.trim()}`,
    );
  }
  fs.appendFileSync(path.join(fresh, 'postgresql.conf'), "\ninclude = 'medvirk.conf'\n");
  try {
    fs.renameSync(fresh, at.cluster);
  } catch (error) {
    // Somebody else was first.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    fs.rmSync(half, { recursive: true });
  }
};

const commandOf = (pid: number) =>
  fs.existsSync('/proc/self/cmdline')
    ? (readIf(`/proc/${pid}/cmdline`) ?? '')
    : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;

/** The running postmaster of this folder: a process id may long belong to somebody else. */
const running = (at: Place): { pid: number; port: number; ready: boolean } | null => {
  const lines = readIf(path.join(at.cluster, 'postmaster.pid'))?.split('\n');
  const pid = Number(lines?.[0]);
  if (!lines || !pid || !commandOf(pid).includes(at.cluster)) return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
};

const free = (port: number) =>
  new Promise<number | null>((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, '127.0.0.1', () => {
      const found = (probe.address() as net.AddressInfo).port;
      probe.close(() => resolve(found));
    });
  });

const write = (file: string, text: string, user: RunAs) => {
  const half = `${file}.${process.pid}`;
  fs.writeFileSync(half, text, { mode: 0o600 });
  if (user) fs.chownSync(half, user.uid, user.gid);
  fs.renameSync(half, file);
};

/** Starts a postmaster and waits until it is ready or has given up. */
const launch = async (at: Place, conf: string, onlyPort?: number) => {
  const portFile = path.join(at.folder, 'port');
  const port = onlyPort ?? (await free(Number(readIf(portFile)) || 0)) ?? (await free(0));
  write(path.join(at.cluster, 'medvirk.conf'), conf, at.user);
  write(portFile, String(port), undefined);
  const stale = path.join(at.cluster, 'postmaster.pid');
  // After a restart of the machine the number may belong to another program, which PostgreSQL would wait for in vain.
  const command = commandOf(Number(readIf(stale)?.split('\n')[0]) || 0);
  if (command && !command.includes('postgres')) fs.rmSync(stale, { force: true });
  const logFile = path.join(at.folder, 'log');
  if ((fs.statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000)
    fs.renameSync(logFile, `${logFile}.1`);
  const log = fs.openSync(logFile, 'a', 0o600);
  // Its own session: Ctrl-C in the terminal is ours to hand on.
  const child = spawn(path.join(at.bin, 'postgres'), ['-D', at.cluster, '-p', String(port)], {
    ...at.user,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  });
  fs.closeSync(log);
  let over: string | null = null;
  child.once('exit', (code, signal) => (over = `kode ${code ?? signal}`));
  child.once('error', (error) => (over = error.message));
  child.unref();
  for (;;) {
    if (over !== null) return over;
    const now = running(at);
    if (now?.ready && now.pid === child.pid) return null;
    await sleep(20);
  }
};

const connect = (at: Place, port: number, database: string, onclose: () => void = () => {}): Sql =>
  postgres({
    host: '127.0.0.1',
    port,
    database,
    user: 'postgres',
    password: at.password,
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 10,
    backoff: false,
    // Its query for types would reject unheard when the server goes just then.
    fetch_types: false,
    onnotice: () => {},
    onclose,
  });

const prepare = async (at: Place, port: number, sql: Sql) => {
  const [ready] = await sql`
    select pg_has_role('medvirk', 'pg_read_all_settings', 'usage') as has
    from pg_roles, pg_database where rolname = 'medvirk' and datname = 'medvirk'`;
  if (ready?.has) return;
  await sql`select pg_advisory_lock(${SERVING + 1})`;
  const [role] = await sql`select 1 from pg_roles where rolname = 'medvirk'`;
  if (!role) await sql.unsafe(`create role medvirk login createrole password '${at.password}'`);
  await sql`grant pg_checkpoint, pg_read_all_settings to medvirk`;
  const [made] = await sql`select 1 from pg_database where datname = 'medvirk'`;
  if (!made) await sql`create database medvirk owner medvirk`;
  const inside = connect(at, port, 'medvirk');
  await inside`grant execute on function pg_switch_wal() to medvirk`.finally(() => inside.end());
  await sql`select pg_advisory_unlock(${SERVING + 1})`;
};

/**
 * Brings up one of the two embedded servers, or joins one that already runs on its folder (another process's, or
 * one whose process was killed), and keeps it up until stop(). Throws SetupFault with a sentence for the reader.
 */
export const startCluster = async (options: Options): Promise<Cluster> => {
  const at = place(options);
  const conf = Object.entries(settings(options.name, options.settings))
    .map(([key, value]) => `${key} = '${value}'\n`)
    .join('');
  if (!fs.existsSync(at.cluster)) initialise(at);
  let port: number | undefined;
  let keeper: Sql;
  let stopping = false;

  /** Holds IN_USE until the server or we let go. */
  const join = async (): Promise<void> => {
    const patience = performance.now() + 60_000;
    for (let failed = ''; ; await sleep(50)) {
      if (stopping) return;
      if (performance.now() > patience)
        throw new SetupFault(`PostgreSQL kom ikke i gang i ${at.folder} (${failed}). Se filen log der.`);
      const now = running(at);
      if (!now) {
        failed = (await launch(at, conf, port)) ?? '';
        continue;
      }
      if (!now.ready) continue;
      const sql = connect(at, now.port, 'postgres', () => {
        if (!stopping && sql === keeper) void join();
      });
      try {
        if (readIf(path.join(at.cluster, 'medvirk.conf')) !== conf && (await halt(sql, now.pid))) continue;
        await sql`select pg_advisory_lock_shared(${IN_USE})`;
        if (options.alone) {
          const [got] = await sql`select pg_try_advisory_lock(${SERVING}) as free`;
          if (!got?.free) {
            await sql.end();
            throw new SetupFault(
              `Medvirk kjører alt med databasene i ${at.folder}. Stopp det først, eller velg en annen DATA_DIR.`,
            );
          }
        }
        await prepare(at, now.port, sql);
        keeper = sql;
        port = now.port;
        return;
      } catch (error) {
        if (error instanceof SetupFault) throw error;
        failed = (error as Error).message;
        if ((error as { code?: string }).code === '28P01')
          throw new SetupFault(`Passordet i ${at.folder} passer ikke til databasen der.`);
        await sql.end({ timeout: 0 });
      }
    }
  };

  /** Stops the server unless somebody else uses it. */
  const halt = async (sql: Sql, pid: number): Promise<boolean> => {
    const [got] = await sql`select pg_try_advisory_lock(${IN_USE}) as free`;
    if (!got?.free) return false;
    process.kill(pid, 'SIGINT');
    while (running(at)?.pid === pid) await sleep(20);
    await sql.end({ timeout: 0 });
    return true;
  };

  await join();
  const url = (user: string, database: string) =>
    `postgres://${user}:${at.password}@127.0.0.1:${port}/${database}`;
  return {
    url: url('medvirk', 'medvirk'),
    superUrl: url('postgres', 'postgres'),
    pid: () => running(at)?.pid ?? null,
    stop: async () => {
      if (stopping) return;
      stopping = true;
      await keeper.end({ timeout: 1 });
      const patience = performance.now() + 10_000;
      for (let now = running(at); now; now = running(at)) {
        const sql = connect(at, now.port, 'postgres');
        try {
          await halt(sql, now.pid);
          return;
        } catch (error) {
          // Most often because somebody else is just stopping it.
          if (performance.now() > patience) throw error;
          await sleep(50);
        } finally {
          await sql.end({ timeout: 0 });
        }
      }
    },
  };
};
