import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { approvedDryRun, be, freeze, medvirk } from '../support/demo.ts';
import { answer } from '../support/voter.ts';

// A questionnaire of its own, and a dry run at the library.
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const follow = (page: Page, name: string) =>
  page.getByRole('main').getByRole('link', { name, exact: true }).click();
const main = (page: Page) => page.getByRole('main');
const faults = (page: Page) => page.locator('.ds-error-summary');
const places = ['Kantina', 'Biblioteket', 'Gangen', 'Ingen av disse'];

/** A list of answers, made and written. */
async function list(page: Page, draft: string, choose: string, answers: string[]) {
  await page.goto(`${draft}/scales`);
  await page.getByLabel(choose, { exact: true }).check();
  await page.getByLabel('Antall svar').fill(String(answers.length));
  await press(page, 'Lag listen og skriv svarene');
  for (const [i, words] of answers.entries())
    await page
      .getByRole('group', { name: `Svar ${i + 1}`, exact: true })
      .getByLabel('Bokmål')
      .fill(words);
  await press(page, 'Lagre');
  await expect(main(page)).toContainText('Lagret.');
}

async function question(page: Page, draft: string, words: string, answers: string) {
  await page.goto(draft);
  await follow(page, 'Legg til en påstand i dette temaet');
  await page.getByLabel('Ny påstand, på bokmål').fill(words);
  await press(page, 'Lagre');
  await page.goto(draft);
  await follow(page, words);
  await page.getByLabel(answers).check();
  await press(page, 'Lagre');
  await expect(main(page)).toContainText('Lagret.');
}

/** Gives the new questionnaire's key. */
async function makeQuestionnaire(page: Page): Promise<string> {
  await page.goto('/questionnaires/drafts/new');
  await page.getByLabel('Tittel').fill('Møteplassene våre');
  await page.getByLabel('Alle ansatte').check();
  await press(page, 'Begynn');
  const draft = page.url();
  await page.getByLabel('Nytt tema').fill('Å møtes');
  await press(page, 'Legg til temaet');

  await page.goto(`${draft}/scales`);
  await press(page, 'Lag listen og skriv svarene');
  await expect(faults(page)).toContainText('Velg om ett eller flere svar kan velges.');
  await list(page, draft, 'Velg ett svar', ['Fysisk møte', 'Videomøte']);
  await list(page, draft, 'Velg ett eller flere svar', [...places.slice(0, 2), 'Trappa', places[3]!]);
  await keepsAccessible(page);
  await page.getByLabel('Trappa').check();
  await page.getByLabel('Nytt svar, på bokmål').fill(places[2]!);
  await press(page, 'Lagre');
  await expect(page.getByRole('group', { name: 'Svar 4', exact: true }).getByLabel('Bokmål')).toHaveValue(
    'Gangen',
  );
  const third = page.getByRole('group', { name: 'Svar 3', exact: true }).getByLabel('Bokmål');
  await expect(third).toHaveValue(places[3]!);
  await press(page, `Flytt opp: ${places[2]!}`);
  await expect(third).toHaveValue(places[2]!);
  await press(page, `Flytt ned: ${places[2]!}`);
  await expect(third).toHaveValue(places[3]!);
  await keepsAccessible(page);
  await page.goto(`${draft}/scales`);
  await keepsAccessible(page);

  await question(page, draft, 'Hvordan vil du helst møtes?', 'Fysisk møte · Videomøte');
  await question(page, draft, 'Hvilke møteplasser bruker du?', 'Kantina · Biblioteket');
  await keepsAccessible(page);
  await page.goto(draft);
  await follow(page, 'Gjør ferdig');
  await press(page, 'Gjør ferdig som versjon 1');
  await expect(main(page)).toContainText('Versjon 1 er klar til bruk.');
  await keepsAccessible(page);
  const file = await page.request.get(`${page.url().split('?')[0]}/file`);
  return ((await file.json()) as { key: string }).key;
}

test('HR asks which meeting places are used; several are ticked, and the result has a bar for each', async ({
  page,
  browser,
}) => {
  test.slow();
  await be(page, 'hr');
  const key = await makeQuestionnaire(page);
  const { id, links, keyFile } = await freeze(await approvedDryRun('Prøve om møteplasser', 'KN-BI', key));
  await medvirk('round', 'open', id);

  const phone = await (await browser.newContext({ viewport: { width: 320, height: 700 } })).newPage();
  await phone.goto(links[0]!);
  await press(phone, 'Begynn');
  const shown = phone.locator('main > section:visible');
  await expect(shown.getByRole('group', { name: 'Hvilke møteplasser bruker du?' })).toContainText(
    'Du kan velge flere.',
  );
  await keepsAccessible(phone);
  await shown.getByText('Videomøte').click();
  for (const place of ['Kantina', 'Gangen', 'Biblioteket']) await shown.getByText(place).click();
  await shown.getByText('Biblioteket').click();
  await expect(shown.getByRole('checkbox', { checked: true })).toHaveCount(2);
  await phone.reload();
  await expect(shown.getByRole('checkbox', { checked: true })).toHaveCount(2);
  await shown.locator('[data-go=next]').click();
  await expect(shown).toContainText('Kantina; Gangen');
  await keepsAccessible(phone);
  await press(phone, 'Send svarene');
  await expect(shown.getByRole('heading', { level: 1 })).toHaveText('Takk. Svaret ditt er med.');
  await phone.context().close();

  // In the order of the list: the canteen, the library, none of these, the corridor.
  const sets = [
    [1, 1, 0, 0],
    [0, 0, 1, 0],
    [1, 0, 0, 1],
  ];
  await Promise.all(links.slice(1, 13).map((link, i) => answer(link, [1 + (i % 2), ...sets[i % 3]!])));
  await medvirk('round', 'stop', id);
  await medvirk('round', 'close', id, '--key-file', keyFile);

  await page.goto(`/results/${id}/KN-BI`);
  const result = page.locator('#choices');
  await expect(result).toContainText('Flest valgte «Kantina»: 69 % av de 13 som svarte.');
  await expect(result).toContainText('Hver kunne velge flere');
  await result.locator('summary').last().click();
  await expect(result.getByRole('table').last().getByRole('row')).toHaveCount(6);
  await keepsAccessible(page);
  const csv = await (await page.request.get(`/results/${id}/KN-BI/figures.csv?profile=machine`)).text();
  expect(csv).toContain('Hvilke møteplasser bruker du?,13,,');
});
