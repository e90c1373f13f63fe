import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Slot, Written } from '#domain/point.ts';
import * as candidates from '#server/candidates.ts';
import * as causes from '#server/causes.ts';
import * as meetings from '#server/meetings.ts';
import * as measures from '#server/measures.ts';
import * as points from '#server/points.ts';
import { present } from '#server/presenting.ts';
import * as questionnaires from '#server/questionnaires.ts';
import type { Figures } from '#server/releases.ts';
import { candidate, cause, measure, measurePoint, meeting, point, sitting, step } from '#server/schema.ts';
import * as steps from '#server/steps.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { form } from '#tests/support/meetings.ts';
import { storeRelease, storeUnits } from '#tests/support/stored.ts';
import { permit } from '#tests/support/town.ts';

const day = (days: number) => new Date(Date.UTC(2027, 2, 25 + days, 12));
const now = day(20);
let t: TestDatabases;
let ids: Map<string, string>;
let figures: Figures;
let meetingId: string;
const main = () => t.main;

beforeAll(async () => {
  t = await testDatabases();
  ids = await storeUnits(main());
  await questionnaires.shipOwn(main(), day(-900));
  await storeRelease(main(), 'earlier1', 'employee', day(-730), { seed: 8 });
  figures = await storeRelease(main(), 'current1', 'employee', day(0), { seed: 3 });
});
afterAll(() => t.stop());

beforeEach(async () => {
  for (const table of [measurePoint, cause, point, candidate, sitting, meeting, step] as const)
    await main().delete(table);
  meetingId = await ensured('current1');
});

async function ensured(roundId: string) {
  const made = await meetings.ensure(main(), roundId, 'S1', now, permit());
  if (!made.ok) throw new Error(made.refusal);
  return made.id;
}

const four: Partial<Written> = {
  'keep-1': 'factor:flexibility',
  'keep-2': 'factor:role-clarity',
  'improve-1': 'factor:mastery-climate',
  'improve-2-title': 'Roligere morgener',
};
const choose = (mine: Written, base = form(), more: { drop?: boolean; id?: string } = {}) =>
  points.choose(
    main(),
    { meetingId: more.id ?? meetingId, unitCode: 'S1', figures },
    { base, mine, drop: more.drop ?? false },
    'nb',
    permit(),
  );
const chosen = async (id = meetingId) => await points.list(main(), { meetingIds: [id] });
const current = async (): Promise<Written> => {
  const done = await choose({ ...form(), 'keep-1': 'factor:gone' }, form());
  return done.ok ? form() : done.base;
};
const withMeasure = async (pointId: string) =>
  await measures.add(
    main(),
    ids.get('S1')!,
    {
      title: 'Fast fagdag',
      expected: 'Alle lærer',
      ownerId: null,
      ownerRole: 'Fagleder',
      startsOn: '2027-05-01',
      dueOn: '2027-10-01',
    },
    { pointIds: [pointId] },
    now,
    permit(),
  );
const presented = async () => {
  const of = { roundId: 'current1', unitId: ids.get('S1')!, unitCode: 'S1', releasedAt: day(0) };
  return await present(main(), of, { day: '2027-04-10', tookPart: '17' }, now, permit());
};

