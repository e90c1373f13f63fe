import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import { fromBase64url } from '#domain/bytes.ts';
import { closingKeyPair, readClosingKey, writeClosingKey } from '#domain/closing-key.ts';
import { fingerprintSigns, type Keylist } from '#domain/keylist.ts';
import * as Opening from '#domain/opening.ts';
import * as Release from '#domain/release.ts';
import * as Sheet from '#domain/sheet.ts';
import * as actors from '#server/actors.ts';
import * as clock from '#server/clock.ts';
import * as closing from '#server/closing.ts';
import { showKey } from '#server/closing-key.ts';
import * as due from '#server/due.ts';
import { freeze, thaw } from '#server/freezing.ts';
import { file } from '#server/frozen.ts';
import * as proposals from '#server/proposals.ts';
import * as rehearsal from '#server/rehearsal.ts';
import * as rounds from '#server/rounds.ts';
import { house, proposedRelease, release, role, roundEvent, unit, witness } from '#server/schema.ts';
import * as witnesses from '#server/witnesses.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { must } from '#tests/support/must.ts';
import { approvedRound, permit, town } from '#tests/support/town.ts';
import { filesOf, giveRole, opened, takeRole, three, type Three } from '#tests/support/witnesses.ts';

/*
 * Whoever holds both servers, all that is stored on them, and one witness's sheet. And people who hand in another
 * release than the ballots give.
 */
let t: TestDatabases;
let who: Three;
let id: string;
let signs: string;
let files: Opening.Files;
let honest: string;
const now = new Date('2027-03-01T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await town(t.main, { A: 9, B: 12 });
});
afterAll(() => t.stop());

/** A dry run that has been answered and has stopped. */
async function answered(round: string) {
  expect(await clock.open(t.main, t.box, round, later(1), null)).toMatchObject({ ok: true });
  expect(await rehearsal.answer(t.main, t.intake, round, later(2), permit())).toMatchObject({ ok: true });
}
const stop = (round: string) => clock.stop(t.main, t.box, round, later(30), null);
/** What a witness is told on the first page to do. */
async function asked(office: keyof Three): Promise<string[]> {
  const actor = (await actors.actor(t.main, who[office].id, now))!;
  const waits = (await due.waiting(t.main, actor, now)).due;
  return waits.flatMap((one) => (one.kind === 'witness' && one.round.id === id ? one.verb : []));
}
const keylistOf = async (round: string) =>
  JSON.parse(Buffer.from((await file(t.main, round, 'keylist.json'))!.bytes).toString()) as Keylist;

