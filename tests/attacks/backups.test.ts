import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { eq, sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as backupFile from '#server/backup-file.ts';
import * as backupKey from '#server/backup-key.ts';
import { boxFile, keysOf, mainFile, take } from '#server/backups.ts';
import { ballotsOf, submit } from '#server/box.ts';
import { withdraw } from '#server/closing.ts';
import { forget, scrubAgain } from '#server/forgetting.ts';
import { issue } from '#server/issuing.ts';
import { invitation, person } from '#server/schema.ts';
import * as tableRows from '#server/table-rows.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { type Held, now, openRound, type Papers } from '#tests/support/papers.ts';
import { must } from '#tests/support/must.ts';
import { permit, town } from '#tests/support/town.ts';

/*
 * The attacker has every copy that was ever taken, and the private half of the backup key. He takes the difference of
 * two nights between which one person answered.
 */
const { publicFile, privateFile } = backupKey.make();
const secret = 'Tove Hemmelig-Planta';
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk-nights-'));

let t: TestDatabases;
let papers: Papers;
let answering: Held;
beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
  papers = await openRound(t, { groups: 1, each: 8 });
  const [one] = await t.main.select().from(person).limit(1);
  await t.main.update(person).set({ name: secret }).where(eq(person.id, one!.id));
  answering = papers.held[7]!;
  await t.main.update(invitation).set({ personId: one!.id }).where(eq(invitation.id, answering.invitationId));
  for (const held of papers.held.slice(0, 7)) await answer(held);
});
afterAll(async () => {
  await t.stop();
  fs.rmSync(scratch, { recursive: true });
});

async function answer({ secret: link, blinded, ballot, tokenHash }: Held) {
  expect(await issue(t.main, papers.roundId, link, blinded, now)).toMatchObject({ ok: true });
  expect(await submit(t.intake, papers.roundId, ballot, tokenHash, papers.publicKey)).toEqual({ ok: true });
}

async function night(name: string) {
  const folder = path.join(scratch, name);
  fs.mkdirSync(folder);
  const taken = await take({ main: t.main, box: t.box, mainUrl: t.mainUrl }, folder, publicFile, now);
  expect(taken).toMatchObject({ ok: true, rounds: [papers.roundId] });
  return { main: path.join(folder, mainFile('2027-03-01')), box: path.join(folder, boxFile) };
}

type Tables = Record<string, string[]>;

/** All that a section holds, by table. */
async function contentOf(file: string, section: string, key: Buffer): Promise<Tables> {
  const copy = (await backupFile.open(file))!;
  const found: Tables = {};
  try {
    const content = tableRows.reading(copy.section(section, key));
    for (let line = await content.line(); line !== null; line = await content.line()) {
      const { table } = JSON.parse(line) as { table?: string };
      if (!table) continue;
      let text = '';
      for await (const some of content.rows()) text += String(some);
      found[table] = text.split('\n').filter(Boolean);
    }
    return found;
  } finally {
    await copy.close();
  }
}

const mainOf = async (file: string) => {
  const copy = (await backupFile.open(file))!;
  await copy.close();
  const key = backupKey.opened(backupKey.read(privateFile, 'private')!, copy.header.ephemeral!)!;
  return contentOf(file, 'main', key);
};

/** Every run of 32 bytes that stands in a copy of main, tried as a key. */
const keysIn = (tables: Tables) =>
  [...JSON.stringify(tables).matchAll(/\\x([0-9a-f]{64})(?![0-9a-f])/g)].map(([, hex]) =>
    Buffer.from(hex!, 'hex'),
  );

const opensWith = async (file: string, keys: Buffer[]): Promise<Tables | null> => {
  for (const key of keys) {
    const opened = await contentOf(file, papers.roundId, key).catch(() => null);
    if (opened) return opened;
  }
  return null;
};

const more = (before: string[] = [], after: string[] = []) => after.filter((row) => !before.includes(row));

it('a pair of nights tells who fetched a paper, and of the box nothing', async () => {
  // What a plain copy of the two databases would have been.
  const plain = async () => ({
    issued: [...(await t.main.execute(sql`select invitation_id::text as row from issued`))].map((r) =>
      String(r.row),
    ),
    ballots: (await t.box.unsafe(`select token_hash from ${ballotsOf(papers.roundId)}`)).map((r) =>
      (r.token_hash as Buffer).toString('hex'),
    ),
  });
  const [before, plainBefore] = [await night('1'), await plain()];
  const firstKeys = [...(await keysOf(t.main, (await headerOf(before.box)).key)).values()];
  await answer(answering);
  const [after, plainAfter] = [await night('2'), await plain()];

  // The weak variant: the person and the sealed ballot, side by side.
  expect(more(plainBefore.issued, plainAfter.issued)).toEqual([answering.invitationId]);
  expect(more(plainBefore.ballots, plainAfter.ballots)).toEqual([answering.tokenHash.toString('hex')]);

  // The copies: the person, as long as the round lasts ...
  const [mainBefore, mainAfter] = [await mainOf(before.main), await mainOf(after.main)];
  const marks = more(mainBefore.issued, mainAfter.issued);
  expect(marks).toHaveLength(1);
  expect(marks[0]).toContain(answering.invitationId);
  // ... and no key in either opens either copy of the box. That they would be tried: the first night's own key did.
  expect(await opensWith(before.box, firstKeys)).toMatchObject({
    [ballotsOf(papers.roundId)]: { length: 7 },
  });
  const tried = [...keysIn(mainBefore), ...keysIn(mainAfter)];
  expect(tried.length).toBeGreaterThan(8);
  expect(await opensWith(before.box, tried)).toBeNull();
  expect(await opensWith(after.box, tried)).toBeNull();

  // Main itself, tonight: the second night's key, and not the first's.
  const live = await t.main.execute<{ key: Uint8Array }>(sql`select key from box_copy_key`);
  const keys = [...live].map(({ key }) => Buffer.from(key));
  expect(keys).toHaveLength(1);
  expect(await opensWith(after.box, keys)).toMatchObject({ [ballotsOf(papers.roundId)]: { length: 8 } });
  expect(await opensWith(before.box, keys)).toBeNull();
  expect(keysIn({ keys: [`\\x${keys[0]!.toString('hex')}`] })).toEqual(keys);
});

