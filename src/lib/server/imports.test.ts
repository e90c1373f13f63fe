import { eq, isNotNull, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { permitForMachine } from '#server/gate.ts';
import * as imports from '#server/imports.ts';
import { imported, person, position, questionnaire, role, round, session, unit } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';

let test: TestDatabases;
const permit = permitForMachine<'import.do'>();
const bytes = (lines: string[]) => new TextEncoder().encode(lines.join('\r\n'));
let minutes = 0;
const now = () => new Date(Date.parse('2026-09-01T08:00:00Z') + 60_000 * minutes++);

beforeAll(async () => {
  test = await testDatabases();
});
afterAll(() => test.stop());
beforeEach(async () => {
  for (const table of [round, questionnaire, session, role, position, imported])
    await test.main.delete(table);
  await test.main.update(unit).set({ leaderId: null, parentId: null });
  await test.main.delete(unit);
  await test.main.delete(person);
});

const unitHead = 'organisasjonsKode;navn;overordnet;leder';
const units = ['K;Kommunen;;1', 'A;Avdeling A;K;2', 'B;Avdeling B;K;'];
const peopleHead = 'ansattnummer;navn;epost;arbeidssted;ansettelsesprosent';
const people = [
  '1;Kari Moen;kari@fjordvik.example;K;100',
  '2;Ola Lien;ola@fjordvik.example;A;80',
  '3;Ida Nes;;B;50',
];

async function previewed(kind: 'units' | 'people', lines: string[]) {
  const file = bytes([kind === 'units' ? unitHead : peopleHead, ...lines]);
  const preview = kind === 'units' ? imports.previewUnits : imports.previewPeople;
  const found = await preview(test.main, permit, file, `${kind}.csv`, now());
  if (!found.ok) throw new Error(found.refusal);
  return found;
}
async function done(kind: 'units' | 'people', lines: string[]) {
  const { id } = await previewed(kind, lines);
  expect(await imports.confirm(test.main, permit, id, now())).toMatchObject({ ok: true });
  return id;
}
const confirm = async (id: string) => {
  const found = await imports.confirm(test.main, permit, id, now());
  return found.ok ? 'done' : found.refusal;
};
const undo = async (id: string) => {
  const found = await imports.undo(test.main, permit, id, now());
  return found.ok ? 'done' : found.refusal;
};
const everything = async () => ({
  units: await test.main.select().from(unit).orderBy(unit.code),
  people: await test.main.select().from(person).orderBy(person.name),
  positions: await test.main.select().from(position).orderBy(position.key),
});
const named = async (name: string) => {
  const [found] = await test.main.select().from(person).where(eq(person.name, name));
  if (!found) throw new Error(name);
  return found;
};
const coded = async (code: string) => {
  const [found] = await test.main.select().from(unit).where(eq(unit.code, code));
  if (!found) throw new Error(code);
  return found;
};

describe('an import', () => {
  it('changes nothing before it is confirmed, and does what it showed', async () => {
    const { id, preview } = await previewed('units', units);
    expect(preview.parts[0]?.added).toHaveLength(3);
    expect((await everything()).units).toEqual([]);
    expect(await confirm(id)).toBe('done');
    const kept = (await everything()).units;
    expect(kept.map((u) => [u.code, u.validFrom, u.leaderId])).toEqual([
      ['A', '2026-09-01', null],
      ['B', '2026-09-01', null],
      ['K', '2026-09-01', null],
    ]);
    const top = kept.find((u) => u.code === 'K')?.id;
    expect(kept.map((u) => u.parentId)).toEqual([top, top, null]);
    expect(await confirm(id)).toBe('already-confirmed');
  });

  it('of people gives units the leaders they waited for', async () => {
    await done('units', units);
    const { preview, id } = await previewed('people', people);
    expect(preview.parts.map((part) => [part.of, part.added.length, part.changed.length])).toEqual([
      ['person', 3, 0],
      ['position', 3, 0],
      ['leader', 0, 2],
    ]);
    expect(await confirm(id)).toBe('done');
    expect((await coded('A')).leaderId).toBe((await named('Ola Lien')).id);
    expect((await coded('K')).leaderId).toBe((await named('Kari Moen')).id);
    expect((await coded('B')).leaderId).toBeNull();
    const again = await previewed('people', people);
    expect(again.preview.parts.map((part) => part.unchanged)).toEqual([3, 3]);
    const unitsAgain = await previewed('units', units);
    expect(unitsAgain.preview.parts[0]).toMatchObject({ added: [], changed: [], gone: [], unchanged: 3 });
  });

  it('knows since when somebody leads where it saw one leader follow another, or nobody, or the file says so', async () => {
    const since = async () => [(await coded('A')).leaderSince, (await coded('B')).leaderSince];
    await done('units', units);
    await done('people', people);
    expect(await since()).toEqual([null, null]);
    const id = await done('units', ['K;Kommunen;;1', 'A;Avdeling A;K;1', 'B;Avdeling B;K;2']);
    expect(await since()).toEqual(['2026-09-01', '2026-09-01']);
    await done('units', ['K;Kommunen;;1', 'A;Avdelingen;K;1', 'B;Avdeling B;K;']);
    expect(await since()).toEqual(['2026-09-01', null]);
    const [last] = await imports.list(test.main, permit);
    expect([await undo(last!.id), await undo(id)]).toEqual(['done', 'done']);
    expect(await since()).toEqual([null, null]);
  });

  it('with faults cannot be confirmed', async () => {
    const { id, preview } = await previewed('units', ['K;Kommunen;X;']);
    expect(preview.faults).toMatchObject([{ fault: 'unknown-parent', line: 2 }]);
    expect(await confirm(id)).toBe('has-faults');
    expect((await everything()).units).toEqual([]);
  });

  it('is shown again when something changed after the preview', async () => {
    await done('units', units);
    const { id } = await previewed('units', ['K;Kommunen;;', 'A;Nye A;K;', 'B;Avdeling B;K;']);
    await done('units', ['K;Kommunen;;', 'A;Enda nyere A;K;', 'B;Avdeling B;K;']);
    const refused = await imports.confirm(test.main, permit, id, now());
    if (refused.ok || refused.refusal !== 'changed-since-preview') throw new Error('it was not noticed');
    expect((await coded('A')).name).toBe('Enda nyere A');
    expect(await confirm(id)).toBe('not-found');
    const shown = await imports.find(test.main, permit, refused.id);
    expect(shown?.preview.parts[0]?.changed[0]?.fields[0]).toEqual({
      field: 'navn',
      before: 'Enda nyere A',
      after: 'Nye A',
    });
    expect(await confirm(refused.id)).toBe('done');
    expect((await coded('A')).name).toBe('Nye A');
  });

  it('confirmed at the same time as others is done alone, and the others are shown again', async () => {
    await done('units', units);
    const ids: string[] = [];
    for (const name of ['1', '2', '3', '4', '5'])
      ids.push((await previewed('units', ['K;Kommunen;;', `A;Navn ${name};K;`, 'B;Avdeling B;K;'])).id);
    const [first = ''] = ids;
    // Connections first, so that they really race.
    await Promise.all(Array.from({ length: 10 }, () => test.main.execute(sql`select pg_sleep(0.05)`)));
    const outcomes = await Promise.all([first, ...ids].map(confirm));
    const times = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
    expect([times('done'), times('changed-since-preview')]).toEqual([1, 4]);
  });

  it('never deletes: units and positions end, people leave and lose their sessions', async () => {
    await done('units', units);
    await done('people', people);
    const ola = await named('Ola Lien');
    const kari = await named('Kari Moen');
    for (const { id: personId } of [ola, kari])
      await test.main.insert(session).values({
        id: personId,
        secretHash: new Uint8Array(32),
        personId,
        lastVerifiedAt: now(),
        createdAt: now(),
      });
    await done('people', people.toSpliced(1, 1));
    expect(await named('Ola Lien')).toEqual({ ...ola, leftOn: '2026-09-01' });
    const ended = await test.main.select().from(position).where(isNotNull(position.validTo));
    expect(ended.map((p) => [p.key, p.validTo])).toEqual([['2/A/', '2026-08-31']]);
    expect((await test.main.select().from(session)).map((s) => s.personId)).toEqual([kari.id]);
    await done('units', units.slice(0, 2));
    expect(await coded('B')).toMatchObject({ validTo: '2026-08-31' });
  });

  it('takes hundreds of people and tells the same ones apart', async () => {
    await done('units', units);
    const many = Array.from({ length: 5000 }, (_, i) => `${i + 1};Person ${i};p${i}@fjordvik.example;B;100`);
    await done('people', many);
    expect((await everything()).positions).toHaveLength(5000);
    const { preview } = await previewed('people', many);
    expect(preview.parts.map((part) => part.unchanged)).toEqual([5000, 5000]);
  });
});

describe('a file with national identity numbers', () => {
  it('is refused, and nothing of it is kept', async () => {
    const secret = '15878510035';
    const file = bytes(['ansattnummer;merknad', `1;${secret}`]);
    const found = await imports.previewPeople(test.main, permit, file, 'x.csv', now());
    expect(found).toEqual({ ok: false, refusal: 'identity-numbers', column: { number: 2, name: 'merknad' } });
    expect(await test.main.select().from(imported)).toEqual([]);
    expect(JSON.stringify(found)).not.toContain(secret);
  });
});

describe('undoing', () => {
  it('puts everything back exactly', async () => {
    await done('units', units);
    await done('people', people);
    const before = await everything();
    const second = await done('people', [
      '1;Kari Moen Dahl;kari@fjordvik.example;A;50',
      '3;Ida Nes;ida@fjordvik.example;B;50',
      '4;Per Vik;;A;100',
    ]);
    expect(await everything()).not.toEqual(before);
    expect(await imports.find(test.main, permit, second)).toMatchObject({ last: true });
    expect(await undo(second)).toBe('done');
    expect(await everything()).toEqual(before);
    expect(await undo(second)).toBe('already-undone');
  });

  it('goes back to the beginning, one import at a time, newest first', async () => {
    const first = await done('units', units);
    const second = await done('people', people);
    expect(await undo(first)).toBe('newer-import');
    expect(await undo(second)).toBe('done');
    expect(await undo(first)).toBe('done');
    expect(await everything()).toEqual({ units: [], people: [], positions: [] });
  });

  it('keeps leaders waiting after the people who were to lead are undone', async () => {
    await done('units', units);
    const before = await everything();
    expect(await undo(await done('people', people))).toBe('done');
    expect(await everything()).toEqual(before);
    await done('people', people);
    expect((await coded('A')).leaderId).toBe((await named('Ola Lien')).id);
  });

  it('is refused when a row has been changed since', async () => {
    const id = await done('units', units);
    await test.main.update(unit).set({ shortName: 'avd A' }).where(eq(unit.code, 'A'));
    expect(await undo(id)).toBe('changed-since-import');
    expect((await everything()).units).toHaveLength(3);
  });

  it('is refused when a role or a round stands on something it brought, and then does nothing', async () => {
    const id = await done('units', units);
    const before = await everything();
    const b = await coded('B');
    const [holder] = await test.main.insert(person).values({ name: 'Utenfra' }).returning();
    await test.main
      .insert(role)
      .values({ personId: holder?.id ?? '', role: 'union', unitId: b.id, givenAt: now() });
    expect(await undo(id)).toBe('in-use');
    await test.main.delete(role);
    const [asked] = await test.main
      .insert(questionnaire)
      .values({ key: 'q', version: 1, kind: 'employee', content: {} as never, addedAt: now() })
      .returning();
    await test.main.insert(round).values({
      id: 'abcdefgh',
      name: 'Runde',
      questionnaireId: asked?.id ?? '',
      unitIds: [b.id],
      state: 'planned',
      opensAt: now(),
      stopsAt: now(),
      reminders: [],
      rule: {} as never,
      thresholds: { factor: 5, statement: 10, invited: 7 },
    });
    expect(await undo(id)).toBe('in-use');
    expect((await everything()).units).toEqual(before.units);
    await test.main.delete(round);
    expect(await undo(id)).toBe('done');
  });

  it('of what was never confirmed, or never was, is refused', async () => {
    const { id } = await previewed('units', units);
    expect(await undo(id)).toBe('not-confirmed');
    expect(await undo('00000000-0000-4000-8000-000000000000')).toBe('not-found');
  });
});

describe('the address of an operator', () => {
  const asOperator = permitForMachine<'operator.give'>();
  const taken = people.map((line) => line.replace('kari@', 'hr@'));
  beforeEach(async () => {
    await done('units', units);
    await done('people', people);
    const kari = await named('Kari Moen');
    await test.main.insert(role).values({ personId: kari.id, role: 'operator', givenAt: now() });
  });
  const email = async () => (await named('Kari Moen')).email;

  it('is changed by an import only when an operator confirms it, and the old address is to be told', async () => {
    const { id, preview } = await previewed('people', taken);
    expect(imports.needsOperator(preview)).toBe(true);
    expect(await confirm(id)).toBe('needs-operator');
    expect(await email()).toBe('kari@fjordvik.example');
    const confirmed = await imports.confirm(test.main, permit, id, now(), asOperator);
    expect(confirmed).toMatchObject({ ok: true, from: ['kari@fjordvik.example'] });
    expect(await email()).toBe('hr@fjordvik.example');
  });

  it('is not given to somebody else either, by way of one who leaves', async () => {
    await done('people', people.slice(1));
    const { id } = await previewed('people', [...people.slice(1), '9;Kari Moen;kari@fjordvik.example;K;100']);
    expect(await confirm(id)).toBe('needs-operator');
  });

  it('needs an operator also when the role was given after the preview', async () => {
    await test.main.delete(role);
    const { id } = await previewed('people', taken);
    const kari = await named('Kari Moen');
    await test.main.insert(role).values({ personId: kari.id, role: 'operator', givenAt: now() });
    expect(await confirm(id)).toBe('changed-since-preview');
  });

  it('is brought back only by an operator', async () => {
    const { id } = await previewed('people', taken);
    await imports.confirm(test.main, permit, id, now(), asOperator);
    expect(await undo(id)).toBe('needs-operator');
    expect(await email()).toBe('hr@fjordvik.example');
    const undone = await imports.undo(test.main, permit, id, now(), asOperator);
    expect(undone).toEqual({ ok: true, from: ['hr@fjordvik.example'] });
    expect(await email()).toBe('kari@fjordvik.example');
  });

  it('changes nothing for others: no operator is needed, and nobody without a role is told', async () => {
    const { id, preview } = await previewed(
      'people',
      people.map((line) => line.replace('ola@', 'ola.lien@')),
    );
    expect(imports.needsOperator(preview)).toBe(false);
    expect(await imports.confirm(test.main, permit, id, now())).toMatchObject({ ok: true, from: [] });
  });
});

it('forgets previews nobody confirmed within a week', async () => {
  const { id } = await previewed('units', units);
  const confirmed = await done('units', units);
  const later = new Date(now().getTime() + 8 * 24 * 3600 * 1000);
  expect(await imports.sweep(test.main, now())).toBe(0);
  expect(await imports.sweep(test.main, later)).toBe(1);
  expect(await imports.find(test.main, permit, id)).toBeNull();
  expect(await imports.find(test.main, permit, confirmed)).not.toBeNull();
});
