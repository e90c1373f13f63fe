import { expect, test } from 'vitest';
import { byDefault, type Help } from '#domain/help.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';
import { render } from '#server/answer-page.ts';
import { offersOf } from '#server/resident-page.ts';
import { answerPage } from '#tests/support/answer-page.ts';

const questionnaire = own.find(({ kind }) => kind === 'resident')!;
const base = answerPage(questionnaire);
const withStaff: Help = { kinds: ['relative', 'staff'], decidedOn: '2027-01-20', caseNumber: '4/27' };
const screens = (page: string) => page.split('data-view="theme"').slice(1);

test.each(['nb', 'nn', 'en'])('asks one statement a screen, itself the heading: %s', (language) => {
  const [helper, ...each] = screens(render({ ...base, language }));
  const asked = Questionnaire.statements(questionnaire);
  expect(helper).toContain('data-background="mode"');
  expect(each).toHaveLength(asked.length);
  each.forEach((screen, i) => {
    expect(screen.replaceAll(' >', '>')).toContain(
      `<legend><h1 tabindex="-1">${Questionnaire.text(asked[i]!.text, language)}</h1></legend>`,
    );
    const [own] = screen.split('</section>');
    const values = [...own!.matchAll(/type="radio" name="(\d+)" value="(\d+)"/g)];
    expect(values.map(([, name]) => name)).toEqual(Array(4).fill(String(i)));
    expect(values.map(([, , value]) => value)).toEqual(['1', '2', '3', '254']);
    // Each answer is a word beside a shape that is hidden from ears.
    expect(own!.match(/<svg class="mark[^>]*aria-hidden="true"/g)).toHaveLength(4);
    for (const go of ['next', 'back', 'stop']) expect(own).toContain(`data-go="${go}"`);
  });
});

test('nothing is chosen, and no message stands without its value', () => {
  const page = render(base);
  expect(page).not.toContain('checked');
  expect(page).not.toMatch(/undefined|NaN|\{\w+\}|\[object/);
});

test('who may help stands on the helper’s page, and nobody else can be chosen', () => {
  const [plain] = screens(render(base));
  expect(plain).toContain('pårørende eller venn, frivillig, en annen.');
  expect(plain).toContain('Ansatte hjelper ikke med å svare');
  expect(plain).not.toMatch(/<span>Ansatt<\/span>/);
  const [decided] = screens(render({ ...base, help: withStaff }));
  expect(decided).toContain('pårørende eller venn, ansatt.');
  expect(decided).toContain('Bestemt 20. januar 2027, sak 4/27.');
  // An option keeps its number in the ballot whoever may help.
  const staff = questionnaire.background![1]!.options.findIndex(({ id }) => id === 'staff') + 1;
  expect(decided).toMatch(new RegExp(`name="about-1" value="${staff}"\\s*/><span>Ansatt</span>`));
  expect(decided).not.toContain('<span>Frivillig</span>');
});

test('where nobody may help, everybody answers alone', () => {
  const nobody = { ...byDefault, kinds: [] };
  const offers = offersOf(questionnaire, nobody);
  expect(['alone', 'help', 'behalf'].filter((one) => offers('mode', one))).toEqual(['alone']);
  const [helper] = screens(render({ ...base, help: nobody }));
  expect(helper).toMatch(/data-background="helper"\s+hidden/);
  expect(helper).toContain('svarer hver beboer alene');
});

test('the simplified edition is counted on its own, and leaves out the others alone', () => {
  const [helper, ...each] = screens(render(base));
  expect(helper).toContain('Enkel utgave, 8 spørsmål');
  const left = each.map((screen) => /^[^>]* data-full/.test(screen));
  expect(left).toEqual(Questionnaire.statements(questionnaire).map(({ simple }) => !simple));
  expect(each.filter((screen) => screen.includes('class="short"'))).toHaveLength(8);
  const plain = structuredClone(questionnaire);
  for (const one of Questionnaire.statements(plain)) delete one.simple;
  expect(render({ ...base, questionnaire: plain })).not.toContain('data-edition');
});

test('open questions come last, with the ways of every other page', () => {
  const comments = { readers: ['Kari', 'Ola'], respondents: 10, comments: 5 };
  const withComments = { ...questionnaire, comments: [{ id: 'own', text: { nb: 'Hva er bra?' } }] };
  const page = render({ ...base, questionnaire: withComments, comments });
  const last = screens(page).at(-1)!.split('</section>')[0]!;
  expect(last).toContain('Hva er bra?');
  for (const go of ['next', 'back', 'stop']) expect(last).toContain(`data-go="${go}"`);
  expect(page).not.toMatch(/Del \d/);
  expect(screens(page)).toHaveLength(screens(render(base)).length + 1);
});

test('words in another language than the page say which', () => {
  const page = render({ ...base, language: 'se' });
  expect(page).toMatch(/<p class="above"><span lang="nb">[^<]+<\/span>. Gažaldat 1 \/ 12/);
  expect(page).toMatch(/sáhttet veahkehit: <span lang="nb">pårørende eller venn<\/span>/);
});

test('residents get five minutes of silence on a shared tablet, others ninety seconds', () => {
  const employee = own.find(({ kind }) => kind === 'employee')!;
  expect(render(base)).toContain('data-silence="300"');
  expect(render({ ...base, questionnaire: employee })).toContain('data-silence="90"');
});
