import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './tests/support/browser.ts';

// Decided by the first process of a run; its workers inherit it.
const isFirst = process.env.JOURNEYS_DATA_DIR === undefined;
const DATA_DIR = (process.env.JOURNEYS_DATA_DIR ??= path.join(
  os.tmpdir(),
  `medvirk-journeys-${process.pid}`,
));
const PORT = (process.env.JOURNEYS_PORT ??= String(20_000 + (process.pid % 12_000)));
if (isFirst) process.on('exit', () => fs.rmSync(DATA_DIR, { recursive: true, force: true }));

export default defineConfig({
  testDir: 'tests/journeys',
  testMatch: '*.test.ts',
  outputDir: 'test-results',
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  timeout: 180_000,
  // Whoever waits for what comes loses nothing, and the machine may have much to do.
  expect: { timeout: 20_000 },
  reporter: 'line',
  use: {
    baseURL: `http://localhost:${PORT}`,
    locale: 'nb-NO',
    timezoneId: 'Europe/Oslo',
    // A page that was not as it should is written down in words all the same; for more, --trace retain-on-failure.
    trace: 'off',
    // Without a UTF-8 locale Chromium gives no name with æ, ø or å to what it downloads.
    launchOptions: { ...(await findBrowser()), env: { ...process.env, LC_ALL: 'C.UTF-8' } },
  },
  webServer: {
    command: 'exec node start.js',
    url: `http://localhost:${PORT}/readyz`,
    env: { PORT, DATA_DIR, HOST: '127.0.0.1' },
    timeout: 600_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
  },
});
