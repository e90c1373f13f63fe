import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as Cause from '#domain/cause.ts';
import * as causes from '#server/causes.ts';
import * as meetings from '#server/meetings.ts';
import * as points from '#server/points.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { cause, meeting } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { form } from '#tests/support/meetings.ts';
import { storeRelease, storeUnits } from '#tests/support/stored.ts';
import { permit } from '#tests/support/town.ts';

const now = new Date('2027-04-14T12:00:00Z');
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
let t: TestDatabases;
let meetingId: string;
let pointId: string;
const main = () => t.main;

beforeAll(async () => {
  t = await testDatabases();
  await storeUnits(main());
  await questionnaires.shipOwn(main(), later(-1e6));
  const figures = await storeRelease(main(), 'current1', 'employee', later(-30_000));
  const made = await meetings.ensure(main(), 'current1', 'S1', now, permit());
  if (!made.ok) throw new Error(made.refusal);
  meetingId = made.id;
  const written = form({ 'keep-1-title': 'Tonen', reason: 'Ett holder' });
  const typed = { base: form(), mine: written, drop: false };
  await points.choose(main(), { meetingId, unitCode: 'S1', figures }, typed, 'nb', permit());
  pointId = (await points.list(main(), { meetingIds: [meetingId] }))[0]!.id;
});
afterAll(() => t.stop());
beforeEach(async () => {
  await main().delete(cause);
  await main().update(meeting).set({ agreedAt: null });
});

const add = async (text: string, whyOfId: string | null = null, at = now) =>
  await causes.add(main(), pointId, { kind: 'hinders', text, whyOfId }, at, permit());
const added = async (text: string, whyOfId: string | null = null, at = now) => {
  const done = await add(text, whyOfId, at);
  if (!done.ok) throw new Error(done.refusal);
  return done.id;
};
const all = async () => (await causes.list(main(), [pointId])).get(pointId) ?? [];
const texts = async () => (await all()).map(({ text }) => text);
const change = (id: string, base: string, mine: string) =>
  causes.change(main(), pointId, id, { base, mine }, permit());
const remove = async (id: string, seen?: string) =>
  await causes.remove(main(), pointId, id, seen ?? causes.seen(Cause.chain(await all(), id)), permit());

describe('two who write at once', () => {
  it('both add to the same cause', async () => {
    const first = await added('Det er trangt');
    await Promise.all([add('Rommet er lite', first), add('Senga er stor', first)]);
    expect((await texts()).sort()).toEqual(['Det er trangt', 'Rommet er lite', 'Senga er stor']);
  });

  it('never come deeper than five', async () => {
    let last: string | null = null;
    for (const text of ['1', '2', '3', '4']) last = await added(text, last);
    const [a, b] = await Promise.all([add('5', last), add('5 b', last)]);
    expect([a.ok, b.ok]).toEqual([true, true]);
    if (a.ok) expect(await add('6', a.id)).toEqual({ ok: false, refusal: 'deep' });
  });

  it('are not asked where only one of them changed it, and the second is where both did', async () => {
    const id = await added('Først');
    expect(await change(id, 'Først', 'Deres')).toEqual({ ok: true });
    expect(await change(id, 'Først', 'Først')).toEqual({ ok: true });
    expect(await texts()).toEqual(['Deres']);
    expect(await change(id, 'Først', 'Min')).toMatchObject({
      ok: false,
      refusal: 'changed',
      theirs: 'Deres',
    });
    expect(await texts()).toEqual(['Deres']);
    expect(await change(id, 'Deres', 'Min')).toEqual({ ok: true });
    expect(await texts()).toEqual(['Min']);
  });

  it('one of whom removes take nothing that the other has just written', async () => {
    const id = await added('Først');
    const seen = causes.seen(await all());
    await added('Fordi', id);
    expect(await remove(id, seen)).toEqual({ ok: false, refusal: 'changed' });
    expect((await texts()).sort()).toEqual(['Fordi', 'Først']);
    expect(await remove(id)).toEqual({ ok: true });
    expect(await texts()).toEqual([]);
    expect(await change(id, 'Først', 'Min')).toEqual({ ok: false, refusal: 'gone' });
    expect(await add('Fordi', id)).toEqual({ ok: false, refusal: 'gone' });
    expect(await remove(id, seen)).toEqual({ ok: false, refusal: 'gone' });
  });
});

it('what stood when the meeting agreed stands; causes can still be added, and those mended', async () => {
  const before = await added('Var med');
  await main()
    .update(meeting)
    .set({ agreedAt: later(1) })
    .where(eq(meeting.id, meetingId));
  const after = await added('Kom til', before, later(2));
  expect(await change(before, 'Var med', 'Nei')).toEqual({ ok: false, refusal: 'agreed' });
  expect(await remove(before)).toEqual({ ok: false, refusal: 'agreed' });
  expect(await change(after, 'Kom til', 'Kom til senere')).toEqual({ ok: true });
  expect(await remove(after)).toEqual({ ok: true });
});

it('a cause of another point is not found', async () => {
  const id = await added('Her');
  const done = await causes.change(main(), randomUUID(), id, { base: 'Her', mine: 'Der' }, permit());
  expect(done).toEqual({ ok: false, refusal: 'gone' });
});
