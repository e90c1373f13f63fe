import { createHash, randomBytes } from 'node:crypto';
import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Actor } from '#domain/access.ts';
import { base64url } from '#domain/bytes.ts';
import * as Code from '#domain/code.ts';
import { fingerprintPrint, fingerprintSigns } from '#domain/keylist.ts';
import { close } from '#server/closing.ts';
import { open, stop } from '#server/clock.ts';
import * as codes from '#server/codes.ts';
import { issue, show } from '#server/issuing.ts';
import * as letters from '#server/letters.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { answer, prepare } from '#server/respondent.ts';
import * as rolls from '#server/rolls.ts';
import * as rounds from '#server/rounds.ts';
import { asked, byHand, invitation, invitationLink, person, release, round } from '#server/schema.ts';
import { csvForExcel } from '#server/spreadsheet.ts';
import { everything, hrGate, inClear, printed } from '#tests/support/codes.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { readPdf } from '#tests/support/pdf.ts';
import { approvedRound, frozen, invitationsOf, permit, someAnswers, town } from '#tests/support/town.ts';

let t: TestDatabases;
const now = new Date('2027-03-01T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);

const gateOf = (over: Partial<Actor> = {}) => hrGate(hr, now, over);
const print = (
  of: rounds.RoundRow,
  group: string,
  reserve: number | null = null,
  at = now,
  gate = gateOf(),
) => printed(t.main, gate, of, { group, reserve }, at);
const fresh = async (id: string) => (await rounds.find(t.main, id))!;
const groupNamed = (of: rounds.RoundRow, name: string) => of.tree!.nodes.find((n) => n.name === name)!.id;
const secretOf = (of: rounds.RoundRow, code: string) => Code.secretOf(code, of.id);
/** The text of a file without what chance made of it, which is there: it may have anybody's number within it. */
const without = (random: string[], text: string) =>
  random.reduce((left, one) => {
    const lines = new RegExp([...one].join('\\n?'), 'g');
    expect(left).toMatch(lines);
    return left.replace(lines, '…');
  }, text);

let hr: string;
let of: rounds.RoundRow;
let keyFile: string;
let lacking: { id: string; name: string }[];
let answers: number[];
let printedOnPaper: codes.Drawn[];

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await town(t.main, { A: 9, B: 24, C: 8 });
  const people = await t.main.select().from(person).orderBy(person.employeeNumber);
  hr = people[0]!.id;
  // By number: a leader each of K, H, A, B and C, six in K, then nine in A, 24 in B, eight in C.
  const [inA, inB] = [people.slice(11, 14), people.slice(20, 40)];
  lacking = [...inA, ...inB].map(({ id, name }) => ({ id, name }));
  const ids = lacking.map(({ id }) => id);
  await t.main.update(person).set({ email: null }).where(inArray(person.id, ids));
  await t.main.update(person).set({ email: 'none' }).where(eq(person.id, ids[0]!));
  const { id, questionnaire } = await approvedRound(t.main, now, { reserve: 12 });
  answers = someAnswers(questionnaire, 1);
  ({ keyFile } = await frozen(t, id, now));
  of = await fresh(id);
});
afterAll(() => t.stop());

describe('at freezing', () => {
  it('gives a code to each who has no address, keeps the group’s number, and counts a reserve', async () => {
    const [a, b] = [groupNamed(of, 'Unit A'), groupNamed(of, 'Unit B')];
    expect(of.tree!.nodes.find(({ id }) => id === a)!.invited).toBe(9);
    expect(await codes.stock(t.main, of)).toEqual(
      new Map([
        [a, { needed: 3, reserve: 1, made: 0 }],
        [b, { needed: 20, reserve: 3, made: 0 }],
      ]),
    );
    expect(await codes.numbers(t.main, of)).toEqual({ needed: 23, reserve: 4 });
    const made = await invitationsOf(t.main, of.id);
    expect(made.filter((i) => i.personId === null)).toHaveLength(27);
    const named = new Set(made.map((i) => i.personId));
    expect(lacking.filter(({ id }) => named.has(id))).toEqual([]);
    expect(await t.main.select().from(invitationLink)).toEqual([]);
  });

  it('says whom to hand one, to HR by group and to representatives in their roll', async () => {
    const handed = await codes.handed(t.main, of.id);
    expect([...handed.values()].flat().sort()).toEqual(lacking.map(({ name }) => name).sort());
    const union = gateOf({ roles: [{ role: 'union', unit: 'A' }] });
    const [roll] = await rolls.list(t.main, union, of, later(0));
    expect(roll!.names).toHaveLength(9);
    expect(roll!.names).toEqual(expect.arrayContaining(handed.get(groupNamed(of, 'Unit A'))!));
  });
});

