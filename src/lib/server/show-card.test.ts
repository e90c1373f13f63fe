import { expect, test } from 'vitest';
import { type Questionnaire, statements } from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';
import { type AnswerPage, render } from '#server/answer-page.ts';
import * as showCard from '#server/show-card.ts';
import { answerPage } from '#tests/support/answer-page.ts';
import { readPdf } from '#tests/support/pdf.ts';

const questionnaire = own.find(({ kind }) => kind === 'resident')!;
const base = answerPage(questionnaire, { languages: ['nb', 'nn', 'en', 'se'] });
const changed = (change: (of: Questionnaire) => void) => {
  const copy = structuredClone(questionnaire);
  change(copy);
  return { ...base, questionnaire: copy };
};
const marks = (page: string) => page.match(/<svg class="mark.*?<\/svg>/gs)!;
const printed = async (of: AnswerPage, edition: showCard.Edition = 'full') =>
  readPdf((await showCard.print(of, edition))!);
const lines = ({ text }: { text: string }) => text.replace(/\s+/g, ' ');

test('the page has the words and shapes of the screen, and no message without its value', () => {
  const shown = showCard.page(base, ['full']);
  for (const text of ['Nei', 'Det varierer', 'Ja', 'Vet ikke'])
    expect(shown).toContain(`<span>${text}</span>`);
  for (const mark of marks(shown)) expect(render(base)).toContain(mark);
  expect(shown).not.toMatch(/<script|<style|\sstyle=/);
  expect(shown).not.toMatch(/undefined|NaN|\{\w+\}|\[object/);
});

test('more than three answers are as many dots, of which so many are filled', () => {
  const many = changed(({ scales }) => {
    scales[0]!.points = [1, 2, 3, 4].map((value) => ({ value, text: { nb: `Svar ${value}` } }));
  });
  const filled = marks(showCard.page(many, [])).map((mark) => mark.match(/class="filled"/g)?.length);
  expect(filled.slice(0, 4)).toEqual([1, 2, 3, 4]);
});

test.each([
  ['nb', 'nb-NO', 'Svarkort', ['Nei', 'Det varierer', 'Ja', 'Vet ikke']],
  ['nn', 'nn-NO', 'Svarkort', ['Nei', 'Det varierer', 'Ja', 'Veit ikkje']],
  ['en', 'en-GB', 'Show card', ['No', 'It varies', 'Yes', 'Don’t know']],
  ['se', 'se-NO', 'Vástidankoarta', ['Nei', 'Det varierer', 'Ja', 'Vet ikke']],
])('the printed card is tagged, a line an answer, in %s', async (language, tag, name, words) => {
  const file = await printed({ ...base, language });
  expect(file).toMatchObject({ isTagged: true, language: tag, pages: 1 });
  expect([...file.languages]).toEqual(language === 'se' ? expect.arrayContaining([tag, 'nb']) : [tag]);
  expect(file.title).toContain(`${name}: `);
  expect(file.tags.filter((one) => one === 'LBody')).toHaveLength(4);
  expect(file.tags).toEqual(expect.arrayContaining(['Sect', 'H1', 'L', 'LI']));
  expect(lines(file)).toContain(words.join(' '));
  expect(file.text).not.toContain('\ufffd');
});

test('there is a printed card a scale, and one of its own for a simplified edition of fewer scales', async () => {
  expect((await showCard.files(base)).map(({ path }) => path)).toEqual(['svarkort', 'svarkort.pdf']);
  const two = changed((of) => {
    of.scales.push({
      id: 'often',
      points: ['Aldri', 'Ofte'].map((nb, i) => ({ value: i + 1, text: { nb } })),
    });
    statements(of).find(({ simple }) => !simple)!.scale = 'often';
  });
  const files = await showCard.files(two);
  expect(files.map(({ path }) => path)).toEqual(['svarkort', 'svarkort.pdf', 'svarkort-enkel.pdf']);
  expect(files.slice(1).map(({ bytes }) => readPdf(bytes).pages)).toEqual([2, 1]);
  const shown = Buffer.from(files[0]!.bytes).toString();
  for (const path of ['svarkort.pdf', 'svarkort-enkel.pdf'])
    expect(shown).toContain(`href="/svar/h7k2m9qd/nb/${path}"`);
});

test('the printed card has room for long words and many answers', async () => {
  const long = changed(({ scales }) => {
    scales[0]!.points = Array.from({ length: 11 }, (_, value) => ({
      value,
      text: { nb: `${value} menneskerettighetsorganisasjoner og enda noen flere ord om det samme` },
    }));
  });
  expect(await printed(long)).toMatchObject({ pages: 1 });
});

test('where our font lacks the script, the browser prints the page', async () => {
  const arabic = changed((of) => {
    of.scales[0]!.points[0]!.text.ar = 'لا';
    of.languages.push('ar');
  });
  expect(await showCard.print({ ...arabic, language: 'ar' }, 'full')).toBeNull();
  const [shown, ...none] = await showCard.files({ ...arabic, language: 'ar' });
  expect(none).toEqual([]);
  expect(Buffer.from(shown!.bytes).toString()).toContain('menyen i nettleseren');
});
