import { argon2Sync } from 'node:crypto';
import { expect, test } from 'vitest';
import * as passwords from '#server/passwords.ts';

test('a password matches its own hash and no other does', async () => {
  const stored = await passwords.hash('fire ord på rad');
  expect(await passwords.matches('fire ord på rad', stored)).toBe(true);
  expect(await passwords.matches('fire ord pa rad', stored)).toBe(false);
  expect(await passwords.matches('', stored)).toBe(false);
});

test('it is argon2id at 19 MiB and two passes, salted anew each time', async () => {
  const stored = await passwords.hash('fire ord på rad');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.hash('fire ord på rad')).not.toBe(stored);
  const [, , , , salt, tag] = stored.split('$');
  const again = argon2Sync('argon2id', {
    message: 'fire ord på rad',
    nonce: Buffer.from(salt!, 'base64'),
    memory: 19456,
    passes: 2,
    parallelism: 1,
    tagLength: 32,
  });
  expect(again.toString('base64').replace(/=+$/, '')).toBe(tag);
});

test('a hash says its own cost, so that old ones still match when the cost is raised', async () => {
  const nonce = Buffer.from('saltsaltsaltsalt');
  const cost = { memory: 64, passes: 3, parallelism: 1 };
  const tag = argon2Sync('argon2id', { message: 'gammelt passord', nonce, tagLength: 32, ...cost });
  const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  const stored = `$argon2id$v=19$m=64,t=3,p=1$${plain(nonce)}$${plain(tag)}`;
  expect(await passwords.matches('gammelt passord', stored)).toBe(true);
});

test('the same letters written in two ways are the same password', async () => {
  const stored = await passwords.hash('blåbærsyltetøy'.normalize('NFD'));
  expect(await passwords.matches('blåbærsyltetøy'.normalize('NFC'), stored)).toBe(true);
});

test('nobody’s password is wrong after the same work', async () => {
  const stored = await passwords.hash('fire ord på rad');
  const least = { nobody: Infinity, somebody: Infinity };
  // In turn, and counted in the processor's time: whatever else the machine does is not measured.
  for (let i = 0; i < 9; i++)
    for (const [who, hash] of [
      ['nobody', null],
      ['somebody', stored],
    ] as const) {
      const began = process.cpuUsage();
      expect(await passwords.matches('noe helt annet', hash)).toBe(false);
      const { user, system } = process.cpuUsage(began);
      least[who] = Math.min(least[who], user + system);
    }
  const ratio = least.nobody / least.somebody;
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

test('length is the only rule', () => {
  expect(passwords.weakness('elleve tegn')).toBe('short');
  expect(passwords.weakness('tolv tegn her')).toBeNull();
  expect(passwords.weakness('aaaaaaaaaaaa')).toBeNull();
  expect(passwords.weakness('😀'.repeat(11))).toBe('short');
  expect(passwords.weakness('a'.repeat(1001))).toBe('long');
});

test('a damaged hash is an accident, not a wrong password', async () => {
  await expect(passwords.matches('x', 'plain')).rejects.toThrow('argon2id');
});
