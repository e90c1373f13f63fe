import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const tests = fs.globSync('{src,tests/attacks,tests/house}/**/*.test.ts');
/** Files that set what belongs to the whole process, or look at it, have one of their own. The others share. */
const isAlone = (file: string) =>
  file.startsWith('tests/') || /\bvi\.|\bprocess\./.test(fs.readFileSync(file, 'utf8'));
const usesServers = (file: string) => !/^src\/(lib\/(domain|ui)|answer)\//.test(file);
const globalSetup = 'tests/support/servers-up.ts';

const project = (name: string, isOf: (file: string) => boolean, more: object) => ({
  test: {
    name,
    include: tests.filter(isOf),
    ...{ testTimeout: 240_000, hookTimeout: 240_000, setupFiles: 'tests/support/signing-keys.ts' },
    // Whoever waits for what comes loses nothing, and the machine may have much to do.
    expect: { poll: { timeout: 30_000 } },
    ...more,
  },
});

export default defineConfig({
  test: {
    // Those who wait for a server or a browser leave a processor to others.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // They run in the order of their names, in each the largest file first.
    projects: [
      project('alone', isAlone, { globalSetup }),
      project('servers', (file) => !isAlone(file) && usesServers(file), { globalSetup, isolate: false }),
      project('without servers', (file) => !isAlone(file) && !usesServers(file), { isolate: false }),
    ],
  },
});
