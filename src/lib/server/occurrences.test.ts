import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as Programme from '#domain/programme.ts';
import { connectMain } from '#server/db.ts';
import * as occurrences from '#server/occurrences.ts';
import * as programmes from '#server/programmes.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { occurrence, programme, round, roundEvent, task } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { permit, town } from '#tests/support/town.ts';

let t: TestDatabases;
const at = (written: string) => new Date(written);
const made = at('2026-11-25T12:00:00Z');
const written = (over: Partial<Programme.Written> = {}): Programme.Written => ({
  name: 'Medarbeiderundersøkelsen',
  questionnaireKey: 'employee',
  unitCodes: ['K'],
  firstYear: 2027,
  everyYears: 2,
  month: 9,
  windowDays: 21,
  ...over,
});

beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
  await questionnaires.shipOwn(t.main, made);
});
afterAll(() => t.stop());
beforeEach(async () => {
  for (const table of [occurrence, task, roundEvent, round, programme]) await t.main.delete(table);
});

const add = async (over: Partial<Programme.Written> = {}) => {
  const added = await programmes.add(t.main, written(over), made, permit());
  if (!added.ok) throw new Error(added.refusals.join());
  return added.id;
};
const planned = () => rounds.list(t.main);

describe('a round plans itself', () => {
  it('on the day half a year before its opening, with the programme’s name, window and tasks', async () => {
    const id = await add();
    await occurrences.plan(t.main, at('2027-03-09T22:59:00Z'));
    expect(await planned()).toEqual([]);
    await occurrences.plan(t.main, at('2027-03-09T23:00:00Z'));
    const [one, ...others] = await planned();
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      name: 'Medarbeiderundersøkelsen 2027',
      state: 'planned',
      dryRun: false,
      opensAt: at('2027-09-06T06:00:00Z'),
      stopsAt: at('2027-09-27T18:00:00Z'),
      reminders: [7, 14],
      rule: { inPostOn: '2027-08-30', minimumShare: 0, kinds: [], includeOnLeave: false },
    });
    expect(await t.main.select().from(occurrence)).toEqual([
      { programmeId: id, year: 2027, movedTo: null, roundId: one!.id },
    ]);
    const tasks = await t.main.select().from(task).where(eq(task.roundId, one!.id));
    expect(tasks.map(({ kind, dueOn }) => `${dueOn} ${kind}`).sort()).toEqual([
      '2027-06-14 approval',
      '2027-08-23 information',
      '2027-08-30 freezing',
      '2027-09-06 opening',
      '2027-10-01 close',
      '2027-11-08 first-meeting',
      '2027-12-06 second-meeting',
      '2027-12-17 plan',
    ]);
    expect(await rounds.events(t.main, one!.id)).toMatchObject([{ event: 'plan', by: null }]);
  });

  it('once, however often the clock looks', async () => {
    await add();
    for (const day of ['2027-03-10', '2027-03-11', '2027-08-01', '2027-09-05', '2027-10-01'])
      await occurrences.plan(t.main, at(`${day}T12:00:00Z`));
    expect(await planned()).toHaveLength(1);
  });

  it('once, when two processes look at the same moment', async () => {
    for (const key of ['employee', 'extraordinary', 'leader'])
      await add({ name: key, questionnaireKey: key });
    const others = Array.from({ length: 3 }, () => connectMain(t.mainUrl, 4));
    const now = at('2027-04-01T12:00:00Z');
    const counts = await Promise.all([t, ...others].map(({ main }) => occurrences.plan(main, now)));
    expect(counts.flat()).toHaveLength(3);
    expect((await planned()).map(({ name }) => name).sort()).toEqual([
      'employee 2027',
      'extraordinary 2027',
      'leader 2027',
    ]);
    expect(await t.main.select().from(task)).toHaveLength(3 * 8);
    await Promise.all(others.map(({ sql }) => sql.end()));
  });

  it('as soon as the server is up again, as long as the opening is ahead', async () => {
    await add();
    await occurrences.plan(t.main, at('2027-09-05T12:00:00Z'));
    expect(await planned()).toHaveLength(1);
  });

  it('never when the opening has passed', async () => {
    await add();
    for (const day of ['2027-09-06', '2027-09-10', '2028-01-01'])
      await occurrences.plan(t.main, at(`${day}T12:00:00Z`));
    expect(await planned()).toEqual([]);
  });

  it.each([
    ['on 29 February', { firstYear: 2028, month: 8 }, '2028-02-29T12:00:00Z', '2028-08-07T06:00:00Z'],
    ['in winter time for summer time', { month: 4 }, '2027-03-27T23:30:00Z', '2027-04-05T06:00:00Z'],
    ['in summer time for winter time', { month: 11 }, '2027-10-30T22:30:00Z', '2027-11-01T07:00:00Z'],
    ['of a January, before the year is new', { month: 1 }, '2026-12-31T12:00:00Z', '2027-01-04T07:00:00Z'],
    ['of a December that has no room', { month: 12 }, '2027-12-31T12:00:00Z', '2028-01-03T07:00:00Z'],
  ])('%s', async (_, over, now, opensAt) => {
    await add(over);
    await occurrences.plan(t.main, at(now));
    expect((await planned()).map((one) => one.opensAt)).toEqual([at(opensAt)]);
  });

  it('every second year, and no year between', async () => {
    await add();
    for (const year of [2027, 2028, 2029, 2030, 2031])
      await occurrences.plan(t.main, at(`${year}-05-01T12:00:00Z`));
    expect((await planned()).map(({ name }) => name.slice(-4)).sort()).toEqual(['2027', '2029', '2031']);
  });

  it('as the programme stands then, and a later change leaves what is planned', async () => {
    const id = await add();
    const from = { version: 1, base: Programme.fieldsOf(written()) };
    expect(await programmes.change(t.main, id, from, written({ month: 10 }), permit())).toEqual({ ok: true });
    await occurrences.plan(t.main, at('2027-05-01T12:00:00Z'));
    expect((await planned()).map((one) => one.opensAt)).toEqual([at('2027-10-04T06:00:00Z')]);
    const again = { version: 2, base: Programme.fieldsOf(written({ month: 10 })) };
    const later = written({ firstYear: 2028, month: 11 });
    expect(await programmes.change(t.main, id, again, later, permit())).toEqual({ ok: true });
    await occurrences.plan(t.main, at('2027-06-01T12:00:00Z'));
    expect((await planned()).map((one) => one.opensAt)).toEqual([at('2027-10-04T06:00:00Z')]);
    const runs = await occurrences.runs(t.main, 2027, 2028);
    expect(runs.map((run) => [run.year, run.opensOn, run.round?.state])).toEqual([
      [2028, '2028-11-06', undefined],
      [2027, '2027-10-04', 'planned'],
    ]);
  });

  it('never for a programme that has ended, nor again when HR withdrew the round', async () => {
    const ended = await add({ questionnaireKey: 'leader' });
    expect(await programmes.end(t.main, ended, made, permit())).toEqual({ ok: true });
    expect(await programmes.end(t.main, ended, made, permit())).toEqual({ ok: false, refusal: 'gone' });
    await add();
    const now = at('2027-05-01T12:00:00Z');
    await occurrences.plan(t.main, now);
    const [one] = await planned();
    await rounds.take(t.main, one!.id, 'withdraw', now, null, { reason: 'Not this year' });
    await occurrences.plan(t.main, now);
    expect(await planned()).toHaveLength(1);
    expect(
      (await occurrences.runs(t.main, 2027, 2031)).map(({ year, round: of }) => [year, of?.state]),
    ).toEqual([
      [2027, 'withdrawn'],
      [2029, undefined],
      [2031, undefined],
    ]);
    const [left] = await programmes.list(t.main);
    await programmes.end(t.main, left!.id, now, permit());
    expect((await occurrences.runs(t.main, 2027, 2031)).map(({ year }) => year)).toEqual([2027]);
    expect(await occurrences.move(t.main, left!.id, 2027, '2027-10-11', now, permit())).toMatchObject({
      refusal: 'gone',
    });
  });

  it('never beside one that HR planned by hand for the same survey, units and year', async () => {
    await add();
    const asked = (await questionnaires.latest(t.main, 'employee'))!;
    const byHand = {
      name: 'By hand',
      questionnaireId: asked.id,
      unitCodes: ['K'],
      opensAt: at('2027-10-05T06:00:00Z'),
      stopsAt: at('2027-10-26T18:00:00Z'),
      rule: { inPostOn: '2027-09-28', minimumShare: 0, kinds: [], includeOnLeave: false },
    };
    const others = { ...byHand, name: 'Others', unitCodes: ['H'] };
    for (const one of [byHand, others])
      expect(await rounds.plan(t.main, one, made, permit())).toMatchObject({ ok: true });
    for (const day of ['2026-12-01', '2027-05-01']) await occurrences.plan(t.main, at(`${day}T12:00:00Z`));
    expect((await planned()).map(({ name }) => name).sort()).toEqual(['By hand', 'Others']);
    const [run] = await occurrences.runs(t.main, 2027, 2027);
    expect(run).toMatchObject({ opensOn: '2027-10-05', rule: '2027-09-06', moved: true, why: null });
  });

  it('and one that fails keeps no other waiting', async () => {
    const bad = await add();
    await add({ name: 'Lederevaluering', questionnaireKey: 'leader' });
    await t.main.update(programme).set({ unitIds: [] }).where(eq(programme.id, bad));
    await expect(occurrences.plan(t.main, at('2027-05-01T12:00:00Z'))).rejects.toThrow('no-unit');
    expect((await planned()).map(({ name }) => name)).toEqual(['Lederevaluering 2027']);
  });
});

