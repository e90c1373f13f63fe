import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { eq } from 'drizzle-orm';
import type { Role } from '#domain/access.ts';
import { person, role, round, unit } from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';
import { keepsAccessible } from '../support/axe.ts';
import { day } from '../support/demo.ts';
import { type OwnServer, ownServer } from '../support/server.ts';
import { town } from '../support/town.ts';

let server: OwnServer;
test.beforeAll(async () => {
  server = await ownServer();
  await town(server.main);
});
test.afterAll(() => server.stop());

const body = 'Fjord forskning';

async function signedIn(browser: Browser, name: string, held: Role | null): Promise<Page> {
  const id = randomUUID();
  const email = `${name.split(' ')[0]!.toLowerCase()}@fjord.example`;
  await server.main.insert(person).values({ id, name, email });
  if (held) await server.main.insert(role).values({ personId: id, role: held, givenAt: new Date() });
  const value = await sessions.create(server.main, id, new Date());
  const context = await browser.newContext({ baseURL: server.origin });
  await context.addCookies([{ name: 'session', value, url: server.origin }]);
  return await context.newPage();
}
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const step = (page: Page) => page.locator('[aria-current=step]');

test('a research institute holds the key of a survey of relatives: named, handed over, and nobody else’s', async ({
  browser,
}) => {
  const hr = await signedIn(browser, 'Hilde HR', 'hr');
  const operator = await signedIn(browser, 'Dag Drift', 'operator');
  const ida = await signedIn(browser, 'Ida Institutt', null);
  const { round: id } = await server.medvirk<{ round: string }>(
    ...['round', 'create', '--questionnaire', 'relative', '--units', 'A', '--name', 'Pårørende i A'],
    ...['--from', day(2), '--to', day(20)],
  );
  const [a] = await server.main.select().from(unit).where(eq(unit.code, 'A'));
  await server.main
    .update(round)
    .set({ counts: { [a!.id]: 12 } })
    .where(eq(round.id, id));

  // HR names the body and a person there.
  await hr.goto(`/rounds/${id}/approval`);
  await hr.getByLabel('Navn på organet').fill(body);
  await hr.getByLabel('E-postadressen personen logger inn med').fill('p1009@testvik.example');
  const naming = hr.locator('#outside').getByRole('button', { name: 'Lagre' });
  await naming.click();
  await expect(hr.locator('.ds-error-summary')).toContainText('Denne personen arbeider i kommunen.');
  await keepsAccessible(hr);
  await hr.getByLabel('E-postadressen personen logger inn med').fill('ida@fjord.example');
  await naming.click();
  await expect(hr.locator('#outside')).toContainText(`Ida Institutt i ${body} skal holde nøkkelen.`);
  await expect(hr.getByRole('button', { name: /^Overlat/ })).toHaveCount(0);
  expect((await ida.goto(`/rounds/${id}`))?.status()).toBe(200);
  await expect(ida.getByRole('button', { name: 'Lås undersøkelsen og last ned nøkkelen' })).toHaveCount(0);

  // The operator gives it up, and can do nothing more with it.
  await operator.goto('/due');
  await operator.getByRole('heading', { name: 'Overlat nøkkelen til Pårørende i A' }).waitFor();
  await operator.goto(`/rounds/${id}/approval`);
  await keepsAccessible(operator);
  await press(operator, 'Overlat nøkkelen til Ida Institutt');
  await expect(operator.locator('#outside')).toContainText('Overlatt til Ida Institutt');
  await operator.goto(`/rounds/${id}`);
  await expect(operator.locator('#next')).toContainText(
    new RegExp(`${body} holder nøkkelen.*Overlatt til Ida Institutt`),
  );
  await expect(operator.getByRole('button', { name: 'Lås undersøkelsen og last ned nøkkelen' })).toHaveCount(
    0,
  );
  const forced = await operator.request.post(`/rounds/${id}/freezing`, {
    headers: { origin: server.origin },
  });
  expect(forced.status()).toBe(404);

  // The one outside sees this one round, and locks, opens, stops and counts.
  await ida.goto('/due');
  await ida.getByRole('heading', { name: 'Lås Pårørende i A' }).waitFor();
  await ida.goto(`/rounds/${id}`);
  await expect(ida.getByText(`Du holder nøkkelen til denne undersøkelsen for ${body}.`)).toBeVisible();
  await keepsAccessible(ida);
  const [download] = await Promise.all([
    ida.waitForEvent('download'),
    press(ida, 'Lås undersøkelsen og last ned nøkkelen'),
  ]);
  const key = {
    name: 'key.json',
    mimeType: 'application/json',
    buffer: await fs.readFile(await download.path()),
  };
  await ida.goto(`/rounds/${id}`);
  await ida.getByLabel('Nøkkelfilen').setInputFiles(key);
  await press(ida, 'Kontroller nøkkelen');
  await press(ida, 'Åpne nå');
  await expect(step(ida)).toHaveText('Åpen');
  for (const [address, told] of [
    [`/sjekk/${id}`, `${body} holder nøkkelen, utenfor kommunen.`],
    [`/svar/${id}/nb`, `${body} holder nøkkelen, utenfor kommunen.`],
  ] as const)
    expect(await (await ida.request.get(address)).text()).toContain(told);
  await press(ida, 'Stopp nå');
  await operator.goto(`/rounds/${id}`);
  await expect(operator.locator('#next')).toContainText(`${body} teller opp med nøkkelfilen.`);
  await expect(operator.getByLabel('Nøkkelfilen')).toHaveCount(0);
  await ida.getByLabel('Nøkkelfilen').setInputFiles(key);
  await press(ida, 'Tell opp og vis resultatet');
  await expect(step(ida)).toHaveText('Talt opp');
  for (const other of [
    '/rounds',
    '/people',
    '/measures',
    '/plans',
    `/results/${id}/A`,
    `/rounds/${id}/approval`,
  ])
    expect([other, (await ida.request.get(other)).status()]).toEqual([other, 404]);
});
