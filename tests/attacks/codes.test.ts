import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { base64url } from '#domain/bytes.ts';
import * as Code from '#domain/code.ts';
import { open } from '#server/clock.ts';
import * as codes from '#server/codes.ts';
import * as gates from '#server/gate.ts';
import { guesses } from '#server/guesses.ts';
import * as rounds from '#server/rounds.ts';
import { person } from '#server/schema.ts';
import { type OwnServer, ownServer } from '#tests/support/server.ts';
import { approvedRound, frozen, town } from '#tests/support/town.ts';

/*
 * Somebody behind the same address as a home guesses codes, a thousand at a time; the home answers meanwhile.
 */
let server: OwnServer;
let round: string;
let right: string[];

beforeAll(async () => {
  server = await ownServer();
  const { main, box } = server;
  Object.assign(process.env, { DATABASE_URL: server.mainUrl, BOX_DATABASE_URL: server.boxUrl });
  const now = new Date();
  await town(main, { A: 60 });
  const [hr] = await main.select().from(person).orderBy(person.employeeNumber);
  const { id } = await approvedRound(main, now, { unitCodes: ['A'] });
  await main.update(person).set({ email: null });
  await frozen(server, id, now);
  round = id;
  const gate = gates.open(
    { personId: hr!.id, name: 'HR', roles: [{ role: 'hr', unit: null }], leads: [], worksIn: [] },
    () => now,
    { stranger: () => expect.fail('stranger'), refused: () => expect.fail('refused') },
  );
  const of = (await rounds.find(main, id))!;
  const printed = await codes.print(main, gate, of, { group: 'all', reserve: null }, async (d) => d, now);
  if (!printed.ok) throw new Error(printed.refusal);
  right = await Promise.all(printed.file.map(async ({ code }) => base64url(await Code.secretOf(code, id))));
  await open(main, box, id, now, null);
});
afterAll(() => server.stop());

const ask = async (secret: string) => {
  const began = performance.now();
  const response = await fetch(`${server.origin}/svar/${round}/invitation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret }),
  });
  await response.text();
  return { status: response.status, took: performance.now() - began };
};
const wrong = () => ask(base64url(randomBytes(16)));

it('slows a thousand wrong codes, and sixty right ones from the same address not at all', async () => {
  const attack = Promise.all(Array.from({ length: 1000 }, wrong));
  const home = [];
  for (const secret of right) home.push(await ask(secret));
  expect(home.length).toBe(60);
  expect(new Set(home.map(({ status }) => status))).toEqual(new Set([200]));
  const done = await attack;
  const told = (status: number) => done.filter((one) => one.status === status);
  expect(told(404).length + told(429).length).toBe(1000);
  // Twenty at once, fifty one after another, one more for each second that the thousand take to come, and the others
  // are told off.
  const came = Math.max(...told(429).map(({ took }) => took)) / 1000;
  expect(told(404).length).toBeLessThanOrEqual(75 + came);
  expect(Math.max(...told(404).map(({ took }) => took))).toBeGreaterThan(45_000);
  const median = home.map(({ took }) => took).sort((a, b) => a - b)[30]!;
  expect(median).toBeLessThan(1000);
});

it('a server that lets all guesses through at once would be seen', async () => {
  const weak = guesses(Date.now, async () => {});
  const began = performance.now();
  for (let i = 0; i < 1000; i++) await weak.wrong('10.0.0.1');
  expect(performance.now() - began).toBeLessThan(45_000);
});
