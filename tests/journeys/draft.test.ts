import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

// Questionnaires of its own, that no survey asks.
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const follow = (page: Page, name: string) =>
  page.getByRole('main').getByRole('link', { name, exact: true }).click();
const main = (page: Page) => page.getByRole('main');
const words = (page: Page, language: string) =>
  page.getByRole('group', { name: 'Påstanden' }).getByLabel(language);
const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** A questionnaire of one theme with one statement, finished as version 1. */
async function madeFromNothing(page: Page, title: string, statement: string) {
  await page.goto('/questionnaires/drafts/new');
  await page.getByLabel('Tittel').fill(title);
  await page.getByLabel('Alle ansatte').check();
  await press(page, 'Begynn');
  await page.getByLabel('Nytt tema').fill('Vaktene');
  await press(page, 'Legg til temaet');
  await page.getByLabel('Ny påstand, på bokmål').fill(statement);
  await press(page, 'Lagre');
  await follow(page, `Kladd: ${title}`);
  await follow(page, 'Gjør ferdig');
  await press(page, 'Gjør ferdig som versjon 1');
  await expect(main(page)).toContainText('Versjon 1 er klar til bruk.');
}

test('HR makes a questionnaire from nothing, and the next version of it with other words', async ({
  page,
}) => {
  await be(page, 'hr');
  await page.goto('/questionnaires');
  await follow(page, 'Lag et skjema');
  await press(page, 'Begynn');
  await expect(page.locator('.ds-error-summary').getByRole('link')).toHaveText([
    ...['Skriv teksten på bokmål.', 'Velg hvem som svarer.'],
  ]);
  await keepsAccessible(page);
  const title = 'Slik er nattvaktene';
  await madeFromNothing(page, title, 'Jeg sover godt etter vakt.');

  await press(page, 'Lag en ny utgave');
  await keepsAccessible(page);
  const draft = page.url();

  await follow(page, 'Tittel, språk og tid');
  await page.getByLabel('Nynorsk').check();
  await press(page, 'Lagre');
  await expect(main(page)).toContainText('Lagret.');
  await page.getByRole('group', { name: 'Tittel' }).getByLabel('Nynorsk').fill('Slik er nattevaktene');
  await press(page, 'Lagre');
  await keepsAccessible(page);

  await page.goto(draft);
  await follow(page, 'Jeg sover godt etter vakt.');
  await expect(main(page)).toContainText('Står slik i versjon 1.');
  await words(page, 'Bokmål').fill('Jeg er ikke trøtt etter vakt og lederen ivaretar meg.');
  await press(page, 'Lagre');
  for (const told of ['«ikke» snur meningen', '«og» kan gjøre dette til to spørsmål', 'Prøv «tar vare på»'])
    await expect(main(page)).toContainText(told);
  await expect(main(page)).toContainText('Teksten mangler på nynorsk.');
  await expect(main(page)).toContainText('Resultatet viser et brudd her');
  await keepsAccessible(page);
  await words(page, 'Bokmål').fill('Jeg er uthvilt etter vakt.');
  await words(page, 'Nynorsk').fill('Eg er uthvilt etter vakt.');
  await page.getByLabel('Vet ikke').check();
  await page.getByLabel('Arbeidsmengde og tidspress').check();
  await press(page, 'Lagre');

  await page.goto(draft);
  await follow(page, 'Svarskalaer');
  await page.getByLabel('Aldri · Sjelden · Av og til · Ofte · Alltid').check();
  await press(page, 'Legg til skalaen');
  await keepsAccessible(page);

  await page.goto(draft);
  await follow(page, 'Legg til en påstand i dette temaet');
  await page.getByRole('group', { name: 'Tittel' }).getByLabel('Nynorsk').fill('Vaktene');
  await page.getByLabel('Ny påstand, på bokmål').fill('Jeg får tatt pause.');
  await press(page, 'Lagre');
  await page.getByLabel('Aldri · Sjelden · Av og til · Ofte · Alltid').check();
  await press(page, 'Lagre');

  await page.goto(draft);
  await press(page, 'Flytt opp: Jeg får tatt pause.');
  await expect(main(page).locator('ol').getByRole('link')).toHaveText([
    'Jeg får tatt pause.',
    'Jeg er uthvilt etter vakt.',
  ]);
  await follow(page, 'Faktorer');
  await page.getByLabel('Ny faktor, på bokmål').fill('Hvile');
  await press(page, 'Lagre');
  for (const one of ['Jeg får tatt pause.', 'Jeg er uthvilt etter vakt.'])
    await page.getByLabel(one).selectOption('Hvile');
  await press(page, 'Lagre');
  await keepsAccessible(page);

  await page.goto(draft);
  await follow(page, 'Gjør ferdig');
  await expect(main(page)).toContainText('Teksten mangler på nynorsk');
  await expect(page.getByRole('button', { name: 'Gjør ferdig som' })).toHaveCount(0);
  await page.goto(draft);
  await follow(page, 'Tekstene på nynorsk');
  await page
    .getByRole('group', { name: 'Påstand 1', exact: true })
    .getByLabel('Nynorsk')
    .fill('Eg får teke pause.');
  await page.getByRole('group', { name: 'Faktor 1' }).getByLabel('Nynorsk').fill('Kvile');
  await press(page, 'Lagre og godkjenn alle');
  await expect(main(page)).toContainText('0 mangler, 0 er utkast');
  await expect(main(page)).toContainText('Astrid Myrhov');
  await keepsAccessible(page);

  await page.goto(draft);
  await follow(page, 'Forhåndsvis');
  await page.getByRole('link', { name: 'Telefon', exact: true }).click();
  await page.getByRole('link', { name: 'Nynorsk', exact: true }).click();
  await expect(page.getByRole('group', { name: 'Eg får teke pause.' }).getByRole('radio')).toHaveCount(6);
  await keepsAccessible(page);

  await page.goto(`${draft}/finish`);
  await expect(main(page)).toContainText('Utviklingen blir brutt');
  await expect(main(page)).toContainText('Før: Jeg sover godt etter vakt.');
  await keepsAccessible(page);
  await press(page, 'Gjør ferdig som versjon 2');
  await expect(heading(page)).toHaveText(title);
  await expect(main(page)).toContainText('Versjon 2 er klar til bruk.');
  await expect(main(page)).toContainText('Disse kan ikke sammenlignes med tidligere svar.');
  await page.goto(draft);
  await expect(main(page)).toContainText('Nytt siden versjon 1');
});

