import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromNumber } from '#domain/bytes.ts';
import { issue, show } from '#server/issuing.ts';
import { newLink } from '#server/invitations.ts';
import { partsOf } from '#server/respondent.ts';
import { issued, round } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { type Held, now, openRound, type Papers, sha256, someBlinded } from '#tests/support/papers.ts';
import { town } from '#tests/support/town.ts';

let t: TestDatabases;
let papers: Papers;
let n: bigint;
beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
  papers = await openRound(t, { groups: 2, each: 8 });
  n = BigInt('0x' + Buffer.from(papers.publicKey.export({ format: 'jwk' }).n!, 'base64url').toString('hex'));
});
afterAll(() => t.stop());

const ask = (of: Held, blinded: Uint8Array, at = now) =>
  issue(t.main, papers.roundId, of.secret, blinded, at);
const marks = (of: Held) => t.main.select().from(issued).where(eq(issued.invitationId, of.invitationId));

describe('one invitation', () => {
  it('gives exactly one signature, however many ask at once for different papers', async () => {
    const of = papers.held[0]!;
    const asked = Array.from({ length: 100 }, someBlinded);
    const answers = await Promise.all(asked.map((blinded) => ask(of, blinded)));
    const signed = answers.flatMap((a, i) => (a.ok ? [i] : []));
    expect(signed).toHaveLength(1);
    expect(new Set(answers.flatMap((a) => (a.ok ? [] : [a.refusal])))).toEqual(new Set(['fetched']));
    expect(await marks(of)).toMatchObject([{ blindedHash: sha256(asked[signed[0]!]!) }]);
    expect(await ask(of, asked[(signed[0]! + 1) % 100]!)).toEqual({ ok: false, refusal: 'fetched' });
  });

  it('gives the same paper the same bytes, at once and again', async () => {
    const of = papers.held[1]!;
    const first = await Promise.all(Array.from({ length: 30 }, () => ask(of, of.blinded)));
    const all = [...first, await ask(of, of.blinded)];
    expect(all.every((a) => a.ok)).toBe(true);
    expect(new Set(all.map((a) => a.ok && Buffer.from(a.signature).toString('hex'))).size).toBe(1);
    expect(await marks(of)).toHaveLength(1);
  });

  it('gives one signature through all of its links', async () => {
    const of = papers.held[2]!;
    await t.main
      .update(round)
      .set({ fingerprint: randomBytes(32) })
      .where(eq(round.id, papers.roundId));
    const reminder = partsOf(await newLink(t.main, of.invitationId, 'http://localhost', 'nb'));
    expect(reminder.secret).not.toEqual(new Uint8Array(of.secret));
    const other = { ...of, secret: Buffer.from(reminder.secret) };
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => ask(of, someBlinded())),
      ...Array.from({ length: 20 }, () => ask(other, someBlinded())),
    ]);
    expect(answers.filter((a) => a.ok)).toHaveLength(1);
    for (const link of [of, other])
      expect(await show(t.main, papers.roundId, link.secret, now)).toMatchObject({ state: 'fetched' });
  });

  it('is not used up by what cannot be signed', async () => {
    const of = papers.held[3]!;
    const numbers = [0n, 1n, n - 1n, n, n + 1n].map((number) => fromNumber(number, 384));
    const lengths = [0, 1, 383, 385, 768].map((length) => new Uint8Array(length).fill(2));
    for (const blinded of [...numbers, ...lengths])
      expect(await ask(of, blinded)).toEqual({ ok: false, refusal: 'malformed' });
    expect(await marks(of)).toEqual([]);
    expect(await ask(of, of.blinded)).toMatchObject({ ok: true });
  });

  it('is not used up by looking at it', async () => {
    const of = papers.held[4]!;
    for (let i = 0; i < 5; i++)
      expect(await show(t.main, papers.roundId, of.secret, now)).toMatchObject({
        state: 'ready',
        group: of.group,
      });
    expect(await marks(of)).toEqual([]);
  });
});

describe('nothing is signed', () => {
  it('for a secret that nobody was given', async () => {
    for (const secret of [randomBytes(16), new Uint8Array(16), new Uint8Array()])
      expect(await issue(t.main, papers.roundId, secret, someBlinded(), now)).toEqual({
        ok: false,
        refusal: 'unknown',
      });
  });

  it('for a secret of another round, which stays unused in its own', async () => {
    const other = await openRound(t, { groups: 1, each: 5 });
    const of = other.held[0]!;
    for (const call of [
      issue(t.main, papers.roundId, of.secret, of.blinded, now),
      show(t.main, papers.roundId, of.secret, now),
    ])
      expect(await call).toEqual({ ok: false, refusal: 'unknown' });
    expect(await show(t.main, other.roundId, of.secret, now)).toMatchObject({ state: 'ready' });
  });

  it('too early, nor too late, also when the clock is late to say so', async () => {
    const other = await openRound(t, { groups: 1, each: 5 });
    const of = other.held[0]!;
    const set = (to: Partial<typeof round.$inferSelect>) =>
      t.main.update(round).set(to).where(eq(round.id, other.roundId));
    const refusal = async (at = now) => {
      const answer = await issue(t.main, other.roundId, of.secret, of.blinded, at);
      return answer.ok ? 'signed' : answer.refusal;
    };
    await set({ state: 'frozen' });
    expect(await refusal()).toBe('early');
    await set({ state: 'open', stopsAt: now });
    expect(await refusal()).toBe('late');
    expect(await refusal(new Date(now.getTime() - 1))).toBe('signed');
    await set({ state: 'stopped' });
    expect(await refusal(new Date(now.getTime() - 1))).toBe('late');
  });

  it('with the key of a group that the request names: there is no such thing to name', async () => {
    const [a, b] = [papers.held[5]!, papers.held[12]!];
    expect([a.group, b.group]).toEqual(['0001', '0002']);
    await ask(b, b.blinded);
    expect(await marks(b)).toMatchObject([{ groupId: '0002', roundId: papers.roundId }]);
  });
});
