import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Written } from '#domain/measure.ts';
import { type Permit, permitForMachine } from '#server/gate.ts';
import * as lookup from '#server/measure-lookup.ts';
import * as owners from '#server/measure-owners.ts';
import * as places from '#server/measure-places.ts';
import * as statuses from '#server/measure-status.ts';
import * as versions from '#server/measure-versions.ts';
import * as measures from '#server/measures.ts';
import * as questionnaires from '#server/questionnaires.ts';
import {
  goal,
  mandate,
  mandateItem,
  measure,
  measureGoal,
  measureStatus,
  meeting,
  person,
  plan,
  point,
  position,
  release,
  round,
  unit,
} from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import * as made from '#tests/support/releases.ts';
import { approvedRound, permit, town } from '#tests/support/town.ts';

let test: TestDatabases;
let units: Map<string, string>;
const leader = new Map<string, string>();
const employee = new Map<string, string>();
const now = new Date('2027-03-01T10:00:00Z');
const main = () => test.main;

beforeAll(async () => {
  test = await testDatabases();
  ({ ids: units } = await town(main()));
  for (const [code, id] of units) {
    const [led] = await main().select().from(unit).where(eq(unit.id, id));
    leader.set(code, led!.leaderId!);
    const staff = await main().select().from(position).where(eq(position.unitId, id));
    employee.set(code, staff.find((one) => one.personId !== led!.leaderId)?.personId ?? '');
  }
});
afterAll(() => test.stop());

const written = (over: Partial<Written> = {}): Written => ({
  title: 'Avvik gjennomgås i hvert personalmøte',
  expected: 'Flere avvik fører til forbedring',
  ownerId: null,
  ownerRole: 'Ansvarsvakt',
  startsOn: '2027-03-01',
  dueOn: '2027-06-01',
  ...over,
});
const by = <A extends Permit>(personId: string) => permitForMachine(personId) as A;

async function add(code = 'A', over: Partial<Written> = {}, at: measures.Places = {}) {
  const added = await measures.add(main(), units.get(code)!, written(over), at, now, permit());
  if (!added.ok) throw new Error(added.refusals.join());
  return added.id;
}
const find = async (id: string) => (await measures.find(main(), id, now))!;
const seen = async (id: string) => (await find(id)).said.id;

const waits = (way: measures.Way, of: measures.Which) =>
  measures.list(main(), { ...of, ...measures.waiting(way, '2027-03-01') }, now);

async function set(id: string, status: string, sentence = 'Fordi', at = now) {
  const wanted = { status, sentence, seen: await seen(id) };
  return statuses.set(main(), id, wanted, at, by(leader.get('A')!));
}

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
      .values({ roundId, unitId: units.get(code)!, stage: 'agreed', createdAt: now })
      .returning();
    const [kept] = await main()
      .insert(point)
      .values({ meetingId: met!.id, kind: 'improve', title, source, ref, position: 1 })
      .returning();
    ids.push(kept!.id);
  }
  return ids;
}

describe('who may own a unit’s measures', () => {
  it('is who works there, who leads it, a unit above or one below, and nobody who has left', async () => {
    const ofA = (await owners.candidates(main(), 'A', now)).map(({ id }) => id);
    expect(ofA).toContain(employee.get('A'));
    for (const code of ['A', 'H', 'K']) expect(ofA).toContain(leader.get(code));
    expect(ofA).not.toContain(leader.get('B'));
    expect(ofA).not.toContain(employee.get('K'));
    const ofH = (await owners.candidates(main(), 'H', now)).map(({ id }) => id);
    expect(ofH).toEqual(expect.arrayContaining([leader.get('A'), leader.get('B'), leader.get('K')]));
    expect(ofH).not.toContain(employee.get('A'));
  });

  it.each([
    ['no such person', randomUUID()],
    ['no id', "'; drop table measure"],
  ])('is not %s', async (_, ownerId) => {
    const added = await measures.add(main(), units.get('A')!, written({ ownerId }), {}, now, permit());
    expect(added).toEqual({ ok: false, refusals: ['unknown-owner'] });
  });
});

describe('what is written', () => {
  it.each([
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['Lunsj\r\nute\u0000', 'Lunsj ute'],
    ['خطة \u202eعمل', 'خطة \u202eعمل'],
    ['🌱'.repeat(300), '🌱'.repeat(300)],
  ])('is kept as it is read: %j', async (title, kept) => {
    const id = await add('A', { title, expected: `${title}\n${title}`.slice(0, 900) });
    expect((await find(id)).title).toBe(kept);
  });

  it('is refused where something is missing, and nothing is kept of it', async () => {
    const before = await measures.count(main(), {});
    expect(await measures.add(main(), units.get('A')!, written({ title: '' }), {}, now, permit())).toEqual({
      ok: false,
      refusals: ['title'],
    });
    const nowhere = { pointIds: [randomUUID()] };
    expect(await measures.add(main(), units.get('A')!, written(), nowhere, now, permit())).toEqual({
      ok: false,
      refusals: ['unknown-place'],
    });
    expect(await measures.count(main(), {})).toBe(before);
  });
});

