import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GroupFile } from '#domain/keylist.ts';
import * as actors from '#server/actors.ts';
import * as assessments from '#server/assessments.ts';
import * as evaluations from '#server/evaluations.ts';
import { freeze, thaw } from '#server/freezing.ts';
import * as gates from '#server/gate.ts';
import { inviteAll, sendDue } from '#server/invitations.ts';
import { invited } from '#server/invited.ts';
import * as joiners from '#server/joiners.ts';
import { intoMemory } from '#server/mail.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as releases from '#server/releases.ts';
import * as rounds from '#server/rounds.ts';
import { assessment, dispatch, evaluated, person, position, round, roundFile, unit } from '#server/schema.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { ends } from '#tests/support/ends.ts';
import { pastTheRules } from '#tests/support/kept.ts';
import { storeRelease } from '#tests/support/stored.ts';
import { approvedRound, invitationsOf, permit, town } from '#tests/support/town.ts';

const now = new Date('2027-03-01T12:00:00Z');
const later = new Date('2027-04-01T12:00:00Z');
let t: TestDatabases;
let id: string;
const counted = 'counted1';
const leaders = new Map<string, string>();
const notFound = { status: 404 };

const row = async () => (await rounds.find(t.main, id))!;
const outcomes = async () =>
  Object.fromEntries(
    ((await invited(t.main, await row())).leaders ?? []).map(({ unit, outcome }) => [unit, outcome]),
  );
const as = async (code: string) =>
  gates.open(await actors.actor(t.main, leaders.get(code)!, later), () => later, ends);
const lead = (code: string, set: Partial<typeof unit.$inferInsert>) =>
  t.main.update(unit).set(set).where(eq(unit.code, code));

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await town(t.main, { A: 9, B: 4, C: 3 });
  for (const { code, leaderId } of await t.main.select().from(unit)) leaders.set(code, leaderId!);
  await questionnaires.shipOwn(t.main, now);
  const asked = (await questionnaires.latest(t.main, 'leader'))!;
  ({ id } = await approvedRound(t.main, now, { name: 'Leaders', questionnaireId: asked.id, dryRun: true }));
});
afterAll(() => t.stop());

test('since when somebody leads is what HR said, else the position in the unit, else unknown', async () => {
  expect(await outcomes()).toEqual({ K: 'figures', H: 'guide', A: 'figures', B: 'guide', C: 'guide' });
  await t.main
    .update(position)
    .set({ validFrom: '2026-12-01' })
    .where(eq(position.personId, leaders.get('A')!));
  expect((await outcomes()).A).toBe('new');
  await t.main
    .update(position)
    .set({ validTo: '2027-01-01' })
    .where(eq(position.personId, leaders.get('A')!));
  expect((await outcomes()).A).toBe('unknown');
  const set = (code: string, since: string) => evaluations.setSince(t.main, id, code, since, now, permit());
  expect(await set('A', 'i fjor')).toEqual({ ok: false, refusal: 'day' });
  expect(await set('A', '2027-03-02')).toEqual({ ok: false, refusal: 'future' });
  expect(await set('X', '2025-01-01')).toEqual({ ok: false, refusal: 'unknown-unit' });
  expect(await set('A', '1.1.2025')).toEqual({ ok: true });
  expect((await outcomes()).A).toBe('figures');
  expect((await rounds.events(t.main, id)).at(-1)).toMatchObject({
    event: 'leader since',
    reason: 'Unit A: 2025-01-01',
  });
  await t.main
    .update(position)
    .set({ validTo: null })
    .where(eq(position.personId, leaders.get('A')!));
});

