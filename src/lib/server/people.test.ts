import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { municipality } from '#server/demo/municipality.ts';
import { permitForMachine } from '#server/gate.ts';
import * as imports from '#server/imports.ts';
import * as people from '#server/people.ts';
import { person, role, session, unit } from '#server/schema.ts';
import * as units from '#server/units.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';

let test: TestDatabases;
const now = new Date('2026-09-01T10:00:00Z');
const see = permitForMachine<'person.see'>();
const give = (by: string | null = null) => permitForMachine<'role.give'>(by);
const id = async (number: string) => (await people.byNumber(test.main, [number])).get(number) ?? '';

beforeAll(async () => {
  test = await testDatabases();
  const { unitsCsv, peopleCsv } = municipality();
  for (const [preview, text, at] of [
    [imports.previewUnits, unitsCsv, '2026-09-01T08:00:00Z'],
    [imports.previewPeople, peopleCsv, '2026-09-01T08:01:00Z'],
  ] as const) {
    const permit = permitForMachine<'import.do'>();
    const found = await preview(test.main, permit, new TextEncoder().encode(text), 'fil.csv', new Date(at));
    if (!found.ok) throw new Error(found.refusal);
    await imports.confirm(test.main, permit, found.id, new Date(at));
  }
});
afterAll(() => test.stop());
beforeEach(() => test.main.delete(role));

describe('the tree', () => {
  it('counts everybody once, by main position, up through the tree', async () => {
    const tree = await units.tree(test.main, '2026-09-01');
    expect(tree).toHaveLength(67);
    expect(tree[0]).toMatchObject({ code: 'FJ', depth: 0, own: 4, below: 900 });
    const sum = tree.reduce((all, { own }) => all + own, 0);
    expect(sum).toBe(900);
    const home = tree.find(({ code }) => code === 'HM-SO');
    expect(home).toMatchObject({ own: 4, below: 4 + 24 + 26 + 18 + 6, parent: 'HM', depth: 2 });
    expect(tree.filter(({ leader }) => leader === null).map(({ code }) => code)).toEqual(['OP-SS-S']);
  });

  it('is as it stood on the day', async () => {
    expect(await units.tree(test.main, '2019-12-31')).toEqual([]);
    await test.main.update(unit).set({ validTo: '2026-08-31' }).where(eq(unit.code, 'KN-UF'));
    const codes = async (on: string) => (await units.tree(test.main, on)).map(({ code }) => code);
    expect(await codes('2026-08-31')).toContain('KN-UF');
    expect(await codes('2026-09-01')).not.toContain('KN-UF');
    await test.main.update(unit).set({ validTo: null }).where(eq(unit.code, 'KN-UF'));
  });

  it('shows a leader who has left as not here', async () => {
    const leader = eq(person.id, await id(municipality().cast.leader));
    await test.main.update(person).set({ leftOn: '2026-09-01' }).where(leader);
    const tree = await units.tree(test.main, '2026-09-01');
    expect(tree.find(({ code }) => code === 'HM-SO-1')?.leader?.here).toBe(false);
    await test.main.update(person).set({ leftOn: null }).where(leader);
  });
});

describe('looking for somebody', () => {
  it('finds by part of a name, by address and by number, and never takes signs for patterns', async () => {
    const [some] = await test.main.select().from(person).where(eq(person.employeeNumber, '1100'));
    const find = (text: string) => people.search(test.main, see, text, now);
    const name = some?.name ?? '';
    for (const text of [name.slice(2, -2).toUpperCase(), some?.email ?? '', ' 1100 '])
      expect((await find(text)).people.map((p) => p.name)).toContain(name);
    expect(await find('%')).toEqual({ people: [], count: 0 });
    expect(await find('_____')).toEqual({ people: [], count: 0 });
    const all = await find('');
    expect([all.people.length, all.count]).toEqual([50, 900]);
  });

  it('shows one line for somebody with two positions, and the unit of the main one', async () => {
    const second = (await units.tree(test.main, '2026-09-01')).find(({ code }) => code === 'HM-TU-N');
    const all = await people.search(test.main, see, 'fjordvik.example', now);
    expect(new Set(all.people.map((p) => p.id)).size).toBe(all.people.length);
    const posts = await test.main.query.position.findMany({ where: (p, { eq }) => eq(p.main, false) });
    const [post] = posts.filter((p) => p.unitId === second?.id);
    const found = await people.find(test.main, see, post?.personId ?? '', now);
    expect(found?.positions).toHaveLength(2);
    const listed = await people.search(test.main, see, found?.employeeNumber ?? '', now);
    expect(listed.people[0]?.unit).toBe(found?.positions.find((p) => p.main)?.unit);
  });
});

