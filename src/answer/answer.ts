import './answer.css';
import * as Ballot from '#domain/ballot.ts';
import { base64url, fromBase64url } from '#domain/bytes.ts';
import * as Code from '#domain/code.ts';
import { fingerprint, fingerprintPrint, fingerprintSigns } from '#domain/keylist.ts';
import { type Entered, enter } from './entrance.ts';
import { type Link, readLink, writeLink } from './link.ts';
import { fetchPaper, handIn, sealed } from './paper.ts';
import { service } from './service.ts';
import * as sheet from './sheet.ts';
import { type Held, type Store, openStore } from './store.ts';
import * as view from './view.ts';

// The whole way of an answer, top down: enter, begin, answer, send. What each step tells the server stands in
// entrance.ts and paper.ts; nothing else is sent. See docs/ballot-protocol.md.

const { round, language, box } = document.body.dataset as { round: string; language: string; box: string };
const server = service(round);
const themes = view.all('theme').length;

async function start(): Promise<void> {
  if (!isSecureContext) return view.show('https');
  const receipt = history.state?.receipt;
  // A QR code on paper holds a drawn code where links have their secret.
  const { fragment, code } = await Code.unfold(location.hash, round);
  const link = readLink(fragment);
  if (!link) return view.show(location.hash.length > 1 ? 'mistyped' : 'nolink');
  view.keepFragment();

  const entered = await enter(link, round, language, server);
  if (!entered.ok) {
    if (receipt) return thank(receipt);
    if (entered.refusal === 'early') view.fill('opens', view.moment(entered.opens, language));
    return view.show(code && entered.refusal === 'unknown' ? 'wrongcode' : entered.refusal);
  }
  tell(entered);
  if (receipt) return thank(receipt);

  const store = await openStore(localStorage, round, entered.draftKey);
  const held = await holding(store, link);
  if (!held && entered.fetched) return view.show('elsewhere');
  answering(link, entered, store, held, code);
}

/** A code typed by hand brings no fingerprint: the keylist's own is shown, to be compared with the one on paper. */
async function typed(words: string): Promise<boolean> {
  const code = Code.read(words);
  if (!code) return false;
  const print = await fingerprint(await server.get('keylist.json'));
  const whole = `#${code}.${fingerprintSigns(print)}`;
  const { fragment } = await Code.unfold(whole, round);
  const entered = await enter(readLink(fragment)!, round, language, server);
  if (!entered.ok && entered.refusal === 'unknown') return false;
  view.fill('compare', fingerprintPrint(print));
  view.show('compare');
  view.on('#same', 'click', () => {
    history.replaceState(null, '', whole);
    void view.attempt(start);
  });
  return true;
}

/** What this browser holds; a link moved here from another device brings its seed. */
async function holding(store: Store, { seed }: Link): Promise<Held | null> {
  const held = await store.read();
  return seed && !held?.signature && !held?.post ? { seed: base64url(seed) } : held;
}

/** Fills in what the page could not know when it was frozen. */
function tell({ group, told, fingerprint, stops, results }: Entered): void {
  view.fill('group', told.name);
  view.fill('invited', String(group.invited));
  if (told.together.length > 1) view.fill('together', view.list(told.together, language));
  view.fill('fingerprint', fingerprintPrint(fingerprint));
  view.fill('stops', view.moment(stops, language));
  if (results) view.fill('results', view.day(results, language));
  if (told.last) tellLast(told.last);
}

/** The unit and its first point in sight, the other points folded. */
function tellLast(last: string): void {
  const parts = last.split('\n\n');
  view.fill('last', parts.slice(0, 2).join('\n\n'));
  if (parts.length > 2) view.fill('rest', parts.slice(2).join('\n\n'));
}

function thank(receipt: string): void {
  sheet.put({});
  view.fill('receipt', Ballot.receiptPrint(receipt));
  view.show('done');
}

