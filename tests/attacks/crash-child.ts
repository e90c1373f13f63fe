/*
 * The process that crash.test.ts kills: people who answer as their browsers would, all with the same seed at every
 * try and the sealed ballot kept before it is first posted; a shaker beside them; or one closing.
 * Usage: crash-child.ts FOLDER answer|close
 */
import fs from 'node:fs';
import path from 'node:path';
import { webcrypto } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as Ballot from '#domain/ballot.ts';
import * as BlindRsa from '#domain/blind-rsa.ts';
import { fromBase64url } from '#domain/bytes.ts';
import { publicKeyOf, submit } from '#server/box.ts';
import { close } from '#server/closing.ts';
import { connectBox, connectIntake, connectMain, isLostConnection } from '#server/db.ts';
import { file } from '#server/frozen.ts';
import { permitForMachine } from '#server/gate.ts';
import { issue, show } from '#server/issuing.ts';
import { partsOf, prepare } from '#server/respondent.ts';
import { shake } from '#server/shaker.ts';

export type Work = {
  mainUrl: string;
  boxUrl: string;
  roundId: string;
  keyFile: string;
  now: string;
  closingAt: string;
  people: { link: string; seed: string; answers: number[] }[];
};

// As serve.ts does it.
process.on('unhandledRejection', (fault) => {
  if (!isLostConnection(fault)) throw fault;
});

const [folder, what] = process.argv.slice(2) as [string, 'answer' | 'close'];
const work = JSON.parse(fs.readFileSync(path.join(folder, 'work.json'), 'utf8')) as Work;
const { main } = connectMain(work.mainUrl);
const [box, intake] = [connectBox(work.boxUrl), connectIntake(work.boxUrl)];
const now = new Date(work.now);
const say = (line: string) => fs.appendFileSync(path.join(folder, 'said'), `${line}\n`);
const refused = (who: number, step: string, refusal: string): never => {
  say(`refused ${who} ${step} ${refusal}`);
  process.exit(3);
};

/** A server that is down for a moment is no refusal: the browser tries again. */
async function again<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch {
      await sleep(30);
    }
  }
}
const aMoment = () => sleep(Math.random() * 40);

async function answer(who: number) {
  const { link, seed: written, answers } = work.people[who]!;
  const { secret, signs } = partsOf(link);
  const seed = fromBase64url(written)!;
  const round = await again(() => prepare(main, work.roundId, signs));
  const shown = await again(() => show(main, work.roundId, secret, now));
  if (!shown.ok) return refused(who, 'show', shown.refusal);
  const kept = path.join(folder, `sealed-${who}`);
  if (!fs.existsSync(kept)) {
    const spki = (await again(() => file(main, work.roundId, `key/${shown.group}`)))!.bytes;
    const key = await BlindRsa.publicKey(spki);
    if (!key.ok) return refused(who, 'key', key.refusal);
    const paper = await Ballot.paper(seed, round.fingerprint);
    const { blinded, inverse } = await Ballot.blind(seed, round.fingerprint, key.key);
    await aMoment();
    const issued = await again(() => issue(main, work.roundId, secret, blinded, now));
    if (!issued.ok) return refused(who, 'issue', issued.refusal);
    say(`issued ${who}`);
    const finalized = await Ballot.finalize(key.key, paper, inverse, issued.signature);
    if (!finalized.ok) return refused(who, 'finalize', finalized.refusal);
    const tokenHash = await Ballot.tokenHash(paper.token);
    const binding = { fingerprint: round.fingerprint, group: shown.group, tokenHash };
    const plain = Ballot.write(answers, [], round.keylist.sealedPlain);
    const fresh = await Ballot.fresh(webcrypto as Crypto);
    const sealed = await Ballot.seal(plain, round.keylist.locks, binding, fresh);
    const ballot = { group: shown.group, ...paper, signature: finalized.signature, sealed };
    const text = JSON.stringify(ballot, (_, v) => (v instanceof Uint8Array ? [...v] : v));
    fs.writeFileSync(`${kept}.half`, text);
    fs.renameSync(`${kept}.half`, kept);
  }
  const ballot = JSON.parse(fs.readFileSync(kept, 'utf8'), (_, v) =>
    Array.isArray(v) ? Uint8Array.from(v as number[]) : v,
  ) as Parameters<typeof submit>[2];
  const spki = (await again(() => file(main, work.roundId, `key/${ballot.group}`)))!.bytes;
  const tokenHash = await Ballot.tokenHash(ballot.token);
  await aMoment();
  const posted = await again(() => submit(intake, work.roundId, ballot, tokenHash, publicKeyOf(spki)));
  if (!posted.ok) return refused(who, 'submit', posted.refusal);
  say(`counted ${who} ${await Ballot.receipt(ballot.token)}`);
}

const done = new Set(
  (fs.existsSync(path.join(folder, 'said')) ? fs.readFileSync(path.join(folder, 'said'), 'utf8') : '')
    .split('\n')
    .filter((line) => line.startsWith('counted'))
    .map((line) => Number(line.split(' ')[1])),
);
say('up');
if (what === 'close') {
  const at = new Date(work.closingAt);
  const closing = close(main, box, work.roundId, work.keyFile, at, permitForMachine());
  const closed = await closing.catch((fault: Error) => ({ ok: false as const, refusal: fault.name }));
  say(closed.ok ? 'closed' : `unfinished ${closed.refusal}`);
} else {
  let busy = true;
  const shaking = (async () => {
    for (; busy; await sleep(20)) await shake(main, box).catch(() => {});
  })();
  const left = work.people.map((_, who) => who).filter((who) => !done.has(who));
  // Somebody who does not know whether it went well posts once more.
  if (done.size > 0) left.push([...done][Math.floor(Math.random() * done.size)]!);
  const lane = async () => {
    for (let who = left.shift(); who !== undefined; who = left.shift()) await answer(who);
  };
  await Promise.all([lane(), lane(), lane()]);
  busy = false;
  await shaking;
}
process.exit(0);
