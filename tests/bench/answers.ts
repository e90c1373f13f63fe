import { spawn } from 'node:child_process';
import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { base64url } from '#domain/bytes.ts';
import { connectBox, connectMain } from '#server/db.ts';
import type { ownClusters } from '#tests/support/databases.ts';
import { openRound, type Papers, someBlinded } from '#tests/support/papers.ts';
import { freePort } from '#tests/support/program.ts';
import { town } from '#tests/support/town.ts';

const seconds = 2;
const rounds = 3;
const atOnce = 8;
/** So many that something always waits to be done: with fewer, hops between processes are measured, not work. */
const people = 64;

/** How often a second something runs, so many at once, until the time is up or there is no more to do. */
async function rate(lanes: number, run: () => Promise<unknown>, most = Infinity): Promise<number> {
  let begun = 0;
  const from = performance.now();
  const lane = async () => {
    while (begun < most && performance.now() - from < seconds * 1000) {
      begun++;
      await run();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return begun / ((performance.now() - from) / 1000);
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
const blinded = someBlinded();
const bareSigning = () =>
  rate(1, async () => privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, blinded));

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

/** A bare kept connection: it shares the processors with what it measures, and should cost next to nothing. */
function connect(port: number) {
  const socket = net.connect(port, '127.0.0.1').setNoDelay();
  let said = '';
  let waiting: { done: () => void; failed: (fault: Error) => void };
  socket.on('data', (part) => {
    said += part.toString('latin1');
    const length = /^content-length: (\d+)/im.exec(said)?.[1];
    const ends = said.indexOf('\r\n\r\n') + 4;
    if (ends < 4 || said.length < ends + Number(length)) return;
    if (said.startsWith('HTTP/1.1 200')) waiting.done();
    else waiting.failed(new Error(said));
    said = '';
  });
  socket.on('error', (fault) => waiting.failed(fault));
  const send = (request: string) =>
    new Promise<void>((done, failed) => {
      waiting = { done, failed };
      socket.write(request);
    });
  return { send, end: () => socket.destroy() };
}

/** The built app, one process of it, and somebody who fetches papers and posts ballots. */
async function serve({ roundId, held }: Papers) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = { ...process.env, HOST: '127.0.0.1', PORT: String(port), ORIGIN: origin };
  const app = spawn(process.execPath, ['build/current/index.js'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (
    !(await fetch(`${origin}/readyz`).then(
      (r) => r.ok,
      () => false,
    ))
  ) {
    if (app.exitCode !== null) throw new Error('The app ended');
    await sleep(50);
  }

  const post = (path: string, of: object) => {
    const body = JSON.stringify(of);
    const head = [`POST ${path} HTTP/1.1`, 'host: bench', 'content-type: application/json'];
    return [...head, `content-length: ${body.length}`, '', body].join('\r\n');
  };
  const requests = held.map(({ secret, blinded, ballot }) => {
    const { group, prefix, token, signature, sealed } = ballot;
    const asBase64url = (parts: Record<string, Uint8Array>) =>
      Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, base64url(bytes)]));
    return [
      post(`/svar/${roundId}/issue`, asBase64url({ secret, blinded })),
      post(`/box/${roundId}`, { group, ...asBase64url({ prefix, token, signature, sealed }) }),
    ] as const;
  });
  const connections = Array.from({ length: people }, () => connect(port));
  const free = [...connections];
  const answer = async () => {
    const connection = free.pop()!;
    for (const request of requests.pop()!) await connection.send(request);
    free.push(connection);
  };
  return {
    complete: (most = requests.length) => rate(connections.length, answer, Math.min(most, requests.length)),
    stop() {
      for (const { end } of connections) end();
      app.kill('SIGKILL');
    },
  };
}

const median = (of: number[]) => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)]!;

export async function* answers(clusters: Awaited<ReturnType<typeof ownClusters>>) {
  const { main, sql } = connectMain(clusters.main.url);
  const box = connectBox(clusters.box.url);
  try {
    if (!fs.existsSync('build/current/index.js')) {
      yield { what: 'complete answers per second', value: null, why: 'npm run build first' };
      return;
    }
    await town(main);
    const app = await serve(await openRound({ main, box }, { groups: 20, each: 300 }));
    try {
      await app.complete(500);
      // In turns: what else the machine does changes from moment to moment.
      const measured: Record<'signing' | 'inserts' | 'complete' | 'client' | 'of', number>[] = [];
      for (let i = 0; i < rounds; i++) {
        const signing = await bareSigning();
        const inserts = await bareInserts(clusters.main.url);
        const [began, from] = [process.cpuUsage(), performance.now()];
        const complete = await app.complete();
        const { user, system } = process.cpuUsage(began);
        const client = (user + system) / 1000 / (performance.now() - from);
        measured.push({ signing, inserts, complete, client, of: complete / Math.min(signing, inserts) });
      }
      const value = (name: keyof (typeof measured)[0]) => median(measured.map((one) => one[name]));
      yield {
        what: 'native RSA-3072 signings per second, one thread',
        value: Math.round(value('signing')),
      };
      yield {
        what: 'two-insert transactions with fsync per second, 8 clients',
        value: Math.round(value('inserts')),
      };
      yield {
        what: 'complete answers (fetch and submit) per second over HTTP, one app process',
        value: Math.round(value('complete')),
        ofSlowerBareRate: Number(value('of').toFixed(2)),
        budget: 0.5,
        people,
        each: measured.map(({ of }) => Number(of.toFixed(2))),
        processorsOfClient: Number(value('client').toFixed(2)),
        loadAverage: Number(os.loadavg()[0]!.toFixed(1)),
        processors: os.availableParallelism(),
      };
    } finally {
      app.stop();
    }
  } finally {
    await Promise.all([sql.end(), box.end()]);
  }
}
