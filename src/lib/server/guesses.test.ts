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
