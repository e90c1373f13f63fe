import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GroupFile, GroupWords, Keylist } from '#domain/keylist.ts';
import { isListed } from '#domain/keylist.ts';
import { answering } from '#domain/language.ts';
import { freeze, thaw } from '#server/freezing.ts';
import { measure, measureStatus, point, release, round, roundFile } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { storeMeeting, storeRelease } from '#tests/support/stored.ts';
import { approvedRound, invitationsOf, permit, town } from '#tests/support/town.ts';

const now = new Date('2027-03-01T12:00:00Z');
const days = (count: number) => new Date(now.getTime() + count * 24 * 3600_000);
const hostile = `</script><img src=x onerror=alert(1)>\n\nForbedre: lønna\u202e ${'😀'.repeat(5000)}`;

let databases: TestDatabases;
let ids: Map<string, string>;
let roundId: string;
let first: Awaited<ReturnType<typeof storeMeeting>>;
const main = () => databases.main;

/** The frozen group files in a language, by the group's name in bokmål. */
async function told(language = 'nb', of = roundId): Promise<Record<string, GroupWords>> {
  const rows = await main().select().from(roundFile).where(eq(roundFile.roundId, of));
  const groups = rows.filter(({ path }) => path.startsWith('group/'));
  const files = groups.map(({ bytes }): GroupFile => JSON.parse(new TextDecoder().decode(bytes)));
  return Object.fromEntries(files.map((file) => [file.nb!.name, file[language]!]));
}

beforeAll(async () => {
  databases = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: databases.mainUrl, BOX_DATABASE_URL: databases.boxUrl });
  ({ ids } = await town(main(), { A: 9, B: 12, C: 5, D: 6, E: 8 }));
  const approved = await approvedRound(main(), now);
  roundId = approved.id;
  for (const [id, key, at] of [
    ['before', 'employee', -700],
    ['newer', 'employee', -300],
    ['care', 'resident', -100],
    ['trial', 'employee', -90],
    ['withdrawn', 'employee', -80],
  ] as const)
    await storeRelease(main(), id, key, days(at), { dryRun: id === 'trial' });
  await main()
    .update(release)
    .set({ withdrawnAt: days(-70) })
    .where(eq(release.roundId, 'withdrawn'));

  const meet = (
    code: string,
    of: string,
    agreed: number | null,
    points: Parameters<typeof storeMeeting>[1]['points'],
  ) =>
    storeMeeting(main(), {
      roundId: of,
      unitId: ids.get(code)!,
      agreedAt: agreed === null ? null : days(agreed),
      points,
    });
  first = await meet('A', 'newer', -280, [
    { kind: 'keep', title: 'Vi hjelper hverandre', measures: [{ title: 'Faddere', status: 'done' }] },
    { title: 'Turnus', measures: [{ title: 'Ny plan', status: 'in-progress' }] },
  ]);
  await meet('A', 'before', -690, [{ title: 'Gammelt' }]);
  for (const of of ['care', 'trial', 'withdrawn']) await meet('A', of, -60, [{ title: `Fra ${of}` }]);
  await meet('B', 'newer', null, [{ title: 'Ikke avtalt ennå' }]);
  await meet('C', 'newer', -280, [{ title: 'C sitt punkt' }]);
  await meet('D', 'before', -690, [{ title: 'D sitt punkt' }]);
  await meet('K', 'newer', -280, [{ title: 'K sitt punkt' }]);
  await meet('E', 'newer', -280, [{ title: hostile, measures: [{ title: hostile, status: 'dropped' }] }]);
  expect(await freeze(main(), databases.box, roundId, now, permit())).toMatchObject({ ok: true });
});
afterAll(() => databases.stop());

test('a group is told what its unit’s newest meeting agreed, from surveys that asked the same people', async () => {
  expect((await told())['Unit A']!.last).toBe(
    'Unit A, Runde newer\n\nBevare: Vi hjelper hverandre\n– Faddere: Gjort\n\nForbedre: Turnus\n– Ny plan: I gang',
  );
});

