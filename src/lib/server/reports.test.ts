import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Status } from '#domain/measure.ts';
import { connectMain } from '#server/db.ts';
import { permitForMachine } from '#server/gate.ts';
import * as reports from '#server/reports.ts';
import {
  measure,
  measureEffect,
  measureStatus,
  measureVersion,
  meeting,
  person,
  plan,
  point,
  report,
  unit,
} from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { approvedRound, town } from '#tests/support/town.ts';

let t: TestDatabases;
let ids: Map<string, string>;
beforeAll(async () => {
  t = await testDatabases();
  ({ ids } = await town(t.main));
});
afterAll(() => t.stop());
beforeEach(async () => {
  for (const table of [report, measureEffect, measureStatus, measureVersion, measure, point, meeting, plan])
    await t.main.delete(table);
  await t.main.update(unit).set({ validFrom: '2020-01-01', validTo: null });
});

const leaderOf = async (code: string) => {
  const [found] = await t.main
    .select({ id: person.id, name: person.name })
    .from(unit)
    .innerJoin(person, eq(person.id, unit.leaderId))
    .where(eq(unit.code, code));
  return found!;
};

/** A measure of a unit, as it would have been written at a moment. */
async function wrote(code: string, at: string, over: { title?: string; dueOn?: string } = {}) {
  const { title = 'Walk together', dueOn = '2027-12-31' } = over;
  const content = { title, expected: 'Calm', ownerId: (await leaderOf(code)).id, ownerRole: '', dueOn };
  const [made] = await t.main
    .insert(measure)
    .values({ ...content, unitId: ids.get(code)!, startsOn: '2026-01-01', status: 'not-started' })
    .returning();
  const id = made!.id;
  await t.main.insert(measureVersion).values({ measureId: id, version: 1, content, at: new Date(at) });
  await said(id, 'not-started', at, '');
  return id;
}
const said = (measureId: string, status: Status, at: string, sentence = 'So it is.') =>
  t.main.insert(measureStatus).values({ measureId, status, sentence, at: new Date(at) });

/** Every report there is, as "A 2027 t1". */
const begun = async () =>
  (await reports.list(t.main, {})).map(({ unit, year, period }) => `${unit.code} ${year} ${period}`).sort();
const start = (at: string) => reports.start(t.main, new Date(at));

