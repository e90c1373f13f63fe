import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Role } from '#domain/access.ts';
import type { Due } from '#domain/due.ts';
import type { Status } from '#domain/measure.ts';
import { dueDays } from '#domain/step.ts';
import * as actors from '#server/actors.ts';
import * as causes from '#server/causes.ts';
import { nextRound, waiting } from '#server/due.ts';
import * as measures from '#server/measures.ts';
import {
  cause,
  confirmation,
  measure,
  measureEffect,
  measureStatus,
  measureVersion,
  meeting,
  person,
  point,
  position,
  release,
  report,
  role,
  round,
  step,
  task,
  unit,
} from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { released, took } from '#tests/support/follow-up.ts';
import { pastTheRules } from '#tests/support/kept.ts';
import { approvedRound, permit, town } from '#tests/support/town.ts';

let t: TestDatabases;
let ids: Map<string, string>;
const now = new Date('2026-11-25T10:00:00+01:00');
const before = (days: number) => new Date(now.getTime() - days * 24 * 3600_000);
const on = (days: number) => before(-days).toISOString().slice(0, 10);
const leader: Record<string, string> = {};
let worker: string;

beforeAll(async () => {
  t = await testDatabases();
  ({ ids } = await town(t.main));
  for (const [code, id] of ids) {
    const [of] = await t.main.select().from(unit).where(eq(unit.id, id));
    leader[code] = of!.leaderId!;
  }
  worker = await somebody('union', 'H');
  await worksIn(worker, 'A', 'B');
});
afterAll(() => t.stop());
beforeEach(async () => {
  await t.main.delete(cause);
  await t.main.delete(point);
  for (const table of [confirmation, meeting, measureEffect, measureStatus, measureVersion, measure])
    await t.main.delete(table);
  for (const table of [task, step, report]) await t.main.delete(table);
  await pastTheRules(t.main, 'release', () => t.main.delete(release));
});

async function somebody(of: Role, code: string | null): Promise<string> {
  const id = randomUUID();
  await t.main.insert(person).values({ id, name: of });
  await t.main.insert(role).values({ personId: id, role: of, unitId: code && ids.get(code)!, givenAt: now });
  return id;
}

const worksIn = (personId: string, ...codes: string[]) =>
  t.main.insert(position).values(
    codes.map((code) => ({
      ...{ key: `${personId} ${code}`, personId, unitId: ids.get(code)!, validFrom: '2020-01-01' },
    })),
  );

let made = 0;
const aRound = (days: number, key = 'employee', codes = ['K', 'H', 'A', 'B', 'C']) =>
  released(t.main, {
    ...{ id: `r${made++}`.padEnd(8, 'a'), releasedAt: before(days), key },
    units: codes.map((code) => ({ code, id: ids.get(code)! })),
  });

async function aMeasure(title: string, code: string, dueOn: string, owner: string | null, status?: Status) {
  const written = { title, expected: 'Noe', ownerId: owner, ownerRole: owner ? null : 'Vakten' };
  const days = { startsOn: '2026-01-01', dueOn };
  const added = await measures.add(t.main, ids.get(code)!, { ...written, ...days }, {}, now, permit());
  if (!added.ok) throw new Error(added.refusals.join());
  if (status) {
    await t.main.insert(measureStatus).values({ measureId: added.id, status, sentence: 'Slik.', at: now });
    await t.main.update(measure).set({ status }).where(eq(measure.id, added.id));
  }
  return added.id;
}

const told = (one: Due): string => {
  const what = 'title' in one ? one.title : one.kind === 'step' ? `${one.step} ${one.round.id}` : '';
  return [one.kind, what, 'unit' in one ? one.unit.code : '', one.dueOn].filter(Boolean).join(' ');
};
const waits = async (personId: string) => {
  const actor = (await actors.actor(t.main, personId, now))!;
  return (await waiting(t.main, actor, now)).due.map(told);
};

