import { execFile, spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { testDatabases, type TestDatabases } from './databases.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const node = path.join(repository, 'node_modules', '.bin', 'node');

export type OwnServer = TestDatabases & {
  origin: string;
  /** A command at the machine; gives what --json prints. */
  medvirk<T>(...words: string[]): Promise<T>;
};

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** The built app, as in earnest: on two empty databases of its own, without a demo. Needs `npm run build`. */
export async function ownServer(): Promise<OwnServer> {
  const databases = await testDatabases();
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
    DATABASE_URL: databases.mainUrl,
    BOX_DATABASE_URL: databases.boxUrl,
    PORT: String(port),
  };
  const child = spawn(node, ['src/serve.ts'], { cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  await new Promise<void>((ready, fail) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => (said += String(data)).includes('Medvirk er klar') && ready());
    child.once('exit', () => fail(new Error(`The server ended: ${said}`)));
  });
  return {
    ...databases,
    origin: `http://localhost:${port}`,
    async medvirk<T>(...words: string[]) {
      const { stdout } = await promisify(execFile)(node, ['src/medvirk.ts', ...words, '--json'], {
        cwd: repository,
        env,
      });
      return JSON.parse(stdout) as T;
    },
    async stop() {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
      await databases.stop();
    },
  };
}
