import { createHmac, randomBytes } from 'node:crypto';

/** Wrong ones that cost nothing: people mistype, and a home has one address for everybody. */
const free = 20;
/** Apart, after that. */
const step = 1000;
/** Wrong ones forgotten: one in so many milliseconds. */
const fade = 60_000;
/** Waiting at once, of one address and of all; more are told off without waiting. */
const most = { one: 50, all: 1000 };
/** Addresses kept in mind. */
const known = 20_000;

/**
 * Slows down wrong codes, one after another for each address, in the memory of this process: an address is known by
 * its HMAC under a key that dies with the process, and stands in no table, log or file. A right code never waits; what
 * makes guessing hopeless is 60 bits, and this spares the server (docs/decisions/codes.md).
 */
export function guesses(
  now: () => number = Date.now,
  sleep: (milliseconds: number) => Promise<unknown> = (ms) => new Promise((done) => setTimeout(done, ms)),
) {
  const key = randomBytes(32);
  const byAddress = new Map<string, { wrong: number; at: number; next: number; waiting: number }>();
  let waiting = 0;

  return {
    /** Somebody at this address showed a wrong code. Resolves when they may be told: true; at once when too many wait: false. */
    async wrong(address: string): Promise<boolean> {
      const who = createHmac('sha256', key).update(address).digest('base64');
      const at = now();
      const its = byAddress.get(who) ?? { wrong: 0, at, next: at, waiting: 0 };
      its.wrong = Math.max(0, its.wrong - Math.floor((at - its.at) / fade)) + 1;
      its.at = at;
      byAddress.delete(who);
      byAddress.set(who, its);
      if (byAddress.size > known) byAddress.delete(byAddress.keys().next().value!);
      if (its.wrong <= free) return true;
      if (its.waiting >= most.one || waiting >= most.all) return false;
      its.next = Math.max(its.next, at) + step;
      its.waiting++;
      waiting++;
      await sleep(its.next - at);
      its.waiting--;
      waiting--;
      return true;
    },
  };
}

/** Those of this process. */
export const { wrong } = guesses();