describe('for whoever leads a unit', () => {
  it('the next step of its own courses, the longest over first, and none of an overtaken one', async () => {
    await aRound(700);
    const old = await aRound(300);
    const fresh = await aRound(10, 'extraordinary');
    await took(t.main, old, ids.get('A')!, before(290), 'received', 'prepared');
    expect(await waits(leader.A!)).toEqual([
      `step presented ${old} A ${dueDays(on(-300)).presented}`,
      `step received ${fresh} A ${dueDays(on(-10)).received}`,
    ]);
    expect(await waits(leader.H!)).toEqual([
      `step received ${old} H ${dueDays(on(-300)).received}`,
      `step received ${fresh} H ${dueDays(on(-10)).received}`,
    ]);
  });

  it('the causes of what it will improve, before it agrees', async () => {
    const roundId = await aRound(30);
    const unitId = ids.get('A')!;
    await took(t.main, roundId, unitId, before(5), 'received', 'prepared', 'presented');
    const lacks = async () => {
      const [first] = (await waiting(t.main, (await actors.actor(t.main, leader.A!, now))!, now)).due;
      return first?.kind === 'step' && [first.step, first.lacksCauses];
    };
    expect(await lacks()).toEqual(['agreed', false]);
    const [met] = await t.main
      .insert(meeting)
      .values({ roundId, unitId, stage: 'waiting', createdAt: before(5) })
      .returning();
    const a = { meetingId: met!.id, title: 'Ro', source: 'own', position: 0 };
    await t.main.insert(point).values({ ...a, kind: 'keep', ref: 'a' });
    expect(await lacks()).toEqual(['agreed', false]);
    const [chosen] = await t.main
      .insert(point)
      .values({ ...a, kind: 'improve', ref: 'b' })
      .returning();
    expect(await lacks()).toEqual(['agreed', true]);
    const why = { kind: 'hinders' as const, text: 'Mas', whyOfId: null };
    await causes.add(t.main, chosen!.id, why, now, permit());
    expect(await lacks()).toEqual(['agreed', false]);
  });

  it('nothing of a unit that was not asked', async () => {
    await aRound(10, 'employee', ['K', 'H', 'B']);
    expect(await waits(leader.A!)).toEqual([]);
  });

  it('its report, until it is handed in', async () => {
    const of = { unitId: ids.get('A')!, year: 2026, startedAt: before(85) };
    await t.main.insert(report).values([
      { ...of, period: 't2' },
      { ...of, period: 't1', handedAt: before(100) },
    ]);
    expect(await waits(leader.A!)).toEqual(['report A 2026-09-15']);
    expect(await waits(leader.H!)).toEqual([]);
  });

  it('late measures of others, those whose owner has left, and whether theirs helped', async () => {
    const gone = randomUUID();
    await t.main.insert(person).values({ id: gone, name: 'Gone' });
    await worksIn(gone, 'A', 'B');
    const moved = randomUUID();
    await t.main.insert(person).values({ id: moved, name: 'Moved' });
    await worksIn(moved, 'A');
    await aMeasure('late', 'A', on(-1), worker);
    await aMeasure('in time', 'A', on(0), worker);
    await aMeasure('late of a role', 'A', on(-2), null);
    await aMeasure('orphaned', 'A', on(-9), gone);
    await aMeasure('moved away from', 'A', on(-9), moved);
    await aMeasure('moved away from and done', 'A', on(-9), moved, 'done');
    await aMeasure('orphaned and done', 'A', on(-9), gone, 'done');
    await aMeasure('done by a role', 'A', on(-9), null, 'dropped');
    await aMeasure('done', 'A', on(-9), worker, 'done');
    await aMeasure('elsewhere', 'B', on(-9), gone);
    await t.main.update(person).set({ leftOn: '2026-11-01' }).where(eq(person.id, gone));
    await t.main
      .update(position)
      .set({ unitId: ids.get('C')! })
      .where(eq(position.personId, moved));
    expect(await waits(leader.A!)).toEqual([
      `measure late of a role A ${on(-2)}`,
      `measure late A ${on(-1)}`,
      'orphan moved away from A',
      'orphan orphaned A',
      'effect done by a role A',
      'effect moved away from and done A',
      'effect orphaned and done A',
    ]);
  });
});

