// npm test: everything that must hold, each step to its end, one after the other but for those that only read the
// sources. Plain JavaScript for Node 20 and newer, since nothing is installed yet when it begins. Thousands of tests that
// run programs, servers and browsers on a machine that does other things too meet a moment that nobody thought of: what
// fails is run once more. What holds then is told of by name at the end, so that it is mended; what fails again has failed.
// The last lines are all that failed and why, and the sum.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

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
/** What is told at the end of each test that failed. */
const failures = /** @type {string[]} */ ([]);
const unsteady = /** @type {string[]} */ ([]);

/** @typedef {[string, ...string[]]} Command */

const told = (/** @type {string} */ name, /** @type {boolean} */ ok, /** @type {number} */ begun) => {
  console.log(`── ${name}: ${ok ? 'ok' : 'FAILED'}, ${Math.round((Date.now() - begun) / 1000)} s`);
  return ok;
};

/** A step that is heard while it goes on; what it said last is kept. */
const run = (/** @type {string} */ name, /** @type {Command} */ [command, ...args], more = {}) =>
  new Promise((/** @type {(ended: { ok: boolean, last: string }) => void} */ done) => {
    console.log(`\n── ${name}`);
    const begun = Date.now();
    const child = spawn(command, args, { stdio: ['inherit', 'pipe', 'pipe'], env: { ...env, ...more } });
    let last = '';
    for (const [from, to] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]))
      from.setEncoding('utf8').on('data', (part) => {
        to.write(part);
        last = (last + part).slice(-20_000);
      });
    child.on('error', (fault) => (last += fault.message));
    child.on('close', (code) => done({ ok: told(name, code === 0, begun), last }));
  });

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

const count = (/** @type {string} */ name, /** @type {boolean} */ ok) => {
  if (ok) return passed++;
  failed++;
  failures.push(name);
};

/** @typedef {{ passed: number, failed: { file: string, name: string, why: string }[] }} Report */
/** @typedef {{ command: Command, read: (report: any) => Report, more?: object }} Suite */

const once = async (/** @type {string} */ name, /** @type {Suite} */ { command, read, more }) => {
  const file = path.join(reports, 'report.json');
  fs.rmSync(file, { force: true });
  const words = /** @type {Command} */ (command.map((word) => word.replace('REPORT', file)));
  const { ok, last } = await run(name, words, { ...more, PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  const { passed, failed } = fs.existsSync(file)
    ? read(JSON.parse(fs.readFileSync(file, 'utf8')))
    : { passed: 0, failed: [] };
  // Such as a fault that belongs to no test.
  if (!ok && failed.length === 0)
    failed.push({ file: '', name: 'none of its tests', why: short([last], -40) });
  return { ok, passed, failed };
};
const about = (/** @type {Report['failed'][number]} */ { file, name, why }) =>
  `${[file, name].filter(Boolean).join(' › ')}\n${why}`;

/** A step that counts as many as its report says, and what belongs to no test as one. */
const suite = async (/** @type {string} */ name, /** @type {Suite} */ of) => {
  const first = await once(name, of);
  passed += first.passed;
  if (first.ok) return;
  const files = [...new Set(first.failed.map(({ file }) => file))];
  // Many that fail have one reason, and it is none of chance. The demo is a new one: the first is not as it was.
  const again =
    files.length > 5
      ? first
      : await once(`${name}, once more`, {
          command: [...of.command, ...files.filter(Boolean)],
          read: of.read,
        });
  const isStill = (/** @type {Report['failed'][number]} */ one) =>
    again.failed.some(({ file, name: test }) => file === one.file && test === one.name);
  passed += first.failed.filter((one) => one.file && !isStill(one)).length;
  unsteady.push(...first.failed.filter((one) => !isStill(one)).map(about));
  failed += again.failed.length;
  failures.push(...again.failed.map(about));
};

/** So many lines of it: the first, or with a minus the last. */
const short = (/** @type {string[]} */ messages, lines = 25) =>
  stripVTControlCharacters(messages.join('\n'))
    .split('\n')
    .slice(...(lines < 0 ? [lines] : [0, lines]))
    .join('\n');
const relative = (/** @type {string} */ file) => path.relative(root, path.resolve(root, file));

const end = () => {
  for (const folder of [reports, town]) fs.rmSync(folder, { recursive: true });
  for (const one of unsteady) console.log(`\n── failed once, held the second time: ${one}`);
  for (const one of failures) console.log(`\n── FAILED: ${one}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
};

const ready = await run('install and build', [process.execPath, 'start.js', 'ready']);
count('install and build', ready.ok);
if (!ready.ok) end();

const checks = await Promise.all([
  beside('types', ['svelte-check', '--fail-on-warnings', '--output', 'human']),
  beside('lint', ['eslint', '.', '--max-warnings', '0']),
  beside('format', ['prettier', '--check', '--log-level', 'warn', '.']),
]);
for (const [i, name] of ['types', 'lint', 'format'].entries()) count(name, checks[i] === true);
await suite('rules, databases, attacks', {
  command: ['vitest', 'run', '--reporter=default', '--reporter=json', '--outputFile.json=REPORT'],
  more: { START_DATA_DIR: demo },
  read: (report) => ({
    passed: report.numPassedTests,
    failed: report.testResults.flatMap((/** @type {any} */ { name, status, message, assertionResults }) => {
      const file = relative(name);
      const tests = assertionResults.filter((/** @type {any} */ one) => one.status === 'failed');
      if (status === 'failed' && tests.length === 0)
        return [{ file, name: 'the file', why: short([message]) }];
      return tests.map((/** @type {any} */ one) => ({
        file,
        name: one.fullName,
        why: short(one.failureMessages),
      }));
    }),
  }),
});
await suite('journeys', {
  command: ['playwright', 'test', '--reporter=line,json'],
  more: { JOURNEYS_DATA_DIR: demo },
  read: ({ stats, suites }) => {
    const specs = (/** @type {any} */ of) => [
      ...(of.specs ?? []),
      ...(of.suites ?? []).flatMap((/** @type {any} */ inner) => specs(inner)),
    ];
    return {
      passed: stats.expected,
      failed: suites
        .flatMap(specs)
        .filter((/** @type {any} */ spec) => !spec.ok)
        .map((/** @type {any} */ spec) => ({
          file: relative(path.join('tests/journeys', spec.file)),
          name: spec.title,
          why: short(
            spec.tests.flatMap((/** @type {any} */ test) =>
              test.results.flatMap((/** @type {any} */ { errors: own }) =>
                own.map((/** @type {any} */ error) => error.message ?? ''),
              ),
            ),
          ),
        })),
    };
  },
});
end();
