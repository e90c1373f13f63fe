import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { base64url } from '#domain/bytes.ts';
import * as Release from '#domain/release.ts';
import { ballotsOf } from '#server/box.ts';
import { tick } from '#server/clock.ts';
import { connectBox, connectMain } from '#server/db.ts';
import { newLink } from '#server/invitations.ts';
import { release, round } from '#server/schema.ts';
import { ownClusters } from '#tests/support/databases.ts';
import { approvedRound, frozen, invitationsOf, someAnswers, town } from '#tests/support/town.ts';
import type { Work } from './crash-child.ts';

/*
 * Two servers as durable as in earnest. Their processes and ours are killed at random moments while people fetch
 * papers, post ballots, and the shaker runs; then at every step of a closing. What was acknowledged must count, once.
 */
const now = new Date('2027-03-01T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk-crash-'));

let clusters: Awaited<ReturnType<typeof ownClusters>>;
let db: ReturnType<typeof connectMain> & { box: ReturnType<typeof connectBox> };
let work: Work;

beforeAll(async () => {
  clusters = await ownClusters();
  const [mainUrl, boxUrl] = [clusters.main.url, clusters.box.url];
  db = { ...connectMain(mainUrl), box: connectBox(boxUrl) };
  Object.assign(process.env, { DATABASE_URL: mainUrl, BOX_DATABASE_URL: boxUrl });
  // More than any machine gets through between the killings.
  await town(db.main, { A: 50, B: 45, C: 40 });
  const { id: roundId, questionnaire } = await approvedRound(db.main, now);
  const { keyFile } = await frozen(db, roundId, now);
  await tick(db.main, db.box, later(1));
  const people = [];
  for (const [i, { id }] of (await invitationsOf(db.main, roundId)).entries())
    people.push({
      link: await newLink(db.main, id, 'http://localhost', 'nb'),
      seed: base64url(randomBytes(32)),
      answers: someAnswers(questionnaire, i),
    });
  const [at, closingAt] = [later(2).toISOString(), later(600).toISOString()];
  work = { mainUrl, boxUrl, roundId, keyFile, now: at, closingAt, people };
  fs.writeFileSync(path.join(folder, 'work.json'), JSON.stringify(work));
});
afterAll(async () => {
  running?.kill('SIGKILL');
  await Promise.all([db?.sql.end({ timeout: 1 }), db?.box.end({ timeout: 1 })]);
  await clusters?.stop();
  fs.rmSync(folder, { recursive: true });
});

const said = () => {
  const file = path.join(folder, 'said');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
};
const lines = (word: string) => said().filter((line) => line.startsWith(word)).length;
/** Who was told that their ballot counts, and their receipt. */
const counted = () =>
  new Map(
    said()
      .map((line) => line.split(' '))
      .filter(([word]) => word === 'counted')
      .map(([, who, receipt]) => [who!, receipt!]),
  );

let running: ChildProcess | undefined;
/** Starts the child, and says when it is up. Gone: how it ended. */
async function run(what: 'answer' | 'close') {
  const before = lines('up');
  const args = [path.join(import.meta.dirname, 'crash-child.ts'), folder, what];
  const child = (running = spawn(process.execPath, args, { stdio: 'inherit' }));
  const gone = new Promise<string | number | null>((exit) =>
    child.once('exit', (code, signal) => exit(signal ?? code)),
  );
  while (lines('up') === before && alive(child)) await sleep(5);
  return { child, gone };
}
const alive = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

/** Both servers answer again. */
async function upAgain() {
  for (;;) {
    try {
      await Promise.all([db.main.execute(sql`select 1`), db.box`select 1`]);
      return;
    } catch {
      await sleep(30);
    }
  }
}

