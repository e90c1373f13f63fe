import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import * as program from './program.ts';

const buttons = {
  employee: 'Vær ansatt',
  evaluator: 'Evaluer lederen din',
  leader: 'Vær avdelingsleder',
  union: 'Vær tillitsvalgt',
  hr: 'Vær HR',
  director: 'Vær kommunalsjef',
  politician: 'Vær politiker',
  operator: 'Vær driftsansvarlig',
  reader: 'Les kommentarer',
};

/** Becomes somebody of the demo, as a visitor does. */
export async function be(page: Page, part: keyof typeof buttons) {
  await page.goto('/');
  await page.getByRole('button', { name: buttons[part], exact: true }).click();
  await expect(page.getByRole('button', { name: buttons[part] })).toHaveCount(0);
}

/** From the front page of whoever one has become to the newest result of a unit. */
export async function toResult(page: Page, unit: string) {
  await page.getByRole('link', { name: new RegExp(`esultatet for ${unit}(,|$)`) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(unit);
}

/** A command on the running demo's databases, as an operator types it at the machine. */
export function medvirk<T>(...words: string[]): Promise<T> {
  // A file before this one in the same process may have had databases of its own.
  const { DATABASE_URL: _, BOX_DATABASE_URL: __, ...env } = process.env;
  const { JOURNEYS_DATA_DIR: DATA_DIR, JOURNEYS_PORT: PORT } = env;
  return program.medvirk(words, { ...env, DATA_DIR, PORT });
}

export type DryRun = { id: string; name: string; keyFile: string; links: string[] };

/** The day so many days from now, ISO. */
export const day = (fromNow: number) =>
  new Date(Date.now() + fromNow * 24 * 3600_000).toISOString().slice(0, 10);

/** A planned and approved dry run on some units, of the file's own: nobody else's tests meet it. */
export async function approvedDryRun(
  name: string,
  units: string,
  questionnaire = 'employee',
): Promise<{ id: string; name: string }> {
  const window = ['--from', day(2), '--to', day(20)];
  const { round } = await medvirk<{ round: string }>(
    ...['round', 'create', '--questionnaire', questionnaire, '--units', units, '--name', name],
    ...[...window, '--dry-run'],
  );
  return { id: round, name };
}

/** Gone with the run's databases (playwright.config.ts). */
const newFolder = () => fs.mkdtemp(path.join(process.env.JOURNEYS_DATA_DIR!, 'journey-'));

/** The same, frozen: its links are there, but it has not opened. */
export const frozenDryRun = async (name: string, units: string): Promise<DryRun> =>
  freeze(await approvedDryRun(name, units));

/** Freezes an approved dry run, as the operator does at the machine. */
export async function freeze(planned: { id: string; name: string }): Promise<DryRun> {
  const folder = await newFolder();
  const keyFile = path.join(folder, 'key.json');
  await medvirk('round', 'freeze', planned.id, '--key-file', keyFile);
  return { ...planned, keyFile, links: await links(planned.id) };
}

export async function openDryRun(name: string, units: string): Promise<DryRun> {
  const frozen = await frozenDryRun(name, units);
  await medvirk('round', 'open', frozen.id);
  return frozen;
}

/** The links of everybody invited to a dry run. */
export const links = async (round: string): Promise<string[]> =>
  (await invited(round)).map(({ link }) => link);

/** The same, each with the first unit of its group. */
export async function invited(round: string): Promise<{ unit: string; link: string }[]> {
  const folder = await newFolder();
  const out = path.join(folder, 'links.csv');
  await medvirk('round', 'invitations', round, '--out', out);
  const [, ...rows] = (await fs.readFile(out, 'utf8')).trim().split('\n');
  return rows.map((row) => {
    const cells = row.split(';');
    return { unit: cells[0]!, link: cells.at(-1)! };
  });
}
