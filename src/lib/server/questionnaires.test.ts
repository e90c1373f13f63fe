import { afterAll, beforeAll, expect, test } from 'vitest';
import { canonical, type Questionnaire } from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';
import { permitForMachine } from '#server/gate.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';

const now = new Date('2027-01-04T08:00:00Z');
const later = new Date('2027-02-01T08:00:00Z');
const permit = permitForMachine<'questionnaire.change'>();
const employee = own[0] as Questionnaire;
const renamed = (key: string, title: string): Questionnaire => ({
  ...employee,
  key,
  title: { nb: title, nn: title, en: title },
});

let databases: TestDatabases;
beforeAll(async () => {
  databases = await testDatabases();
  await questionnaires.shipOwn(databases.main, now);
});
afterAll(() => databases.stop());

test('a new database gets our five, once', async () => {
  await questionnaires.shipOwn(databases.main, later);
  const found = await questionnaires.listLatest(databases.main);
  expect(found.map(({ key, version, addedAt }) => [key, version, addedAt])).toEqual(
    ['employee', 'extraordinary', 'leader', 'resident', 'relative'].map((key) => [key, 1, now]),
  );
  const stored = found[0] as questionnaires.QuestionnaireRow;
  expect(canonical(stored.content)).toBe(canonical(employee));
  expect(await questionnaires.byId(databases.main, stored.id)).toEqual(stored);
});

test('what is changed becomes a new version, and the old one stays', async () => {
  const { main } = databases;
  const first = await questionnaires.add(main, renamed('changed', 'En'), now, permit);
  const second = await questionnaires.add(main, renamed('changed', 'To'), later, permit);
  expect([first, second]).toMatchObject([
    { ok: true, version: 1 },
    { ok: true, version: 2 },
  ]);
  const versions = await questionnaires.listVersions(main, 'changed');
  expect(versions.map(({ version, content }) => [version, content.version, content.title.nb])).toEqual([
    [2, 2, 'To'],
    [1, 1, 'En'],
  ]);
  expect((await questionnaires.latest(main, 'changed'))?.version).toBe(2);
});

test('the same again, and the same key for another kind, are refused', async () => {
  const { main } = databases;
  const first = await questionnaires.add(main, renamed('same', 'En'), now, permit);
  if (!first.ok) throw new Error(first.refusal);
  expect(await questionnaires.add(main, { ...renamed('same', 'En'), version: 9 }, later, permit)).toEqual({
    ok: false,
    refusal: 'unchanged',
    id: first.id,
  });
  expect(await questionnaires.add(main, { ...renamed('same', 'To'), kind: 'leader' }, later, permit)).toEqual(
    {
      ok: false,
      refusal: 'other-kind',
      id: first.id,
    },
  );
});

test('eight at the same moment get eight different numbers', async () => {
  const { main } = databases;
  const added = await Promise.all(
    Array.from({ length: 8 }, (_, i) => questionnaires.add(main, renamed('busy', `Nr ${i}`), now, permit)),
  );
  expect(added.map((one) => (one.ok ? one.version : 0)).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('an address that is no id finds nothing', async () => {
  expect(await questionnaires.byId(databases.main, "x' or 1=1")).toBeNull();
  expect(await questionnaires.byId(databases.main, '00000000-0000-4000-8000-000000000000')).toBeNull();
});

test('a file is read with or without byte order mark, and refused by name', () => {
  const bytes = new TextEncoder().encode(canonical(employee));
  expect(questionnaires.read(bytes)).toEqual({ ok: true, questionnaire: employee });
  expect(questionnaires.read(Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes)).ok).toBe(true);
  expect(questionnaires.read(Uint8Array.of(0x22, 0xe5, 0x22))).toEqual({ ok: false, refusal: 'encoding' });
  expect(questionnaires.read(bytes.slice(0, 100))).toEqual({ ok: false, refusal: 'json' });
  expect(questionnaires.read(new Uint8Array(questionnaires.LARGEST_FILE + 1))).toEqual({
    ok: false,
    refusal: 'size',
  });
  expect(questionnaires.read(new TextEncoder().encode('[]'))).toEqual({
    ok: false,
    refusal: 'faults',
    faults: [{ path: '', fault: 'type', expected: 'object' }],
  });
});
