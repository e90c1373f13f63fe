import { testDatabases, type TestDatabases } from './databases.ts';
import { medvirk, startProgram } from './program.ts';

export type OwnServer = TestDatabases & {
  origin: string;
  /** A command at the machine; gives what --json prints. */
  medvirk<T>(...words: string[]): Promise<T>;
};

/** The built app, as in earnest: on two empty databases of its own, without a demo. Needs `npm run build`. */
export async function ownServer(): Promise<OwnServer> {
  const databases = await testDatabases();
  const program = await startProgram(databases);
  const { origin } = program;
  const env = {
    DATABASE_URL: databases.mainUrl,
    BOX_DATABASE_URL: databases.boxUrl,
    PORT: new URL(origin).port,
  };
  return {
    ...databases,
    origin,
    medvirk: (...words) => medvirk(words, env),
    async stop() {
      await program.stop();
      await databases.stop();
    },
  };
}
