import { randomUUID } from 'node:crypto';
import { type Browser, expect, type Page, test } from '@playwright/test';
import type { Role } from '#domain/access.ts';
import { options } from '#domain/questionnaire.ts';
import { open, stop } from '#server/clock.ts';
import { newLink } from '#server/invitations.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as respondent from '#server/respondent.ts';
import * as rounds from '#server/rounds.ts';
import { person, role } from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';
import { keepsAccessible } from '../support/axe.ts';
import { must } from '../support/must.ts';
import { type OwnServer, ownServer } from '../support/server.ts';
import { frozen, invitationsOf, permit, someAnswers, town } from '../support/town.ts';

let server: OwnServer;
test.beforeAll(async () => {
  server = await ownServer();
  Object.assign(process.env, { DATABASE_URL: server.mainUrl, BOX_DATABASE_URL: server.boxUrl });
  await town(server.main, { A: 14 });
});
test.afterAll(() => server.stop());

const names = { hr: 'Hilde HR', operator: 'Dag Drift', dpo: 'Pia Personvern', quality: 'Kari Kvalitet' };

/** Somebody signed in on a device of their own. */
async function device(browser: Browser, who: keyof typeof names): Promise<Page> {
  const id = randomUUID();
  const now = new Date();
  await server.main.insert(person).values({ id, name: names[who], email: `${who}@testvik.example` });
  await server.main.insert(role).values({ personId: id, role: who satisfies Role, givenAt: now });
  const value = await sessions.create(server.main, id, now);
  const context = await browser.newContext({ baseURL: server.origin });
  await context.addCookies([{ name: 'session', value, url: server.origin }]);
  return await context.newPage();
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const looked = async (page: Page, name: string) => {
  await keepsAccessible(page);
  const { PICTURES } = process.env;
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
};

test('people write in their own words, two read and hold one back, and the unit sees the rest', async ({
  browser,
}) => {
  test.setTimeout(200_000);
  const { main, box, intake, origin } = server;
  const now = new Date();
  await questionnaires.shipOwn(main, now);
  const { content } = (await questionnaires.latest(main, 'employee'))!;
  const text = { nb: 'Hva kan bli bedre?', nn: 'Kva kan bli betre?', en: 'What can be better?' };
  const asked = { ...content, themes: content.themes.slice(0, 1), comments: [{ id: 'better', text }] };
  asked.factors = content.factors.filter(({ statements }) =>
    statements.every((id) => asked.themes[0]!.statements.some((one) => one.id === id)),
  );
  const added = await questionnaires.add(main, asked, now, permit());
  const hour = (n: number) => new Date(now.getTime() + n * 3600_000);
  const planned = must(
    await rounds.plan(
      main,
      {
        name: 'Slik har vi det',
        ...{
          questionnaireId: added.id,
          unitCodes: ['A'],
          opensAt: hour(1),
          stopsAt: hour(480),
          dryRun: true,
        },
        rule: { inPostOn: now.toISOString().slice(0, 10), minimumShare: 0, kinds: [], includeOnLeave: false },
      },
      now,
      permit(),
    ),
  );
  const at = `/rounds/${planned.id}`;
  const [hr, operator, dpo, quality] = [
    await device(browser, 'hr'),
    await device(browser, 'operator'),
    await device(browser, 'dpo'),
    await device(browser, 'quality'),
  ];

  await hr.goto(at);
  await hr.getByRole('link', { name: 'Velg om det skal være kommentarer' }).click();
  await hr.getByLabel('Ja, med to lesere').check();
  await hr.getByLabel('Første leser').selectOption('Pia Personvern');
  await hr.getByLabel('Andre leser').selectOption('Pia Personvern');
  await press(hr, 'Lagre');
  await expect(hr.getByText('Velg to forskjellige.').first()).toBeVisible();
  await looked(hr, 'choose');
  await hr.getByLabel('Andre leser').selectOption('Kari Kvalitet');
  await press(hr, 'Lagre');
  await expect(hr.locator('#comments')).toContainText('Kari Kvalitet');

  must(await rounds.take(main, planned.id, 'approve', now, null));
  const { keyFile } = await frozen(server, planned.id, now);
  must(await open(main, box, planned.id, new Date(), null));
  const links: string[] = [];
  for (const { id } of await invitationsOf(main, planned.id))
    links.push(await newLink(main, id, origin, 'nb'));

  const answering = await (await browser.newContext()).newPage();
  await answering.goto(links[0]!);
  await press(answering, 'Begynn');
  await press(answering, 'Neste');
  await expect(answering.getByRole('heading', { name: 'Med egne ord' })).toBeVisible();
  await expect(
    answering.getByText('Pia Personvern og Kari Kvalitet leser det som kan bli vist'),
  ).toBeVisible();
  await expect(answering.getByText('Skriv om forhold, ikke om personer.')).toBeVisible();
  const field = answering.getByLabel('Hva kan bli bedre?');
  await field.fill('Mer tid til overlapping.');
  await expect(answering.getByText('Plass til omtrent 139 ord til.')).toBeVisible();
  await looked(answering, 'answer');
  await answering.reload();
  await expect(field).toHaveValue('Mer tid til overlapping.');
  const onward = answering.locator('[data-go=next]:visible');
  for (let i = 0; i < 2 && (await onward.count()) > 0; i++) await onward.click();
  await expect(answering.locator('#overview')).toContainText('Mer tid til overlapping.');
  await press(answering, 'Send svarene');
  await expect(answering.locator('.receipt').first()).toBeVisible();

  const signs = respondent.partsOf(links[1]!).signs;
  const prepared = await respondent.prepare(main, planned.id, signs);
  const about = options(asked).map(() => 0);
  for (const [i, link] of links.slice(1, 12).entries()) {
    const { secret } = respondent.partsOf(link);
    const words = i === 0 ? ['Lederen Ola er sur.'] : i < 7 ? [`Forslag nummer ${i}.`] : [''];
    const marks = someAnswers(asked, i);
    must(await respondent.answer(main, intake, prepared, secret, marks, new Date(), undefined, about, words));
  }
  must(await stop(main, box, planned.id, new Date(), null));

  const key = { name: 'key.json', mimeType: 'application/json', buffer: Buffer.from(keyFile) };
  await operator.goto(at);
  await operator.getByLabel('Nøkkelfil').setInputFiles(key);
  await press(operator, 'Tell opp og vis resultatet');
  await expect(operator.getByText('Begge leserne må bli ferdige').first()).toBeVisible();
  await expect(operator.getByText('Ingen andre kan ta over etter en leser')).toBeVisible();
  await expect(operator.getByLabel('Tell opp uten kommentarer.').first()).not.toBeChecked();
  await looked(operator, 'waits');

  for (const [reader, held] of [
    [dpo, true],
    [quality, false],
  ] as const) {
    // prettier-ignore
    await reader.goto(at);
    await reader.getByRole('link', { name: 'Les kommentarene' }).click();
    if (held) await looked(reader, 'key');
    await reader.getByLabel('Nøkkelfil').setInputFiles(key);
    await press(reader, 'Vis kommentarene');
    await expect(reader.getByText('Lederen Ola er sur.')).toBeVisible();
    if (held) {
      const card = reader.locator('.ds-card').filter({ hasText: 'Lederen Ola er sur.' });
      await card.getByLabel('Hold tilbake').check();
      await looked(reader, 'read');
    }
    await press(reader, 'Lagre, jeg er ferdig');
    await expect(reader.locator('#comments')).toContainText('ferdig');
  }

  await operator.goto(at);
  await operator.getByLabel('Nøkkelfil').setInputFiles(key);
  await press(operator, 'Tell opp og vis resultatet');
  await expect(operator.getByRole('link', { name: 'Resultater' }).last()).toBeVisible();
  await hr.goto(`/results/${planned.id}/A`);
  const comments = hr.locator('#comments');
  await expect(comments.getByRole('listitem')).toHaveCount(7);
  await expect(comments).toContainText('Mer tid til overlapping.');
  await expect(hr.getByText('Lederen Ola er sur.')).toHaveCount(0);
  await looked(hr, 'result');
  const file = await hr.request.get(`/results/${planned.id}/A/comments.csv`);
  expect(await file.text()).toContain('Forslag nummer 1.');
});
