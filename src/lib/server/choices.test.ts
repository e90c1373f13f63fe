import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Choice from '#domain/choice.ts';
import * as Code from '#domain/code.ts';
import { byDefault } from '#domain/help.ts';
import type { Questionnaire } from '#domain/questionnaire.ts';
import { render } from '#server/answer-page.ts';
import { close } from '#server/closing.ts';
import { open, stop } from '#server/clock.ts';
import * as codePage from '#server/code-page.ts';
import * as codeSheet from '#server/code-sheet.ts';
import type * as codes from '#server/codes.ts';
import * as batches from '#server/paper-batch.ts';
import * as paperForms from '#server/paper-forms.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { person, release } from '#server/schema.ts';
import { answerPage } from '#tests/support/answer-page.ts';
import { asking, counted } from '#tests/support/choices.ts';
import { hrGate, printed } from '#tests/support/codes.ts';
import { type TestDatabases, testDatabases } from '#tests/support/databases.ts';
import { must } from '#tests/support/must.ts';
import { readPdf } from '#tests/support/pdf.ts';
import { approvedRound, frozen, permit, someAnswers, town } from '#tests/support/town.ts';

const asked: Questionnaire = asking(3, 4);
asked.themes[1]!.statements[2]!.required = true;
const now = new Date('2027-03-01T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);

let t: TestDatabases;
let of: rounds.RoundRow;
let keyFile: string;
let drawn: codes.Drawn[];

beforeAll(async () => {
  t = await testDatabases();
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  await town(t.main, { A: 16 });
  const [hr] = await t.main.select().from(person).orderBy(person.employeeNumber);
  const { id: questionnaireId } = must(await questionnaires.add(t.main, asked, now, permit()));
  const { id } = await approvedRound(t.main, now, { unitCodes: ['A'], questionnaireId });
  await t.main.update(person).set({ email: null });
  ({ keyFile } = await frozen(t, id, now));
  of = (await rounds.find(t.main, id))!;
  drawn = await printed(t.main, hrGate(hr!.id, now), of, { group: 'all', reserve: null }, now);
  must(await open(t.main, t.box, id, later(1), null));
});
afterAll(() => t.stop());

const checked = (page: string) =>
  [...page.matchAll(/type="(\w+)"\s+name="(\d+)"\s+value="(\d+)"\s+checked/g)].map(([, ...all]) =>
    all.join(' '),
  );

describe('the page', () => {
  const page = render(answerPage(asked, { languages: ['nb'] }));
  test('has radio buttons where one is chosen, and boxes to tick, and says so, where several are', () => {
    const inputs = (name: number) => page.match(new RegExp(`type="\\w+"\\s+name="${name}"`, 'g'));
    expect(new Set(inputs(2))).toEqual(new Set([expect.stringContaining('radio')]));
    expect(inputs(2)).toHaveLength(3);
    expect(new Set(inputs(4))).toEqual(new Set([expect.stringContaining('checkbox')]));
    expect(inputs(4)).toHaveLength(4);
    expect(page).toContain('<p class="above" id="several-4">Du kan velge flere.</p>');
    expect(page.match(/aria-describedby="several-4"/g)).toHaveLength(1);
  });
  test('asks the browser for one answer, and its own script for at least one of several', () => {
    expect(page).not.toMatch(/<input[^>]* required/);
    expect(page.match(/data-least="[^"]+"/g)).toHaveLength(1);
  });
});

test('paper has a box for each answer, and says where several may be ticked', async () => {
  const paper = {
    ...{ round: { ...of, fingerprint: of.fingerprint! }, title: 'Prøve', municipality: 'Testvik' },
    ...{ isCrowd: false, factor: 5, origin: 'https://testvik.example', language: 'nb' as const },
    groupName: () => 'A',
  };
  const handing = { questionnaire: asked, help: byDefault, to: 'Kari', by: 'fredag' };
  const pdf = readPdf(await paperForms.forms(drawn.slice(0, 1), paper, handing));
  expect(pdf.text.replaceAll('\n', ' ')).toContain('Spørsmål several Du kan velge flere.');
  expect(pdf.tags.filter((tag) => tag === 'L')).toHaveLength(5);
});

test('a form of the page, and of paper, becomes the marks of a ballot', async () => {
  const form = new FormData();
  const page = async () => codePage.typed((await codePage.read(t.main, of.id, 'nb'))!, form).answers;
  expect(await page()).toEqual(Array(8).fill(255));
  form.set('2', '3');
  for (const value of ['4', '2', '9', 'x']) form.append('4', value);
  expect(await page()).toEqual([255, 255, 3, 255, 0, 1, 0, 1]);
  const paper = new FormData();
  paper.set('forms', '1');
  paper.set('0-code', '7k2m');
  paper.set('0-2', '1');
  for (const value of ['1', '2']) paper.append('0-4', value);
  expect(batches.typed(asked, byDefault, paper).forms[0]!.answers).toEqual([255, 255, 1, 255, 1, 1, 0, 0]);
});

test('what was chosen stays on a page that comes back', async () => {
  const typed = { code: '', seed: 'A'.repeat(43), answers: [1, 2, 3, 4, 0, 1, 0, 1], background: [] };
  const page = codeSheet.render((await codePage.read(t.main, of.id, 'nb'))!, codePage.turn(typed));
  expect(checked(page).sort()).toEqual([
    ...['checkbox 4 2', 'checkbox 4 4', 'radio 0 1', 'radio 1 2', 'radio 2 3', 'radio 3 4'],
  ]);
});

test('sixteen answer, every sealed ballot is as long, and the release counts them to the last box', async () => {
  const given: number[][] = [];
  for (const [i, { code }] of drawn.slice(0, 16).entries()) {
    const answers = someAnswers(asked, i);
    const words = { code: Code.print(code), seed: '', answers, background: [] };
    const frozen = (await codePage.read(t.main, of.id, 'nb'))!;
    const sheet = await codePage.take(t.main, t.intake, frozen, words, later(2));
    if (sheet.view !== 'sheet') throw new Error(sheet.view);
    const contradicting = answers.with(4, 7);
    const bad = { ...sheet.typed, answers: contradicting };
    expect(await codePage.take(t.main, t.intake, frozen, bad, later(2))).toMatchObject({
      refusal: 'invalid',
    });
    const done = await codePage.take(t.main, t.intake, frozen, { ...sheet.typed, answers }, later(2));
    expect(done).toMatchObject({ view: 'done' });
    given.push(answers);
  }
  const sizes = await t.box`select distinct length(sealed) as size from ${t.box(`ballots_${of.id}`)}`;
  expect(sizes).toHaveLength(1);
  must(await stop(t.main, t.box, of.id, later(50), null));
  must(await close(t.main, t.box, of.id, keyFile, later(51), permit()));
  const [out] = await t.main.select().from(release);
  const { choices, statements, results, tree } = out!.content;
  expect(statements.map(({ id }) => id)).toEqual(['f1s1', 'f1s2', 'a1']);
  expect(choices!.map(({ id, choose, options }) => [id, choose, options.length])).toEqual([
    ['one', 'one', 3],
    ['several', 'several', 4],
  ]);
  expect(results[tree[0]!.id]!.choices).toEqual({
    one: counted(asked, 'one', given),
    several: counted(asked, 'several', given),
  });
  expect(given.every((one) => Choice.isSeveral(one.slice(4)))).toBe(true);
});
