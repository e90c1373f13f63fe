import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Taken = {
  to: string;
  from: string;
  text: string;
  reference: string;
  headers: IncomingHttpHeaders;
};

/** A real HTTP server that plays the provider: keeps what it is sent, and answers as it is told. */
export function smsProvider() {
  let server: Server;
  let port = 0;
  const provider = {
    /** Everything that was posted, in order. */
    posted: [] as Taken[],
    /** What it has passed on: one message for each reference. */
    phones: new Map<string, Taken>(),
    /** Its status for a message. */
    answer: (_sms: Taken): number => 202,
    /** What it waits for before it answers. */
    hold: async (_sms: Taken): Promise<void> => {},
    url: () => `http://127.0.0.1:${port}/send`,
    async open() {
      server = createServer((request, reply) => {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', async () => {
          const body = JSON.parse(Buffer.concat(parts).toString()) as Omit<Taken, 'headers'>;
          const sms = { ...body, headers: request.headers };
          provider.posted.push(sms);
          const status = provider.answer(sms);
          if (status < 300 && !provider.phones.has(sms.reference)) provider.phones.set(sms.reference, sms);
          await provider.hold(sms);
          reply.writeHead(status, { location: '/elsewhere', 'content-type': 'application/json' });
          // An answer that says back what it was sent, as some do.
          reply.end(JSON.stringify(body));
        });
      });
      await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
      port = (server.address() as AddressInfo).port;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
    forget() {
      provider.posted = [];
      provider.phones.clear();
      provider.answer = () => 202;
      provider.hold = async () => {};
    },
  };
  return provider;
}
