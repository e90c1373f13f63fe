import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Letter = { to: string; text: string; link: string };

/** A real SMTP server that keeps what it takes. */
export function postOffice() {
  let server: SMTPServer;
  let port = 0;
  const office = {
    letters: [] as Letter[],
    /** What it says to an address. */
    answer: (_address: string): number => 250,
    /** What it waits for before it says that it has taken a letter. */
    hold: async (_letter: Letter): Promise<void> => {},
    url: () => `smtp://127.0.0.1:${port}`,
    async open() {
      server = new SMTPServer({
        disabledCommands: ['STARTTLS'],
        authOptional: true,
        onRcptTo: ({ address }, _session, done) => {
          const code = office.answer(address);
          done(code === 250 ? null : Object.assign(new Error('No'), { responseCode: code }));
        },
        onData: (stream, session, done) => {
          const parts: Buffer[] = [];
          stream.on('data', (part: Buffer) => parts.push(part));
          stream.on('end', async () => {
            const text = bodyOf(Buffer.concat(parts).toString('latin1'));
            const link = /https?:\/\/\S+#\S+/.exec(text)?.[0] ?? '';
            const letter = { to: session.envelope.rcptTo[0]!.address, text, link };
            office.letters.push(letter);
            await office.hold(letter);
            done();
          });
        },
      });
      // A sender that is killed in the middle of a letter is no fault of the post office's.
      server.on('error', () => {});
      await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
      port = (server.server.address() as AddressInfo).port;
    },
    close: () => new Promise<void>((closed) => server.close(closed)),
  };
  return office;
}

/** The text of a mail, whichever way it was packed (RFC 2045). */
function bodyOf(raw: string): string {
  const at = raw.indexOf('\r\n\r\n');
  const [head, body] = [raw.slice(0, at), raw.slice(at + 4)];
  if (/^Content-Transfer-Encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString();
  const quoted = /^Content-Transfer-Encoding: quoted-printable/im.test(head);
  const bytes = quoted
    ? body
        .replace(/=\r\n/g, '')
        .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : body;
  return Buffer.from(bytes, 'latin1').toString();
}
