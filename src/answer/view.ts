/** Everything the script does to the page. Texts are on the page already, in its language; here they are only shown. */

export const all = (view: string) => [...document.querySelectorAll<HTMLElement>(`[data-view=${view}]`)];

let again: () => unknown = () => location.reload();

/** Shows one view alone and moves focus to its heading; `retry` is what its "try again" does. */
export function show(name: string, retry: () => unknown = again): void {
  again = retry;
  reveal(all(name)[0]!);
}

/** Shows one theme; focus goes to its heading, or to the statement that is to be changed. */
export function showTheme(index: number, toCheck: boolean, focus?: Element): void {
  const theme = all('theme')[index]!;
  const next = theme.querySelector<HTMLElement>('[data-go=next]')!;
  next.dataset.next ??= next.textContent!;
  next.textContent = (toCheck ? next.dataset.check : next.dataset.next)!;
  const other = document.getElementById('other');
  if (other) theme.querySelector('.ways')!.after(other);
  reveal(theme, focus);
}

/** The place of the first theme that lacks an answer it must have; -1 where none does. */
export const lacking = (): number => all('theme').findIndex((theme) => theme.querySelector('input:invalid'));

/** Whether a theme has all the answers it must have; else it says at each statement that lacks one, and goes to the first. */
export function isAnswered(index: number): boolean {
  const asked = [...all('theme')[index]!.querySelectorAll('fieldset')].filter(tellLacking);
  asked[0]?.scrollIntoView();
  asked[0]?.querySelector('input')!.focus({ preventScroll: true });
  return asked.length === 0;
}

/** Says at a statement that it must be answered, where it is not. */
export function tellLacking(statement: Element): boolean {
  const lacks = statement.querySelector('input:invalid') !== null;
  const said = statement.querySelector<HTMLElement>('[data-lacking]');
  if (said) said.hidden = !lacks;
  if (said && lacks) statement.setAttribute('aria-describedby', said.id);
  else statement.removeAttribute('aria-describedby');
  return lacks;
}

function reveal(section: HTMLElement, focus?: Element): void {
  for (const other of document.querySelectorAll<HTMLElement>('[data-view]')) other.hidden = other !== section;
  busy('');
  scrollTo(0, 0);
  const first = focus?.querySelector<HTMLElement>('input:checked, input, textarea');
  if (first) first.focus();
  else section.querySelector<HTMLElement>('h1')!.focus({ preventScroll: true });
  if (focus) focus.scrollIntoView({ block: 'center' });
}

/** Writes into the places with this name, and shows what stands only when it is known. */
export function fill(slot: string, text: string): void {
  for (const place of document.querySelectorAll(`[data-slot=${slot}]`)) place.textContent = text;
  for (const part of document.querySelectorAll<HTMLElement>(`[data-if=${slot}]`)) part.hidden = false;
}

/** The link for another device, and its button, where the page has them. */
export function fillLink(link: string): void {
  const field = document.getElementById('link') as HTMLInputElement | null;
  if (!field) return;
  const copy = document.getElementById('copy')!;
  field.value = link;
  field.onfocus = () => field.select();
  copy.onclick = () => {
    field.select();
    // Where copying is not allowed, the link stands there, marked.
    navigator.clipboard.writeText(link).then(
      () => busy(copy.dataset.done!),
      () => field.focus(),
    );
  };
}

/** Language links keep the secret part of the address. */
export function keepFragment(): void {
  for (const way of document.querySelectorAll<HTMLAnchorElement>('nav a')) way.hash = location.hash;
}

/** Another link pasted over this one, be this one half or whole, starts afresh. */
export const restartOnPaste = (): void => addEventListener('hashchange', () => location.reload());

/** Asks for a code; `take` says whether it was one, and shows what comes next. */
export function askCode(take: (typed: string) => Promise<boolean>): void {
  const field = document.getElementById('code') as HTMLInputElement | null;
  const tell = document.getElementById('code-wrong')!;
  const tried = once(async () => {
    tell.hidden = true;
    field!.removeAttribute('aria-describedby');
    if (await take(field!.value)) return;
    busy('');
    tell.hidden = false;
    field!.setAttribute('aria-invalid', 'true');
    field!.setAttribute('aria-describedby', tell.id);
    field!.focus();
  });
  field?.form!.addEventListener('submit', (event) => {
    event.preventDefault();
    void tried();
  });
}

/** From here another language would lose what only this page has. */
export function stay(): void {
  for (const way of document.querySelectorAll('nav')) way.hidden = true;
}

/** Listens on every element that matches. */
export function on(selector: string, event: string, act: (element: Element) => unknown): void {
  for (const element of document.querySelectorAll(selector))
    element.addEventListener(event, () => act(element));
}

/** Says what is going on, to eyes and ears. */
function busy(words: string): void {
  document.getElementById('status')!.textContent = words;
}

/** Does something that may fail on the way: then says so, loses nothing, and offers to try again. */
export async function attempt(
  act: () => Promise<void>,
  retry: () => unknown = () => attempt(act),
): Promise<void> {
  try {
    await act();
  } catch {
    show('network', retry);
  }
}

/** The same, one at a time: a second press while the first is under way does nothing. */
export function once(act: () => Promise<void>): () => Promise<void> {
  let running = false;
  const run = async (): Promise<void> => {
    if (running) return;
    running = true;
    busy(document.querySelector<HTMLElement>('section:not([hidden]) [data-busy]')?.dataset.busy ?? '');
    await attempt(act, run);
    running = false;
  };
  return run;
}

on('[data-again]', 'click', () => again());

const zone = { timeZone: 'Europe/Oslo' } as const;
const tags = (language: string) => [language, 'nb', 'no'];
/** Browsers know no Northern Sami: then days and months are numbers. */
const isKnown = (language: string) =>
  language !== 'se' || Intl.DateTimeFormat.supportedLocalesOf(language).length > 0;

/** A moment in words, to the minute, as clocks in Norway show it. */
export const moment = (iso: string, language: string): string =>
  new Intl.DateTimeFormat(tags(language), {
    ...(isKnown(language)
      ? { weekday: 'long', day: 'numeric', month: 'long' }
      : { day: 'numeric', month: 'numeric', year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...zone,
  }).format(new Date(iso));

/** A day in words. */
export const day = (iso: string, language: string): string =>
  new Intl.DateTimeFormat(tags(language), {
    day: 'numeric',
    month: isKnown(language) ? 'long' : 'numeric',
    year: 'numeric',
    ...zone,
  }).format(new Date(iso));

/** "a, b and c". */
export const list = (names: string[], language: string): string =>
  isKnown(language) ? new Intl.ListFormat(tags(language)).format(names) : names.join(', ');
