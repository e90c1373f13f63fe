import { sharedClusters } from './databases.ts';

/** Keeps the two servers up from the first test file of a run to the last. */
export default async function up() {
  const clusters = await sharedClusters();
  return async () => {
    for (const cluster of clusters) await cluster.stop();
  };
}
