import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#domain/access.ts';
import * as Reading from '#domain/reading.ts';
import * as Release from '#domain/release.ts';
import * as gates from '#server/gate.ts';
import * as measures from '#server/measures.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as releases from '#server/releases.ts';
import * as said from '#server/said.ts';
import { measureStatus, programme, release, round, succession, unit } from '#server/schema.ts';
import * as steps from '#server/steps.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { ends } from '#tests/support/ends.ts';
import * as made from '#tests/support/releases.ts';
import { storeMeeting, storeRelease, storeUnits } from '#tests/support/stored.ts';
import { pastTheRules } from '#tests/support/kept.ts';

const day = (days: number) => new Date(Date.UTC(2027, 2, 25 + days, 12));

let databases: TestDatabases;
let ids: Map<string, string>;
let first: Awaited<ReturnType<typeof storeRelease>>;
let second: typeof first;
const main = () => databases.main;
const id = (code: string) => ids.get(code)!;
const { factors } = made.questionnaire;
const factor = factors[0]!.id;
const statement = factors[1]!.statements[0]!;

beforeAll(async () => {
  databases = await testDatabases();
  await questionnaires.shipOwn(main(), day(-2000));
  ids = await storeUnits(main());
  // The home lost a ward between the two rounds: the home itself is put together in another way.
  const nodes = made.tree.map((n) => (n.id === '0006' ? { ...n, units: ['S3'], part: 'whole' as const } : n));
  first = await storeRelease(main(), 'first', 'employee', day(-730), { seed: 8 });
  second = await storeRelease(main(), 'second', 'employee', day(0), { seed: 3, nodes });
  await storeRelease(main(), 'trial', 'employee', day(-300), { seed: 5, dryRun: true });
  await storeRelease(main(), 'taken-back', 'employee', day(-200), { seed: 6 });
  await main()
    .update(release)
    .set({ withdrawnAt: day(-190) })
    .where(eq(release.roundId, 'taken-back'));
});
afterAll(() => databases.stop());

const gate = (who: Partial<Actor> | null, now: Date) =>
  gates.open(
    who && { personId: 'p', name: 'Noen', roles: [], leads: [], worksIn: [], ...who },
    () => now,
    ends,
  );
const ask = (who: Partial<Actor> | null, code: string, now = day(1)) =>
  said.ofUnit(main(), gate(who, now), code, now);
const leader = { leads: ['F'] };
const notFound = { status: 404 };

