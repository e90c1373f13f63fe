import type { KeyObject } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/*
 * The private operation takes a millisecond or more, so it runs beside the main thread: other processors sign while
 * this one serves. A worker keeps no key, each comes with its message, so that whoever forgets a key forgets it here
 * too. The source is text because the built program has no file to point at.
 */
const source = `
  const { constants, privateDecrypt } = require('node:crypto');
  const { parentPort } = require('node:worker_threads');
  const padding = constants.RSA_NO_PADDING;
  parentPort.on('message', ({ key, bytes }) => parentPort.postMessage(privateDecrypt({ key, padding }, bytes)));
`;

type Waiting = { done: (signed: Uint8Array) => void; failed: (fault: Error) => void };
type Hand = { worker: Worker; waiting: Waiting[] };

let hands: Hand[] = [];
const most = Math.min(4, Math.max(1, availableParallelism() - 1));

function hire(): Hand {
  const worker = new Worker(source, { eval: true, env: {}, execArgv: [] });
  const hand: Hand = { worker, waiting: [] };
  worker.on('message', (signed: Uint8Array) => {
    hand.waiting.shift()!.done(signed);
    if (hand.waiting.length === 0) worker.unref();
  });
  worker.on('error', (fault: Error) => {
    hands = hands.filter((other) => other !== hand);
    for (const { failed } of hand.waiting) failed(fault);
  });
  hands.push(hand);
  return hand;
}

const idlest = () => hands.reduce((a, b) => (b.waiting.length < a.waiting.length ? b : a));

/** RSA's private operation on bytes as long as the modulus and below it. Judges nothing: `sign` does. */
export function privateOperation(key: KeyObject, bytes: Uint8Array): Promise<Uint8Array> {
  const isBusy = hands.every(({ waiting }) => waiting.length > 0);
  const { worker, waiting } = isBusy && hands.length < most ? hire() : idlest();
  return new Promise((done, failed) => {
    waiting.push({ done, failed });
    worker.ref();
    worker.postMessage({ key, bytes });
  });
}
