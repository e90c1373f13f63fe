import fs from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { type Questionnaire, statements } from '#domain/questionnaire.ts';
import employee from '#domain/questionnaires/employee.json' with { type: 'json' };
import { keepsAccessible } from '../support/axe.ts';
import { approvedDryRun, be, links } from '../support/demo.ts';
import { answer } from '../support/voter.ts';

const step = (page: Page) => page.locator('[aria-current=step]');
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const asked = statements(employee as Questionnaire).length;
/** Answers to the whole questionnaire, not alike from one person to the next. */
const marks = (who: number) =>
  Array.from({ length: asked }, (_, i) => 1 + ((who * 2 + i * 3 + ((who * i) % 4)) % 5));

async function freezeAndOpen(page: Page, round: string): Promise<string> {
  await page.goto(`/rounds/${round}`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    press(page, 'Lås undersøkelsen og last ned nøkkelen'),
  ]);
  expect(download.suggestedFilename()).toBe(`medvirk-nokkel-${round}.json`);
  await page.reload();
  await expect(step(page)).toHaveText('Låst');
  await keepsAccessible(page);
  await press(page, 'Åpne nå');
  await expect(step(page)).toHaveText('Åpen');
  return await fs.readFile(await download.path(), 'utf8');
}

async function count(page: Page, key: string) {
  const file = { name: 'nøkkel.json', mimeType: 'application/json', buffer: Buffer.from(key) };
  await page.getByLabel('Nøkkelfilen').setInputFiles(file);
  await press(page, 'Tell opp og vis resultatet');
}

test('the operator freezes, opens, stops and counts with the key; the result stands until it is withdrawn', async ({
  page,
  browser,
}) => {
  const faults = page.locator('.ds-error-summary');
  const round = await approvedDryRun('Prøve av hele veien', 'OS-OK');
  const other = await approvedDryRun('Prøve ved siden av', 'OS-IK');
  await be(page, 'operator');
  await page.goto('/rounds');
  await page.getByRole('link', { name: round.name }).first().click();
  await page.goto(`/rounds/${round.id}`);
  await expect(step(page)).toHaveText('Godkjent');
  await keepsAccessible(page);
  const key = await freezeAndOpen(page, round.id);
  const otherKey = await freezeAndOpen(page, other.id);

  const invited = await links(round.id);
  await Promise.all(invited.slice(0, 10).map((link, who) => answer(link, marks(who))));
  await page.goto(`/rounds/${round.id}`);
  await keepsAccessible(page);
  await expect(page.locator('#next')).toContainText('Ingen ser svar eller hvem som har svart.');
  await expect(page.locator('#next')).not.toContainText('10');
  await press(page, 'Stopp nå');
  await expect(step(page)).toHaveText('Stoppet');
  await expect(answer(invited[10]!, marks(10))).rejects.toThrow('late');

  await press(page, 'Tell opp og vis resultatet');
  await expect(faults).toContainText('Velg nøkkelfilen.');
  for (const [wrong, told] of [
    ['{"hello":1}', 'Dette er ikke en nøkkelfil fra Medvirk.'],
    [otherKey, 'Nøkkelen hører til en annen undersøkelse'],
  ] as const) {
    await count(page, wrong);
    await expect(faults).toContainText(told);
    await expect(step(page)).toHaveText('Stoppet');
  }
  await keepsAccessible(page);
  await count(page, key);
  await expect(step(page)).toHaveText('Talt opp');
  await keepsAccessible(page);

  const hr = await (await browser.newContext()).newPage();
  await be(hr, 'hr');
  await hr.goto(`/results/${round.id}/OS-OK`);
  await expect(hr.getByText(`10 av ${invited.length} svarte`)).toBeVisible();
  await expect(hr.getByText('Prøverunde.', { exact: true })).toBeVisible();
  await keepsAccessible(hr);
  await hr.goto(`/sjekk/${round.id}`);
  await expect(
    hr.getByText(`${invited.length} var invitert. 10 svar kom inn, 10 er talt med, og 0 lot seg ikke lese.`),
  ).toBeVisible();
  await keepsAccessible(hr);

  await page.getByText('Trekk tilbake').first().click();
  await press(page, 'Trekk tilbake');
  await expect(faults).toContainText('Skriv hvorfor.');
  await page.getByLabel('Begrunnelse').fill('Prøven er over.');
  await press(page, 'Trekk tilbake');
  await expect(page.locator('#next')).toContainText('Prøven er over.');
  await keepsAccessible(page);
  await hr.goto(`/results/${round.id}/OS-OK`);
  await expect(hr.getByText('Grunn: Prøven er over.')).toBeVisible();
  await expect(hr.getByText(/ svarte \(/)).toHaveCount(0);
  expect((await hr.request.get(`/results/${round.id}/OS-OK/figures.csv`)).status()).toBe(404);
  await keepsAccessible(hr);
  await hr.context().close();
});