it('loses and doubles no ballot when the program or a server is killed while people answer', async () => {
  const victims = ['program', 'main', 'box', 'program', 'box', 'main', 'program', 'program'] as const;
  let { child, gone } = await run('answer');
  for (const victim of victims) {
    // A moment after a few more papers and ballots have been acknowledged.
    const enough = lines('issued') + lines('counted') + 3 + Math.floor(Math.random() * 5);
    while (lines('issued') + lines('counted') < enough && alive(child)) await sleep(2);
    await sleep(Math.random() * 10);
    if (!alive(child)) {
      // The driver falls over a server that goes while it writes: one more death of the program, never an end or a refusal.
      expect(await gone, said().at(-1)).toBe(1);
      ({ child, gone } = await run('answer'));
    }
    if (victim !== 'program') process.kill(clusters[victim].pid()!, 'SIGKILL');
    else {
      child.kill('SIGKILL');
      await gone;
      ({ child, gone } = await run('answer'));
    }
  }
  expect(await gone, said().at(-1)).toBe(0);
  expect(said().filter((line) => line.startsWith('refused'))).toEqual([]);
  expect(counted().size).toBe(work.people.length);
  await upAgain();

  const stored =
    await db.box`select encode(token_hash, 'hex') as receipt from ${db.box(ballotsOf(work.roundId))}`;
  expect(stored.map((r) => r.receipt).sort()).toEqual([...counted().values()].sort());
});

it('changes nothing, or is brought to its end, when a closing is killed', async () => {
  const { roundId } = work;
  const table = ballotsOf(roundId);
  const everybody = work.people.length;
  await tick(db.main, db.box, later(550));
  const state = async () => {
    await upAgain();
    const [found] = await db.main.select({ state: round.state }).from(round).where(eq(round.id, roundId));
    const [decided] = await db.box`select from release where round_id = ${roundId}`;
    const [there] = await db.box`select to_regclass(${table}) is not null as ballots`;
    const held = there!.ballots ? (await db.box`select from ${db.box(table)}`).length : null;
    return { state: found!.state, decided: decided !== undefined, held };
  };
  const untouched = { state: 'stopped', decided: false, held: everybody };

  // At random moments, program or box; as long as the box has not decided, nothing may have changed.
  for (let i = 0; i < 4; i++) {
    const { child, gone } = await run('close');
    await sleep(i * 12);
    if (i === 3) process.kill(clusters.box.pid()!, 'SIGKILL');
    await sleep(i === 3 ? 100 : 0);
    child.kill('SIGKILL');
    await gone;
    const found = await state();
    if (found.decided) break;
    expect(found).toEqual(untouched);
  }
  // At the gate of the decision, in the middle of it, and just after it, before main has heard.
  if (!(await state()).decided) {
    for (const held of [table, 'release']) {
      await db.box.begin(async (tx) => {
        await tx`lock table ${tx(held)} in share mode`;
        const { child, gone } = await run('close');
        const waiting = () => tx`select from pg_locks where relation = ${held}::regclass and not granted`;
        while ((await waiting()).length === 0) await sleep(5);
        child.kill('SIGKILL');
        await gone;
      });
      // Its server process learns of the death when it next speaks; what it waited for was never committed.
      await expect.poll(state).toEqual(untouched);
    }
    await db.main.transaction(async (tx) => {
      await tx.select().from(round).where(eq(round.id, roundId)).for('update');
      const { child, gone } = await run('close');
      while ((await db.box`select from release where round_id = ${roundId}`).length === 0) await sleep(5);
      child.kill('SIGKILL');
      await gone;
    });
    expect(await state()).toEqual({ state: 'stopped', decided: true, held: null });
  }

  await tick(db.main, db.box, later(601));
  expect(await state()).toEqual({ state: 'closed', decided: true, held: null });
  const [stored] = await db.main.select().from(release).where(eq(release.roundId, roundId));
  const read = Release.read(stored!.bytes);
  if (!read.ok) throw new Error('The release does not read');
  expect(read.release.ballots).toEqual({
    invited: everybody,
    received: everybody,
    counted: everybody,
    unreadable: 0,
  });
  expect(stored!.receipts.trim().split('\n')).toEqual([...counted().values()].sort());
  expect(said().filter((l) => l.startsWith('refused'))).toEqual([]);
});
