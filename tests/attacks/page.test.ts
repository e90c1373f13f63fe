import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Page,
  type Request,
  type Route,
} from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import * as BlindRsa from '#domain/blind-rsa.ts';
import { base64url, fromBase64url, toNumber } from '#domain/bytes.ts';
import * as Keylist from '#domain/keylist.ts';
import { ballotsOf } from '#server/box.ts';
import { findBrowser } from '#tests/support/browser.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { freePort, linkOf, type Program, serviceAt, startProgram } from '#tests/support/program.ts';
import { openInEarnest, type OpenRound, town } from '#tests/support/town.ts';
import { enter } from '../../src/answer/entrance.ts';
import type { Link } from '../../src/answer/link.ts';
import { fetchPaper } from '../../src/answer/paper.ts';
import type { Service } from '../../src/answer/service.ts';

/*
 * The answering page as people get it, in a browser, with the box at another address than the page. Somebody on the way
 * changes what it is given; listens to what it sends; and kills it at every step.
 */
let t: TestDatabases;
let [program, box] = [] as unknown as [Program, Program];
let browser: Browser;
let round: OpenRound;

beforeAll(async () => {
  t = await testDatabases();
  const [port, boxPort] = [await freePort(), await freePort()];
  const [origin, boxOrigin] = [`http://localhost:${port}`, `http://localhost:${boxPort}`];
  const addresses = { ORIGIN: origin, BOX_ORIGIN: boxOrigin };
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl, ...addresses });
  await town(t.main, { A: 14, B: 14 });
  round = await openInEarnest(t, origin);
  [program, box] = await Promise.all([
    startProgram({ ...t, port, env: addresses }),
    startProgram({ ...t, port: boxPort, env: addresses }),
  ]);
  browser = await chromium.launch(await findBrowser());
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([program?.stop(), box?.stop()]);
  await t.stop();
});

let used = 0;
const nextLink = () => round.links[used++]!;
const held = async () =>
  [
    ...(await t.box`select encode(token_hash, 'hex') as receipt from ${t.box(ballotsOf(round.id))} order by 1`),
  ].map((row) => row.receipt as string);
const isHere = (what: string) => (url: URL) => url.pathname === `/svar/${round.id}/${what}`;
const isBox = (url: URL) => url.pathname === `/box/${round.id}`;

const shown = (page: Page) => page.locator('main > section:visible');
const view = (page: Page) => shown(page).getAttribute('data-view');

type Marks = 'nothing' | 'everything' | 'not known';

/** Goes on from wherever the page is, until there is nothing to go on with; gives the view where that is. */
async function goOn(page: Page, marks: Marks = 'nothing'): Promise<string> {
  for (;;) {
    await page.waitForSelector('main > section:not([hidden]):not([data-view=loading])');
    const section = shown(page);
    const before = await section.elementHandle();
    for (const statement of marks === 'nothing' ? [] : await section.locator('fieldset').all()) {
      const notKnown = statement.locator(`input[value="${Ballot.DONT_KNOW}"]`);
      const wanted =
        marks === 'not known' && (await notKnown.count()) > 0 ? notKnown : statement.locator('input').nth(2);
      await wanted.check({ force: true });
    }
    const button = section.locator('#begin, [data-go=next], [data-send]').first();
    if ((await button.count()) === 0) return (await section.getAttribute('data-view'))!;
    await button.click();
    await page.waitForFunction((section) => (section as HTMLElement).hidden, before, { timeout: 60_000 });
  }
}

async function open(context: BrowserContext, link: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForSelector('main > section:not([hidden])');
  return page;
}

async function withContext<T>(run: (context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ locale: 'nb-NO' });
  return await run(context).finally(() => context.close());
}

