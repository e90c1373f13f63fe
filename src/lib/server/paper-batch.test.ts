import { createHash, randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenHash } from '#domain/ballot.ts';
import { base64url } from '#domain/bytes.ts';
import * as Code from '#domain/code.ts';
import { byDefault } from '#domain/help.ts';
import { fingerprintSigns } from '#domain/keylist.ts';
import type { PaperForm } from '#domain/paper-batch.ts';
import { close } from '#server/closing.ts';
import { open, stop } from '#server/clock.ts';
import * as codes from '#server/codes.ts';
import * as actors from '#server/actors.ts';
import { permitForMachine } from '#server/gate.ts';
import * as batches from '#server/paper-batch.ts';
import * as enterers from '#server/paper-enterers.ts';
import * as paperForms from '#server/paper-forms.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { cast, fetchPaper, prepare } from '#server/respondent.ts';
import * as rounds from '#server/rounds.ts';
import { paperEnterer, person, release, unit } from '#server/schema.ts';
import { shake } from '#server/shaker.ts';
import { everything, hrGate, printed } from '#tests/support/codes.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { readPdf } from '#tests/support/pdf.ts';
import { approvedRound, frozen, permit, someAnswers, town } from '#tests/support/town.ts';

let t: TestDatabases;
const now = new Date('2027-03-01T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);

let of: rounds.RoundRow;
let keyFile: string;
let answers: number[];
let people: (typeof person.$inferSelect)[];
let drawn: codes.Drawn[];
/** By number: leaders of K, H, A and B, six in K, then 30 in A and nine in B. */
const [leaderOfH, inK, alsoInK, printer, inA] = [1, 5, 6, 7, 12];
const named = (name: string) => drawn.filter(({ group }) => groupName(group) === name);
const groupName = (id: string) => of.tree!.nodes.find((node) => node.id === id)!.name;

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await town(t.main, { A: 30, B: 9 });
  people = await t.main.select().from(person).orderBy(person.employeeNumber);
  const { id, questionnaire } = await approvedRound(t.main, now, { unitCodes: ['A', 'B'] });
  answers = someAnswers(questionnaire, 1);
  await t.main.update(person).set({ email: null });
  ({ keyFile } = await frozen(t, id, now));
  of = (await rounds.find(t.main, id))!;
  drawn = await printed(t.main, hrGate(people[printer]!.id, now), of, { group: 'all', reserve: null }, now);
});
afterAll(() => t.stop());

const give = (at: number, by: string | null = null) =>
  enterers.give(t.main, of, people[at]!.employeeNumber!, now, permitForMachine(by));
const gateOf = async (at: number) => {
  const { personId, ...rest } = (await actors.actor(t.main, people[at]!.id, now))!;
  return hrGate(personId, now, rest);
};
const form = ({ code }: { code: string }, marks = answers): PaperForm => ({
  ...{ code, answers: marks, background: [0] },
});
const newBatch = (forms: PaperForm[]): batches.Batch => ({ seed: batches.newSeed(), forms });
const enter = async (batch: batches.Batch, at = inK) =>
  batches.enter(t.main, t.intake, await gateOf(at), of, batch, later(3));
const count = async () => (await t.box`select from ${t.box(`ballots_${of.id}`)}`).length;
const faultsOf = (done: batches.Entered) => (done.ok ? 'entered' : [...done.faults]);

test('the form is a tagged PDF with the code, every statement and whom to give it to, on whole sheets', async () => {
  const questionnaire = (await batches.asked(t.main, of.id))!;
  const file = await paperForms.forms(
    drawn.slice(0, 2),
    {
      round: { ...of, fingerprint: of.fingerprint! },
      title: 'Undersøkelse',
      municipality: 'Testvik',
      isCrowd: false,
      factor: 5,
      origin: 'https://testvik.example',
      language: 'nn',
      groupName,
    },
    { questionnaire, help: byDefault, to: 'Kari på servicetorget', by: 'fredag 19. mars' },
  );
  const pdf = readPdf(file);
  expect(pdf).toMatchObject({ isTagged: true, language: 'nn-NO', title: 'Undersøkelse' });
  expect(pdf.pages % 4).toBe(0);
  expect(pdf.tags.filter((tag) => tag === 'L')).toHaveLength(2 * (answers.length + 1));
  const text = pdf.text.replaceAll('\n', ' ');
  for (const { code } of drawn.slice(0, 2)) expect(text).toContain(Code.print(code));
  expect(text).toContain('Kari på servicetorget');
  for (const theme of questionnaire.themes)
    for (const one of theme.statements) expect(text).toContain(one.text.nn);
  for (const { name } of people) expect(text).not.toContain(name);
});

