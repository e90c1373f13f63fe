import { expect, test } from 'vitest';
import * as Code from '#domain/code.ts';
import * as Draft from '#domain/draft.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import * as preview from '#server/draft-preview.ts';
import { readPdf } from '#tests/support/pdf.ts';
import employee from '../domain/questionnaires/employee.json' with { type: 'json' };
import resident from '../domain/questionnaires/resident.json' with { type: 'json' };

const [staff, care] = [employee, resident] as unknown as Questionnaire.Questionnaire[];
const sight = { look: 'screen', language: 'nb', edition: 'full', at: '/d', back: 'Tilbake' } as const;
const shown = async (of: Questionnaire.Questionnaire, change: Partial<preview.Sight> = {}) =>
  (await preview.render(of, { ...sight, ...change })).page;
const count = (page: string, what: RegExp) => page.match(what)?.length ?? 0;

test('residents’ statements are shown one a screen, in the full edition and in the simplified', async () => {
  const full = await shown(care!);
  expect(count(full, /<section data-view="theme" class="one"/g)).toBe(Questionnaire.statements(care!).length);
  expect(full).toContain('href="/d/preview?as=card&amp;language=nb"');
  expect(full).not.toContain('/svar/');
  const simple = await shown(care!, { edition: 'simple' });
  expect(simple).toContain('data-edition="simple"');
  expect(count(simple, /<section data-view="theme" class="one"/g)).toBe(
    Questionnaire.simplified(care!).length,
  );
  expect(await shown(care!, { look: 'card' })).toContain('class="card"');
});

test('others’ statements are shown a theme a page, without a show card', async () => {
  const page = await shown(staff!, { look: 'phone', language: 'nn' });
  expect(count(page, /<fieldset/g)).toBe(
    Questionnaire.statements(staff!).length + (staff!.background ?? []).length,
  );
  expect(page).not.toContain('as=card');
  expect(page).not.toMatch(/min-width:\s*40rem/);
  expect(page).not.toMatch(/<script|<form|https?:/);
});

test('a text that is missing is seen as missing, or in bokmål where it is written in that', async () => {
  const content = structuredClone(staff!);
  const [first, second] = Questionnaire.statements(content);
  first!.text = {} as Questionnaire.Text;
  second!.text = { nb: 'Bare bokmål.' };
  const page = await shown(content, { language: 'nn' });
  expect(page).toContain('(teksten manglar)');
  expect(page).toContain('<legend lang="nb">Bare bokmål.</legend>');
});

test('open questions stand after what is asked of everybody', async () => {
  const comments = [{ id: 'c', text: { nb: 'Hva savner du?' } }];
  for (const of of [staff!, care!]) {
    expect(await shown({ ...of, comments })).toMatch(/<label for="comment-0"[^>]*>Hva savner du\?<\/label>/);
    expect(await shown(of)).not.toContain('<textarea');
  }
});

test('the paper is the form, with a code that is none', async () => {
  for (const content of [staff!, care!, Draft.empty('x', 'employee', 'Tomt').content]) {
    const { text, isTagged } = readPdf(await preview.paper(content, 'nb', 'Fjellbygda kommune'));
    expect(isTagged).toBe(true);
    const [code] = text.match(/[A-Z]{4}-[A-Z]{4}-[A-Z]{4}/)!;
    expect(Code.read(code)).toBeNull();
  }
});
