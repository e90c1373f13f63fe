import { constants, createHash, generateKeyPairSync, privateDecrypt, randomBytes, sign } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import { base64url, fromBase64url, fromNumber } from '#domain/bytes.ts';
import { closingKeyPair } from '#domain/closing-key.ts';
import { ballotsOf } from '#server/box.ts';
import { issued, roundFile } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { openRound } from '#tests/support/papers.ts';
import { freePort, linkOf, type Program, serviceAt, startProgram } from '#tests/support/program.ts';
import { openInEarnest, type OpenRound, town } from '#tests/support/town.ts';
import { type Entered, enter } from '../../src/answer/entrance.ts';
import { fetchPaper, type Post, sealed } from '../../src/answer/paper.ts';

/*
 * Somebody who speaks to the real program in HTTP and sends what no page of ours would. Beside each attack stands a
 * weak variant, most often the program itself with one guard taken out of its databases, where the attack succeeds.
 */
let t: TestDatabases;
let program: Program;
let [round, other] = [] as unknown as [OpenRound, OpenRound];

beforeAll(async () => {
  t = await testDatabases();
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const urls = { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl };
  Object.assign(process.env, urls, { ORIGIN: origin, PORT: String(port) });
  await town(t.main, { A: 9, B: 12 });
  [round, other] = [await openInEarnest(t, origin), await openInEarnest(t, origin)];
  program = await startProgram({ ...t, port });
});
afterAll(async () => {
  await program?.stop();
  await t.stop();
});

const seed = () => new Uint8Array(randomBytes(32));
const at = (of: { id: string }) => serviceAt(program.origin, of.id);
const put = async (ballot: object, into: { id: string } = round) =>
  await at(into).post(`/box/${into.id}`, ballot);
const ask = async (link: string, blinded: Uint8Array) =>
  await at(round).post(`/svar/${round.id}/issue`, {
    secret: base64url(linkOf(link).secret),
    blinded: base64url(blinded),
  });
const held = async (of: { id: string } = round) => [
  ...(await t.box`select group_id, token_hash, sealed from ${t.box(ballotsOf(of.id))} order by token_hash`),
];

let used = 0;
/** Somebody who has not answered yet, let in by the page's own script. */
async function somebody(of = round, wanted: (group: string) => boolean = () => true) {
  for (;;) {
    const address = of.links[used++ % of.links.length]!;
    const entered = await enter(linkOf(address), of.id, 'nb', at(of));
    if (!entered.ok) throw new Error(entered.refusal);
    if (!entered.fetched && wanted(entered.group.id)) return { address, link: linkOf(address), entered };
  }
}
async function ballotOf(of: Awaited<ReturnType<typeof somebody>>, entered: Entered, among = round) {
  const mine = seed();
  const paper = await fetchPaper(mine, of.link, among.id, entered, at(among));
  if (!paper.ok) throw new Error(paper.refusal);
  return await sealed(
    { answers: Array<number>(30).fill(3), background: [0] },
    mine,
    paper.signature,
    entered,
  );
}

const flipped = (part: string, byte = 7) => {
  const bytes = fromBase64url(part)!;
  bytes[byte]! ^= 4;
  return base64url(bytes);
};
const invalid = { status: 400, body: { refusal: 'invalid' } };

describe('a forged ballot', () => {
  /** What an attacker makes of one good ballot, none of which was signed. */
  const forgeries = (good: Post): [what: string, forged: object][] => {
    const own = generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;
    const message = Buffer.concat([fromBase64url(good.prefix)!, fromBase64url(good.token)!]);
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 0 };
    const fresh = base64url(seed());
    return [
      ['another token', { ...good, token: flipped(good.token) }],
      ['a token of his own', { ...good, token: fresh }],
      ['another prefix', { ...good, prefix: flipped(good.prefix) }],
      ['prefix and token changed round', { ...good, prefix: good.token, token: good.prefix }],
      ['another signature', { ...good, signature: flipped(good.signature) }],
      ['a signature with another key', { ...good, signature: base64url(sign('sha384', message, { key: own, ...padding })) }], // prettier-ignore
      ['the signature zero', { ...good, signature: base64url(new Uint8Array(384)) }],
      ['the signature one', { ...good, signature: base64url(fromNumber(1n, 384)) }],
      ['half a signature', { ...good, signature: good.signature.slice(0, 256) }],
      ['no signature', { ...good, signature: '' }],
      ['a signature that is no text', { ...good, signature: 1 }],
      ['a shorter content', { ...good, sealed: good.sealed.slice(0, -4) }],
      ['a longer content', { ...good, sealed: `${good.sealed}AAAA` }],
    ];
  };

  it('is taken by the same box when nobody verifies the signature', async () => {
    const who = await somebody();
    const good = await ballotOf(who, who.entered);
    const size = fromBase64url(good.sealed)!.length;
    const weak = await openRound(t, { groups: 1, each: 5, sealedSize: size });
    const table = t.intake(ballotsOf(weak.roundId));
    const taken: string[] = [];
    for (const [what, forged] of forgeries(good)) {
      const { group, token, sealed } = forged as Post;
      const hash = createHash('sha256').update(fromBase64url(token)!).digest();
      const put = t.intake`insert into ${table} values (${group}, ${hash}, ${fromBase64url(sealed)})
        on conflict (token_hash) do nothing`;
      await put.then(
        () => taken.push(what),
        () => {},
      );
    }
    expect(taken).toEqual(
      forgeries(good)
        .map(([what]) => what)
        .filter((what) => !/content/.test(what)),
    );
  });

  it('is refused by the program, and the good one beside it is still taken', async () => {
    const who = await somebody();
    const good = await ballotOf(who, who.entered);
    const before = await held();
    for (const [what, forged] of forgeries(good)) expect(await put(forged), what).toEqual(invalid);
    expect(await held()).toEqual(before);
    expect((await put(good)).status).toBe(200);
    expect(await held()).toHaveLength(before.length + 1);
  });
});

