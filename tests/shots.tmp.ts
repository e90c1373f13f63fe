import { chromium } from '@playwright/test';
import { findBrowser } from './support/browser.ts';
const b = await chromium.launch(await findBrowser());
const base = 'http://localhost:4102';
const part = process.argv[2] ?? 'Vær kommunalsjef';
for (const [w, scheme] of [[1280, 'light'], [320, 'dark']] as const) {
  const c = await b.newContext({ viewport: { width: w, height: 800 }, colorScheme: scheme, locale: 'nb-NO', baseURL: base });
  const p = await c.newPage();
  await p.goto('/');
  await p.getByRole('button', { name: part, exact: true }).click();
  await p.waitForLoadState();
  await p.goto('/meetings');
  await p.screenshot({ path: `/tmp/shots/list-${w}.png`, fullPage: true });
  const first = await p.getByRole('table').getByRole('link').first().getAttribute('href');
  const way = first!.replace(/[^/]+$/, 'HM-SO-2');
  for (const [name, at] of [['way', way], ['guide', `${way}/guide`], ['decide', `${way}/decide`], ['minutes', `${way}/minutes`]]) {
    await p.goto(at!);
    await p.screenshot({ path: `/tmp/shots/${name}-${w}.png`, fullPage: true });
  }
  await p.goto(way);
  const point = await p.getByRole('link', { name: 'Roligere morgener' }).getAttribute('href');
  await p.goto(point!);
  await p.getByText('Hvorfor?', { exact: true }).first().click();
  await p.screenshot({ path: `/tmp/shots/point-${w}.png`, fullPage: true });
  if (w === 1280) { await p.goto(`${way}/guide`); await p.pdf({ path: '/tmp/shots/guide.pdf', format: 'A4' }); await p.goto(`${way}/minutes`); await p.pdf({ path: '/tmp/shots/minutes.pdf', format: 'A4' }); console.log(await (await p.goto(`${way}/minutes.txt`))!.text()); }
}
await b.close();
