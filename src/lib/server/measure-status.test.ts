import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as statuses from '#server/measure-status.ts';
import * as measures from '#server/measures.ts';
import { measureStatus } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { by, measuringTown, now } from '#tests/support/measures.ts';

let test: TestDatabases;
let w: Awaited<ReturnType<typeof measuringTown>>;
const main = () => test.main;
beforeAll(async () => {
  test = await testDatabases();
  w = await measuringTown(main());
});
afterAll(() => test.stop());

describe('status', () => {
  it('is written once, with who, when and a sentence, and seen in every list', async () => {
    const id = await w.add();
    expect(await w.set(id, 'in-progress', 'Vi er i gang')).toEqual({ ok: true });
    const [listed] = await measures.list(main(), { unitIds: [w.units.get('A')!], ids: [id] }, now);
    expect(listed).toMatchObject({ status: 'in-progress', said: { sentence: 'Vi er i gang', at: now } });
    expect((await statuses.history(main(), id)).map(({ status }) => status)).toEqual([
      'in-progress',
      'not-started',
    ]);
    expect(await w.set(id, 'on-hold', ' ')).toEqual({ ok: false, refusal: 'sentence' });
    expect(await w.set(id, 'sideways')).toEqual({ ok: false, refusal: 'status' });
    expect(await w.set(id, 'in-progress')).toEqual({ ok: false, refusal: 'same' });
    expect((await statuses.history(main(), id)).length).toBe(2);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'of two who write at once one is kept and the other is told (%i)',
    async () => {
      const id = await w.add();
      const at = await w.seen(id);
      const write = (status: string, sentence: string, who: string) =>
        statuses.set(main(), id, { status, sentence, seen: at }, now, by(w.leader.get(who)!));
      const two = await Promise.all([write('done', 'Ferdig', 'A'), write('on-hold', 'Venter', 'H')]);
      expect(two.filter(({ ok }) => ok)).toHaveLength(1);
      expect(two.find(({ ok }) => !ok)).toEqual({ ok: false, refusal: 'newer' });
      expect(await statuses.history(main(), id)).toHaveLength(2);
      expect((await w.find(id)).said.sentence).toBe(two[0].ok ? 'Ferdig' : 'Venter');
    },
  );

  it('sent twice by one person is one change', async () => {
    const id = await w.add();
    const wanted = { status: 'done', sentence: 'Ferdig', seen: await w.seen(id) };
    const send = () => statuses.set(main(), id, wanted, now, by(w.leader.get('A')!));
    expect(await Promise.all([send(), send()])).toEqual([{ ok: true }, { ok: true }]);
    expect(await statuses.history(main(), id)).toHaveLength(2);
  });

  it('in the column is always that of the newest row', async () => {
    const rows = await main().select().from(measureStatus);
    for (const one of await measures.list(main(), {}, now)) {
      const newest = rows.filter((row) => row.measureId === one.id).sort((a, b) => b.id - a.id)[0];
      expect(newest?.status).toBe(one.status);
    }
  });
});

describe('did it help', () => {
  const answer = (id: string, given: string, words: string, before: 'too-early' | null = null, who = 'A') =>
    statuses.answer(main(), id, { answer: given, words, seen: before }, now, by(w.leader.get(who)!));

  it('is asked of what is over, once, and again after too early', async () => {
    const id = await w.add();
    expect(await answer(id, 'yes', 'Ja')).toEqual({ ok: false, refusal: 'not-over' });
    await w.set(id, 'done');
    const unasked = async () =>
      (await w.waits('unasked', { unitIds: [w.units.get('A')!] })).map(({ id }) => id);
    expect(await unasked()).toContain(id);
    expect(await answer(id, 'too-early', '')).toEqual({ ok: true });
    expect(await unasked()).not.toContain(id);
    expect(await answer(id, 'yes', 'Færre avvik', 'too-early')).toEqual({ ok: true });
    expect(await answer(id, 'no', 'Nei', 'too-early')).toEqual({ ok: false, refusal: 'answered' });
    expect((await w.find(id)).effect).toEqual({ answer: 'yes', words: 'Færre avvik', at: now });
  });

  it.each([1, 2, 3, 4, 5, 6])('of two who answer at once, the first stands (%i)', async () => {
    const id = await w.add();
    await w.set(id, 'dropped');
    const two = await Promise.all([answer(id, 'too-early', 'Vent'), answer(id, 'no', 'Nei', null, 'H')]);
    expect(two.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await w.find(id)).effect?.answer).toBe(two[0].ok ? 'too-early' : 'no');
  });
});
