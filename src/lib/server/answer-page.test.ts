import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as Questionnaire from '#domain/questionnaire.ts';
import employee from '#domain/questionnaires/employee.json' with { type: 'json' };
import resident from '#domain/questionnaires/resident.json' with { type: 'json' };
import { answering } from '#domain/language.ts';
import { render } from '#server/answer-page.ts';
import { answerPage } from '#tests/support/answer-page.ts';

const base = answerPage(employee as Questionnaire.Questionnaire, {
  languages: [...answering],
  thresholds: { factor: 6, statement: 12, invited: 7 },
});
const messages = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(`messages/${language}/answer.json`, 'utf8'));
const script = ['answer.ts', 'view.ts', 'entrance.ts', 'paper.ts', 'sheet.ts', 'kiosk.ts']
  .map((name) => readFileSync(`src/answer/${name}`, 'utf8'))
  .join('\n');

test('the same round gives the same bytes', () => {
  expect(render(base)).toBe(render(structuredClone(base)));
});

test('who is asked with a code at home is sent to nobody they have not', () => {
  const page = render({
    ...answerPage(resident as Questionnaire.Questionnaire, { languages: ['nb'] }),
    codes: true,
  });
  expect(page).not.toMatch(/\bHR\b|[Vv]is (dette|det) til|fra til tillitsvalgt|e-post/);
  expect(render({ ...base, codes: true })).toMatch(/spør HR[^]*fra til tillitsvalgt/);
});

test('no text of the page is unused', () => {
  const page = ['page', 'parts', 'refusals']
    .map((name) => readFileSync(`src/lib/server/answer-${name}.ts`, 'utf8'))
    .join('\n');
  const unused = Object.keys(messages('nb')).filter((key) => !new RegExp(`m\\.${key}\\b`).test(page));
  expect(unused).toEqual([]);
});

