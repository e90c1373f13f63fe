import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as goals from '#server/goals.ts';
import * as placings from '#server/placings.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { planningTown } from '#tests/support/plans.ts';
import { permit } from '#tests/support/town.ts';

let t: TestDatabases;
let w: Awaited<ReturnType<typeof planningTown>>;
beforeAll(async () => {
  t = await testDatabases();
  w = await planningTown(t.main);
});
afterAll(() => t.stop());
beforeEach(() => void w.nextYear());

describe('goals', () => {
  it('stand where they are put, and never deeper than a sub-goal', async () => {
    const { of, top, first } = await w.planned('A');
    const other = await w.planned('B');
    const add = (text: string, parentId: string | null) =>
      goals.add(t.main, of.id, { text, parentId }, permit());
    expect(await add('  ', top)).toEqual({ ok: false, refusal: 'empty' });
    expect(await add('x'.repeat(301), top)).toEqual({ ok: false, refusal: 'long' });
    expect(await add('Deep', first)).toEqual({ ok: false, refusal: 'deep' });
    expect(await add('Away', other.top)).toEqual({ ok: false, refusal: 'other-plan' });
    expect(await add('Nowhere', randomUUID())).toEqual({ ok: false, refusal: 'gone' });
    const move = (id: string, under: string) => goals.move(t.main, of.id, id, under, permit());
    expect(await move(first, other.top)).toEqual({ ok: false, refusal: 'other-plan' });
    expect(await move(other.first, top)).toEqual({ ok: false, refusal: 'gone' });
    expect(await move(top, top)).toEqual({ ok: false, refusal: 'not-a-sub-goal' });
    const next = await w.added(of.id, 'Health');
    expect(await move(first, next)).toEqual({ ok: true });
    expect(await w.texts(of.id)).toEqual([
      ['Presence', 'Plan'],
      ['Health', 'Talk'],
    ]);
  });

  it('change places, also when two press at once', async () => {
    const of = await w.begun('A');
    const [a, b, c] = [await w.added(of.id, 'a'), await w.added(of.id, 'b'), await w.added(of.id, 'c')];
    const shift = (id: string, way: 'up' | 'down') => goals.shift(t.main, of.id, id, way, permit());
    await Promise.all([shift(c, 'up'), shift(a, 'down'), shift(c, 'up')]);
    const found = (await w.texts(of.id)).flat();
    expect(found.toSorted()).toEqual(['a', 'b', 'c']);
    await shift(b, 'down');
    await shift(b, 'down');
    expect((await w.texts(of.id)).flat().at(-1)).toBe('b');
    expect(new Set((await goals.list(t.main, of.id)).map((one) => one.goal.position)).size).toBe(3);
  });

  it('two who add at once both find theirs', async () => {
    const of = await w.begun('A');
    await Promise.all(['a', 'b', 'c', 'd'].map((text) => w.added(of.id, text)));
    expect((await goals.list(t.main, of.id)).map((one) => one.goal.position)).toEqual([1, 2, 3, 4]);
  });

  it('are suggested once to a plan that has none, also when two press at once', async () => {
    const of = await w.begun('A');
    const suggested = [{ text: 'Presence', subGoals: ['Plan', 'Talk'] }];
    await Promise.all([1, 2].map(() => goals.addSuggested(t.main, of.id, suggested, permit())));
    expect(await w.texts(of.id)).toEqual([['Presence', 'Plan', 'Talk']]);
  });

  it('two who write the same goal lose nothing', async () => {
    const { of, first } = await w.planned('A');
    const edit = (text: string, base = 'Talk', version = 1) =>
      goals.edit(t.main, of.id, first, { text, base, version }, permit());
    const both = await Promise.all([edit('Talk often'), edit('Talk early')]);
    const [won, lost] = both[0].ok ? ['Talk often', both[1]] : ['Talk early', both[0]];
    expect(lost).toEqual({ ok: false, refusal: 'conflict', theirs: won, version: 2 });
    expect((await w.texts(of.id))[0]![1]).toBe(won);
    // Sent in unchanged by somebody who has not seen it: what the other wrote stands.
    expect(await edit('Talk')).toEqual({ ok: true });
    expect((await w.texts(of.id))[0]![1]).toBe(won);
    expect(await edit('Talk both', won, 2)).toEqual({ ok: true });
    expect((await w.texts(of.id))[0]![1]).toBe('Talk both');
    await goals.remove(t.main, of.id, first, permit());
    expect(await edit('Late')).toEqual({ ok: false, refusal: 'gone' });
  });

  it('are not removed while something stands under them', async () => {
    const { of, top, first, second } = await w.planned('A');
    const placed = await w.measured('A', { goalIds: [first] });
    const remove = (id: string) => goals.remove(t.main, of.id, id, permit());
    expect(await remove(top)).toEqual({ ok: false, refusal: 'holds-measures' });
    expect(await remove(first)).toEqual({ ok: false, refusal: 'holds-measures' });
    await placings.takeOut(t.main, of.id, { measureId: placed, from: first }, new Date(), permit());
    expect(await remove(top)).toEqual({ ok: false, refusal: 'holds-sub-goals' });
    for (const id of [first, second, top]) expect(await remove(id)).toEqual({ ok: true });
    expect(await remove(top)).toEqual({ ok: false, refusal: 'gone' });
  });

  it('a measure placed while its goal is removed is either placed or refused, never lost', async () => {
    for (let i = 0; i < 5; i++) {
      const { of, first } = await w.planned('A', { year: 2010 + i });
      const [removed, added] = await Promise.all([
        goals.remove(t.main, of.id, first, permit()),
        w.measured('A', { goalIds: [first] }).then(
          () => 'placed',
          () => 'refused',
        ),
      ]);
      expect([removed.ok, added]).toEqual(added === 'placed' ? [false, 'placed'] : [true, 'refused']);
    }
  });
});
