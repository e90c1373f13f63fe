import { type Browser, chromium } from '@playwright/test';
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

/** Seconds until the way on is there to press, on a line and processor like these, with an empty cache; and bytes on the wire. */
async function visit(browser: Browser, link: string, { bits, latency }: (typeof lines)[number]) {
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
    new MutationObserver((_, observer) => {
      if (!document.querySelector('[data-view=start]:not([hidden]) #begin')) return;
      observer.disconnect();
      // When it is painted.
      requestAnimationFrame(() => setTimeout(() => Object.assign(window, { usable: performance.now() })));
    }).observe(document, { subtree: true, childList: true, attributeFilter: ['hidden'] });
  });
  await page.goto(link);
  const usable = await page.waitForFunction(() => (window as unknown as { usable?: number }).usable);
  const seconds = (Number(await usable.jsonValue()) + handshakes * latency) / 1000;
  await context.close();
  return { seconds, bytes: [...bytes.values()].reduce((sum, n) => sum + n, 0) };
}

/** How long a first visit takes until one can begin, on slow lines and a slow processor, as a share of what is promised. */
export async function* slowLines(link: string) {
  const browser = await chromium.launch(await findBrowser());
  try {
    for (const line of lines) {
      const all = [];
      for (let i = 0; i < visits; i++) all.push(await visit(browser, link, line));
      const seconds = all.map((one) => one.seconds).sort((a, b) => a - b);
      yield {
        what: `seconds until a first visit can begin, ${line.line}, a ${slower} times slower processor`,
        value: seconds[Math.floor(visits / 2)]!,
        budget: line.budget,
        ratio: seconds[Math.floor(visits / 2)]! / line.budget,
        slowest: seconds.at(-1)!,
        ofWhichHandshakes: (handshakes * line.latency) / 1000,
        bytesOnTheWire: all[0]!.bytes,
      };
    }
  } finally {
    await browser.close();
  }
}
