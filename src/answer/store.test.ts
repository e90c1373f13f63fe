import { beforeEach, expect, test } from 'vitest';
import { type Held, openStore } from './store.ts';

const kept = new Map<string, string>();
const storage = {
  getItem: (place: string) => kept.get(place) ?? null,
  setItem: (place: string, text: string) => void kept.set(place, text),
  removeItem: (place: string) => void kept.delete(place),
};
const draftKey = new Uint8Array(32).fill(3);
const open = (key = draftKey, round = 'h7k2m9qd') => openStore(storage, round, key);
const held: Held = { seed: 'c2VlZA', at: 2, answers: [4, 255, 254] };

beforeEach(() => kept.clear());

test('what is written is read again, and under any link of the invitation', async () => {
  await (await open()).write(held);
  expect(await (await open()).read()).toEqual(held);
});

test('the browser keeps no answer, seed or key in the clear', async () => {
  await (await open()).write(held);
  const [[place, text]] = [...kept] as [[string, string]];
  expect(place).toMatch(/^medvirk\.h7k2m9qd\.[0-9a-f]{8}$/);
  expect(text).not.toContain('c2VlZA');
  expect(text).not.toContain('seed');
  await (await open()).write(held);
  expect([...kept.values()][0]).not.toBe(text);
});

test('another invitation, or another round, finds nothing', async () => {
  await (await open()).write(held);
  expect(await (await open(new Uint8Array(32).fill(4))).read()).toBeNull();
  expect(await (await open(draftKey, 'aaaaaaaa')).read()).toBeNull();
});

test('a draft that was changed or cut counts as none', async () => {
  const store = await open();
  await store.write(held);
  const [[place, text]] = [...kept] as [[string, string]];
  for (const spoilt of [text.slice(0, -4), `${text.slice(0, 30)}AAAA${text.slice(34)}`, 'x', '{}']) {
    kept.set(place, spoilt);
    expect(await store.read()).toBeNull();
  }
});

test('the last change wins, however fast they come, and nothing comes back after wiping', async () => {
  const store = await open();
  for (let at = 0; at < 20; at++) void store.write({ ...held, at });
  await store.write({ ...held, at: 20 });
  expect((await store.read())?.at).toBe(20);
  void store.write(held);
  await store.wipe();
  expect(kept.size).toBe(0);
});

test('a browser that keeps nothing says so, and may be asked again', async () => {
  let full = true;
  const setItem = (place: string, text: string) => {
    if (full) throw new Error('full');
    kept.set(place, text);
  };
  const store = await openStore({ ...storage, setItem }, 'h7k2m9qd', draftKey);
  await expect(store.write(held)).rejects.toThrow('full');
  full = false;
  await store.write(held);
  expect(await store.read()).toEqual(held);
});
