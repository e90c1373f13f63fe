/** What a page's script asks of it: parts to show one at a time, places to fill, and the sentences it was rendered with. */
export function page(root: HTMLElement) {
  const one = <E extends HTMLElement = HTMLElement>(selector: string) => root.querySelector<E>(selector)!;
  return {
    one,
    all: (selector: string) => [...root.querySelectorAll<HTMLElement>(selector)],
    /** Shows one part, hides the others, and takes the reader there. */
    show(name: string) {
      for (const part of root.querySelectorAll<HTMLElement>('[data-part]'))
        part.hidden = part.dataset.part !== name;
      one(`[data-part=${name}] h2`).focus();
    },
    fill(slot: string, text: string) {
      for (const place of root.querySelectorAll(`[data-slot=${slot}]`)) place.textContent = text;
    },
    /** A sentence of the page, with its gaps filled. */
    text: (name: string, gaps: Record<string, string | number> = {}) =>
      one(`[data-text=${name}]`).textContent!.replace(/\{(\w+)\}/g, (_, gap: string) => String(gaps[gap])),
    /** What is wrong with a field, said beside it; nothing: all is well. */
    fault(field: string, sentence = '') {
      one(`#${field}-fault`).textContent = sentence;
      one(`#${field}-fault`).hidden = sentence === '';
      const input = one(`#${field}`);
      if (sentence === '') return input.removeAttribute('aria-invalid');
      input.setAttribute('aria-invalid', 'true');
      input.focus();
    },
    on(action: string, run: () => void | Promise<void>) {
      one(`[data-do=${action}]`).addEventListener('click', () => void run());
    },
  };
}