describe('HR moves a run', () => {
  const now = at('2026-12-01T12:00:00Z');

  it('and the round is planned there', async () => {
    const id = await add();
    expect(await occurrences.move(t.main, id, 2027, '2027-10-11', now, permit())).toEqual({ ok: true });
    await occurrences.plan(t.main, at('2027-05-01T12:00:00Z'));
    expect(await planned()).toMatchObject([
      { opensAt: at('2027-10-11T06:00:00Z'), stopsAt: at('2027-11-01T19:00:00Z') },
    ]);
  });

  it('with its planned round and the days of its tasks; what is ticked keeps its day', async () => {
    const id = await add();
    const then = at('2027-05-01T12:00:00Z');
    await occurrences.plan(t.main, then);
    const [one] = await planned();
    const isApproval = and(eq(task.roundId, one!.id), eq(task.kind, 'approval'));
    await t.main.update(task).set({ doneAt: then }).where(isApproval);
    expect(await occurrences.move(t.main, id, 2027, '2027-10-11', then, permit())).toEqual({ ok: true });
    expect(await rounds.find(t.main, one!.id)).toMatchObject({
      opensAt: at('2027-10-11T06:00:00Z'),
      rule: { inPostOn: '2027-10-04', minimumShare: 0 },
    });
    const days = await t.main.select().from(task).where(eq(task.roundId, one!.id));
    expect(Object.fromEntries(days.map(({ kind, dueOn }) => [kind, dueOn]))).toMatchObject({
      approval: '2027-06-14',
      opening: '2027-10-11',
      freezing: '2027-10-04',
    });
    expect(await occurrences.move(t.main, id, 2027, null, then, permit())).toEqual({ ok: true });
    expect((await rounds.find(t.main, one!.id))!.opensAt).toEqual(at('2027-09-06T06:00:00Z'));
    expect(await t.main.select().from(occurrence)).toMatchObject([{ movedTo: null }]);
  });

  it('but not once it is approved', async () => {
    const id = await add();
    const then = at('2027-05-01T12:00:00Z');
    await occurrences.plan(t.main, then);
    const [one] = await planned();
    await rounds.take(t.main, one!.id, 'approve', then, null);
    expect(await occurrences.move(t.main, id, 2027, '2027-10-11', then, permit())).toEqual({
      ok: false,
      refusal: 'approved',
    });
    expect(await t.main.select().from(occurrence)).toMatchObject([{ movedTo: null }]);
  });

  it.each([
    [2027, '2027-06-14', 'july'],
    [2027, '2027-09-11', 'day-off'],
    [2027, '2026-11-30', 'past'],
    [2027, '2028-09-04', 'far'],
    [2028, '2028-09-04', 'gone'],
  ])('of %i to %s is refused: %s', async (year, to, refusal) => {
    const id = await add();
    expect(await occurrences.move(t.main, id, year, to, now, permit())).toEqual({ ok: false, refusal });
  });
});
