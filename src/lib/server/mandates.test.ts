import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as Mandate from '#domain/mandate.ts';
import type { Status } from '#domain/measure.ts';
import { permitForMachine } from '#server/gate.ts';
import * as mandateItems from '#server/mandate-items.ts';
import * as mandates from '#server/mandates.ts';
import * as measures from '#server/measures.ts';
import { mandate, mandateItem, measure, measureItem, measureStatus } from '#server/schema.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { town } from '#tests/support/town.ts';

let t: TestDatabases;
let ids: Map<string, string>;
const now = new Date('2027-02-01T10:00:00Z');
const permit = permitForMachine<'mandate.change'>();
beforeAll(async () => {
  t = await testDatabases();
  ({ ids } = await town(t.main));
});
afterAll(() => t.stop());
beforeEach(async () => {
  for (const table of [measureItem, mandateItem, mandate]) await t.main.delete(table);
});

const head: Mandate.Head = {
  title: 'Trygghet i tjenestene',
  origin: 'Kommunestyret',
  caseNumber: '24/25',
  decidedOn: '2025-03-12',
};
async function added(text: string) {
  const made = await mandates.add(t.main, head, Mandate.parse(text).items, now, permit);
  if (!made.ok) throw new Error(made.refusals.join());
  return made.id;
}
const itemsOf = (id: string) => mandates.items(t.main, id, now);
const itemOf = async (id: string, number: string) =>
  (await itemsOf(id)).find((one) => one.number === number)!;
const told = async (id: string) => (await itemsOf(id)).map(({ number, standing }) => `${number} ${standing}`);

async function measureFor(itemIds: string[], status: Status = 'not-started', title = 'Walk together') {
  const made = await measures.add(
    t.main,
    ids.get('A')!,
    {
      ...{ title, expected: 'Calm', ownerId: null, ownerRole: 'Ansvarsvakt' },
      ...{ startsOn: '2027-01-01', dueOn: '2027-06-01' },
    },
    { itemIds },
    now,
    permitForMachine(),
  );
  if (!made.ok) throw new Error(made.refusals.join());
  if (status !== 'not-started') {
    await t.main.insert(measureStatus).values({ measureId: made.id, status, sentence: 'So.', at: now });
    await t.main.update(measure).set({ status }).where(eq(measure.id, made.id));
  }
  return made.id;
}

it('a list comes with its points by number, each with its parts', async () => {
  const id = await added('Ledelse:\n2. To\n10. Ti\n1. En\n2 b) Deler\n2 a) Deler også');
  const found = (await itemsOf(id)).map(({ number, parent, area }) => [number, parent, area]);
  expect(found).toEqual([
    ['1', '', 'Ledelse'],
    ['2', '', 'Ledelse'],
    ['2 a', '2', ''],
    ['2 b', '2', ''],
    ['10', '', 'Ledelse'],
  ]);
  expect(await mandates.find(t.main, id)).toMatchObject(head);
  expect(await mandates.add(t.main, { ...head, title: '' }, [], now, permit)).toEqual({
    ...{ ok: false, refusals: ['title'] },
  });
});

it('stands as its living measures stand, parts counted into their points', async () => {
  const id = await added('1. A\n2. B\n2 a) C\n2 b) D\n3. E');
  const [one, , a, b] = await itemsOf(id);
  expect(await told(id)).toEqual(['1 none', '2 none', '2 a none', '2 b none', '3 none']);
  await measureFor([one!.id, a!.id], 'done');
  expect(await told(id)).toEqual(['1 done', '2 partly', '2 a done', '2 b none', '3 none']);
  await measureFor([b!.id], 'dropped');
  expect(await told(id)).toEqual(['1 done', '2 done', '2 a done', '2 b dropped', '3 none']);
  const [listed] = await mandates.list(t.main);
  expect(listed!.tally).toMatchObject({ done: 2, none: 1, partly: 0 });
  const before = (await itemsOf(id)).filter(({ parent }) => parent === '').map(({ standing }) => standing);
  expect(listed!.tally).toEqual(Mandate.tally(before));
});

it('a measure is tied and untied, twice as once', async () => {
  const id = await added('1. A');
  const item = await itemOf(id, '1');
  const of = await measureFor([]);
  for (const _ of [1, 2]) expect(await mandateItems.tie(t.main, item.id, of, permit)).toEqual({ ok: true });
  expect((await itemOf(id, '1')).measures).toMatchObject([{ id: of }]);
  for (const unknown of [randomUUID(), 'none'])
    expect(await mandateItems.tie(t.main, item.id, unknown, permit)).toMatchObject({ ok: false });
  for (const _ of [1, 2]) await mandateItems.untie(t.main, item.id, of, permit);
  expect((await itemOf(id, '1')).measures).toEqual([]);
});

it('measures are found by words and by unit, without those already tied', async () => {
  const id = await added('1. A');
  const { id: itemId } = await itemOf(id, '1');
  const word = randomUUID().slice(0, 8);
  const found = await measureFor([], 'not-started', `Opplæring ${word} i 100 % av avdelingene`);
  const search = async (words: string, code: string | null) =>
    (
      await mandateItems.search(t.main, itemId, { words, unitId: code === null ? null : ids.get(code)! }, now)
    ).measures.map((one) => one.id);
  expect(await search(`${word} calm`, null)).toEqual([found]);
  expect(await search(`${word} 100 %`, 'A')).toEqual([found]);
  expect(await search(word, 'K')).toEqual([found]);
  expect(await search(word, 'B')).toEqual([]);
  expect(await search(`${word} 100_`, null)).toEqual([]);
  await mandateItems.tie(t.main, itemId, found, permit);
  expect(await search(word, null)).toEqual([]);
});

