import { expect, test } from 'vitest';
import { form, read } from '#server/request-body.ts';

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request('http://localhost/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
const ofSize = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));
const tooLarge = { ok: false, refusal: 'too-large' };

test('reads JSON up to 64 kB, and takes anything else for nothing', async () => {
  expect(await read(post('{"group":"0001"}'))).toEqual({ ok: true, json: { group: '0001' } });
  expect(await read(post(ofSize(64 * 1024)))).toMatchObject({ ok: true, json: expect.any(String) });
  expect(await read(post('{"group":'))).toEqual({ ok: true, json: null });
  expect(await read(new Request('http://localhost/', { method: 'POST' }))).toEqual({ ok: true, json: null });
});

test('refuses what is larger, said or unsaid', async () => {
  expect(await read(post(ofSize(64 * 1024 + 1)))).toEqual(tooLarge);
  expect(await read(post('{}', { 'content-length': '65537' }))).toEqual(tooLarge);
});

test('stops reading where it grows too large', async () => {
  let given = 0;
  const endless = new ReadableStream({
    pull: (to) => {
      given += 1;
      to.enqueue(new Uint8Array(1024));
    },
  });
  expect(await read(post(endless))).toEqual(tooLarge);
  expect(given).toBeLessThan(80);
});

test('reads a form up to 256 kB, and no more of it', async () => {
  const said = await form(post('code=7K2M&0=4&0=5&comment-0=s%C3%A5+bra', { 'content-type': 'text/plain' }));
  expect([...said!]).toEqual([
    ['code', '7K2M'],
    ['0', '4'],
    ['0', '5'],
    ['comment-0', 'så bra'],
  ]);
  expect(await form(post(`a=${'x'.repeat(256 * 1024 - 2)}`))).not.toBeNull();
  expect(await form(post(`a=${'x'.repeat(256 * 1024)}`))).toBeNull();
});