describe('reports begin by themselves', () => {
  it('the day after the period, for the unit and all above it', async () => {
    await wrote('A', '2027-02-01T10:00:00Z');
    expect(await start('2027-04-30T21:59:59Z')).toBe(0);
    expect(await start('2027-04-30T22:30:00Z')).toBe(3);
    expect(await begun()).toEqual(['A 2027 t1', 'H 2027 t1', 'K 2027 t1']);
    expect(await start('2027-04-30T22:31:00Z')).toBe(0);
  });

  it('also where nobody has written a measure: after points were chosen, and in the year of a plan', async () => {
    const created = { createdAt: new Date('2027-02-01T10:00:00Z') };
    const { id: roundId } = await approvedRound(t.main, new Date('2027-01-01T10:00:00Z'));
    const meet = async (code: string) =>
      (
        await t.main
          .insert(meeting)
          .values({ roundId, unitId: ids.get(code)!, stage: 'waiting', ...created })
          .returning()
      )[0]!.id;
    const own = { kind: 'keep', title: 'Tonen', source: 'own', ref: 'Tonen', position: 0 };
    await t.main.insert(point).values({ meetingId: await meet('A'), ...own });
    await meet('B');
    await t.main.insert(plan).values({ kind: 'ia', unitId: ids.get('C')!, year: 2027, ...created });
    await start('2027-05-03T10:00:00Z');
    expect(await begun()).toEqual(['A 2027 t1', 'C 2027 t1', 'H 2027 t1', 'K 2027 t1']);
    const { below } = await contentOf('H');
    expect(below.map(({ unit }) => unit)).toEqual(['Unit A', 'Unit C']);
    expect(await contentOf('A')).toMatchObject({ measures: [], total: { all: 0 } });
    await start('2028-05-03T10:00:00Z');
    expect(await begun()).toContain('A 2028 t1');
    expect(await begun()).not.toContain('C 2028 t1');
  });

  it('not where the first measure came after the last day, Norwegian time', async () => {
    await wrote('A', '2027-04-30T21:59:00Z');
    await wrote('B', '2027-04-30T22:01:00Z');
    await start('2027-05-03T10:00:00Z');
    expect(await begun()).toEqual(['A 2027 t1', 'H 2027 t1', 'K 2027 t1']);
    await start('2027-09-01T10:00:00Z');
    expect(await begun()).toContain('B 2027 t2');
    expect(await begun()).not.toContain('B 2027 t1');
  });

  it('after a year of silence, each once', async () => {
    await wrote('A', '2026-02-01T10:00:00Z');
    await wrote('C', '2026-10-01T10:00:00Z');
    expect(await start('2027-05-20T10:00:00Z')).toBe(4 * 3 + 2);
    expect((await begun()).filter((of) => !/^[HK]/.test(of))).toEqual([
      ...['A 2026 annual', 'A 2026 t1', 'A 2026 t2', 'A 2027 t1'],
      ...['C 2026 annual', 'C 2027 t1'],
    ]);
    expect(await start('2027-05-20T10:01:00Z')).toBe(0);
  });

  it('for no period that ended more than 400 days ago', async () => {
    await wrote('A', '2020-02-01T10:00:00Z');
    await start('2027-06-05T10:00:00Z');
    expect((await begun()).filter((of) => of.startsWith('A'))).toEqual([
      ...['A 2026 annual', 'A 2026 t2', 'A 2027 t1'],
    ]);
  });

  it('for units that stood on the last day alone', async () => {
    await wrote('A', '2026-02-01T10:00:00Z');
    await wrote('B', '2026-02-01T10:00:00Z');
    await t.main.update(unit).set({ validTo: '2027-04-30' }).where(eq(unit.code, 'A'));
    await t.main.update(unit).set({ validTo: '2027-04-29' }).where(eq(unit.code, 'B'));
    await start('2027-05-01T10:00:00Z');
    const of2027 = (await begun()).filter((of) => of.includes('2027'));
    expect(of2027).toEqual(['A 2027 t1', 'H 2027 t1', 'K 2027 t1']);
  });

  it('exactly once, from many processes at the same moment', async () => {
    for (const code of ['A', 'B', 'C']) await wrote(code, '2026-02-01T10:00:00Z');
    const processes = Array.from({ length: 6 }, () => connectMain(t.mainUrl, 2));
    const now = new Date('2027-05-20T10:00:00Z');
    // The first has begun them all and is not done, while the others have looked and found none.
    const [first, ...others] = await t.main.transaction(async (tx) => {
      const begun = await reports.start(tx, now);
      const starting = processes.flatMap(({ main }) => [reports.start(main, now), reports.start(main, now)]);
      await expect
        .poll(async () => {
          const waiting = await tx.execute(sql`select 1 from pg_locks where not granted`);
          return waiting.length;
        })
        .toBeGreaterThanOrEqual(12);
      return [begun, ...starting];
    });
    expect(first).toBe(4 * 5);
    expect(await Promise.all(others)).toEqual(others.map(() => 0));
    await Promise.all(processes.map(({ sql: one }) => one.end()));
    expect(await begun()).toHaveLength(20);
  });
});