test('what residents are asked is seen as they meet it, in both editions and on paper', async ({ page }) => {
  await be(page, 'hr');
  await page.goto('/questionnaires/drafts/new');
  await page.getByLabel('Tittel').fill('Dagene mine her');
  await page.getByLabel('Beboere').check();
  await press(page, 'Begynn');
  const draft = page.url();
  await page.getByLabel('Nytt tema').fill('Maten');
  await press(page, 'Legg til temaet');
  const theme = page.url();
  for (const words of ['Maten er god.', 'Jeg velger selv når jeg spiser.']) {
    await page.goto(theme);
    await page.getByLabel('Ny påstand, på bokmål').fill(words);
    await press(page, 'Lagre');
  }
  await page.getByLabel('Med i den enkle utgaven').check();
  await press(page, 'Lagre');
  await page.goto(`${draft}/settings`);
  await expect(main(page)).toContainText('Derfor er alle påstandene frivillige.');

  await page.goto(draft);
  await follow(page, 'Åpne spørsmål');
  await page.getByLabel('Nytt åpent spørsmål, på bokmål').fill('Hva gjør en god dag bedre?');
  await press(page, 'Lagre');
  await expect(page.getByLabel('Bokmål').first()).toHaveValue('Hva gjør en god dag bedre?');
  await keepsAccessible(page);

  await page.goto(draft);
  await follow(page, 'Forhåndsvis');
  await expect(page.getByRole('radio', { name: 'Det varierer' })).toHaveCount(2);
  await keepsAccessible(page);
  await page.getByRole('link', { name: 'Enkel utgave', exact: true }).click();
  await expect(page.getByRole('radio', { name: 'Det varierer' })).toHaveCount(1);
  await page.getByRole('link', { name: 'Svarkort', exact: true }).click();
  await expect(page.getByRole('listitem')).toHaveText(['Nei', 'Det varierer', 'Ja']);
  await keepsAccessible(page);
  const at = await page.getByRole('link', { name: 'Papir (PDF)' }).getAttribute('href');
  const form = await page.request.get(at!);
  expect([form.status(), form.headers()['content-type']]).toEqual([200, 'application/pdf']);
});