describe('points', () => {
  it('are added later in their places, all or none', async () => {
    const id = await added('1. A\n3. C');
    expect(await mandateItems.add(t.main, id, '2. B\n3. C', permit)).toMatchObject({
      ...{ ok: false, faults: [{ line: 2, fault: 'twice' }] },
    });
    expect(await mandateItems.add(t.main, id, '2. B\n1 a) D', permit)).toEqual({ ok: true, count: 2 });
    expect(await told(id)).toEqual(['1 none', '1 a none', '2 none', '3 none']);
  });

  it('with one number, added by two at once, come once', async () => {
    const id = await added('1. A');
    const both = await Promise.all([1, 2].map(() => mandateItems.add(t.main, id, '2. B', permit)));
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await itemsOf(id)).toHaveLength(2);
  });

  it('with measures or parts stay', async () => {
    const id = await added('1. A\n2. B\n2 a) C\n3. D');
    const remove = async (number: string) =>
      mandateItems.remove(t.main, id, (await itemOf(id, number)).id, permit);
    await measureFor([(await itemOf(id, '1')).id]);
    expect(await remove('1')).toEqual({ ok: false, refusal: 'has-measures' });
    expect(await remove('2')).toEqual({ ok: false, refusal: 'has-parts' });
    expect(await remove('2 a')).toEqual({ ok: true });
    expect(await remove('2')).toEqual({ ok: true });
    expect(await mandateItems.remove(t.main, id, randomUUID(), permit)).toMatchObject({
      ...{ refusal: 'unknown' },
    });
    const other = await added('1. Z');
    const elsewhere = (await itemOf(other, '1')).id;
    expect(await mandateItems.remove(t.main, id, elsewhere, permit)).toMatchObject({ refusal: 'unknown' });
  });
});

describe('two who change at once', () => {
  const draft = <F>(begun: F, over: Partial<F>) => ({
    begun,
    fields: { ...begun, ...over },
  });

  it('a list: both are kept, or the second is asked', async () => {
    const id = await added('');
    const change = (over: Partial<Mandate.Head>) => mandates.change(t.main, id, draft(head, over), permit);
    expect(await change({ title: 'Mine' })).toEqual({ ok: true });
    expect(await change({ origin: 'Yours' })).toEqual({ ok: true });
    expect(await mandates.find(t.main, id)).toMatchObject({ title: 'Mine', origin: 'Yours', version: 3 });
    expect(await change({ title: 'Yours' })).toMatchObject({
      refusal: 'conflict',
      conflicts: [{ field: 'title', mine: 'Yours', theirs: 'Mine' }],
    });
    expect(await change({ caseNumber: 'x' })).toMatchObject({ refusals: ['case-number'] });
  });

  it('a point: so too', async () => {
    const id = await added('1. A\n1 a) B\n2. C');
    const { id: itemId } = await itemOf(id, '1');
    const begun = { number: '1', text: 'A', area: '', parent: '' };
    const change = (over: Partial<Mandate.Item>) =>
      mandateItems.change(t.main, id, itemId, draft(begun, over), permit);
    expect(await change({ number: '4.' })).toEqual({ ok: true });
    expect(await told(id)).toEqual(['2 none', '4 none', '1 a none']);
    expect(await change({ area: 'Ledelse' })).toEqual({ ok: true });
    expect(await itemOf(id, '4')).toMatchObject({ area: 'Ledelse', version: 3 });
    expect(await change({ number: '5' })).toMatchObject({ refusal: 'conflict' });
    expect(await change({ parent: '2' })).toMatchObject({ refusals: ['parent'] });
    expect(await change({ text: '' })).toMatchObject({ refusals: ['text'] });
  });

  it('a part stays with its point when the numbers move meanwhile, and goes to the point that was chosen', async () => {
    const id = await added('1. A\n1 a) B\n2. C');
    const [one, part, two] = [await itemOf(id, '1'), await itemOf(id, '1 a'), await itemOf(id, '2')];
    const change = (of: { id: string }, begun: Mandate.Item, over: Partial<Mandate.Item>) =>
      mandateItems.change(t.main, id, of.id, draft(begun, over), permit);
    const begun = { number: '1 a', text: 'B', area: '', parent: one.id };
    await change(one, { number: '1', text: 'A', area: '', parent: '' }, { number: '5' });
    await change(two, { number: '2', text: 'C', area: '', parent: '' }, { number: '1' });
    expect(await change(part, begun, { text: 'B, ny' })).toEqual({ ok: true });
    expect(await itemOf(id, '1 a')).toMatchObject({ text: 'B, ny', parent: '5' });
    expect(await change(part, begun, { parent: two.id })).toEqual({ ok: true });
    expect(await itemOf(id, '1 a')).toMatchObject({ parent: '1' });
    expect(await change(part, { ...begun, parent: two.id }, { parent: part.id })).toMatchObject({
      ...{ refusals: ['parent'] },
    });
  });
});
