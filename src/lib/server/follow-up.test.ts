import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { may } from '#domain/access.ts';
import * as actors from '#server/actors.ts';
import { overview } from '#server/follow-up.ts';
import { measure, measureEffect, person, report, unit } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { released, took } from '#tests/support/follow-up.ts';
import { town } from '#tests/support/town.ts';

let t: TestDatabases;
let ids: Map<string, string>;
const now = new Date('2026-11-25T10:00:00+01:00');
const before = (days: number) => new Date(now.getTime() - days * 24 * 3600_000);
const everybody = () => true;

beforeAll(async () => {
  t = await testDatabases();
  ({ ids } = await town(t.main));
  const units = (...codes: string[]) => codes.map((code) => ({ code, id: ids.get(code)! }));
  await released(t.main, { id: 'oldaaaaa', units: units('K', 'H', 'A', 'B'), releasedAt: before(400) });
  await released(t.main, { id: 'wholeaaa', units: units('K', 'H', 'A', 'B', 'C'), releasedAt: before(30) });
  await released(t.main, {
    ...{ id: 'partaaaa', key: 'extraordinary', units: units('H', 'A', 'B'), releasedAt: before(10) },
  });
  for (const [id, over] of [
    ['dryaaaaa', { dryRun: true }],
    ['gonepart', { withdrawn: true }],
    ['leaders2', { key: 'leader' }],
  ] as const)
    await released(t.main, { id, units: units('K', 'H', 'A'), releasedAt: before(1), ...over });
  await took(t.main, 'partaaaa', ids.get('A')!, before(5), 'received');
  await t.main.update(unit).set({ leaderId: null }).where(eq(unit.code, 'B'));
  const of = { unitId: ids.get('A')!, year: 2026, startedAt: before(85) };
  await t.main.insert(report).values([
    { ...of, period: 't1', handedAt: before(190) },
    { ...of, period: 't2' },
    { ...of, unitId: ids.get('H')!, period: 'annual', year: 2025, handedAt: before(300) },
    { ...of, unitId: ids.get('H')!, period: 't1', year: 2025 },
  ]);
});
afterAll(() => t.stop());

const codes = (rows: { unit: { code: string } }[]) => rows.map(({ unit: of }) => of.code);

it('begins with the newest round, and has no dry run, withdrawn release or leader evaluation', async () => {
  const { rounds, round, rows, areas } = await overview(t.main, everybody, null, now);
  expect(rounds.map(({ id }) => id)).toEqual(['partaaaa', 'wholeaaa', 'oldaaaaa']);
  expect(round?.id).toBe('partaaaa');
  expect(codes(rows)).toEqual(['H', 'A', 'B']);
  expect(areas.map(({ code, depth }) => [code, depth])).toEqual([
    ['K', 0],
    ['H', 1],
  ]);
});

it('says how far each has come, who leads it, and of its newest report', async () => {
  const { rows } = await overview(t.main, everybody, 'partaaaa', now);
  const [h, a, b] = rows;
  expect([h!.over, a!.over, b!.over]).toEqual([5, 0, 5]);
  expect(a!.unit).toMatchObject({ depth: 2, path: ['K', 'H', 'A'] });
  expect(a!.report).toMatchObject({ period: 't2', year: 2026, handedOn: null, late: true });
  expect(h!.report).toMatchObject({ period: 'annual', year: 2025, handedOn: '2026-01-29', late: false });
  expect(b!).toMatchObject({ leader: null, report: null });
  expect(a!.leader).toMatchObject({ hasMail: true });
});

it('counts the finished measures of each unit, and those that somebody has answered for', async () => {
  const days = { startsOn: '2026-01-01', dueOn: '2026-06-01' };
  const of = { unitId: ids.get('A')!, title: 'Walk', expected: 'Calm', ownerRole: 'All', ...days };
  const made = await t.main
    .insert(measure)
    .values(['done', 'dropped', 'in-progress'].map((status) => ({ ...of, status })))
    .returning();
  const effect = { answer: 'no', words: 'Unheard of.', at: now };
  await t.main.insert(measureEffect).values({ measureId: made[0]!.id, ...effect });
  const found = await overview(t.main, everybody, 'partaaaa', now);
  expect(found.rows.map(({ effects }) => effects)).toEqual([
    { finished: 0, answered: 0 },
    { finished: 2, answered: 1 },
    { finished: 0, answered: 0 },
  ]);
  expect(JSON.stringify(found)).not.toContain('Unheard of');
});

it('a leader who has left is none, and one without an address is said to be', async () => {
  const [of] = await t.main.select().from(unit).where(eq(unit.code, 'A'));
  const leader = async (changed: object) => {
    await t.main.update(person).set(changed).where(eq(person.id, of!.leaderId!));
    const { rows } = await overview(t.main, everybody, null, now);
    return rows[1]!.leader;
  };
  expect(await leader({ leftOn: '2026-11-25' })).toBeNull();
  expect(await leader({ leftOn: '2026-11-26', email: null })).toMatchObject({ hasMail: false });
  await leader({ leftOn: null, email: 'a@testvik.example' });
});

it('an older round of the same questionnaire is history, and nobody is late in it', async () => {
  const { round, rows } = await overview(t.main, everybody, 'oldaaaaa', now);
  expect(round?.id).toBe('oldaaaaa');
  expect(rows.map(({ overtaken, over }) => [overtaken, over])).toEqual(Array(4).fill([true, 0]));
});

it('shows everybody what is theirs, by the newest round that it was in', async () => {
  const [of] = await t.main.select().from(unit).where(eq(unit.code, 'C'));
  const actor = (await actors.actor(t.main, of!.leaderId!, now))!;
  const sees = (path: string[]) => may(actor, 'follow-up.see', { path }, now);
  const { rounds, round, rows, areas } = await overview(t.main, sees, 'partaaaa', now);
  expect(rounds.map(({ id }) => id)).toEqual(['wholeaaa']);
  expect(round?.id).toBe('wholeaaa');
  expect(codes(rows)).toEqual(['C']);
  expect(areas).toEqual([]);
});

it('is empty where nobody sees anything', async () => {
  expect(await overview(t.main, () => false, null, now)).toEqual({
    ...{ rounds: [], round: null, rows: [], areas: [] },
  });
});

it('says nothing of any figure', async () => {
  const found = await overview(t.main, everybody, null, now);
  const keys = new Set<string>();
  JSON.stringify(found, (key, value: unknown) => {
    keys.add(key.replace(/^\d+$/, ''));
    return value;
  });
  expect([...keys].sort()).toEqual(
    [
      ...[
        '',
        'answered',
        'areas',
        'code',
        'depth',
        'doneOn',
        'dueOn',
        'effects',
        'finished',
        'handedOn',
        'hasMail',
        'id',
        'late',
        'leader',
      ],
      ...['name', 'over', 'overdue', 'overtaken', 'path', 'period', 'report', 'round', 'rounds', 'rows'],
      ...['step', 'steps', 'unit', 'year'],
    ].sort(),
  );
});
