import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#domain/access.ts';
import { own } from '#domain/questionnaires/own.ts';
import type * as Release from '#domain/release.ts';
import * as gates from '#server/gate.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as releases from '#server/releases.ts';
import { person, release, unit } from '#server/schema.ts';
import * as steps from '#server/steps.ts';
import { ends } from '#tests/support/ends.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { storeRelease, storeUnits } from '#tests/support/stored.ts';
import { pastTheRules } from '#tests/support/kept.ts';

const day = (days: number) => new Date(Date.UTC(2027, 2, 25 + days, 12));
const released = day(0);

const leaderOfS = { personId: '00000000-0000-4000-8000-000000000001', leads: ['S'] };

let databases: TestDatabases;
const main = () => databases.main;

beforeAll(async () => {
  databases = await testDatabases();
  await questionnaires.shipOwn(main(), day(-100));
  await storeUnits(main());
  await main().insert(person).values({ id: leaderOfS.personId, name: 'Leder' });
  await main().update(unit).set({ leaderId: leaderOfS.personId }).where(eq(unit.code, 'S'));
  await put('first', 'employee', day(-730), { seed: 8 });
  await put('trial', 'employee', day(-10), { seed: 5, dryRun: true });
  await put('second', 'employee', released, { seed: 3 });
  await put('leaders', 'leader', released, { seed: 4, of: own.find((q) => q.kind === 'leader')! });
});
afterAll(() => databases.stop());

const put = (id: string, key: string, at: Date, example: Parameters<typeof storeRelease>[4]) =>
  storeRelease(main(), id, key, at, example);

const somebody = (who: Partial<Actor>): Actor => ({
  personId: '00000000-0000-4000-8000-000000000000',
  name: 'Noen',
  roles: [],
  leads: [],
  worksIn: [],
  ...who,
});
const gate = (who: Partial<Actor> | null, now = day(1)) => gates.open(who && somebody(who), () => now, ends);
const ask = (who: Partial<Actor>, round: string, code: string, now = day(1)) =>
  releases.ofUnit(main(), gate(who, now), round, code);
const notFound = { status: 404 };

test('a leader sees the unit and what is below it from the release on, and nothing beside', async () => {
  const leader = { leads: ['S'] };
  expect((await ask(leader, 'second', 'S'))?.figures?.results['0003']).toBeDefined();
  expect((await ask(leader, 'second', 'S1'))?.path).toEqual(['F', 'H', 'S', 'S1']);
  await expect(ask(leader, 'second', 'H')).rejects.toMatchObject(notFound);
  await expect(ask(leader, 'second', 'J')).rejects.toMatchObject(notFound);
  await expect(ask(leader, 'second', 'S', day(-1))).rejects.toMatchObject(notFound);
});

test('those who work in a unit see it from 28 days after, and only their own', async () => {
  const employee = { worksIn: ['S1'] };
  await expect(ask(employee, 'second', 'S1', day(27))).rejects.toMatchObject(notFound);
  expect((await ask(employee, 'second', 'S1', day(28)))?.unit.name).toBe('Enhet S1');
  await expect(ask(employee, 'second', 'S2', day(28))).rejects.toMatchObject(notFound);
});

test('those who work in a unit see it from its own first meeting, also where it is counted with another', async () => {
  const inS3 = { worksIn: ['S3'] };
  const listed = async (who: Partial<Actor>, now: Date) =>
    (await releases.list(main(), gate(who, now))).map(({ head, unit }) => `${head.roundId} ${unit.code}`);
  const [s3] = await main().select().from(unit).where(eq(unit.code, 'S3'));
  await steps.take(main(), 'second', s3!.id, 'received', day(2), null);
  await expect(ask(inS3, 'second', 'S3', day(4))).rejects.toMatchObject(notFound);

  await steps.take(main(), 'second', s3!.id, 'presented', day(5), null);
  await expect(ask(inS3, 'second', 'S3', day(4))).rejects.toMatchObject(notFound);
  expect((await ask(inS3, 'second', 'S3', day(5)))?.unit.code).toBe('S3');
  expect(await listed(inS3, day(4))).toEqual(['first S3']);
  expect(await listed(inS3, day(5))).toEqual(['second S3', 'first S3']);

  // S4 is in the same group, and has had no meeting.
  await expect(ask({ worksIn: ['S4'] }, 'second', 'S4', day(5))).rejects.toMatchObject(notFound);
  expect(await listed({ worksIn: ['S4'] }, day(5))).toEqual(['first S4']);
  // Of the round that the meeting was about, and of no other.
  await expect(ask(inS3, 'trial', 'S3', day(5))).rejects.toMatchObject(notFound);
});