function answering(link: Link, entered: Entered, store: Store, found: Held | null, code: boolean): void {
  let held = found;
  let at = 0;
  let toCheck = false;
  let warned = false;

  /** Every change on its way to the browser's storage; `held` is always what was asked to be kept last. */
  const keep = (change: Partial<Held>) => {
    held = { ...held!, ...change };
    return store.write(held);
  };

  /** The paper is fetched, but the browser keeps nothing more: said once, for one may still finish and send. */
  const unkept = () => {
    if (!warned) view.show('unkept', () => go(at, 'none'));
    warned = true;
  };

  const save = (here: number) => void keep({ at: here, ...sheet.answers() }).catch(unkept);

  const go = (to: number, how: 'push' | 'replace' | 'none', focus?: Element) => {
    at = to;
    if (how !== 'none') history[`${how}State`]({ at }, '');
    if (at < themes) view.showTheme(at, toCheck, focus);
    else {
      toCheck = false;
      sheet.overview((statement) => {
        toCheck = true;
        const theme = statement.closest('[data-view]')!;
        go(view.all('theme').indexOf(theme as HTMLElement), 'push', statement);
      });
      view.show('check');
    }
  };
  const walk = (to: number) => {
    save(to);
    go(to, 'push');
  };

  /** Begin: the first and only time the issuer is asked. The seed is kept before. */
  const begin = view.once(async () => {
    held = await holding(store, link);
    if (held?.signature || held?.post) return resume('push');
    const seed = fromBase64url(held?.seed) ?? crypto.getRandomValues(new Uint8Array(32));
    try {
      await keep({ seed: base64url(seed) });
    } catch {
      return view.show('storage', begin);
    }
    const paper = await fetchPaper(seed, link, round, entered, server);
    if (!paper.ok) {
      if (paper.refusal === 'elsewhere') await store.wipe();
      return view.show(code && paper.refusal === 'unknown' ? 'wrongcode' : paper.refusal, begin);
    }
    void keep({ signature: paper.signature }).catch(unkept);
    resume('push');
  });

  /** Send: sealed once, kept, then posted; after that only the kept bytes are posted, unchanged. */
  const send = view.once(async () => {
    if (!held?.post) {
      const seed = fromBase64url(held!.seed)!;
      const post = await sealed(sheet.answers(), seed, held!.signature!, entered);
      held = { seed: held!.seed, post };
      // Where nothing is kept any more, it may still be sent.
      await store.write(held).catch(() => undefined);
    }
    const handed = await handIn(held.post!, `${box}/box/${round}`, server);
    if (!handed.ok && handed.refusal === 'invalid') return view.show('invalid', send);
    await store.wipe();
    held = null;
    if (!handed.ok) return view.show(handed.refusal);
    history.replaceState({ receipt: handed.receipt }, '');
    thank(handed.receipt);
  });

  function resume(how: 'push' | 'replace'): void {
    if (held!.post) return view.show('locked');
    sheet.put(held!);
    view.fillLink(location.origin + location.pathname + writeLink(link, fromBase64url(held!.seed)!));
    go(Math.min(held!.at ?? 0, themes), how);
  }

  view.on('#begin', 'click', begin);
  view.on('[data-send]', 'click', send);
  view.on('[data-go=next]', 'click', () => walk(toCheck ? themes : at + 1));
  view.on('[data-go=back]', 'click', () => (at > 0 ? walk(at - 1) : view.show('start')));
  view.on('fieldset', 'change', (statement) => {
    sheet.offerClearing(statement);
    save(at);
  });
  view.on('[data-comment]', 'input', (comment) => {
    sheet.count(comment);
    save(at);
  });
  view.on('[data-clear]', 'click', (button) => {
    sheet.clear(button.closest('fieldset')!);
    save(at);
  });
  addEventListener('popstate', ({ state }) => {
    if (!held?.signature || held.post) return;
    if (typeof state?.at === 'number') {
      save(state.at);
      go(state.at, 'none');
    } else view.show('start');
  });

  if (held?.signature || held?.post) resume('replace');
  else view.show('start');
}

view.askCode(typed);
void view.attempt(start);
