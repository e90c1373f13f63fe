import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { base64url } from '#domain/bytes.ts';
import { answering } from '#domain/language.ts';
import * as Code from '#domain/code.ts';
import { statements } from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';
import { close } from '#server/closing.ts';
import { open, stop } from '#server/clock.ts';
import * as codePage from '#server/code-page.ts';
import { render } from '#server/code-sheet.ts';
import type * as codes from '#server/codes.ts';
import * as rounds from '#server/rounds.ts';
import { person, release } from '#server/schema.ts';
import { everything, hrGate, printed } from '#tests/support/codes.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { approvedRound, frozen, permit, someAnswers, town } from '#tests/support/town.ts';

let t: TestDatabases;
const now = new Date('2027-03-01T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);

let of: rounds.RoundRow;
let keyFile: string;
let answers: number[];
let printedOnPaper: codes.Drawn[];

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await town(t.main, { A: 9 });
  const [hr] = await t.main.select().from(person).orderBy(person.employeeNumber);
  const { id, questionnaire } = await approvedRound(t.main, now, { unitCodes: ['A'] });
  answers = someAnswers(questionnaire, 1);
  await t.main.update(person).set({ email: null });
  ({ keyFile } = await frozen(t, id, now));
  of = (await rounds.find(t.main, id))!;
  printedOnPaper = await printed(t.main, hrGate(hr!.id, now), of, { group: 'all', reserve: null }, now);
  expect(await open(t.main, t.box, id, later(1), null)).toMatchObject({ ok: true });
});
afterAll(() => t.stop());

const read = async () => (await codePage.read(t.main, of.id, 'nb'))!;
const words = (code: string, seed = '', marks = answers) => ({
  code,
  seed,
  answers: marks,
  background: [],
});
const take = async (typed: codePage.Typed) => codePage.take(t.main, t.intake, await read(), typed, later(3));
const begun = async (code: string) => {
  const view = await take(words(code));
  if (view.view !== 'sheet') throw new Error(view.view);
  return view.typed.seed;
};
const sealed = () => t.box`select token_hash from ${t.box(`ballots_${of.id}`)}`;

test('the page says what the server does before anything is typed', async () => {
  const page = render(await read(), { view: 'code', code: '', wrong: false });
  expect(page).toContain('i minnet');
  expect(page).toContain('kunne ha lest svaret');
  expect(page).not.toContain('<script');
  expect(await codePage.read(t.main, of.id, 'xx')).toBeNull();
});

test('a code opens the sheet of its group and uses nothing up; the answer is in the box, and counted once', async () => {
  const { code, group } = printedOnPaper[2]!;
  const before = (await sealed()).length;
  const seed = await begun(Code.print(code));
  await begun(code.toUpperCase());
  expect(await sealed()).toHaveLength(before);
  const view = await take(words(code, seed));
  expect(view).toMatchObject({ view: 'done', before: false });
  expect(await sealed()).toHaveLength(before + 1);
  // Pressed twice, or sent again with other answers: the first counts, and says so.
  const again = await take(
    words(
      code,
      seed,
      answers.map(() => 255),
    ),
  );
  expect(again).toEqual({ ...view, before: true });
  expect(await sealed()).toHaveLength(before + 1);
  expect(group).toMatch(/^\d{4}$/);
});

test('mistyped and used are one sentence, and what was chosen stays on the page', async () => {
  const used = await take(words(printedOnPaper[2]!.code, base64url(randomBytes(32))));
  const wrong = await take(words('0000-0000-0000', base64url(randomBytes(32))));
  for (const view of [used, wrong]) {
    expect(view).toMatchObject({ view: 'sheet', refusal: 'wrong' });
    expect(codePage.isWrong(view)).toBe(true);
    const page = render(await read(), view);
    expect(page).toContain('Koden er skrevet feil eller brukt.');
    expect(page.match(/ checked/g)).toHaveLength(answers.length);
  }
  expect(await take(words('7k2m'))).toEqual({ view: 'code', code: '7k2m', wrong: true });
});

test('what is no answer is refused, and what is hostile is text', async () => {
  const { code } = printedOnPaper[3]!;
  const seed = await begun(code);
  expect(await take(words(code, seed, answers.with(0, 99)))).toMatchObject({ refusal: 'invalid' });
  const view = await take(words('"><script>alert(1)</script>'));
  expect(render(await read(), view)).not.toContain('<script');
  const form = new FormData();
  form.set('0', '1e3');
  form.set('1', '3');
  expect(codePage.typed(await read(), form).answers.slice(0, 3)).toEqual([255, 3, 255]);
});

