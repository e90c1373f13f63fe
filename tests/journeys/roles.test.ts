import { expect, type Page, test } from '@playwright/test';
import { own } from '#domain/questionnaires/own.ts';
import { statements } from '#domain/questionnaire.ts';
import { keepsAccessible } from '../support/axe.ts';
import { be, type DryRun, medvirk, openDryRun } from '../support/demo.ts';
import { answer } from '../support/voter.ts';

const shown = (page: Page) => page.locator('main > section:visible');
const employee = own.find((one) => one.key === 'employee')!;
const asked = statements(employee);
const answers = (person: number) => asked.map((_, i) => 1 + ((person * 7 + i * 3 + ((person * i) % 4)) % 5));

/** Everybody with one of the links answers, and the result is published. */
async function answered(round: DryRun, role: (person: number) => number) {
  for (const [person, link] of round.links.entries()) await answer(link, answers(person), [role(person)]);
  await medvirk('round', 'stop', round.id);
  await medvirk('round', 'close', round.id, '--key-file', round.keyFile);
}

test('who answers may say which role, and sees why it is asked', async ({ page }) => {
  const round = await openDryRun('Prøve med roller', 'OS');
  const [first, ...others] = round.links as [string, ...string[]];
  await page.goto(first);
  await page.getByRole('button', { name: 'Begynn' }).click();
  for (const _ of employee.themes) await shown(page).getByRole('button', { name: 'Neste' }).click();
  await expect(shown(page).getByRole('heading', { level: 1 })).toHaveText('Til slutt');
  await expect(shown(page)).toContainText('aldri i én avdeling');
  await keepsAccessible(page);
  await page.getByLabel('Kontor, drift, renhold eller kjøkken').check();
  await shown(page).getByRole('button', { name: 'Se over svarene' }).click();
  const row = page.locator('#overview div', { hasText: 'Hvilken rolle har du?' });
  await expect(row).toContainText('Kontor, drift, renhold eller kjøkken');
  await row.getByRole('button', { name: 'Endre' }).click();
  await page.getByLabel('Leder', { exact: true }).check();
  await shown(page).getByRole('button', { name: 'Til oversikten' }).click();
  await expect(row).toContainText('Leder');
  await page.reload();
  await expect(row).toContainText('Leder');
  await page.getByRole('button', { name: 'Send svarene' }).click();
  await expect(shown(page).getByRole('heading', { level: 1 })).toHaveText('Takk. Svaret ditt er med.');

  await answered({ ...round, links: others }, (person) => [4, 1, 3][person % 3]!);
  await be(page, 'hr');
  await page.goto(`/results/${round.id}/OS`);
  const section = page.locator('#apart');
  await expect(section.getByRole('heading')).toHaveText('Etter rolle');
  await expect(section.getByRole('table')).toContainText('Leder');
  await expect(section.getByRole('columnheader', { name: 'Helsefagarbeider' })).toHaveCount(0);
  await expect(section).not.toContainText('Vises ikke');
  await keepsAccessible(page);
  await page.goto(`/results/${round.id}/OS-HR`);
  await expect(page.getByRole('heading', { name: 'Faktorene' })).toBeVisible();
  await expect(section).toContainText('Vises ikke, for å verne dem som svarte.');
});

test('an area where a few have a role shows none of them', async ({ page }) => {
  const round = await openDryRun('Prøve med få ledere', 'KN');
  await answered(round, (person) => (person < 3 ? 4 : 1));
  await be(page, 'hr');
  await page.goto(`/results/${round.id}/KN`);
  const section = page.locator('#apart');
  await expect(section).toContainText('Vises ikke, for å verne dem som svarte.');
  await expect(section.getByRole('table')).toHaveCount(0);
  await keepsAccessible(page);
});
