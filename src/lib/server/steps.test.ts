import { afterAll, beforeAll, expect, it } from 'vitest';
import { courses } from '#server/steps.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { released } from '#tests/support/follow-up.ts';
import { town } from '#tests/support/town.ts';

let t: TestDatabases;
let ids: Map<string, string>;
const now = new Date('2026-11-25T10:00:00+01:00');
const before = (days: number) => new Date(now.getTime() - days * 24 * 3600_000);

beforeAll(async () => {
  t = await testDatabases();
  ({ ids } = await town(t.main));
  const round = (id: string, days: number, codes: string[], key = 'employee') =>
    released(t.main, {
      ...{ id, key, releasedAt: before(days) },
      units: codes.map((code) => ({ code, id: ids.get(code)! })),
    });
  await round('first', 700, ['K', 'H', 'A', 'B']);
  await round('second', 30, ['K', 'H', 'A']);
  await round('other', 10, ['H', 'A', 'B'], 'extraordinary');
});
afterAll(() => t.stop());

/** The courses as "round unit", with a star where a later round has come. */
const told = async (of: Parameters<typeof courses>[2]) =>
  (await courses(t.main, now, of)).map(
    ({ round, unit, overtaken }) => `${round.id} ${unit.code}${overtaken ? '*' : ''}`,
  );

it('a course is overtaken by a later round of the same questionnaire, whichever are asked for', async () => {
  const all = ['other A', 'other B', 'other H', 'second A', 'second H', 'second K'];
  const before = ['first A*', 'first B', 'first H*', 'first K*'];
  expect(await told({})).toEqual([...all, ...before]);
  expect(await told({ roundId: 'first' })).toEqual(before);
  expect(await told({ unitIds: [ids.get('A')!] })).toEqual(['other A', 'second A', 'first A*']);
  expect(await told({ unitIds: [ids.get('A')!], roundId: 'first' })).toEqual(['first A*']);
  expect(await told({ unitIds: [] })).toEqual([]);
});