describe('printing', () => {
  test('of two at once one gets the codes, and the other is told', async () => {
    const a = groupNamed(of, 'Unit A');
    const wanted = { group: a, reserve: null };
    const both = await Promise.all([0, 1].map(() => codes.print(t.main, gateOf(), of, wanted, inClear, now)));
    expect(both.map((one) => (one.ok ? one.file.length : one.refusal)).sort()).toEqual([3, 'nothing']);
    expect((await codes.stock(t.main, of)).get(a)).toEqual({ needed: 3, reserve: 1, made: 3 });
    const events = await rounds.events(t.main, of.id);
    expect(events.filter((e) => e.event === 'print codes').map((e) => e.reason)).toEqual(['3']);
  });

  test('a fault while the paper is made keeps no code', async () => {
    const broken = async () => {
      throw new Error('no paper');
    };
    const wanted = { group: groupNamed(of, 'Unit B'), reserve: null };
    await expect(codes.print(t.main, gateOf(), of, wanted, broken, now)).rejects.toThrow('no paper');
    expect((await codes.stock(t.main, of)).get(wanted.group)!.made).toBe(0);
  });

  test('nobody prints for their own unit or for units under them', async () => {
    for (const over of [{ leads: ['H'] }, { leads: ['B'] }, { worksIn: ['B'] }])
      await expect(print(of, groupNamed(of, 'Unit B'), null, now, gateOf(over))).rejects.toThrow('nothing');
    await expect(print(of, 'all', null, now, gateOf({ roles: [] }))).rejects.toThrow('refused');
  });

  test('the reserve is what is left, and no more', async () => {
    const [a, b] = [groupNamed(of, 'Unit A'), groupNamed(of, 'Unit B')];
    await expect(print(of, b, 1)).rejects.toThrow('nothing');
    await expect(print(of, a, 2)).rejects.toThrow('nothing');
    for (const count of [0, -1, 0.5, NaN]) await expect(print(of, a, count)).rejects.toThrow('nothing');
    await expect(print(of, 'all', 1)).rejects.toThrow('nothing');
    expect(await print(of, a, 1)).toHaveLength(1);
    await expect(print(of, a, 1)).rejects.toThrow('nothing');
  });

  test('a reminder is as many sheets as answer by code, all alike in a group, and makes no code', async () => {
    const [a, b] = [groupNamed(of, 'Unit A'), groupNamed(of, 'Unit B')];
    const before = await codes.stock(t.main, of);
    const reminded = (group: string, gate = gateOf(), at = now) =>
      codes.reminded(t.main, gate, of, group, at);
    const all = await reminded('all');
    if (!all.ok) throw new Error(all.refusal);
    const count = (id: string) => Math.max(before.get(id)!.needed, before.get(id)!.made);
    expect(all.groups).toHaveLength(count(a) + count(b));
    expect(await reminded(a)).toEqual({ ok: true, groups: Array(count(a)).fill(a) });
    expect(await reminded('none')).toEqual({ ok: false, refusal: 'nothing' });
    expect(await reminded('all', gateOf(), of.stopsAt)).toEqual({ ok: false, refusal: 'wrong-state' });
    expect(await reminded(a, gateOf({ worksIn: ['A'] }))).toEqual({ ok: false, refusal: 'nothing' });
    await expect(reminded(a, gateOf({ roles: [{ role: 'union', unit: 'A' }] }))).rejects.toThrow('refused');
    expect(await codes.stock(t.main, of)).toEqual(before);
  });

  test('before it opens, printed codes can be made void and made anew', async () => {
    const a = groupNamed(of, 'Unit A');
    const lost = await print(of, 'all');
    expect(lost.every(({ group }) => group === groupNamed(of, 'Unit B'))).toBe(true);
    expect(await codes.voidPrinted(t.main, gateOf({ leads: ['A'] }), of, a, now)).toMatchObject({
      ok: false,
    });
    for (const group of [a, lost[0]!.group])
      expect(await codes.voidPrinted(t.main, gateOf(), of, group, now)).toEqual({ ok: true });
    expect((await codes.stock(t.main, of)).get(a)!.made).toBe(0);
    const shown = await show(t.main, of.id, await secretOf(of, lost[0]!.code), now);
    expect(shown).toEqual({ ok: false, refusal: 'unknown' });
  });

  test('the files hold no name and no number of anybody', async () => {
    const paper: letters.Paper = {
      round: { ...of, fingerprint: of.fingerprint! },
      title: 'Undersøkelse',
      municipality: 'Testvik',
      isCrowd: false,
      factor: 5,
      origin: 'https://testvik.example',
      language: 'nb',
      groupName: (id) => of.tree!.nodes.find((n) => n.id === id)!.name,
    };
    const drawn = await print(of, 'all');
    expect(drawn).toHaveLength(23);
    const onPaper = [...drawn.map(({ code }) => Code.print(code)), fingerprintPrint(of.fingerprint!), of.id];
    const rows = drawn.map((d) => [paper.groupName(d.group), d.code]);
    const files = [
      without(onPaper, readPdf(await letters.letters(drawn, paper)).text),
      without(onPaper, readPdf(await letters.slips(drawn, paper)).text),
      without(
        drawn.map(({ code }) => code),
        csvForExcel({ head: ['group', 'code'], rows }),
      ),
    ];
    const people = await t.main.select().from(person);
    for (const file of files) {
      expect(file).toContain('Unit A');
      for (const { name, employeeNumber, email } of people)
        for (const known of [name, email, `${employeeNumber}`])
          if (known) expect(file.includes(known), known).toBe(false);
    }
    printedOnPaper = drawn;
  });

  test('a code in clear is in neither database, in any spelling', async () => {
    const all = await everything(t);
    expect(all).toContain(of.id);
    for (const { code } of printedOnPaper) {
      const secret = Buffer.from(await secretOf(of, code));
      const forms = [code, Code.print(code), code.toUpperCase(), Code.print(code).toLowerCase()];
      for (const form of [...forms, secret.toString('hex'), base64url(secret), secret.toString('base64')])
        expect(all.includes(form), form).toBe(false);
      // What is there to find is found.
      expect(all).toContain(createHash('sha256').update(secret).digest('hex'));
    }
  });
});

