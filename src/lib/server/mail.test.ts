import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { intoMemory, isAddress, nowhere, overSmtp, type Postman } from '#server/mail.ts';

type Received = { from: string; to: string[]; raw: string };

const now = new Date('2027-02-01T08:00:00Z');
const received: Received[] = [];
const server = new SMTPServer({
  disabledCommands: ['STARTTLS'],
  authOptional: true,
  onRcptTo: (address, _session, done) =>
    done(address.address.startsWith('refused@') ? new Error('no such box') : null),
  onData(stream, session, done) {
    let raw = '';
    stream.on('data', (chunk: Buffer) => (raw += chunk.toString('latin1')));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      received.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        raw,
      });
      done();
    });
  },
});

let post: Postman;
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.server.address() as AddressInfo;
  post = overSmtp(`smtp://127.0.0.1:${port}`, 'Medvirk <medvirk@fjordvik.example>');
});
beforeEach(() => {
  received.length = 0;
});
afterAll(async () => {
  post.close();
  await new Promise<void>((closed) => server.close(closed));
});

const message = { to: 'kari@fjordvik.example', subject: 'Lenken din', text: 'Hei på deg' };

describe('over SMTP', () => {
  test('a mail arrives, in plain text, with nothing that tells us it was read', async () => {
    await post.send(message, now);
    expect(received).toHaveLength(1);
    const { from, to, raw } = received[0]!;
    expect([from, to]).toEqual(['medvirk@fjordvik.example', ['kari@fjordvik.example']]);
    expect(raw).toMatch(/^Content-Type: text\/plain; charset=utf-8/im);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated/im);
    expect(raw).not.toMatch(/X-Mailer|Disposition-Notification|<img|html/i);
    expect(raw).toContain('Hei p=C3=A5 deg');
  });

  test('with HTML the plain text still comes first', async () => {
    await post.send({ ...message, html: '<p>Hei på deg</p>' }, now);
    const { raw } = received[0]!;
    expect(raw).toMatch(/multipart\/alternative/);
    expect(raw.indexOf('text/plain')).toBeLessThan(raw.indexOf('text/html'));
  });

  test('a line break in a subject starts no header', async () => {
    await post.send({ ...message, subject: 'Hei\r\nBcc: alle@fjordvik.example\n\nX' }, now);
    const { to, raw } = received[0]!;
    expect(to).toEqual(['kari@fjordvik.example']);
    expect(raw).not.toMatch(/^Bcc:/im);
    expect(raw).toContain('Subject: Hei Bcc: alle@fjordvik.example X');
  });

  test.each([
    'kari@fjordvik.example, ola@fjordvik.example',
    'kari@fjordvik.example\r\nola@fjordvik.example',
    'Kari <kari@fjordvik.example>',
    'kari',
    '',
  ])('%j is not one address, and nothing is sent', async (to) => {
    await expect(post.send({ ...message, to }, now)).rejects.toThrow('Not one e-mail address');
    expect(received).toEqual([]);
  });

  test('what the server refuses is an accident', async () => {
    await expect(post.send({ ...message, to: 'refused@fjordvik.example' }, now)).rejects.toThrow(
      'no such box',
    );
  });
});

test('in memory the newest are kept, newest first', async () => {
  const box = intoMemory(2);
  for (const subject of ['a', 'b', 'c']) await box.send({ ...message, subject }, now);
  expect(box.kept.map(({ subject }) => subject)).toEqual(['c', 'b']);
});

test('where no mail is set up nothing seems to be sent', async () => {
  expect(nowhere.works).toBe(false);
  await expect(nowhere.send(message, now)).rejects.toThrow('SMTP_URL');
});

test('addresses as people have them are addresses', () => {
  for (const address of ['a@b', 'kari.nordmann+x@sub.kommune.no', 'åse@blåbær.no', "o'hara@x.no"])
    expect(isAddress(address), address).toBe(true);
});
