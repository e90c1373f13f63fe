import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#domain/access.ts';
import { withAdded } from '#domain/joiner.ts';
import * as clock from '#server/clock.ts';
import * as codes from '#server/codes.ts';
import * as gate from '#server/gate.ts';
import { mailState, newLink, smsState } from '#server/invitations.ts';
import { invited } from '#server/invited.ts';
import { issue, show } from '#server/issuing.ts';
import * as joiners from '#server/joiners.ts';
import * as liveRates from '#server/live-rates.ts';
import { partsOf } from '#server/respondent.ts';
import * as rolls from '#server/rolls.ts';
import * as rounds from '#server/rounds.ts';
import {
  asked,
  dispatch,
  invitation,
  invitationLink,
  issued,
  joined,
  liveRate,
  person,
  position,
  round,
  unit,
} from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { someBlinded } from '#tests/support/papers.ts';
import { approvedRound, frozen, permit, town } from '#tests/support/town.ts';

const start = new Date('2027-03-01T12:00:00Z');
const now = new Date('2027-03-03T12:00:00Z');
let t: TestDatabases;
let ids: Map<string, string>;
let id: string;
let texted: string[];
const found = async () => (await rounds.find(t.main, id))!;
const invitations = () => t.main.select().from(invitation).where(eq(invitation.roundId, id));
const nodeOf = async (code: string) =>
  (await found()).tree!.nodes.find(({ units, part }) => part === 'whole' && units.includes(code))!.id;

let number = 9000;
async function comes(
  code: string,
  over: { email?: null; mobile?: string; leads?: boolean; share?: number } = {},
) {
  const personId = randomUUID();
  const employeeNumber = String(number++);
  const email = over.email === null ? null : `n${employeeNumber}@testvik.example`;
  const { mobile } = over;
  await t.main
    .insert(person)
    .values({ id: personId, employeeNumber, name: `New ${employeeNumber}`, email, mobile });
  await t.main.insert(position).values({
    ...{ key: employeeNumber, personId, unitId: ids.get(code)!, validFrom: '2027-03-02' },
    share: over.share ?? 100,
  });
  if (over.leads) await t.main.update(unit).set({ leaderId: personId }).where(eq(unit.code, code));
  return { personId, employeeNumber };
}
const join = (employeeNumber: string | null, at = now) =>
  joiners.join(t.main, id, employeeNumber, at, permit());
const end = (): never => {
  throw new Error('refused');
};
const gateOf = (over: Partial<Actor>) =>
  gate.open(
    { personId: randomUUID(), name: 'Somebody', roles: [], leads: [], worksIn: [], ...over },
    () => now,
    { stranger: end, refused: end },
  );

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  Object.assign(process.env, { SMS_URL: 'https://sms.example/', SMS_TOKEN: 't', SMS_SENDER: 'Testvik' });
  ({ ids } = await town(t.main, { A: 10, B: 12, C: 8 }));
  // Two in C have both, or a mobile number alone; one has a number that takes no text message.
  const inC = (await t.main.select().from(person).orderBy(person.employeeNumber)).slice(-3);
  texted = inC.map((one) => one.id);
  const reach = [
    { mobile: '412 34 567' },
    { mobile: '91234567', email: null },
    { mobile: '22334455', email: null },
  ];
  for (const [i, one] of texted.entries())
    await t.main.update(person).set(reach[i]!).where(eq(person.id, one));
  ({ id } = await approvedRound(t.main, start, { sms: true }));
  await frozen(t, id, start);
  expect(await clock.open(t.main, t.box, id, start, null)).toMatchObject({ ok: true });
});
afterAll(() => t.stop());

