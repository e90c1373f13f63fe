import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

const widths = [320, 1280];
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe has against the page as it stands, by these rules. */
async function violationsOf(page: Page, of: string[]) {
  return await page.evaluate(async (runOnly) => {
    const { axe: here } = window as unknown as { axe: typeof axe };
    return (await here.run({ runOnly, resultTypes: ['violations'] })).violations;
  }, of);
}

/** The page keeps what is no law but good practice, too. */
export async function keepsGoodPractice(page: Page) {
  await page.evaluate(axe.source);
  expect((await violationsOf(page, ['best-practice'])).map(({ id }) => id)).toEqual([]);
}

/** The page as it stands keeps WCAG 2.2 AA, on a phone and on a desk, and never scrolls sideways. */
export async function keepsAccessible(page: Page) {
  expect(page.frames(), `${page.url()} holds a page that is not asked`).toHaveLength(1);
  await page.evaluate(axe.source);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    const told = (await violationsOf(page, tags)).map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
    );
    expect(told, `${page.url()} at ${width} px`).toEqual([]);
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