const headerOf = async (file: string) => {
  const copy = (await backupFile.open(file))!;
  await copy.close();
  return copy.header;
};

it('the order of nothing goes along: marks and ballots stand by ids that chance drew', async () => {
  const { main, box } = await night('3');
  const tables = await mainOf(main);
  expect(tables.issued).toEqual(tables.issued!.toSorted());
  const [key] = (await keysOf(t.main, (await headerOf(box)).key)).values();
  const ballots = (await contentOf(box, papers.roundId, key!))[ballotsOf(papers.roundId)]!;
  const tokens = ballots.map((row) => row.split('\t')[1]);
  expect(tokens).toEqual(tokens.toSorted());
  // Put in by 0 to 7; sorted by their hashes they stand otherwise.
  expect(tokens).not.toEqual(papers.held.map((h) => `\\\\x${h.tokenHash.toString('hex')}`));
});

/** What can be unpacked from any place where a packed part seems to begin. */
function unpacked(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf('1f8b08', 0, 'hex'); at >= 0; at = bytes.indexOf('1f8b08', at + 1, 'hex'))
    try {
      found.push(gunzipSync(bytes.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH }));
    } catch {
      // It only seemed so.
    }
  return found;
}

it('what is planted stands in clear in no file, packed or not', async () => {
  const { main, box } = await night('4');
  const sealed = papers.held[0]!.ballot.sealed;
  const looks = [Buffer.from(secret), Buffer.from(sealed), Buffer.from(Buffer.from(sealed).toString('hex'))];
  expect(JSON.stringify(await mainOf(main))).toContain(secret);
  // A copy that was packed and not shut would be seen through.
  const weak = Buffer.concat([Buffer.from('MEDVIRK1'), gzipSync(Buffer.from(secret))]);
  const seen = (bytes: Buffer) =>
    looks.some((look) => [bytes, ...unpacked(bytes)].some((one) => one.includes(look)));
  expect(seen(weak)).toBe(true);
  for (const file of [main, box]) {
    expect(seen(fs.readFileSync(file))).toBe(false);
    // In clear: whose it is, of which day, which rounds. No time.
    const header = JSON.stringify(await headerOf(file));
    expect(header).toContain('Testvik');
    expect(header).not.toMatch(/\d\d:\d\d/);
    expect(fs.statSync(file).mode & 0o077).toBe(0);
  }
});

it('after close or withdrawal a stray copy of the box opens for nobody, the superuser included', async () => {
  const keyOf = async (box: string) =>
    [...(await keysOf(t.main, (await headerOf(box)).key)).values()][0]!.toString('hex');
  const held = async () => {
    const all = postgres(t.superUrls.main, { max: 1, onnotice: () => {} });
    await all`create extension if not exists pageinspect`;
    await all`checkpoint`;
    const pages = await all`
      select encode(get_raw_page('box_copy_key', n::int), 'hex') as page
      from generate_series(0, pg_relation_size('box_copy_key') / 8192 - 1) n`;
    await all.end();
    return pages.map((p) => p.page as string).join('');
  };
  const stray = await night('5');
  const key = await keyOf(stray.box);
  // Deleting is not enough: the row is gone, and its bytes lie where they lay.
  await t.main.transaction((tx) => forget(tx, papers.roundId));
  expect(await keysOf(t.main, (await headerOf(stray.box)).key)).toEqual(new Map());
  expect(await held()).toContain(key);
  const last = await night('6');
  const lastKey = await keyOf(last.box);
  expect(await held()).toContain(lastKey);

  const reason = 'Wrong questionnaire';
  // Somebody else looks at main meanwhile, as a copy of it does: what they can still see is copied along.
  const other = postgres(t.mainUrl, { max: 1 });
  await other`begin isolation level repeatable read`;
  await other`select 1 from unit`;
  must(await withdraw(t.main, t.box, papers.roundId, reason, now, permit()));
  expect(await held()).toContain(lastKey);
  await other`commit`;
  await other.end();
  await scrubAgain(t.main);
  for (const gone of [key, lastKey]) expect(await held()).not.toContain(gone);
  for (const { box } of [stray, last]) {
    expect(await keysOf(t.main, (await headerOf(box)).key)).toEqual(new Map());
    for (const name of ['1', '2', '3', '4', '5', '6']) {
      const keys = keysIn(await mainOf(path.join(scratch, name, mainFile('2027-03-01'))));
      expect(await opensWith(box, keys)).toBeNull();
    }
  }
});