test('who came since freezing is counted, and joins in one go: an invitation, a mail, a place in the protocol', async () => {
  const before = (await invitations()).length;
  const { personId } = await comes('A');
  await comes('B');
  await comes('C', { email: null });
  expect(await joiners.came(t.main, await found(), now)).toEqual({ ready: 2, withoutMail: 1, noGroup: 0 });
  expect(await join(null)).toEqual({ ok: true, count: 2 });
  expect(await joiners.came(t.main, await found(), now)).toEqual({ ready: 0, withoutMail: 1, noGroup: 0 });
  expect((await invitations()).length).toBe(before + 2);
  const [made] = await t.main.select().from(invitation).where(eq(invitation.personId, personId));
  expect(made!.groupId).toBe(await nodeOf('A'));
  expect(await t.main.select().from(dispatch).where(eq(dispatch.invitationId, made!.id))).toHaveLength(1);
  const mine = and(eq(asked.personId, personId), eq(asked.openedOn, '2027-03-03'));
  expect(await t.main.select().from(asked).where(mine)).toHaveLength(1);
  expect(await t.main.select().from(asked).where(eq(asked.openedOn, '2027-03-03'))).toHaveLength(2);
  expect([...(await joiners.counts(t.main, id)).entries()].sort()).toEqual(
    [
      [await nodeOf('A'), 1],
      [await nodeOf('B'), 1],
    ].sort(),
  );
  expect((await rounds.events(t.main, id)).at(-1)).toMatchObject({ event: 'join', reason: null });
  expect((await found()).tree!.nodes.find((n) => n.units[0] === 'A')!.invited).toBe(10);
});

test('without e-mail a link goes by text message, as at freezing; without either a code is for them', async () => {
  const [both, mobile, neither] = texted;
  const all = await invitations();
  const of = (who?: string) => all.find(({ personId }) => personId === who);
  expect(of(both)).toMatchObject({ mobile: null });
  expect(of(both)!.email).toContain('@');
  expect(of(mobile)).toMatchObject({ email: null, mobile: '+4791234567' });
  expect(of(neither)).toBeUndefined();
  expect(await codes.numbers(t.main, await found())).toEqual({ needed: 1, reserve: 1 });
  expect([...(await codes.handed(t.main, id)).values()]).toEqual([[expect.any(String)]]);
  expect(await smsState(t.main, id)).toEqual({ due: 1, sent: 0, failed: 0 });

  const { employeeNumber, personId } = await comes('B', { email: null, mobile: '+47 98 76 54 32' });
  expect(await join(employeeNumber)).toEqual({ ok: true, count: 1 });
  const [made] = (await invitations()).filter((one) => one.personId === personId);
  expect(made).toMatchObject({ email: null, mobile: '+4798765432' });
  expect(await smsState(t.main, id)).toEqual({ due: 2, sent: 0, failed: 0 });
});

test('a round without text messages reaches nobody by number', async () => {
  const who = await invited(t.main, { ...(await found()), sms: false });
  expect(who.bySms).toBe(0);
  expect(who.withoutMail).toBe(2);
  expect(who.people.every((one) => one.mobile === null)).toBe(true);
});

test('by employee number, and what stands in the way is said', async () => {
  const leader = await comes('C', { leads: true });
  expect(await join(leader.employeeNumber)).toEqual({ ok: true, count: 1 });
  const [made] = await t.main.select().from(invitation).where(eq(invitation.personId, leader.personId));
  expect(made!.groupId).not.toBe(await nodeOf('C'));
  const silent = await comes('A', { email: null });
  for (const [who, refusal] of [
    [leader.employeeNumber, 'already'],
    ['1000000', 'unknown-person'],
    [silent.employeeNumber, 'no-address'],
  ] as const)
    expect(await join(who)).toEqual({ ok: false, refusal });
  expect(await join(null)).toEqual({ ok: false, refusal: 'nobody' });
  expect(await join(leader.employeeNumber, new Date('2027-05-01'))).toMatchObject({ refusal: 'not-open' });
});

test('two who invite at once invite once', async () => {
  await comes('B');
  const made = await Promise.all([join(null), join(null), join(null)]);
  expect(made.filter(({ ok }) => ok)).toHaveLength(1);
});

