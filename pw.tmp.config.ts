import { defineConfig } from '@playwright/test';
import { findBrowser } from './tests/support/browser.ts';
export default defineConfig({ testDir: 'tests/journeys', testMatch: 'draft.test.ts', outputDir: '/tmp/pw-editor', workers: 1, timeout: 180_000, reporter: 'list', expect: { timeout: 20_000 },
  use: { baseURL: 'http://localhost:4102', locale: 'nb-NO', timezoneId: 'Europe/Oslo', launchOptions: { ...(await findBrowser()), env: { ...process.env, LC_ALL: 'C.UTF-8' } } } });
