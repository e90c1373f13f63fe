import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { guesses } from '#server/guesses.ts';

/** A clock that goes on only when somebody sleeps. */
function world() {
  let time = 0;
  const its = guesses(
    () => time,
    async (ms) => (time += ms),
  );
  return { ...its, time: () => time, pass: (ms: number) => (time += ms) };
}

test('a home that mistypes now and then never waits', async () => {
  const { wrong, time, pass } = world();
  for (let i = 0; i < 60; i++) {
    expect(await wrong('10.0.0.1')).toBe(true);
    expect(await wrong('10.0.0.2')).toBe(true);
    pass(60_000);
  }
  expect(time()).toBe(60 * 60_000);
});

test('a thousand wrong ones from one address take a quarter of an hour, and others do not wait for them', async () => {
  const { wrong, time } = world();
  for (let i = 0; i < 1000; i++) await wrong('10.0.0.1');
  expect(time()).toBeGreaterThan(15 * 60_000);
  const before = time();
  await wrong('10.0.0.2');
  expect(time()).toBe(before);
});

test('a thousand at once queue up, and most are told off', async () => {
  const sleeps: number[] = [];
  const { wrong } = guesses(
    () => 0,
    (ms) => {
      sleeps.push(ms);
      return new Promise(() => {});
    },
  );
  const told = Array.from({ length: 1000 }, () => wrong('10.0.0.1'));
  const at = await Promise.race([Promise.all(told.slice(70)), new Promise((done) => setTimeout(done, 1000))]);
  expect(at).toEqual(Array(930).fill(false));
  expect(sleeps).toEqual(Array.from({ length: 50 }, (_, i) => (i + 1) * 1000));
});

test('an address is in mind as nothing that anybody could look up, and as something else in the next process', async () => {
  const kept: unknown[] = [];
  const { set } = Map.prototype;
  Map.prototype.set = function (key, value) {
    kept.push(key);
    return set.call(this, key, value) as Map<unknown, unknown>;
  };
  const address = '10.0.0.1';
  try {
    for (const one of [guesses(), guesses()]) await one.wrong(address);
  } finally {
    Map.prototype.set = set;
  }
  expect(kept).toHaveLength(2);
  expect(kept[0]).not.toBe(kept[1]);
  const plain = createHash('sha256').update(address);
  for (const known of [address, plain.copy().digest('base64'), plain.digest('hex')])
    expect(kept).not.toContain(known);
});