describe.each(answering)('in %s', (language) => {
  const page = render({ ...base, language });

  test('asks every statement in its order, with every point of its scale and nothing chosen', () => {
    const legends = [...page.matchAll(/<legend[^>]*>(.*?)<\/legend>/g)].map(([, text]) => text);
    const asked = Questionnaire.statements(base.questionnaire);
    const texts = [...asked, ...base.questionnaire.background!].map((one) => one.text);
    expect(legends).toEqual(texts.map((one) => Questionnaire.text(one, language)));
    for (const [number, one] of asked.entries()) {
      const values = [...page.matchAll(new RegExp(`name="${number}" value="(\\d+)"`, 'g'))].map(([, v]) =>
        Number(v),
      );
      const { points } = Questionnaire.scaleOf(base.questionnaire, one);
      const beside = Questionnaire.answers(base.questionnaire, one).length - points.length;
      expect(values.slice(0, points.length)).toEqual(points.map((point) => point.value));
      expect(values.slice(points.length)).toHaveLength(beside);
      expect(values.slice(points.length).every((value) => value === 253 || value === 254)).toBe(true);
    }
    expect(page).not.toContain('checked');
    expect(page).not.toContain('required');
  });

  test('leaves no message without its value', () => {
    expect(page).not.toMatch(/undefined|NaN|\{\w+\}|\[object/);
    expect(page.replace(/data-many="[^"]*"/, '')).not.toMatch(/\[\w+\]/);
  });

  test('has a place for what came of last time before everything else that is said, hidden until it is known', () => {
    const start = page.slice(page.indexOf('data-view="start"'), page.indexOf('data-view="theme"'));
    const place = start.indexOf('<div data-if="last" hidden>');
    expect(place).toBeGreaterThan(0);
    expect(place).toBeLessThan(start.indexOf(messages(language).answer_happens_title!));
    expect(start).toMatch(/data-slot="last"><\/p>\s*<details data-if="rest" hidden>/);
  });

  test('says in words what is promised before the first question', () => {
    const start = page.slice(page.indexOf('data-view="start"'), page.indexOf('data-view="theme"'));
    const said = messages(language);
    for (const key of ['happens_operator', 'more_known', 'more_false', 'begin_note']) {
      expect(start).toContain(said[`answer_${key}`]);
    }
    expect(start).not.toContain(said.answer_happens_witnesses);
  });
});

describe('a text that is not written in the language of the page', () => {
  const polish = structuredClone(base.questionnaire);
  const [first, second] = Questionnaire.statements(polish);
  polish.languages = ['nb', 'pl'];
  first!.text.se = 'Mus lea doarvái áigi.';
  for (const scale of polish.scales) for (const { text } of scale.points) text.se = 'Čuokkis';
  for (const scale of polish.scales)
    for (const beside of [scale.dontKnow, scale.notRelevant]) if (beside) beside.se = 'In dieđe';
  first!.text.pl = 'Mam dość czasu.';

  test('is in bokmål, says so, and is marked for those who listen', () => {
    const page = render({ ...base, questionnaire: polish, language: 'se' });
    const [one, two] = page.split('<fieldset').slice(1);
    expect(one).toContain('<legend>Mus lea doarvái áigi.</legend>');
    expect(one).not.toContain('class="only"');
    expect(two).toContain(
      `<legend lang="nb">${second!.text.nb}</legend><p class="only">Dušše girjedárogillii</p>`,
    );
    expect(two).toContain('<span>Čuokkis</span>');
    expect(page).toContain('<html lang="se">');
    expect(page.match(/class="note"/g)).toHaveLength(1);
  });

  test('is marked where only an answer’s words lack', () => {
    const lacking = structuredClone(polish);
    delete lacking.scales[0]!.points[0]!.text.se;
    const one = render({ ...base, questionnaire: lacking, language: 'se' }).split('<fieldset')[1]!;
    expect(one).toContain('class="only"');
    expect(one).toContain(`<span lang="nb">${lacking.scales[0]!.points[0]!.text.nb}</span>`);
  });

  test('our own words are in bokmål on a page in any other language, and the page says so', () => {
    const page = render({ ...base, questionnaire: polish, language: 'pl', languages: [...answering, 'pl'] });
    expect(page).toContain('<html lang="nb">');
    expect(page).toContain('<legend lang="pl">Mam dość czasu.</legend>');
    expect(page).toContain('Påstandene er på polsk. Resten av siden er på bokmål.');
    expect(page).toMatch(
      /href="\/svar\/h7k2m9qd\/pl" lang="pl" hreflang="pl" aria-current="true">Polski<\/a>/,
    );
  });

  test('nothing is marked where all is written', () => {
    for (const language of ['nb', 'nn', 'en'])
      expect(render({ ...base, language })).not.toMatch(/class="(only|note)"|<(legend|span|h1) lang/);
  });
});

test('witnesses are promised only where they hold the key', () => {
  const page = render({ ...base, promise: 'witnesses' });
  expect(page).toContain(messages('nb').answer_happens_witnesses);
  expect(page).not.toContain(messages('nb').answer_happens_operator);
});

test('the round’s own limits are shown', () => {
  expect(render(base)).toContain('færre enn 6 svar');
  expect(render(base)).toContain('fra 12 svar');
});

test('residents are not asked about a leader', () => {
  const page = render({ ...base, questionnaire: resident as Questionnaire.Questionnaire });
  expect(page).toContain(messages('nb').answer_see_title_care);
  expect(page).not.toContain(messages('nb').answer_see_title + '<');
});

test('what must be answered is marked in words and for the browser, and nothing else is', () => {
  const questionnaire = structuredClone(base.questionnaire);
  questionnaire.themes[0]!.statements[0]!.required = true;
  const page = render({ ...base, questionnaire });
  expect(page.match(/<p class="above">Må besvares<\/p>/g)).toHaveLength(1);
  expect(page).toMatch(/name="0" value="1" required\s*\/?>/);
  expect(page).not.toMatch(/name="1" value="\d+" required/);
});

test('what is said of skipping is true of the questionnaire at hand', () => {
  const { answer_skip: any, answer_skip_some: some, answer_skip_none: none } = messages('nb');
  const questionnaire = structuredClone(base.questionnaire);
  const said = () => [any, some, none].map((words) => render({ ...base, questionnaire }).includes(words!));
  expect(said()).toEqual([true, false, false]);
  questionnaire.themes[0]!.statements[0]!.required = true;
  expect(said()).toEqual([false, true, false]);
  for (const one of Questionnaire.statements(questionnaire)) one.required = true;
  expect(said()).toEqual([false, false, true]);
});

test('a trial and a demo say so, and only they', () => {
  const [dry, demo] = [messages('nb').answer_dry!, messages('nb').answer_demo!];
  expect(render(base)).not.toContain(dry);
  expect(render(base)).not.toContain(demo);
  expect(render({ ...base, dryRun: true })).toContain(dry);
  expect(render({ ...base, demo: true })).toContain(demo);
});

test('every place the script speaks of is on the page, and every view has a heading', () => {
  const page = render(base) + render({ ...base, questionnaire: resident as Questionnaire.Questionnaire });
  const views = new Set([...page.matchAll(/data-view="(\w+)"/g)].map(([, view]) => view));
  const unions = script.matchAll(/(?:show\(|refusal: |Refusal = )((?:'\w+'(?: \| )?)+)/g);
  const shown = [...unions].flatMap(([, union]) => union!.match(/\w+/g)!);
  expect(new Set(shown).size).toBeGreaterThan(15);
  for (const view of shown) expect(views, view).toContain(view);
  for (const slot of script.matchAll(/fill\('(\w+)'/g)) expect(page).toContain(`data-slot="${slot[1]}"`);
  for (const section of page
    .split('data-view="')
    .slice(1)
    .filter((part) => !part.startsWith('loading')))
    expect(section).toContain('<h1');
});

test('nothing runs or looks but the one script and the one style, each known by its hash', () => {
  const page = render({ ...base, boxOrigin: 'https://box.example' });
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain(`src="/svar/h7k2m9qd/answer.js" integrity="sha256-${'+'.repeat(42)}A="`);
  expect(page).toContain(`href="/svar/h7k2m9qd/answer.css" integrity="sha256-${'/'.repeat(42)}A="`);
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|https?:(?!\/\/box\.example")/);
});

test('no link on the page touches the part of the address that carries the secret', () => {
  expect(render(base)).not.toMatch(/href="[^"]*#/);
});

test('what people wrote is text, not markup', () => {
  const questionnaire = structuredClone(base.questionnaire);
  questionnaire.title.nb = '<img src=x>';
  questionnaire.themes[0]!.statements[0]!.text.nb = 'a & "b" <b>';
  const page = render({ ...base, questionnaire, round: { id: 'h7k2m9qd', name: '<i>' } });
  expect(page).toContain('<title>&lt;img src=x&gt;</title>');
  expect(page).toContain('<legend>a &amp; &quot;b&quot; &lt;b&gt;</legend>');
  expect(page).not.toMatch(/<img|<i>/);
});
