import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as lookup from '#server/measure-lookup.ts';
import * as places from '#server/measure-places.ts';
import * as statuses from '#server/measure-status.ts';
import * as questionnaires from '#server/questionnaires.ts';
import {
  goal,
  mandate,
  mandateItem,
  measureGoal,
  meeting,
  plan,
  point,
  release,
  round,
} from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { measuringTown, now, written } from '#tests/support/measures.ts';
import * as made from '#tests/support/releases.ts';
import { approvedRound, permit } from '#tests/support/town.ts';

let test: TestDatabases;
let w: Awaited<ReturnType<typeof measuringTown>>;
const main = () => test.main;
beforeAll(async () => {
  test = await testDatabases();
  w = await measuringTown(main());
});
afterAll(() => test.stop());

/** A released round of the town with a meeting and its points in each of the units. */
async function pointsOf(
  name: string,
  wanted: [code: string, source: string, ref: string, title: string][],
  key = 'employee',
) {
  await questionnaires.shipOwn(main(), now);
  const questionnaireId = (await questionnaires.latest(main(), key))!.id;
  const { id: roundId } = await approvedRound(main(), now, { name, questionnaireId });
  const figures = made.release();
  await main().update(round).set({ state: 'closed' }).where(eq(round.id, roundId));
  await main()
    .insert(release)
    .values({ roundId, content: figures, bytes: '{}', sha256: roundId, receipts: '', releasedAt: now });
  const ids: string[] = [];
  for (const [code, source, ref, title] of wanted) {
    const [met] = await main()
      .insert(meeting)
      .values({ roundId, unitId: w.units.get(code)!, stage: 'agreed', createdAt: now })
      .returning();
    const [kept] = await main()
      .insert(point)
      .values({ meetingId: met!.id, kind: 'improve', title, source, ref, position: 1 })
      .returning();
    ids.push(kept!.id);
  }
  return ids;
}

describe('many to many', () => {
  it('a measure stands in points, goals and lists, and may stand nowhere', async () => {
    const [a, b] = await pointsOf('Places', [
      ['A', 'factor', 'role-clarity', 'Tydelig rolle'],
      ['B', 'own', 'Ro', 'Ro'],
    ]);
    const [ofYear] = await main()
      .insert(plan)
      .values({ kind: 'business', unitId: w.units.get('H')!, year: 2027, createdAt: now })
      .returning();
    const [top] = await main()
      .insert(goal)
      .values({ planId: ofYear!.id, position: 1, text: 'Trygge tjenester' })
      .returning();
    const [sub] = await main()
      .insert(goal)
      .values({ planId: ofYear!.id, parentId: top!.id, position: 1, text: 'Avvik fører til læring' })
      .returning();
    const [decision] = await main()
      .insert(mandate)
      .values({ title: '13 punkter', origin: 'Kommunestyret', decidedOn: '2026-01-01', createdAt: now })
      .returning();
    const [item] = await main()
      .insert(mandateItem)
      .values({ mandateId: decision!.id, position: 7, number: '7', text: 'Avvik' })
      .returning();

    const id = await w.add('A', {}, { pointIds: [a!], goalIds: [sub!.id] });
    for (let times = 0; times < 2; times++) {
      expect(await places.add(main(), id, { pointId: b! }, now, permit())).toEqual({ ok: true });
      expect(await places.add(main(), id, { itemId: item!.id }, now, permit())).toEqual({ ok: true });
    }
    for (const lost of [randomUUID(), 'no id'])
      expect(await places.add(main(), id, { pointId: lost }, now, permit())).toEqual({
        ok: false,
        refusal: 'unknown-place',
      });
    const stands = await places.of(main(), id);
    expect(stands.points.map((one) => one.title)).toEqual(['Tydelig rolle', 'Ro']);
    expect(stands.goals).toMatchObject([
      { text: 'Avvik fører til læring', above: 'Trygge tjenester', plan: { kind: 'business', year: 2027 } },
    ]);
    expect(stands.items).toMatchObject([{ number: '7', mandate: { title: '13 punkter' } }]);
    expect(await places.asked(main(), { point: a!, goal: sub!.id, item: item!.id })).toMatchObject({
      point: { unit: 'A' },
      goal: { unit: 'H' },
    });
    for (const nowhere of ['none', top!.id])
      expect(await places.asked(main(), { point: a!, goal: nowhere })).toBeNull();
    await main().update(plan).set({ kind: 'ia' }).where(eq(plan.id, ofYear!.id));
    expect(await places.asked(main(), { goal: sub!.id })).toMatchObject({ goal: { unit: 'H' } });
    expect(await places.asked(main(), { point: a!, goal: sub!.id })).toBeNull();

    await places.remove(main(), id, { pointId: a! }, now, permit());
    await places.remove(main(), id, { pointId: 'no id' }, now, permit());
    await places.remove(main(), id, { itemId: item!.id }, now, permit());
    await main().delete(measureGoal).where(eq(measureGoal.measureId, id));
    expect((await places.of(main(), id)).points.map((one) => one.title)).toEqual(['Ro']);
    await places.remove(main(), id, { pointId: b! }, now, permit());
    expect(await places.of(main(), id)).toEqual({ points: [], goals: [], items: [] });
    expect(await w.find(id)).toMatchObject({ title: written().title });
  });
});

describe('what others did about the same', () => {
  it('is found by the factor of the same questionnaire, carried over or not, and by words; what helped first', async () => {
    const [mine, theirs] = await pointsOf('First', [
      ['A', 'factor', 'flexibility', 'Fleksibel arbeidstid'],
      ['B', 'factor', 'flexibility', 'Fleksibilitet'],
    ]);
    const [carried, other] = await pointsOf('Second', [
      ['C', 'earlier', theirs!, 'Fleksibilitet igjen'],
      ['B', 'statement', 'flexibility', 'Noe annet'],
    ]);
    const [elsewhere] = await pointsOf(
      'Third',
      [['B', 'factor', 'flexibility', 'Samme ord']],
      'extraordinary',
    );
    const far = { title: 'Zzz', expected: 'Qqq' };
    const own = await w.add('A', far, { pointIds: [mine!] });
    const found = await w.add('B', far, { pointIds: [theirs!] });
    const again = await w.add('C', far, { pointIds: [carried!] });
    for (const pointId of [other!, elsewhere!]) await w.add('B', far, { pointIds: [pointId] });
    const helped = await w.add('C', { title: 'Fleksibelt ønsketurnus', expected: 'Ro' });
    await w.set(helped, 'done');
    await statuses.answer(main(), helped, { answer: 'yes', words: 'Ro', seen: null }, now, permit());

    const about = { pointId: mine!, text: 'fleksibel', not: [w.units.get('A')!] };
    const alike = await lookup.alike(main(), about, now);
    expect(alike[0]).toMatchObject({ id: helped, sameTheme: false });
    expect(new Set(alike.filter((one) => one.sameTheme).map((one) => one.id))).toEqual(
      new Set([found, again]),
    );
    expect(alike.map((one) => one.id)).not.toContain(own);
    const fromCarried = await lookup.alike(main(), { pointId: carried!, not: [w.units.get('C')!] }, now);
    expect(new Set(fromCarried.map((one) => one.id))).toEqual(new Set([own, found]));
    expect(await lookup.alike(main(), { text: 'og' }, now)).toEqual([]);
    expect(await lookup.alike(main(), {}, now)).toEqual([]);
  });
});
