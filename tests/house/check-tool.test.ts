import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
  witnessed = Buffer.from(JSON.stringify({ ...listed, promise: 'witnesses', locks }));
  files.set('receipts.txt', Buffer.from(receipts.map((one) => `${one}\n`).join('')));
  server = createServer((asked, reply) => {
    const found = (asked.url ?? '').slice(`/svar/${id}/`.length);
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

it('says the check words of witnesses, as they stand on the sheets', async () => {
  const words = await Promise.all(points.map(checkWord));
  const { said } = await run([at, signs], (path, bytes) => (path === 'keylist.json' ? witnessed : bytes));
  expect(said).not.toContain('Vitnenes kontrollord');
  const own = fingerprintPrint(createHash('sha256').update(witnessed).digest());
  const told = await run([at, own], (path, bytes) => (path === 'keylist.json' ? witnessed : bytes));
  expect(told.said).toContain(`Vitnenes kontrollord: ${words.join(', ')}.`);
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
    ['sends another group file', swapped(/^nb\/group\/0003$/), /Gruppefila til .* er et annet/],
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
    expect(said).toContain('Kvitteringen din står ikke i lista');
    expect(code).toBe(1);
  });

  it('is not the one the poster stands for', async () => {
    const { code } = await run([at, signs.replace(/^./, (s) => (s === '0' ? '1' : '0'))]);
    expect(code).toBe(1);
  });
});

it.each([[[]], [['http://127.0.0.1:1/svar/abc', 'x']], [['ftp://x/svar/abcdefgh', 'x']]])(
  'asked wrongly (%o) it says how to ask',
  async (words) => {
    const { code, said } = await run(words);
    expect(said).toContain('Skriv: node tools/check.js');
    expect(code).toBe(2);
  },
);
