import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import * as Questionnaire from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';
import { keepsAccessible } from '../support/axe.ts';
import { approvedDryRun, freeze, medvirk } from '../support/demo.ts';

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const told = (page: Page) => page.getByText('Velg et svar her. Påstanden må besvares.');
const answer = (page: Page, statement: string) =>
  page.getByRole('group', { name: statement }).getByText('Enig', { exact: true }).click();
const heading = (page: Page) => page.getByRole('heading', { level: 1 });

test('what must be answered is asked for on its page and before sending, also when it was taken away again', async ({
  page,
}) => {
  const questionnaire = structuredClone(own[0]!);
  Object.assign(questionnaire, { key: 'demanding', themes: questionnaire.themes.slice(0, 2), factors: [] });
  delete questionnaire.background;
  const [first] = Questionnaire.statements(questionnaire);
  first!.required = true;
  const file = path.join(process.env.JOURNEYS_DATA_DIR!, 'demanding.json');
  await fs.writeFile(file, JSON.stringify(questionnaire));
  await medvirk('import', 'questionnaire', file);
  const { id, links } = await freeze(await approvedDryRun('Prøve med krav', 'KN-BI', 'demanding'));
  await medvirk('round', 'open', id);

  await page.goto(links[0]!);
  await expect(page.getByRole('main')).toContainText('Påstander merket «Må besvares» må ha et svar.');
  await press(page, 'Begynn');
  const title = questionnaire.themes[0]!.title.nb;
  await expect(heading(page)).toHaveText(title);
  await expect(told(page)).toBeHidden();
  await press(page, 'Neste');
  await expect(told(page)).toBeVisible();
  await expect(heading(page)).toHaveText(title);
  await expect(page.locator(':focus')).toHaveAttribute('name', '0');
  await expect(page.getByRole('group', { name: first!.text.nb })).toHaveAccessibleDescription(
    'Velg et svar her. Påstanden må besvares.',
  );
  await keepsAccessible(page);
  await answer(page, first!.text.nb);
  await expect(told(page)).toBeHidden();
  await press(page, 'Neste');

  // Back by the browser, the answer taken away, and forward again: past the page that asks for it.
  await page.goBack();
  await page.getByRole('group', { name: first!.text.nb }).getByRole('button').click();
  await page.goForward();
  await press(page, 'Se over svarene');
  await press(page, 'Send svarene');
  await expect(told(page)).toBeVisible();
  await expect(heading(page)).toHaveText(title);
  await answer(page, first!.text.nb);
  await press(page, 'Til oversikten');
  await press(page, 'Send svarene');
  await expect(heading(page)).toHaveText('Takk. Svaret ditt er med.');
});