test('the frozen round says whom one answers about and who will see it, and keeps whose report is whose', async () => {
  expect(await freeze(t.main, t.box, id, now, permit())).toMatchObject({ ok: true });
  const files = await t.main.select().from(roundFile).where(eq(roundFile.roundId, id));
  const told = files
    .filter(({ path }) => path.startsWith('group/'))
    .map(({ bytes }) => (JSON.parse(new TextDecoder().decode(bytes)) as GroupFile).nb!)
    .map(({ name, together, about }) => [name, together, about?.split('\n\n')[0]]);
  expect(told.sort()).toEqual([
    ['De nærmeste under lederen av Unit K', [], 'Du svarer om lederen av Unit K.'],
    [
      'Felles gruppe i Unit H',
      ['Unit B', 'Unit C'],
      'Du svarer om din nærmeste leder. Dere som har denne lederen, er for få til en egen rapport.',
    ],
    ['Unit A', [], 'Du svarer om lederen av Unit A.'],
  ]);
  const nn = files.find(({ path }) => path === 'nn/')!;
  expect(new TextDecoder().decode(nn.bytes)).toContain('Kven svarer du om?');
  // H's three leaders could only be asked about H alone.
  expect((await invitationsOf(t.main, id)).length).toBe(9 + 7 + 7);
  const kept = await evaluations.ofRound(t.main, id);
  expect(kept.map(({ unit, outcome }) => `${unit} ${outcome}`)).toEqual([
    ...['A figures', 'B guide', 'C guide', 'H guide', 'K figures'],
  ]);
  expect(await evaluations.counts(t.main, await row(), null, new Date())).toEqual({
    ...{ figures: 2, guide: 3, exempt: 0, otherwise: 0 },
  });
});

test('a mail says whom one answers about and who will see it, as the page does', async () => {
  const [ends, begins] = [new Date('2027-03-10'), { state: 'open', dryRun: false }];
  await pastTheRules(t.main, 'round', async () => {
    await t.main.update(round).set(begins).where(eq(round.id, id));
    await inviteAll(t.main, id);
    const { kept, ...postman } = intoMemory();
    await sendDue(t.main, { ...postman }, 'https://svar.example', () => ends, 'nn');
    const letters = kept.filter(({ text }) => text.includes('Du svarer om leiaren av Unit A.'));
    expect([kept.length, letters.length]).toEqual([23, 9]);
    expect(letters[0]!.text).toContain('Rapporten er for leiaren sjølv og for leiaren til leiaren.');
    expect(kept.filter(({ text }) => text.includes('for få til ein eigen rapport'))).toHaveLength(7);
    for (const { text } of kept) expect(text).not.toContain('korleis du har det på jobb');
    await t.main.update(round).set({ state: 'frozen', dryRun: true }).where(eq(round.id, id));
  });
  await t.main.delete(dispatch);
});

test('nobody who came since joins, for they have no leader to evaluate', async () => {
  const who = await invited(t.main, await row());
  expect(who.leaders).not.toBeNull();
  expect((await joiners.came(t.main, await row(), later)).ready).toBe(0);
});

test('a report is found by the leader and the leader above, and by no one else', async () => {
  const of = (await questionnaires.latest(t.main, 'leader'))!.content;
  const { leaders } = await invited(t.main, await row());
  await storeRelease(t.main, counted, 'leader', now, { of, nodes: (await row()).tree!.nodes });
  await evaluations.keep(t.main, counted, leaders!);
  const found = async (who: string, code: string) =>
    (await releases.ofUnit(t.main, await as(who), counted, code))?.unit.code;
  expect([await found('A', 'A'), await found('H', 'A'), await found('K', 'K')]).toEqual(['A', 'A', 'K']);
  for (const [who, code] of [
    ['K', 'A'],
    ['B', 'A'],
    ['A', 'K'],
    ['A', 'H'],
  ] as const)
    await expect(found(who, code)).rejects.toMatchObject(notFound);
  const listed = async (who: string) =>
    (await evaluations.list(t.main, await as(who)))
      .filter(({ round }) => round.id === counted)
      .map(({ unit, outcome, mine }) => `${unit.code} ${outcome} ${mine}`);
  expect(await listed('H')).toEqual(['H guide true', 'A figures false', 'B guide false', 'C guide false']);
  expect(await listed('B')).toEqual(['B guide true']);
  await expect(evaluations.find(t.main, await as('K'), counted, 'B')).rejects.toMatchObject(notFound);
});