describe('roles', () => {
  const give1 = async (number: string, what: string, of: string | null, by: string | null = null) => {
    const done = await people.giveRole(
      test.main,
      give(by),
      { personId: await id(number), role: what, unit: of },
      now,
    );
    return done.ok ? 'done' : done.refusal;
  };

  it('are given for a unit or the whole, once', async () => {
    expect(await give1('1100', 'union', 'HM-SO')).toBe('done');
    expect(await give1('1100', 'union', 'HM-SO')).toBe('has-role');
    expect(await give1('1100', 'union', null)).toBe('done');
    expect(await give1('1100', 'union', null)).toBe('has-role');
    const found = await people.find(test.main, see, await id('1100'), now);
    expect(found?.roles.map((r) => [r.role, r.unit])).toEqual([
      ['union', 'Solbakken sykehjem'],
      ['union', null],
    ]);
    expect(await people.withRoles(test.main, see, now)).toHaveLength(2);
  });

  it('are refused by name', async () => {
    expect(await give1('1100', 'king', null)).toBe('unknown-role');
    expect(await give1('1100', 'hr', 'HM')).toBe('role-is-for-the-whole');
    expect(await give1('1100', 'union', 'X')).toBe('unknown-unit');
    expect(await give1('1100', 'hr', null, await id('1100'))).toBe('to-oneself');
    const personId = '00000000-0000-4000-8000-000000000000';
    expect(await people.giveRole(test.main, give(), { personId, role: 'hr', unit: null }, now)).toEqual({
      ok: false,
      refusal: 'unknown-person',
    });
    expect(await test.main.select().from(role)).toEqual([]);
  });

  it('are taken away, but never the last HR or operator who is here', async () => {
    await give1('1100', 'hr', null);
    await give1('1101', 'union', null);
    const rolesOf = async (number: string) =>
      (await people.find(test.main, see, await id(number), now))?.roles[0]?.id ?? '';
    const first = await rolesOf('1100');
    const take = async (roleId: string) => {
      const done = await people.takeRole(test.main, give(), roleId, now);
      return done.ok ? 'done' : done.refusal;
    };
    expect(await take(first)).toBe('last-one');
    await give1('1102', 'hr', null);
    await test.main.update(person).set({ leftOn: '2026-01-01' }).where(eq(person.employeeNumber, '1102'));
    expect(await take(first)).toBe('last-one');
    await test.main.update(person).set({ leftOn: null }).where(eq(person.employeeNumber, '1102'));
    expect(await take(first)).toBe('done');
    expect(await take(first)).toBe('role-gone');
    expect(await take(await rolesOf('1101'))).toBe('done');
  });
});

describe('somebody from outside', () => {
  it('comes with an address nobody has, and leaves with their sessions', async () => {
    const add = (name: string, email: string) => people.addExternal(test.main, give(), { name, email }, now);
    expect(await add(' ', 'a@fjordvik.example')).toEqual({ ok: false, refusal: 'no-name' });
    expect(await add('Utenfra 158785 10035', 'a@b.example')).toEqual({
      ok: false,
      refusal: 'identity-number',
    });
    expect(await add('Utenfra', 'a@')).toEqual({ ok: false, refusal: 'bad-email' });
    const [some] = await test.main.select().from(person).where(eq(person.employeeNumber, '1100'));
    expect(await add('Utenfra', some?.email?.toUpperCase() ?? '')).toEqual({ ok: false, refusal: 'known' });
    const added = await add('Utenfra', 'Utenfra@fjordvik.example');
    if (!added.ok) throw new Error(added.refusal);
    await test.main.insert(session).values({
      id: 's',
      secretHash: new Uint8Array(32),
      personId: added.id,
      lastVerifiedAt: now,
      createdAt: now,
    });
    const end = (personId: string, by: string | null = null) =>
      people.endExternal(test.main, give(by), personId, now);
    expect(await end(added.id, added.id)).toEqual({ ok: false, refusal: 'to-oneself' });
    expect(await end(some?.id ?? '')).toEqual({ ok: false, refusal: 'employed' });
    await people.giveRole(test.main, give(), { personId: added.id, role: 'operator', unit: null }, now);
    expect(await end(added.id)).toEqual({ ok: false, refusal: 'last-one' });
    await people.giveRole(test.main, give(), { personId: some?.id ?? '', role: 'operator', unit: null }, now);
    expect(await end(added.id)).toEqual({ ok: true });
    expect((await people.find(test.main, see, added.id, now))?.here).toBe(false);
    expect(await test.main.select().from(session)).toEqual([]);
    expect(await add('Utenfra igjen', 'utenfra@fjordvik.example')).toMatchObject({ ok: true });
  });
});
