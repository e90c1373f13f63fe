import { expect, type Page, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

const summary = (page: Page) => page.locator('.ds-error-summary');
const about = (page: Page, words: string) => page.getByRole('paragraph').filter({ hasText: words });
const name = `13 punkter om trygge tjenester ${Date.now()}`;

const areas = `Ledelse:
1. Alle ledere går gjennom resultatene med sine ansatte.
2. Lederne får tid til å være til stede.
3. Lederevalueringen følges opp.
Arbeidsmiljø og ytringsklima:
4. Alle skal trygt kunne si fra.
a) Tema på personalmøter.
b) Ny rutine for varsling.
5. Sykefraværet følges opp i hver avdeling.
Avvik og kvalitet:
6. Avvik fører til forbedring.
7. Kvalitetsutvalgene møtes tre ganger i året.
7 a) Brukerrepresentanter er med.
8. Styringsdata samles for hver enhet.
9. Internkontrollen gjennomgås.
Medvirkning:
10. Undersøkelsene drøftes med de tillitsvalgte før de åpner.
11. Pårørende spørres hvert annet år.
12. Alle som blir spurt, får vite hva svarene brukes til.
13. Handlingsplaner lages sammen med de ansatte.`;

test('HR takes on a list of 13 points, mends what was pasted wrongly, and a politician reads it', async ({
  page,
}) => {
  await be(page, 'hr');
  await page.goto('/mandates');
  await keepsAccessible(page);
  await page.getByRole('link', { name: 'Legg inn en liste' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Legg inn en liste');
  await keepsAccessible(page);

  await page.getByLabel('Saksnummer').fill('sak 24');
  const wrong = `Alle ledere\n${areas}\n13. En gang til\n14 a) Uten punkt`;
  await page.getByLabel('Punktene').fill(wrong);
  await page.getByRole('button', { name: 'Se hvordan det blir' }).click();
  await expect(summary(page)).toBeFocused();
  await expect(summary(page).getByRole('link')).toHaveText([
    'Skriv et navn på høyst 200 tegn.',
    'Skriv hvem som vedtok eller foreslo listen.',
    'Skriv saksnummeret som 24/25, eller la det stå tomt.',
    'Skriv en dato, for eksempel 12.3.2025.',
    'Rett linjene under, så er listen klar.',
  ]);
  await expect(page.locator('#lines li')).toHaveText([
    'Linje 1 begynner uten nummer: «Alle ledere». Skriv «1. …», eller sett kolon bak et område.',
    'Linje 22 har et nummer som er brukt: «13. En gang til».',
    'Linje 23 er et delpunkt, og punktet det hører til, mangler over det: «14 a) Uten punkt».',
  ]);
  await expect(page.getByLabel('Saksnummer')).toHaveValue('sak 24');
  await expect(page.getByLabel('Punktene')).toHaveValue(wrong);
  await keepsAccessible(page);

  await page.getByLabel('Navn på listen').fill(name);
  await page.getByLabel('Hvem vedtok eller foreslo den?').fill('Kommunestyret');
  await page.getByLabel('Saksnummer').fill('24/25');
  await page.getByLabel('Vedtatt eller lagt fram').fill('2025-03-12');
  await page.getByLabel('Punktene').fill(areas);
  await page.getByRole('button', { name: 'Se hvordan det blir' }).click();
  await expect(page.getByRole('heading', { name: 'Slik blir det' })).toBeFocused();
  await expect(page.getByText('Punkter: 13. Delpunkter: 3.')).toBeVisible();
  await keepsAccessible(page);
  await page.getByRole('button', { name: 'Lagre listen' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(page.getByText('Av 13 punkter er 13 uten tiltak.', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { level: 2 })).toContainText([
    'Ledelse',
    'Arbeidsmiljø og ytringsklima',
    'Avvik og kvalitet',
    'Medvirkning',
  ]);
  await keepsAccessible(page);
  await page.getByRole('link', { name: 'Etter nummer' }).click();
  await expect(page.getByRole('table')).toHaveCount(1);
  await keepsAccessible(page);
  const address = new URL(page.url()).pathname;

  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Last ned som Excel' }).click();
  expect((await saved).suggestedFilename()).toContain('.xlsx');
  await page.getByText('Tekst å lime inn i saken').click();
  await expect(page.getByLabel('Teksten')).toHaveValue(/4 a\. Tema på personalmøter\. Status: Uten tiltak\./);

  await be(page, 'politician');
  await page.goto('/mandates');
  await keepsAccessible(page);
  await page.getByRole('link', { name }).click();
  await expect(about(page, 'Kommunestyret, sak 24/25, 12. mars 2025')).toBeVisible();
  await expect(page.getByRole('link', { name: /^Endre|Legg til/ })).toHaveCount(0);
  await keepsAccessible(page);
  expect((await page.goto(`${address}/edit`))?.status()).toBe(404);
});

test('HR changes a list and its points, and two who write at once lose nothing', async ({
  page,
  context,
}) => {
  await be(page, 'hr');
  await page.goto('/mandates/new');
  const own = `Forslag fra lederevalueringen ${Date.now()}`;
  await page.getByLabel('Navn på listen').fill(own);
  await page.getByLabel('Hvem vedtok eller foreslo den?').fill('Lederevalueringen');
  await page.getByLabel('Vedtatt eller lagt fram').fill('2026-05-04');
  await page.getByLabel('Punktene').fill('1. Faste møter\n2. Felles opplæring');
  await page.getByRole('button', { name: 'Se hvordan det blir' }).click();
  await page.getByRole('button', { name: 'Lagre listen' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(own);

  await page.getByRole('link', { name: 'Legg til punkter' }).click();
  await page.getByLabel('Punktene').fill('2. Finnes');
  await page.getByRole('button', { name: 'Se hvordan det blir' }).click();
  await expect(page.locator('#lines li')).toHaveText('Linje 1 har et nummer som er brukt: «2. Finnes».');
  await keepsAccessible(page);
  await page.getByLabel('Punktene').fill('2 a) For nye ledere');
  await page.getByRole('button', { name: 'Se hvordan det blir' }).click();
  await page.getByRole('button', { name: 'Legg til punktene' }).click();
  await expect(page.getByRole('rowheader', { name: 'For nye ledere' })).toBeVisible();

  await page.getByRole('link', { name: 'Endre navn, saksnummer og dato' }).click();
  const other = await context.newPage();
  await other.goto(page.url());
  await page.getByLabel('Saksnummer').fill('7/26');
  await page.getByRole('button', { name: 'Lagre listen' }).click();
  await other.getByLabel('Saksnummer').fill('8/26');
  await other.getByLabel('Hvem vedtok eller foreslo den?').fill('Lederevalueringen 2026');
  await other.getByRole('button', { name: 'Lagre listen' }).click();
  await expect(summary(other)).toContainText('Noen andre skrev «7/26» her imens.');
  await expect(other.getByLabel('Saksnummer')).toHaveValue('8/26');
  await keepsAccessible(other);
  await other.getByRole('button', { name: 'Lagre listen' }).click();
  await expect(about(other, 'Lederevalueringen 2026, sak 8/26')).toBeVisible();
  await other.close();

  await page.reload();
  await page.getByRole('link', { name: 'Endre punkt 2 eller knytt tiltak' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Punkt 2');
  await keepsAccessible(page);
  await page.getByLabel('Nummer').fill('1');
  await page.getByRole('button', { name: 'Lagre punktet' }).click();
  await expect(summary(page)).toContainText('Et annet punkt har dette nummeret.');
  await page.getByLabel('Nummer').fill('3');
  await page.getByLabel('Område').fill('Kompetanse');
  await page.getByRole('button', { name: 'Lagre punktet' }).click();
  await expect(page.getByRole('status')).toContainText('Lagret.');
  await page.getByText('Ta punktet ut av listen').first().click();
  await page.getByRole('button', { name: 'Ta punktet ut av listen' }).click();
  await expect(summary(page)).toContainText('Punktet har delpunkter og blir stående.');
  await keepsAccessible(page);

  await page.getByLabel('Ord i tiltaket').fill('finnes-ikke-i-noe-tiltak');
  await page.getByRole('button', { name: 'Søk' }).click();
  await expect(page.getByText(/^Ingen tiltak passer/)).toBeVisible();
  await keepsAccessible(page);
});

// Needs measures in the demo's history, in the health area.
test('HR ties a measure to a point, and the list stands otherwise', async ({ page }) => {
  await be(page, 'hr');
  await page.goto('/mandates/new');
  const own = `Anbefalinger etter gjennomgangen ${Date.now()}`;
  await page.getByLabel('Navn på listen').fill(own);
  await page.getByLabel('Hvem vedtok eller foreslo den?').fill('Ekstern gjennomgang');
  await page.getByLabel('Vedtatt eller lagt fram').fill('2026-05-04');
  await page.getByLabel('Punktene').fill('1. Faste møter\n1 a) På natt');
  await page.getByRole('button', { name: 'Se hvordan det blir' }).click();
  await page.getByRole('button', { name: 'Lagre listen' }).click();
  await page.getByRole('link', { name: 'Endre punkt 1 a eller knytt tiltak' }).click();
  await page.getByLabel('Enhet, med dem under').selectOption({ value: 'HM' });
  await page.getByRole('button', { name: 'Søk' }).click();
  await keepsAccessible(page);
  const tie = page.getByRole('button', { name: /^Knytt til punktet: / }).first();
  const title = (await tie.getAttribute('aria-label'))!.replace('Knytt til punktet: ', '');
  await tie.click();
  await expect(page.getByRole('button', { name: `Løsne: ${title}` })).toBeVisible();
  await page.getByText('Ta punktet ut av listen').first().click();
  await page.getByRole('button', { name: 'Ta punktet ut av listen' }).click();
  await expect(summary(page)).toContainText('Punktet har tiltak og blir stående.');
  await page.getByRole('link', { name: own }).click();
  await expect(page.getByRole('row', { name: title }).first()).toBeVisible();
  await expect(page.getByText(/^Listen har ett punkt: 1 /)).not.toContainText('uten tiltak');
  await keepsAccessible(page);
});
