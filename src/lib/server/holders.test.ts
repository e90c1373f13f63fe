import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from '../../commands/round.ts';
import type { Keylist } from '#domain/keylist.ts';
import * as clock from '#server/clock.ts';
import { showKey } from '#server/closing-key.ts';
import * as commentReaders from '#server/comment-readers.ts';
import * as due from '#server/due.ts';
import * as actors from '#server/actors.ts';
import { freeze, thaw } from '#server/freezing.ts';
import { json } from '#server/frozen.ts';
import { permitForMachine } from '#server/gate.ts';
import * as holders from '#server/holders.ts';
import * as people from '#server/people.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { commentReader, person, position, round, roundFile, unit } from '#server/schema.ts';
import * as witnesses from '#server/witnesses.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { must } from '#tests/support/must.ts';
import { approvedRound, permit, roleHolders, town } from '#tests/support/town.ts';

const now = new Date('2027-02-01T08:00:00Z');
const body = 'Fjord forskning';
const email = 'ida@fjord.example';
const ida = randomUUID();
let test: TestDatabases;
let operator: string;

beforeAll(async () => {
  test = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: test.mainUrl, BOX_DATABASE_URL: test.boxUrl });
  await town(test.main);
  await test.main.insert(person).values({ id: ida, name: 'Ida', email });
  operator = (await roleHolders(test.main, { operator: null, hr: null }, now)).get('operator')!;
});
afterAll(() => test.stop());

async function roundOf(key: string) {
  await questionnaires.shipOwn(test.main, now);
  const { id: questionnaireId } = (await questionnaires.latest(test.main, key))!;
  const { id } = await approvedRound(test.main, now, { questionnaireId, dryRun: true, unitCodes: ['A'] });
  const [a] = await test.main.select().from(unit).where(eq(unit.code, 'A'));
  await test.main
    .update(round)
    .set({ counts: { [a!.id]: 9 } })
    .where(eq(round.id, id));
  return (await rounds.find(test.main, id))!;
}
const kept = async (id: string) => (await rounds.find(test.main, id))!;
const name = (id: string, said = { body, email }) => holders.name(test.main, id, said, now, permit());
const hand = (id: string, to: string = ida) => holders.hand(test.main, id, to, now, permit());
const lock = (id: string, by: string | null) =>
  freeze(test.main, test.box, id, now, permitForMachine<'round.freeze'>(by));
const waits = async (who: string) =>
  (await due.waiting(test.main, (await actors.actor(test.main, who, now))!, now)).due.flatMap((one) =>
    one.kind === 'round' ? [[one.round.id, one.verb]] : [],
  );

it('names somebody outside for relatives and residents, and nobody else', async () => {
  const staff = await roundOf('employee');
  expect(await name(staff.id)).toEqual({ ok: false, refusal: 'kind' });
  const { id } = await roundOf('relative');
  const employee = (
    await test.main.select().from(person).innerJoin(position, eq(position.personId, person.id))
  )[0]!;
  const faulty = async (said: { body: string; email: string }) => await name(id, said);
  expect(await faulty({ body: '', email })).toMatchObject({ faults: { body: 'body' } });
  expect(await faulty({ body, email: 'nobody@fjord.example' })).toMatchObject({
    faults: { person: 'person' },
  });
  expect(await faulty({ body, email: employee.person.email! })).toMatchObject({
    faults: { person: 'employed' },
  });
  expect(await faulty({ body, email: 'hr@testvik.example' })).toMatchObject({ faults: { person: 'role' } });
  expect(await name(id, { body: ' Fjord\n forskning ', email: ' IDA@fjord.example' })).toEqual({ ok: true });
  expect(await kept(id)).toMatchObject({ outsideBody: body, holderId: ida, handedAt: null });
  const persons = { dpo: ida, union: ida, safety: ida };
  const choice = { promise: 'witnesses' as const, persons };
  expect(await witnesses.choose(test.main, id, choice, now, permit())).toMatchObject({ refusal: 'outside' });
  await rounds.take(test.main, id, 'reconsider', now, null);
  const readers = await commentReaders.choose(test.main, id, [ida, operator], now, permit());
  expect(readers).toMatchObject({ refusal: 'outside' });
  expect(await name(id, { body: '', email: '' })).toEqual({ ok: true });
  await test.main.insert(commentReader).values({ roundId: id, place: 0, personId: operator });
  expect(await name(id)).toEqual({ ok: false, refusal: 'comments' });
  expect(await kept(id)).toMatchObject({ outsideBody: null, holderId: null });
});