describe('a good paper in the wrong place', () => {
  it('is taken where one key serves every group, or two rounds', async () => {
    const [first, second] = [
      await openRound(t, { groups: 2, each: 5 }),
      await openRound(t, { groups: 2, each: 5 }),
    ];
    const [key] = await t.main
      .select()
      .from(roundFile)
      .where(and(eq(roundFile.roundId, first.roundId), eq(roundFile.path, 'key/0001')));
    await t.main.update(roundFile).set({ bytes: key!.bytes }).where(eq(roundFile.roundId, second.roundId));
    const written = Object.fromEntries(
      Object.entries(first.held[0]!.ballot).map(([name, part]) => [
        name,
        typeof part === 'string' ? part : base64url(part),
      ]),
    );
    expect((await put({ ...written, group: '0002' }, { id: first.roundId })).status).toBe(200);
    expect((await put(written, { id: second.roundId })).status).toBe(200);
  });

  it('is refused in another group, another round, and under a group of no such name', async () => {
    const who = await somebody();
    const good = await ballotOf(who, who.entered);
    const groups = who.entered.keylist.groups.map(({ id }) => id).filter((id) => id !== good.group);
    expect(groups.length).toBeGreaterThan(1);
    for (const group of [...groups, '9999', '', '1', "0001'"])
      expect(await put({ ...good, group }), group).toEqual(invalid);
    expect(await put(good, other)).toEqual(invalid);
    expect(await put(good, { id: 'aaaaaaaa' })).toEqual(invalid);
    expect(await held(other)).toEqual([]);
    expect((await put(good)).status).toBe(200);
  });

  it('a copied content opens under another paper where it is bound to none, and here it opens under its own alone', async () => {
    const closing = await closingKeyPair(crypto);
    const [mine, copier] = [1, 2].map(() => ({
      fingerprint: seed(),
      group: '0001',
      tokenHash: seed(),
    })) as [Ballot.Binding, Ballot.Binding];
    const unbound = { ...mine, tokenHash: new Uint8Array(32) };
    const plain = Ballot.write([1, 2, 3], [], 64);
    const seal = async (bound: Ballot.Binding) =>
      await Ballot.seal(plain, [[closing.publicKey]], bound, await Ballot.fresh(crypto));
    const opens = async (bytes: Uint8Array, bound: Ballot.Binding) =>
      (await Ballot.open(bytes, [closing.privateKey], 0, 1, bound)) !== null;
    expect(await opens(await seal(unbound), unbound)).toBe(true);
    const bound = await seal(mine);
    expect(await opens(bound, mine)).toBe(true);
    for (const { tokenHash } of [copier, unbound])
      expect(await opens(bound, { ...mine, tokenHash })).toBe(false);
    // Through a whole closing, where such a copy is one of the unreadable: ballots.test.ts.
  });
});

describe('a number that is no blinded paper', () => {
  it('is signed by a signer who signs whatever is a number, and what he signed is known beforehand', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const n = BigInt('0x' + Buffer.from(publicKey.export({ format: 'jwk' }).n!, 'base64url').toString('hex'));
    const raw = (number: bigint) =>
      privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, fromNumber(number, 384));
    for (const number of [0n, 1n, n - 1n]) expect(raw(number)).toEqual(Buffer.from(fromNumber(number, 384)));
  });

  it('is refused by the program, and uses no paper up', async () => {
    const who = await somebody();
    const n = who.entered.key.n;
    const numbers = [0n, 1n, n - 1n, n, n + 1n, 2n ** 3072n - 1n].map((number) => fromNumber(number, 384));
    const lengths = [0, 1, 383, 385, 768].map((length) => new Uint8Array(length).fill(2));
    for (const blinded of [...numbers, ...lengths])
      expect(await ask(who.address, blinded)).toEqual({ status: 400, body: { refusal: 'malformed' } });
    expect((await ballotOf(who, who.entered)).group).toBe(who.entered.group.id);
  });
});