test('what must be answered and is not is told at the statement; nothing is handed in, and all stays', async () => {
  const { code } = printedOnPaper[4]!;
  const seed = await begun(code);
  const before = (await sealed()).length;
  const frozen = await read();
  const questionnaire = structuredClone(frozen.questionnaire);
  const strict = { ...frozen, questionnaire };
  for (const one of questionnaire.themes[0]!.statements.slice(0, 2)) one.required = true;
  const typed = words(code, seed, answers.with(1, 255).with(5, 255));
  const view = await codePage.take(t.main, t.intake, strict, typed, later(3));
  expect(view).toMatchObject({ view: 'sheet', refusal: 'lacking', typed });
  expect(await sealed()).toHaveLength(before);
  const page = render(strict, view);
  expect(page).toContain('<a href="#asked-1"');
  expect(page).toMatch(/<fieldset\s+id="asked-1" aria-describedby="lacking-1"/);
  expect(page).toMatch(/id="lacking-1" data-lacking\s*>/);
  expect(page).toMatch(/id="lacking-0" data-lacking\s+hidden/);
  expect(page.match(/ checked/g)).toHaveLength(answers.length - 2);
  expect(page).toContain('Påstander merket «Må besvares» må ha et svar. Resten kan du hoppe over.');
  // With an answer there it goes in, whatever else was skipped.
  const whole = await codePage.take(
    t.main,
    t.intake,
    strict,
    { ...typed, answers: answers.with(5, 255) },
    later(3),
  );
  expect(whole).toMatchObject({ view: 'done' });
});

test('another language gives the same page with all that was chosen, and hands nothing in', async () => {
  const { code } = printedOnPaper[4]!;
  const seed = await begun(code);
  const before = (await sealed()).length;
  const sami = (await codePage.read(t.main, of.id, 'se'))!;
  const page = render(sami, codePage.turn(words(code, seed)));
  expect(page.match(/ checked/g)).toHaveLength(answers.length);
  expect(page).toContain(`name="seed" value="${seed}"`);
  expect(page).toContain('Sádde vástádusaid');
  expect(page).toContain('<legend lang="nb">');
  expect(await sealed()).toHaveLength(before);
  // Enter in a field presses the first button of the form: that must send.
  expect(page.match(/<button[^>]*>/)![0]).toBe('<button hidden>');
});

test('the answer goes to one address whatever the language', async () => {
  const forms = await Promise.all(
    [...answering].map(async (language) => {
      const frozen = (await codePage.read(t.main, of.id, language))!;
      const page = render(frozen, codePage.turn(words('', base64url(randomBytes(32)))));
      return page.match(/<form[^>]*>/)![0];
    }),
  );
  expect(new Set(forms).size).toBe(1);
});

test('an answer in clear, its seed and its token are in neither database', async () => {
  const { code } = printedOnPaper[3]!;
  const seed = await begun(code);
  expect(await take(words(code, seed))).toMatchObject({ view: 'done' });
  const all = await everything(t);
  const plain = Buffer.from(answers).toString('hex');
  for (const form of [seed, Buffer.from(seed, 'base64url').toString('hex'), plain, answers.join(',')])
    expect(all.includes(form), form).toBe(false);
});

test('what was answered here is counted as any other', async () => {
  expect((await stop(t.main, t.box, of.id, later(50), null)).ok).toBe(true);
  expect(await close(t.main, t.box, of.id, keyFile, later(51), permit())).toEqual({ ok: true });
  const [out] = await t.main.select().from(release);
  expect(out!.content.ballots).toMatchObject({ counted: 3, invited: 9 });
});

describe('of residents', () => {
  const questionnaire = own.find(({ kind }) => kind === 'resident')!;
  const all = statements(questionnaire);
  const sheet = async (form: Record<string, string>) => {
    const residents = { ...(await read()), questionnaire };
    const data = new FormData();
    for (const [name, value] of Object.entries({ seed: 'A'.repeat(43), ...form })) data.set(name, value);
    const typed = codePage.typed(residents, data);
    return { typed, page: render(residents, codePage.turn(typed)) };
  };

  test('whoever helps is told first who helps and how, and every answer has its shape', async () => {
    const { page } = await sheet({ '0': '3', 'about-0': '2' });
    const order = ['Før dere begynner', 'Disse kan hjelpe:', 'Slik hjelper du', 'svarkort"', all[0]!.text.nb];
    expect(order.map((words) => page.indexOf(words))).toEqual(
      order.map((words) => page.indexOf(words)).toSorted((a, b) => a - b),
    );
    expect(page.match(/data-background="mode"/g)).toHaveLength(1);
    expect(page).toMatch(/name="about-0"\s+value="2"\s+checked/);
    expect(page.match(/<svg class="mark/g)).toHaveLength(4 * all.length);
    expect(page.match(/<h1/g)).toHaveLength(1);
    expect(page.match(/checked/g)).toHaveLength(2);
  });

  test('the simplified edition shows and takes what it asks alone', async () => {
    const left = all.findIndex(({ simple }) => !simple);
    const marks = { [left]: '1', [all.findIndex(({ simple }) => simple)]: '3' };
    const full = await sheet({ ...marks, 'edition-to': 'full', edition: 'simple' });
    expect(full.typed.answers[left]).toBe(1);
    for (const chosen of [{ edition: 'simple' }, { edition: 'full', 'edition-to': 'simple' }] as Record<
      string,
      string
    >[]) {
      const { typed, page } = await sheet({ ...marks, ...chosen });
      expect(typed.answers.filter((mark) => mark !== 255)).toEqual([3]);
      expect(page.match(/<legend>/g)!.length).toBe(8 + questionnaire.background!.length);
      expect(page).not.toContain(all[left]!.text.nb);
      expect(page).toContain('name="edition" value="simple"');
    }
  });
});