test('a tick is of the words that were read: those that came meanwhile are shown first', async ({ page }) => {
  await be(page, 'hr');
  await madeFromNothing(page, 'Skjemaet vi leser sammen', 'Vi lytter til hverandre.');
  await press(page, 'Lag en ny utgave');
  const draft = page.url();
  await page.goto(`${draft}/languages?language=nb`);
  const other = await page.context().newPage();
  await other.goto(draft);
  await follow(other, 'Vi lytter til hverandre.');
  await words(other, 'Bokmål').fill('Vi hører på hverandre.');
  await press(other, 'Lagre');
  await expect(main(other)).toContainText('Lagret.');

  const statement = page.getByRole('group', { name: 'Påstand 1', exact: true });
  await statement.getByLabel('Lest og godkjent').check();
  await press(page, 'Lagre');
  await expect(page.locator('.ds-error-summary')).toContainText(
    'endret ordene mens du leste. Nå står det: «Vi hører på hverandre.»',
  );
  await expect(statement.getByLabel('Bokmål')).toHaveValue('Vi hører på hverandre.');
  await expect(statement.getByLabel('Lest og godkjent')).not.toBeChecked();
  await keepsAccessible(page);
  await statement.getByLabel('Lest og godkjent').check();
  await press(page, 'Lagre');
  await expect(statement).toContainText('Astrid Myrhov');
});

test('two who write in the same statement: the second is told, and has what was written', async ({
  page,
}) => {
  await be(page, 'hr');
  await madeFromNothing(page, 'Skjemaet vi skriver sammen', 'Vi hjelper hverandre.');
  await press(page, 'Lag en ny utgave');
  await follow(page, 'Vi hjelper hverandre.');
  const other = await page.context().newPage();
  await other.goto(page.url());
  await words(other, 'Bokmål').fill('Vi hjelper nye.');
  await press(other, 'Lagre');
  await expect(main(other)).toContainText('Lagret.');

  await words(page, 'Bokmål').fill('Vi deler på arbeidet.');
  await press(page, 'Lagre');
  await expect(page.locator('.ds-error-summary')).toContainText('Lagret er nå: «Vi hjelper nye.»');
  await expect(words(page, 'Bokmål')).toHaveValue('Vi deler på arbeidet.');
  await keepsAccessible(page);
  await press(page, 'Lagre');
  await expect(main(page)).toContainText('Lagret.');

  await words(page, 'Bokmål').fill('Vi rekker alt vi skal.');
  await other.getByText('Ta ut påstanden').first().click();
  await press(other, 'Ta ut påstanden');
  await press(page, 'Lagre');
  await expect(page.locator('.ds-error-summary')).toContainText('Lagre på nytt for å legge den inn igjen.');
  await press(page, 'Lagre');
  await expect(words(page, 'Bokmål')).toHaveValue('Vi rekker alt vi skal.');
  await expect(main(page)).toContainText('Lagret.');

  await words(page, 'Bokmål').fill('Vi rekker det meste.');
  await other.getByText('Kast kladden').first().click();
  await press(other, 'Kast kladden');
  await press(page, 'Lagre');
  await expect(main(page)).toContainText('kastet kladden');
  await expect(words(page, 'Bokmål')).toHaveValue('Vi rekker det meste.');
});