describe('status', () => {
  it('is written once, with who, when and a sentence, and seen in every list', async () => {
    const id = await add();
    expect(await set(id, 'in-progress', 'Vi er i gang')).toEqual({ ok: true });
    const [listed] = await measures.list(main(), { unitIds: [units.get('A')!], ids: [id] }, now);
    expect(listed).toMatchObject({ status: 'in-progress', said: { sentence: 'Vi er i gang', at: now } });
    expect((await statuses.history(main(), id)).map(({ status }) => status)).toEqual([
      'in-progress',
      'not-started',
    ]);
    expect(await set(id, 'on-hold', ' ')).toEqual({ ok: false, refusal: 'sentence' });
    expect(await set(id, 'sideways')).toEqual({ ok: false, refusal: 'status' });
    expect(await set(id, 'in-progress')).toEqual({ ok: false, refusal: 'same' });
    expect((await statuses.history(main(), id)).length).toBe(2);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'of two who write at once one is kept and the other is told (%i)',
    async () => {
      const id = await add();
      const at = await seen(id);
      const write = (status: string, sentence: string, who: string) =>
        statuses.set(main(), id, { status, sentence, seen: at }, now, by(leader.get(who)!));
      const two = await Promise.all([write('done', 'Ferdig', 'A'), write('on-hold', 'Venter', 'H')]);
      expect(two.filter(({ ok }) => ok)).toHaveLength(1);
      expect(two.find(({ ok }) => !ok)).toEqual({ ok: false, refusal: 'newer' });
      expect(await statuses.history(main(), id)).toHaveLength(2);
      expect((await find(id)).said.sentence).toBe(two[0].ok ? 'Ferdig' : 'Venter');
    },
  );

  it('sent twice by one person is one change', async () => {
    const id = await add();
    const wanted = { status: 'done', sentence: 'Ferdig', seen: await seen(id) };
    const send = () => statuses.set(main(), id, wanted, now, by(leader.get('A')!));
    expect(await Promise.all([send(), send()])).toEqual([{ ok: true }, { ok: true }]);
    expect(await statuses.history(main(), id)).toHaveLength(2);
  });

  it('in the column is always that of the newest row', async () => {
    const rows = await main().select().from(measureStatus);
    for (const one of await measures.list(main(), {}, now)) {
      const newest = rows.filter((row) => row.measureId === one.id).sort((a, b) => b.id - a.id)[0];
      expect(newest?.status).toBe(one.status);
    }
  });
});

describe('did it help', () => {
  const answer = (id: string, given: string, words: string, before: 'too-early' | null = null, who = 'A') =>
    statuses.answer(main(), id, { answer: given, words, seen: before }, now, by(leader.get(who)!));

  it('is asked of what is over, once, and again after too early', async () => {
    const id = await add();
    expect(await answer(id, 'yes', 'Ja')).toEqual({ ok: false, refusal: 'not-over' });
    await set(id, 'done');
    const unasked = async () => (await waits('unasked', { unitIds: [units.get('A')!] })).map(({ id }) => id);
    expect(await unasked()).toContain(id);
    expect(await answer(id, 'too-early', '')).toEqual({ ok: true });
    expect(await unasked()).not.toContain(id);
    expect(await answer(id, 'yes', 'Færre avvik', 'too-early')).toEqual({ ok: true });
    expect(await answer(id, 'no', 'Nei', 'too-early')).toEqual({ ok: false, refusal: 'answered' });
    expect((await find(id)).effect).toEqual({ answer: 'yes', words: 'Færre avvik', at: now });
  });

  it.each([1, 2, 3, 4, 5, 6])('of two who answer at once, the first stands (%i)', async () => {
    const id = await add();
    await set(id, 'dropped');
    const two = await Promise.all([answer(id, 'too-early', 'Vent'), answer(id, 'no', 'Nei', null, 'H')]);
    expect(two.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await find(id)).effect?.answer).toBe(two[0].ok ? 'too-early' : 'no');
  });
});

