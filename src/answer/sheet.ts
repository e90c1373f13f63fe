import { NO_ANSWER } from '#domain/ballot.ts';
import * as Comment from '#domain/comment.ts';
import type { Answers } from './paper.ts';

/** The statements on the page, in the questionnaire's order. */
export const statements = () => [...document.querySelectorAll('fieldset:not([data-background])')];

/** What is asked of the one who answers, in the questionnaire's order. */
const background = () => [...document.querySelectorAll('fieldset[data-background]')];

/** Where one writes in one's own words. */
const comments = () => [...document.querySelectorAll('textarea')];

const boxes = (statement: Element) => [...statement.querySelectorAll('input')];
const chosen = (statement: Element) => boxes(statement).filter(({ checked }) => checked);
const isSeveral = (statement: Element) => boxes(statement)[0]?.type === 'checkbox';

/** The mark of a statement; where several answers may be chosen, one for each of them (domain/choice.ts). */
function marks(statement: Element): number[] {
  const [first] = chosen(statement);
  if (!isSeveral(statement)) return [Number(first?.value ?? NO_ANSWER)];
  return boxes(statement).map(({ checked }) => (first ? Number(checked) : NO_ANSWER));
}

/** The marks of every statement, one number per background question and the words on each open one, as the ballot has them. */
export const answers = (): Answers => ({
  answers: statements().flatMap(marks),
  background: background().map((one) => Number(chosen(one)[0]?.value ?? 0)),
  ...(comments().length > 0 && { comments: comments().map(({ value }) => value) }),
});

/** The words that were chosen, or written; null where nothing was. */
export function words(statement: Element): Element | string | null {
  const [first, ...more] = chosen(statement).map((box) => box.closest('label')!.querySelector('span')!);
  if (!first) return statement.querySelector('textarea')?.value.trim() || null;
  const together = first.cloneNode(true) as Element;
  for (const { textContent } of more) together.append(`; ${textContent}`);
  return together;
}

/** Marks the answers on the page. */
export function put({ answers = [], background: about = [], comments: typed = [] }: Partial<Answers>): void {
  for (const [asked, given] of [
    [statements(), answers],
    [background(), about],
  ] as const) {
    const left = [...given];
    for (const one of asked) {
      const own = left.splice(0, isSeveral(one) ? boxes(one).length : 1);
      boxes(one).forEach((box, i) => {
        box.checked = isSeveral(one) ? own[i] === 1 : Number(box.value) === own[0];
      });
      offerClearing(one);
    }
  }
  // It is made anew whenever it is shown; until then it would tell of earlier answers.
  document.getElementById('overview')?.replaceChildren();
  comments().forEach((field, i) => {
    field.value = typed[i] ?? '';
    count(field.closest('[data-comment]')!);
  });
}

/** Keeps what is written within its room, and says about how many words there is still room for. */
export function count(of: Element): void {
  const field = of.querySelector('textarea')!;
  if (!Comment.fits(field.value)) field.value = Comment.cut(field.value);
  const left = of.querySelector<HTMLElement>('[data-left]')!;
  left.textContent = left.dataset.left!.replace('[words]', String(Comment.wordsLeft(field.value)));
}

/** Takes an answer away again: a radio alone cannot be un-chosen. */
export function clear(statement: Element): void {
  for (const box of chosen(statement)) box.checked = false;
  offerClearing(statement);
}

/** Also says of what must be answered, and has boxes to tick, whether one is. */
export function offerClearing(statement: Element): void {
  const isEmpty = chosen(statement).length === 0;
  statement.querySelector<HTMLElement>('[data-clear]')!.hidden = isEmpty;
  const { least } = (statement as HTMLElement).dataset;
  if (least) boxes(statement)[0]!.setCustomValidity(isEmpty ? least : '');
}

/** Whether the simplified edition is being answered. */
export const isShort = (): boolean => document.body.dataset.edition === 'simple';

/** The simplified edition leaves some statements out; what was answered of them is taken away, so that nothing unseen is sent. */
export function shorten(short: boolean): void {
  document.body.dataset.edition = short ? 'simple' : 'full';
  for (const part of document.querySelectorAll<HTMLElement>('[data-full]')) {
    part.dataset.view = short ? 'left' : 'theme';
    if (short) part.querySelectorAll('fieldset').forEach(clear);
  }
}

/** The overview before sending: every answer in words, with a way to change it, and what was skipped on top. */
export function overview(change: (statement: Element) => void): void {
  const place = document.getElementById('overview')!;
  const skipped = document.getElementById('skipped')!;
  const { none, change: changeWord, fill } = place.dataset;
  const missing = statements().filter((one) => one.closest('[data-view=theme]') && words(one) === null);
  const button = (text: string | Element, statement: Element, hint?: Element) => {
    const made = element('button', text);
    made.className = 'plain';
    if (hint) made.append(' ', element('span', hint));
    made.addEventListener('click', () => change(statement));
    return made;
  };
  const asked = (statement: Element) => statement.querySelector('legend, label')!;

  place.replaceChildren();
  for (const theme of document.querySelectorAll('[data-view=theme]')) {
    const list = element('dl');
    for (const statement of theme.querySelectorAll('fieldset:not([hidden]), [data-comment]')) {
      const answer = words(statement);
      const said = element('dd', answer ?? none!);
      if (answer === null) said.className = 'none';
      const way = element('dd');
      way.append(button((answer === null ? fill : changeWord)!, statement, asked(statement)));
      const row = element('div');
      row.append(element('dt', asked(statement)), said, way);
      list.append(row);
    }
    // A statement that has a page of its own is its page's heading.
    const title = theme.querySelector('h1:not(legend *)');
    place.append(...(title ? [element('h2', title)] : []), list);
  }

  skipped.hidden = missing.length === 0;
  const { one, many } = skipped.dataset;
  skipped.querySelector('p')!.textContent =
    missing.length === 1 ? one! : many!.replace('[count]', String(missing.length));
  // Where many were skipped, the overview below tells of each; a few are quicker found on top.
  const named = missing.length > 5 ? [] : missing;
  skipped.querySelector('ul')!.replaceChildren(
    ...named.map((statement) => {
      const item = element('li');
      item.append(button(asked(statement), statement));
      return item;
    }),
  );
}

/** What is copied from the page keeps its language. */
function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  of?: string | Element,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  if (typeof of === 'string') made.textContent = of;
  else if (of) {
    made.textContent = of.textContent;
    const own = of.getAttribute('lang');
    if (own) made.lang = own;
  }
  return made;
}