describe('a ward over two rounds', () => {
  let factorPoint: string;

  beforeAll(async () => {
    const { points } = await storeMeeting(main(), {
      roundId: 'first',
      unitId: id('S1'),
      agreedAt: day(-700),
      fewerReason: 'En kveld',
      points: [
        {
          kind: 'keep',
          title: 'Vi mestrer',
          source: 'factor',
          ref: factor,
          measures: [
            { title: 'Faddere', status: 'done', sentence: 'Alle nye har en', effect: 'yes' },
            { title: 'Fagdag', status: 'in-progress' },
          ],
        },
        { title: 'Påstanden', source: 'statement', ref: statement },
        { title: 'Kaffe', source: 'own' },
      ],
    });
    factorPoint = points[0]!.id;
    await storeMeeting(main(), {
      roundId: 'second',
      unitId: id('S1'),
      agreedAt: day(20),
      points: [{ title: 'Vi mestrer', source: 'earlier', ref: factorPoint, carriedFromId: factorPoint }],
    });
    for (const roundId of ['trial', 'taken-back'])
      await storeMeeting(main(), { roundId, unitId: id('S1'), agreedAt: day(-150), points: [] });
    await storeMeeting(main(), {
      roundId: 'second',
      unitId: id('S2'),
      agreedAt: null,
      points: [{ title: 'x' }],
    });
  });

  test('has the newest meeting in sight and the older behind; none of a trial, none withdrawn', async () => {
    const found = (await ask(leader, 'S1', day(30)))!;
    expect(found.unit).toEqual({ code: 'S1', name: 'Enhet S1' });
    expect(found.newest.map(({ round }) => round.id)).toEqual(['second']);
    expect(found.older.map(({ round, fewerReason }) => [round.id, fewerReason])).toEqual([
      ['first', 'En kveld'],
    ]);
  });

  test('has what was chosen, what is done about it, and whether it helped', async () => {
    const [meeting] = (await ask(leader, 'S1'))!.older;
    expect(meeting!.points.map(({ kind, title, measures }) => [kind, title, measures.length])).toEqual([
      ['keep', 'Vi mestrer', 2],
      ['improve', 'Påstanden', 0],
      ['improve', 'Kaffe', 0],
    ]);
    expect(
      meeting!.points[0]!.measures.map(({ title, status, said, effect, ownerRole }) => [
        title,
        status,
        said.sentence,
        effect?.answer,
        ownerRole,
      ]),
    ).toEqual([
      ['Faddere', 'done', 'Alle nye har en', 'yes', 'Avdelingsleder'],
      ['Fagdag', 'in-progress', '', undefined, 'Avdelingsleder'],
    ]);
  });

  test('shows what the next round said, both sides as they were released', async () => {
    const [meeting] = (await ask(leader, 'S1'))!.older;
    expect(meeting!.next).toEqual({
      state: 'shown',
      round: 'Runde second',
      before: 'Runde first',
      group: null,
    });
    const [one, other, own] = meeting!.points;
    expect(one!.outcome).toMatchObject({
      of: 'factor',
      row: {
        ours: Release.factor(second, '0004', factor),
        earlier: Release.factor(first, '0004', factor),
        noEarlier: null,
      },
    });
    expect(Reading.change(one!.outcome!.row as Reading.FactorRow)).not.toBeNull();
    expect(other!.outcome).toMatchObject({
      of: 'statement',
      row: {
        ours: Release.statement(second, '0004', statement),
        earlier: Release.statement(first, '0004', statement),
      },
    });
    expect([own!.outcome, own!.measured]).toEqual([null, false]);
  });

  test('tells those who work there no figure before they may see it, and by when they will', async () => {
    const nurse = { worksIn: ['S1'] };
    const nextOf = async (now: Date) => (await ask(nurse, 'S1', now))!.older[0]!;
    const early = await nextOf(day(5));
    expect(early.next).toEqual({ state: 'unseen', round: 'Runde second', from: new Date('2027-04-22') });
    expect(JSON.stringify(early)).not.toMatch(/"mean"|"distribution"/);
    expect((await nextOf(day(28))).next.state).toBe('shown');

    await steps.take(main(), 'second', id('S1'), 'presented', day(10), null);
    expect((await nextOf(day(9))).next.state).toBe('unseen');
    expect((await nextOf(day(10))).next.state).toBe('shown');
  });

  test('a point that was carried over is followed back to its factor', async () => {
    const [carried] = (await ask(leader, 'S1', day(30)))!.newest[0]!.points;
    expect(carried).toMatchObject({ measured: true, outcome: null });
    const third = day(400);
    await storeRelease(main(), 'third', 'employee', third, { seed: 9 });
    const [told] = (await ask(leader, 'S1', third))!.newest[0]!.points;
    expect(told!.outcome).toMatchObject({ of: 'factor', row: { id: factor } });
    await pastTheRules(main(), 'release', () => main().delete(release).where(eq(release.roundId, 'third')));
    await main().delete(round).where(eq(round.id, 'third'));
  });
});

