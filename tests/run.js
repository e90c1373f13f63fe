// npm test: everything that must hold, each step to its end, one after the other but for those that only read the
// sources. Plain JavaScript for Node 20 and newer, since nothing is installed yet when it begins. The last line is the
// sum.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk-reports-'));
// The demo that tests/house/start.test.ts starts, stops and kills is the one that the journeys then go through. The
// servers run as somebody else.
const town = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk demo-'));
fs.chmodSync(town, 0o711);
const demo = path.join(town, 'data');

// The tests bring what they need; no setting of whoever runs them may change their outcome.
const settings =
  /^(DATABASE_URL|BOX_DATABASE_URL|HOST|PORT|ORIGIN|BOX_ORIGIN|DATA_DIR|SMTP_URL|MAIL_FROM|SMS_URL|SMS_TOKEN|SMS_SENDER|MEDVIRK_NOW|MUNICIPALITY|NODE_ENV|BODY_SIZE_LIMIT)$/;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.test(name)));
env.PATH = [path.join(root, 'node_modules', '.bin'), env.PATH].join(path.delimiter);

let passed = 0;
let failed = 0;

/** @typedef {[string, ...string[]]} Command */

const told = (/** @type {string} */ name, /** @type {boolean} */ ok, /** @type {number} */ begun) => {
  console.log(`── ${name}: ${ok ? 'ok' : 'FAILED'}, ${Math.round((Date.now() - begun) / 1000)} s`);
  return ok;
};

const run = (/** @type {string} */ name, /** @type {Command} */ [command, ...args], more = {}) => {
  console.log(`\n── ${name}`);
  const begun = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...env, ...more } });
  return told(name, status === 0, begun);
};

/** A step beside others: what it says comes in one piece when it ends. */
const beside = (/** @type {string} */ name, /** @type {Command} */ [command, ...args]) =>
  new Promise((/** @type {(ok: boolean) => void} */ done) => {
    const begun = Date.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    /** @type {Buffer[]} */
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => said.push(part));
    child.on('error', (fault) => said.push(Buffer.from(fault.message)));
    child.on('close', (code) => {
      console.log(`\n── ${name}`);
      process.stdout.write(Buffer.concat(said));
      done(told(name, code === 0, begun));
    });
  });

const count = (/** @type {boolean} */ ok) => {
  if (ok) passed++;
  else failed++;
};

/** A step that counts as many as its report says, and as one failure when it fails without naming any. */
const suite = (
  /** @type {string} */ name,
  /** @type {Command} */ command,
  /** @type {(report: any) => { passed: number, failed: number }} */ read,
  more = {},
) => {
  const file = path.join(reports, `${name.replaceAll(' ', '-')}.json`);
  const ok = run(name, /** @type {Command} */ (command.map((word) => word.replace('REPORT', file))), {
    ...more,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  const sum = fs.existsSync(file)
    ? read(JSON.parse(fs.readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0 };
  passed += sum.passed;
  failed += ok ? sum.failed : Math.max(1, sum.failed);
};

const end = () => {
  for (const folder of [reports, town]) fs.rmSync(folder, { recursive: true });
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
};

const isReady = run('install and build', [process.execPath, 'start.js', 'ready']);
count(isReady);
if (!isReady) end();

for (const ok of await Promise.all([
  beside('types', ['svelte-check', '--fail-on-warnings', '--output', 'human']),
  beside('lint', ['eslint', '.', '--max-warnings', '0']),
  beside('format', ['prettier', '--check', '--log-level', 'warn', '.']),
]))
  count(ok);
suite(
  'rules, databases, attacks',
  ['vitest', 'run', '--reporter=default', '--reporter=json', '--outputFile.json=REPORT'],
  (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests }),
  { START_DATA_DIR: demo },
);
suite(
  'journeys',
  ['playwright', 'test', '--reporter=line,json'],
  ({ stats }) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected }),
  { JOURNEYS_DATA_DIR: demo },
);
end();
