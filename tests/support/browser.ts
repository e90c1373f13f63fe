import fs from 'node:fs';
import { chromium } from '@playwright/test';

type Found = { executablePath?: string; args: string[] };

/** A browser for the journeys: CHROMIUM, Playwright's own, the system's, or the one that npm carries. */
export async function findBrowser(): Promise<Found> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const named = process.env.CHROMIUM;
  if (named) return { executablePath: named, args };
  if (fs.existsSync(chromium.executablePath())) return { args };
  const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
    fs.existsSync(file),
  );
  if (system) return { executablePath: system, args };
  const { default: carried } = await import('@sparticuz/chromium');
  // Its own arguments are for a cloud function, and switch off guards that a visitor's browser has.
  return { executablePath: await carried.executablePath(), args: ['--no-sandbox', '--disable-gpu', ...args] };
}
