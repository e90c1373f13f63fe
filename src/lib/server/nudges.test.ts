import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Step } from '#domain/step.ts';
import { intoMemory, nowhere, overSmtp, type Postman } from '#server/mail.ts';
import { sendNudges } from '#server/nudges.ts';
import { nudge, person, release, report, round, step, unit } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { released, took } from '#tests/support/follow-up.ts';
import { pastTheRules } from '#tests/support/kept.ts';
import { postOffice } from '#tests/support/post-office.ts';
import { town } from '#tests/support/town.ts';

let t: TestDatabases;
let ids: Map<string, string>;
const leaders = new Map<string, { id: string; email: string }>();
const office = postOffice();
const origin = 'https://medvirk.example';
/** A Wednesday in November 2026 at ten. */
const now = new Date('2026-11-25T10:00:00+01:00');
const before = (days: number) => new Date(now.getTime() - days * 24 * 3600_000);
const steps: Step[] = ['received', 'prepared', 'presented', 'agreed', 'planned'];

beforeAll(async () => {
  t = await testDatabases();
  ({ ids } = await town(t.main));
  await office.open();
});
afterAll(async () => {
  await office.close();
  await t.stop();
});

beforeEach(async () => {
  const { main } = t;
  await pastTheRules(main, 'release', async () => {
    for (const table of [nudge, step, report, release, round]) await main.delete(table);
  });
  office.letters = [];
  office.answer = () => 250;
  for (const [code, id] of ids) {
    const [of] = await main.select().from(unit).where(eq(unit.id, id));
    const known = leaders.get(code)?.id ?? of!.leaderId!;
    leaders.set(code, { id: known, email: `${code}@testvik.example` });
    await main.update(unit).set({ leaderId: known }).where(eq(unit.id, id));
    await main
      .update(person)
      .set({ email: `${code}@testvik.example`, leftOn: null })
      .where(eq(person.id, known));
  }
});

const units = (...codes: string[]) => codes.map((code) => ({ code, id: ids.get(code)! }));

/** A round released so long ago, with the steps that A took; K, H, B and C took all. */
async function late(days = 20, taken: Step[] = [], over: Partial<Parameters<typeof released>[1]> = {}) {
  const id = await released(t.main, {
    ...{ id: `r${days}`.padEnd(8, 'a'), units: units('K', 'H', 'A', 'B', 'C'), releasedAt: before(days) },
    ...over,
  });
  for (const code of ['K', 'H', 'B', 'C']) await took(t.main, id, ids.get(code)!, before(days), ...steps);
  if (taken.length > 0) await took(t.main, id, ids.get('A')!, before(days), ...taken);
  return id;
}

async function sent(at = now): Promise<{ to: string; subject: string; text: string }[]> {
  const post = intoMemory();
  await sendNudges(t.main, post, origin, at);
  return post.kept;
}

it('reminds a leader of the step that is over its day, in Norwegian, with one link', async () => {
  const id = await late();
  const [letter, ...rest] = await sent();
  expect(rest).toEqual([]);
  expect(letter).toMatchObject({ to: leaders.get('A')!.email, subject: 'Les resultatet: Unit A' });
  expect(letter!.text.match(/https?:\S+/g)).toEqual([`${origin}/meetings/${id}/A`]);
  expect(letter!.text).toContain('Fristen var 12. november 2026.');
});

it('once a week, and again in the next while it is over', async () => {
  await late();
  const at = (iso: string) => sent(new Date(iso)).then((letters) => letters.length);
  const found = [];
  for (const iso of [
    '2026-11-25T10:00:00+01:00',
    '2026-11-25T11:00:00+01:00',
    '2026-11-27T15:59:00+01:00',
    '2026-11-30T07:59:00+01:00',
    '2026-11-30T08:00:00+01:00',
    '2026-12-04T10:00:00+01:00',
  ])
    found.push(await at(iso));
  expect(found).toEqual([1, 0, 0, 0, 1, 0]);
});

it('over New Year a week is one week', async () => {
  await late();
  const days = ['2026-12-28', '2026-12-29', '2026-12-30', '2027-01-01', '2027-01-04'];
  const found = [];
  for (const day of days) found.push((await sent(new Date(`${day}T10:00:00+01:00`))).length);
  expect(found).toEqual([1, 0, 0, 0, 1]);
});

it('after weeks in which nothing ran there is one letter', async () => {
  await late();
  expect((await sent()).length).toBe(1);
  const after = new Date('2027-01-20T09:00:00+01:00');
  expect((await sent(after)).length).toBe(1);
  expect((await sent(after)).length).toBe(0);
});

