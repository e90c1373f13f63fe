import { randomBytes, webcrypto } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { eq, sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import * as backupFile from '#server/backup-file.ts';
import * as backupKey from '#server/backup-key.ts';
import { ballotsOf, setIntake, submit } from '#server/box.ts';
import * as clock from '#server/clock.ts';
import { close, withdraw } from '#server/closing.ts';
import { issue, show } from '#server/issuing.ts';
import { letFetch } from '#server/refetching.ts';
import * as respondent from '#server/respondent.ts';
import { planMain, restoreMain } from '#server/restoring.ts';
import * as rounds from '#server/rounds.ts';
import {
  imported,
  person,
  release,
  role,
  roundFile,
  roundName,
  session,
  usedTicket,
} from '#server/schema.ts';
import { type Copying, copying, inside, rowsOf } from '#tests/support/copies.ts';
import type { TestDatabases } from '#tests/support/databases.ts';
import { type Held, now, openRound, type Papers } from '#tests/support/papers.ts';
import { approvedRound, frozen, invitationsOf, permit, someAnswers } from '#tests/support/town.ts';

let copies: Copying;
let t: TestDatabases;
let there: TestDatabases;
beforeAll(async () => {
  copies = await copying();
  ({ t, there } = copies);
});
afterAll(() => copies.stop());

const fetchPaper = (of: Papers, { secret, blinded }: Held, main = t.main) =>
  issue(main, of.roundId, secret, blinded, now);
const handIn = (of: Papers, { ballot, tokenHash }: Held) =>
  submit(t.intake, of.roundId, ballot, tokenHash, of.publicKey);

describe('main', () => {
  let papers: Papers;
  beforeAll(async () => {
    papers = await openRound(t, { groups: 2, each: 5 });
    const [somebody] = await t.main.select().from(person).limit(1);
    const strange = 'tab\t, line\n\\.\n\\N NULL "quoted" \\x41 æøå 🙂 ';
    await t.main.update(person).set({ name: strange, email: null }).where(eq(person.id, somebody!.id));
    await t.main.insert(imported).values({
      kind: 'people',
      fileName: '\\.',
      content: { deep: [1.5, null, strange, { a: '\\.' }] },
      previewedAt: new Date('2027-02-28T23:59:59.123Z'),
      previewedBy: somebody!.id,
    });
    await t.main.execute(sql`update imported set previewed_at = '2027-02-28 23:59:59.123456+01'`);
    await t.main.insert(role).values({ personId: somebody!.id, role: 'hr', givenAt: now });
    await t.main.insert(roundName).values({ roundId: papers.roundId, personId: somebody!.id, added: true });
    await t.main.insert(session).values({
      id: 'abc',
      secretHash: new Uint8Array(32),
      personId: somebody!.id,
      lastVerifiedAt: now,
      createdAt: now,
    });
    // One row that alone fills every buffer on its way, and is its table's last.
    const large = {
      roundId: papers.roundId,
      path: 'zz',
      bytes: randomBytes(300_000),
      brotli: randomBytes(1),
    };
    await t.main.insert(roundFile).values({ ...large, contentType: 'text/plain' });
    for (const one of papers.held.slice(0, 3)) {
      expect(await fetchPaper(papers, one)).toMatchObject({ ok: true });
      expect(await handIn(papers, one)).toEqual({ ok: true });
    }
    await copies.backup();
  });

  it('comes back row by row, but for sessions and what may have happened since', async () => {
    const before = await rowsOf(t.mainUrl);
    const plan = await copies.restore(copies.mainLost);
    expect(plan).toMatchObject({ now: null, otherBox: false, withdrawn: [], unknown: [] });
    const after = await rowsOf(there.mainUrl);
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    for (const name of Object.keys(before)) {
      if (['session', 'box_copy_key', 'issued', 'round_event'].includes(name)) continue;
      expect([name, after[name]]).toEqual([name, before[name]]);
    }
    expect(before.session).toHaveLength(1);
    expect([after.session, after.box_copy_key]).toEqual([[], []]);
    expect(after.issued).toEqual(expect.arrayContaining(before.issued!));
    expect(after.issued).toHaveLength(papers.held.length);
    expect(after.round_event).toHaveLength(before.round_event!.length + 1);
  });

  it('has the same tables, links and counters as one that was never restored', async () => {
    const shape = async (url: string) => {
      const all = postgres(url, { max: 1 });
      const [one] = await all`
        select array_agg(conrelid::regclass || ' ' || pg_get_constraintdef(oid) order by 1) as links
        from pg_constraint where connamespace = 'public'::regnamespace`;
      const [two] =
        await all`select array_agg(indexdef order by indexdef) as defs from pg_indexes where schemaname = 'public'`;
      const [three] =
        await all`select array_agg(created_at order by id) as done from drizzle.__drizzle_migrations`;
      await all.end();
      return [one!.links.toSorted(), two!.defs, three!.done];
    };
    expect(await shape(there.mainUrl)).toEqual(await shape(t.mainUrl));
    await inside(there.mainUrl, async ({ main }) => {
      const events = await rounds.events(main, papers.roundId);
      expect(events.at(-1)).toMatchObject({ event: 'restore', reason: '2027-03-01', by: null });
    });
  });

  it('takes every invitation as fetched until somebody decides; who fetched before gets the same again', async () => {
    await inside(there.mainUrl, async ({ main }) => {
      const [had, had2, had3, not, other] = papers.held as [Held, Held, Held, Held, Held];
      expect(await fetchPaper(papers, had, main)).toMatchObject({ ok: true });
      expect(await fetchPaper(papers, not, main)).toEqual({ ok: false, refusal: 'fetched' });
      expect(await show(main, papers.roundId, not.secret, now)).toMatchObject({ state: 'fetched' });
      const [by] = await main.select().from(person).limit(1);
      expect(await letFetch(main, papers.roundId, now, { by: by!.id } as never)).toEqual({ ok: true });
      expect(await letFetch(main, papers.roundId, now, permit())).toEqual({
        ok: false,
        refusal: 'wrong-state',
      });
      expect(await fetchPaper(papers, not, main)).toMatchObject({ ok: true });
      expect(await show(main, papers.roundId, other.secret, now)).toMatchObject({ state: 'ready' });
      for (const one of [had2, had3])
        expect(await fetchPaper(papers, { ...one, blinded: not.blinded }, main)).toMatchObject({
          refusal: 'fetched',
        });
      expect((await rounds.events(main, papers.roundId)).at(-1)).toMatchObject({
        event: 'let fetch',
        by: by!.name,
      });
    });
  });

  it('is refused without its key, damaged, cut off, from a newer program, into a full database, while it is used', async () => {
    const { folder, keys, mainCopy } = copies;
    const bytes = fs.readFileSync(mainCopy);
    const plan = (file: string, key = keys.privateFile, replace = true) =>
      planMain(file, key, copies.mainLost, replace);
    const bad = path.join(folder, 'bad');
    const written = (change: (copy: Buffer) => Buffer) => {
      fs.writeFileSync(bad, change(Buffer.from(bytes)));
      return bad;
    };
    const flip = (at: number) => (copy: Buffer) => {
      copy[at]! ^= 1;
      return copy;
    };
    const header = bytes.readUInt32BE(8);
    expect(await plan(mainCopy, keys.publicFile)).toEqual({ ok: false, refusal: 'no-key' });
    expect(await plan(mainCopy, backupKey.make().privateFile)).toEqual({ ok: false, refusal: 'other-key' });
    expect(await plan(mainCopy, keys.privateFile, false)).toEqual({ ok: false, refusal: 'not-empty' });
    for (const at of [0, 12 + header + 4, 12 + header + 1000, bytes.length - 1])
      await expect(plan(written(flip(at)))).rejects.toThrow(backupFile.Damaged);
    for (const end of [5, 100, 12 + header, bytes.length - 1, bytes.length - 17])
      await expect(plan(written((copy) => copy.subarray(0, end)))).rejects.toThrow(backupFile.Damaged);
    await expect(plan(written((copy) => Buffer.concat([copy, Buffer.from('x')])))).rejects.toThrow(
      backupFile.Damaged,
    );
    // The header stands in clear, and nobody can change it unseen.
    const renamed = (copy: Buffer) =>
      Buffer.from(copy.toString('latin1').replace('Testvik', 'Hestvik'), 'latin1');
    await expect(plan(written(renamed))).rejects.toThrow(backupFile.Damaged);
    const newer = (copy: Buffer) =>
      Buffer.from(copy.toString('latin1').replace(/"shape":1/, '"shape":2'), 'latin1');
    expect(await plan(written(newer))).toEqual({ ok: false, refusal: 'newer' });
    await inside(there.mainUrl, async ({ main }) => {
      await main.select().from(person).limit(1);
      expect(await plan(mainCopy)).toEqual({ ok: false, refusal: 'in-use' });
    });
  });

  it('stays as it was when the restoring breaks off', async () => {
    const before = await rowsOf(there.mainUrl);
    const { folder, keys, mainCopy } = copies;
    const planned = await planMain(mainCopy, keys.privateFile, copies.mainLost, true);
    if (!planned.ok) throw new Error(planned.refusal);
    const cut = path.join(folder, 'cut');
    fs.writeFileSync(cut, fs.readFileSync(mainCopy).subarray(0, -100));
    await expect(restoreMain(cut, planned, copies.mainLost, now)).rejects.toThrow(backupFile.Damaged);
    expect(await rowsOf(there.mainUrl)).toEqual(before);
  });

  it('keeps a round stopped that was stopped since, and withdraws one whose answers are gone', async () => {
    await setIntake(t.box, papers.roundId, false);
    const plan = await copies.restore(copies.mainLost);
    expect(plan.fates.find((f) => f.id === papers.roundId)).toMatchObject({ becomes: 'stopped' });
    await inside(there.mainUrl, async ({ main }) => {
      expect(await rounds.find(main, papers.roundId)).toMatchObject({ state: 'stopped' });
    });
    const both = await copies.restore({ main: there.mainUrl, box: there.boxUrl });
    expect(both).toMatchObject({ otherBox: true, fates: [{ becomes: 'gone' }] });
    await inside(there.mainUrl, async ({ main }) => {
      expect(await rounds.find(main, papers.roundId)).toMatchObject({ state: 'withdrawn' });
      for (const table of ['issued', 'invitation', 'invitation_link', 'signing_key', 'dispatch'])
        expect([table, [...(await main.execute(sql.raw(`select from ${table}`)))]]).toEqual([table, []]);
    });
    await setIntake(t.box, papers.roundId, true);
  });

  it('has no vote that is on its way', async () => {
    const [unit] = await t.main.execute<{ id: string }>(sql`select id from unit limit 1`);
    const meetings = ['voting', 'ended'].map((stage) => ({
      stage,
      round: stage === 'voting' ? papers.roundId : null,
    }));
    const ended = await approvedRound(t.main, now);
    for (const { stage, round } of meetings) {
      const [held] = await t.main.execute<{ id: string }>(sql`
        insert into meeting (round_id, unit_id, stage, created_at) values (${round ?? ended.id}, ${unit!.id}, ${stage}, now()) returning id`);
      await t.main.execute(sql`insert into candidate (meeting_id, kind, source, ref, title, votes)
        values (${held!.id}, 'keep', 'own', 'x', '{}', 4)`);
      await t.main.insert(usedTicket).values({ meetingId: held!.id, hash: new Uint8Array(32) });
    }
    await copies.backup();
    await copies.restore(copies.mainLost);
    await inside(there.mainUrl, async ({ main }) => {
      const votes = await main.execute(
        sql`select stage, votes from candidate join meeting m on m.id = meeting_id order by stage`,
      );
      expect([...votes]).toEqual([
        { stage: 'ended', votes: 4 },
        { stage: 'voting', votes: 0 },
      ]);
      expect(await main.select().from(usedTicket)).toEqual([]);
    });
  });
});

describe('what happened since', () => {
  type Made = { id: string; keyFile: string };
  let [counted, withdrawn, untouched] = ['', '', ''];
  /** A round that is open; of its invited, most answer, so that some figures are shown and some withheld. */
  const openOne = async (answered = false): Promise<Made> => {
    const { id, questionnaire } = await approvedRound(t.main, now);
    const { keyFile, fingerprint } = await frozen(t, id, now);
    expect(await clock.open(t.main, t.box, id, now, null)).toMatchObject({ ok: true });
    const of = await respondent.prepare(t.main, id, fingerprint);
    const few = of.keylist.groups.at(-1)!.id;
    for (const [i, { groupId: group }] of (answered ? await invitationsOf(t.main, id) : []).entries()) {
      if (i % 4 === 0 || (group === few && i % 9 !== 1)) continue;
      // Put where the intake would have put it: what the box takes is tested elsewhere.
      const tokenHash = randomBytes(32);
      const plain = Ballot.write(someAnswers(questionnaire, i), [], of.keylist.sealedPlain);
      const bound = { fingerprint: of.fingerprint, group, tokenHash: new Uint8Array(tokenHash) };
      const sealed = await Ballot.seal(
        plain,
        of.keylist.locks,
        bound,
        await Ballot.fresh(webcrypto as Crypto),
      );
      await t.intake`insert into ${t.intake(ballotsOf(id))} values (${group}, ${tokenHash}, ${sealed})`;
    }
    return { id, keyFile };
  };
  const count = async ({ id, keyFile }: Made) => {
    expect(await clock.stop(t.main, t.box, id, now, null)).toMatchObject({ ok: true });
    expect(await close(t.main, t.box, id, keyFile, now, permit())).toEqual({ ok: true });
  };
  beforeAll(async () => {
    const [first, second, third] = [await openOne(), await openOne(), await openOne(true)];
    [counted, withdrawn, untouched] = [first.id, second.id, third.id];
    await count(second);
    await count(third);
    await copies.backup();
    await count(first);
    await withdraw(t.main, t.box, second.id, 'A fault was found.', now, permit());
  });

  it('stays: what was counted is released and forgotten, what was withdrawn stays withdrawn', async () => {
    const plan = await copies.restore(copies.mainLost);
    expect(plan.withdrawn).toEqual([withdrawn]);
    expect(plan.fates.find((f) => f.id === counted)).toMatchObject({ becomes: 'closed' });
    const [before, after] = [await rowsOf(t.mainUrl), await rowsOf(there.mainUrl)];
    const of = (rows: Record<string, string[]>, id: string) =>
      rows.release!.filter((r) => r.startsWith(`(${id},`));
    for (const id of [counted, untouched]) {
      expect(of(before, id)).toHaveLength(1);
      expect([id, of(after, id)]).toEqual([id, of(before, id)]);
    }
    expect(of(after, withdrawn)[0]).not.toContain('results');
    for (const table of ['invitation', 'issued', 'signing_key', 'box_copy_key'])
      expect([table, after[table]!.filter((r) => r.includes(counted))]).toEqual([table, []]);
    await inside(there.mainUrl, async ({ main }) => {
      expect(await rounds.find(main, counted)).toMatchObject({ state: 'closed' });
      expect(await rounds.find(main, withdrawn)).toMatchObject({ state: 'withdrawn' });
    });
  });

  it('after both were lost, every figure and every withheld cell that was released is as it was', async () => {
    await copies.restore({ main: there.mainUrl, box: there.boxUrl });
    const figures = async (main: TestDatabases['main']) =>
      (await main.select().from(release).where(eq(release.roundId, untouched)))[0]!;
    const before = await figures(t.main);
    expect(before.bytes).toMatch(/"results":\{"0001"/);
    expect(Object.keys(before.content.results).length).toBeLessThan(before.content.tree.length);
    await inside(there.mainUrl, async ({ main }) => expect(await figures(main)).toEqual(before));
  });
});