const papers = async (entered: Entered, count: number) =>
  await Promise.all(
    Array.from(
      { length: count },
      async () => (await Ballot.blind(seed(), entered.fingerprint, entered.key)).blinded,
    ),
  );
const signatures = (replies: { status: number; body: Record<string, unknown> }[]) =>
  replies.filter(({ status }) => status === 200).map(({ body }) => body.signature);

describe('a hundred who fetch at once with one invitation', () => {
  const manyPapers = async () => {
    const who = await somebody();
    const asked = await papers(who.entered, 100);
    return { who, asked, replies: await Promise.all(asked.map((blinded) => ask(who.address, blinded))) };
  };

  it('get several papers where the database does not say no', async () => {
    const [key] = await t.main.execute<{ name: string; made: string }>(
      `select conname as name, pg_get_constraintdef(oid) as made from pg_constraint where conrelid = 'issued'::regclass and contype = 'p'`,
    );
    await t.main.execute(`alter table issued drop constraint ${key!.name}`);
    const { replies } = await manyPapers();
    expect(signatures(replies).length).toBeGreaterThan(1);
    await t.main.delete(issued).where(eq(issued.roundId, round.id));
    await t.main.execute(`alter table issued add constraint ${key!.name} ${key!.made}`);
  });

  it('get one', async () => {
    const { who, asked, replies } = await manyPapers();
    expect(signatures(replies)).toHaveLength(1);
    for (const { status, body } of replies.filter((r) => r.status !== 200))
      expect([status, body]).toEqual([409, { refusal: 'fetched' }]);
    const first = asked[replies.findIndex((r) => r.status === 200)]!;
    const again = await Promise.all(Array.from({ length: 30 }, () => ask(who.address, first)));
    expect(new Set(signatures([...again, ...replies])).size).toBe(1);
    expect(signatures(again)).toHaveLength(30);
  });
});

describe('a hundred who hand the same ballot in at once', () => {
  const handedIn = async () => {
    const who = await somebody();
    const good = await ballotOf(who, who.entered);
    const before = (await held()).length;
    const replies = await Promise.all(Array.from({ length: 100 }, () => put(good)));
    return { who, good, replies, counted: (await held()).length - before };
  };
  /** Makes the box's table weaker while the attack runs. */
  const weakened = async <T>(body: string, attack: () => Promise<T>): Promise<T> => {
    const table = ballotsOf(round.id);
    await t.box.unsafe(`create function weakness() returns trigger language plpgsql security definer as
      $$ begin ${body.replaceAll('ballots', table)}; return new; end $$;
      create trigger weakness before insert on ${table} for each row execute function weakness()`);
    try {
      return await attack();
    } finally {
      await t.box.unsafe(`drop function weakness cascade`);
    }
  };

  it('are counted a hundred times where the box does not know a paper again', async () => {
    const { counted } = await weakened(`new.token_hash := sha256(gen_random_uuid()::text::bytea)`, handedIn);
    expect(counted).toBe(100);
  });

  it('are all told that it counts, and it counts once', async () => {
    const { good, replies, counted } = await handedIn();
    const receipt = createHash('sha256').update(fromBase64url(good.token)!).digest('hex');
    for (const reply of replies) expect(reply).toEqual({ status: 200, body: { receipt } });
    expect(counted).toBe(1);
  });

  /** Another content under the same paper: as long, and sealed as it should be. */
  const replaced = async () => {
    const { who, good } = await handedIn();
    const before = await held();
    const locks = who.entered.keylist.locks;
    const binding = {
      fingerprint: who.entered.fingerprint,
      group: good.group,
      tokenHash: await Ballot.tokenHash(fromBase64url(good.token)!),
    };
    const plain = Ballot.write([1], [], who.entered.keylist.sealedPlain);
    const contents = [
      base64url(await Ballot.seal(plain, locks, binding, await Ballot.fresh(crypto))),
      flipped(good.sealed, 100),
    ];
    const replies = [];
    for (const content of contents) replies.push(await put({ ...good, sealed: content }));
    return { replies, before, after: await held() };
  };

  it('may change it afterwards where the last one wins', async () => {
    const { replies, before, after } = await weakened(
      `delete from ballots where token_hash = new.token_hash`,
      replaced,
    );
    expect(replies.map((r) => r.status)).toEqual([200, 200]);
    expect(after).not.toEqual(before);
  });

  it('may not change it here, and it stays what it was', async () => {
    const { replies, before, after } = await replaced();
    for (const reply of replies) expect(reply).toEqual({ status: 409, body: { refusal: 'used' } });
    expect(after).toEqual(before);
  });
});