describe('the task', () => {
  test('is given once, to somebody else, who is from elsewhere than every group', async () => {
    expect(await give(inA)).toEqual({ ok: true });
    expect(await give(leaderOfH)).toEqual({ ok: false, refusal: 'every-group' });
    expect(await give(inK, people[inK]!.id)).toEqual({ ok: false, refusal: 'to-oneself' });
    const twice = await Promise.all([give(inK), give(inK)]);
    expect(twice.map((one) => (one.ok ? 'given' : one.refusal)).sort()).toEqual(['given', 'has-it']);
    expect(await give(printer)).toEqual({ ok: false, refusal: 'printed' });
    const nobody = await enterers.give(t.main, of, '', now, permit());
    expect(nobody).toEqual({ ok: false, refusal: 'unknown-person' });
    expect((await enterers.list(t.main, of.id)).map(({ name }) => name)).toHaveLength(2);
  });

  test('and the codes are never in one hand', async () => {
    const wanted = { group: drawn[0]!.group, reserve: 1 };
    const asEnterer = codes.print(t.main, hrGate(people[inK]!.id, now), of, wanted, async () => 'paper', now);
    expect(await asEnterer).toEqual({ ok: false, refusal: 'enters' });
  });

  test('is taken away, and who had it stays written down', async () => {
    expect(await give(alsoInK)).toEqual({ ok: true });
    const [row] = await t.main
      .select()
      .from(paperEnterer)
      .where(eq(paperEnterer.personId, people[alsoInK]!.id));
    await enterers.take(t.main, of.id, row!.id, later(1), permit());
    expect(await enterers.idsOf(t.main, of.id)).not.toContain(people[alsoInK]!.id);
    expect(await t.main.select().from(paperEnterer)).toHaveLength(3);
    await expect(enter(newBatch([]), alsoInK)).rejects.toThrow('refused');
  });

  test('reaches no group of residents in whose home somebody works, however far down', async () => {
    const [home] = await t.main.select().from(unit).where(eq(unit.code, 'H'));
    const residents = (await rounds.find(t.main, of.id))!;
    const node = residents.tree!.nodes.find(({ group }) => group)!;
    const tree = { nodes: [{ ...node, units: [home!.code] }] };
    const { questionnaireId } = of;
    const asked = await rounds.plan(
      t.main,
      {
        name: 'Beboere',
        questionnaireId: (await questionnaires.latest(t.main, 'resident'))!.id,
        unitCodes: ['H'],
        opensAt: later(100),
        stopsAt: later(200),
        rule: { inPostOn: '2027-03-01', minimumShare: 0, kinds: [], includeOnLeave: false },
      },
      now,
      permit(),
    );
    if (!asked.ok) throw new Error(asked.refusal);
    const crowd = { ...(await rounds.find(t.main, asked.id))!, tree };
    const nurse = (await actors.actor(t.main, people[inA]!.id, now))!;
    expect(await enterers.groupsOf(t.main, crowd, nurse, now)).toEqual(new Set());
    const staff = { ...crowd, questionnaireId };
    expect(await enterers.groupsOf(t.main, staff, nurse, now)).toEqual(new Set([node.id]));
    expect(
      (await enterers.groupsOf(t.main, crowd, (await actors.actor(t.main, people[inK]!.id, now))!, now)).size,
    ).toBe(1);
  });
});

