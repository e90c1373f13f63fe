import { expect, type Page, test } from '@playwright/test';
import { municipality } from '#server/demo/municipality.ts';
import { keepsAccessible } from '../support/axe.ts';
import { be } from '../support/demo.ts';

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
