/*
 * A tablet on the ward, locked to one round: the page's address with ?kiosk. One person after the other types a code there.
 * The browser keeps nothing of them: neither storage nor history nor address. After each ballot, and when nobody has touched
 * the page for a while, the page is loaded anew, in the tablet's own language, and has seen nobody.
 */

/** The tablet's own language, where somebody has chosen another: ?kiosk=nb. null: no shared tablet. */
const own = new URLSearchParams(location.search).get('kiosk');
export const isKiosk = own !== null;
const home = own ? new URL(own.replace(/\W/g, ''), location.href).pathname : location.pathname;

/** The next person. */
export const next = () => location.replace(`${home}?kiosk`);

/** In the place of the browser's storage: gone with the page. */
export function memory(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const kept = new Map<string, string>();
  return {
    getItem: (place) => kept.get(place) ?? null,
    setItem: (place, text) => void kept.set(place, text),
    removeItem: (place) => void kept.delete(place),
  };
}

/** True while a sealed ballot waits for the network: nothing can be read of it, and it must not be lost. */
let waiting = false;
export const wait = (is: boolean) => {
  waiting = is;
};

/** Whether a silence harms nobody: the page has seen no one yet, not even who chose a language. */
const isUntouched = () =>
  own === '' &&
  !document.querySelector<HTMLElement>('[data-view=nolink]')!.hidden &&
  (document.getElementById('code') as HTMLInputElement | null)?.value === '';

/** Starts the silence clock, with a warning before and one large button for more time (WCAG 2.2.1). */
export function watch(): void {
  const warning = document.getElementById('silence') as HTMLDialogElement;
  const silence = Number(document.body.dataset.silence);
  const warned = Math.max(30, silence / 5);
  let touched = performance.now();
  const touch = () => {
    if (!warning.open) touched = performance.now();
  };
  for (const event of ['pointerdown', 'keydown', 'input', 'wheel']) addEventListener(event, touch, true);
  warning.addEventListener('close', touch);
  warning.querySelector('button')!.addEventListener('click', () => warning.close());
  setInterval(() => {
    if (waiting || isUntouched()) touched = performance.now();
    const still = (performance.now() - touched) / 1000;
    if (still >= silence) next();
    else if (still >= silence - warned && !warning.open) warning.showModal();
  }, 1000);

  document.body.dataset.kiosk = '';
  for (const way of document.querySelectorAll<HTMLAnchorElement>('nav a')) {
    way.search = `kiosk=${home.split('/').at(-1)}`;
    // In the place of this page, so that the history tells of no language.
    way.addEventListener('click', (event) => {
      event.preventDefault();
      location.replace(way.href);
    });
  }
  for (const button of document.querySelectorAll('[data-next]')) button.addEventListener('click', next);
  for (const field of document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')) {
    // Some browsers fill in again what stood there before the page was loaded anew.
    if (field instanceof HTMLInputElement && field.type === 'radio') field.checked = false;
    else field.value = '';
  }
  addEventListener('pageshow', ({ persisted }) => persisted && next());
}

/** Somebody's code is in: other languages are a way for the next one. */
export function taken(): void {
  const nav = document.querySelector('nav');
  if (nav) nav.hidden = true;
}
