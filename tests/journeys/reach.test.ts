import { type Browser, type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test';
import { answering } from '#domain/language.ts';
import { ballotsOf } from '#server/box.ts';
import * as codePage from '#server/code-page.ts';
import { render } from '#server/code-sheet.ts';
import { type Asked, ask } from '../support/asked.ts';
import { axeFaults } from '../support/axe.ts';
import { layoutFaults, movements, revealAll, setTextSize } from '../support/layout.ts';
import { type OwnServer, ownServer } from '../support/server.ts';
import { town } from '../support/town.ts';

/*
 * Everybody can answer (design section 7): every answering page, in every language and edition, for eyes, ears and
 * hands of every kind; and whatever goes wrong on the way, nothing is lost and nothing counts twice.
 */
const kinds = ['employee', 'leader', 'relative', 'resident'] as const;
const rounds = {} as Record<(typeof kinds)[number], Asked>;
let server: OwnServer;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  server = await ownServer();
  Object.assign(process.env, { DATABASE_URL: server.mainUrl, BOX_DATABASE_URL: server.boxUrl });
  await town(server.main, { A: 24 });
  for (const kind of kinds) rounds[kind] = await ask(server, kind, new Date());
});
test.afterAll(() => server.stop());

const shown = (page: Page) => page.locator('main > section:visible');
const title = (page: Page) => shown(page).getByRole('heading', { level: 1 });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const inLanguage = (link: string, language: string) => link.replace('/nb#', `/${language}#`);

async function begin(page: Page, link: string) {
  await page.goto(link);
  await page.locator('#begin').click();
  await expect(shown(page).locator('[data-go=next]').first()).toBeVisible();
}

/** Answers every other statement, and goes on to the overview. */
async function toOverview(page: Page) {
  await page.evaluate(() => {
    const section = () => document.querySelector<HTMLElement>('main > section:not([hidden])')!;
    while (section().dataset.view === 'theme') {
      const here = section();
      here.querySelectorAll('fieldset:not([hidden])').forEach((one, i) => {
        if (i % 2 === 0) one.querySelectorAll('label')[i % 3]!.click();
      });
      for (const field of here.querySelectorAll('textarea')) field.value = 'Mer tid.';
      here.querySelector<HTMLElement>('[data-go=next]')!.click();
    }
  });
  await expect(page.locator('#overview')).toBeVisible();
}

/** How somebody may have set the device; without any of it, the page is tried with all that axe knows. */
const modes = {
  dark: { colorScheme: 'dark', forcedColors: 'none', reducedMotion: 'no-preference' },
  'high contrast': { colorScheme: 'light', forcedColors: 'active', reducedMotion: 'reduce' },
  'high contrast in dark': { colorScheme: 'dark', forcedColors: 'active', reducedMotion: 'reduce' },
} as const;
const usual = { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'no-preference' } as const;
/** What colours can break; all else on a page is the same in every mode. */
const ofColours = ['color-contrast', 'link-in-text-block'];
// 640 px is a desk's screen at 200 %; then a small phone with the largest letters.
const sizes = [[320, 100], [320, 400], [640, 100], [1280, 200], [1280, 400], [320, 200]] as const; // prettier-ignore

/** What axe, a ruler and a stopwatch have against the page, in every mode, with letters and windows of every size. */
async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  const note = (where: string, found: string[]) => faults.push(...found.map((one) => `${where}: ${one}`));
  note('axe', await axeFaults(page));
  note('still', await movements(page));
  for (const [mode, media] of Object.entries(modes)) {
    await page.emulateMedia(media);
    // High contrast has few colours; those on black are what most choose.
    if (media.colorScheme === 'dark') note(`axe, ${mode}`, await axeFaults(page, { rules: ofColours }));
    note(mode, await movements(page));
    if (media.forcedColors === 'active') note(mode, await unmarked(page));
  }
  await page.emulateMedia(usual);
  const cdp = await page.context().newCDPSession(page);
  for (const [width, letters] of sizes) {
    await page.setViewportSize({ width, height: 800 });
    await setTextSize(cdp, letters);
    note(`${width} px, letters ${letters} %`, await layoutFaults(page));
  }
  await setTextSize(cdp, 100);
  await page.setViewportSize({ width: 1280, height: 800 });
  await cdp.detach();
  return faults;
}