describe('two who change the same measure', () => {
  const change = (id: string, from: number, over: Partial<Written>, who = 'A') =>
    versions.change(main(), id, from, written(over), now, by(leader.get(who)!));

  it('lose nothing where they changed different fields, even at once', async () => {
    const id = await add();
    const both = await Promise.all([
      change(id, 1, { title: 'Avvik hver uke' }),
      change(id, 1, { dueOn: '2027-08-01' }, 'H'),
    ]);
    expect(both).toEqual([{ ok: true }, { ok: true }]);
    expect(await find(id)).toMatchObject({ title: 'Avvik hver uke', dueOn: '2027-08-01', version: 3 });
    const kept = await versions.changes(main(), id);
    expect(kept.map(({ version }) => version)).toEqual([3, 2]);
    expect(kept.flatMap(({ fields }) => fields.map(({ field }) => field)).sort()).toEqual(['dueOn', 'title']);
    expect(kept.map(({ by }) => by)).not.toContain(null);
  });

  it('are asked where both changed one field, and the rest is carried along', async () => {
    const id = await add();
    await change(id, 1, { title: 'Hver uke', dueOn: '2027-08-01' }, 'H');
    const asked = await change(id, 1, { title: 'Hver måned', expected: 'Ro' });
    expect(asked).toMatchObject({
      ok: false,
      refusals: [],
      conflicts: [{ field: 'title', mine: 'Hver måned', theirs: 'Hver uke' }],
      merged: { title: 'Hver måned', expected: 'Ro', dueOn: '2027-08-01' },
      version: 2,
    });
    if (asked.ok || !('merged' in asked)) throw new Error();
    expect(await find(id)).toMatchObject({ title: 'Hver uke', version: 2 });
    expect(await change(id, asked.version, asked.merged)).toEqual({ ok: true });
    expect(await find(id)).toMatchObject({ title: 'Hver måned', expected: 'Ro', dueOn: '2027-08-01' });
  });

  it('are asked when their changes do not go together', async () => {
    const id = await add();
    await change(id, 1, { dueOn: '2027-04-01' }, 'H');
    expect(await change(id, 1, { startsOn: '2027-05-01' })).toMatchObject({
      refusals: ['order'],
      version: 2,
    });
    const owned = await add('A', { ownerId: leader.get('A')! });
    await change(owned, 1, { ownerId: leader.get('A')!, ownerRole: null }, 'H');
    expect(await change(owned, 1, { ownerId: null })).toMatchObject({ refusals: ['owner'] });
  });

  it('write no version where nothing was changed, and none from a version there is not', async () => {
    const id = await add();
    expect(await change(id, 1, {})).toEqual({ ok: true });
    expect((await find(id)).version).toBe(1);
    for (const from of [2, 0, 1.5, NaN, 1e12])
      expect(await change(id, from, { title: 'x' })).toEqual({ ok: false, refusals: ['unknown'] });
  });
});

describe('somebody who leaves', () => {
  it('leaves measures that show up with the unit, and may stay on the form until changed', async () => {
    const going = employee.get('B')!;
    const id = await add('B', { ownerId: going });
    const over = await add('B', { ownerId: going });
    await set(over, 'dropped');
    const ids = async () => (await waits('ownerless', { unitIds: [units.get('B')!] })).map(({ id }) => id);
    expect(await ids()).toEqual([]);
    await main().update(person).set({ leftOn: '2027-03-01' }).where(eq(person.id, going));
    expect(await ids()).toEqual([id]);
    expect((await find(id)).owner).toMatchObject({ id: going, here: false });
    const kept = written({ ownerId: going, title: 'Nytt navn' });
    expect(await versions.change(main(), id, 1, kept, now, permit())).toEqual({ ok: true });
    const handed = { ...kept, ownerId: leader.get('B')! };
    expect(await versions.change(main(), id, 2, handed, now, permit())).toEqual({ ok: true });
    expect(await ids()).toEqual([]);
    const back = { ...kept, ownerId: going };
    expect(await versions.change(main(), id, 3, back, now, permit())).toMatchObject({
      refusals: ['unknown-owner'],
    });
    const [last] = await versions.changes(main(), id);
    expect(last!.fields[0]).toMatchObject({ field: 'ownerId', after: expect.stringMatching(/^Person/) });
  });
});

