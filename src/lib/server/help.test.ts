import { afterAll, beforeAll, expect, test } from 'vitest';
import { byDefault, type Help } from '#domain/help.ts';
import * as help from '#server/help.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { permit, town } from '#tests/support/town.ts';

let t: TestDatabases;
let id: string;
const now = new Date('2027-03-01T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);
const fresh = async () => (await rounds.find(t.main, id))!;
const staff: Help = { kinds: ['staff', 'relative'], decidedOn: '2027-02-10', caseNumber: ' 12/27 ' };

beforeAll(async () => {
  t = await testDatabases();
  await town(t.main, { A: 9 });
  await questionnaires.shipOwn(t.main, now);
  const asked = (await questionnaires.latest(t.main, 'resident'))!;
  const planned = await rounds.plan(
    t.main,
    {
      name: 'Beboere',
      questionnaireId: asked.id,
      unitCodes: ['A'],
      opensAt: later(100),
      stopsAt: later(200),
      rule: { inPostOn: '2027-03-01', minimumShare: 0, kinds: [], includeOnLeave: false },
    },
    now,
    permit(),
  );
  if (!planned.ok) throw new Error(planned.refusal);
  id = planned.id;
});
afterAll(() => t.stop());

test('staff are off until it is decided otherwise, with a date and a case number', async () => {
  expect((await fresh()).help).toEqual(byDefault);
  const bare = { ...staff, decidedOn: null, caseNumber: ' ' };
  expect(await help.decide(t.main, await fresh(), bare, now, permit())).toEqual({
    ok: false,
    refusals: ['date', 'case'],
  });
  expect((await fresh()).help).toEqual(byDefault);
  expect(await help.decide(t.main, await fresh(), staff, now, permit())).toEqual({ ok: true });
  expect((await fresh()).help).toEqual({ ...staff, caseNumber: '12/27' });
  expect((await rounds.events(t.main, id)).map(({ event }) => event)).toEqual(['plan', 'replan']);
});

test('what is approved is not changed any more', async () => {
  await rounds.take(t.main, id, 'approve', now, null);
  expect(await help.decide(t.main, await fresh(), byDefault, now, permit())).toEqual({
    ok: false,
    refusals: ['wrong-state'],
  });
  expect((await fresh()).help.kinds).toContain('staff');
});
