import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';
import { lss, nightShifts } from '../support/limesurvey.ts';

const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
const main = (page: Page) => page.getByRole('main');
const choose = async (page: Page, name: string, text: string) => {
  await page.goto('/questionnaires/import/limesurvey');
  await page
    .getByLabel('Undersøkelsesfil')
    .setInputFiles({ name, mimeType: 'text/xml', buffer: Buffer.from(text) });
  await page.getByLabel('Hvem svarer?').selectOption('Alle ansatte');
  await press(page, 'Se hva som kommer med');
};

test('HR brings in a survey from LimeSurvey, sees what is left behind, mends it and adds it', async ({
  page,
}) => {
  await be(page, 'hr');
  await page.goto('/questionnaires/import');
  await page.getByRole('link', { name: 'Hent inn fra LimeSurvey (.lss)' }).click();
  await press(page, 'Se hva som kommer med');
  await expect(page.locator('.ds-error-summary').getByRole('link')).toHaveText([
    ...['Velg en fil først.', 'Velg hvem som svarer.'],
  ]);
  await keepsAccessible(page);

  await choose(page, 'nattvakter.lss', lss(nightShifts));
  await expect(main(page)).toContainText('9 påstander på 4 sider. Språk: Bokmål, English.');
  await expect(main(page)).toContainText('Om vaktene, fritekst: T: Hva ville du endret?');
  await expect(main(page)).toContainText('Skript i teksten er fjernet');
  await keepsAccessible(page);
  await page.locator('summary', { hasText: 'Skjemaet som fil' }).click();
  const file = page.getByLabel('Skjemaet som fil');
  const json = await file.inputValue();
  await file.fill(json.replace('"minutes": 2', '"minutes": 0'));
  await press(page, 'Legg til skjemaet');
  await expect(main(page)).toContainText('minutes er for lavt. Det minste er 1.');
  await keepsAccessible(page);
  await page.getByLabel('Skjemaet som fil').fill(json.replace('"minutes": 2', '"minutes": 3'));
  await press(page, 'Legg til skjemaet');
  await expect(main(page)).toContainText('Skjemaet er hentet inn som versjon');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nattvakter');
});

test('a hostile file gets a clear sentence', async ({ page }) => {
  await be(page, 'hr');
  const bomb = lss(nightShifts).replace('<document>', '<!DOCTYPE d [<!ENTITY a "ha">]><document>');
  for (const [name, text, sentence] of [
    ['bombe.lss', bomb, 'Filen har en dokumenttype (DOCTYPE).'],
    ['halv.lss', lss(nightShifts).slice(0, 3000), 'Filen er ødelagt ved linje'],
    ['annet.lss', '<svg></svg>', 'Dette er ikke en undersøkelsesfil fra LimeSurvey.'],
  ] as const) {
    await choose(page, name, text);
    await expect(page.locator('.ds-error-summary')).toContainText(sentence);
  }
});
