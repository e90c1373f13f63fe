import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

// Each way in of the demo, by those who have it. Nobody answers: what is used up here is used up for the others.
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const shown = (page: Page) => page.locator('main > section:visible');

/** What somebody of the demo has on paper: the codes. */
async function paper(page: Page, button: string): Promise<string[]> {
  await page.goto('/');
  await press(page, button);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dette har du fått på papir');
  await keepsAccessible(page);
  return await page.locator('.ds-card li').allInnerTexts();
}

async function types(page: Page, code: string) {
  await page.getByLabel('Kode', { exact: true }).fill(code);
  await press(page, 'Fortsett');
  await press(page, 'De er like');
}

test('somebody without e-mail, and a relative, type the code of a letter', async ({ page }) => {
  for (const [button, group] of [
    ['Vær ansatt med kode', 'Renhold sør'],
    ['Vær pårørende', /^Bofellesskapet/],
  ] as const) {
    const [code] = await paper(page, button);
    expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await page.locator('main a[href*="/svar/"]').first().click();
    // The paper is still there for who goes back to it.
    await page.goBack();
    await expect(page.locator('.ds-card li')).toHaveText(code!);
    await page.goForward();
    await types(page, code!);
    await expect(page.locator('#begin')).toBeVisible();
    await expect(page.getByText(group).first()).toBeVisible();
  }
});

test('somebody without e-mail reads the text message that was never sent, and its link leads in', async ({
  page,
}) => {
  await page.goto('/');
  await press(page, 'Vær ansatt med SMS');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Postkassen i demoen');
  const message = page
    .getByRole('article')
    .filter({ hasText: /SMS til \+47400\d{5}/ })
    .first();
  await expect(message).toContainText('Si hva du mener om jobben. Siste dag');
  await keepsAccessible(page);
  await message.getByRole('link').click();
  await expect(page.locator('#begin')).toBeVisible();
  await expect(page.getByText('Renhold sør').first()).toBeVisible();
});

test('a resident and a helper meet the page for the ward’s tablet', async ({ page }) => {
  const [code] = await paper(page, 'Vær beboer med hjelper');
  await page.getByRole('link', { name: 'Det samme på nettbrettet i avdelingen' }).click();
  await expect(page).toHaveURL(/\?kiosk$/);
  await types(page, code!);
  await expect(page.locator('#begin')).toBeVisible();
});

test('somebody evaluates the leader by a link, and is told who gets the report', async ({ page }) => {
  await be(page, 'evaluator');
  await expect(page.locator('#begin')).toBeVisible();
  await expect(page.getByText('Du svarer om lederen av Vei, park og idrett.')).toBeVisible();
  await expect(page.getByText('Rapporten er for lederen selv og for lederens leder.')).toBeVisible();
});

test('who enters forms comes to the page for them with five codes', async ({ page }) => {
  expect(new Set(await paper(page, 'Før inn skjemaer')).size).toBe(5);
  await press(page, 'Gå til innføringen');
  await expect(page).toHaveURL(/\/rounds\/\w+\/entry$/);
  await expect(page.getByLabel('Koden på skjemaet').first()).toBeVisible();
});

test('a reader opens what was written, with the key that the demo keeps', async ({ page }) => {
  await be(page, 'reader');
  await expect(page).toHaveURL(/\/rounds\/\w+\/reading$/);
  await press(page, 'Åpne med demoens nøkkel');
  await expect(shown(page).or(page.locator('fieldset')).first()).toBeVisible();
  await expect(page.locator('.words').first()).not.toBeEmpty();
  await keepsAccessible(page);
});

test('what the other surveys gave is there, at the units that may see it', async ({ page }) => {
  const title = page.getByRole('heading', { level: 1 });
  const of = async (round: RegExp, unit: string) => {
    await page.goto('/results');
    const section = page.locator('section').filter({ has: page.getByRole('heading', { name: round }) });
    await section.getByRole('link', { name: unit, exact: true }).click();
    await expect(title).toHaveText(unit);
  };
  await be(page, 'director');
  await of(/^Beboerne på Tunet/, 'Tunet bo- og behandlingssenter');
  await expect(page.getByText(/\d+ av 63 svarte/)).toBeVisible();
  await expect(page.getByText(/på vegne av/).first()).toBeVisible();
  await of(/^Pårørende i hjemmetjenesten/, 'Hjemmetjenesten');
  await expect(page.getByText(/\d+ av 93 svarte/)).toBeVisible();

  await of(/^Kort om arbeidsdagen i hjemmetjenesten/, 'Hjemmetjenesten');
  await page.getByRole('link', { name: 'Hjemmetjenesten nord', exact: true }).first().click();
  await expect(title).toHaveText('Hjemmetjenesten nord');
  await expect(page.getByText('Hva ville gjort arbeidsdagen din bedre?')).toBeVisible();
  await expect(page.locator('main')).not.toContainText('Kari som slipper');

  await page.goto('/results');
  await page.getByRole('link', { name: /^Evaluering av .*, leder av NAV Fjordvik$/ }).click();
  await expect(page.getByText('Jeg er god til å stille opp.')).toBeVisible();
  await page.goto('/results');
  await page.getByRole('link', { name: /^Evaluering av .*, leder av Helsesenteret$/ }).click();
  await expect(page.getByText(/samtaleguide/).first()).toBeVisible();
});
