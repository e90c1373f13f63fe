import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base64url } from '#domain/bytes.ts';
import type { Keylist } from '#domain/keylist.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import {
  freePort,
  linkOf,
  medvirk,
  type Program,
  repository,
  request,
  startProgram,
} from '#tests/support/program.ts';
import { approvedRound, openInEarnest, type OpenRound, town } from '#tests/support/town.ts';

/*
 * Who wants to mark somebody's ballot gives that one person another key, list, page or script. So all in a group must
 * get the same bytes, whatever their browser tells of them, as long as the round lives: also from the next version of
 * the program.
 */
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk-upgraded-'));
let t: TestDatabases;
let port: number;
let program: Program;
let round: OpenRound;
let paths: string[];

beforeAll(async () => {
  t = await testDatabases();
  port = await freePort();
  const origin = `http://localhost:${port}`;
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl, ORIGIN: origin });
  await town(t.main, { A: 9, B: 12 });
  round = await openInEarnest(t, origin);
  program = await startProgram({ ...t, port });
  const list = await request(`${origin}/svar/${round.id}/keylist.json`);
  const { files, groups } = JSON.parse(list.bytes.toString()) as Keylist;
  paths = [
    'keylist.json',
    ...Object.keys(files).map((file) => file.replace(/\/$/, '')),
    ...groups.flatMap(({ id }) => [`key/${id}`, `group/${id}`]),
  ];
});
afterAll(async () => {
  await program?.stop();
  await t.stop();
  fs.rmSync(folder, { recursive: true });
});

/** What browsers tell of who sits in front of them. */
const people: Record<string, Record<string, string>> = {
  'nothing told': {},
  'a phone in English': {
    'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1',
    'accept-language': 'en-GB,en;q=0.9',
    'accept-encoding': 'gzip, deflate, br',
    cookie: 'PARAGLIDE_LOCALE=en; session=aaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbb; theme=dark',
  },
  'an old machine in nynorsk': {
    'user-agent': 'Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko',
    'accept-language': 'nn-NO,nn',
    'accept-encoding': 'gzip',
    accept: 'text/html',
    cookie: 'PARAGLIDE_LOCALE=nn',
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-proto': 'http',
    referer: 'https://intranett.example/person/1042',
  },
  'a program': {
    'user-agent': 'medvirk-check/1',
    accept: 'application/json',
    'accept-encoding': 'br',
    dnt: '1',
    'sec-gpc': '1',
    'save-data': 'on',
    'sec-ch-prefers-color-scheme': 'dark',
    origin: 'https://other.example',
    'if-none-match': '"another"',
    range: 'bytes=0-9',
  },
};

const unpacked = (bytes: Buffer, how: string | undefined) =>
  how === 'br' ? brotliDecompressSync(bytes) : how === 'gzip' ? gunzipSync(bytes) : bytes;
/** These tell of the connection and the packing, and of no person. */
const ofTheWay = /^(date|connection|keep-alive|transfer-encoding|content-encoding|content-length|etag)$/;

/** All that this person gets at an address: the bytes as a hash, and the headers. */
async function given(address: string, headers: Record<string, string>) {
  const reply = await request(address, { headers });
  const bytes = unpacked(reply.bytes, reply.headers['content-encoding']);
  const told = Object.entries(reply.headers).filter(([name]) => !ofTheWay.test(name));
  return JSON.stringify([reply.status, createHash('sha256').update(bytes).digest('hex'), told.sort()]);
}

/** How many different things the four get there. */
const kinds = async (address: string) =>
  new Set(await Promise.all(Object.values(people).map((headers) => given(address, headers)))).size;

const all = async () =>
  Object.fromEntries(
    await Promise.all(
      paths.map(async (file) => [file, await given(`${program.origin}/svar/${round.id}/${file}`, {})]),
    ),
  ) as Record<string, string>;

it('a page that goes by the reader’s language is seen to differ', async () => {
  expect(await kinds(`${program.origin}/sjekk/${round.id}`)).toBeGreaterThan(1);
});

describe('everybody in a group gets the same', () => {
  let before: Record<string, string>;

  it('whatever their browser tells', async () => {
    expect(paths).toHaveLength(15);
    for (const file of paths) expect(await kinds(`${program.origin}/svar/${round.id}/${file}`), file).toBe(1);
    before = await all();
    expect(Object.values(before).filter((one) => !one.startsWith('[200,'))).toEqual([]);
    expect(JSON.stringify(before)).not.toContain('cookie');
  });

  it('but for the key of their own drafts, which opens nothing on a server', async () => {
    const replies = [];
    for (const link of round.links) {
      const body = JSON.stringify({ secret: base64url(linkOf(link).secret) });
      const headers = { 'content-type': 'application/json', ...people['a phone in English'] };
      const reply = await request(`${program.origin}/svar/${round.id}/invitation`, { headers, body });
      const text = unpacked(reply.bytes, reply.headers['content-encoding']).toString();
      const { draftKey, group, ...rest } = JSON.parse(text) as Record<string, unknown>;
      expect(draftKey).toMatch(/^[\w-]{43}$/);
      replies.push({ group, rest });
    }
    expect(new Set(replies.map(({ rest }) => JSON.stringify(rest))).size).toBe(1);
  });

  it('from the next version of the program too, whose own pages, script and style are others', async () => {
    for (const part of ['src', 'drizzle', 'package.json', 'build-answer'])
      fs.cpSync(path.join(repository, part), path.join(folder, part), { recursive: true });
    fs.cpSync(fs.realpathSync(path.join(repository, 'build/current')), path.join(folder, 'build/current'), {
      recursive: true,
    });
    fs.symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
    fs.appendFileSync(path.join(folder, 'build-answer/answer.js'), '\n// another version\n');
    fs.appendFileSync(path.join(folder, 'build-answer/answer.css'), '\n/* another version */\n');
    for (const part of ['src/lib/paraglide', 'build/current'])
      for (const name of fs.readdirSync(path.join(folder, part), { recursive: true, encoding: 'utf8' })) {
        const file = path.join(folder, part, name);
        if (!/\.js$/.test(name) || !fs.statSync(file).isFile()) continue;
        const code = fs.readFileSync(file, 'utf8');
        if (/[`'"]Begynn[`'"]/.test(code))
          fs.writeFileSync(file, code.replace(/([`'"])Begynn([`'"])/g, '$1Sett i gang$2'));
      }

    await program.stop();
    program = await startProgram({ ...t, port, folder });
    const { id } = await approvedRound(t.main, new Date(), { name: 'Employee survey' });
    const env = { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl, PORT: String(port) };
    await medvirk(['round', 'freeze', id, '--key-file', path.join(folder, 'key.json')], env, folder);
    const text = async (roundId: string, file: string) =>
      (await request(`${program.origin}/svar/${roundId}/${file}`)).bytes.toString();
    // Whoever does not freeze would now give something else, half-way through the round.
    expect(
      [await text(id, 'nb'), await text(round.id, 'nb')].map((page) => page.includes('Sett i gang')),
    ).toEqual([true, false]);
    for (const file of ['answer.js', 'answer.css'])
      expect(
        [await text(id, file), await text(round.id, file)].map((one) => one.includes('another version')),
      ).toEqual([true, false]);
    expect(await all()).toEqual(before);
    for (const file of paths) expect(await kinds(`${program.origin}/svar/${round.id}/${file}`), file).toBe(1);
  });
});