describe('somebody on the way', () => {
  type Changed = { link: Link; served: Record<string, Uint8Array>; replies: Record<string, object> };
  type Change = (given: { link: Link; keylist: Keylist.Keylist; group: string }) => Promise<Partial<Changed>>;

  const spkiOf = (modulusLength: number, publicExponent = 65537) =>
    new Uint8Array(
      generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({
        type: 'spki',
        format: 'der',
      }),
    );
  const hash = async (bytes: Uint8Array) => base64url((await Keylist.fingerprint(bytes)) as Uint8Array);
  /** Another list, and a link with its own fingerprint: for those who make both. */
  const relisted = async (link: Link, list: Keylist.Keylist) => {
    const bytes = Keylist.canonicalBytes(list);
    const fingerprint = Keylist.fingerprintSigns(await Keylist.fingerprint(bytes));
    return { link: { ...link, fingerprint }, served: { 'keylist.json': bytes } };
  };
  const withKey =
    (spki: Uint8Array): Change =>
    async ({ link, keylist, group }) => {
      const groups = await Promise.all(
        keylist.groups.map(async (one) => (one.id === group ? { ...one, key: await hash(spki) } : one)),
      );
      const made = await relisted(link, { ...keylist, groups });
      return { ...made, served: { ...made.served, [`key/${group}`]: spki } };
    };

  const changes: [what: string, refusal: string, change: Change][] = [
    [
      'gives another list than the link tells of',
      'fingerprint',
      async ({ link, keylist }) => ({
        served: (await relisted(link, { ...keylist, thresholds: { ...keylist.thresholds, factor: 1 } }))
          .served,
      }),
    ],
    [
      'gives this one person a key of their own',
      'key',
      async ({ group }) => ({ served: { [`key/${group}`]: spkiOf(3072) } }),
    ],
    ['lists a key with exponent 3', 'key', withKey(spkiOf(3072, 3))],
    ['lists a short key', 'key', withKey(spkiOf(2048))],
    [
      'lists a group of four',
      'small',
      ({ link, keylist, group }) =>
        relisted(link, {
          ...keylist,
          smallestGroup: 1,
          groups: keylist.groups.map((one) => (one.id === group ? { ...one, invited: 4 } : one)),
        }),
    ],
    [
      'lists the group twice',
      'key',
      ({ link, keylist, group }) =>
        relisted(link, {
          ...keylist,
          groups: [...keylist.groups, keylist.groups.find((one) => one.id === group)!],
        }),
    ],
    [
      'says something else of the group',
      'key',
      async ({ group }) => ({ served: { [`group/${group}`]: new TextEncoder().encode('{"nb":{"name":"A","together":[],"invited":60,"last":null}}') } }), // prettier-ignore
    ],
    [
      'gives a signature that holds for nothing',
      'signature',
      async () => ({ replies: { issue: { signature: base64url(new Uint8Array(384).fill(5)) } } }),
    ],
  ];

  const changedFor = async (address: string, change: Change): Promise<Changed> => {
    const link = linkOf(address);
    const plain = serviceAt(program.origin, round.id);
    const keylist = JSON.parse(new TextDecoder().decode(await plain.get('keylist.json'))) as Keylist.Keylist;
    const { body } = await plain.post(`/svar/${round.id}/invitation`, { secret: base64url(link.secret) });
    return { link, served: {}, replies: {}, ...(await change({ link, keylist, group: String(body.group) })) };
  };
  /** The program as it comes through to the client, with a signer who signs anything; asked: how often. */
  const between = ({ served, replies }: Changed): Service & { asked: () => number } => {
    const plain = serviceAt(program.origin, round.id);
    let asked = 0;
    return {
      get: async (path) => served[path] ?? (await plain.get(path)),
      post: async (address, body) => {
        if (!address.endsWith('/issue')) return await plain.post(address, body);
        asked++;
        const signature = base64url(Buffer.concat([Buffer.alloc(1), randomBytes(383)]));
        return { status: 200, body: { signature, ...replies.issue } };
      },
      asked: () => asked,
    };
  };

  /** A client that believes whatever it is given, up to the ballot that it would hand in. */
  async function trusting({ secret }: Link, { get, post }: Service): Promise<string> {
    const list = await get('keylist.json');
    const { body } = await post(`/svar/${round.id}/invitation`, { secret: base64url(secret) });
    const spki = Buffer.from(await get(`key/${String(body.group)}`));
    const jwk = createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({ format: 'jwk' });
    const [n, e] = [toNumber(fromBase64url(jwk.n)!), toNumber(fromBase64url(jwk.e)!)];
    const key = { n, e, bits: n.toString(2).length };
    const paper = await Ballot.paper(randomBytes(32), await Keylist.fingerprint(list));
    const r = 1n + (toNumber(new Uint8Array(randomBytes(200))) % (n - 1n));
    const { blinded, inverse } = await BlindRsa.blind(key, Ballot.message(paper), new Uint8Array(), r);
    const asked = { secret: base64url(secret), blinded: base64url(blinded) };
    const issued = await post(`/svar/${round.id}/issue`, asked);
    const signature = (toNumber(fromBase64url(issued.body.signature)!) * inverse) % n;
    return JSON.stringify({ group: body.group, token: base64url(paper.token), signature: String(signature) });
  }

  let victim: string;
  beforeAll(() => (victim = nextLink()));

  it.each(changes)('who %s: a client that checks nothing hands in', async (_what, _refusal, change) => {
    const changed = await changedFor(victim, change);
    const service = between(changed);
    expect(await trusting(changed.link, service)).toContain('signature');
    expect(service.asked()).toBe(1);
  });

  it.each(changes)('who %s is refused by the page’s own code', async (_what, refusal, change) => {
    const changed = await changedFor(victim, change);
    const service = between(changed);
    const entered = await enter(changed.link, round.id, 'nb', service);
    const last = entered.ok
      ? await fetchPaper(new Uint8Array(randomBytes(32)), changed.link, round.id, entered, service)
      : entered;
    expect(last).toEqual({ ok: false, refusal });
    expect(service.asked()).toBe(refusal === 'signature' ? 1 : 0);
  });

  it('is told from the true page by the browser itself: it says so, and sends nothing more', async () => {
    for (const [what, refusal, change] of changes)
      await withContext(async (context) => {
        const { link, served, replies } = await changedFor(victim, change);
        const sent: string[] = [];
        context.on(
          'request',
          (request) => request.method() === 'POST' && sent.push(new URL(request.url()).pathname),
        );
        for (const [path, bytes] of Object.entries(served))
          await context.route(isHere(path), (route) => route.fulfill({ body: Buffer.from(bytes) }));
        if (replies.issue)
          await context.route(isHere('issue'), (route) => route.fulfill({ json: replies.issue }));
        const fragment = `${base64url(link.secret)}.${link.fingerprint}`;
        const page = await open(context, `${program.origin}/svar/${round.id}/nb#${fragment}`);
        expect(await goOn(page), what).toBe(refusal);
        const before = refusal === 'fingerprint' ? [] : [`/svar/${round.id}/invitation`];
        expect(sent, what).toEqual(refusal === 'signature' ? [...before, `/svar/${round.id}/issue`] : before);
      });
  });
});

