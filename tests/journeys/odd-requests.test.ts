import { expect, test } from '@playwright/test';

// A fault would be 500: the database itself cannot take such words, so it must never be asked.

for (const address of [
  '/svar/%00/nb',
  '/svar/%00/keylist.json',
  '/svar/%00/receipts.txt',
  '/svar/abcdefgh/%00',
  '/svar/abcdefgh/key/%00',
  '/sjekk/%00',
  '/sjekk/ABCDEFGH',
  '/rounds/%00',
])
  test(`nothing is at ${address}`, async ({ request }) => {
    expect((await request.get(address)).status()).toBe(404);
  });

test('what holds a sign that is none is not looked for', async ({ request }) => {
  for (const address of ['/people?q=%00', '/svar/abcdefgh/nb?x=%00'])
    expect((await request.get(address)).status()).toBe(400);
});

const b64 = (bytes: number) => 'A'.repeat(Math.ceil((bytes * 4) / 3));
const ballot = { prefix: b64(32), token: b64(32), signature: b64(384), sealed: b64(64) };

test('a ballot of a group that cannot be is refused', async ({ request }) => {
  for (const group of ['\u0000', '00\u000001', '1', '00001']) {
    const reply = await request.post('/box/abcdefgh', { data: { ...ballot, group } });
    expect([reply.status(), await reply.json()]).toEqual([400, { refusal: 'invalid' }]);
  }
});

test('a round that cannot be is asked for nothing', async ({ request }) => {
  for (const address of ['/svar/%00/invitation', '/svar/%00/issue', '/box/%00'])
    expect([404, 405]).toContain((await request.post(address, { data: {} })).status());
});

test('what is too large is not read', async ({ request }) => {
  for (const address of ['/svar/abcdefgh/invitation', '/svar/abcdefgh/issue', '/box/abcdefgh']) {
    const reply = await request.post(address, { data: { secret: 'A'.repeat(65_536) } });
    expect([reply.status(), await reply.json()]).toEqual([413, { refusal: 'too-large' }]);
  }
});