it.each([
  ['at night', '2026-11-25T03:00:00+01:00'],
  ['on a Saturday', '2026-11-28T10:00:00+01:00'],
  ['on a holiday', '2026-12-25T10:00:00+01:00'],
])('sends nothing %s', async (_, at) => {
  await late();
  expect(await sent(new Date(at))).toEqual([]);
  expect(await t.main.select().from(nudge)).toEqual([]);
});

it('chooses what is longest over: of two steps, of a step and a report', async () => {
  await late(20);
  const older = await late(60, ['received'], { id: 'olderaaa', key: 'extraordinary' });
  expect((await sent())[0]!.text).toContain(`/meetings/${older}/A`);
  await t.main.delete(nudge);
  const [begun] = await t.main
    .insert(report)
    .values({ unitId: ids.get('A')!, year: 2026, period: 't2', startedAt: before(85) })
    .returning();
  const [letter] = await sent();
  expect(letter!.subject).toBe('Lever rapporten for 2. tertial 2026: Unit A');
  expect(letter!.text.match(/https?:\S+/g)).toEqual([`${origin}/reports/${begun!.id}`]);
});

it.each<[string, () => Promise<unknown>]>([
  ['a step whose day has not passed', () => late(7)],
  ['a course that is done', () => late(100, steps)],
  ['a dry run', () => late(20, [], { dryRun: true })],
  ['a withdrawn release', () => late(20, [], { withdrawn: true })],
  ['a leader evaluation', () => late(20, [], { key: 'leader' })],
  [
    'a course that a later round has overtaken',
    () => Promise.all([late(300), late(5, [], { id: 'newestaa' })]),
  ],
  [
    'a report that is handed in',
    () =>
      t.main.insert(report).values({
        ...{ unitId: ids.get('A')!, year: 2026, period: 't2', startedAt: before(85), handedAt: before(50) },
      }),
  ],
  [
    'a unit without a leader',
    async () => {
      await late();
      await t.main.update(unit).set({ leaderId: null }).where(eq(unit.code, 'A'));
    },
  ],
  ...(
    [
      ['a leader without an address', { email: null }],
      ['a leader whose address is none', { email: 'A@testvik, B@testvik' }],
      ['a leader who has left', { leftOn: '2026-11-20' }],
    ] as const
  ).map(([whose, changed]): [string, () => Promise<unknown>] => [
    whose,
    async () => {
      await late();
      await t.main
        .update(person)
        .set(changed)
        .where(eq(person.id, leaders.get('A')!.id));
    },
  ]),
])('nobody is reminded of %s', async (_, given) => {
  await given();
  expect(await sent()).toEqual([]);
});

it('without a postman nobody counts as reminded', async () => {
  await late();
  await sendNudges(t.main, nowhere, origin, now);
  expect(await t.main.select().from(nudge)).toEqual([]);
});

const withPost = async (run: (post: Postman) => Promise<unknown>) => {
  const post = overSmtp(office.url(), 'Medvirk <medvirk@testvik.example>');
  await run(post).finally(() => post.close());
};

it('sends one letter, however many processes ask at once', async () => {
  await late();
  const posts = [1, 2, 3].map(() => overSmtp(office.url(), 'Medvirk <medvirk@testvik.example>'));
  office.hold = () => new Promise((go) => setTimeout(go, 100));
  await Promise.all(posts.map((post) => sendNudges(t.main, post, origin, now)));
  posts.forEach((post) => post.close());
  expect(office.letters.map(({ to }) => to)).toEqual([leaders.get('A')!.email]);
});

it('tries again when the mail server is away, and not when it refuses the address for good', async () => {
  await late();
  await office.close();
  await withPost((post) => expect(sendNudges(t.main, post, origin, now)).rejects.toThrow());
  expect(await t.main.select().from(nudge)).toEqual([]);
  await office.open();
  office.answer = () => 450;
  await withPost((post) => sendNudges(t.main, post, origin, now));
  expect(await t.main.select().from(nudge)).toEqual([]);
  office.answer = () => 550;
  await withPost((post) => sendNudges(t.main, post, origin, now));
  office.answer = () => 250;
  await withPost((post) => sendNudges(t.main, post, origin, now));
  expect(office.letters).toEqual([]);
});

it('one address that must wait keeps nobody else waiting', async () => {
  const id = await late();
  await t.main.delete(step).where(eq(step.unitId, ids.get('B')!));
  expect(id).toBeTruthy();
  office.answer = (address) => (address === leaders.get('A')!.email ? 450 : 250);
  await withPost((post) => sendNudges(t.main, post, origin, now));
  expect(office.letters.map(({ to }) => to)).toEqual([leaders.get('B')!.email]);
});