test('says when the next survey comes: the round that is decided, else the programme', async () => {
  const aheadOf = async (now: Date) => (await ask(leader, 'S1', now))!.newest[0]!.next;
  expect(await aheadOf(day(30))).toEqual({ state: 'ahead', ahead: null });
  const runs = { questionnaireKey: 'employee', month: 3, windowDays: 21, createdAt: day(0) };
  await main()
    .insert(programme)
    .values([
      { ...runs, name: 'Ordinær', unitIds: [id('F')], firstYear: 2027, everyYears: 3 },
      { ...runs, name: 'Andre', unitIds: [id('J')], firstYear: 2028, everyYears: 2 },
      {
        ...runs,
        name: 'Noe annet',
        unitIds: [id('F')],
        firstYear: 2028,
        everyYears: 1,
        questionnaireKey: 'leader',
      },
    ]);
  expect(await aheadOf(day(30))).toEqual({ state: 'ahead', ahead: { year: 2030 } });
  const [like] = await main().select().from(round).where(eq(round.id, 'second'));
  const plan = { ...like!, state: 'approved', opensAt: day(700), stopsAt: day(721), tree: null };
  await main()
    .insert(round)
    .values([
      { ...plan, id: 'elsewhere', unitIds: [id('J')], opensAt: day(100) },
      { ...plan, id: 'coming', unitIds: [id('S')], state: 'planned' },
    ]);
  const approve = () => main().update(round).set({ state: 'approved' }).where(eq(round.id, 'coming'));
  expect(await aheadOf(day(30))).toEqual({ state: 'ahead', ahead: { year: 2029 } });
  await approve();
  expect(await aheadOf(day(30))).toEqual({ state: 'ahead', ahead: { day: '2029-02-22' } });
  await main().update(round).set({ state: 'open' }).where(eq(round.id, 'coming'));
  expect(await aheadOf(day(701))).toEqual({ state: 'ahead', ahead: { open: true } });
});

test('a unit that is put together in another way now says so, and shows no change', async () => {
  const points = [{ title: 'Vi mestrer', source: 'factor' as const, ref: factor }];
  await storeMeeting(main(), { roundId: 'first', unitId: id('S'), agreedAt: day(-700), points });
  const [meeting] = (await ask(leader, 'S'))!.newest;
  expect(meeting!.points[0]!.outcome).toMatchObject({
    row: { ours: Release.factor(second, '0003', factor), earlier: null, noEarlier: 'reorganised' },
  });
});

test('where units are counted together, the figures are the group’s, and it is named', async () => {
  await storeRelease(main(), 'x1', 'extraordinary', day(-100), { seed: 1 });
  await storeRelease(main(), 'x2', 'extraordinary', day(-1), { seed: 2 });
  const points = [{ title: 'Vi mestrer', source: 'factor' as const, ref: factor }];
  await storeMeeting(main(), { roundId: 'x1', unitId: id('S4'), agreedAt: day(-90), points });
  const [meeting] = (await ask(leader, 'S4'))!.newest;
  expect(meeting!.next).toMatchObject({ state: 'shown', group: 'Avdeling Selje og Nattjenesten' });
});

test('is for those who work in the unit and those who follow it, and for nobody else', async () => {
  const may: [Partial<Actor>, string][] = [
    [{ worksIn: ['S1'] }, 'S1'],
    [{ leads: ['S'] }, 'S1'],
    [{ roles: [{ role: 'union', unit: 'S' }] }, 'S1'],
    [{ roles: [{ role: 'hr', unit: null }] }, 'S1'],
  ];
  const mayNot: [Partial<Actor>, string][] = [
    [{ worksIn: ['S2'] }, 'S1'],
    [{ worksIn: ['S1'] }, 'S'],
    [{ leads: ['J'] }, 'S1'],
    [{ roles: [{ role: 'committee', unit: 'H' }] }, 'S1'],
    [{ leads: ['F'] }, 'X'],
  ];
  for (const [who, code] of may) expect(await ask(who, code), JSON.stringify(who)).not.toBeNull();
  for (const [who, code] of mayNot)
    await expect(ask(who, code), JSON.stringify(who)).rejects.toMatchObject(notFound);
  await expect(ask(null, 'S1')).rejects.toMatchObject({ status: 303 });
  expect(await ask({ roles: [{ role: 'hr', unit: null }] }, 'X')).toBeNull();
});

test('the list has one’s own units, agreed or not, and those one follows in which something is agreed', async () => {
  const listed = async (who: Partial<Actor>) =>
    (await said.list(main(), gate(who, day(30)), day(30))).map(
      ({ unit, own, newest }) => `${unit.code} ${own ? 'own' : 'other'} ${newest?.round ?? '-'}`,
    );
  expect(await listed({ worksIn: ['S1', 'S2'] })).toEqual(['S1 own Runde second', 'S2 own -']);
  expect(await listed({ leads: ['S'] })).toEqual([
    'S own Runde first',
    'S1 other Runde second',
    'S4 other Runde x1',
  ]);
  expect(await listed({ roles: [{ role: 'committee', unit: 'H' }] })).toEqual([]);
});

