import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '#domain/access.ts';
import * as approvals from '#server/approvals.ts';
import { freeze } from '#server/freezing.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as remarks from '#server/remarks.ts';
import * as rounds from '#server/rounds.ts';
import { person } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { approvedRound, permit, town } from '#tests/support/town.ts';

const now = new Date('2027-02-01T08:00:00Z');
let test: TestDatabases;

beforeAll(async () => {
  test = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: test.mainUrl, BOX_DATABASE_URL: test.boxUrl });
  await town(test.main);
});
afterAll(() => test.stop());

async function roundOf(key: string, dryRun = false) {
  await questionnaires.shipOwn(test.main, now);
  const { id: questionnaireId } = (await questionnaires.latest(test.main, key))!;
  const { id } = await approvedRound(test.main, now, { questionnaireId, dryRun, unitCodes: ['H'] });
  return (await rounds.find(test.main, id))!;
}
const lock = (id: string) => freeze(test.main, test.box, id, now, permit());
const basis = {
  day: '2026-11-12',
  forum: ' Hovedutvalget ',
  caseNumber: ' 24/26 ',
  text: 'To spørsmål til.',
};

it('freezes an extraordinary survey with its case number, and not without', async () => {
  const { id, ...of } = await roundOf('extraordinary');
  expect(await lock(id)).toEqual({ ok: false, refusal: 'approval' });
  expect((await rounds.find(test.main, id))!.state).toBe('approved');
  const without = { ...basis, caseNumber: '' };
  expect(await approvals.record(test.main, id, 'basis', without, now, permit())).toEqual({
    ...{ ok: false, refusal: 'faults', faults: ['case-number'] },
  });
  expect(await lock(id)).toEqual({ ok: false, refusal: 'approval' });
  expect(await approvals.record(test.main, id, 'basis', basis, now, permit())).toEqual({ ok: true });
  expect(await approvals.list(test.main, id)).toMatchObject([
    {
      item: 'basis',
      day: '2026-11-12',
      forum: 'Hovedutvalget',
      caseNumber: '24/26',
      text: 'To spørsmål til.',
    },
  ]);
  const left = await approvals.missing(test.main, { id, ...of });
  expect(left.map(({ item }) => item)).toEqual(['purpose', 'information', 'meetings']);
  expect(await lock(id)).toMatchObject({ ok: true });
  // As it was frozen, so it stands; what comes after is still written.
  expect(await approvals.record(test.main, id, 'basis', basis, now, permit())).toEqual({
    ...{ ok: false, refusal: 'wrong-state' },
  });
  const planned = { ...basis, day: '2027-06-01', caseNumber: '' };
  expect(await approvals.record(test.main, id, 'meetings', planned, now, permit())).toEqual({ ok: true });
});

it('asks nothing of a dry run', async () => {
  const trial = await roundOf('extraordinary', true);
  expect(await approvals.missing(test.main, trial)).toEqual([]);
  expect(await lock(trial.id)).toMatchObject({ ok: true });
});

it('keeps what stood before when an item is recorded anew', async () => {
  const { id } = await roundOf('relative');
  for (const forum of ['Brukerrådet', 'Brukerrådet, ekstra møte'])
    await approvals.record(test.main, id, 'users-council', { ...basis, forum }, now, permit());
  const kept = await approvals.list(test.main, id);
  expect(kept.map(({ forum }) => forum)).toEqual(['Brukerrådet', 'Brukerrådet, ekstra møte']);
  expect(await approvals.record(test.main, 'nosuchid', 'purpose', basis, now, permit())).toEqual({
    ...{ ok: false, refusal: 'unknown' },
  });
});

it('concerns the units asked, those above and those below, and lists drafts in earnest', async () => {
  const { id, unitIds } = await roundOf('employee');
  expect((await approvals.concerned(test.main, unitIds)).toSorted()).toEqual(['A', 'B', 'C', 'H', 'K']);
  const trial = await roundOf('employee', true);
  const drafts = (await approvals.drafts(test.main)).map((one) => one.id);
  expect([drafts.includes(id), drafts.includes(trial.id)]).toEqual([true, false]);
});

it('keeps a comment beside the draft with who and as what', async () => {
  const { id, unitIds } = await roundOf('extraordinary');
  const concerned = await approvals.concerned(test.main, unitIds);
  const say = async (actor: Actor, text: string) =>
    await remarks.say(test.main, { roundId: id }, { concerned, text }, actor, now, permit());
  const personId = randomUUID();
  await test.main.insert(person).values({ id: personId, name: 'Politiker' });
  const actor: Actor = {
    personId,
    name: 'P',
    roles: [{ role: 'committee', unit: 'H' }],
    leads: [],
    worksIn: [],
  };
  expect(await say(actor, '  ')).toMatchObject({ refusal: 'empty' });
  expect(await say({ ...actor, roles: [] }, 'Hei')).toMatchObject({ refusal: 'no-representative' });
  expect(await say(actor, ' Spør om vaktene. ')).toEqual({ ok: true });
  expect(await remarks.list(test.main, { roundId: id })).toMatchObject([
    { by: 'Politiker', role: 'committee', text: 'Spør om vaktene.', at: now },
  ]);
});
