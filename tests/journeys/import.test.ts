import fs from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { mayGo } from '#domain/sms.ts';
import { municipality } from '#server/demo/municipality.ts';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';
import { readPdf } from '../support/pdf.ts';

const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const title = (page: Page) => page.getByRole('heading', { level: 1 });
const look = (page: Page, of: string, file: ReturnType<typeof csv>) =>
  test.step(`looks at ${file.name}`, async () => {
    await page.goto('/imports');
    const form = page.locator('form').filter({ hasText: of });
    await form.getByLabel(of).setInputFiles(file);
    await form.locator('button').click();
  });

test('HR brings in a file with faults, then the mended one, and takes it back', async ({ page }) => {
  const { unitsCsv } = municipality(2);
  const renamed = unitsCsv.replace(';Kulturskolen;', ';Kulturskolen i Fjordvik;');
  const faulty = renamed.replace('KN-KS;', 'KN-UF;').replace(/(HM-NA;[^;]*;)HM;/, '$1XX;');
  await be(page, 'hr');
  await page.getByRole('navigation', { name: 'Sider' }).getByRole('link', { name: 'Import' }).click();
  await expect(title(page)).toHaveText('Import');
  await keepsAccessible(page);

  await page.getByRole('button', { name: 'Se hva som blir endret' }).first().click();
  await expect(page.locator('.ds-error-summary')).toContainText('Velg en fil først.');
  await look(
    page,
    'Fil med ansatte',
    csv('med-nummer.csv', 'ansattnummer;fødselsnummer;navn\n1;13097248022;A\n'),
  );
  await expect(page.locator('.ds-error-summary')).toContainText('fødselsnumre');

  await look(page, 'Fil med enheter', csv('feil.csv', faulty));
  await expect(title(page)).toHaveText('Filen må rettes');
  const faults = page.getByRole('table');
  await expect(faults.getByRole('row').filter({ hasText: 'Koden står også på linje' })).toContainText(
    'KN-UF',
  );
  await expect(
    faults.getByRole('row').filter({ hasText: 'Enheten over finnes ikke i filen.' }),
  ).toContainText('XX');
  await expect(page.getByRole('button', { name: 'Gjennomfør importen' })).toHaveCount(0);
  await keepsAccessible(page);

  await look(page, 'Fil med enheter', csv('rettet.csv', renamed));
  await expect(title(page)).toHaveText('Dette blir endret');
  await page.getByText('Endret: 1').click();
  await expect(page.getByRole('row').filter({ hasText: 'Kulturskolen i Fjordvik' })).toContainText(
    'Kulturskolen',
  );
  await keepsAccessible(page);
  await page.getByRole('button', { name: 'Gjennomfør importen' }).click();
  await expect(title(page)).toHaveText('Importen er gjort');
  const done = page.url();
  await page.getByRole('link', { name: 'Se enhetene' }).click();
  await expect(page.getByRole('rowheader', { name: /^Kulturskolen i Fjordvik/ })).toBeVisible();
  await keepsAccessible(page);

  await page.goto(done);
  await page.getByRole('button', { name: 'Angre importen' }).click();
  await expect(title(page)).toHaveText('Importen er angret');
  await keepsAccessible(page);
  await page.goto('/units');
  await expect(page.getByRole('rowheader', { name: /^Kulturskolen KN-KS/ })).toBeVisible();
  await page.goto('/imports');
  await expect(page.getByRole('row').filter({ hasText: 'rettet.csv' }).first()).toContainText('Angret');
  await expect(page.getByRole('row').filter({ hasText: 'feil.csv' }).first()).toContainText('Ikke bekreftet');
});

