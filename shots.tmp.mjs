import { chromium } from '@playwright/test';
const { findBrowser } = await import('./tests/support/browser.ts');
const browser = await chromium.launch(await findBrowser());
const base = 'http://localhost:4101';
for (const [w, scheme] of [[1280,'light'],[320,'dark'],[320,'light']]) {
  const ctx = await browser.newContext({ viewport: { width: w, height: 800 }, colorScheme: scheme, locale: 'nb-NO', baseURL: base });
  const page = await ctx.newPage();
  await page.goto('/'); await page.getByRole('button', { name: 'Vær HR', exact: true }).click();
  await page.goto('/rounds');
  const href = await page.getByRole('link', { name: 'Prøve om møteplasser' }).first().getAttribute('href');
  const id = href.split('/').at(-1);
  await page.goto(`/results/${id}/KN-BI`);
  await page.locator('#choices summary').last().click();
  await page.locator('#choices').screenshot({ path: `/tmp/ch-result-${w}-${scheme}.png` });
  if (w === 1280) { await page.emulateMedia({ media: 'print' }); await page.screenshot({ path: '/tmp/ch-print.png', fullPage: true }); await page.emulateMedia({ media: 'screen' }); }
  await page.goto('/questionnaires');
  await page.getByRole('link', { name: /Møteplassene våre/ }).first().click();
  await page.screenshot({ path: `/tmp/ch-q-${w}-${scheme}.png`, fullPage: true });
  await page.getByRole('button', { name: /Lag en ny utgave/ }).click().catch(()=>{});
  await page.goto(page.url().split('?')[0] + '/scales');
  await page.screenshot({ path: `/tmp/ch-scales-${w}-${scheme}.png`, fullPage: true });
  await page.getByRole('link', { name: /Endre ordene: Kantina/ }).click();
  await page.screenshot({ path: `/tmp/ch-scale-${w}-${scheme}.png`, fullPage: true });
  await page.goto(page.url().replace(/scales.*/, 'preview?as=phone&language=nb'));
  await page.screenshot({ path: `/tmp/ch-preview-${w}-${scheme}.png`, fullPage: true });
  await ctx.close();
}
await browser.close();
