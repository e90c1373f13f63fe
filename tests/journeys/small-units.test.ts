import { expect, test } from '@playwright/test';
import { keepsAccessible } from '../support/axe.ts';
import { approvedDryRun, be } from '../support/demo.ts';

test('HR sees which units will get no figures, and chooses for them before the round is frozen', async ({
  page,
}) => {
  const round = await approvedDryRun('Prøve av små enheter', 'HM-BO');
  await be(page, 'hr');
  await page.goto(`/rounds/${round.id}`);
  await page.getByRole('link', { name: 'Se hvilke enheter som trolig får egne tall' }).click();
  await expect(page.getByText('som sist dette skjemaet ble brukt')).toBeVisible();
  await keepsAccessible(page);

  await page.getByLabel('Hvor mange prosent svarer?').fill('mange');
  await page.getByRole('button', { name: 'Regn ut på nytt' }).click();
  await expect(page.locator('.ds-error-summary')).toContainText('Skriv et helt tall fra 1 til 100.');
  await keepsAccessible(page);
  await page.getByLabel('Hvor mange prosent svarer?').fill('40');
  await page.getByRole('button', { name: 'Regn ut på nytt' }).click();
  await expect(page.getByText('Vi regner med at 40 prosent svarer, slik dere har valgt.')).toBeVisible();

  const heading = page.getByRole('heading', { name: /^Rus og psykisk helse/ });
  const card = page.locator('section.ds-card').filter({ has: heading });
  await card.getByLabel('Telles sammen med en naboenhet.').check();
  await card.getByRole('button', { name: 'Lagre valget' }).click();
  await expect(page.locator('.ds-error-summary')).toContainText(
    'Kryss av for hvem enheten skal telles sammen med.',
  );
  await keepsAccessible(page);
  await card.getByLabel(/^Bofellesskapet Strandgata, \d+ inviterte/).check();
  const anyway = card.getByLabel('Slå sammen selv om noen av dem kunne fått egne tall');
  await anyway.check();
  await card.getByRole('button', { name: 'Lagre valget' }).click();
  await expect(card.getByText('Telles sammen med Bofellesskapet Strandgata.')).toBeVisible();
  await expect(card.getByText('Valgt', { exact: true })).toBeVisible();
  await keepsAccessible(page);
  await card.getByRole('button', { name: 'Fjern valget' }).click();
  await card.getByLabel('Ha møtet uten tall').check();
  await card.getByRole('button', { name: 'Lagre valget' }).click();
  await page.goto(`/rounds/${round.id}`);
  await expect(page.getByText('valgt for små enheter').first()).toBeVisible();

  await be(page, 'union');
  await page.goto(`/rounds/${round.id}/units`);
  await expect(page.getByText('Ha møtet uten tall').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Lagre valget' })).toHaveCount(0);
});

test('HR says which unit another came from, and takes it back', async ({ page }) => {
  await be(page, 'hr');
  await page.goto('/units');
  await page.getByRole('link', { name: 'Bofellesskapet Lia', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Historien til Bofellesskapet Lia');
  await keepsAccessible(page);
  await page.getByRole('button', { name: 'Legg til' }).click();
  await expect(page.locator('.ds-error-summary')).toContainText('Velg en enhet.');
  await page
    .getByLabel('Enhet den tok over fra')
    .selectOption({ label: 'Bofellesskapet Strandgata (HM-BO-S)' });
  await page.getByLabel('Dagen det skjedde').fill('2030-01-01');
  await page.getByRole('button', { name: 'Legg til' }).click();
  await expect(page.getByText('Bofellesskapet Strandgata (HM-BO-S), 1. januar 2030')).toBeVisible();
  await keepsAccessible(page);
  await page.getByRole('button', { name: 'Ta bort Bofellesskapet Strandgata' }).click();
  await expect(page.getByText('Ingen har sagt noe.')).toBeVisible();
});

test('anybody sees in the protocol how many were invited and how many came later', async ({ page }) => {
  await be(page, 'hr');
  await page.goto('/rounds');
  await page
    .getByRole('link', { name: /^Oppvekst: arbeidsmiljø/ })
    .first()
    .click();
  const check = page.getByRole('link', { name: 'Slik sjekker du' });
  const closed = page.locator('details:not([open])').filter({ hasText: 'Nye ansatte' });
  if ((await closed.count()) > 0) await closed.locator('summary').click();
  await page.locator('#joiner').fill('ingen');
  await page.getByRole('button', { name: 'Inviter', exact: true }).click();
  await expect(page.locator('.ds-error-summary')).toContainText('Ingen har dette ansattnummeret.');
  await keepsAccessible(page);
  await check.click();
  await expect(page.getByText(/kom til mens den var åpen/)).toBeVisible();
  await keepsAccessible(page);
});