/** Every value in every table of both servers, read as the superuser. */
async function everythingStored(): Promise<(string | Uint8Array)[]> {
  const found: (string | Uint8Array)[] = [];
  for (const url of [t.superUrls.main, t.superUrls.box]) {
    const sql = postgres(url, { max: 1 });
    const tables = await sql`
      select table_schema as s, table_name as n from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;
    for (const { s, n } of tables)
      for (const row of await sql`select * from ${sql(s)}.${sql(n)}`)
        for (const value of Object.values(row))
          if (value instanceof Uint8Array || typeof value === 'string') found.push(value);
          else if (value !== null) found.push(JSON.stringify(value));
    await sql.end();
  }
  return found;
}

/** Whatever of it could be a private half: a key file, a sheet, or 32 bytes in some spelling. */
async function secretsIn(stored: (string | Uint8Array)[]): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const value of stored) {
    if (typeof value !== 'string') {
      if (value.length === 32) found.push(value);
      continue;
    }
    const keyFile = value.includes('privateKey') ? await readClosingKey(value) : null;
    if (keyFile?.ok) {
      const { d } = await crypto.subtle.exportKey('jwk', keyFile.key.privateKey);
      found.push(fromBase64url(d)!);
    }
    const sheet = value.length < 200 ? await Sheet.read(value) : null;
    if (sheet?.ok) found.push(sheet.secret);
    for (const spelled of value.slice(0, 20_000).match(/[\w-]{43}(?![\w-])/g) ?? []) {
      const bytes = fromBase64url(spelled);
      if (bytes?.length === 32) found.push(bytes);
    }
  }
  return found;
}

/** How many ballots the attacker reads with what is stored and what he was given. */
async function readBy(round: string, given: Uint8Array[] = []): Promise<number> {
  const { locks } = await keylistOf(round);
  const [{ fingerprint }] = [(await rounds.find(t.main, round))!];
  const held = new Map<string, CryptoKey>();
  const points = [...new Set(locks.flat())];
  for (const secret of [...given, ...(await secretsIn(await everythingStored()))]) {
    const key = await Sheet.keyOf(secret, points, crypto);
    if (key) held.set(key.point, key.privateKey);
  }
  let read = 0;
  for await (const ballots of closing.sealed(t.box, round))
    for (const { group, tokenHash, sealed } of ballots) {
      const binding = { fingerprint: fingerprint!, group, tokenHash };
      const tries = locks.map((lock, i) => {
        const known = lock.flatMap((point) => held.get(point) ?? []);
        const keys = known.length === 1 ? [known, [known[0]!, known[0]!]] : [known];
        return Promise.all(keys.map((k) => Ballot.open(sealed, k, i, locks.length, binding)));
      });
      if ((await Promise.all(tries)).flat().some((plain) => plain !== null)) read++;
    }
  return read;
}

describe('freezing with witnesses', () => {
  it('waits for three keys of people who neither plan nor operate', async () => {
    ({ id } = await approvedRound(t.main, now, { name: 'Witnessed', dryRun: true }));
    who = await three(t.main, id, now);
    const refused = { ok: false, refusal: 'witnesses' };
    await giveRole(t.main, who.union.id, 'operator', now);
    expect(await freeze(t.main, t.box, id, now, permit())).toEqual(refused);
    await takeRole(t.main, who.union.id);
    await giveRole(t.main, who.union.id, 'union', now);
    await witnesses.lose(t.main, id, now, who.dpo.permit);
    expect([await asked('dpo'), await asked('safety')]).toEqual([['make'], []]);
    expect(await freeze(t.main, t.box, id, now, permit())).toEqual(refused);

    // A representative of one unit is not the chief one, chosen before or found out at freezing.
    const [part] = await t.main.select({ id: unit.id }).from(unit).where(eq(unit.code, 'A'));
    const onlyFor = (unitId: string | null) =>
      t.main.update(role).set({ unitId }).where(eq(role.personId, who.safety.id));
    await onlyFor(part!.id);
    const persons = { dpo: who.dpo.id, union: who.union.id, safety: who.safety.id };
    const again = { promise: 'witnesses' as const, persons };
    expect(await witnesses.choose(t.main, id, again, now, permit())).toEqual({
      ok: false,
      refusal: 'unfit',
      faults: { safety: 'part' },
    });
    must(await witnesses.keep(t.main, id, who.dpo.half.point, now, who.dpo.permit));
    expect(await freeze(t.main, t.box, id, now, permit())).toEqual(refused);
    await onlyFor(null);
    await witnesses.lose(t.main, id, now, who.dpo.permit);

    const { point } = who.dpo.half;
    const keeps = (what: unknown) => witnesses.keep(t.main, id, what, now, who.dpo.permit);
    for (const wrong of [`${point}A`, '', null])
      expect(await keeps(wrong)).toEqual({ ok: false, refusal: 'malformed' });
    expect(await keeps(who.union.half.point)).toEqual({ ok: false, refusal: 'taken' });
    expect(await witnesses.keep(t.main, id, point, now, who.dpo.permit)).toEqual({ ok: true });
  });

  it('hands out no key, and takes no other key afterwards', async () => {
    const frozen = await freeze(t.main, t.box, id, now, permit());
    if (!frozen.ok) throw new Error(frozen.refusal);
    expect(frozen.keyFile).toBe('');
    signs = frozen.fingerprint;
    expect(await rounds.find(t.main, id)).toMatchObject({ keyShown: true });
    const { promise, locks } = await keylistOf(id);
    const [a, b, c] = [who.dpo, who.union, who.safety].map(({ half }) => half.point);
    expect([promise, locks]).toEqual(['witnesses', [[a, b], [a, c], [b, c]]]); // prettier-ignore
    const late = await Sheet.draw(crypto);
    expect(await witnesses.keep(t.main, id, late.point, now, who.dpo.permit)).toMatchObject({ ok: false });
    const back = { promise: 'operator' as const };
    expect(await witnesses.choose(t.main, id, back, now, permit())).toMatchObject({ ok: false });
    await answered(id);
  });
});

describe('whoever has both servers', () => {
  it('reads every ballot where the server keeps the key, so that we know he can see', async () => {
    await t.main.update(house).set({ demo: true });
    const weak = await approvedRound(t.main, now, { name: 'Weak', dryRun: true });
    expect(await freeze(t.main, t.box, weak.id, now, permit())).toMatchObject({ ok: true });
    await t.main.update(house).set({ demo: false });
    await answered(weak.id);
    const held = await proposals.number(t.box, weak.id);
    expect(held).toBeGreaterThan(20);
    expect(await readBy(weak.id)).toBe(held);
  });

  it('and operates it opens nothing, whatever key file he makes', async () => {
    const forged = await writeClosingKey(await closingKeyPair(crypto), id, signs);
    const refused = { ok: false, refusal: 'witnesses' };
    expect(await closing.close(t.main, t.box, id, forged, later(31), permit())).toEqual(refused);
    expect(await showKey(t.main, id, forged, later(31), permit())).toEqual(refused);
  });

  it('reads none with one witness, whoever it is, and all with two', async () => {
    for (const { half } of Object.values(who)) expect(await readBy(id, [half.secret])).toBe(0);
    const two = [who.dpo.half.secret, who.safety.half.secret];
    expect(await readBy(id, two)).toBe(await proposals.number(t.box, id));
  });
});

describe('a release', () => {
  const propose = (bytes: string) => proposals.propose(t.main, t.box, id, bytes, later(31), who.dpo.permit);
  const confirm = (sha256: string, by: keyof Three) =>
    proposals.confirm(t.main, t.box, id, sha256, later(32), who[by].permit);

  it('is not made while answers may come', async () => {
    expect(await proposals.ballots(t.main, t.box, id, later(3), who.dpo.permit)).toMatchObject({ ok: false });
    expect(await asked('union')).toEqual([]);
    await stop(id);
    expect(await asked('union')).toEqual(['open']);
    files = await filesOf(t, id, later(30), who.dpo.permit);
    honest = await opened(files, signs, [who.dpo.half.secret, who.union.half.secret]);
    expect(await opened(files, signs, [who.safety.half.secret, who.union.half.secret])).toBe(honest);
  });

  it('is the same to the byte when tools/open makes it offline', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'medvirk-open-'));
    onTestFinished(() => fs.rmSync(folder, { recursive: true }));
    for (const [name, bytes] of Object.entries(files))
      fs.writeFileSync(path.join(folder, name === 'ballots' ? 'ballots.txt' : `${name}.json`), bytes);
    const run = (given: string[], typed = '') =>
      spawnSync(process.execPath, ['tools/open.js', ...given], { input: typed, encoding: 'utf8' });
    const sheets = await Promise.all(
      [who.dpo, who.safety].map(async ({ half }) => (await Sheet.write(half.secret)).map(Sheet.print)),
    );
    const typed = sheets.flat().map((line) => `${line}\n`);
    const done = run([folder, signs], typed.join(''));
    expect(done.stderr).toBe('');
    expect(done.stdout).toContain(await Opening.releaseHash(honest));
    expect(fs.readFileSync(path.join(folder, 'release.json'), 'utf8')).toBe(honest);

    const wrong: [string, string[], string, number][] = [
      ['Skriv: node tools/open.js', [folder], '', 2],
      ['stemmer ikke med tegnene', [folder, '0'.repeat(32)], '', 1],
      ['Linje 2 er skrevet feil', [folder, signs], typed.with(1, typed[2]!).join(''), 1],
      ['det samme arket to ganger', [folder, signs], typed.slice(0, 4).join('').repeat(2), 1],
      ['Finner ikke keylist.json', [path.join(folder, 'none'), signs], '', 1],
    ];
    for (const [told, given, sheets, code] of wrong) {
      const refused = run(given, sheets);
      expect([refused.stderr, refused.status]).toEqual([expect.stringContaining(told), code]);
    }
  });

  const changed = (how: (release: any) => void) => {
    const made = JSON.parse(honest);
    how(made);
    return Release.serialize(made);
  };
  it.each<[string, (release: any) => void, string[]]>([
    ['a number of answers that its distributions deny', (r) => r.results['0001'].n++, ['audit', 'form']],
    ['more counted than received', (r) => r.ballots.counted++, ['audit', 'form']],
    ['another tree', (r) => (r.tree.at(-1).name = 'Z'), ['other', 'audit']],
    ['wrong receipts', (r) => (r.receiptsSha256 = 'a'.repeat(64)), ['receipts']],
    ['another fingerprint', (r) => (r.round.fingerprint = '0'.repeat(32)), ['other']],
    ['lower limits', (r) => (r.thresholds.factor = 3), ['audit', 'other', 'form']],
  ])('with %s is refused', async (_, how, refusals) => {
    const kept = await propose(changed(how));
    expect(kept.ok || refusals.includes(kept.refusal)).toBe(true);
    expect(kept.ok).toBe(false);
    expect(await t.main.select().from(proposedRelease)).toHaveLength(0);
  });

  it('that hides what the ballots give passes the server, and has another hash than the witnesses read aloud', async () => {
    const hiding = await propose(
      changed((r) => Object.values<any>(r.results).forEach((node) => (node.statements = {}))),
    );
    const read = await Opening.releaseHash(honest);
    expect(hiding.ok && hiding.sha256 !== read).toBe(true);
    expect(await confirm(read, 'union')).toEqual({ ok: false, refusal: 'changed' });
  });

  it('is confirmed by another than who opened, once, and then nothing but it is left', async () => {
    const kept = await propose(honest);
    if (!kept.ok) throw new Error(kept.refusal);
    expect(await proposals.proposed(t.main, id)).toMatchObject({ sha256: kept.sha256, by: 'Witness dpo' });
    expect(await t.main.select().from(release)).toEqual([]);
    expect(await confirm(kept.sha256, 'dpo')).toEqual({ ok: false, refusal: 'own' });
    expect(await confirm('0'.repeat(64), 'union')).toEqual({ ok: false, refusal: 'changed' });

    const both = await Promise.all([confirm(kept.sha256, 'union'), confirm(kept.sha256, 'safety')]);
    expect(both.some(({ ok }) => ok)).toBe(true);
    const [published] = await t.main.select().from(release).where(eq(release.roundId, id));
    expect(published).toMatchObject({ bytes: honest, sha256: kept.sha256 });
    expect(await rounds.find(t.main, id)).toMatchObject({ state: 'closed' });
    expect(await t.main.select().from(proposedRelease)).toEqual([]);
    const [left] = await t.box`select to_regclass(${`ballots_${id}`}) is null as gone`;
    expect(left!.gone).toBe(true);
  });

  it('has a log that says who and when', async () => {
    const told = await t.main.select().from(roundEvent).where(eq(roundEvent.roundId, id));
    const by = (event: string) => told.filter((one) => one.event === event).map(({ byId }) => byId);
    const again = [who.dpo.id, who.dpo.id];
    expect(by('make sheet')).toEqual([who.dpo.id, who.union.id, who.safety.id, ...again]);
    expect(by('lose sheet')).toEqual(again);
    expect(by('fetch ballots')).toEqual([who.dpo.id]);
    expect(by('propose')).toContain(who.dpo.id);
    expect(by('close')).toHaveLength(1);
    expect([who.union.id, who.safety.id]).toContain(by('close')[0]);
  });

  it('of a thawed round needs a new freezing, with the same sheets or new ones', async () => {
    const again = await approvedRound(t.main, now, { name: 'Again', dryRun: true });
    const others = await three(t.main, again.id, now);
    const first = await freeze(t.main, t.box, again.id, now, permit());
    expect(await thaw(t.main, again.id, now, permit())).toMatchObject({ ok: true });
    expect(await rounds.find(t.main, again.id)).toMatchObject({ keyShown: false });
    const fresh = await Sheet.draw(crypto);
    expect(await witnesses.keep(t.main, again.id, fresh.point, now, others.union.permit)).toEqual({
      ok: true,
    });
    const second = await freeze(t.main, t.box, again.id, now, permit());
    expect(first.ok && second.ok && first.fingerprint !== second.fingerprint).toBe(true);
    expect((await keylistOf(again.id)).locks.flat()).toContain(fresh.point);
    expect(await t.main.select().from(witness).where(eq(witness.roundId, again.id))).toHaveLength(3);
    expect(fingerprintSigns((await rounds.find(t.main, again.id))!.fingerprint!)).not.toBe(signs);
  });
});
