import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ballotsOf } from '#server/box.ts';
import { open, stop, tick } from '#server/clock.ts';
import { connectBox, connectMain } from '#server/db.ts';
import * as rounds from '#server/rounds.ts';
import { dispatch, invitation, person, round, roundEvent } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { now, openRound } from '#tests/support/papers.ts';
import { town } from '#tests/support/town.ts';

let t: TestDatabases;
beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
});
afterAll(() => t.stop());

const after = (days: number) => new Date(now.getTime() + days * 24 * 3600_000);
const opening = after(0.5);
const stopping = after(22);

async function frozenRound() {
  const { roundId, held } = await openRound(t, { groups: 1, each: 5 });
  await t.main
    .update(round)
    .set({ state: 'frozen', opensAt: opening, stopsAt: stopping })
    .where(eq(round.id, roundId));
  await t.box`update round set intake = false where id = ${roundId}`;
  return { id: roundId, held };
}
const stateOf = async (id: string) => (await rounds.find(t.main, id))!.state;
const eventsOf = async (id: string) =>
  (await t.main.select().from(roundEvent).where(eq(roundEvent.roundId, id)))
    .map((e) => e.event)
    .filter((e) => !['plan', 'approve'].includes(e))
    .sort();
const intakeOf = async (id: string) => (await t.box`select intake from round where id = ${id}`)[0]?.intake;

describe('a round opens and stops', () => {
  it('by itself, each once, also for two processes that look at the same moment', async () => {
    const { id } = await frozenRound();
    const other = { ...connectMain(t.mainUrl), box: connectBox(t.boxUrl) };
    const both = (at: Date) =>
      Promise.all(
        Array.from({ length: 16 }, (_, i) =>
          i % 2 ? tick(t.main, t.box, at) : tick(other.main, other.box, at),
        ),
      );
    try {
      await both(new Date(opening.getTime() - 1));
      expect([await stateOf(id), await intakeOf(id)]).toEqual(['frozen', false]);
      await both(opening);
      expect([await stateOf(id), await intakeOf(id)]).toEqual(['open', true]);
      for (const day of [6, 8, 9, 15, 16]) await both(after(day));
      await both(stopping);
      expect([await stateOf(id), await intakeOf(id)]).toEqual(['stopped', false]);
      expect(await eventsOf(id)).toEqual(['open', 'remind 1', 'remind 2', 'stop']);
    } finally {
      await Promise.all([other.sql.end(), other.box.end()]);
    }
  });

  it('never, when its whole window passed while everything was down: a person plans it anew', async () => {
    const { id, held } = await frozenRound();
    for (let i = 0; i < 3; i++) await tick(t.main, t.box, after(40));
    expect([await stateOf(id), await intakeOf(id)]).toEqual(['frozen', false]);
    expect(await eventsOf(id)).toEqual([]);
    const asked = await t.main
      .select()
      .from(dispatch)
      .where(eq(dispatch.invitationId, held[0]!.invitationId));
    expect(asked).toEqual([]);
  });

  it('and whoever comes too late to open it does not let ballots in again', async () => {
    const { id } = await frozenRound();
    await open(t.main, t.box, id, opening, null);
    await stop(t.main, t.box, id, after(3), null);
    expect(await open(t.main, t.box, id, after(4), null)).toEqual({ ok: false, refusal: 'wrong-state' });
    expect(await intakeOf(id)).toBe(false);
  });

  it('only on two servers that are fit to keep answers', async () => {
    const { id } = await frozenRound();
    const same = connectBox(t.mainUrl);
    const answer = await open(t.main, same, id, opening, null).finally(() => same.end());
    expect(answer).toMatchObject({ ok: false, refusal: 'servers' });
    expect(await stateOf(id)).toBe('frozen');
  });
});

it('asks only for the newest reminder after a downtime over both', async () => {
  const { id, held } = await frozenRound();
  const [somebody] = await t.main.select().from(person).limit(1);
  const first = eq(invitation.id, held[0]!.invitationId);
  await t.main.update(invitation).set({ email: 'p@testvik.example', personId: somebody!.id }).where(first);
  await tick(t.main, t.box, opening);
  await tick(t.main, t.box, after(16));
  expect(await eventsOf(id)).toEqual(['open', 'remind 1', 'remind 2']);
  const mine = eq(dispatch.invitationId, held[0]!.invitationId);
  const asked = await t.main.select().from(dispatch).where(mine);
  expect(asked.map((d) => d.occasion).sort()).toEqual([0, 2]);
});

describe('what a crash cut off is brought to its end', () => {
  it('when main had stopped, and the box had not heard', async () => {
    const { id } = await frozenRound();
    await open(t.main, t.box, id, opening, null);
    await rounds.take(t.main, id, 'stop', after(2), null);
    expect(await intakeOf(id)).toBe(true);
    await tick(t.main, t.box, after(2));
    expect(await intakeOf(id)).toBe(false);
  });

  it('when a round was withdrawn, and its ballots were still there', async () => {
    const { id } = await frozenRound();
    await open(t.main, t.box, id, opening, null);
    await rounds.take(t.main, id, 'withdraw', after(2), null, { reason: 'Wrong questionnaire' });
    await tick(t.main, t.box, after(2));
    expect(await intakeOf(id)).toBeUndefined();
    const [left] = await t.box`select to_regclass(${ballotsOf(id)}) as table`;
    expect(left!.table).toBeNull();
  });

  it('in one round, although another cannot be served', async () => {
    const lost = await frozenRound();
    const sound = await frozenRound();
    await t.box`delete from round where id = ${lost.id}`;
    await expect(tick(t.main, t.box, opening)).rejects.toThrow('does not hold');
    expect([await stateOf(lost.id), await stateOf(sound.id)]).toEqual(['frozen', 'open']);
  });
});