test('the leader’s leader is who leads the nearest unit above, past a vacancy and past the leader themself', async () => {
  const opens = async (who: string, code = 'A') =>
    await Promise.all([
      releases.ofUnit(t.main, await as(who), counted, code).then(Boolean, () => false),
      evaluations.find(t.main, await as(who), counted, code).then(Boolean, () => false),
      evaluations
        .list(t.main, await as(who))
        .then((found) => found.some(({ round, unit }) => round.id === counted && unit.code === code)),
      releases.list(t.main, await as(who)).then((found) => found.some(({ unit }) => unit.code === code)),
    ]);
  const [all, none] = [Array(4).fill(true), Array(4).fill(false)];
  expect([await opens('H'), await opens('K')]).toEqual([all, none]);
  await lead('H', { leaderId: null });
  expect([await opens('H'), await opens('K')]).toEqual([none, all]);
  await lead('H', { leaderId: leaders.get('A')! });
  expect([await opens('A'), await opens('K')]).toEqual([all, all]);
  await lead('H', { leaderId: leaders.get('H')! });
  await t.main
    .update(person)
    .set({ leftOn: '2027-03-20' })
    .where(eq(person.id, leaders.get('H')!));
  expect(await opens('K')).toEqual(all);
  await t.main
    .update(person)
    .set({ leftOn: null })
    .where(eq(person.id, leaders.get('H')!));
  expect(await opens('K')).toEqual(none);
});

test('a report follows the person: who took over the post does not read of the one before', async () => {
  await lead('A', { leaderId: leaders.get('B')! });
  await expect(releases.ofUnit(t.main, await as('B'), counted, 'A')).rejects.toMatchObject(notFound);
  await expect(evaluations.find(t.main, await as('B'), counted, 'A')).rejects.toMatchObject(notFound);
  expect(await releases.ofUnit(t.main, await as('A'), counted, 'A')).not.toBeNull();
  expect((await releases.list(t.main, await as('A'))).map(({ unit }) => unit.code)).toEqual(['A']);
  await lead('A', { leaderId: leaders.get('A')! });
});

test('what was said of the leader before is not what a report is compared with', async () => {
  const of = (await questionnaires.latest(t.main, 'leader'))!.content;
  const { tree } = await row();
  await storeRelease(t.main, 'earlier1', 'leader', new Date('2025-03-01'), {
    of,
    nodes: tree!.nodes,
    seed: 5,
  });
  const other = { unit: 'A', since: null, evaluators: 9, outcome: 'figures' as const };
  await evaluations.keep(t.main, 'earlier1', [{ ...other, leaderId: leaders.get('C')! }]);
  const before = async () =>
    (await releases.ofUnit(t.main, await as('A'), counted, 'A'))!.before?.head.roundId;
  expect(await before()).toBeUndefined();
  await t.main
    .update(evaluated)
    .set({ leaderId: leaders.get('A')! })
    .where(eq(evaluated.roundId, 'earlier1'));
  expect(await before()).toBe('earlier1');
});

test('a self-assessment is the leader’s own until it is shared, is written anew unshared, and can be deleted', async () => {
  const mine = await as('A');
  const of = (await evaluations.find(t.main, mine, counted, 'A'))!;
  const above = (await evaluations.find(t.main, await as('H'), counted, 'A'))!;
  const seenBy = async (who: string) => await assessments.seen(t.main, await as(who), of);
  const leave = mine.ask('assessment.write', of.subject);
  expect([of.mine, above.mine]).toEqual([true, false]);
  const gateAbove = await as('H');
  expect(() => gateAbove.ask('assessment.write', above.subject)).toThrow();
  const note = { answers: { 'direction-1': 4 }, words: 'Mer tid' };
  await assessments.write(t.main, of, note, now, leave);
  expect(await seenBy('A')).toMatchObject(note);
  expect(await seenBy('H')).toBeNull();
  await assessments.share(t.main, of, later, leave);
  expect(await seenBy('H')).toMatchObject({ ...note, sharedAt: later });
  for (const who of ['K', 'B']) expect(await seenBy(who)).toBeNull();
  await assessments.write(t.main, of, { ...note, words: '' }, later, leave);
  expect(await seenBy('H')).toBeNull();
  await assessments.remove(t.main, of, leave);
  expect(await seenBy('A')).toBeNull();
  expect(await t.main.select().from(assessment)).toEqual([]);
});

test('thawing forgets whose it was', async () => {
  expect(await thaw(t.main, id, now, permit())).toMatchObject({ ok: true });
  expect(await evaluations.ofRound(t.main, id)).toEqual([]);
});
