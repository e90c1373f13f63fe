import { type Browser, chromium, type Page } from '@playwright/test';
import { findBrowser } from '#tests/support/browser.ts';

/** The lines and times that design promises: bits per second, milliseconds to and fro, seconds until one can begin. */
const lines = [
  { line: '1.6 Mbit/s, 150 ms', bits: 1_600_000, latency: 150, budget: 2 },
  { line: '400 kbit/s, 400 ms', bits: 400_000, latency: 400, budget: 5 },
];
const slower = 4;
/** To find the address, to connect and to agree on keys (TLS 1.3) takes a round trip each; on one's own machine, none. */
const handshakes = 3;
const visits = 5;

/** How somebody comes: with a link, or a QR code's; or with a code to type on a page that the link leads to. */
export type Way = { what: string; link: string; code?: string };

/**
 * Seconds until the way on is there to press, on a line and processor like these, with an empty cache; and bytes on the wire.
 * With a code: until it can be typed, and then from the press to the way on, without the time that a person takes.
 */
async function visit(browser: Browser, { link, code }: Way, { bits, latency }: (typeof lines)[number]) {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, isMobile: true });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const bytes = new Map<string, number>();
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    bytes.set(requestId, encodedDataLength),
  );
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency,
    downloadThroughput: bits / 8,
    uploadThroughput: bits / 8,
  });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.addInitScript(() => {
    const seen: Record<string, number> = {};
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const view = document.querySelector<HTMLElement>('[data-view]:not([hidden])')?.dataset.view;
      if (!view || view in seen) return;
      seen[view] = 0;
      // When it is painted.
      requestAnimationFrame(() => setTimeout(() => Object.assign(seen, { [view]: performance.now() })));
    }).observe(document, { subtree: true, childList: true, attributeFilter: ['hidden'] });
  });
  const seen = async (view: string) => {
    const at = await page.waitForFunction(
      (view) => (window as unknown as { seen: Record<string, number> }).seen[view],
      view,
    );
    return Number(await at.jsonValue());
  };
  await page.goto(link);
  const first = (await seen(code ? 'nolink' : 'start')) + handshakes * latency;
  const after = code ? await typed(page, code, seen) : 0;
  await context.close();
  return {
    seconds: first / 1000,
    after: after / 1000,
    bytes: [...bytes.values()].reduce((sum, n) => sum + n, 0),
  };
}

async function typed(page: Page, code: string, seen: (view: string) => Promise<number>) {
  const sent = await page.evaluate((code) => {
    const field = document.getElementById('code') as HTMLInputElement;
    field.value = code;
    const at = performance.now();
    field.form!.requestSubmit();
    return at;
  }, code);
  const compared = await seen('compare');
  const agreed = await page.evaluate(() => {
    const at = performance.now();
    document.getElementById('same')!.click();
    return at;
  });
  return compared - sent + (await seen('start')) - agreed;
}

const middle = (of: number[]) => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)]!;

/** How long a first visit takes until one can begin, on slow lines and a slow processor, as a share of what is promised. */
export async function* slowLines(ways: Way[]) {
  const browser = await chromium.launch(await findBrowser());
  try {
    for (const way of ways)
      for (const line of lines) {
        const all = [];
        for (let i = 0; i < visits; i++) all.push(await visit(browser, way, line));
        const seconds = all.map((one) => one.seconds);
        const on = `${line.line}, a ${slower} times slower processor`;
        yield {
          what: `seconds until ${way.what}, ${on}`,
          ...within(seconds, line.budget),
          ofWhichHandshakes: (handshakes * line.latency) / 1000,
          bytesOnTheWire: all[0]!.bytes,
        };
        if (way.code)
          yield {
            what: `seconds from a typed code until one can begin, ${on}`,
            ...within(
              all.map((one) => one.after),
              line.budget,
            ),
          };
      }
  } finally {
    await browser.close();
  }
}

const within = (seconds: number[], budget: number) => ({
  ...{ value: middle(seconds), budget },
  ...{ ratio: middle(seconds) / budget, slowest: Math.max(...seconds) },
});
