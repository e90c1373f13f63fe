import { expect, type Page } from '@playwright/test';
import axe, { type RunOnly } from 'axe-core';

const widths = [320, 1280];
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe has against the page, or a part of it, as it stands, at its present width, by what it has tagged so or these rules alone. */
export async function axeFaults(
  page: Page,
  of: string[] | { rules: string[] } = tags,
  within = 'html',
): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const runOnly: RunOnly = Array.isArray(of)
    ? { type: 'tag', values: of }
    : { type: 'rule', values: of.rules };
  const found = await page.evaluate(
    async ([runOnly, within]) => {
      const { axe: here } = window as unknown as { axe: typeof axe };
      return (await here.run(within, { runOnly, resultTypes: ['violations'] })).violations;
    },
    [runOnly, within] as const,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** The page keeps what is no law but good practice, too. */
export async function keepsGoodPractice(page: Page) {
  expect(await axeFaults(page, ['best-practice'])).toEqual([]);
}

/** The page as it stands keeps WCAG 2.2 AA, on a phone and on a desk, and never scrolls sideways. */
export async function keepsAccessible(page: Page) {
  expect(page.frames(), `${page.url()} holds a page that is not asked`).toHaveLength(1);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    // At the end of the page, where a bar that stays in sight lies on nothing.
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    expect(await axeFaults(page), `${page.url()} at ${width} px`).toEqual([]);
    await staysWithin(page, width);
  }
}

/** What is cheap to see on a page of thousands of elements: it never scrolls sideways, and no two have the same id. */
export async function keepsShape(page: Page) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    await staysWithin(page, width);
  }
  const twice = await page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    return ids.filter((id, i) => ids.indexOf(id) !== i);
  });
  expect(twice, `${page.url()} has the same id twice`).toEqual([]);
}

async function staysWithin(page: Page, width: number) {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${page.url()} scrolls sideways at ${width} px`).toBe(0);
}