describe('what the page sends', () => {
  type Seen = {
    path: string;
    method: string;
    headers: Record<string, string>;
    body: Buffer | null;
    set: string | null;
  };

  async function watched(marks: Marks, language = 'nb'): Promise<{ seen: Seen[]; receipt: boolean }> {
    return await withContext(async (context) => {
      for (const url of [program.origin, box.origin])
        await context.addCookies([
          { name: 'session', value: 'planted-session', url },
          { name: 'analytics', value: 'planted-visitor', url },
        ]);
      const waiting: Promise<Seen>[] = [];
      let begun = 0;
      context.on('request', () => begun++);
      context.on('requestfailed', () => begun--);
      context.on('requestfinished', (request) =>
        waiting.push(
          (async () => ({
            path: new URL(request.url()).origin + new URL(request.url()).pathname,
            method: request.method(),
            headers: await request.allHeaders(),
            body: request.postDataBuffer(),
            set: await (await request.response())!.headerValue('set-cookie'),
          }))(),
        ),
      );
      const page = await open(context, nextLink().replace('/nb#', `/${language}#`));
      const end = await goOn(page, marks);
      // The last reply is heard by the page before it is told of here.
      await vi.waitUntil(() => waiting.length === begun, { timeout: 20_000 });
      return { seen: await Promise.all(waiting), receipt: end === 'done' };
    });
  }

  /** What in a request could tell who it comes from, or from where. */
  const telling = ({ headers }: Seen) =>
    Object.entries(headers)
      .filter(([name]) =>
        /cookie|referer|trace|request-id|correlation|baggage|authorization|^x-|etag|if-none/.test(name),
      )
      .map(([name]) => name);

  it('is seen to carry cookie and referrer when a careless script sends it', async () => {
    await withContext(async (context) => {
      await context.addCookies([{ name: 'session', value: 'planted-session', url: program.origin }]);
      const page = await open(context, round.links.at(-1)!);
      const careless = (request: Request) => new URL(request.url()).pathname === `/box/${round.id}`;
      const sent = context.waitForEvent('requestfinished', careless);
      await page.evaluate(
        (address) =>
          fetch(address, { method: 'POST', body: '{}', referrerPolicy: 'unsafe-url' }).then((reply) =>
            reply.text(),
          ),
        `/box/${round.id}`,
      );
      const headers = await (await sent).allHeaders();
      expect(telling({ headers } as Seen).sort()).toEqual(['cookie', 'referer']);
    });
  });

  const watchedAll: Partial<Record<Marks, Seen[]>> = {};

  it('carries no cookie, referrer or trace of who sends it, and nothing such comes back', async () => {
    for (const marks of ['nothing', 'everything', 'not known'] as const) {
      const { seen, receipt } = await watched(marks);
      expect(receipt, marks).toBe(true);
      watchedAll[marks] = seen;
      const posts = seen.filter(({ method }) => method === 'POST');
      expect(posts.map(({ path }) => path)).toEqual([
        `${program.origin}/svar/${round.id}/invitation`,
        `${program.origin}/svar/${round.id}/issue`,
        `${box.origin}/box/${round.id}`,
      ]);
      // The page itself is fetched as any page is; from then on its script sends what it must and no more.
      for (const one of seen.filter(({ path }) => !/(\/nb|\.js|\.css|\.svg|\.ico)$/.test(path)))
        expect(telling(one), one.path).toEqual([]);
      for (const one of seen) expect(one.set, one.path).toBe(null);
      expect(JSON.stringify(posts.at(-1))).not.toContain('planted');
    }
  });

  it('is as long whatever is answered, and nothing is sent before it is handed in', () => {
    const shape = (marks: Marks) =>
      watchedAll[marks]!.map(({ path, method, headers, body }) =>
        [
          `${method} ${path.replace(/\d{4}$/, 'group')} ${body?.length ?? 0} ${headers['content-length']}`,
          ...Object.keys(headers).sort(),
        ].join(),
      ).sort();
    const plain = (marks: number[]) => JSON.stringify({ answers: marks }).length;
    // Sent openly, the lengths alone would tell who did not answer.
    expect(new Set([plain([]), plain([3, 3, 3]), plain([254, 254, 254])]).size).toBe(3);
    expect(shape('everything')).toEqual(shape('nothing'));
    expect(shape('not known')).toEqual(shape('nothing'));
  });

  /** All of a request but what chance made of it: of each field its name and length. */
  const outside = ({ path, headers, body }: Pick<Seen, 'path' | 'headers' | 'body'>) => ({
    path,
    headers,
    fields: Object.entries(JSON.parse(String(body)) as object).map(([name, value]) => [
      name,
      String(value).length,
    ]),
  });

  it('tells its language when a careless script sends it', async () => {
    const careless = async (language: string) =>
      await withContext(async (context) => {
        const page = await open(context, round.links.at(-1)!.replace('/nb#', `/${language}#`));
        const path = `/box/${round.id}`;
        const sent = context.waitForEvent('requestfinished', (one) => new URL(one.url()).pathname === path);
        await page.evaluate(
          (address) =>
            fetch(address, { method: 'POST', body: '{}', referrerPolicy: 'unsafe-url' }).then((reply) =>
              reply.text(),
            ),
          path,
        );
        const request = await sent;
        return outside({ path, headers: await request.allHeaders(), body: request.postDataBuffer() });
      });
    expect(await careless('se')).not.toEqual(await careless('nb'));
  });

  it('goes to the same addresses and looks the same whatever the language, and no table has a place for one', async () => {
    const { seen, receipt } = await watched('nothing', 'se');
    expect(receipt).toBe(true);
    const posts = (all: Seen[]) => all.filter(({ method }) => method === 'POST').map(outside);
    expect(posts(seen)).toHaveLength(3);
    expect(posts(seen)).toEqual(posts(watchedAll.nothing!));
    const places = `select table_name from information_schema.columns
      where table_schema not in ('pg_catalog', 'information_schema') and column_name ~* 'lang|locale'`;
    expect([...(await t.box.unsafe(places)), ...(await t.main.execute(places))]).toEqual([]);
  });

  it('can go nowhere but home and to the box, and the box answers no other page', async () => {
    await withContext(async (context) => {
      const page = await open(context, round.links.at(-1)!);
      const tries = (from: Page, address: string) =>
        from.evaluate(
          (to) =>
            fetch(to, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }).then(
              (response) => response.status,
              () => 'refused',
            ),
          address,
        );
      const elsewhere = `http://127.0.0.1:${new URL(box.origin).port}/box/${round.id}`;
      expect(await tries(page, `${box.origin}/box/${round.id}`)).toBe(400);
      expect(await tries(page, elsewhere)).toBe('refused');
      // A page with no such rule sends wherever it likes; of the box it hears nothing.
      const foreign = await context.newPage();
      await foreign.goto(`http://127.0.0.1:${new URL(program.origin).port}/healthz`);
      expect(
        await tries(foreign, `http://127.0.0.1:${new URL(program.origin).port}/box/${round.id}`),
      ).not.toBe('refused');
      expect(await tries(foreign, `${box.origin}/box/${round.id}`)).toBe('refused');
    });
  });
});