test('a meeting in a unit opens nothing to a committee', async () => {
  const committee = { roles: [{ role: 'committee' as const, unit: 'H' }] };
  const [h] = await main().select().from(unit).where(eq(unit.code, 'H'));
  await steps.take(main(), 'second', h!.id, 'presented', day(5), null);
  await expect(ask(committee, 'second', 'H', day(6))).rejects.toMatchObject(notFound);
  expect((await ask(committee, 'second', 'H', day(28)))?.unit.code).toBe('H');
});

test('a leader evaluation is for the leader and the leader’s leader alone', async () => {
  expect(await ask({ leads: ['S1'] }, 'leaders', 'S1')).not.toBeNull();
  expect(await ask(leaderOfS, 'leaders', 'S1')).not.toBeNull();
  await expect(ask({ leads: ['H'] }, 'leaders', 'S1')).rejects.toMatchObject(notFound);
  const hr = { roles: [{ role: 'hr' as const, unit: null }] };
  await expect(ask(hr, 'leaders', 'S1', day(100))).rejects.toMatchObject(notFound);
});

test('a stranger is sent to sign in, whether the round is there or not', async () => {
  for (const id of ['second', 'nowhere'])
    await expect(releases.ofUnit(main(), gate(null), id, 'S')).rejects.toMatchObject({ status: 303 });
});

test('a round that is not there, and a unit that is not, are not found', async () => {
  expect(await ask({ leads: ['F'] }, 'nowhere', 'S')).toBeNull();
  await expect(ask({ leads: ['F'] }, 'second', 'X')).rejects.toMatchObject(notFound);
});

test('the round before is of the same questionnaire, and never a dry run beside one in earnest', async () => {
  const leader = { leads: ['F'] };
  expect((await ask(leader, 'second', 'S'))?.before?.head.roundId).toBe('first');
  expect((await ask(leader, 'trial', 'S'))?.before).toBeNull();
  expect((await ask(leader, 'first', 'S'))?.before).toBeNull();
});

test('the list has what one leads, works in or has a role for, newest first', async () => {
  const listed = async (who: Partial<Actor>, now = day(1)) =>
    (await releases.list(main(), gate(who, now))).map(({ head, unit }) => `${head.roundId} ${unit.code}`);
  expect(await listed(leaderOfS)).toEqual([
    ...['leaders S', 'leaders S1', 'leaders S2', 'second S', 'trial S', 'first S'],
  ]);
  expect(await listed({ worksIn: ['S4'] })).toEqual(['first S4']);
  expect(await listed({ worksIn: ['S4'] }, day(28))).toEqual(['second S4', 'trial S4', 'first S4']);
  expect(await listed({ roles: [{ role: 'union', unit: 'J' }] })).toEqual(['second J', 'trial J', 'first J']);
  expect(await listed({ roles: [{ role: 'hr', unit: null }] })).toEqual(['second F', 'trial F', 'first F']);
  expect(await listed({ roles: [{ role: 'operator', unit: null }] })).toEqual([]);
});

test('what the auditor does not pass is not shown', async () => {
  await put('broken', 'extraordinary', released, { seed: 6 });
  const [stored] = await main().select().from(release).where(eq(release.roundId, 'broken'));
  const figures = JSON.parse(stored!.bytes) as Release.Release;
  figures.results['0004']!.n = 3;
  await pastTheRules(main(), 'release', () =>
    main()
      .update(release)
      .set({ bytes: JSON.stringify(figures) })
      .where(eq(release.roundId, 'broken')),
  );
  await expect(ask({ leads: ['F'] }, 'broken', 'S')).rejects.toThrow('does not hold');
});

test('a unit’s place in a release is found for the same people, and without reading the figures', async () => {
  const place = (who: Partial<Actor>, round: string) => releases.placeOf(main(), gate(who), round, 'S');
  const { roundId } = (await place({ leads: ['S'] }, 'broken'))!.head;
  expect(roundId).toBe('broken');
  expect(await place({ leads: ['S'] }, 'nowhere')).toBeNull();
  await expect(place({ leads: ['J'] }, 'broken')).rejects.toMatchObject(notFound);
});

test('a unit’s way is seen by those who work there from its own first meeting', async () => {
  const may = (now: Date) => releases.maySee(main(), gate({ worksIn: ['S3'] }, now), 'second', 'S3');
  expect(await may(day(4))).toBe(false);
  expect(await may(day(5))).toBe(true);
  expect(await releases.maySee(main(), gate({ worksIn: ['S3'] }, day(5)), 'nowhere', 'S3')).toBe(false);
});

test('a release that has been read is gone from the page the moment it is withdrawn', async () => {
  const leader = { leads: ['S'] };
  expect((await ask(leader, 'second', 'S'))?.figures).not.toBeNull();
  await main()
    .update(release)
    .set({ withdrawnAt: day(1), withdrawnReason: 'Feil liste' })
    .where(eq(release.roundId, 'second'));
  expect(await ask(leader, 'second', 'S')).toMatchObject({
    figures: null,
    before: null,
    head: { withdrawnReason: 'Feil liste' },
  });
});
