import { execFile, spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Link, readLink } from '../../src/answer/link.ts';
import type { Service } from '../../src/answer/service.ts';

export const repository = path.resolve(import.meta.dirname, '../..');
const node = path.join(repository, 'node_modules', '.bin', 'node');
const quietly = '--disable-warning=ExperimentalWarning';

export async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export type Program = { origin: string; said(): string; stop(): Promise<void> };

/** The built program as in earnest, on these two databases. Needs `npm run build`. */
export async function startProgram(of: {
  mainUrl: string;
  boxUrl: string;
  port?: number;
  env?: Record<string, string>;
  /** For Node, before the program's own file. */
  flags?: string[];
  /** Another copy of the program. */
  folder?: string;
}): Promise<Program> {
  const port = of.port ?? (await freePort());
  const cwd = of.folder ?? repository;
  const child = spawn(node, [quietly, ...(of.flags ?? []), 'src/serve.ts'], {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATABASE_URL: of.mainUrl,
      BOX_DATABASE_URL: of.boxUrl,
      PORT: String(port),
      ...of.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  await new Promise<void>((ready, fail) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => (said += String(data)).includes('Medvirk er klar') && ready());
    child.once('exit', () => fail(new Error(`The program ended: ${said}`)));
  });
  return {
    origin: `http://localhost:${port}`,
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

/** A command at the machine, with these settings; gives what --json prints. */
export async function medvirk<T>(words: string[], env: NodeJS.ProcessEnv, folder = repository): Promise<T> {
  const { PATH, HOME } = process.env;
  const { stdout } = await promisify(execFile)(node, [quietly, 'src/medvirk.ts', ...words, '--json'], {
    cwd: folder,
    env: { PATH, HOME, ...env },
  });
  return JSON.parse(stdout) as T;
}

export const linkOf = (address: string): Link => readLink(new URL(address).hash)!;

type Reply = { status: number; headers: http.IncomingHttpHeaders; bytes: Buffer };

/** One request, exactly as told: headers, and the address it comes from. */
export function request(
  address: string,
  of: { method?: string; headers?: Record<string, string>; body?: string; from?: string | undefined } = {},
): Promise<Reply> {
  return new Promise((done, fail) => {
    const { hostname, port, pathname, search } = new URL(address);
    const asked = http.request(
      {
        host: hostname === 'localhost' ? '127.0.0.1' : hostname,
        port,
        path: pathname + search,
        method: of.method ?? (of.body === undefined ? 'GET' : 'POST'),
        headers: { host: new URL(address).host, ...of.headers },
        ...(of.from && { localAddress: of.from }),
        agent: false,
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', fail);
        response.on('end', () =>
          done({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(parts) }),
        );
      },
    );
    asked.on('error', fail);
    asked.end(of.body);
  });
}

/** What the page's own script reaches the program through, from somebody with these headers at this address. */
export const serviceAt = (
  origin: string,
  round: string,
  as: { headers?: Record<string, string>; from?: string | undefined } = {},
): Service => ({
  async get(file) {
    const { status, bytes } = await request(`${origin}/svar/${round}/${file}`, as);
    if (status !== 200) throw new Error(`${file}: ${status}`);
    return new Uint8Array(bytes);
  },
  async post(address, body) {
    const headers = { ...as.headers, 'content-type': 'application/json' };
    const sent = { ...as, headers, body: JSON.stringify(body) };
    const { status, bytes } = await request(new URL(address, origin).href, sent);
    return { status, body: JSON.parse(bytes.toString()) as Record<string, unknown> };
  },
});