it('reads of the measures of a unit only those that wait, however many are done with', async () => {
  for (const title of ['done', 'done too', 'far', 'far too']) {
    const isDone = title.startsWith('done');
    const id = await aMeasure(title, 'A', on(isDone ? -9 : 90), worker, isDone ? 'done' : undefined);
    if (isDone)
      await t.main.insert(measureEffect).values({ measureId: id, answer: 'yes', words: 'Ja.', at: now });
  }
  await aMeasure('late', 'A', on(-1), worker);
  const read = vi.spyOn(measures, 'list');
  expect(await waits(leader.A!)).toEqual([`measure late A ${on(-1)}`]);
  const rows = await Promise.all(read.mock.results.map(({ value }) => value as Promise<unknown[]>));
  expect(rows.flat()).toHaveLength(1);
  read.mockRestore();
});

it('for whoever owns measures: those that come near, and whether the finished ones helped', async () => {
  await aMeasure('late', 'A', on(-1), worker);
  await aMeasure('soon', 'B', on(14), worker);
  await aMeasure('far', 'B', on(15), worker);
  await aMeasure('done', 'A', on(-9), worker, 'done');
  const answered = await aMeasure('answered', 'A', on(-9), worker, 'done');
  await t.main.insert(measureEffect).values({ measureId: answered, answer: 'yes', words: 'Ja.', at: now });
  expect(await waits(worker)).toEqual([
    `measure late A ${on(-1)}`,
    `measure soon B ${on(14)}`,
    'effect done A',
  ]);
  const { mine } = await waiting(t.main, (await actors.actor(t.main, worker, now))!, now);
  expect(mine.map(({ title }) => title)).toEqual(['done', 'late', 'soon', 'far']);
});

it('for a representative: meetings that have agreed in their units and wait for their word', async () => {
  const id = await aRound(10);
  const old = await aRound(400);
  const held = async (code: string, roundId: string, agreedAt: Date | null) =>
    (
      await t.main
        .insert(meeting)
        .values({ roundId, unitId: ids.get(code)!, stage: 'agreed', agreedAt, createdAt: before(9) })
        .returning()
    )[0]!.id;
  const inA = await held('A', id, before(2));
  await held('B', id, null);
  await held('K', id, before(2));
  await held('C', old, before(300));
  expect(await waits(worker)).toEqual(['confirm A']);
  expect(await waits(await somebody('safety', null))).toEqual(['confirm A', 'confirm K']);
  expect(await waits(await somebody('quality', 'H'))).toEqual([]);
  await t.main.insert(confirmation).values({ meetingId: inA, personId: worker, role: 'union', at: now });
  expect(await waits(worker)).toEqual([]);
});

it('for HR: tasks of rounds that go on, until they are done; for the operator: rounds that wait for the key', async () => {
  const { id } = await approvedRound(t.main, now);
  const withdrawn = await approvedRound(t.main, now);
  await t.main.update(round).set({ state: 'withdrawn' }).where(eq(round.id, withdrawn.id));
  await t.main.delete(task);
  await t.main.insert(task).values([
    { roundId: id, kind: 'freezing', dueOn: on(-2) },
    { roundId: id, kind: 'information', dueOn: on(20) },
    { roundId: id, kind: 'close', dueOn: on(90) },
    { roundId: id, kind: 'plan', dueOn: on(-5), doneAt: now },
    { roundId: withdrawn.id, kind: 'freezing', dueOn: on(-9) },
  ]);
  expect(await waits(await somebody('hr', null))).toEqual([`task ${on(-2)}`, `task ${on(20)}`]);
  expect(await waits(await somebody('operator', null))).toEqual([`round ${on(0)}`]);
});

it('the next round is that of one’s own units, or of anybody’s', async () => {
  await pastTheRules(t.main, 'round', () => t.main.update(round).set({ dryRun: true }));
  expect(await nextRound(t.main, null, now)).toBeNull();
  await approvedRound(t.main, now, { name: 'Of A', unitCodes: ['A'] });
  expect(await nextRound(t.main, [['K', 'H', 'B']], now)).toBeNull();
  expect(await nextRound(t.main, [], now)).toBeNull();
  for (const paths of [
    null,
    [
      ['K', 'H', 'B'],
      ['K', 'H', 'A'],
    ],
  ])
    expect(await nextRound(t.main, paths, now)).toEqual({ name: 'Of A', opensOn: '2026-11-25' });
});
