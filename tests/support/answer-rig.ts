/**
 * A small server for trying the answering page by hand: `node tests/support/answer-rig.ts [questionnaire] [port]`.
 * It freezes a sample in memory and signs with real keys. No test rests on it.
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, createServer } from 'node:http';
import { brotliCompressSync } from 'node:zlib';
import { base64url, fromBase64url } from '#domain/bytes.ts';
import { closingKeyPair } from '#domain/closing-key.ts';
import { byDefault } from '#domain/help.ts';
import * as Keylist from '#domain/keylist.ts';
import type * as Questionnaire from '#domain/questionnaire.ts';
import { render } from '#server/answer-page.ts';
import * as showCard from '#server/show-card.ts';
import { sign, verify } from '#server/blind-signing.ts';

const [name = 'employee', port = '4100'] = process.argv.slice(2);
const read = (path: string) => readFileSync(new URL(path, import.meta.url));
const sha256 = (of: Uint8Array | string) => createHash('sha256').update(of).digest('base64url');
const questionnaire: Questionnaire.Questionnaire = JSON.parse(
  read(`../../src/lib/domain/questionnaires/${name}.json`).toString(),
);
const round = { id: 'h7k2m9qd', name: 'Høsten 2026' };
const thresholds = { factor: 5, statement: 10, invited: 7 };
const languages = ['nb', 'nn', 'en'];
const built = name === 'resident' ? name : 'answer';
const [script, style] = [read(`../../build-answer/${built}.js`), read(`../../build-answer/${built}.css`)];
const [scriptHash, styleHash] = [sha256(script), sha256(style)];
const page = { round, questionnaire, languages, boxOrigin: '', thresholds, scriptHash, styleHash };
const options = { promise: 'operator', dryRun: false, demo: true, codes: true, help: byDefault } as const;
const integrity = `sha256-${createHash('sha256').update(script).digest('base64')}`;
const csp = `default-src 'none'; script-src '${integrity}'; style-src 'self'; img-src data:; connect-src 'self'`;

const files = new Map<string, { type: string; bytes: Uint8Array }>();
const put = (path: string, type: string, bytes: Uint8Array) => files.set(path, { type, bytes });
put('answer.js', 'text/javascript', script);
put('answer.css', 'text/css', style);
for (const language of languages) {
  const own = { ...page, ...options, language };
  put(`${language}/`, 'text/html; charset=utf-8', Buffer.from(render(own)));
  for (const { path, contentType, bytes } of await showCard.files(own))
    put(`${language}/${path}`, contentType, bytes);
}

const pairs = Array.from({ length: 3 }, (_, i) => ({
  id: String(i + 1).padStart(4, '0'),
  ...generateKeyPairSync('rsa', { modulusLength: 3072 }),
}));
const closing = await closingKeyPair(crypto);
const groups = pairs.map(({ id, publicKey }, i): Keylist.KeylistGroup => {
  const its = {
    name: i ? `Avdeling ${id}, Fjellbygda` : 'Strandheimen, avdeling Nord og Sør',
    invited: i === 1 ? 4 : 23,
  };
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  put(`key/${id}`, 'application/octet-stream', spki);
  const told = (language: string): Keylist.GroupWords => ({
    ...its,
    together: i ? [] : ['Avdeling Nord', 'Avdeling Sør'],
    last: `Vi fikk et nytt ringesystem på avdelingen.\nVaktskiftene fikk et kvarter til felles gjennomgang. (${language})`,
  });
  const bytes = Keylist.canonicalBytes(
    Object.fromEntries(languages.map((language) => [language, told(language)])),
  );
  put(`group/${id}`, 'application/json', bytes);
  return { id, ...its, key: sha256(spki), file: sha256(bytes) };
});
const keylist = Keylist.canonicalBytes({
  format: 'medvirk-keylist/1',
  round: round.id,
  dryRun: false,
  promise: 'operator',
  files: Object.fromEntries(
    [...files].filter(([path]) => !/key|group/.test(path)).map(([path, { bytes }]) => [path, sha256(bytes)]),
  ),
  thresholds,
  smallestGroup: 7,
  sealedPlain: 64,
  locks: [[closing.publicKey]],
  groups,
});
put('keylist.json', 'application/json', keylist);
const fingerprint = Keylist.fingerprintSigns(await Keylist.fingerprint(keylist));

type Invited = { group: string; draftKey: string; phase: string; blinded?: string };
const invited = new Map<string, Invited>();
const taken = new Map<string, string>();
function invite(group = '0001', phase = 'open'): string {
  const secret = base64url(randomBytes(16));
  invited.set(secret, { group, phase, draftKey: base64url(randomBytes(32)) });
  return `http://localhost:${port}/svar/${round.id}/nb#${secret}.${fingerprint}`;
}

async function body(request: IncomingMessage): Promise<Record<string, string>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

async function reply(path: string, asked: Record<string, string>): Promise<[number, object]> {
  if (path === `box/${round.id}`) {
    const { group, prefix, token, signature, sealed } = asked;
    const pair = pairs.find(({ id }) => id === group);
    const [a, b, c] = [prefix, token, signature].map((one) => fromBase64url(one) ?? new Uint8Array());
    if (!pair || !verify(pair.publicKey, a!, b!, c!)) return [400, { refusal: 'invalid' }];
    const receipt = createHash('sha256').update(b!).digest('hex');
    if ((taken.get(receipt) ?? sealed) !== sealed) return [409, { refusal: 'used' }];
    taken.set(receipt, sealed!);
    return [200, { receipt }];
  }
  const found = invited.get(asked.secret!);
  if (!found) return [404, { refusal: 'unknown' }];
  const { group, draftKey, phase, blinded } = found;
  if (path.endsWith('/invitation')) {
    const [opens, stops] = ['2026-11-09T07:00:00Z', '2026-11-30T22:59:00Z'];
    return [
      200,
      { group, draftKey, phase, state: blinded ? 'fetched' : 'ready', opens, stops, results: '2026-12-28' },
    ];
  }
  if (blinded && blinded !== asked.blinded) return [409, { refusal: 'fetched' }];
  found.blinded = asked.blinded;
  const signed = await sign(pairs.find(({ id }) => id === group)!.privateKey, fromBase64url(asked.blinded)!);
  return signed.ok ? [200, { signature: base64url(signed.signature) }] : [400, { refusal: 'malformed' }];
}

createServer(async (request, response) => {
  const path = new URL(request.url!, 'http://localhost').pathname.slice(1);
  if (path === 'link') {
    const [group, phase] = [request.headers['x-group'], request.headers['x-phase']] as string[];
    return response.end(invite(group, phase));
  }
  if (request.method === 'POST') {
    const [status, told] = await reply(path, await body(request));
    return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(told));
  }
  const asked = path.replace(`svar/${round.id}/`, '');
  const found = files.get(asked) ?? files.get(`${asked}/`);
  if (!found) return response.writeHead(404).end();
  const policy = found.type.startsWith('text/html') && { 'content-security-policy': csp };
  response.writeHead(200, { 'content-type': found.type, 'content-encoding': 'br', ...policy });
  response.end(brotliCompressSync(found.bytes));
}).listen(Number(port), () => {
  const sizes = ['nb/', 'answer.js', 'answer.css', 'keylist.json', 'group/0001', 'key/0001'].map((path) => {
    const size = brotliCompressSync(files.get(path)!.bytes).length;
    return [path, size] as const;
  });
  for (const [path, size] of sizes) console.log(`${path}: ${size} bytes`);
  console.log(`first visit: ${sizes.reduce((sum, [, size]) => sum + size, 0)} bytes and headers`);
  console.log(invite());
});