describe('choosing', () => {
  it('keeps four points with their words, in their order', async () => {
    expect(await choose(form(four))).toEqual({ ok: true });
    expect((await chosen()).map((one) => [one.kind, one.position, one.source, one.title])).toEqual([
      ['keep', 0, 'factor', 'Vilje til å være fleksibel'],
      ['keep', 1, 'factor', 'Klare roller'],
      ['improve', 0, 'factor', 'Å gjøre hverandre gode'],
      ['improve', 1, 'own', 'Roligere morgener'],
    ]);
  });

  it('refuses, and gives back what was typed', async () => {
    const mine = form({ ...four, 'improve-1': 'factor:flexibility', reason: 'Hm' });
    expect(await choose(mine)).toMatchObject({
      ok: false,
      refusals: [{ refusal: 'twice', slot: 'improve-1' }],
      mine,
    });
    expect(await chosen()).toEqual([]);
  });

  it('keeps the reason for fewer with the points, and forgets it when there are four', async () => {
    await choose(form({ 'keep-1': 'factor:flexibility', reason: 'som rapportert' }));
    expect((await chosen())[0]!.meeting.fewerReason).toBe('som rapportert');
    expect(await choose({ ...(await current()), ...four }, await current())).toEqual({ ok: true });
    expect((await chosen())[0]!.meeting.fewerReason).toBeNull();
  });

  it('carries over an earlier point that was agreed, and only such', async () => {
    const earlier = await ensured('earlier1');
    await choose(form({ ...four, 'keep-1-title': 'Tonen' }), form(), { id: earlier });
    const [tone] = await chosen(earlier);
    const carried = form({ ...four, 'keep-1': `earlier:${tone!.id}` });
    expect(await choose(carried)).toMatchObject({ refusals: [{ refusal: 'unknown', slot: 'keep-1' }] });
    await main()
      .update(meeting)
      .set({ agreedAt: day(-700) })
      .where(eq(meeting.id, earlier));
    expect(await choose(carried)).toEqual({ ok: true });
    expect((await chosen())[0]).toMatchObject({ title: 'Tonen', source: 'earlier', carriedFromId: tone!.id });
  });

  it('offers a meeting nothing of later rounds, on phones as little as on the leader’s page', async () => {
    await choose(form(four));
    await main().update(meeting).set({ agreedAt: now });
    const unitId = ids.get('S1')!;
    const of = { unitId, unitCode: 'S1', roundId: 'earlier1', meetingId: await ensured('earlier1') };
    const { offers } = await candidates.table(main(), of);
    expect(offers.filter(({ source }) => source === 'earlier')).toEqual([]);
    expect((await points.offers(main(), of, figures, 'S1')).earlier).toEqual([]);
  });

  it('offers a theme of two earlier meetings once, the newer, and on phones only where the result lacks it', async () => {
    await storeRelease(main(), 'between1', 'employee', day(-300), { seed: 5 });
    const [earlier, between] = [await ensured('earlier1'), await ensured('between1')];
    await choose(form(four), form(), { id: earlier });
    await choose(form({ ...four, 'improve-2-title': 'Roligere Morgener' }), form(), { id: between });
    await main()
      .update(meeting)
      .set({ agreedAt: day(-280) })
      .where(inArray(meeting.id, [earlier, between]));
    const of = { unitId: ids.get('S1')!, unitCode: 'S1', roundId: 'current1', meetingId };
    const { earlier: offered } = await points.offers(main(), of, figures, 'S1');
    expect(offered).toHaveLength(4);
    expect(new Set(offered.map((one) => one.round)).size).toBe(1);
    const { offers } = await candidates.table(main(), of);
    const carried = offers.filter(({ source }) => source === 'earlier');
    expect(carried.map(({ title }) => title.nb)).toEqual(['Roligere Morgener']);
  });

  it('takes what the room put forward; votes, and their order, only from five voters on', async () => {
    const put = (id: string, ref: string, votes: number) => ({
      ...{ id, meetingId, kind: 'keep', source: 'own', ref, votes },
      title: { nb: ref },
    });
    await main()
      .insert(candidate)
      .values([
        put('11111111-1111-4111-8111-111111111111', 'Kaffe klokka ti', 1),
        put('22222222-2222-4222-8222-222222222222', 'Rolige vakter', 4),
      ]);
    for (const [voters, expected] of [
      [null, ['Kaffe klokka ti', null, 'Rolige vakter', null]],
      [4, ['Kaffe klokka ti', null, 'Rolige vakter', null]],
      [5, ['Rolige vakter', 4, 'Kaffe klokka ti', 1]],
    ] as const) {
      await main().update(meeting).set({ voters });
      const of = { roundId: 'current1', unitId: ids.get('S1')! };
      const offered = await points.offers(main(), of, figures, 'S1');
      expect(offered.candidates.flatMap(({ ref, votes }) => [ref, votes])).toEqual(expected);
      expect(offered.voters).toBe(voters === 5 ? 5 : null);
    }
    expect(await choose(form({ ...four, 'keep-1': 'own:Kaffe klokka ti' }))).toEqual({ ok: true });
  });

  it('lets a point that stays keep its causes and measures, whatever it is called and wherever it stands', async () => {
    await choose(form(four));
    const kept = await current();
    const [first] = await chosen();
    await causes.add(
      main(),
      first!.id,
      { kind: 'promotes', text: 'Vi bytter', whyOfId: null },
      now,
      permit(),
    );
    const swap = (at: Slot, to: string, title: string) => ({ [at]: to, [`${at}-title`]: title });
    const moved = {
      ...kept,
      ...swap('improve-2', 'factor:flexibility', 'Vi bytter vakter'),
      ...swap('keep-1', 'own:Roligere morgener', 'Roligere morgener'),
    };
    expect(await choose(moved, kept)).toEqual({ ok: true });
    expect((await chosen()).find(({ id }) => id === first!.id)).toMatchObject({
      kind: 'improve',
      title: 'Vi bytter vakter',
      position: 1,
      version: 2,
    });
    expect((await causes.list(main(), [first!.id])).get(first!.id)).toHaveLength(1);
  });

  it('lets a point with causes or measures go only when it is said so; its measures stay with the unit', async () => {
    await choose(form(four));
    const kept = await current();
    const [first] = await chosen();
    await withMeasure(first!.id);
    const other = { ...kept, 'keep-1': 'factor:nearest-leader' };
    expect(await choose(other, kept)).toMatchObject({
      refusals: [{ refusal: 'drops', titles: ['Vilje til å være fleksibel'] }],
      mine: other,
    });
    expect(await choose(other, kept, { drop: true })).toEqual({ ok: true });
    expect((await chosen())[0]!.ref).toBe('nearest-leader');
    expect(await main().select().from(measure)).toHaveLength(1);
  });

  it('is for one at a time: two who choose at once both keep what they changed', async () => {
    await choose(form(four));
    const kept = await current();
    const done = await Promise.all([
      choose({ ...kept, 'keep-1-title': 'Vi bytter' }, kept),
      choose({ ...kept, 'improve-2-title': 'Ro om morgenen' }, kept),
    ]);
    expect(done).toEqual([{ ok: true }, { ok: true }]);
    expect((await chosen()).map(({ title }) => title)).toEqual([
      ...['Vi bytter', 'Klare roller', 'Å gjøre hverandre gode', 'Ro om morgenen'],
    ]);
  });

  it('asks the second of two who wrote differently, who then sees what the first wrote', async () => {
    await choose(form(four));
    const kept = await current();
    const mine = { ...kept, 'keep-1-title': 'Min' };
    await choose({ ...kept, 'keep-1-title': 'Deres' }, kept);
    const second = await choose(mine, kept);
    expect(second).toMatchObject({
      refusals: [{ refusal: 'changed', conflicts: [{ field: 'keep-1-title', theirs: 'Deres' }] }],
      mine: { 'keep-1-title': 'Min' },
      base: { 'keep-1-title': 'Deres' },
    });
    if (second.ok) throw new Error('was not asked');
    expect(await choose(second.mine, second.base)).toEqual({ ok: true });
    expect((await chosen())[0]!.title).toBe('Min');
  });
});