it('forgets it where the plan becomes one of something else', async () => {
  const { id, ...of } = await roundOf('relative');
  must(await name(id));
  must(await hand(id));
  await rounds.take(test.main, id, 'reconsider', now, null);
  const plan = { ...of, unitCodes: ['A'] };
  must(await rounds.replan(test.main, id, plan, now, permit()));
  expect(await kept(id)).toMatchObject({ outsideBody: body, holderId: ida, handedAt: now });
  const { id: questionnaireId } = (await questionnaires.latest(test.main, 'employee'))!;
  must(await rounds.replan(test.main, id, { ...plan, questionnaireId }, now, permit()));
  expect(await kept(id)).toMatchObject({ outsideBody: null, holderId: null, handedAt: null });
});

it('gives the round to whoever was named once an operator hands it over, and to nobody else', async () => {
  const { id } = await roundOf('relative');
  // What is waited for is asked of rounds in earnest.
  await test.main.update(round).set({ dryRun: false }).where(eq(round.id, id));
  must(await name(id));
  for (const by of [null, operator, ida])
    expect(await lock(id, by)).toEqual({ ok: false, refusal: 'outside' });
  expect(await waits(operator)).toContainEqual([id, 'hand']);
  expect(await waits(ida)).toEqual([]);
  expect(await hand(id, operator)).toEqual({ ok: false, refusal: 'wrong-state' });
  must(await hand(id));
  expect(await hand(id)).toEqual({ ok: false, refusal: 'wrong-state' });
  expect(await waits(ida)).toEqual([[id, 'freeze']]);
  expect((await waits(operator)).map(([one]) => one)).not.toContain(id);
  // Named anew, it is nobody's until it is handed over anew.
  must(await name(id, { body: 'Fjord revisjon', email }));
  expect(await lock(id, ida)).toEqual({ ok: false, refusal: 'outside' });
  must(await hand(id));
  for (const by of [null, operator]) expect(await lock(id, by)).toEqual({ ok: false, refusal: 'outside' });

  const { keyFile } = must(await lock(id, ida));
  const keylist = await json<Keylist>(test.main, id, 'keylist.json');
  expect(keylist).toMatchObject({ promise: 'operator', holder: 'Fjord revisjon' });
  const [page] = await test.main
    .select({ bytes: roundFile.bytes })
    .from(roundFile)
    .where(sql`${roundFile.roundId} = ${id} and ${roundFile.path} = 'nb/'`);
  expect(new TextDecoder().decode(page!.bytes)).toContain(
    'Fjord revisjon holder nøkkelen, utenfor kommunen.',
  );

  expect(await name(id)).toEqual({ ok: false, refusal: 'wrong-state' });
  for (const other of [{ outsideBody: null }, { holderId: operator }, { handedAt: null }])
    await expect(test.main.update(round).set(other).where(eq(round.id, id))).rejects.toThrow();

  must(await showKey(test.main, id, keyFile, now, permit()));
  const world = { main: test.main, box: test.box, now: () => now } as never;
  for (const verb of ['open', 'stop']) {
    const command = commands.find((one) => one.name === `round ${verb}`)!;
    const refused = await command.run({ args: { round: id }, options: {} }, world);
    expect(refused).toMatchObject({ ok: false, lines: [expect.stringContaining('utenfor kommunen')] });
  }
  expect(await people.endExternal(test.main, permit(), ida, now)).toEqual({
    ok: false,
    refusal: 'holds-key',
  });
  // Whoever gives roles does not stop the holder by making them one of the house.
  expect(await people.giveRole(test.main, permit(), { personId: ida, role: 'hr', unit: null }, now)).toEqual({
    ok: false,
    refusal: 'holds-key',
  });
  must(await thaw(test.main, id, now, permit()));
  expect(await kept(id)).toMatchObject({ state: 'approved', outsideBody: 'Fjord revisjon', handedAt: now });
});

it('is not given to somebody who gets a role at the same moment', async () => {
  const { id } = await roundOf('relative');
  for (let i = 0; i < 10; i++) {
    const of = { id: randomUUID(), name: `Utenfra ${i}`, email: `utenfra${i}@fjord.example` };
    await test.main.insert(person).values(of);
    const both = await Promise.all([
      name(id, { body, email: of.email }),
      people.giveRole(test.main, permit(), { personId: of.id, role: 'hr', unit: null }, now),
    ]);
    expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
    must(await name(id, { body: '', email: '' }));
  }
});

it('is never frozen before it is handed over, whoever writes the row', async () => {
  const { id } = await roundOf('relative');
  must(await name(id));
  const freezes = () => test.main.update(round).set({ state: 'frozen' }).where(eq(round.id, id));
  await expect(freezes()).rejects.toThrow();
  must(await hand(id));
  await freezes();
  expect(await clock.open(test.main, test.box, id, now, null)).toMatchObject({ ok: false, refusal: 'key' });
});
