import './answer.css';
import * as Ballot from '#domain/ballot.ts';
import { base64url, fromBase64url } from '#domain/bytes.ts';
import * as Code from '#domain/code.ts';
import { fingerprint, fingerprintPrint, fingerprintSigns } from '#domain/keylist.ts';
import { type Entered, enter } from './entrance.ts';
import * as kiosk from './kiosk.ts';
import { type Link, readLink, writeLink } from './link.ts';
import { fetchPaper, handIn, sealed } from './paper.ts';
import { service } from './service.ts';
import * as sheet from './sheet.ts';
import { type Held, type Store, openStore } from './store.ts';
import * as view from './view.ts';

// The whole way of an answer, top down: enter, begin, answer, send. What each step tells the server stands in
// entrance.ts and paper.ts; nothing else is sent. See docs/ballot-protocol.md.

const { round, language, box } = document.body.dataset as { round: string; language: string; box: string };
/** The language of the page's own words; the questionnaire may be in one that they are not written in. */
const spoken = document.documentElement.lang;
/** A shared tablet keeps no file of the group that somebody belongs to. */
const server = service(round, kiosk.isKiosk ? 'no-store' : 'default');
const themes = () => view.all('theme').length;

/** From what stands after # in the address; where a code was typed, with what is known of it already. */
async function start(hash: string, known?: Entered): Promise<void> {
  if (!isSecureContext) return view.show('https');
  const receipt = history.state?.receipt;
  // A QR code on paper holds a drawn code where links have their secret.
  const { fragment, code } = await Code.unfold(hash, round);
  const link = readLink(fragment);
  if (!link) return view.show(hash.length > 1 ? 'mistyped' : 'nolink');
  if (!kiosk.isKiosk) view.keepFragment();

  const entered = known ?? (await enter(link, round, language, server));
  if (!entered.ok) {
    if (receipt) return thank(receipt);
    if (entered.refusal === 'early') view.fill('opens', view.moment(entered.opens, spoken));
    return view.show(code && entered.refusal === 'unknown' ? 'wrongcode' : entered.refusal);
  }
  tell(entered);
  if (receipt) return thank(receipt);

  if (kiosk.isKiosk) kiosk.taken();
  const store = await openStore(kiosk.isKiosk ? kiosk.memory() : localStorage, round, entered.draftKey);
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
  // One way on, also when another code was typed before, and when it is pressed twice.
  document.getElementById('same')!.onclick = view.once(async () => {
    if (!kiosk.isKiosk) history.replaceState(null, '', whole);
    await start(whole, entered.ok ? entered : undefined);
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
  if (told.together.length > 1) view.fill('together', view.list(told.together, spoken));
  view.fill('fingerprint', fingerprintPrint(fingerprint));
  view.fill('stops', view.moment(stops, spoken));
  if (results) view.fill('results', view.day(results, spoken));
  if (told.about) view.fill('about', told.about);
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
  view.stay();
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
    view.stay();
    if (!warned) view.show('unkept', () => go(at, 'none'));
    warned = true;
  };

  const save = (here: number) =>
    void keep({ at: here, simple: sheet.isShort(), ...sheet.answers() }).catch(unkept);

  const go = (to: number, how: 'push' | 'replace' | 'none', focus?: Element) => {
    at = to;
    if (how !== 'none' && !kiosk.isKiosk) history[`${how}State`]({ at }, '');
    if (at < themes()) view.showTheme(at, toCheck, focus);
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
    const lacking = held?.post ? -1 : view.lacking();
    if (lacking >= 0) {
      toCheck = true;
      go(lacking, 'push');
      return void view.isAnswered(lacking);
    }
    if (!held?.post) {
      const seed = fromBase64url(held!.seed)!;
      const post = await sealed(sheet.answers(), seed, held!.signature!, entered);
      held = { seed: held!.seed, post };
      // Where nothing is kept any more, it may still be sent.
      await store.write(held).catch(() => undefined);
    }
    kiosk.wait(true);
    const handed = await handIn(held.post!, `${box}/box/${round}`, server);
    kiosk.wait(false);
    if (!handed.ok && handed.refusal === 'invalid') return view.show('invalid', send);
    await store.wipe();
    held = null;
    if (!handed.ok) return view.show(handed.refusal);
    if (!kiosk.isKiosk) history.replaceState({ receipt: handed.receipt }, '');
    thank(handed.receipt);
  });

  /** Stop: what was answered is gone, and the paper with it. */
  const quit = view.once(async () => {
    await store.wipe();
    held = null;
    sheet.put({});
    history.replaceState(null, '', location.pathname + location.search);
    view.show('stopped');
  });

  function resume(how: 'push' | 'replace'): void {
    if (held!.post) return view.show('locked');
    sheet.shorten(held!.simple ?? false);
    sheet.put(held!);
    if (!kiosk.isKiosk)
      view.fillLink(location.origin + location.pathname + writeLink(link, fromBase64url(held!.seed)!));
    go(Math.min(held!.at ?? 0, themes()), how);
  }

  view.on('#begin', 'click', begin);
  view.on('[data-send]', 'click', send);
  view.on('[data-go=next]', 'click', (button) => {
    if (!view.isAnswered(at)) return;
    const { edition } = (button as HTMLElement).dataset;
    if (edition && !toCheck) sheet.shorten(edition === 'simple');
    walk(toCheck ? themes() : at + 1);
  });
  view.on('[data-go=back]', 'click', () => (at > 0 ? walk(at - 1) : view.show('start')));
  view.on('[data-go=stop]', 'click', () => view.show('stop'));
  view.on('[data-go=stay]', 'click', () => go(at, 'none'));
  view.on('[data-go=check]', 'click', () => walk(themes()));
  view.on('[data-quit]', 'click', quit);
  view.on('fieldset', 'change', (statement) => {
    sheet.offerClearing(statement);
    view.tellLacking(statement);
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
if (kiosk.isKiosk) kiosk.watch();
else view.restartOnPaste();
void view.attempt(() => start(kiosk.isKiosk ? '' : location.hash));
