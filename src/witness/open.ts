import { type Bytes, spaced } from '#domain/bytes.ts';
import * as Opening from '#domain/opening.ts';
import { withoutBreakdowns } from '#domain/release.ts';
import * as Sheet from '#domain/sheet.ts';
import { page } from './page.ts';

/** Opens the box with two sheets, here in the browser, and sends the release alone. */
export function open(root: HTMLElement) {
  const { one, show, fill, text, fault } = page(root);
  const { round = '', signs = '' } = root.dataset;
  const sheets = [1, 2].map((n) => one<HTMLTextAreaElement>(`#sheet-${n}`));

  const say = (name: string, gaps = {}) => {
    fill('said', text(name, gaps));
    one('[data-slot=said]').hidden = false;
  };
  const quiet = () => {
    one('[data-slot=said]').hidden = true;
    fault('sheet-1');
    fault('sheet-2');
  };

  /** The two private halves as typed, or null when it has been said what is wrong. */
  async function typed(): Promise<[Bytes, Bytes] | null> {
    const secrets: Bytes[] = [];
    for (const { id, value } of sheets) {
      const read = await Sheet.read(value);
      if (read.ok) secrets.push(read.secret);
      else fault(id, read.refusal === 'line' ? text('line', { line: read.line }) : text('length'));
    }
    return secrets.length === 2 ? (secrets as [Bytes, Bytes]) : null;
  }

  async function get(address: string): Promise<Bytes> {
    const reply = await fetch(address, { cache: 'no-store' });
    if (!reply.ok || reply.redirected) throw new Error(`${address}: ${reply.status}`);
    return new Uint8Array(await reply.arrayBuffer());
  }

  async function fetched(): Promise<Opening.Files> {
    const at = (name: string) => get(`/svar/${round}/${name}`);
    const ballots = new TextDecoder().decode(await get(`/box/${round}`));
    const [keylist, questionnaire, tree] = await Promise.all(
      ['keylist.json', 'questionnaire.json', 'tree.json'].map(at),
    );
    return { keylist: keylist!, questionnaire: questionnaire!, tree: tree!, ballots };
  }

  async function openBox() {
    const secrets = await typed();
    if (!secrets) return;
    const read = await Opening.readFiles(await fetched(), signs);
    if (!read.ok) return say(`files-${read.refusal}`);
    const pair = await Opening.keyOfPair(read, secrets, crypto);
    if (!pair.ok)
      return pair.refusal === 'same'
        ? fault('sheet-2', text('same'))
        : fault(`sheet-${pair.sheet}`, text('other'));
    const opening = Opening.begin(read.frame);
    for (let at = 0; at < read.ballots.length; at += Opening.together) {
      await Opening.count(opening, read.ballots.slice(at, at + Opening.together), pair.key);
      fill('progress', text('progress', { done: opening.receipts.length, of: read.ballots.length }));
      await new Promise((next) => setTimeout(next));
    }
    for (const sheet of sheets) sheet.value = '';
    await send(await Opening.release(read.frame, opening));
  }

  /** The only thing that leaves this page. */
  async function send(release: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`/svar/${round}/release`, { method: 'POST', headers, body: release });
    const { sha256, refusal } = (await reply.json()) as { sha256?: string; refusal?: string };
    if (refusal === 'time') return await send(withoutBreakdowns(release));
    if (refusal) return say(`refused-${refusal}`);
    const own = await Opening.releaseHash(release);
    if (sha256 !== own) return say('hash');
    fill('sha256', spaced(own, 8));
    show('done');
  }

  async function uploaded() {
    const file = one<HTMLInputElement>('#release').files?.[0];
    if (!file) return say('no-file');
    await send(await file.text());
  }

  for (const [name, run] of [
    ['sheets', openBox],
    ['file', uploaded],
  ] as const) {
    const form = one<HTMLFormElement>(`form[data-form=${name}]`);
    const button = form.querySelector('button')!;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      quiet();
      button.disabled = true;
      await run().catch(() => say('network'));
      button.disabled = false;
      fill('progress', '');
    });
  }
  one('[data-part=open]').hidden = false;
}