test('who leaves before fetching is withdrawn, who has fetched is left alone, and nothing shows the difference', async () => {
  const group = await nodeOf('A');
  const [first, second] = (await invitations()).filter(({ groupId }) => groupId === group);
  const secretOf = async (of: string) =>
    partsOf(await newLink(t.main, of, 'https://medvirk.testvik.example', 'nb')).secret;
  const [fetched, waiting] = [await secretOf(first!.id), await secretOf(second!.id)];
  const paper = someBlinded();
  expect((await issue(t.main, id, fetched, paper, now)).ok).toBe(true);
  const representative = gateOf({ roles: [{ role: 'union', unit: 'A' }] });
  const seen = async () => ({
    mail: await mailState(t.main, id),
    invitations: (await invitations()).length,
    links: (await t.main.select().from(invitationLink)).length,
    joined: (await t.main.select().from(joined)).length,
    roll: (await rolls.list(t.main, representative, await found(), now))[0]!.names.length,
  });
  const before = await seen();
  const leaves = (of: typeof first, on: string | null) =>
    t.main.update(person).set({ leftOn: on }).where(eq(person.id, of!.personId!));

  await leaves(first, '2027-03-03');
  const one = await seen();
  await leaves(first, null);
  await leaves(second, '2027-03-03');
  expect(await seen()).toEqual(one);
  expect(one).toEqual({ ...before, roll: before.roll - 1 });

  await leaves(first, '2027-03-03');
  expect(await show(t.main, id, waiting, now)).toEqual({ ok: false, refusal: 'unknown' });
  expect(await issue(t.main, id, waiting, someBlinded(), now)).toEqual({ ok: false, refusal: 'unknown' });
  expect(await show(t.main, id, fetched, now)).toMatchObject({ ok: true, state: 'fetched' });
  expect((await issue(t.main, id, fetched, paper, now)).ok).toBe(true);
  // Not before the day, and an import that is undone gives the invitation back.
  expect(await show(t.main, id, waiting, start)).toMatchObject({ ok: true, state: 'ready' });
  await leaves(second, null);
  expect(await show(t.main, id, waiting, now)).toMatchObject({ ok: true, state: 'ready' });
});

test('the live rate is kept as today’s steps alone, told to those who follow a unit, and gone when it stops', async () => {
  await liveRates.measure(t.main, now);
  const rows = await t.main.select().from(liveRate);
  expect(rows.length).toBeGreaterThan(0);
  expect(new Set(rows.map(({ on }) => on))).toEqual(new Set(['2027-03-03']));
  expect(Object.keys(rows[0]!).sort()).toEqual(['nodeId', 'on', 'roundId', 'step']);
  const told = async (over: Partial<Actor>) =>
    (await liveRates.told(t.main, gateOf(over), now, {})).flatMap(({ units }) =>
      units.map((one) => one.unit),
    );
  expect(await told({ leads: ['A'] })).toEqual(['A']);
  expect(await told({ roles: [{ role: 'safety', unit: 'H' }] })).toEqual(['H', 'A', 'B']);
  expect(await told({ roles: [{ role: 'hr', unit: null }] })).toEqual(['K', 'H', 'A', 'B']);
  await expect(told({ worksIn: ['A'] })).rejects.toThrow('refused');
  // The same day nothing is measured again.
  await t.main.delete(issued).where(eq(issued.roundId, id));
  await liveRates.measure(t.main, new Date('2027-03-03T20:00:00Z'));
  expect(await t.main.select().from(liveRate)).toEqual(rows);
  await liveRates.measure(t.main, new Date('2027-03-04T08:00:00Z'));
  const next = await t.main.select().from(liveRate);
  expect(new Set(next.map(({ on }) => on))).toEqual(new Set(['2027-03-04']));
  await t.main.update(round).set({ state: 'stopped' }).where(eq(round.id, id));
  expect(await told({ leads: ['A'] })).toEqual([]);
  await liveRates.measure(t.main, now);
  expect(await t.main.select().from(liveRate)).toEqual([]);
});

test('the release counts those who joined among the invited, and its sums still hold', async () => {
  const { tree } = await found();
  const counts = await joiners.counts(t.main, id);
  const after = withAdded(tree!, counts);
  const groups = (of: typeof after) =>
    of.nodes.filter(({ group }) => group).reduce((all, n) => all + n.invited, 0);
  const more = [...counts.values()].reduce((all, count) => all + count, 0);
  expect(groups(after) - groups(tree!)).toBe(more);
  for (const node of after.nodes.filter(({ group }) => !group)) {
    const under = after.nodes.filter(({ parent }) => parent === node.id);
    expect(node.invited).toBe(under.reduce((all, n) => all + n.invited, 0));
  }
});