test('the newest sentence of a measure is the one that is told', async () => {
  const [meeting] = (await ask(leader, 'S1'))!.older;
  const [measure] = meeting!.points[0]!.measures;
  await main()
    .insert(measureStatus)
    .values({ measureId: measure!.id, status: 'done', sentence: 'Alle har en fadder', at: day(2) });
  const again = (await ask(leader, 'S1', day(3)))!.older[0]!.points[0]!.measures[0]!;
  expect(again.said.sentence).toBe('Alle har en fadder');
  expect((await measures.find(main(), measure!.id, day(3)))!.said.sentence).toBe('Alle har en fadder');
});

describe('a unit that took over from another', () => {
  beforeAll(async () => {
    const nodes = made.tree.map((n) => (n.id === '0009' ? { ...n, units: ['J9'] } : n));
    await storeRelease(main(), 'y1', 'extraordinary', day(-1000), { seed: 1, opened: '2024-06-01' });
    await storeRelease(main(), 'y2', 'extraordinary', day(-900), { seed: 2, opened: '2024-10-01', nodes });
    const points = [{ title: 'Vi mestrer', source: 'factor' as const, ref: factor }];
    await storeMeeting(main(), { roundId: 'y1', unitId: id('J1'), agreedAt: day(-990), points });
    await main().update(unit).set({ validTo: '2024-07-31' }).where(eq(unit.code, 'J1'));
    const [row] = await main()
      .insert(unit)
      .values({ code: 'J9', name: 'Enhet J9', parentId: id('J'), validFrom: '2024-08-01' })
      .returning();
    ids.set('J9', row!.id);
  });
  const leads = { leads: ['J'] };
  const tookOver = (from: string) =>
    main()
      .insert(succession)
      .values({ unitId: id('J9'), fromId: id(from), on: '2024-08-01', at: day(-960) });
  const listed = async () =>
    (await said.list(main(), gate(leads, day(1)), day(1))).map((one) => [one.unit.code, one.newest?.round]);

  test('has nothing of it before anybody has said so', async () => {
    expect((await ask(leads, 'J9'))!.newest).toEqual([]);
    expect(await listed()).toEqual([['J', undefined]]);
  });

  test('has what it chose, and the figures that the result has for both sides', async () => {
    await tookOver('J1');
    const [meeting] = (await ask(leads, 'J9'))!.newest;
    expect(meeting).toMatchObject({
      former: 'Enhet J1',
      round: { id: 'y1' },
      next: { state: 'shown', round: 'Runde y2', before: 'Runde y1' },
    });
    const [then, later] = ['y1', 'y2'].map(async (round) => (await releases.inRoom(main(), round))!.figures);
    expect(meeting!.points[0]!.outcome!.row).toMatchObject({
      ours: Release.factor(await later!, '0009', factor),
      earlier: Release.factor(await then!, '0009', factor),
    });
    expect(meeting!.points[0]!.outcome!.row.ours).not.toBeNull();
    expect(await listed()).toEqual([
      ['J', undefined],
      ['J9', 'Runde y1'],
    ]);
    const node = { ...made.tree.find((one) => one.id === '0009')!, units: ['J9'] };
    const last = await said.last(main(), [node], 'employee', day(1));
    expect(last(node, 'nb')).toContain('Enhet J1, Runde y1');
    // Who may not see the later result gets no figure of the earlier one either.
    const early = (await ask({ worksIn: ['J9'] }, 'J9', day(-895)))!.newest[0]!;
    expect(early.next.state).toBe('unseen');
    expect(JSON.stringify(early.points)).not.toMatch(/"mean"/);
  });

  test('has nothing of a unit that is only part of it', async () => {
    await tookOver('J2');
    expect((await ask(leads, 'J9'))!.newest).toEqual([]);
  });
});
