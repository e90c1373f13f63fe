import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor, Role } from '#domain/access.ts';
import * as calendar from '#server/calendar.ts';
import * as calendarLinks from '#server/calendar-links.ts';
import { permitForMachine } from '#server/gate.ts';
import * as occurrences from '#server/occurrences.ts';
import * as programmes from '#server/programmes.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { calendarLink, person, role, unit } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { permit, town } from '#tests/support/town.ts';

let t: TestDatabases;
let ids: Map<string, string>;
const now = new Date('2026-11-25T12:00:00Z');
const tenYears = { from: '2026-11-01', to: '2036-12-31' };

beforeAll(async () => {
  t = await testDatabases();
  ({ ids } = await town(t.main));
  await questionnaires.shipOwn(t.main, now);
  await programmes.addStandard(t.main, { whole: 'K', health: 'A' }, now, permit());
});
afterAll(() => t.stop());

const actor = (over: Partial<Actor>): Actor => ({
  personId: randomUUID(),
  name: 'Somebody',
  roles: [],
  leads: [],
  worksIn: [],
  ...over,
});
const withRole = (held: Role, at: string | null) => actor({ roles: [{ role: held, unit: at }] });
const seen = async (who: Actor) => {
  const all = await calendar.entries(t.main, now, await calendar.concerns(t.main, who), tenYears);
  return [...new Set(all.flatMap(({ name }) => name?.replace(/ \d{4}$/, '') ?? []))].sort();
};
const whole = ['Medarbeiderundersøkelsen'];
const inHealth = [
  'Arbeidsmiljø og trygghet i helse og omsorg',
  'Beboerundersøkelsen',
  'Pårørendeundersøkelsen',
];
const everything = [...inHealth, ...whole].sort();

describe('somebody sees what concerns them', () => {
  it.each<[string, Actor, string[]]>([
    ['HR', withRole('hr', null), everything],
    ['the operator', withRole('operator', null), everything],
    ['a chief union representative', withRole('union', null), everything],
    ['the leader of A', actor({ leads: ['A'] }), everything],
    ['the director above A', actor({ leads: ['H'] }), everything],
    ['the leader of B', actor({ leads: ['B'] }), whole],
    ['a safety representative of B', withRole('safety', 'B'), whole],
    ['nobody in particular', actor({}), []],
  ])('%s', async (_, who, names) => {
    expect(await seen(who)).toEqual(names);
  });
});

describe('an entry', () => {
  const all = async () => calendar.entries(t.main, now, () => true, tenYears);

  it('comes in order of days, and a tertial report once for all', async () => {
    const days = (await all()).map(({ day }) => day);
    expect(days).toEqual(days.toSorted());
    const t1 = (await all()).filter(({ kind, day }) => kind === 't1' && day.startsWith('2028'));
    expect(t1).toMatchObject([{ uid: '2028-t1', name: null, day: '2028-04-28' }]);
  });

  it('keeps its id when it becomes a round and when it moves', async () => {
    const before = (await all()).filter(({ run }) => run?.year === 2027);
    expect(before.length).toBeGreaterThan(30);
    const later = new Date('2027-04-01T12:00:00Z');
    await occurrences.plan(t.main, later);
    const ordinary = before.find(({ name }) => name === 'Medarbeiderundersøkelsen 2027')!.run!;
    expect(await occurrences.move(t.main, ordinary.programmeId, 2027, '2027-10-11', later, permit())).toEqual(
      { ok: true },
    );
    const after = (await all()).filter(
      ({ run, name }) => run?.year === 2027 && name === 'Medarbeiderundersøkelsen 2027',
    );
    expect(after.every(({ roundId }) => roundId !== null)).toBe(true);
    expect(after.find(({ kind }) => kind === 'opening')!.day).toBe('2027-10-11');
    const uids = before.filter(({ name }) => name === 'Medarbeiderundersøkelsen 2027').map(({ uid }) => uid);
    expect(after.map(({ uid }) => uid).sort()).toEqual(uids.sort());
  });
});

describe('the secret address', () => {
  const [leader] = [randomUUID()];
  const mine = permitForMachine<'calendar.subscribe'>(leader);

  beforeAll(async () => {
    await t.main.insert(person).values({ id: leader, name: 'Leder' });
    await t.main
      .update(unit)
      .set({ leaderId: leader })
      .where(eq(unit.id, ids.get('B')!));
  });

  it('is made once, kept as a hash, and leads to its owner', async () => {
    const both = await Promise.all([1, 2].map(() => calendarLinks.make(t.main, now, mine)));
    const made = both.find((one) => one.ok)!;
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toEqual({ ok: false, refusal: 'has-one' });
    if (!made.ok) throw new Error();
    expect(await calendarLinks.owner(t.main, made.secret, now)).toMatchObject({
      personId: leader,
      leads: ['B'],
    });
    expect(await calendarLinks.since(t.main, mine)).toEqual(now);
    const kept = JSON.stringify(await t.main.select().from(calendarLink));
    expect(kept).not.toContain(made.secret);
    expect(kept).not.toContain(Buffer.from(made.secret, 'base64url').toString('hex'));
    for (const other of ['', 'x', made.secret.slice(1), made.secret + 'x'])
      expect(await calendarLinks.owner(t.main, other, now)).toBeNull();
    await calendarLinks.takeBack(t.main, mine);
    expect(await calendarLinks.owner(t.main, made.secret, now)).toBeNull();
    expect(await calendarLinks.since(t.main, mine)).toBeNull();
  });

  it('leads nowhere from the day its owner has left, or may see the calendar no more', async () => {
    const made = await calendarLinks.make(t.main, now, mine);
    if (!made.ok) throw new Error(made.refusal);
    await t.main.update(person).set({ leftOn: '2027-01-01' }).where(eq(person.id, leader));
    expect(await calendarLinks.owner(t.main, made.secret, new Date('2026-12-31T22:59:00Z'))).not.toBeNull();
    expect(await calendarLinks.owner(t.main, made.secret, new Date('2026-12-31T23:00:00Z'))).toBeNull();
    await t.main.update(person).set({ leftOn: null }).where(eq(person.id, leader));
    await t.main.update(unit).set({ leaderId: null }).where(eq(unit.leaderId, leader));
    expect(await calendarLinks.owner(t.main, made.secret, now)).toBeNull();
    await t.main.insert(role).values({ id: randomUUID(), personId: leader, role: 'committee', givenAt: now });
    expect(await calendarLinks.owner(t.main, made.secret, now)).toBeNull();
  });
});
