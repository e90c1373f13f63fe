import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { base64url } from '#domain/bytes.ts';
import * as Code from '#domain/code.ts';
import { fingerprintSigns } from '#domain/keylist.ts';
import { ballotsOf } from '#server/box.ts';
import { open } from '#server/clock.ts';
import { guesses } from '#server/guesses.ts';
import * as rounds from '#server/rounds.ts';
import { person } from '#server/schema.ts';
import { everything, hrGate, printed } from '#tests/support/codes.ts';
import { type OwnServer, ownServer } from '#tests/support/server.ts';
import { approvedRound, frozen, someAnswers, town } from '#tests/support/town.ts';
import { answer } from '#tests/support/voter.ts';

/*
 * Somebody behind the same address as a home guesses codes, a thousand at a time; the home answers meanwhile.
 */
let server: OwnServer;
let round: string;
let right: string[];
let signs: string;
let marks: number[];

beforeAll(async () => {
  server = await ownServer();
  const { main, box } = server;
  Object.assign(process.env, { DATABASE_URL: server.mainUrl, BOX_DATABASE_URL: server.boxUrl });
  const now = new Date();
  await town(main, { A: 60 });
  const [hr] = await main.select().from(person).orderBy(person.employeeNumber);
  const { id, questionnaire } = await approvedRound(main, now, { unitCodes: ['A'] });
  marks = someAnswers(questionnaire, 1);
  await main.update(person).set({ email: null });
  await frozen(server, id, now);
  round = id;
  const of = (await rounds.find(main, id))!;
  signs = fingerprintSigns(of.fingerprint!);
  const drawn = await printed(main, hrGate(hr!.id, now), of, { group: 'all', reserve: null }, now);
  right = await Promise.all(drawn.map(async ({ code }) => base64url(await Code.secretOf(code, id))));
  await open(main, box, id, now, null);
});
afterAll(() => server.stop());

/** Somebody at the home answers from first to last; how long the slowest of it took. */
const answers = async (secret: string) => {
  const began = performance.now();
  const receipt = await answer(`${server.origin}/svar/${round}/nb#${secret}.${signs}`, marks, [0]);
  return { receipt, took: performance.now() - began };
};

/** The three ways to show a code. */
const ways: ((secret: string) => [path: string, body: object | URLSearchParams])[] = [
  (secret) => ['invitation', { secret }],
  (secret) => ['issue', { secret, blinded: secret }],
  (secret) => [
    'uten-skript',
    new URLSearchParams({ code: secret.slice(0, 12), language: 'nb', seed: secret }),
  ],
];

const wrong = async (i: number) => {
  const secret = base64url(randomBytes(i % 3 === 2 ? 32 : 16));
  const [path, body] = ways[i % 3]!(secret);
  const isForm = body instanceof URLSearchParams;
  const began = performance.now();
  const response = await fetch(`${server.origin}/svar/${round}/${path}`, {
    method: 'POST',
    headers: isForm ? { origin: server.origin } : { 'content-type': 'application/json' },
    body: isForm ? body : JSON.stringify(body),
  });
  await response.text();
  return { status: response.status, took: performance.now() - began };
};

it('slows a thousand wrong codes, and sixty answers from the same address not at all', async () => {
  const began = performance.now();
  const attack = Promise.all(Array.from({ length: 1000 }, (_, i) => wrong(i)));
  const home = [];
  for (const secret of right) home.push(await answers(secret));
  expect(new Set(home.map(({ receipt }) => receipt)).size).toBe(60);
  const done = await attack;
  const seconds = (performance.now() - began) / 1000;
  const told = (...statuses: number[]) => done.filter(({ status }) => statuses.includes(status));
  expect(told(404, 400).length + told(429).length).toBe(1000);
  // Twenty at once, fifty in line, another for each second that frees a place; the others are told off.
  expect(told(404, 400).length).toBeLessThanOrEqual(75 + seconds);
  const longest = Math.max(...told(404, 400).map(({ took }) => took));
  expect(longest).toBeGreaterThan(45_000);
  // Nobody stood in that line.
  const median = home.map(({ took }) => took).sort((a, b) => a - b)[30]!;
  expect(median).toBeLessThan(longest / 10);
  expect(await server.box`select from ${server.box(ballotsOf(round))}`).toHaveLength(60);
  // And nothing of where they came from stands anywhere.
  const kept = await everything(server);
  expect(kept).toContain(round);
  for (const address of ['127.0.0.1', '::1', 'localhost'])
    expect(kept.includes(address), address).toBe(false);
});

it('a server that lets all guesses through at once would be seen', async () => {
  const weak = guesses(Date.now, async () => {});
  let through = 0;
  for (let i = 0; i < 1000; i++) if (await weak.wrong('10.0.0.1')) through += 1;
  expect(through).toBe(1000);
});
