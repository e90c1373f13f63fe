import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintPrint } from '#domain/keylist.ts';
import { locksOf } from '#domain/opening.ts';
import { checkWord, draw } from '#domain/sheet.ts';
import { round, roundFile } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { approvedRound, frozen, town } from '#tests/support/town.ts';

/*
 * tools/check.js against a real frozen round, served by a server that may cheat. Each way of cheating is planted
 * once, so that we know the checker sees it.
 */

const tool = path.resolve(import.meta.dirname, '../../tools/check.js');
const receipts = ['0a'.repeat(32), 'b1'.repeat(32)];
type Cheat = (path: string, bytes: Buffer, asked: IncomingMessage) => Buffer | null;
const honest: Cheat = (_path, bytes) => bytes;

let test: TestDatabases;
let server: Server;
let at: string;
let signs: string;
let cheat = honest;
/** The same round's keylist as it would be with three witnesses. */
let witnessed: Buffer;
let points: string[];
/** The script that witnesses open with, in the keylist and as a file of one's own. */
const script = Buffer.from('the script');
const own = path.join(mkdtempSync(path.join(tmpdir(), 'script-')), 'witness.js');
let witnessedSigns: string;

beforeAll(async () => {
  test = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: test.mainUrl, BOX_DATABASE_URL: test.boxUrl });
  const now = new Date('2027-02-01T08:00:00Z');
  await town(test.main);
  const { id } = await approvedRound(test.main, now);
  await frozen(test, id, now);
  const [kept] = await test.main.select().from(round).where(eq(round.id, id));
  signs = fingerprintPrint(kept!.fingerprint!).toUpperCase();
  const rows = await test.main.select().from(roundFile).where(eq(roundFile.roundId, id));
  const files = new Map(rows.map((row) => [row.path, Buffer.from(row.bytes)]));
  const listed = JSON.parse(files.get('keylist.json')!.toString());
  points = await Promise.all([0, 1, 2].map(async () => (await draw(crypto)).point));
  const locks = locksOf(points as [string, string, string]);
  const witnessScript = createHash('sha256').update(script).digest('base64url');
  witnessed = Buffer.from(JSON.stringify({ ...listed, promise: 'witnesses', locks, witnessScript }));
  witnessedSigns = fingerprintPrint(createHash('sha256').update(witnessed).digest());
  writeFileSync(own, script);
  files.set('/witness/script', script);
  files.set('receipts.txt', Buffer.from(receipts.map((one) => `${one}\n`).join('')));
  server = createServer((asked, reply) => {
    const found = (asked.url ?? '').replace(`/svar/${id}/`, '');
    const bytes = cheat(found, files.get(found) ?? files.get(`${found}/`) ?? Buffer.alloc(0), asked);
    reply.writeHead(bytes && bytes.length > 0 ? 200 : 404).end(bytes);
  }).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}/svar/${id}`;
});
afterAll(async () => {
  server.close();
  await test.stop();
});

const run = (words: string[], as: Cheat = honest) => {
  cheat = as;
  return new Promise<{ code: number; said: string }>((resolve) =>
    execFile(process.execPath, [tool, ...words], (fault, out, err) =>
      resolve({ code: Number(fault?.code ?? 0), said: out + err }),
    ),
  );
};

it('finds nothing wrong with an honest round, and the receipt of an answer that was counted', async () => {
  const { code, said } = await run([at, signs, receipts[1]!.slice(0, 16)]);
  expect(said).toContain('Svaret ditt er med.');
  expect(said).toContain('Alt er likt for alle');
  expect(code).toBe(0);
});

/** A round with witnesses, before its answers are counted. */
const withWitnesses =
  (as: Cheat = honest): Cheat =>
  (path, bytes, asked) => {
    if (path === 'receipts.txt') return null;
    return as(path, path === 'keylist.json' ? witnessed : bytes, asked);
  };

it('says the check words of witnesses, as they stand on the sheets', async () => {
  const words = await Promise.all(points.map(checkWord));
  const { said } = await run([at, signs], (path, bytes) => (path === 'keylist.json' ? witnessed : bytes));
  expect(said).not.toContain('Vitnenes kontrollord');
  const told = await run([at, witnessedSigns], withWitnesses());
  expect(told.said).toContain(`Vitnenes kontrollord: ${words.join(', ')}.`);
  expect(told.said).toContain('Skriptet som vitnene åpner med, har SHA-256');
  expect(told.code).toBe(0);
});

describe('the script that witnesses open with', () => {
  const another: Cheat = (path, bytes) => (path === '/witness/script' ? Buffer.from('another') : bytes);
  const toOne: Cheat = (path, bytes, asked) =>
    path === '/witness/script' && asked.headers.cookie ? Buffer.from('another') : bytes;

  it.each<[string, Cheat, string[], number, RegExp]>([
    ['is the one of the freezing', honest, [], 0, /Alt er likt for alle/],
    ['is the one that was built', honest, ['--script', own], 0, /Alt er likt for alle/],
    ['is another since the freezing', another, [], 1, /er et annet enn da undersøkelsen ble låst/],
    ['is another than what was built', another, ['--script', own], 1, /annet enn filen du sammenligner med/],
    ['is another for whoever is signed in', toOne, [], 1, /script er ikke likt for alle/],
  ])('%s', async (_, as, more, code, says) => {
    const told = await run([at, witnessedSigns, ...more], withWitnesses(as));
    expect(told.said).toMatch(says);
    expect(told.code).toBe(code);
  });

  it('matters no more when the answers are counted', async () => {
    const counted: Cheat = (path, bytes, asked) =>
      path === 'receipts.txt' ? bytes : withWitnesses(another)(path, bytes, asked);
    expect((await run([at, witnessedSigns], counted)).code).toBe(0);
  });
});

const swapped =
  (what: RegExp): Cheat =>
  (at, bytes) =>
    what.test(at) ? Buffer.concat([bytes, Buffer.from(' ')]) : bytes;

describe('sees a server that', () => {
  it.each<[string, Cheat, RegExp]>([
    ['sends another keylist', swapped(/^keylist/), /Tegnene stemmer ikke/],
    ['sends another page', swapped(/^nn\/$/), /nn\/ er et annet/],
    ['sends another script', swapped(/^answer\.js$/), /answer\.js er et annet/],
    ['sends another group file', swapped(/^group\/0003$/), /Gruppefilen til .* er et annet/],
    ['lacks a key', (at, bytes) => (at === 'key/0003' ? null : bytes), /Nøkkelen til .* finnes ikke/],
    [
      'sends one language something of its own',
      (at, bytes, asked) =>
        at === 'answer.css' && asked.headers['accept-language'] === 'pl' ? Buffer.from('x') : bytes,
      /answer\.css er ikke likt for alle/,
    ],
    [
      'sends whoever is signed in something of their own',
      (at, bytes, asked) => (at === 'key/0003' && asked.headers.cookie ? Buffer.from('x') : bytes),
      /key\/0003 er ikke likt for alle/,
    ],
    [
      'counts one answer twice',
      (at, bytes) => (at === 'receipts.txt' ? Buffer.concat([bytes, bytes]) : bytes),
      /En kvittering står to ganger/,
    ],
  ])('%s', async (_, as, says) => {
    const { code, said } = await run([at, signs], as);
    expect(said).toMatch(says);
    expect(code).toBe(1);
  });

  it('has not counted an answer', async () => {
    const { code, said } = await run([at, signs, 'cc'.repeat(8)]);
    expect(said).toContain('Kvitteringen din står ikke i listen');
    expect(code).toBe(1);
  });

  it('is not the one the poster stands for', async () => {
    const { code } = await run([at, signs.replace(/^./, (s) => (s === '0' ? '1' : '0'))]);
    expect(code).toBe(1);
  });
});

it.each([
  [[]],
  [['http://127.0.0.1:1/svar/abc', 'x']],
  [['ftp://x/svar/abcdefgh', 'x']],
  [['http://127.0.0.1:1/svar/abcdefgh', 'x', '--script']],
])('asked wrongly (%o) it says how to ask', async (words) => {
  const { code, said } = await run(words);
  expect(said).toContain('Skriv: node tools/check.js');
  expect(code).toBe(2);
});
