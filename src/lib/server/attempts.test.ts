import { expect, test } from 'vitest';
import { attempts } from '#server/attempts.ts';

const now = new Date('2027-02-01T08:00:00Z');
const seconds = (n: number) => new Date(now.getTime() + n * 1000);

test('five wrong answers cost nothing; then the wait doubles, up to a quarter of an hour', () => {
  const slow = attempts();
  const waits = Array.from({ length: 18 }, () => {
    slow.failed('a@example.no', now);
    return ((slow.waitUntil('a@example.no', now)?.getTime() ?? now.getTime()) - now.getTime()) / 1000;
  });
  expect(waits.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 2, 4, 8, 16]);
  expect(waits.at(-1)).toBe(900);
});

test('the wait is over when it is over, is one account’s own, and is forgotten at success', () => {
  const slow = attempts();
  for (let i = 0; i < 6; i++) slow.failed('a@example.no', now);
  expect(slow.waitUntil('a@example.no', seconds(1))).toEqual(seconds(2));
  expect(slow.waitUntil('a@example.no', seconds(2))).toBeNull();
  expect(slow.waitUntil('b@example.no', now)).toBeNull();
  slow.succeeded('a@example.no');
  slow.failed('a@example.no', now);
  expect(slow.waitUntil('a@example.no', now)).toBeNull();
});