/**
 * In forced colours, where no colour of ours is left: what does not tell itself by shape and frame. Each answer has a
 * frame, the chosen one a ring as well, its sign can be seen, and of the ways on and back one alone is filled.
 */
const unmarked = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    const faults = [...document.querySelectorAll('fieldset label, .card li')].flatMap((one) => {
      const { borderTopStyle, borderTopWidth, borderTopColor, outlineStyle, outlineWidth } =
        getComputedStyle(one);
      const sign = one.querySelector('svg');
      const isChosen = one.querySelector('input')?.checked ?? false;
      const hasFrame =
        borderTopStyle === 'solid' && parseFloat(borderTopWidth) >= 1 && borderTopColor !== ground;
      const hasRing = outlineStyle === 'solid' && parseFloat(outlineWidth) >= 3;
      const words = one.textContent!.trim();
      return [
        ...(hasFrame ? [] : [`no frame: ${words}`]),
        ...(hasRing === isChosen ? [] : [`${isChosen ? 'no ring' : 'a ring'}: ${words}`]),
        ...(sign && getComputedStyle(sign).stroke === ground ? [`no sign: ${words}`] : []),
      ];
    });
    const fill = (button: Element) => getComputedStyle(button).backgroundColor;
    for (const ways of document.querySelectorAll('.ways')) {
      const [on, ...others] = ways.querySelectorAll('button:not(.plain)');
      for (const other of others)
        if (!on!.matches('.quiet') && fill(on!) === fill(other)) faults.push(`alike: ${ways.textContent}`);
    }
    return faults;
  });