describe('a batch', () => {
  test('waits until the round is open', async () => {
    const early = await batches.enter(t.main, t.intake, await gateOf(inK), of, newBatch([]), now);
    expect(early).toMatchObject({ ok: false, refusal: 'early' });
    expect(await open(t.main, t.box, of.id, later(1), null)).toMatchObject({ ok: true });
    of = (await rounds.find(t.main, of.id))!;
  });

  test('of four is refused, and uses no code up', async () => {
    const batch = newBatch(
      named('Unit A')
        .slice(0, 4)
        .map((one) => form(one)),
    );
    expect(await enter(batch)).toMatchObject({ ok: false, refusal: 'too-few' });
    // Five with one that is there twice, or that nobody ticked, are four.
    const again = newBatch([...batch.forms, form({ code: Code.print(batch.forms[0]!.code) })]);
    expect(faultsOf(await enter(again))).toEqual([[4, 'twice']]);
    const empty = form(
      named('Unit A')[4]!,
      answers.map(() => 255),
    );
    expect(faultsOf(await enter(newBatch([...batch.forms, empty])))).toEqual([[4, 'empty']]);
    expect(await count()).toBe(0);
  });

  test('says what is wrong with each form, and enters none of them', async () => {
    const [a, b] = [named('Unit A'), named('Unit B')];
    const forms = [
      form(a[0]!),
      form({ code: '0000-0000-0000' }),
      form(a[1]!, answers.with(0, 99)),
      form(b[0]!),
      form(a[2]!),
    ];
    expect(faultsOf(await enter(newBatch(forms)))).toEqual([
      [1, 'unknown'],
      [2, 'invalid'],
    ]);
    // Who works in A enters B's alone.
    expect(
      faultsOf(
        await enter(
          newBatch(
            b
              .slice(0, 4)
              .concat(a[0]!)
              .map((one) => form(one)),
          ),
          inA,
        ),
      ),
    ).toEqual([[4, 'yours']]);
    expect(await count()).toBe(0);
  });

  test('of five is entered, whatever the order, and a second press or a lost reply counts nothing twice', async () => {
    const batch = newBatch(
      named('Unit A')
        .slice(0, 5)
        .map((one) => form(one)),
    );
    const pressed = await Promise.all([enter(batch), enter(batch)]);
    expect(pressed).toEqual([
      { ok: true, count: 5 },
      { ok: true, count: 5 },
    ]);
    expect(await count()).toBe(5);
    expect(await enter(batch)).toEqual({ ok: true, count: 5 });
    expect(await count()).toBe(5);
  });

  test('with a form that is answered already tells of that one; the others stay, and go with a fifth', async () => {
    const a = named('Unit A');
    const batch = newBatch([a[5]!, a[6]!, a[0]!, a[7]!, a[8]!].map((one) => form(one)));
    expect(faultsOf(await enter(batch))).toEqual([[2, 'used']]);
    expect(await count()).toBe(5);
    const four = { ...batch, forms: batch.forms.toSpliced(2, 1) };
    expect(await enter(four)).toMatchObject({ ok: false, refusal: 'too-few' });
    expect(await enter({ ...four, forms: [...four.forms, form(a[9]!)] })).toEqual({ ok: true, count: 5 });
    expect(await count()).toBe(10);
  });

  test('cut off on the way is not in at all, goes in when it is sent again, and takes no new form with it', async () => {
    const a = named('Unit A').slice(10, 16);
    const batch = newBatch(a.slice(0, 5).map((one) => form(one)));
    // The box goes away after three.
    let left = 3;
    const failing = (tx: object) =>
      new Proxy(tx, {
        apply: (target, self, args: [TemplateStringsArray | string]) => {
          const isInsert = typeof args[0] !== 'string' && String(args[0][0]).includes('insert');
          if (isInsert && left-- === 0) throw new Error('gone');
          return Reflect.apply(target as never, self, args);
        },
      });
    const box = new Proxy(t.intake, {
      get: (target, name) =>
        name === 'begin'
          ? (run: (tx: object) => Promise<unknown>) => target.begin(async (tx) => run(failing(tx)))
          : (Reflect.get(target, name) as unknown),
    });
    await expect(batches.enter(t.main, box, await gateOf(inK), of, batch, later(3))).rejects.toThrow('gone');
    expect(await count()).toBe(10);
    expect(await enter(batch)).toEqual({ ok: true, count: 5 });
    const more = { ...batch, forms: [...batch.forms, form(a[5]!)] };
    expect(await enter(more)).toMatchObject({ ok: false, refusal: 'sent-before' });
    expect(await count()).toBe(15);
  });

  test('whose paper was fetched when another batch was refused takes no single form into the box', async () => {
    const a = named('Unit A').slice(21, 27);
    const seed = batches.newSeed();
    const forms = a.map((one) => form(one));
    // As in a batch that was refused after this one.
    const round = await prepare(t.main, of.id, fingerprintSigns(of.fingerprint!));
    const own = createHash('sha256').update(`medvirk paper form ${seed} ${a[5]!.code}`).digest();
    const secret = await Code.secretOf(a[5]!.code, of.id);
    const fetched = await fetchPaper(t.main, round, secret, later(3), own);
    if (!fetched.ok) throw new Error(fetched.refusal);
    // Two batches that share four, at once: one of them is in, whole.
    const pair = [
      { seed, forms: forms.slice(0, 5) },
      { seed, forms: forms.slice(1) },
    ];
    const both = await Promise.all(pair.map((one) => enter(one)));
    expect(both.map((one) => (one.ok ? 'in' : one.refusal)).sort()).toEqual(['in', 'sent-before']);
    expect(await count()).toBe(20);
    for (const one of pair) await enter(one);
    expect(await count()).toBe(20);
    // A box that took them one by one would have taken it.
    const alone = both[0]!.ok ? fetched.paper : null;
    if (alone) {
      expect(await cast(t.intake, round, alone, answers, [0])).toMatchObject({ ok: true });
      await t.box`delete from ${t.box(`ballots_${of.id}`)} where token_hash = ${await tokenHash(alone.token)}`;
    }
  });

  test('two who enter the same forms at once: each is counted once', async () => {
    const forms = named('Unit B')
      .slice(0, 5)
      .map((one) => form(one));
    const others = forms.map((one) => ({ ...one, answers: answers.map((mark) => (mark === 3 ? 2 : 3)) }));
    const both = await Promise.all([enter(newBatch(forms)), enter(newBatch(others))]);
    expect(both.filter(({ ok }) => ok)).toEqual([{ ok: true, count: 5 }]);
    const second = both.find(({ ok }) => !ok)!;
    expect(second).toMatchObject({ refusal: 'forms' });
    if (!second.ok) expect([...second.faults.values()]).toEqual(['used']);
    expect(await count()).toBe(25);
  });
});

