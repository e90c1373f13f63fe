/*
 * Entering paper forms. The page works without this; with it the forms stand one after the other, numbers tick, and
 * what is typed stays on the page when the network is lost. Nothing is kept or sent until the batch is sent.
 */

start();

function start() {
  const batch = document.querySelector('form[data-batch]');
  if (!batch) return;
  const nav = batch.querySelector('[data-forms]');
  const count = batch.querySelector('input[name=forms]');
  const lost = batch.querySelector('[data-lost]');
  const sections = () => [...batch.querySelectorAll('[data-form]')];
  const codeOf = (section) => section.querySelector('input[name$="-code"]');
  const most = 60;
  let at = 0;
  for (const hidden of batch.querySelectorAll('[data-scripted]')) hidden.hidden = false;

  /** Shows one form, and the others as buttons with their codes. */
  function show(wanted, focus = true) {
    at = wanted;
    const all = sections();
    for (const [i, section] of all.entries()) section.hidden = i !== at;
    nav.replaceChildren(
      ...all.map((section, i) => {
        const button = document.createElement('button');
        const name = section.querySelector('h2').textContent.trim();
        const code = codeOf(section).value.trim();
        Object.assign(button, { type: 'button', className: 'ds-button' });
        button.dataset.variant = i === at ? 'secondary' : 'tertiary';
        button.dataset.size = 'sm';
        button.textContent = code === '' ? name : `${name}: ${code}`;
        if (i === at) button.setAttribute('aria-current', 'step');
        button.addEventListener('click', () => show(i));
        return button;
      }),
    );
    if (focus) codeOf(all[at]).focus();
  }

  function clear(section) {
    for (const input of section.querySelectorAll('input'))
      if (input.type !== 'text') input.checked = false;
      else input.value = '';
    const code = codeOf(section);
    code.removeAttribute('aria-invalid');
    code.removeAttribute('aria-describedby');
    section.querySelector('.ds-validation-message')?.remove();
  }

  /** Another empty form, made of the last one. */
  function add() {
    const all = sections();
    if (all.length >= most) return;
    const section = all.at(-1).cloneNode(true);
    const [before, now] = [all.length - 1, all.length];
    section.dataset.form = String(now);
    for (const element of [section, ...section.querySelectorAll('*')])
      for (const name of ['id', 'for', 'name', 'aria-labelledby', 'aria-describedby']) {
        const value = element.getAttribute(name);
        if (value?.startsWith(`${before}-`))
          element.setAttribute(name, `${now}${value.slice(String(before).length)}`);
      }
    const title = section.querySelector('h2');
    title.textContent = title.textContent.replace(/\d+/, String(now + 1));
    all.at(-1).after(section);
    listen(section);
    clear(section);
    count.value = String(now + 1);
  }

  function next() {
    if (at === sections().length - 1) add();
    show(Math.min(at + 1, sections().length - 1));
  }

  const focusOn = (fieldset) =>
    (fieldset?.querySelector('input:checked') ?? fieldset?.querySelector('input'))?.focus();

  function keys(section, event) {
    const code = event.target === codeOf(section);
    if (event.key === 'Enter' && event.target.matches('input')) {
      event.preventDefault();
      if (code) focusOn(section.querySelector('fieldset'));
      else if (event.target.type === 'checkbox') goOn(section, event.target.closest('fieldset'));
      return;
    }
    if (code || event.ctrlKey || event.metaKey || event.altKey) return;
    const fieldset = event.target.closest('fieldset');
    if (!fieldset) return;
    const boxes = [...fieldset.querySelectorAll('input')];
    if (event.key === 'Delete' || event.key === 'Backspace') {
      for (const box of boxes) box.checked = false;
      boxes[0].focus();
      event.preventDefault();
    }
    if (!/^\d$/.test(event.key)) return;
    event.preventDefault();
    const box = boxes[event.key === '0' ? 9 : Number(event.key) - 1];
    if (!box) return;
    if (box.type === 'checkbox') {
      // Several may be ticked: a number again takes it away, and Enter goes on.
      box.checked = !box.checked;
      box.focus();
      return;
    }
    box.checked = true;
    goOn(section, fieldset);
  }

  function goOn(section, fieldset) {
    const fieldsets = [...section.querySelectorAll('fieldset')];
    const after = fieldsets[fieldsets.indexOf(fieldset) + 1];
    if (after) focusOn(after);
    else section.querySelector('[data-next]').focus();
  }

  function listen(section) {
    section.addEventListener('keydown', (event) => keys(section, event));
    section.querySelector('[data-next]').addEventListener('click', next);
    section.querySelector('[data-clear]').addEventListener('click', () => {
      clear(section);
      show(at);
    });
  }
  for (const section of sections()) listen(section);

  batch.querySelector('[data-more]').addEventListener('click', (event) => {
    event.preventDefault();
    add();
    show(sections().length - 1);
  });

  let isSending = false;
  let isDone = false;
  batch.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    lost.hidden = true;
    try {
      const reply = await fetch(batch.action, {
        method: 'POST',
        headers: { accept: 'text/html' },
        body: new URLSearchParams(new FormData(batch)),
      });
      if (new URL(reply.url).searchParams.has('entered')) {
        isDone = true;
        return location.replace(reply.url);
      }
      const main = new DOMParser().parseFromString(await reply.text(), 'text/html').querySelector('main');
      if (!main?.querySelector('form[data-batch]')) throw new Error('another page');
      document.querySelector('main').replaceWith(main);
      start();
      document.querySelector('.ds-error-summary')?.focus();
    } catch {
      lost.hidden = false;
      lost.focus();
    } finally {
      isSending = false;
    }
  });

  // A fault is shown on the form it is about.
  document.querySelector('.ds-error-summary')?.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    const section = link && document.getElementById(link.hash.slice(1))?.closest('[data-form]');
    if (!section) return;
    event.preventDefault();
    show(sections().indexOf(section));
  });

  const wrong = sections().findIndex((section) => codeOf(section).getAttribute('aria-invalid'));
  show(Math.max(wrong, 0), false);
  addEventListener('beforeunload', (event) => {
    if (batch.isConnected && !isDone && sections().some((one) => codeOf(one).value.trim() !== ''))
      event.preventDefault();
  });
}
