import type { CDPSession, Page } from '@playwright/test';

/*
 * An answering page holds all its screens at once, one of them in sight. To look at them all in one go, all are brought
 * into sight, with what only a shared tablet, a helper or somebody who mistyped would see.
 */
export const revealAll = (page: Page) =>
  page.evaluate(() => {
    for (const part of document.querySelectorAll<HTMLElement>('main [hidden]'))
      // The unseen first button of a form stays unseen.
      if (!part.matches('form > button[hidden]')) part.hidden = false;
    for (const part of document.querySelectorAll<HTMLElement>('[data-only], .short, .slow'))
      Object.assign(part.style, { display: 'block', visibility: 'visible' });
    for (const part of document.querySelectorAll('details')) part.open = true;
    for (const place of document.querySelectorAll('[data-slot]')) place.textContent ||= 'abcd efgh jkmn pqrs';
  });

/** Somebody's own size of letters, as set in the browser: per cent of the usual one. */
export async function setTextSize(cdp: CDPSession, percent: number) {
  const standard = (16 * percent) / 100;
  await cdp.send('Page.setFontSizes', { fontSizes: { standard, fixed: (standard * 13) / 16 } });
}

/**
 * What is wrong with how a page lies: it scrolls sideways, words stand outside what frames them or outside the window,
 * are cut off, or lie on other words.
 */
export const layoutFaults = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const faults: string[] = [];
    const wide = document.documentElement;
    if (wide.scrollWidth > wide.clientWidth) faults.push(`scrolls sideways: ${wide.scrollWidth}`);
    const slack = 1.5;
    type Line = { words: string; of: Element; box: DOMRect };
    const lines: Line[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode as Text;
      const of = text.parentElement!;
      const words = text.data.trim();
      if (!words || of.closest('script, style, noscript, dd button span')) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const frame = of.closest(
        'label, button, a, td, th, li, summary, .box, .note, .receipt, dialog, main, header',
      )!;
      const around = frame.getBoundingClientRect();
      for (const box of range.getClientRects()) {
        if (box.width < 1 || box.height < 1) continue;
        const is = `"${words.slice(0, 40)}"`;
        if (box.left < -slack || box.right > wide.clientWidth + slack)
          faults.push(`outside the window: ${is}`);
        const isIn = box.left >= around.left - slack && box.right <= around.right + slack;
        const isOver = box.top >= around.top - slack && box.bottom <= around.bottom + slack;
        if (!frame.matches('a') && !(isIn && isOver)) faults.push(`outside its ${frame.tagName}: ${is}`);
        lines.push({ words: is, of, box });
      }
    }
    for (const part of document.querySelectorAll<HTMLElement>('body *')) {
      const { overflowX, overflowY } = getComputedStyle(part);
      if (part.matches('input, textarea, progress, dd button span, svg, svg *')) continue;
      const isCut =
        (overflowX !== 'visible' && part.scrollWidth > part.clientWidth + slack) ||
        (overflowY !== 'visible' && part.scrollHeight > part.clientHeight + slack);
      if (isCut) faults.push(`cut off: ${part.tagName} "${part.textContent!.trim().slice(0, 40)}"`);
    }
    // Marks, fields and buttons are in the way of words, too.
    const solid = [...document.querySelectorAll('input:not([type=hidden]), svg, textarea, progress')]
      .map((of) => ({ words: of.tagName, of, box: of.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0);
    const all: Line[] = [...lines, ...solid].sort((a, b) => a.box.top - b.box.top);
    const isOn = (a: DOMRect, b: DOMRect) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
      // Lines of letters reach into each other a little.
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.3 * Math.min(a.height, b.height);
    all.forEach((one, i) => {
      for (let j = i + 1; j < all.length && all[j]!.box.top < one.box.bottom; j++) {
        const other = all[j]!;
        if (
          isOn(one.box, other.box) &&
          one.of !== other.of &&
          !one.of.closest('dialog') &&
          !other.of.closest('dialog')
        )
          faults.push(`${one.words} lies on ${other.words}`);
      }
    });
    return [...new Set(faults)].slice(0, 10);
  });

/** Nothing moves: no animation takes time, no change is drawn out, no scrolling glides. */
export const movements = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const running = document
      .getAnimations()
      .filter((one) => Number(one.effect?.getComputedTiming().duration ?? 0) > 0)
      .map(() => 'an animation runs');
    const drawn = [...document.querySelectorAll('*')].flatMap((part) => {
      const style = getComputedStyle(part);
      const isSlow = style.transitionDuration.split(', ').some((time) => parseFloat(time) > 0);
      const glides = style.scrollBehavior === 'smooth';
      return isSlow || glides ? [`${part.tagName} moves`] : [];
    });
    return [...running, ...drawn];
  });