describe('killed and taken up again', () => {
  type Step =
    { what: string; at: (url: URL) => boolean; how: 'before' | 'after' } | { what: string; view: string };
  const steps: Step[] = [
    { what: 'while it enters', at: isHere('invitation'), how: 'before' },
    { what: 'before Begin', view: 'start' },
    { what: 'before the issuer hears of it', at: isHere('issue'), how: 'before' },
    { what: 'before the issuer’s reply comes', at: isHere('issue'), how: 'after' },
    { what: 'with its paper, before an answer', view: 'theme' },
    { what: 'with all its answers', view: 'check' },
    { what: 'before the box hears of it', at: isBox, how: 'before' },
    { what: 'before the box’s reply comes', at: isBox, how: 'after' },
  ];

  /** Goes on until the step, and there the page is gone without a word. */
  async function killedAt(context: BrowserContext, step: Step, link: string) {
    const page = await context.newPage();
    const gone = new Promise<void>((resolve) => page.once('close', () => resolve()));
    if ('at' in step)
      await page.route(step.at, async (route: Route) => {
        if (step.how === 'after') await route.fetch();
        await route.abort();
        await page.close();
      });
    const way = (async () => {
      await page.goto(link);
      await page.waitForSelector('main > section:not([hidden]):not([data-view=loading])');
      for (;;) {
        if ('view' in step && (await view(page)) === step.view) return await page.close();
        const section = await shown(page).elementHandle();
        await shown(page).locator('#begin, [data-go=next], [data-send]').first().click();
        await page.waitForFunction((one) => (one as HTMLElement).hidden, section, { timeout: 60_000 });
      }
    })();
    await Promise.all([gone, way.catch(() => {})]);
  }

  it('a client that keeps nothing loses its ballot once its paper is fetched', async () => {
    const before = await held();
    await withContext(async (context) => {
      const link = nextLink();
      await killedAt(context, steps[4]!, link);
      await context.addInitScript(() => localStorage.clear());
      expect(await goOn(await open(context, link))).toBe('elsewhere');
    });
    expect(await held()).toEqual(before);
  });

  it('a box that knows no paper again counts it twice when the reply is lost', async () => {
    const before = await held();
    const table = ballotsOf(round.id);
    await t.box.unsafe(`create function weakness() returns trigger language plpgsql as
      $$ begin new.token_hash := sha256(gen_random_uuid()::text::bytea); return new; end $$;
      create trigger weakness before insert on ${table} for each row execute function weakness()`);
    await withContext(async (context) => {
      const link = nextLink();
      await killedAt(context, steps.at(-1)!, link);
      expect(await goOn(await open(context, link))).toBe('done');
    });
    await t.box`drop function weakness cascade`;
    expect(await held()).toHaveLength(before.length + 2);
  });

  it('counts exactly once, whatever the step', async () => {
    for (const step of steps)
      await withContext(async (context) => {
        const before = await held();
        const link = nextLink();
        await killedAt(context, step, link);
        expect(await goOn(await open(context, link)), step.what).toBe('done');
        expect(await held(), step.what).toHaveLength(before.length + 1);
        // Once more from the beginning: there is nothing left to hand in.
        expect(await goOn(await open(context, link)), step.what).toBe('elsewhere');
        expect(await held(), step.what).toHaveLength(before.length + 1);
      });
  });

  it('counts exactly once when the link is taken to another device with its seed', async () => {
    const before = await held();
    const moved = await withContext(async (context) => {
      const page = await context.newPage();
      await page.goto(nextLink());
      await page.click('#begin');
      await page.waitForSelector('section[data-view=theme]:not([hidden])');
      return await page.inputValue('#link');
    });
    for (const end of ['done', 'used']) {
      await withContext(async (context) => expect(await goOn(await open(context, moved))).toBe(end)); // prettier-ignore
      expect(await held()).toHaveLength(before.length + 1);
    }
  });
});