// In this file, for of two imports at once only one would be made. Cleaners in the south without e-mail.
test('HR brings in two mobile numbers, and those two get their link by text message too', async ({
  page,
  browser,
}) => {
  const numbers: Record<string, string> = { 1779: '412 34 567', 1782: '+47 91 23 45 67' };
  const [head, ...rows] = municipality(2).peopleCsv.trim().split('\r\n');
  const at = head!.split(';').indexOf('mobil');
  const given = (row: string, mobile: string | undefined) =>
    mobile ? row.split(';').with(at, mobile).join(';') : row;
  const withMobile = rows.map((row) => given(row, numbers[row.split(';')[0]!]));
  const staff = (all: string[]) => csv('mobil.csv', [head, ...all].join('\n'));
  const press = (on: Page, name: string) => on.getByRole('button', { name, exact: true }).click();
  await be(page, 'hr');
  await look(page, 'Fil med ansatte', staff([...withMobile, given(withMobile[0]!, '55 12')]));
  await expect(page.getByRole('row').filter({ hasText: 'Dette er ikke et telefonnummer' })).toContainText(
    '55 12',
  );
  await look(page, 'Fil med ansatte', staff(withMobile));
  await expect(page.getByText('Endret: 2')).toBeVisible();
  await page.getByText('Endret: 2').click();
  await expect(page.getByRole('row').filter({ hasText: '+4741234567' })).toBeVisible();
  await press(page, 'Gjennomfør importen');
  await expect(title(page)).toHaveText('Importen er gjort');
  const done = page.url();

  await page.goto('/rounds/new');
  await page.getByLabel('Navn', { exact: true }).fill(`SMS ${Date.now()}`);
  await page.getByLabel('Spørreskjema').selectOption({ index: 1 });
  await page.getByLabel('Bygg og renhold').check();
  await page.getByLabel('De uten e-post får lenke på SMS når de har mobilnummer').check();
  await keepsAccessible(page);
  await press(page, 'Lagre planen');
  await expect(page.getByText('10 av dem får lenken på SMS.')).toBeVisible();
  await keepsAccessible(page);
  await press(page, 'Godkjenn planen');
  const round = new URL(page.url()).pathname;

  const operator = await (await browser.newContext()).newPage();
  await be(operator, 'operator');
  await operator.goto(round);
  await Promise.all([
    operator.waitForEvent('download'),
    press(operator, 'Lås undersøkelsen og last ned nøkkelen'),
  ]);
  await operator.goto(round);
  await press(operator, 'Åpne nå');
  await operator.context().close();

  await page.goto(`${round}/codes`);
  await expect(page.getByText('De som verken har e-post eller mobilnummer')).toBeVisible();
  await keepsAccessible(page);
  const [paper] = await Promise.all([page.waitForEvent('download'), press(page, 'Last ned påminnelsen')]);
  const pdf = readPdf(await fs.readFile(await paper.path()));
  expect(pdf).toMatchObject({ isTagged: true, language: 'nb-NO' });
  expect(pdf.text).toContain('Du kan fortsatt svare');

  // By day; what falls due in the evening waits for the morning, which may come while this is read.
  let sent = false;
  await expect(async () => {
    const byNight = !mayGo(new Date(process.env.MEDVIRK_NOW ?? Date.now()));
    await page.goto(round);
    sent = await page.getByText('SMS: 2 er sendt, 0 venter.').isVisible();
    expect(sent || (byNight && (await page.getByText('SMS: 0 er sendt, 2 venter.').isVisible()))).toBe(true);
  }).toPass();
  await keepsAccessible(page);
  if (sent) {
    await page.goto('/demo/mail');
    const text = page.getByRole('article').filter({ hasText: 'SMS til +4741234567' });
    await expect(text).toContainText('Si hva du mener om jobben. Siste dag');
    await keepsAccessible(page);
    const phone = await (await browser.newContext({ viewport: { width: 390, height: 800 } })).newPage();
    await phone.goto((await text.getByRole('link').getAttribute('href'))!);
    await expect(phone.getByRole('button', { name: 'Begynn' })).toBeVisible();
    await phone.context().close();
  }

  await page.goto(round);
  await page.getByText('Trekk tilbake').first().click();
  await page.getByLabel('Begrunnelse').fill('Bare en prøve.');
  await press(page, 'Trekk tilbake');
  await page.goto(done);
  await press(page, 'Angre importen');
  await expect(title(page)).toHaveText('Importen er angret');
});