test('our words are in the group’s language, theirs as they were written', async () => {
  expect((await told('nn'))['Unit A']!.last).toContain('Forbetre: Turnus\n– Ny plan: I gang');
  expect((await told('en'))['Unit A']!.last).toContain('Improve: Turnus\n– Ny plan: In progress');
  expect((await told('se'))['Unit A']!.last).toContain('Buoridit: Turnus\n– Ny plan: Jođus');
});

test('where nothing was agreed, nothing is told', async () => {
  expect((await told())['Unit B']!.last).toBeNull();
});

test('each of the units counted together is named, and direct staff and leaders are told what the unit itself agreed', async () => {
  const groups = await told();
  expect(groups['Unit C og Unit D']!.last).toBe(
    'Unit C, Runde newer\n\nForbedre: C sitt punkt\n\nUnit D, Runde before\n\nForbedre: D sitt punkt',
  );
  expect(groups['Unit K, øvrige']!.last).toBe('Unit K, Runde newer\n\nForbedre: K sitt punkt');
});

test('what somebody wrote is text, on its own line, and cut', async () => {
  const { last } = (await told())['Unit E']!;
  const lines = last!.split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[2]).toMatch(/^Forbedre: <\/script><img src=x onerror=alert\(1\)> Forbedre: lønna 😀+…$/u);
  expect([...lines[2]!]).toHaveLength('Forbedre: '.length + 90);
  expect(lines[3]).toMatch(/^– <\/script>.*…: Tatt bort$/u);
});

test('everybody in a group gets the same bytes, which the keylist names', async () => {
  const invited = await invitationsOf(main(), roundId);
  const rows = await main().select().from(roundFile).where(eq(roundFile.roundId, roundId));
  const bytes = (path: string) => rows.filter((row) => row.path === path).map((row) => row.bytes);
  const [list] = bytes('keylist.json');
  const keylist: Keylist = JSON.parse(new TextDecoder().decode(list));
  expect(new Set(invited.map((one) => one.groupId))).toEqual(new Set(keylist.groups.map(({ id }) => id)));
  for (const { id, file } of keylist.groups) {
    const found = bytes(`group/${id}`);
    expect(found).toHaveLength(1);
    expect(await isListed(found[0]!, file)).toBe(true);
    expect(Object.keys(JSON.parse(new TextDecoder().decode(found[0])))).toEqual([...answering].sort());
  }
});

test('later changes do not reach a frozen round, and do reach the next freezing', async () => {
  const bytes = async () =>
    (await main().select().from(roundFile).where(eq(roundFile.roundId, roundId)).orderBy(roundFile.path)).map(
      (row) => `${row.path} ${Buffer.from(row.bytes).toString('base64')}`,
    );
  const frozen = await bytes();
  const [changed] = first.points[1]!.measureIds;
  await main().update(measure).set({ status: 'done', title: 'Enda en plan' }).where(eq(measure.id, changed!));
  await main()
    .insert(measureStatus)
    .values({ measureId: changed!, status: 'done', sentence: 'Ferdig', at: days(0) });
  await main().update(point).set({ title: 'Annet' }).where(eq(point.id, first.points[0]!.id));
  expect(await bytes()).toEqual(frozen);

  expect(await thaw(main(), roundId, now, permit())).toMatchObject({ ok: true });
  expect(await freeze(main(), databases.box, roundId, now, permit())).toMatchObject({ ok: true });
  expect((await told())['Unit A']!.last).toContain('Bevare: Annet');
  expect((await told())['Unit A']!.last).toContain('– Enda en plan: Gjort');
});

test('a round that is to send text messages is not frozen where nobody can send them', async () => {
  const { id } = await approvedRound(main(), now, { sms: true });
  expect(await freeze(main(), databases.box, id, now, permit())).toEqual({ ok: false, refusal: 'sms' });
});

test('residents are told what came of what residents said', async () => {
  const [care] = await main().select().from(round).where(eq(round.id, 'care'));
  const asked = await approvedRound(main(), now, { name: 'Brukere', questionnaireId: care!.questionnaireId });
  await main()
    .update(round)
    .set({ counts: { [ids.get('A')!]: 9 } })
    .where(eq(round.id, asked.id));
  expect(await freeze(main(), databases.box, asked.id, now, permit())).toMatchObject({ ok: true });
  expect((await told('nb', asked.id))['Unit A']!.last).toBe('Unit A, Runde care\n\nForbedre: Fra care');
});