describe('agreeing', () => {
  const agree = () => points.agree(main(), meetingId, now, permit());

  it('on phones needs somebody to have counted who took part', async () => {
    await steps.take(main(), 'current1', ids.get('S1')!, 'presented', now, null);
    await choose(form(four));
    for (const { id } of await chosen()) await withMeasure(id);
    await main().insert(sitting).values({ meetingId, startsAt: now, place: 'Vaktrommet' });
    expect(await agree()).toEqual({ ok: false, refusal: 'not-counted' });
    await main().update(sitting).set({ heldAt: now, tookPart: 9 });
    expect(await agree()).toEqual({ ok: true });
  });

  it('needs the results presented and a measure for each point, and then the points stand', async () => {
    expect(await agree()).toEqual({ ok: false, refusal: 'not-presented' });
    expect(await presented()).toEqual({ ok: true });
    expect(await agree()).toEqual({ ok: false, refusal: 'none' });
    await choose(form(four));
    const settled = await chosen();
    for (const one of settled.slice(0, 3)) await withMeasure(one.id);
    expect(await agree()).toEqual({ ok: false, refusal: 'measures', titles: ['Roligere morgener'] });
    await withMeasure(settled[3]!.id);

    const both = await Promise.all([agree(), agree()]);
    expect(both).toContainEqual({ ok: true });
    expect(both).toContainEqual({ ok: false, refusal: 'agreed' });
    expect((await steps.taken(main(), 'current1', ids.get('S1')!)).agreed?.at).toEqual(now);
    const kept = await current();
    expect(await choose({ ...kept, 'keep-1-title': 'For sent' }, kept)).toMatchObject({
      refusals: [{ refusal: 'agreed' }],
    });
    expect((await chosen())[0]!.title).toBe('Vilje til å være fleksibel');
  });
});

describe('results presented without phones', () => {
  it('are a sitting that was held, once however often it is sent, and the step of that day', async () => {
    expect(await presented()).toEqual({ ok: true });
    expect(await presented()).toEqual({ ok: true });
    const held = await main().select().from(sitting);
    expect(held.map(({ tookPart, heldAt }) => [tookPart, heldAt])).toEqual([
      [17, new Date('2027-04-10T10:00:00Z')],
    ]);
    const { presented: step3 } = await steps.taken(main(), 'current1', ids.get('S1')!);
    expect(step3?.at).toEqual(new Date('2027-04-10T10:00:00Z'));
  });
});
