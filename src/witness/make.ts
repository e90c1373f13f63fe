import * as Sheet from '#domain/sheet.ts';
import { page } from './page.ts';

/** Makes a key pair, shows the private half as a sheet, and sends the public half when the sheet is proved to be on paper. */
export function make(root: HTMLElement) {
  const { one, all, show, fill, text, fault, on } = page(root);
  let half: Sheet.Half | undefined;
  let asked = 1;

  on('make', async () => {
    half = await Sheet.draw(crypto);
    const lines = await Sheet.write(half.secret);
    for (const [i, place] of all('[data-line]').entries()) place.textContent = Sheet.print(lines[i]!);
    fill('word', await Sheet.checkWord(half.point));
    show('sheet');
  });
  on('print', () => window.print());
  on('printed', () => {
    asked = 1 + (crypto.getRandomValues(new Uint8Array(1))[0]! % 4);
    fill('number', String(asked));
    one<HTMLInputElement>('#line').value = '';
    fault('line');
    show('proof');
  });
  on('back', () => show('sheet'));

  one('form[data-proof]').addEventListener('submit', (event) => {
    event.preventDefault();
    void prove();
  });
  async function prove() {
    const typed = one<HTMLInputElement>('#line');
    if (!(await Sheet.isLine(typed.value, half!.secret, asked)))
      return fault('line', text('wrong-line', { line: asked }));
    one<HTMLInputElement>('input[name=point]').value = half!.point;
    // Nothing of the private half stays on the page that the browser may keep.
    half = undefined;
    typed.value = '';
    for (const place of all('[data-line]')) place.textContent = '';
    one<HTMLFormElement>('form[data-send]').submit();
  }
  one('[data-part=begin]').hidden = false;
}