describe('somebody who moves to another unit', () => {
  it('leaves measures that show up with the unit, until somebody there answers for them', async () => {
    const moving = employee.get('B')!;
    const unitIds = [units.get('A')!, units.get('B')!];
    await main().update(person).set({ leftOn: null }).where(eq(person.id, moving));
    const id = await add('B', { ownerId: moving, ownerRole: 'Fagleder' });
    const ofRole = await add('B');
    await main()
      .update(position)
      .set({ unitId: units.get('A')! })
      .where(eq(position.personId, moving));
    expect((await find(id)).owner).toMatchObject({ id: moving, here: true, moved: true });
    expect((await waits('ownerless', { unitIds })).map((one) => one.id)).toEqual([id]);
    const personless = await measures.list(main(), { unitIds, personless: '2027-03-01' }, now);
    expect(personless.map((one) => one.id)).toEqual(expect.arrayContaining([id, ofRole]));
    const handed = written({ ownerId: leader.get('B')! });
    expect(await versions.change(main(), id, 1, handed, now, permit())).toEqual({ ok: true });
    expect((await find(id)).owner).toMatchObject({ here: true, moved: false });
    expect(await waits('ownerless', { unitIds })).toEqual([]);
  });

  it('is everybody who could not be chosen as an owner now, and nobody else', async () => {
    for (const code of ['K', 'H', 'A', 'B']) {
      const id = await add(code);
      const chosen = new Set((await owners.candidates(main(), code, now)).map((one) => one.id));
      for (const of of [...leader.values(), ...employee.values()].filter((one) => one)) {
        await main().update(measure).set({ ownerId: of }).where(eq(measure.id, id));
        expect((await find(id)).owner?.moved, `${code} ${of}`).toBe(!chosen.has(of));
      }
      await main().update(measure).set({ ownerId: null }).where(eq(measure.id, id));
    }
  });
});

describe('lists', () => {
  it('of what is late end the day before today', async () => {
    const ownerId = employee.get('C')!;
    const of = { ownerId };
    const days = ['2027-02-28', '2027-03-01', '2027-03-15', '2027-03-16'];
    for (const dueOn of days) await add('C', { ownerId, startsOn: '2027-01-01', dueOn });
    const due = (rows: measures.MeasureRow[]) => rows.map((one) => one.dueOn);
    expect(due(await waits('late', of))).toEqual(['2027-02-28']);
    expect(due(await measures.list(main(), of, now, 2))).toEqual(days.slice(0, 2));
    expect(await measures.count(main(), of)).toBe(4);
    for (const { id } of await waits('late', of)) await set(id, 'done');
    expect(await waits('late', of)).toEqual([]);
  });

  it.each([
    ['kaffe', 'Kaffekopp', true],
    ['KAFFEN', 'Felles kaffe', true],
    ['te eller kaffe', 'Kaffe hver dag', true],
    ['og i på', 'Kaffe og kake', false],
    ["kaf'fe & | ! \\ :*", 'Kaffe', true],
    ['', 'Kaffe', false],
    ['\u0627\u0644', 'Kaffe', false],
  ])('searched for %j: finds "%s" %s', async (words, title, expected) => {
    const id = await add('C', { title, expected: '-' });
    const found = await measures.list(main(), { words, ids: [id] }, now);
    expect(found.length > 0).toBe(expected);
  });
});

describe('many to many', () => {
  it('a measure stands in points, goals and lists, and may stand nowhere', async () => {
    const [a, b] = await pointsOf('Places', [
      ['A', 'factor', 'role-clarity', 'Tydelig rolle'],
      ['B', 'own', 'Ro', 'Ro'],
    ]);
    const [ofYear] = await main()
      .insert(plan)
      .values({ kind: 'business', unitId: units.get('H')!, year: 2027, createdAt: now })
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

    const id = await add('A', {}, { pointIds: [a!], goalIds: [sub!.id] });
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
    expect(await find(id)).toMatchObject({ title: written().title });
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
    const own = await add('A', far, { pointIds: [mine!] });
    const found = await add('B', far, { pointIds: [theirs!] });
    const again = await add('C', far, { pointIds: [carried!] });
    for (const pointId of [other!, elsewhere!]) await add('B', far, { pointIds: [pointId] });
    const helped = await add('C', { title: 'Fleksibelt ønsketurnus', expected: 'Ro' });
    await set(helped, 'done');
    await statuses.answer(main(), helped, { answer: 'yes', words: 'Ro', seen: null }, now, permit());

    const about = { pointId: mine!, text: 'fleksibel', not: [units.get('A')!] };
    const alike = await lookup.alike(main(), about, now);
    expect(alike[0]).toMatchObject({ id: helped, sameTheme: false });
    expect(new Set(alike.filter((one) => one.sameTheme).map((one) => one.id))).toEqual(
      new Set([found, again]),
    );
    expect(alike.map((one) => one.id)).not.toContain(own);
    const fromCarried = await lookup.alike(main(), { pointId: carried!, not: [units.get('C')!] }, now);
    expect(new Set(fromCarried.map((one) => one.id))).toEqual(new Set([own, found]));
    expect(await lookup.alike(main(), { text: 'og' }, now)).toEqual([]);
    expect(await lookup.alike(main(), {}, now)).toEqual([]);
  });
});