for (const kind of kinds)
  test(`every screen of the ${kind} survey is accessible and holds together, in every language and mode`, async ({
    page,
  }) => {
    const link = rounds[kind].next();
    await begin(page, link);
    await toOverview(page);
    for (const language of answering) {
      await page.goto('about:blank');
      await page.goto(inLanguage(link, language));
      await expect(page.locator('#overview')).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await revealAll(page);
      await expect(page.locator('fieldset :checked').first()).toBeVisible();
      expect(await faultsOf(page), `${kind} in ${language}`).toEqual([]);
      // What a shared tablet asks before it forgets.
      await page.evaluate(() => document.querySelector('dialog')!.showModal());
      for (const media of [usual, ...Object.values(modes)]) {
        await page.emulateMedia(media);
        expect(await axeFaults(page, undefined, 'dialog'), `silence in ${language}`).toEqual([]);
      }
      await page.emulateMedia(usual);
      if (kind !== 'resident') continue;
      // The card to point at.
      await page.goto(inLanguage(link, language).replace(/#.*/, '/svarkort'));
      expect(await faultsOf(page), `show card in ${language}`).toEqual([]);
    }
  });

test('the pages without JavaScript are accessible and hold together, in every language, view and mode', async ({
  page,
}) => {
  const told = {
    group: { name: 'Strandheimen', together: ['Nord', 'Sør'], invited: 24, last: null },
    stops: new Date(),
  };
  const sheetOf = ({ questionnaire }: Asked): codePage.View => {
    const answers = questionnaire.themes.flatMap(({ statements }) => statements.map(() => 3));
    const typed = { code: '0000-0000-0000', seed: '', answers, background: [] };
    return { view: 'sheet', typed, told, refusal: 'wrong' };
  };
  const views: [Asked, codePage.View][] = [
    [rounds.relative, sheetOf(rounds.relative)],
    [rounds.resident, sheetOf(rounds.resident)],
    ...[
      { view: 'code', code: '7k2m', wrong: true } as const,
      { view: 'done', receipt: '0123456789abcdef', before: false } as const,
      { view: 'done', receipt: '0123456789abcdef', before: true } as const,
      { view: 'early', opens: new Date() } as const,
      { view: 'late' } as const,
    ].map((view): [Asked, codePage.View] => [rounds.relative, view]),
  ];
  for (const language of answering)
    for (const [{ id }, view] of views) {
      const of = (await codePage.read(server.main, id, language))!;
      const address = `${server.origin}/svar/${id}/${language}/uten-skript`;
      const body = render(of, view);
      await page.route(address, (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }));
      await page.goto(address);
      await page.unroute(address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await revealAll(page);
      expect(await faultsOf(page), `${view.view} in ${language}`).toEqual([]);
    }
});

test('a resident’s answers have shapes of their own each', async ({ page }) => {
  await begin(page, rounds.resident.next());
  const signs = await page
    .locator('.one')
    .first()
    .locator('label svg')
    .evaluateAll((all) => all.map((sign) => sign.innerHTML));
  expect(signs.length).toBeGreaterThanOrEqual(4);
  expect(new Set(signs).size).toBe(signs.length);
});

/** What a screen reader says of what is asked here: each question, and indented its answers. */
async function heard(part: Locator): Promise<string> {
  const said = (await part.ariaSnapshot()).split('\n').flatMap((line) => {
    const [, role, name] = /- '?(group|radio) "(.+?)"/.exec(line) ?? [];
    return role ? [role === 'radio' ? `  ${name}` : name!] : [];
  });
  return said.join('\n');
}

/** The same of a whole questionnaire, as it is written. */
const written = ({ questionnaire: { themes, scales } }: Asked) =>
  themes
    .flatMap(({ statements }) => statements)
    .flatMap(({ text, scale, dontKnow, notRelevant }) => {
      const its = scales.find(({ id }) => id === scale)!;
      const answers = [...its.points.map((point) => point.text), dontKnow && its.dontKnow, notRelevant && its.notRelevant]; // prettier-ignore
      return [text.nb, ...answers.flatMap((one) => (one ? [`  ${one.nb}`] : []))];
    })
    .join('\n');

test('whoever listens hears each statement with its scale', async ({ page, browser }) => {
  await begin(page, rounds.employee.next());
  const first = shown(page).getByRole('group').first();
  expect(await heard(first)).toBe(
    `
Jeg gleder meg ofte til å gå på jobb.
  Svært uenig
  Uenig
  Verken enig eller uenig
  Enig
  Svært enig`.trim(),
  );
  await revealAll(page);
  expect(await heard(page.locator('main'))).toContain(written(rounds.employee));

  await begin(page, rounds.resident.next());
  await shown(page).locator('[data-go=next]').first().click();
  expect(await heard(shown(page))).toBe(
    `
De ansatte er vennlige mot meg.
  Nei
  Det varierer
  Ja
  Vet ikke`.trim(),
  );
  await revealAll(page);
  expect(await heard(page.locator('main'))).toContain(written(rounds.resident));

  const plain = await withoutScript(browser);
  await toPlainSheet(plain, rounds.relative, rounds.relative.next());
  expect(await heard(plain.getByRole('group').first())).toBe(
    `
Jeg får beskjed når noe viktig endrer seg.
  Svært uenig
  Uenig
  Verken enig eller uenig
  Enig
  Svært enig
  Ikke aktuelt for meg`.trim(),
  );
  expect(await heard(plain.locator('main'))).toBe(written(rounds.relative));
  await plain.context().close();
});

/*
 * By keyboard: every press is counted, and what it takes is reckoned, not timed. Everything is read once, at 200 words a
 * minute, as fast as Swedes read aloud (IReST: 199; silent readers are quicker); 0.28 s a press, an average typist, and
 * twice 1.35 s of thought a statement (Card, Moran and Newell 1980). Some 6 s a statement, as surveys find.
 */
const pace = { wordsPerMinute: 200, press: 0.28, thought: 2.7 };

test('the employee survey is answered in less than eight minutes by keyboard alone, on 320 px', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(rounds.employee.next());
  await expect(title(page)).toBeFocused();
  let presses = 0;
  let statements = 0;
  const read = new Set<string>();
  const key = async (name: string, times = 1) => {
    for (let i = 0; i < times; i++) await page.keyboard.press(name);
    presses += times;
  };
  const look = async () => {
    const { texts, wide } = await shown(page).evaluate((section) => {
      const heard = [...section.querySelectorAll<HTMLElement>('h1, h2, p, legend')];
      const isScale = (one: Element) => one.closest('#overview, #skipped, details');
      return {
        texts: heard.filter((one) => !isScale(one)).map((one) => one.innerText),
        wide: document.documentElement.scrollWidth,
      };
    }); // prettier-ignore
    for (const text of texts) read.add(text);
    expect(wide).toBe(320);
  };
  const there = () =>
    page.evaluate(() => {
      const at = document.activeElement!;
      const isOpen = at.matches('[type=radio]') && !at.closest('fieldset')!.querySelector(':checked');
      return isOpen ? 'statement' : at.matches('#begin, [data-go=next], [data-send]') ? 'way on' : 'other';
    });
  await look();
  while (!(await page.locator('.receipt').isVisible())) {
    expect(presses).toBeLessThan(1000);
    await key('Tab');
    const here = await there();
    if (here === 'statement') {
      await key('Space');
      await key('ArrowDown', statements++ % 5);
    } else if (here === 'way on') {
      const before = await title(page).innerText();
      await key('Enter');
      await expect(title(page)).not.toHaveText(before);
      if (!(await page.locator('.receipt').isVisible())) await look();
    }
  }
  const of = rounds.employee.questionnaire.themes.flatMap(({ statements }) => statements).length;
  // The role is asked as well.
  expect(statements).toBe(of + 1);
  expect(of).toBeGreaterThanOrEqual(35);
  const words = [...read].join(' ').split(/\s+/).length;
  const seconds = (words / pace.wordsPerMinute) * 60 + presses * pace.press + statements * pace.thought;
  expect(seconds, `${presses} presses, ${words} words, ${statements} statements`).toBeLessThan(8 * 60);
});

const withoutScript = async (browser: Browser) =>
  await (await browser.newContext({ javaScriptEnabled: false, locale: 'nb-NO' })).newPage();

async function toPlainSheet(page: Page, of: Asked, link: string) {
  await page.goto(`${server.origin}/svar/${of.id}/nb/uten-skript`);
  await page.getByLabel('Kode', { exact: true }).fill(of.codeOf(link));
  await press(page, 'Fortsett');
  await expect(page.getByRole('button', { name: 'Send svarene' })).toBeVisible();
}

const ballots = async (of: Asked) =>
  [...(await server.box`select encode(token_hash, 'hex') as receipt from ${server.box(ballotsOf(of.id))}`)]
    .map(({ receipt }) => (receipt as string).slice(0, 16))
    .sort();

/** What happened to whom; each leaves one ballot more, the one that its receipt tells of. */
async function oneMore(of: Asked, happens: () => Promise<string>) {
  const before = await ballots(of);
  const receipt = await happens();
  const after = await ballots(of);
  expect(after.filter((one) => !before.includes(one))).toEqual([receipt.replaceAll(/\s/g, '')]);
  expect(after).toHaveLength(before.length + 1);
}

/** Somebody's device, whose clock is wrong by decades: what it shows and sends goes by the server's. */
async function withWrongClock(context: BrowserContext, year: number): Promise<Page> {
  const page = await context.newPage();
  await page.clock.setSystemTime(new Date(`${year}-02-29T23:59:50Z`));
  return page;
}

const receiptOf = async (page: Page) => {
  await expect(title(page)).toHaveText('Takk. Svaret ditt er med.');
  return await page.locator('.receipt:visible').innerText();
};

/** The next two times that something is handed in: lost on the way there, then on the way back. Gives how many were. */
async function losing(page: Page): Promise<() => number> {
  let tries = 0;
  let lost = 0;
  await page.route('**/box/*', async (route) => {
    tries++;
    if (tries > 2) return await route.continue();
    if (tries === 2) await route.fetch();
    await route.abort();
    lost++;
  });
  return () => lost;
}

for (const [kind, year] of [
  ['employee', 2000],
  ['leader', 2048],
  ['relative', 2000],
  ['resident', 2048],
] as const)
  test(`a wrong clock, a lost network, a closed tab, two presses and the back button: the ${kind}’s answer counts once`, async ({
    browser,
  }) => {
    const of = rounds[kind];
    const link = of.next();
    const context = await browser.newContext({ locale: 'nb-NO' });
    const page = await withWrongClock(context, year);
    await oneMore(of, async () => {
      await page.goto(link);
      const stops = new Date(Date.now() + 22 * 24 * 3600_000);
      const day = stops.toLocaleDateString('nb', { day: 'numeric', month: 'long', timeZone: 'Europe/Oslo' });
      await expect(shown(page)).toContainText(day);
      await begin(page, link);
      await toOverview(page);
      const lost = await losing(page);
      await press(page, 'Send svarene');
      await expect(title(page)).toHaveText('Vi får ikke kontakt');
      await expect(shown(page)).toContainText('Ingenting er gått tapt');
      await press(page, 'Prøv igjen');
      await expect.poll(lost).toBe(2);
      await expect(title(page)).toHaveText('Vi får ikke kontakt');
      await page.close();

      const again = await withWrongClock(context, year + 1);
      await again.goto(link);
      await expect(title(again)).toHaveText('Svarene er låst, men kanskje ikke sendt');
      await again.getByRole('button', { name: 'Send igjen' }).dblclick();
      const receipt = await receiptOf(again);
      expect(await again.evaluate(() => localStorage.length)).toBe(0);
      return receipt;
    });
    // Back and forth after it is sent: the receipt, or a sentence that says that all is in order.
    const late = await withWrongClock(context, year);
    await oneMore(of, async () => {
      const other = of.next();
      await begin(late, other);
      await toOverview(late);
      await late.getByRole('button', { name: 'Send svarene' }).dblclick();
      const receipt = await receiptOf(late);
      await late.goBack();
      expect(await receiptOf(late)).toBe(receipt);
      await late.reload();
      await expect(late.locator('#begin, [data-view=elsewhere]').locator('visible=true')).toBeVisible();
      const begins = late.locator('#begin');
      // A code tells nobody who shows it whether it is used; who tries is told that a receipt is enough.
      if (await begins.isVisible()) await begins.click();
      await expect(shown(late)).toContainText(/Har du (svart|fått en kvittering), er svaret med/);
      return receipt;
    });
    await context.close();
  });

test('on a shared tablet too: the answer counts once, and nobody after finds it', async ({ browser }) => {
  const of = rounds.resident;
  const context = await browser.newContext({ locale: 'nb-NO', hasTouch: true });
  const page = await withWrongClock(context, 2000);
  await oneMore(of, async () => {
    await page.goto(`${server.origin}/svar/${of.id}/nb?kiosk`);
    await page.getByLabel('Kode', { exact: true }).fill(of.codeOf(of.next()));
    await page.getByRole('button', { name: 'Fortsett' }).dblclick();
    await page.getByRole('button', { name: 'De er like' }).dblclick();
    await page.locator('#begin').dblclick();
    await expect(title(page)).toHaveText('Før dere begynner');
    await toOverview(page);
    const lost = await losing(page);
    await press(page, 'Send svarene');
    await expect(shown(page)).toContainText('Ingenting er gått tapt');
    await press(page, 'Prøv igjen');
    await expect.poll(lost).toBe(2);
    await expect(page.locator('#status')).toBeEmpty();
    await page.getByRole('button', { name: 'Prøv igjen' }).dblclick();
    return await receiptOf(page);
  });
  await page.goBack().catch(() => null);
  await page.goForward();
  await expect(title(page)).toHaveText('Skriv koden du har fått');
  expect(await page.evaluate(() => document.querySelectorAll(':checked').length + localStorage.length)).toBe(
    0,
  );
  await context.close();
});

test('without JavaScript as well', async ({ browser }) => {
  const of = rounds.relative;
  const page = await withoutScript(browser);
  const link = of.next();
  await oneMore(of, async () => {
    await toPlainSheet(page, of, link);
    await expect(page.getByText('Mister du nettet når du sender, last siden på nytt')).toBeVisible();
    await page.getByRole('radio', { name: 'Enig', exact: true }).first().check();
    await page.context().setOffline(true);
    await press(page, 'Send svarene').catch(() => null);
    await page.context().setOffline(false);
    // As the page has told: what was chosen is sent again.
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Takk. Svaret ditt er med.');
    const receipt = await page.locator('.receipt').innerText();
    // Back, the browser asks for the sheet once more, and gets one; but the code is used.
    await toPlainSheet(page, of, link);
    await press(page, 'Send svarene');
    await expect(page.getByRole('alert')).toContainText('Har du fått en kvittering, er svaret med.');
    return receipt;
  });
  await oneMore(of, async () => {
    await toPlainSheet(page, of, of.next());
    await page.getByRole('button', { name: 'Send svarene' }).dblclick();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Svaret ditt er med|er alt med/);
    return await page.locator('.receipt').innerText();
  });
  await page.context().close();
});