describe('while it is open', () => {
  beforeAll(async () => {
    expect(await open(t.main, t.box, of.id, later(1), null)).toMatchObject({ ok: true });
    of = await fresh(of.id);
  });
  const blinded = () => {
    const bytes = randomBytes(384);
    bytes[0] = 0;
    return new Uint8Array(bytes);
  };

  test('everybody counts as asked, with an address or without', async () => {
    const rows = await t.main.select({ id: asked.personId }).from(asked);
    const all = new Set(rows.map(({ id }) => id));
    for (const { id } of lacking) expect(all).toContain(id);
    expect(rows).toHaveLength(of.tree!.nodes[0]!.invited);
  });

  test('no print becomes void any more, for nobody may know which are used', async () => {
    const group = printedOnPaper[0]!.group;
    expect(await codes.voidPrinted(t.main, gateOf(), of, group, later(2))).toEqual({
      ok: false,
      refusal: 'wrong-state',
    });
    expect(await print(of, groupNamed(of, 'Unit A'), 1, later(2))).toHaveLength(1);
  });

  test('a code leads to one paper of its group; used, it is refused as one that is mistyped', async () => {
    const { code, group } = printedOnPaper[0]!;
    const secret = await secretOf(of, code);
    expect(await show(t.main, of.id, secret, later(2))).toMatchObject({ ok: true, group, state: 'ready' });
    const mine = blinded();
    const first = await issue(t.main, of.id, secret, mine, later(2));
    expect(first.ok).toBe(true);
    expect(await issue(t.main, of.id, secret, mine, later(2))).toEqual(first);
    const mistyped = await issue(t.main, of.id, await secretOf(of, '000000000000'), mine, later(2));
    expect(await issue(t.main, of.id, secret, blinded(), later(2))).toEqual(mistyped);
    // Whoever finds it learns nothing by showing it.
    expect(await show(t.main, of.id, secret, later(2))).toMatchObject({ ok: true, state: 'ready' });
  });

  test('a hundred at once on one code: one paper', async () => {
    const secret = await secretOf(of, printedOnPaper[1]!.code);
    const all = await Promise.all(
      Array.from({ length: 100 }, () => issue(t.main, of.id, secret, blinded(), later(2))),
    );
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(all.map((one) => (one.ok ? 'ok' : one.refusal)))).toEqual(new Set(['ok', 'unknown']));
  });

  test('an answer with a code goes into the box like any other', async () => {
    const prepared = await prepare(t.main, of.id, fingerprintSigns(of.fingerprint!));
    for (const { code } of printedOnPaper.slice(2, 4)) {
      const secret = await secretOf(of, code);
      const done = await answer(t.main, t.intake, prepared, secret, answers, later(3));
      expect(done).toMatchObject({ ok: true });
    }
  });
});

