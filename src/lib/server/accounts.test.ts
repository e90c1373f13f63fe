import { expect, it, vi } from 'vitest';
import * as accounts from '#server/accounts.ts';
import { intoMemory, nowhere } from '#server/mail.ts';

const now = new Date('2026-09-01T08:00:00Z');

it('tells every old address that it was changed, the others too when one mail fails', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const post = intoMemory();
  const first = { ...post, send: vi.fn(post.send).mockRejectedValueOnce(new Error('full')) };
  const old = ['full@fjordvik.example', 'not an address', 'kari@fjordvik.example'];
  await accounts.tellOfAddress(old, first, 'nb', now);
  expect(post.kept.map(({ to, subject }) => [to, subject])).toEqual([
    ['kari@fjordvik.example', 'E-postadressen din i Medvirk er byttet'],
  ]);
  expect(told).toHaveBeenCalledOnce();
  await accounts.tellOfAddress(old, nowhere, 'nb', now);
  expect(told).toHaveBeenCalledOnce();
});
