import { spawn } from 'node:child_process';
import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { base64url } from '#domain/bytes.ts';
import { connectBox, connectMain } from '#server/db.ts';
import type { ownClusters } from '#tests/support/databases.ts';
import { openRound, type Papers, someBlinded } from '#tests/support/papers.ts';
import { town } from '#tests/support/town.ts';

type Clusters = Awaited<ReturnType<typeof ownClusters>>;
const seconds = 4;
const atOnce = 8;

/** How often a second something runs, so many at once, until the time is up or there is no more to do. */
async function rate(lanes: number, run: (i: number) => Promise<unknown>, most = Infinity): Promise<number> {
  let next = 0;
  const from = performance.now();
  const lane = async () => {
    while (next < most && performance.now() - from < seconds * 1000) await run(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return next / ((performance.now() - from) / 1000);
}

const bareSigning = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const blinded = someBlinded();
  return rate(1, async () => privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, blinded));
};

async function bareInserts(url: string): Promise<number> {
  const sql = postgres(url, { max: atOnce });
  await sql`create table bare_one (a bytea, b bytea)`;
  await sql`create table bare_two (a bytea, b bytea)`;
  const [small, large] = [Buffer.alloc(32, 1), Buffer.alloc(194, 2)];
  const both = () =>
    sql.begin(async (tx) => {
      await tx`insert into bare_one values (${small}, ${small})`;
      await tx`insert into bare_two values (${small}, ${large})`;
    });
  await rate(atOnce, both, 100);
  const found = await rate(atOnce, both);
  await sql`drop table bare_one, bare_two`;
  await sql.end();
  return found;
}

const freePort = () =>
  new Promise<number>((found) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => found(port));
    });
  });

const agent = new http.Agent({ keepAlive: true, maxSockets: 2 * atOnce });
const post = (url: string, body: string) =>
  new Promise<void>((done, failed) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) done();
        else failed(new Error(`${url} answered ${response.statusCode}`));
      });
    });
    request.on('error', failed).end(body);
  });

/** Fetching a paper and posting a ballot, through HTTP, against one process of the built app. */
async function complete(clusters: Clusters, { roundId, held }: Papers): Promise<number> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = { ...process.env, HOST: '127.0.0.1', PORT: String(port), ORIGIN: origin };
  const app = spawn(process.execPath, ['build/current/index.js'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    while (
      !(await fetch(`${origin}/readyz`).then(
        (r) => r.ok,
        () => false,
      ))
    )
      await sleep(50);
    const bodies = held.map(({ secret, blinded, ballot }) => ({
      issue: JSON.stringify({ secret: base64url(secret), blinded: base64url(blinded) }),
      box: JSON.stringify({
        group: ballot.group,
        ...Object.fromEntries(
          (['prefix', 'token', 'signature', 'sealed'] as const).map((key) => [key, base64url(ballot[key])]),
        ),
      }),
    }));
    const answer = async (i: number) => {
      await post(`${origin}/svar/${roundId}/issue`, bodies[i]!.issue);
      await post(`${origin}/box/${roundId}`, bodies[i]!.box);
    };
    const warm = 100;
    await rate(atOnce, answer, warm);
    return await rate(2 * atOnce, (i) => answer(i + warm), held.length - warm);
  } finally {
    app.kill('SIGKILL');
    agent.destroy();
  }
}

export async function* answers(clusters: Clusters) {
  const { main, sql } = connectMain(clusters.main.url);
  const box = connectBox(clusters.box.url);
  try {
    await town(main);
    const signing = await bareSigning();
    const inserts = await bareInserts(clusters.main.url);
    yield { what: 'native RSA-3072 signings per second, one thread', value: Math.round(signing) };
    yield { what: 'two-insert transactions with fsync per second, 8 clients', value: Math.round(inserts) };
    if (!fs.existsSync('build/current/index.js')) {
      yield { what: 'complete answers per second', value: null, why: 'npm run build first' };
      return;
    }
    const papers = await openRound({ main, box }, { groups: 20, each: 100 });
    const value = await complete(clusters, papers);
    yield {
      what: 'complete answers (fetch and submit) per second over HTTP, one app process',
      value: Math.round(value),
      ofSlowerBareRate: Number((value / Math.min(signing, inserts)).toFixed(2)),
      budget: 0.5,
    };
  } finally {
    await Promise.all([sql.end(), box.end()]);
  }
}