test('at close the codes are void, counted or not, and no name is left', async () => {
  const unused = printedOnPaper.at(-1)!;
  expect((await stop(t.main, t.box, of.id, later(50), null)).ok).toBe(true);
  await expect(print(await fresh(of.id), groupNamed(of, 'Unit B'), 1, later(50))).rejects.toThrow(
    'wrong-state',
  );
  expect(await close(t.main, t.box, of.id, keyFile, later(51), permit())).toEqual({ ok: true });
  for (const table of [invitation, invitationLink, byHand])
    expect(await t.main.select().from(table)).toEqual([]);
  expect(await show(t.main, of.id, await secretOf(of, unused.code), later(52))).toEqual({
    ok: false,
    refusal: 'late',
  });
  // The numbers stay, for everybody to see.
  expect(await codes.numbers(t.main, await fresh(of.id))).toEqual({ needed: 23, reserve: 4 });
  const [out] = await t.main.select().from(release);
  // One of the reserve was printed: whoever holds it may answer too.
  const [whole] = of.tree!.nodes;
  expect(out!.content.ballots).toMatchObject({ counted: 2, invited: whole!.invited + 1 });
  const a = out!.content.tree.find(({ id }) => id === groupNamed(of, 'Unit A'))!;
  expect(a.invited).toBe(10);
});

test('a group with text messages alone has a reserve, for a number that is wrong', () => {
  const people = [
    { id: '1', email: null, mobile: '+4741234567' },
    { id: '2', email: null, mobile: '+4741234568' },
    { id: '3', email: null, mobile: null },
    { id: '4', email: 'a@testvik.example', mobile: null },
  ];
  const groupOf = new Map([
    ['1', 'texts'],
    ['2', 'both'],
    ['3', 'both'],
    ['4', 'mails'],
  ]);
  expect(codes.needs({ people, groupOf }, 10)).toEqual(
    new Map([
      ['texts', { needed: 0, reserve: 1 }],
      ['both', { needed: 1, reserve: 1 }],
    ]),
  );
  expect(codes.needs({ people, groupOf }, 0)).toEqual(new Map([['both', { needed: 1, reserve: 0 }]]));
});

test('a reserve is a whole number of per cent up to 50', async () => {
  const asked = (await questionnaires.latest(t.main, 'resident'))!;
  const plan: rounds.Plan = {
    name: 'Beboere',
    questionnaireId: asked.id,
    unitCodes: ['A'],
    opensAt: later(100),
    stopsAt: later(200),
    rule: { inPostOn: '2027-03-01', minimumShare: 0, kinds: [], includeOnLeave: false },
  };
  expect(await rounds.plan(t.main, { ...plan, reserve: 51 }, now, permit())).toEqual({
    ok: false,
    refusal: 'reserve',
  });
  const planned = await rounds.plan(t.main, plan, now, permit());
  if (!planned.ok) throw new Error(planned.refusal);
  const [row] = await t.main.select().from(round).where(eq(round.id, planned.id));
  expect(row!.reserve).toBe(10);
});
