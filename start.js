// npm start, and npm run medvirk: what is missing is fetched and built, then src/serve.ts or src/medvirk.ts runs.
// Plain JavaScript for Node 20 and newer, since nothing is installed yet when it begins.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
process.env.INIT_CWD ??= process.cwd();
process.chdir(root);
const [program, ...given] = process.argv.slice(2);
const isServer = program === undefined;

/** The answer of a command has standard output for itself. */
const say = (/** @type {string} */ line) => (isServer ? console.log(line) : console.error(line));
/** @returns {never} */
const giveUp = (/** @type {string} */ line) => {
  console.error(line);
  process.exit(1);
};
const readJson = (/** @type {string} */ file) => {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
};
const major = (/** @type {string} */ version) => Number(/^v?(\d+)/.exec(version)?.[1]);

/** @typedef {{ version?: string, optional?: boolean, dev?: boolean, devOptional?: boolean, link?: boolean }} Package */

/** What package-lock.json names and node_modules lacks, or has in another version. */
const lacksPackages = (/** @type {boolean} */ willBuild) => {
  /** @type {Record<string, Package>} */
  const wanted = readJson('package-lock.json').packages ?? {};
  /** @type {Record<string, Package>} */
  const present = readJson('node_modules/.package-lock.json').packages ?? {};
  return Object.entries(wanted).some(([name, { version, optional, dev, devOptional, link }]) => {
    if (!name || link) return false;
    const found = present[name];
    if (found) return found.version !== version || !fs.existsSync(path.join(name, 'package.json'));
    return !optional && (willBuild || !(dev || devOptional));
  });
};

/** A hash of everything that the build is made from. */
const sources = () => {
  const hash = createHash('sha256');
  const files = fs
    .readdirSync('.')
    .filter((name) => /^(package(-lock)?\.json|tsconfig\.json|.*\.config\.(js|ts))$/.test(name));
  for (const folder of ['src', 'messages', 'static', 'project.inlang/settings.json']) {
    if (fs.statSync(folder).isFile()) files.push(folder);
    else
      for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }))
        if (!name.startsWith(path.join('lib', 'paraglide'))) files.push(path.join(folder, name));
  }
  for (const file of files.sort())
    if (fs.statSync(file).isFile()) hash.update(`${file}\0`).update(fs.readFileSync(file));
  return hash.digest('hex');
};

/** Runs npm quietly; what it said is shown only when it fails. */
const npm = (/** @type {string[]} */ ...args) => {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const [command, first] = script?.endsWith('.js') ? [node ?? process.execPath, [script]] : ['npm', []];
  const done = spawnSync(command, [...first, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (done.status === 0) return;
  if (done.signal) process.exit(1);
  console.error(done.stdout, done.stderr, done.error?.message ?? '');
  giveUp(`npm ${args[0]} gikk ikke. Meldingen står over.`);
};

if (major(process.version) < 20) giveUp(`Medvirk trenger Node 20 eller nyere; dette er ${process.version}.`);

const name = sources().slice(0, 12);
const builtIn = (/** @type {string[]} */ ...parts) => path.join('build', ...parts);
const isCurrent = () => {
  try {
    return fs.readlinkSync(builtIn('current')) === name && fs.existsSync(builtIn(name, 'handler.js'));
  } catch {
    return false;
  }
};
/** Each build has a folder of its own, for a server that runs holds to the one it began with. Two stay. */
const makeCurrent = () => {
  if (!fs.existsSync(builtIn(name))) fs.renameSync(builtIn('.making'), builtIn(name));
  fs.rmSync(builtIn('.making'), { recursive: true, force: true });
  fs.utimesSync(builtIn(name), new Date(), new Date());
  fs.rmSync(builtIn('.next'), { force: true });
  fs.symlinkSync(name, builtIn('.next'), 'dir');
  fs.renameSync(builtIn('.next'), builtIn('current'));
  const age = (/** @type {string} */ one) => fs.statSync(builtIn(one)).mtimeMs;
  const builds = fs.readdirSync('build').filter((one) => /^[0-9a-f]{12}$/.test(one));
  for (const old of builds.sort((a, b) => age(b) - age(a)).slice(2))
    fs.rmSync(builtIn(old), { recursive: true });
};

const isAlive = (/** @type {number} */ pid) => {
  try {
    return pid > 0 && pid !== process.pid && process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Waits until nobody else fetches or builds here. Whoever was killed while doing so holds nobody up. */
const takeTurn = () => {
  const turn = builtIn('.turn');
  const own = builtIn(`.turn-${process.pid}`);
  const since = new Int32Array(new SharedArrayBuffer(4));
  fs.mkdirSync('build', { recursive: true });
  fs.writeFileSync(own, String(process.pid));
  process.on('exit', () => fs.rmSync(own, { force: true }));
  for (;;)
    try {
      fs.linkSync(own, turn);
      return () => fs.rmSync(turn);
    } catch (fault) {
      if (/** @type {NodeJS.ErrnoException} */ (fault).code !== 'EEXIST') throw fault;
      const holder = Number(readJson(turn));
      if (Number.isNaN(holder)) continue;
      if (isAlive(holder)) Atomics.wait(since, 0, 0, 200);
      else fs.rmSync(turn, { force: true });
    }
};

if (!isCurrent() || lacksPackages(false)) {
  const leave = takeTurn();
  const willBuild = !isCurrent();
  if (lacksPackages(willBuild)) {
    say('Henter pakker, ett minutt eller to …');
    npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error');
  }
  if (willBuild) {
    say('Bygger …');
    npm('run', '--silent', 'make');
    makeCurrent();
  }
  leave();
}

// What "npm test" needs first.
if (program === 'ready') process.exit(0);

const packaged = path.join(root, 'node_modules', '.bin', 'node');
const runs = spawnSync(packaged, ['--version'], { encoding: 'utf8' }).stdout ?? '';
const node = major(runs) >= 24 ? packaged : process.execPath;
if (node === process.execPath && major(process.version) < 24)
  giveUp('Fant ikke Node 24 i node_modules. Kjør npm ci, eller bruk Node 24.');

// The server gets a group of its own, so that Ctrl-C reaches it once: through us. The channel tells it if we are killed.
const quiet = '--disable-warning=ExperimentalWarning';
const child = isServer
  ? spawn(node, [quiet, 'src/serve.ts'], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: true })
  : spawn(node, [quiet, `src/${program}.ts`, ...given], { stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => isServer && child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : code));

// A killed npm says nothing, and leaves us to another parent.
const parent = process.ppid;
if (process.env.npm_execpath)
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 1000).unref();
