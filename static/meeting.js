/*
 * The live meeting, on phones, on the leader's page and on the wall. Every page works without this; with it a page
 * follows the meeting by itself, and marks that are not sent survive a reload.
 */

// ---- Marks on a phone: at most so many of a kind, kept until they are sent ----------------------------------

const form = document.querySelector('form[data-keep]');
const place = (/** @type {string | undefined} */ what) => `${location.pathname} ${what ?? ''}`;
const mine = form && place(form.dataset.keep);
for (const key of Object.keys(sessionStorage))
  if (key.startsWith(place('')) && key !== mine) sessionStorage.removeItem(key);

if (form) {
  const boxes = [...form.querySelectorAll('input[type=checkbox]')];
  const nameOf = (box) => `${box.name} ${box.value}`;
  const kept = JSON.parse(sessionStorage.getItem(mine) ?? '[]');
  for (const box of boxes)
    if (kept.includes(nameOf(box))) {
      box.checked = true;
      box.closest('details')?.setAttribute('open', '');
    }

  const count = () => {
    const marked = boxes.filter((box) => box.checked);
    for (const shown of form.querySelectorAll('[data-marked]')) {
      const of = marked.filter((box) => box.name === shown.dataset.marked).length;
      shown.textContent = String(of);
      for (const box of boxes)
        if (box.name === shown.dataset.marked) box.disabled = !box.checked && of >= Number(form.dataset.most);
    }
    sessionStorage.setItem(mine, JSON.stringify(marked.map(nameOf)));
  };
  form.querySelector('[data-count]')?.removeAttribute('hidden');
  form.addEventListener('change', count);
  count();
}

// ---- Following the meeting ----------------------------------------------------------------------------------

const screen = document.querySelector('[data-at]');
const isTyped = (field) =>
  field.type === 'checkbox' || field.type === 'radio'
    ? field.checked !== field.defaultChecked
    : 'defaultValue' in field && field.type !== 'hidden' && field.value !== field.defaultValue;
const hasUnsent = () => [...document.forms].some((one) => [...one.elements].some(isTyped));

/** The page anew, and at its beginning when the meeting has come to another stage. */
const renew = (isSameStage) => {
  const page = new URLSearchParams(location.search).get('page');
  location.replace(location.pathname + (isSameStage && page ? `?page=${page}` : ''));
};

const look = async () => {
  const answer = await fetch(screen.dataset.at, { headers: { accept: 'application/json' } });
  if (!answer.ok) return;
  const now = await answer.json();
  for (const shown of document.querySelectorAll('[data-live]')) {
    const said = now[shown.dataset.live];
    if (said !== undefined && shown.textContent !== String(said)) shown.textContent = String(said);
  }
  if (String(now.turn) === screen.dataset.turn) return;
  const moved = document.getElementById('moved');
  if (moved && hasUnsent()) moved.hidden = false;
  else renew(now.stage === screen.dataset.stage);
};

const every = 2000;
const follow = async () => {
  // A network that is away comes back; a page that nobody looks at need not ask.
  if (!document.hidden) await look().catch(() => {});
  setTimeout(follow, every);
};
if (screen) {
  setTimeout(follow, every);
  document.addEventListener('visibilitychange', () => document.hidden || look().catch(() => {}));
  addEventListener('pageshow', ({ persisted }) => persisted && look().catch(() => {}));
}

// ---- The wall: arrows, and what a presenter's remote sends --------------------------------------------------

const ways = { ArrowLeft: 'prev', PageUp: 'prev', ArrowRight: 'next', PageDown: 'next' };
addEventListener('keydown', (event) => {
  const to = document.querySelector(`a[rel=${ways[event.key] ?? 'none'}]`);
  if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  to.click();
});
