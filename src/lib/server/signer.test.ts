import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { fromNumber, toNumber } from '#domain/bytes.ts';
import { privateOperation } from '#server/signer.ts';

const pairs = Array.from({ length: 2 }, () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const { n } = privateKey.export({ format: 'jwk' });
  return { privateKey, n: BigInt('0x' + Buffer.from(n!, 'base64url').toString('hex')) };
});

/** signed^65537 mod n. */
function opened(signed: Uint8Array, n: bigint): bigint {
  let power = toNumber(signed);
  const base = power;
  for (let i = 0; i < 16; i++) power = (power * power) % n;
  return (power * base) % n;
}

test('each gets the signature of its own message by its own key, however many ask at once', async () => {
  const asked = Array.from({ length: 40 }, (_, i) => ({ ...pairs[i % 2]!, message: BigInt(i + 2) }));
  const signed = await Promise.all(
    asked.map(({ privateKey, message }) => privateOperation(privateKey, fromNumber(message, 384))),
  );
  asked.forEach(({ n, message }, i) => expect(opened(signed[i]!, n)).toBe(message));
});

test('the thread that asks does not do the work', async () => {
  const [all, here] = [process.cpuUsage(), process.threadCpuUsage()];
  for (let i = 0; i < 100; i++) await privateOperation(pairs[0]!.privateKey, fromNumber(2n, 384));
  expect(process.threadCpuUsage(here).user).toBeLessThan(process.cpuUsage(all).user / 2);
});

test('what cannot be worked on fails, and the next is signed', async () => {
  const { privateKey, n } = pairs[0]!;
  await expect(privateOperation(privateKey, new Uint8Array(385).fill(2))).rejects.toThrow();
  expect(opened(await privateOperation(privateKey, fromNumber(2n, 384)), n)).toBe(2n);
});

test('a program waits for its signatures, and then may end', async () => {
  const program = `
    import { generateKeyPairSync } from 'node:crypto';
    import { privateOperation } from '#server/signer.ts';
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const bytes = new Uint8Array(384).fill(2, 1);
    for (let i = 0; i < 50; i++) await privateOperation(privateKey, bytes);
    console.log('signed');`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: path.resolve(import.meta.dirname, '../../..'),
    timeout: 30_000,
  });
  expect(stdout).toBe('signed\n');
});
