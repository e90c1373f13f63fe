import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Release from '#domain/release.ts';
import { open, stop, tick } from '#server/clock.ts';
import { close, withdraw } from '#server/closing.ts';
import { showKey } from '#server/closing-key.ts';
import { freeze, thaw } from '#server/freezing.ts';
import { newLink, sendDue } from '#server/invitations.ts';
import { invited } from '#server/invited.ts';
import { intoMemory } from '#server/mail.ts';
import { answer, partsOf, prepare } from '#server/respondent.ts';
import * as rounds from '#server/rounds.ts';
import { invitation, invitationLink, issued, person, release, signingKey } from '#server/schema.ts';
import { shake } from '#server/shaker.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { approvedRound, frozen, invitationsOf, permit, someAnswers, town } from '#tests/support/town.ts';

let t: TestDatabases;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const now = new Date('2027-03-01T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);

beforeAll(async () => {
  t = await testDatabases();
  process.env.DATABASE_URL = t.mainUrl;
  process.env.BOX_DATABASE_URL = t.boxUrl;
  await town(t.main);
});
afterAll(() => t.stop());

describe('a round from plan to release', () => {
  it('goes all the way, and leaves nothing but the release', async () => {
    const { id, questionnaire } = await approvedRound(t.main, now);
    const found = (await rounds.find(t.main, id))!;
    const who = await invited(t.main, found);
    expect(who.tree.nodes.filter((n) => n.group).map((n) => [n.name, n.invited])).toEqual([
      ['Unit A', 9],
      ['Unit B', 12],
      ['Unit C', 8],
      ['Unit K, øvrige', 11],
    ]);

    const { keyFile, fingerprint } = await frozen(t, id, now);
    await tick(t.main, t.box, later(0.5));
    expect((await rounds.find(t.main, id))!.state).toBe('frozen');
    await tick(t.main, t.box, later(1));
    expect((await rounds.find(t.main, id))!.state).toBe('open');

    const receipts: string[] = [];
    const invitations = await invitationsOf(t.main, id);
    expect(invitations.length).toBe(40);
    let seed = 0;
    for (const one of invitations) {
      const { secret, signs } = partsOf(await newLink(t.main, one.id, 'http://localhost', 'nb'));
      expect(signs).toBe(fingerprint);
      const prepared = await prepare(t.main, id, signs);
      const answered = await answer(
        t.main,
        t.intake,
        prepared,
        secret,
        someAnswers(questionnaire, seed++),
        later(2),
      );
      expect(answered.ok).toBe(true);
      if (answered.ok) receipts.push(answered.receipt);
      const again = await answer(t.main, t.intake, prepared, secret, someAnswers(questionnaire, 1), later(2));
      expect(again).toEqual({ ok: false, refusal: 'fetched' });
    }
    await shake(t.main, t.box);

    expect(await close(t.main, t.box, id, keyFile, later(30), permit())).toEqual({
      ok: false,
      refusal: 'wrong-state',
    });
    await tick(t.main, t.box, later(22 * 24));
    expect((await rounds.find(t.main, id))!.state).toBe('stopped');
    const other = JSON.stringify({ ...JSON.parse(keyFile), round: 'aaaaaaaa' });
    expect(await close(t.main, t.box, id, other, later(600), permit())).toEqual({
      ok: false,
      refusal: 'key-other',
    });
    expect(await close(t.main, t.box, id, keyFile, later(600), permit())).toEqual({ ok: true });

    const [stored] = await t.main.select().from(release);
    const read = Release.read(stored!.bytes);
    expect(read.ok).toBe(true);
    if (!read.ok) return;
    expect(read.release.ballots).toEqual({ invited: 40, received: 40, counted: 40, unreadable: 0 });
    expect(Release.result(read.release, '0001')!.n).toBe(40);
    expect(stored!.receipts.trim().split('\n')).toEqual(receipts.sort());
    for (const table of [issued, invitation, invitationLink, signingKey])
      expect(await t.main.select().from(table)).toEqual([]);
    const left = await t.box`select relname from pg_class where relname like 'ballots_%'`;
    expect([...left]).toEqual([]);
  });

  it('does not invite whoever has left by the day that counts', async () => {
    const { id } = await approvedRound(t.main, now);
    const found = (await rounds.find(t.main, id))!;
    const [one, ...others] = (await invited(t.main, found)).people.map((who) => who.id).toSorted();
    const leaves = (leftOn: string | null) =>
      t.main.update(person).set({ leftOn }).where(eq(person.id, one!));
    await leaves(found.rule.inPostOn);
    expect((await invited(t.main, found)).people.map((who) => who.id).toSorted()).toEqual(others);
    await leaves(null);
  });

  it('opens once for two processes at once', async () => {
    const { id } = await approvedRound(t.main, now);
    await frozen(t, id, now);
    await Promise.all(Array.from({ length: 8 }, () => tick(t.main, t.box, later(3))));
    const happened = (await rounds.events(t.main, id)).map((e) => e.event);
    expect(happened.filter((e) => e === 'open')).toEqual(['open']);
    const [due] = await t.main.execute<{ n: number }>(sql`
      select count(*)::int as n from dispatch d join invitation i on i.id = d.invitation_id where i.round_id = ${id}`);
    expect(due!.n).toBe(40);
    await Promise.all(Array.from({ length: 8 }, () => tick(t.main, t.box, later(9 * 24))));
    expect((await rounds.events(t.main, id)).filter((e) => e.event === 'remind 1').length).toBe(1);
    await stop(t.main, t.box, id, later(10 * 24), null);
  });

  it('is not frozen with other people than those whose keys were made', async () => {
    const { id } = await approvedRound(t.main, now);
    let left = false;
    const leaveOneOut = async () => {
      if (left) return;
      left = true;
      await rounds.setName(t.main, id, '1010', false, permit());
    };
    const freezing = freeze(t.main, t.box, id, now, permit(), () => void leaveOneOut());
    expect(await freezing).toEqual({ ok: false, refusal: 'changed' });
    expect((await rounds.find(t.main, id))!.state).toBe('approved');
  });

  it('does not open before somebody has shown its key, and says so once', async () => {
    const { id } = await approvedRound(t.main, now);
    const kept = await freeze(t.main, t.box, id, now, permit());
    if (!kept.ok) throw new Error(kept.refusal);
    for (const hours of [2, 3]) await tick(t.main, t.box, later(hours));
    expect((await rounds.find(t.main, id))!.state).toBe('frozen');
    expect((await rounds.events(t.main, id)).filter((e) => e.event === 'not opened key').length).toBe(1);
    const damaged = kept.keyFile.replace(
      /"privateKey": "(.)/,
      (_, sign) => `"privateKey": "${sign === 'M' ? 'N' : 'M'}`,
    );
    expect(await showKey(t.main, id, damaged, now, permit())).toEqual({ ok: false, refusal: 'key-damaged' });
    expect(await showKey(t.main, id, kept.keyFile, now, permit())).toEqual({ ok: true });
    await tick(t.main, t.box, later(4));
    expect((await rounds.find(t.main, id))!.state).toBe('open');
    await stop(t.main, t.box, id, later(5), null);
  });

  it('is withdrawn while letters go out, and nothing of it is left', async () => {
    const { id } = await approvedRound(t.main, now);
    await frozen(t, id, now);
    await tick(t.main, t.box, later(2));
    const slow = intoMemory();
    const send = slow.send;
    Object.assign(slow, {
      send: async (...letter: Parameters<typeof send>) => (await pause(5), send(...letter)),
    });
    const sending = sendDue(t.main, slow, 'http://localhost', () => later(2));
    while (slow.kept.length === 0) await pause(5);
    const gone = withdraw(t.main, t.box, id, 'Wrong list', later(3), permit());
    const done = await Promise.race([Promise.all([sending, gone]), pause(20_000)]);
    expect(done).toMatchObject([{ failed: 0 }, { ok: true }]);
    expect(await invitationsOf(t.main, id)).toEqual([]);
    expect([...(await t.box`select from round where id = ${id}`)]).toEqual([]);
  });

  it('is thawed to new keys and another fingerprint, and not once open', async () => {
    const { id } = await approvedRound(t.main, now);
    const first = await freeze(t.main, t.box, id, now, permit());
    expect(await thaw(t.main, id, now, permit())).toEqual({ ok: true, state: 'approved' });
    expect(await invitationsOf(t.main, id)).toEqual([]);
    const second = await frozen(t, id, now);
    if (!first.ok) throw new Error('refused');
    expect(second.fingerprint).not.toBe(first.fingerprint);
    await open(t.main, t.box, id, later(2), null);
    expect(await thaw(t.main, id, later(2), permit())).toEqual({ ok: false, refusal: 'wrong-state' });
  });
});
