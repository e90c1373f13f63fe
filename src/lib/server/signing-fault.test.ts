import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { sign } from '#server/blind-signing.ts';
import type * as signer from '#server/signer.ts';

vi.mock('#server/signer.ts', async (original) => {
  const { privateOperation } = await original<typeof signer>();
  return {
    privateOperation: async (key: KeyObject, bytes: Uint8Array) => {
      const signed = await privateOperation(key, bytes);
      signed[200]! ^= 1;
      return signed;
    },
  };
});

test('a signature that came out wrong never leaves: it could give the key away', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  await expect(sign(privateKey, new Uint8Array(384).fill(2, 1))).rejects.toThrow('signing fault');
});