test('no row tells who entered what, nor when: nothing of seed, code or answers is anywhere', async () => {
  const seed = base64url(randomBytes(32));
  const batch = {
    seed,
    forms: named('Unit A')
      .slice(16, 21)
      .map((one) => form(one)),
  };
  const before = await everything(t);
  expect(await enter(batch)).toMatchObject({ ok: true });
  const all = await everything(t);
  const hidden = [seed, Buffer.from(answers).toString('hex'), answers.join(',')];
  for (const form of [...hidden, ...batch.forms.flatMap(({ code }) => [code, Code.print(code)])])
    expect(all.includes(form), form).toBe(false);
  // Only marks and ballots are new: every other table is as it was.
  const tables = (text: string) => text.split('\n').filter((rows) => !before.includes(rows));
  expect(tables(all).length).toBe(2);
  await shake(t.main, t.box);
  const rows = await t.box`select xmin::text as x from ${t.box(`ballots_${of.id}`)}
    where group_id = ${named('Unit A')[0]!.group}`;
  expect(new Set(rows.map(({ x }) => x)).size).toBe(1);
});

test('after the window nothing goes in, and what did is counted as any other', async () => {
  const entered = await count();
  expect((await stop(t.main, t.box, of.id, later(50), null)).ok).toBe(true);
  of = (await rounds.find(t.main, of.id))!;
  const late = newBatch(
    named('Unit A')
      .slice(-5)
      .map((one) => form(one)),
  );
  expect(await enter(late)).toMatchObject({ ok: false, refusal: 'late' });
  expect(await close(t.main, t.box, of.id, keyFile, later(51), permit())).toEqual({ ok: true });
  const [out] = await t.main.select().from(release);
  expect(out!.content.ballots).toMatchObject({ counted: entered });
});