it('says what waits: the longest due first, late from the day after', async () => {
  await wrote('A', '2026-10-01T10:00:00Z');
  await start('2027-05-02T10:00:00Z');
  const unitIds = [ids.get('A')!, ids.get('B')!];
  const waits = async (at: string) =>
    (await reports.waiting(t.main, unitIds, new Date(at))).map(({ year, period, dueOn, late }) => [
      ...[`${year} ${period}`, dueOn, late],
    ]);
  expect(await waits('2027-05-15T21:59:59Z')).toEqual([
    ['2026 annual', '2027-01-15', true],
    ['2027 t1', '2027-05-15', false],
  ]);
  expect((await waits('2027-05-15T22:00:00Z'))[1]).toEqual(['2027 t1', '2027-05-15', true]);
  expect(await reports.waiting(t.main, [], new Date())).toEqual([]);
});

const later = new Date('2027-05-10T10:00:00Z');
/** The report of a unit for the first tertial of 2027. */
const reportOf = async (code: string) =>
  (await reports.list(t.main, { year: 2027 })).find((of) => of.unit.code === code)!;
const contentOf = async (code: string) => reports.content(t.main, await reportOf(code), later);
const by = async (code: string) => permitForMachine<'report.write'>((await leaderOf(code)).id);

describe('what a report says', () => {
  it('what happened to the unit’s own measures in the period, as it was then', async () => {
    const done = await wrote('A', '2026-10-01T10:00:00Z', { title: 'Teach' });
    await said(done, 'in-progress', '2026-12-31T22:59:00Z', 'Begun too early to be told.');
    await said(done, 'done', '2027-03-01T10:00:00Z', 'All have been taught.');
    await t.main
      .insert(measureEffect)
      .values({ measureId: done, answer: 'yes', words: 'Fewer faults.', at: later });
    const moved = await wrote('A', '2027-01-10T10:00:00Z', { title: 'Meet', dueOn: '2027-04-01' });
    await t.main
      .insert(measureVersion)
      .values({ measureId: moved, version: 2, content: { title: 'Meet', dueOn: '2027-10-01' }, at: later });
    await said(moved, 'done', '2027-05-05T10:00:00Z', 'Not yet to be told.');
    await wrote('B', '2027-01-10T10:00:00Z', { title: 'Somebody else’s' });
    await reports.start(t.main, later);
    const { measures, total } = await contentOf('A');
    expect(measures).toMatchObject([
      { title: 'Meet', status: 'not-started', dueOn: '2027-04-01', late: true, fresh: true, changes: [] },
      {
        title: 'Teach',
        status: 'done',
        owner: (await leaderOf('A')).name,
        changes: [{ status: 'done', sentence: 'All have been taught.', on: '2027-03-01' }],
        effect: { answer: 'yes', words: 'Fewer faults.' },
      },
    ]);
    expect(total).toEqual({ all: 2, fresh: 1, done: 1, dropped: 0, open: 1, late: 1 });
  });

  it('stays as it was handed in, whatever comes after', async () => {
    const id = await wrote('A', '2027-02-01T10:00:00Z');
    await reports.start(t.main, later);
    const of = await reportOf('A');
    const draft = { words: 'A good spring.', begun: '', version: of.version };
    expect(await reports.hand(t.main, of.id, draft, later, await by('A'))).toEqual({ ok: true });
    const before = await contentOf('A');
    expect(before).toMatchObject({
      ...{ words: 'A good spring.', by: (await leaderOf('A')).name },
      to: { unit: 'Unit H', leader: (await leaderOf('H')).name },
    });
    await t.main.update(measure).set({ title: 'Another' }).where(eq(measure.id, id));
    await said(id, 'done', '2027-03-01T10:00:00Z', 'Added afterwards.');
    await t.main.update(unit).set({ name: 'Renamed' }).where(eq(unit.code, 'A'));
    expect(await contentOf('A')).toEqual(before);
    await t.main.update(unit).set({ name: 'Unit A' }).where(eq(unit.code, 'A'));
    const again = { ...draft, words: 'Another spring.', begun: 'A good spring.', version: of.version + 1 };
    for (const verb of [reports.save, reports.hand])
      expect(await verb(t.main, of.id, again, later, await by('A'))).toEqual({
        ok: false,
        refusal: 'handed',
      });
    expect(await contentOf('A')).toEqual(before);
  });

  it('is handed in once, though two press at the same moment', async () => {
    await wrote('A', '2027-02-01T10:00:00Z');
    await reports.start(t.main, later);
    const { id, version } = await reportOf('A');
    const permit = await by('A');
    const pressed = await Promise.all(
      ['One.', 'Two.', 'Three.'].map((words) =>
        reports.hand(t.main, id, { words, begun: '', version }, later, permit),
      ),
    );
    expect(pressed.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('gathers the reports below, and is handed in though some are missing, which it names', async () => {
    for (const code of ['A', 'B']) await wrote(code, '2027-02-01T10:00:00Z');
    await wrote('H', '2027-02-01T10:00:00Z');
    await reports.start(t.main, later);
    const a = await reportOf('A');
    const drafted = await reportOf('B');
    const draft = (words: string) => ({ words, begun: '', version: 1 });
    await reports.hand(t.main, a.id, draft('We walked.'), later, await by('A'));
    await reports.save(t.main, drafted.id, draft('Half a sentence'), later, await by('B'));
    const late = new Date('2027-05-16T10:00:00Z');
    const above = await reportOf('H');
    await reports.hand(t.main, above.id, draft('All of us walked.'), late, await by('H'));
    await reports.hand(t.main, drafted.id, { ...draft('Too late.'), version: 2 }, late, await by('B'));
    expect(await contentOf('H')).toMatchObject({
      below: [
        { unit: 'Unit A', handedOn: '2027-05-10', late: false, words: 'We walked.', total: { all: 1 } },
        { unit: 'Unit B', handedOn: null, late: true, words: null, total: null },
      ],
      total: { all: 2 },
    });
    const [top] = (await contentOf('K')).below;
    expect(top).toMatchObject({ unit: 'Unit H', words: 'All of us walked.', total: { all: 2 } });
    expect((await contentOf('K')).to).toBeNull();
  });
});

describe('two who write at once', () => {
  const draft = (words: string, begun = '', version = 1) => ({ words, begun, version });
  const saved = async (id: string, of: reports.Draft) => reports.save(t.main, id, of, later, await by('A'));
  const wordsOf = async (id: string) => (await reports.find(t.main, id))!.words;
  let id: string;
  beforeEach(async () => {
    await wrote('A', '2027-02-01T10:00:00Z');
    await reports.start(t.main, later);
    ({ id } = await reportOf('A'));
  });

  it('the second is shown what the first wrote, and nothing is lost', async () => {
    expect(await saved(id, draft('Mine.'))).toEqual({ ok: true });
    const second = await saved(id, draft('Yours.'));
    expect(second).toEqual({ ok: false, refusal: 'conflict', theirs: 'Mine.', version: 2 });
    expect(await wordsOf(id)).toBe('Mine.');
    expect(await saved(id, draft('Mine. Yours.', 'Mine.', 2))).toEqual({ ok: true });
    expect(await wordsOf(id)).toBe('Mine. Yours.');
  });

  it('who changed nothing overwrites nothing, and hands in what the other wrote', async () => {
    await saved(id, draft('Mine.'));
    expect(await saved(id, draft(''))).toEqual({ ok: true });
    expect(await wordsOf(id)).toBe('Mine.');
    expect(await reports.hand(t.main, id, draft('Yours.'), later, await by('A'))).toMatchObject({
      refusal: 'conflict',
    });
    expect((await reports.find(t.main, id))!.handedAt).toBeNull();
  });

  it('at the same moment, one is kept and the others are told', async () => {
    const all = await Promise.all(['One.', 'Two.', 'Three.'].map((words) => saved(id, draft(words))));
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect(all.filter((one) => !one.ok && one.refusal === 'conflict')).toHaveLength(2);
  });

  it('is refused where there is no such report', async () => {
    expect(await saved(randomUUID(), draft('Mine.'))).toEqual({ ok: false, refusal: 'unknown' });
  });
});
