import { and, count, eq } from 'drizzle-orm';
import type { Main } from '#server/db.ts';
import { type Cluster, type Name, startCluster } from '#server/embedded.ts';
import { round } from '#server/schema.ts';
import type { Settings } from '#server/settings.ts';

export type Up = { DATABASE_URL: string; BOX_DATABASE_URL: string; stop(): Promise<void> };

/** The two databases: those that the settings name, and embedded servers for the others. */
export const up = async (
  of: Settings,
  { alone = false, say = () => {} }: { alone?: boolean; say?: (line: string) => void } = {},
): Promise<Up> => {
  const started: Cluster[] = [];
  const stop = async () => {
    for (const cluster of started.splice(0).reverse()) await cluster.stop();
  };
  const embedded = async (name: Name) => {
    const cluster = await startCluster({
      dataDir: of.DATA_DIR,
      name,
      alone,
      say: started.length ? () => {} : say,
    });
    started.push(cluster);
    return cluster.url;
  };
  try {
    const DATABASE_URL = of.DATABASE_URL ?? (await embedded('main'));
    const BOX_DATABASE_URL = of.BOX_DATABASE_URL ?? (await embedded('box'));
    return { DATABASE_URL, BOX_DATABASE_URL, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Whether the clock may start elsewhere than now: never where a round is in earnest. */
export const clockMayMove = async (main: Main): Promise<boolean> => {
  const [real] = await main
    .select({ rounds: count() })
    .from(round)
    .where(and(eq(round.dryRun, false), eq(round.demo, false)));
  return real?.rounds === 0;
};
